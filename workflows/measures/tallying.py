"""How a table's history becomes its tally: the replay, and what the replay forgets (returns, old contents)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from workflows import events as e
from workflows.events import Recorded
from workflows.folds.replay import replay
from workflows.measures.tallies import ALIKE, ALL_EIGHTY, ALL_FULL, TOTAL_FULL, Tally
from workflows.measures.target_moves import Held, moves
from workflows.packs import pack_from
from workflows.state.standing import Evaluation, Table
from workflows.vocabulary import Stage

Contents = Callable[[str], Mapping[str, Any]]
FULL = Decimal(100)
FEWEST_ROWS = 3
"""A table of fewer rows shows no pattern."""
LEFT_UNIT = frozenset({
    Stage.DEPARTMENT_REVIEW, Stage.FINANCE_APPROVAL, Stage.MONITORING, Stage.SELF_EVALUATION, Stage.CLOSED,
})  # fmt: skip
UNIT_DESKS = frozenset({"evaluation_filing", "evaluation_unit"})


def tally_of(table_id: UUID, history: Sequence[Recorded], content: Contents) -> Tally:
    """Return the tally of a table from its events up to a moment; contents are asked for by their hashes."""
    table = replay(table_id, history)
    result, filed = table.result, table.evaluation
    return Tally.of(
        table=str(table.id), department=table.department, unit=table.unit, year=table.year,
        scope=table.scope, stage=str(table.stage), revises=bool(table.revises),
        left_unit=table.stage in LEFT_UNIT or table.in_force is not None, replied=table.in_force is not None,
        windows=[[each.window, each.name, each.date, each.state, each.colour] for each in table.windows],
        evaluation_opened=table.stage in (Stage.SELF_EVALUATION, Stage.CLOSED), evaluated=_evaluated(table),
        self_total=filed.total if filed else None, total=result.total if result else None,
        grade=str(result.grade) if result else None, gap=_gap(table),
        assessed=[each.reported for each in table.assessments],
        recommended=[each.adopted for each in table.recommendations],
        mended=[not each.open for each in table.rectifications],
        returns=list(returns_in(history)), comments=_comments(table),
        patterns=list(_patterns(table, content)), moved=_moved(table, content),
    )  # fmt: skip


def _evaluated(table: Table) -> bool:
    """Whether the unit's head has agreed to the self-evaluation that stands."""
    waits = any(desk.node in UNIT_DESKS for desk in table.desks)
    ended = table.stage in (Stage.SELF_EVALUATION, Stage.CLOSED)
    return ended and table.evaluation is not None and table.evaluation.returned_reason is None and not waits


def _comments(table: Table) -> list[list[Any]]:
    return [[code, count] for code, count in sorted(Counter(each.criterion for each in table.threads).items())]


def _gap(table: Table) -> str | None:
    if table.evaluation is None or not table.rescores:
        return None
    return str(Decimal(table.evaluation.total) - Decimal(table.rescores[-1].total))


def returns_in(history: Sequence[Recorded]) -> Iterator[list[Any]]:
    """Yield [stage, criteria] of each return: the criteria of the comments that were open then, each once."""
    stage, codes = Stage.DRAFT, dict[str, str]()
    for each in history:
        fact = each.fact
        if isinstance(fact, e.ThreadOpened):
            codes[fact.thread] = fact.criterion
        elif isinstance(fact, e.ThreadResolved):
            codes.pop(fact.thread, None)
        elif isinstance(fact, e.NodeEntered | e.NodeShared):
            stage = Stage(fact.stage)
        elif isinstance(fact, e.TableReturned):
            yield [str(stage), sorted({*codes.values()})]


def _patterns(table: Table, content: Contents) -> Iterator[str]:
    yield from _of_scores(table.evaluation)
    kept = table.in_force or table.content_hash
    if not kept or not table.pack_hash:
        return
    targets = [str(row["target"]["raw"] or "").strip() for row in content(kept)["indicators"]]
    told = Counter(each for each in targets if each)
    if len(targets) < FEWEST_ROWS or not told:
        return
    share = pack_from(content(table.pack_hash)).review.same_target_share
    if all(_is_eighty(each) for each in targets):
        yield ALL_EIGHTY
    if Decimal(100 * told.most_common(1)[0][1]) / len(targets) >= share:
        yield ALIKE


def _is_eighty(raw: str) -> bool:
    return raw.replace("≧", "≥").replace(">=", "≥").replace(" ", "").startswith("≥80")


def _of_scores(filed: Evaluation | None) -> Iterator[str]:
    if filed is None:
        return
    if filed.scores and all(Decimal(str(row["points"])) == Decimal(str(row["weight"])) for row in filed.scores):
        yield ALL_FULL
    if Decimal(filed.total) == FULL:
        yield TOTAL_FULL


def _moved(table: Table, content: Contents) -> list[int]:
    """Return rows that late revisions lowered, of how many; rows that any revision lowered, of how many.

    A table that never was in force has none; what counts as lowered, `target_moves` knows.
    """
    if table.in_force is None:
        return []
    if not table.versions:
        rows = len(content(table.in_force)["indicators"])
        return [0, rows, 0, rows]
    versions = [(content(each.content_hash), each.number in table.late_revisions) for each in table.versions]
    late = moves([[Held(each, is_late) for each, is_late in versions]])
    every = moves([[Held(each, late=True) for each, _ in versions]])
    return [late.lowered, late.rows, every.lowered, every.rows]
