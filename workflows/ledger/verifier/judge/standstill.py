"""A table suspended, a project paused, and the table handed over to another clerk."""

from __future__ import annotations

from typing import Dict, Optional

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.sheets import shared
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import beijing_day, shown_moment
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.named import check_goes_on
from workflows.ledger.verifier.judge.seats import check_pauser, check_post, check_suspender
from workflows.ledger.verifier.judge.table import Table


def open_suspended(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A table is suspended until a day that lies ahead."""
    check_suspender(judge, table, event)
    if not beijing_day(event.at) < event.data["until"]:
        judge.blame("steps", "value", event, "data.until", event.data["until"], f"> {beijing_day(event.at)}")
    return []


def apply_suspended(judge: Judge, table: Table, event: Event) -> None:
    """The table rests until a day."""
    data = event.data
    table.suspended = {"since": shown_moment(event.at), "until": data["until"], "by": event.person, "why": judge.word(data["reason"])}


def open_resumed(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A table goes on: by those who may suspend it, or by the system on its day; every clock is set anew."""
    if table.suspended is None:
        raise Broken("step", "kind", event.kind, "table.suspended")
    if event.person != "system":
        check_suspender(judge, table, event)
    elif beijing_day(event.at) < table.suspended["until"]:
        judge.blame("steps", "value", event, "at", event.at, f">= {table.suspended['until']}")
    timed = [each for each in table.desks if each.due_at is not None]
    return [("task.due_set", {"node": each.node, "task": each.task, "round": each.round, "rule": "table.resumed"}) for each in timed]


def apply_resumed(judge: Judge, table: Table, event: Event) -> None:
    """The table goes on."""
    table.suspended, table.resumptions = None, table.resumptions + 1


def open_paused(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A project is paused that goes on."""
    check_pauser(judge, table, event)
    check_goes_on(table, event)
    return []


def apply_paused(judge: Judge, table: Table, event: Event) -> None:
    """The clocks of monitoring filings stop."""
    pause = {"since": shown_moment(event.at), "by": event.person, "why": judge.word(event.data["reason"]), "until": "", "ended_by": "", "ended_why": ""}
    table.pauses = [*table.pauses, pause]
    for desk in table.desks:
        if desk.node.partition(":")[0] == "monitoring_filing":
            desk.due_at, desk.provisional, desk.overdue = None, False, False


def open_unpaused(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A project goes on: every clock that the pause stopped is set anew."""
    check_pauser(judge, table, event)
    if not table.pauses or table.pauses[-1]["until"]:
        raise Broken("step", "kind", event.kind, "project.paused")
    stopped = [each for each in table.desks if each.due_at is None and each.node.partition(":")[0] == "monitoring_filing"]
    return [("task.due_set", {"node": each.node, "task": each.task, "round": each.round, "rule": "project.resumed"}) for each in stopped]


def apply_unpaused(judge: Judge, table: Table, event: Event) -> None:
    """The project goes on."""
    end = {"until": shown_moment(event.at), "ended_by": event.person, "ended_why": judge.word(event.data["reason"])}
    table.pauses = [*table.pauses[:-1], {**table.pauses[-1], **end}]


def open_handed_over(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A security administrator of the table's own house gives it to another clerk of the unit, who decided nothing on it in this round."""
    check_post(judge, event)
    if event.role != "security_admin" or event.organ not in (table.bureau, table.department):
        judge.blame("posts", "person", event, "actor.role", event.role, f"security_admin {table.bureau}")
    expect(event, {"owner": table.owner})
    successor = event.data["successor"]
    if successor == table.owner:
        raise Broken("step", "data.successor", successor, "another clerk")
    if judge.bundle.whole and not judge.posts.holds(successor, "clerk", table.unit, event.at):
        judge.blame("posts", "post", event, "data.successor", successor, f"clerk {table.unit}")
    if any(successor in (each.person, each.behalf) for each in table.deciders):
        judge.blame("segregation", "S1", event, "data.successor", successor)
    return []


def apply_handed_over(judge: Judge, table: Table, event: Event) -> None:
    """The table has another clerk in charge, who sits at its filing desks."""
    for desk in table.desks:
        if desk.person == table.owner and desk.level == "filing":
            desk.person = shared(event.data["successor"])
    if table.submitter == table.owner:
        table.submitter = shared(event.data["successor"])
    table.owner = shared(event.data["successor"])


STANDSTILL_OPENERS: Dict[str, Opener] = {
    "project.paused": open_paused,
    "project.resumed": open_unpaused,
    "table.suspended": open_suspended,
    "table.resumed": open_resumed,
    "table.handed_over": open_handed_over,
}
STANDSTILL_EFFECTS: Dict[str, Effect] = {
    "project.paused": apply_paused,
    "project.resumed": apply_unpaused,
    "table.suspended": apply_suspended,
    "table.resumed": apply_resumed,
    "table.handed_over": apply_handed_over,
}
