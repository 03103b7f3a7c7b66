"""The department and the bureau give rows other points: the unit's own stay beside them, every row has its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from workflows import events as e
from workflows.commands.recipe import SHORTEST_REASON, Seen, begin, post_at
from workflows.errors import FieldsInvalid
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.measures.row_points import rounded
from workflows.measures.scoring import Problem, amount
from workflows.packs import pack_from
from workflows.rights.rescoring import EXECUTION, points_in_force
from workflows.vocabulary import Action, Actor

RESCORED, KEPT, CONSENTED = "rescored", "kept", "consented"
Given = Mapping[str, Mapping[str, Any]]
"""Row -> points (decimal text) and reason."""


def rescore(
    journal: Journal, table_id: UUID, *, seen: Seen, rows: Given, by: Actor, command_id: UUID,
) -> Table:  # fmt: skip
    """Give rows points anew, or say that they stand: FieldsInvalid names every row whose points or reason will not do.

    `rows` holds points (0 to the row's own points, two decimals) and a reason per row; the key "execution" stands for
    the execution points. A row that does not apply keeps 0.00: saying so is the department's consent.
    """
    work = begin(journal, table_id, by, command_id, Action.RESCORE)
    if work.done:
        return work.table
    answer = work.ask(Action.RESCORE, seen)
    desk, post = answer.desk, post_at(answer.desk)
    decided = decided_rows(work.table, most_points(work.journal, work.table), rows)
    total = sum({**points_in_force(work.table), **decided.points}.values(), Decimal(0))
    grade = pack_from(journal.content(work.table.pack_hash)).grade_of(total)
    node, task, level = (desk.node, desk.task, desk.level) if desk else ("", "", "")
    fact = e.SelfEvaluationRescored(
        node, task, level, decided.rows, str(total), grade, work.table.pack, work.table.pack_hash
    )
    return work.record((fact,), post, answer.cover)


@dataclass(frozen=True)
class Decided:
    """What was decided of the rows, as recorded, and their points."""

    rows: tuple[Mapping[str, Any], ...]
    points: Mapping[str, Decimal]


def most_points(journal: Journal, table: Table) -> dict[str, Decimal]:
    """Return how many points each row can have, the execution's under "execution"."""
    if table.evaluation is None:
        return {}
    most = {str(row["row"]): Decimal(row["weight"] or "0") for row in table.evaluation.scores}
    return most | {EXECUTION: pack_from(journal.content(table.pack_hash)).execution.weight}


def decided_rows(table: Table, most: Mapping[str, Decimal], given: Given) -> Decided:
    """Read what was typed; FieldsInvalid for nothing at all, unknown rows, points out of bounds and missing reasons."""
    now = points_in_force(table)
    unknown = sorted(given.keys() - most.keys())
    problems = [Problem(f"/rows/{row}", "自评表中没有这一行。") for row in unknown]
    read = {row: _points(given[row], most[row]) for row in most if row in given}
    for row, value in read.items():
        if value is None:
            problems.append(Problem(f"/rows/{row}/points", f"复核得分须在0至{rounded(most[row])}之间，至多两位小数。"))
        if len(str(given[row].get("reason") or "").strip()) < SHORTEST_REASON:
            problems.append(Problem(f"/rows/{row}/reason", "每一行复核意见都须写明理由（不少于5个字）。"))
    if problems or not read:
        raise FieldsInvalid("请至少填写一行复核意见，并逐行写明得分和理由。", problems=tuple(problems))
    points = {row: kept for row, kept in read.items() if kept is not None}
    return Decided(tuple(_row(table, row, points[row], now[row], given[row]) for row in points), points)


def _points(typed: Mapping[str, Any], most: Decimal) -> Decimal | None:
    points = amount(str(typed.get("points") or ""))
    if points is None or not 0 <= points <= most or points != rounded(points):
        return None
    return rounded(points)


def _row(table: Table, row: str, points: Decimal, before: Decimal, typed: Mapping[str, Any]) -> dict[str, Any]:
    own = _own(table, row)
    kept = CONSENTED if own.get("kind") == "not_applicable" else KEPT
    return {
        "row": row, "self": str(own["points"]), "before": str(before), "points": str(points),
        "decision": kept if points == before else RESCORED, "reason": str(typed["reason"]).strip(),
    }  # fmt: skip


def _own(table: Table, row: str) -> Mapping[str, Any]:
    evaluation = table.evaluation
    if evaluation is None or row == EXECUTION:
        return {"points": evaluation.execution_points if evaluation else "0.00"}
    return next(each for each in evaluation.scores if each["row"] == row)

