"""Everything one person has in hand given to another, table by table; none of the past is changed (F2, C7)."""

from uuid import UUID

from workflows import events as e
from workflows.commands.bulk import Items, Opens, Result, for_all
from workflows.commands.colleagues import successor
from workflows.commands.recipe import Seen, begin, reason_given
from workflows.errors import NotFound, NotOpenNow
from workflows.folds.replay import Desk, Table
from workflows.journal import Journal
from workflows.rights.holders import leading_posts
from workflows.vocabulary import Action, Actor


def tasks_in_hand(table: Table, person: str) -> tuple[Desk, ...]:
    """Return the reviewing tasks that a person was named for, or has claimed; a clerk's go with the table itself."""
    return tuple(
        desk for desk in table.desks if person in (desk.person, desk.claimed_by) and desk.level != "filing"
    )


def reassign_tasks_of(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, leaver: str, person: str, reason: str,
) -> Table:  # fmt: skip
    """Give all that somebody has in hand of a table to another, as the lead of its level or the performance section.

    NotFound where he has nothing in hand; NotAllowed where segregation or the post speaks against the receiver.
    """
    work = begin(journal, table_id, by, command_id, Action.REASSIGN)
    if work.done:
        return work.table
    work.ask(Action.REASSIGN, seen)
    desks = tasks_in_hand(work.table, leaver)
    if not desks:
        raise NotFound("此人在此表没有待办任务。")
    posts = [post for post in by.posts if all(post in leading_posts(by, work.table, desk) for desk in desks)]
    if not posts:
        raise NotOpenNow("此任务不由您改派；更换经办人请办理移交。", rule="R-LEAD")
    why = reason_given(reason)
    receivers = [(desk, successor(work, desk, person)) for desk in desks]
    facts = [
        e.TaskTransferred(desk.node, desk.task, desk.round, leaver, to.id, to.name, by_lead=True, reason=why)
        for desk, to in receivers
    ]  # fmt: skip
    return work.record(facts, posts[0])


def reassign_all(
    open_journal: Opens, items: Items, *, leaver: str, person: str, reason: str, by: Actor, command_id: UUID,
) -> tuple[Result, ...]:  # fmt: skip
    """Give everything that somebody has in hand to another: one result for each table, safe to repeat."""

    def act(journal: Journal, table_id: UUID, seen: Seen, command: UUID) -> Table:
        return reassign_tasks_of(
            journal, table_id, seen=seen, by=by, command_id=command, leaver=leaver, person=person, reason=reason
        )

    return for_all(open_journal, items, act, by=by, action=Action.REASSIGN, command_id=command_id)
