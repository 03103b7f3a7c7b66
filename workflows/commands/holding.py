"""Who holds a task: open it, claim and release it, hand it over, delegate it and get it back."""

from datetime import datetime, timedelta
from uuid import UUID

from workflows import events as e
from workflows.calendars.work_time import add_work_time
from workflows.commands.colleagues import delegate, successor
from workflows.commands.recipe import Seen, Work, begin, post_at, reason_given
from workflows.errors import NotFound, NotOpenNow
from workflows.folds.replay import Desk, Table
from workflows.journal import Journal
from workflows.rights.holders import claimer_at, leading_posts, signing_posts, unopened_seats
from workflows.vocabulary import SYSTEM, Action, Actor, Post

LEASE = timedelta(hours=2)
"""Working time for which a claimed task is kept (features A21)."""


def open_task(journal: Journal, table_id: UUID, *, by: Actor, command_id: UUID) -> Table:
    """Record that the person looked at the tasks he may act on, once for each; silent where there is nothing to tell.

    Under a chain that says so, this ends the submitter's right to withdraw without consent (T4).
    """
    work = begin(journal, table_id, by, command_id, Action.OPEN_TASK)
    seats = unopened_seats(by, work.table)
    if work.done or work.table.suspended or not seats:
        return work.table
    answer = work.ask(Action.OPEN_TASK, Seen(work.table.version))
    ends = work.chain.withdraw_until == "opened"
    facts = [
        e.TaskOpened(seat.desk.node, seat.desk.task, seat.desk.round, ends) for seat in seats
        if seat.cover == answer.cover
    ]  # fmt: skip
    return work.record(facts, post_at(answer.desk), answer.cover)


def claim_task(journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, task: str) -> Table:
    """Take a task of the pool on for two hours of working time, or for two more; nobody else decides it meanwhile."""
    work = begin(journal, table_id, by, command_id, Action.CLAIM)
    if work.done:
        return work.table
    answer = work.ask(Action.CLAIM, seen, node=task)
    desk = open_desk(work, task)
    until = add_work_time(journal.now(), LEASE, work.calendar).isoformat()
    claimed = e.TaskClaimed(desk.node, desk.task, desk.round, until)
    return work.record((claimed,), post_at(answer.desk), answer.cover)


def release_task(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, task: str, reason: str = "",
) -> Table:  # fmt: skip
    """Give a claimed task back to the pool."""
    work = begin(journal, table_id, by, command_id, Action.RELEASE)
    if work.done:
        return work.table
    work.ask(Action.RELEASE, seen)
    desk = open_desk(work, task)
    seat = claimer_at(work.deputed(), work.table, desk)
    if seat is None or desk.delegated_to:
        raise NotOpenNow("您没有认领此任务，或已将它委派出去。", rule="G-NOT-CLAIMED")
    released = e.TaskReleased(desk.node, desk.task, desk.round, by_time=False, reason=reason.strip())
    return work.record((released,), post_at(desk), seat.cover)


def release_expired(journal: Journal, table_id: UUID, *, task: str, command_id: UUID) -> Table:
    """Give a claimed task back whose time is over, by the system; nothing where it was decided or claimed anew."""
    work = begin(journal, table_id, SYSTEM, command_id, Action.RELEASE)
    desk = work.table.task(task)
    if work.done or work.table.suspended or desk is None or not desk.claimed_until:
        return work.table
    if datetime.fromisoformat(desk.claimed_until) > journal.now():
        return work.table
    work.ask(Action.RELEASE, Seen(work.table.version))
    released = e.TaskReleased(desk.node, desk.task, desk.round, by_time=True, reason="")
    return work.record((released,), SYSTEM.posts[0])


def transfer_task(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, task: str, person: str, reason: str,
) -> Table:  # fmt: skip
    """Hand one's task over to somebody who holds the post and whom segregation lets sign (C1)."""
    work = begin(journal, table_id, by, command_id, Action.TRANSFER)
    if work.done:
        return work.table
    answer = work.ask(Action.TRANSFER, seen, node=task)
    fact = _transferred(work, open_desk(work, task), by.id, person, reason, by_lead=False)
    return work.record((fact,), post_at(answer.desk), answer.cover)


def reassign_task(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, task: str, person: str, reason: str,
) -> Table:  # fmt: skip
    """Give somebody's task to another, as the lead of its level or the performance section (C7, C8)."""
    work = begin(journal, table_id, by, command_id, Action.REASSIGN)
    if work.done:
        return work.table
    work.ask(Action.REASSIGN, seen)
    desk = open_desk(work, task)
    posts = leading_posts(by, work.table, desk)
    if not posts or desk.level == "filing":
        raise NotOpenNow("此任务不由您改派；更换经办人请办理移交。", rule="R-LEAD")
    fact = _transferred(work, desk, desk.person or desk.claimed_by, person, reason, by_lead=True)
    return work.record((fact,), posts[0])


def delegate_task(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, task: str, person: str, reason: str,
) -> Table:  # fmt: skip
    """Ask somebody to work on one's task first; it comes back with an opinion, and the holder decides (C2)."""
    work = begin(journal, table_id, by, command_id, Action.DELEGATE)
    if work.done:
        return work.table
    answer = work.ask(Action.DELEGATE, seen, node=task)
    desk = open_desk(work, task)
    found = delegate(work, desk, person)
    fact = e.TaskDelegated(desk.node, desk.task, desk.round, found.id, found.name, reason_given(reason))
    return work.record((fact,), post_at(answer.desk), answer.cover)


def answer_delegation(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, task: str, opinion: str,
) -> Table:  # fmt: skip
    """Give a delegated task back to its holder with one's opinion."""
    work = begin(journal, table_id, by, command_id, Action.ANSWER_DELEGATION)
    if work.done:
        return work.table
    work.ask(Action.ANSWER_DELEGATION, seen)
    desk = open_desk(work, task)
    if desk.delegated_to != by.id:
        raise NotOpenNow("此任务没有委派给您。", rule="G-NOT-DELEGATED")
    fact = e.TaskDelegationReturned(desk.node, desk.task, desk.round, taken_back=False, opinion=reason_given(opinion))
    return work.record((fact,), own_post(work))


def end_delegation(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, task: str,
) -> Table:  # fmt: skip
    """Take a delegated task back without waiting for the opinion."""
    work = begin(journal, table_id, by, command_id, Action.END_DELEGATION)
    if work.done:
        return work.table
    answer = work.ask(Action.END_DELEGATION, seen, node=task)
    desk = open_desk(work, task)
    fact = e.TaskDelegationReturned(desk.node, desk.task, desk.round, taken_back=True, opinion="")
    return work.record((fact,), post_at(answer.desk), answer.cover)


def open_desk(work: Work, task: str) -> Desk:
    """Return the desk of an open task; NotFound where it is closed or none of this table."""
    desk = work.table.task(task)
    if desk is None:
        raise NotFound
    return desk


def own_post(work: Work) -> Post:
    """Return the post under which somebody without a desk of his own acts on the table."""
    return (*signing_posts(work.by, work.table), *work.by.posts)[0]


def _transferred(
    work: Work, desk: Desk, giver: str, person: str, reason: str, *, by_lead: bool
) -> e.TaskTransferred:
    receiver = successor(work, desk, person)
    return e.TaskTransferred(
        desk.node, desk.task, desk.round, giver, receiver.id, receiver.name, by_lead, reason_given(reason)
    )
