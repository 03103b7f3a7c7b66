"""The reviewers' verbs: pass a table on, or return it to an earlier stage or node of the round."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from workflows import events as e
from workflows.commands.commenting import places_to_mend
from workflows.commands.recipe import Seen, Work, begin, post_at, reason_given
from workflows.commands.routing import entering_from, onwards
from workflows.errors import FieldsInvalid, NotOpenNow
from workflows.folds.replay import Desk, Table
from workflows.journal import Journal
from workflows.rights.grading import BARS_THE_WAY, grade_at
from workflows.rights.lifecycle import Answer
from workflows.state.signoff import Signer, Verdict, verdict
from workflows.state.standing import DIRECT, STEP_BY_STEP
from workflows.vocabulary import MAIN_LINE, REVIEW_STAGES, Action, Actor, Outcome, Stage

NOT_CARRIED = "多数意见未获通过，退回编制"
"""The reason of a return that no single signer asked for: the votes against made it, together."""


def approve_table(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, opinion: str = "",
    node: str | None = None,
) -> Table:  # fmt: skip
    """Pass the content that was seen; when the stage's last desk has passed it, the next stage begins."""
    work = begin(journal, table_id, by, command_id, Action.APPROVE)
    if work.done:
        return work.table
    answer = work.ask(Action.APPROVE, seen, node=node)
    desk = desk_of(answer)
    decided = decided_at(work, desk, Outcome.PASS, opinion)
    facts = after_vote(work, desk, decided, Stage.DRAFT, NOT_CARRIED)
    return work.record((decided, *facts), post_at(desk), answer.cover)


def return_table(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, to: Stage, reason: str,
    node: str | None = None, to_node: str | None = None, mode: str = STEP_BY_STEP, fields: Sequence[str] = (),
) -> Table:  # fmt: skip
    """Send the table back to an earlier stage, or to one node of it that was complete; what came after counts no more.

    With the mode 直达 it comes straight back to this reviewer once the places named in `fields` (JSON pointers), and
    nothing else, were mended (features A12, A13). Where several sign, a vote for the return may have to wait for them.
    """
    work = begin(journal, table_id, by, command_id, Action.RETURN)
    if work.done:
        return work.table
    answer = work.ask(Action.RETURN, seen, to=to, node=node)
    desk, why = desk_of(answer), reason_given(reason)
    decided = decided_at(work, desk, Outcome.RETURN, why)
    refuse_target(work, desk, to, to_node, mode)
    facts = after_vote(work, desk, decided, to, why, to_node=to_node, mode=mode,
                       fields=places_to_mend(work.table, fields))
    return work.record((decided, *facts), post_at(desk), answer.cover)


def desk_of(answer: Answer) -> Desk:
    """Return the desk of an answer that was allowed at one."""
    post_at(answer.desk)
    return answer.desk  # type: ignore[return-value]


def refuse_target(work: Work, desk: Desk, to: Stage, to_node: str | None, mode: str) -> None:
    """Raise FieldsInvalid unless a return goes to an earlier stage, or to a node of it that was complete this round."""
    if mode not in (STEP_BY_STEP, DIRECT):
        raise FieldsInvalid("退回后的流转方式须为“逐级”或“直达”。", field="mode")
    if to_node is None:
        if to == work.table.stage:
            raise FieldsInvalid("请选择退回到本阶段的哪一个环节。", field="to_node")
        if mode == DIRECT and to != Stage.DRAFT:
            raise FieldsInvalid("选择“直达”时，请指明退回到哪一个环节。", field="to_node")
    elif to_node == desk.node or to_node not in returnable_nodes(work) or work.chain.node(to_node).stage != to:
        raise FieldsInvalid("只能退回到本轮已经办理过的环节。", field="to_node")


def returnable_nodes(work: Work) -> tuple[str, ...]:
    """Return the nodes of this round that were complete, in reading order: a return may aim at them."""
    decided = {vote.node for vote in work.table.votes} - {desk.node for desk in work.table.desks}
    return tuple(node.node for node in work.chain.review_nodes() if node.node in decided)


def decided_at(work: Work, desk: Desk, outcome: Outcome, opinion: str) -> e.TaskDecided:
    """Return the fact of a decision at a desk, bound to the table's content."""
    return e.TaskDecided(
        node=desk.node, task=desk.task, round=desk.round, level=desk.level, outcome=outcome, opinion=opinion.strip(),
        content_hash=work.table.content_hash,
    )  # fmt: skip


def after_vote(
    work: Work, desk: Desk, decided: e.TaskDecided, to: Stage, reason: str, *, to_node: str | None = None,
    mode: str = STEP_BY_STEP, fields: tuple[str, ...] = (),
) -> tuple[e.Event, ...]:  # fmt: skip
    """Return what a vote brings about: nothing yet, the way on, or the return, as the node's rule says (INV5)."""
    signers = signers_of(work.table, desk, Outcome(decided.outcome))
    found = verdict(work.chain.node(desk.node).rule, signers)
    return settled(work, desk, found, to, reason, to_node=to_node, mode=mode, fields=fields)


def settled(
    work: Work, desk: Desk, found: Verdict, to: Stage, reason: str, *, to_node: str | None = None,
    mode: str = STEP_BY_STEP, fields: tuple[str, ...] = (),
) -> tuple[e.Event, ...]:  # fmt: skip
    """Return what a verdict on a node means once the task of this desk is closed.

    Where the node's review form says 中 or 差, enough votes for passing do not carry it on (INV10).
    """
    if found == Verdict.PASSED and grade_at(work.table, desk.node) in BARS_THE_WAY:
        found = Verdict.REJECTED
    match found:
        case Verdict.PASSED:
            closing = work.closing_others(desk, "本环节已由其他签署人办结")
            return (*closing, e.NodeCompleted(desk.node, work.table.round), *onwards(work, desk.node))
        case Verdict.REJECTED:
            aim = e.TableReturned(
                desk.node, work.table.round, to, mode, reason, to_node, fields,
                overtaken_by(work, desk.node, to, to_node),
            )
            return _sent_back(work, desk, aim)
        case _:
            if not any(each.node == desk.node and each.task != desk.task for each in work.table.desks):
                raise NotOpenNow("本环节的签署人少于规则要求的人数，请先由流程管理员重新开启本环节。", rule="G-SHORT")
            return ()


def signers_of(table: Table, desk: Desk, outcome: Outcome) -> tuple[Signer, ...]:
    """Return a node's signers as they stand once the one at this desk has voted."""
    return tuple(
        replace(each, vote=outcome) if each.task == desk.task else each for each in signers_at(table, desk.node)
    )


def signers_at(table: Table, node: str) -> tuple[Signer, ...]:
    """Return a node's signers as they stand: those who voted, by their ID, and the open tasks."""
    votes = (vote for vote in table.votes if vote.node == node)
    cast = [Signer(vote.person, vote.group, vote.outcome, vote.must) for vote in votes]
    return (*cast, *(Signer(each.task, each.group, None, each.must) for each in table.desks if each.node == node))


def overtaken_by(work: Work, returner: str, to: Stage, to_node: str | None) -> tuple[str, ...]:
    """Return the nodes whose decisions a return takes away: the returner's, the target's, every later one's (INV6)."""
    chain, order = work.chain, MAIN_LINE.index
    later = {node.node for node in chain.review_nodes() if order(node.stage) > order(to)} | {returner}
    later |= {desk.node for desk in work.table.desks}  # a vote of several, cut off here, is no decision of its node
    if to_node is None:
        return tuple(node.node for node in chain.review_nodes() if node.node in later or node.stage == to)
    later |= {to_node}
    grown = True
    while grown:
        after = {node.node for node in chain.review_nodes() if node.stage == to and set(node.after) & later} - later
        later, grown = later | after, bool(after)
    return tuple(node.node for node in chain.review_nodes() if node.node in later)


def _sent_back(work: Work, desk: Desk, aim: e.TableReturned) -> tuple[e.Event, ...]:
    table, to = work.table, Stage(aim.to)
    if aim.to_node:
        entered: tuple[e.Event, ...] = (work.entering(work.chain.node(aim.to_node), round=table.round),)
    elif to in REVIEW_STAGES:
        entered = entering_from(work, to, round=table.round)
    else:
        entered = tuple(work.entering(first, round=table.round) for first in work.chain.first_of(to))
    return (
        aim, *work.closing_others(desk, "退回"), e.NodeCompleted(desk.node, table.round),
        *work.leaving_all("退回", but=desk.node), *entered,
    )  # fmt: skip
