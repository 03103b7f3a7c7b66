"""Signers added before, after or beside one's own task (加签), and taken away while they have not signed (减签)."""

from uuid import UUID

from workflows import events as e
from workflows.commands.colleagues import further_signer
from workflows.commands.holding import open_desk
from workflows.commands.recipe import Seen, Work, begin, post_at, reason_given
from workflows.commands.reviewing import NOT_CARRIED, settled, signers_at
from workflows.errors import FieldsInvalid, NotOpenNow
from workflows.folds.replay import Desk, Table
from workflows.journal import Journal
from workflows.rights.grading import BARS_THE_WAY, grade_at
from workflows.rights.holders import adder_at, signing_posts
from workflows.state.signoff import Verdict, removable, verdict
from workflows.vocabulary import Action, Actor, Stage
from workflows.workdays import beijing_date

BEFORE, AFTER, PARALLEL = "before", "after", "parallel"
WAYS = {BEFORE: "前加签", AFTER: "后加签", PARALLEL: "并加签"}


def add_signer(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, task: str, person: str, how: str,
    reason: str,
) -> Table:  # fmt: skip
    """Ask one more person to sign at the node: before one's own task, after it, or beside it (A9).

    He has to pass beside the node's own rule; his vote against rejects. Two added signers hang on one another at most.
    """
    work = begin(journal, table_id, by, command_id, Action.ADD_SIGNER)
    if work.done:
        return work.table
    answer = work.ask(Action.ADD_SIGNER, seen, node=task)
    if how not in WAYS:
        raise FieldsInvalid("请选择前加签、后加签或并加签。", field="how")
    desk = open_desk(work, task)
    signer = further_signer(work, desk, person)
    fact = _added(work, desk, signer, how, reason_given(reason))
    return work.record((fact,), post_at(answer.desk), answer.cover)


def _added(work: Work, desk: Desk, signer: Actor, how: str, reason: str) -> e.TaskSignerAdded:
    node, post = work.chain.node(desk.node), signing_posts(signer, work.table)[0]
    due = node.due(beijing_date(work.journal.now()), work.calendar)
    return e.TaskSignerAdded(
        node=desk.node, task=work.task_at(desk.node, "added", signer.id), round=desk.round, anchor=desk.task, how=how,
        depth=desk.depth + 1, role=post.role, organ=post.organ, person=signer.id, name=signer.name,
        due_at=due.moment.isoformat(), provisional=due.provisional, calendar=due.calendar_version, reason=reason,
    )  # fmt: skip


def remove_signer(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, task: str, reason: str,
) -> Table:  # fmt: skip
    """Take a signer away whom one added and who has not signed; the votes of the others may then decide (A10)."""
    work = begin(journal, table_id, by, command_id, Action.REMOVE_SIGNER)
    if work.done:
        return work.table
    work.ask(Action.REMOVE_SIGNER, seen)
    desk = open_desk(work, task)
    acting = adder_at(work.deputed(), work.table, desk)
    if acting is None:
        raise NotOpenNow("只有加签人本人（或其代理人）可以撤下其加签的人。", rule="G-ADDER")
    rule, signers = work.chain.node(desk.node).rule, signers_at(work.table, desk.node)
    left = tuple(each for each in signers if each.task != task)
    if not left or not removable(rule, signers, task):
        raise NotOpenNow("办理人不足或者只有一人，不可减签。", rule="G-LAST")
    gone = e.TaskSuperseded(desk.node, desk.task, desk.round, f"减签，理由：{reason_given(reason)}")
    found = verdict(rule, left)
    if found == Verdict.PASSED and grade_at(work.table, desk.node) in BARS_THE_WAY:
        raise NotOpenNow("本环节的审核表评定为“中”或“差”，不能以减签的方式通过。", rule="G-GRADE")
    onwards = settled(work, desk, found, Stage.DRAFT, NOT_CARRIED)
    return work.record((gone, *onwards), *acting)
