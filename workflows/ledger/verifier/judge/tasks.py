"""Tasks at a node: opened, claimed, released, transferred, delegated."""

from __future__ import annotations

from typing import Dict, Optional

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.sheets import shared
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import later, moment_of
from workflows.ledger.verifier.evidence.witnessed import CLOCKS_APART
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.named import reviewing, task_named
from workflows.ledger.verifier.judge.seats import check_for_another, check_post, check_system, sits_at
from workflows.ledger.verifier.judge.segregation import check_segregation_of
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.powers import LEADS, LEADS_ALL


def open_opened(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """Somebody who may decide at a task looked at the table, once; one post signs for all his tasks."""
    found = task_named(table, event)
    holder = event.behalf or event.person
    reviewing(event, found)
    check_post(judge, event)
    own = found.person in (None, holder) and found.claimed_by in ("", holder) and judge.posts.holds(holder, found.role, found.organ, event.at)
    if not own and not any(judge.posts.holds(holder, rung[2], rung[3], event.at) for rung in found.escalated if rung[1] == "hand"):
        judge.blame("posts", "person", event, "actor.id", event.person, f"{found.role} {found.organ}")
    if event.person in found.opened_by:
        raise Broken("step", "kind", event.kind, "once")
    expect(event, {"ends_withdrawing": judge.definition(table).withdraw_until == "opened"})
    return []


def apply_opened(judge: Judge, table: Table, event: Event) -> None:
    """Somebody looked at the task; from then on the table may be out of its clerk's reach."""
    desk = task_named(table, event)
    desk.opened_by = [*desk.opened_by, event.person]
    table.received = table.received or event.data["ends_withdrawing"]


def open_claimed(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """Somebody of the post takes a task that is for anybody of the post."""
    found = task_named(table, event)
    reviewing(event, found)
    if found.person is not None or (found.claimed_by and not found.claimed_until):
        raise Broken("step", "data.task", found.task, "a task for anybody of the post")
    if not moment_of(event.data["until"]) > event.at:
        judge.blame("steps", "value", event, "data.until", event.data["until"], f"> {event.at}")
    return []


def apply_claimed(judge: Judge, table: Table, event: Event) -> None:
    """The task is somebody's, until a moment or for good."""
    desk = task_named(table, event)
    desk.claimed_by, desk.claimed_until = event.behalf or event.person, event.data["until"]


def open_released(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A claimed task is given back: by its holder, or by the system when its time is over."""
    found = task_named(table, event)
    if not found.claimed_by or found.delegated_to or (event.data["by_time"] and not found.claimed_until):
        raise Broken("step", "data.task", found.task, "a claimed task")
    if event.data["by_time"]:
        check_system(judge, event)
        if event.at < later(moment_of(found.claimed_until), -CLOCKS_APART):
            judge.blame("steps", "value", event, "at", event.at, found.claimed_until)
    elif (event.behalf or event.person) != found.claimed_by:
        judge.blame("posts", "person", event, "actor.id", event.person, found.claimed_by)
    check_for_another(judge, table, event, found.node)
    return []


def apply_released(judge: Judge, table: Table, event: Event) -> None:
    """The task is anybody's again."""
    desk = task_named(table, event)
    desk.claimed_by = desk.claimed_until = ""


def open_transferred(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A task goes to somebody who may decide there, from its holder or by who leads its level."""
    found, data = task_named(table, event), event.data
    reviewing(event, found)
    if data["by_lead"]:
        level = next((of for of in LEADS if getattr(table, of) == found.organ), "bureau")
        leads = {(role, found.organ) for role in LEADS[level]} | {(role, table.bureau) for role in LEADS_ALL}
        if (event.role, event.organ) not in leads:
            judge.blame("posts", "person", event, "actor.role", event.role, " ".join(sorted(role for role, _ in leads)))
        check_post(judge, event)
        expect(event, {"giver": found.person or found.claimed_by})
    else:
        sits_at(judge, table, event, found)
        expect(event, {"giver": event.person})
    receiver = data["receiver"]
    check_fit(judge, table, event, found, receiver, "data.receiver")
    if any(each.person == receiver for each in table.desks if each.node == found.node):
        raise Broken("step", "data.receiver", receiver, "somebody who does not sign here yet")
    if judge.bundle.whole and not judge.posts.holds(receiver, found.role, found.organ, event.at):
        judge.blame("posts", "post", event, "data.receiver", receiver, f"{found.role} {found.organ}")
    return []


def check_fit(judge: Judge, table: Table, event: Event, desk: Desk, person: str, field: str) -> None:
    """Nobody is given a task whom segregation keeps from deciding it."""
    if person == event.person:
        raise Broken("step", field, person, "somebody else")
    check_segregation_of(judge, table, event, desk, person, field)


def apply_transferred(judge: Judge, table: Table, event: Event) -> None:
    """The task is another's."""
    desk = task_named(table, event)
    desk.person, desk.claimed_by, desk.claimed_until = shared(event.data["receiver"]), "", ""
    desk.delegated_to, desk.unassignable = "", False


def open_delegated(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """Whose task it is lets somebody else prepare it, who could have it himself."""
    found = task_named(table, event)
    reviewing(event, found)
    if found.delegated_to:
        raise Broken("step", "data.task", found.task, "a task that is not delegated")
    check_fit(judge, table, event, found, event.data["delegate"], "data.delegate")
    return []


def apply_delegated(judge: Judge, table: Table, event: Event) -> None:
    """Another prepares the task."""
    desk = task_named(table, event)
    desk.delegated_to, desk.claimed_by, desk.claimed_until = event.data["delegate"], event.behalf or event.person, ""


def open_undelegated(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A delegated task comes back: given back by the one, or taken back by the other."""
    found = task_named(table, event)
    if not found.delegated_to:
        raise Broken("step", "data.task", found.task, "a delegated task")
    if event.data["taken_back"]:
        sits_at(judge, table, event, found)
    elif event.person != found.delegated_to:
        judge.blame("posts", "person", event, "actor.id", event.person, found.delegated_to)
    return []


def apply_undelegated(judge: Judge, table: Table, event: Event) -> None:
    """Nobody else prepares the task any more."""
    desk = task_named(table, event)
    desk.delegated_to, desk.claimed_by = "", "" if desk.person else desk.claimed_by


TASKS_OPENERS: Dict[str, Opener] = {
    "task.opened": open_opened,
    "task.claimed": open_claimed,
    "task.released": open_released,
    "task.transferred": open_transferred,
    "task.delegated": open_delegated,
    "task.delegation_returned": open_undelegated,
}
TASKS_EFFECTS: Dict[str, Effect] = {
    "task.opened": apply_opened,
    "task.claimed": apply_claimed,
    "task.released": apply_released,
    "task.transferred": apply_transferred,
    "task.delegated": apply_delegated,
    "task.delegation_returned": apply_undelegated,
}
