"""Self-evaluation: opened at the year's end, filed by the unit, agreed by two levels, closed by the bureau."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from workflows import events as e
from workflows.commands.field_situations import refuse_own_amount
from workflows.commands.monitoring import issuing_post
from workflows.commands.recipe import Seen, Work, begin, post_at, reason_given
from workflows.commands.rectifying import mending_again
from workflows.definitions import Node
from workflows.errors import FieldsInvalid
from workflows.folds.replay import Desk, Table
from workflows.folds.year import SAMPLING
from workflows.journal import Content, Journal
from workflows.measures.money_progress import year_end_problems
from workflows.measures.scoring import Problem, Scores, score
from workflows.packs import GradeUse, pack_from
from workflows.vocabulary import Action, Actor, Grade, Role, Stage

RULE = "self_evaluation.year_end"


def open_self_evaluation(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID,
) -> Table:  # fmt: skip
    """Open the self-evaluation once its date has come; only the system overtakes monitoring work that is still open."""
    work = begin(journal, table_id, by, command_id, Action.OPEN_SELF_EVALUATION)
    if work.done:
        return work.table
    work.ask(Action.OPEN_SELF_EVALUATION, seen)
    facts = (
        *work.leaving_all("转入自评"),
        e.SelfEvaluationOpened(RULE),
        *(work.entering(node, round=work.table.round) for node in work.chain.first_of(Stage.SELF_EVALUATION)),
        *mending_again(work, Stage.SELF_EVALUATION),
    )
    return work.record(facts, issuing_post(work))


def contents_until(journal: Journal, table: Table) -> list[Content]:
    """Return the contents that were in force one after the other up to the one that the self-evaluation is about."""
    begun = [each.content_hash for each in table.versions if each.effective_from <= f"{table.year}-12-31"]
    return [journal.content(each) for each in (*begun[:-1], table.evaluated)]


def score_evaluation(journal: Journal, table: Table, figures: Mapping[str, Any]) -> Scores:
    """Compute points, total and grade by the pinned pack and the weights in force, as the form shows before filing."""
    content = journal.content(table.evaluated)
    weights = {row["id"]: Decimal(row["weight"]) for row in content["indicators"]}
    return score(
        content, weights, figures.get("rows") or {}, str(figures.get("executed") or ""),
        str(figures.get("adjusted_budget") or content["budget"]["total"] or ""),
        pack_from(journal.content(table.pack_hash)),
    )  # fmt: skip


def file_self_evaluation(
    journal: Journal, table_id: UUID, *, seen: Seen, figures: Mapping[str, Any], by: Actor, command_id: UUID,
) -> Table:  # fmt: skip
    """File executed amount and each row's actual; FieldsInvalid names every field that is unreadable or unexplained.

    `figures` holds executed, adjusted_budget (decimal strings in the table's unit), summary, and rows
    {id: {actual, percent, reason, evidence, files, method, issued, returned, question, ladder, not_applicable}}
    (domain.md 9); `files` are IDs of attachments of the self-evaluation.
    """
    work = begin(journal, table_id, by, command_id, Action.FILE_SELF_EVALUATION)
    if work.done:
        return work.table
    desk = work.ask(Action.FILE_SELF_EVALUATION, seen).desk
    post = post_at(desk)
    refuse_own_amount(journal, work.table, work.chain, figures, f"{work.table.year}-12-31")
    scores = score_evaluation(journal, work.table, figures)
    problems = (*scores.problems, *year_end_problems(figures), *_lost_files(work.table, figures))
    if problems:
        raise FieldsInvalid("自评表还有必须填写或更正的内容。", problems=problems)
    facts = (_filed(work, desk, figures, scores), *_moving_to(work, desk, "evaluation_unit"))
    return work.record(facts, post)


def _filed(work: Work, desk: Desk | None, figures: Mapping[str, Any], scores: Scores) -> e.SelfEvaluationFiled:
    rows = tuple(
        {
            "row": row.row_id, "weight": str(row.weight), "points": str(row.points), "kind": row.kind,
            "reason": row.reason, "way": str(row.way), "why": row.why,
            **({"over": str(row.over)} if row.over else {}),
            **({"proposed": str(row.proposed)} if row.proposed is not None else {}),
        }
        for row in scores.rows
    )
    return e.SelfEvaluationFiled(
        node="evaluation_filing", task=desk.task if desk else "", figures=dict(figures), scores=rows,
        execution_points=str(scores.execution_points), total=str(scores.total), grade=scores.grade,
        pack=work.table.pack, pack_hash=work.table.pack_hash, content_hash=work.table.evaluated,
    )  # fmt: skip


def _lost_files(table: Table, figures: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for every row whose evidence names a file that does not lie with the table."""
    there = {each.attachment for each in table.attachments if not each.erased}
    for row, filed in (figures.get("rows") or {}).items():
        if not there.issuperset(filed.get("files") or ()):
            yield Problem(f"/rows/{row}/files", "所选的佐证附件不在此表，请重新选择。")


def _moving_to(work: Work, desk: Desk | None, node: str) -> tuple[e.Event, ...]:
    left = desk.node if desk else ""
    return (
        e.NodeCompleted(left, work.table.round),
        work.entering(work.chain.node(node), round=work.table.round),
    )


def accept_self_evaluation(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, opinion: str = "",
) -> Table:  # fmt: skip
    """Agree to the self-evaluation at one level; the chain's next desk receives it."""
    work = begin(journal, table_id, by, command_id, Action.ACCEPT_SELF_EVALUATION)
    if work.done:
        return work.table
    answer = work.ask(Action.ACCEPT_SELF_EVALUATION, seen)
    desk, post = answer.desk, post_at(answer.desk)
    node, task, level = (desk.node, desk.task, desk.level) if desk else ("", "", "")
    accepted = e.SelfEvaluationAccepted(node, task, level, opinion.strip())
    if node == "evaluation_department" and work.table.drawn and not work.table.drawn.done:
        checking = (e.NodeCompleted(node, work.table.round), work.entering(sampling_node(work), round=work.table.round))
        return work.record((accepted, *checking), post, answer.cover)
    before = "evaluation_department" if node == SAMPLING else node
    following = next(each for each in work.chain.nodes if before in each.after)
    return work.record((accepted, *_moving_to(work, desk, following.node)), post, answer.cover)


def sampling_node(work: Work) -> Node:
    """Return the desk of the bureau's check, which stands beside every chain; its clock is the pack's."""
    rules = pack_from(work.journal.content(work.table.pack_hash)).sampling
    return Node(
        SAMPLING, "绩效科抽查", Stage.SELF_EVALUATION, Role.FINANCE_PERFORMANCE, "bureau", "finance",
        ("evaluation_department",), rules.working_days if rules else work.chain.node("archiving").working_days,
    )  # fmt: skip


def return_self_evaluation(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, reason: str,
) -> Table:  # fmt: skip
    """Send the self-evaluation back to the unit, with the reason."""
    work = begin(journal, table_id, by, command_id, Action.RETURN_SELF_EVALUATION)
    if work.done:
        return work.table
    answer = work.ask(Action.RETURN_SELF_EVALUATION, seen)
    desk, post = answer.desk, post_at(answer.desk)
    node, task, level = (desk.node, desk.task, desk.level) if desk else ("", "", "")
    returned = e.SelfEvaluationReturned(node, task, level, reason_given(reason))
    return work.record((returned, *_moving_to(work, desk, "evaluation_filing")), post, answer.cover)


def use_of(journal: Journal, table: Table) -> GradeUse | None:
    """Return what follows from the grade that counts; None without a grade, or where the pinned pack says nothing."""
    uses = pack_from(journal.content(table.pack_hash)).result_use
    return uses.get(Grade(table.result.grade)) if uses and table.result else None


def close_table(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, opinion: str = "",
) -> Table:  # fmt: skip
    """Close and file the table: the end of its year; what its grade asks for must have been done (domain.md 9.6)."""
    work = begin(journal, table_id, by, command_id, Action.CLOSE)
    if work.done:
        return work.table
    answer = work.ask(Action.CLOSE, seen)
    desk, post = answer.desk, post_at(answer.desk)
    task = desk.task if desk else ""
    facts = (e.NodeCompleted("archiving", work.table.round), e.TableClosed("archiving", task, opinion.strip()))
    return work.record(facts, post, answer.cover)
