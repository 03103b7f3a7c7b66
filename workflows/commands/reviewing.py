"""The reviewers' verbs: pass a table on, or return it to an earlier stage of the round."""

from uuid import UUID

from workflows import events as e
from workflows.commands.recipe import Seen, Work, begin, post_at, reason_given
from workflows.journal import Journal
from workflows.replay import Desk, Table
from workflows.vocabulary import MAIN_LINE, Action, Actor, Outcome, Stage


def approve_table(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, opinion: str = "",
    node: str | None = None,
) -> Table:  # fmt: skip
    """Pass the content that was seen; when the stage's last desk has passed it, the next stage begins."""
    work = begin(journal, table_id, by, command_id, Action.APPROVE)
    if work.done:
        return work.table
    desk = work.ask(Action.APPROVE, seen, node=node).desk
    post = post_at(desk)
    decided = decided_at(work, desk, Outcome.PASS, opinion)
    return work.record((decided, *_onwards(work, decided.node)), post)


def return_table(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, to: Stage, reason: str,
    node: str | None = None,
) -> Table:  # fmt: skip
    """Send the table back to an earlier stage; the votes of that stage and of later ones no longer count."""
    work = begin(journal, table_id, by, command_id, Action.RETURN)
    if work.done:
        return work.table
    desk = work.ask(Action.RETURN, seen, to=to, node=node).desk
    post, why = post_at(desk), reason_given(reason)
    decided = decided_at(work, desk, Outcome.RETURN, why)
    facts = (
        decided,
        e.TableReturned(decided.node, work.table.round, to, "逐级", why),
        e.NodeCompleted(decided.node, work.table.round),
        *work.leaving_all("退回", but=decided.node),
        *(work.entering(first, round=work.table.round) for first in work.chain.first_of(to)),
    )
    return work.record(facts, post)


def decided_at(work: Work, desk: Desk | None, outcome: Outcome, opinion: str) -> e.TaskDecided:
    """Return the fact of a decision at a desk, bound to the table's content."""
    post_at(desk)
    held = desk or work.table.desks[0]
    return e.TaskDecided(
        node=held.node, task=held.task, round=held.round, level=held.level, outcome=outcome, opinion=opinion.strip(),
        content_hash=work.table.content_hash,
    )  # fmt: skip


def _onwards(work: Work, node: str) -> tuple[e.Event, ...]:
    """Return what follows a pass: the desk is left; its stage goes on, waits for its other desks, or gives way."""
    table, chain = work.table, work.chain
    passed = {vote.node for vote in table.votes if vote.stage == table.stage and vote.outcome == Outcome.PASS}
    done = passed | {node}
    if chain.finished(table.stage, done):
        nodes = chain.first_of(MAIN_LINE[MAIN_LINE.index(table.stage) + 1])
    else:
        active = {desk.node for desk in table.desks}
        nodes = tuple(each for each in chain.next_in(table.stage, done) if each.node not in active)
    return (e.NodeCompleted(node, table.round), *(work.entering(each, round=table.round) for each in nodes))
