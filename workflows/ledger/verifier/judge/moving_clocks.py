"""Clocks: what the law's terms are counted from, when they stop, and until when a task is due."""

from __future__ import annotations

import datetime as dt
from typing import Dict, Optional, Tuple

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import MOMENT, beijing_day, days_on, later, moment_of, shown_moment
from workflows.ledger.verifier.evidence.witnessed import CLOCKS_APART
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.named import task_named
from workflows.ledger.verifier.judge.seats import check_system
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.definitions import Node
from workflows.ledger.verifier.law.work_calendar import WorkCalendar, next_day, published_calendar


def open_overdue(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The system says that a task is overdue, once, and not before it is."""
    late = next((each for each in table.desks if each.task == event.data["task"]), None)
    check_system(judge, event)
    if late is None or late.overdue or late.due_at is None:
        raise Broken("step", "data.task", event.data["task"], "an open task")
    expect(event, {"node": late.node, "round": late.round, "due_at": late.due_at, "rule": "deadline.passed"})
    if event.at < later(moment_of(late.due_at), -CLOCKS_APART):
        judge.blame("steps", "value", event, "at", event.at, late.due_at)
    return []


def check_due(judge: Judge, event: Event, began: Optional[str] = None) -> None:
    """A task is due on its day or later, by a calendar that was published where it names one by hash.

    What a day was ordered for (`began`) and is only opened again keeps that day, though it may be over.
    """
    due, calendar = event.data["due_at"], published_calendar(event.data["calendar"])
    first = beijing_day(event.at) if began is None else min(began, beijing_day(event.at))
    if due is not None and (not MOMENT.fullmatch(moment_of(due)) or beijing_day(moment_of(due)) < first):
        judge.blame("steps", "value", event, "data.due_at", due, f">= {event.at}")
    if calendar and calendar not in judge.calendars:
        judge.blame("steps", "value", event, "data.calendar", calendar, "a published calendar")


def open_recounted(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The system counts a clock anew by a calendar that came into force: from where it began, to the same day as anybody would."""
    found, data = task_named(table, event), event.data
    check_system(judge, event)
    rule, _, _ = data["rule"].partition(":")
    if rule != "calendar.published":
        raise Broken("step", "data.rule", data["rule"], "calendar.published")
    check_due(judge, event)
    calendar = judge.calendars.get(data["calendar"])
    if calendar is None or data["calendar"] == found.calendar:
        judge.blame("steps", "value", event, "data.calendar", data["calendar"], "another published calendar")
        return []
    if found.calendar and data["rule"] != f"{rule}:{found.calendar}":
        judge.blame("steps", "value", event, "data.rule", data["rule"], f"{rule}:{found.calendar}")
    if not moment_of(data["due_at"]) > event.at:
        judge.blame("steps", "value", event, "data.due_at", data["due_at"], f"> {event.at}")
    wanted = check_counted(table, found, calendar)
    day = beijing_day(moment_of(data["due_at"]))
    if wanted is None and not calendar.works(day, table.bureau):
        judge.blame("steps", "value", event, "data.due_at", data["due_at"], "a working day")
    if wanted is not None and (data["due_at"], data["provisional"]) != (f"{wanted[0]}T10:00:00+00:00", wanted[1]):
        judge.blame("steps", "value", event, "data.due_at", data["due_at"], f"{wanted[0]}T10:00:00+00:00 {wanted[1]}")
    return []


def check_counted(table: Table, desk: Desk, calendar: WorkCalendar) -> Optional[Tuple[str, bool]]:
    """Return the day to which a clock counts and whether it is provisional; None where its beginning does not say."""
    what, day = desk.base
    if what == "until":
        return calendar.counted(day, 0, table.bureau)
    name, _, key = desk.node.partition(":")
    if what == "entered" and name == "rectification":
        found = next((each for each in table.rectifications if each.get("rectification") == key), None)
        return calendar.counted(found["deadline"], 0, table.bureau) if found else None
    node = next((each for each in table.chain.nodes if each.name == name), None) if table.chain and what == "entered" else None
    if node is None:
        return None
    clock, value = node.clock
    if clock == "working_days":
        return calendar.counted(day, value, table.bureau)
    return (days_on(day, value), False) if clock == "calendar_days" else (next_day(day, value), False)


def apply_overdue(judge: Judge, table: Table, event: Event) -> None:
    """The task is overdue."""
    for desk in table.desks:
        desk.overdue = desk.overdue or desk.task == event.data["task"]


def follow_clocks(judge: Judge, table: Table, event: Event) -> None:
    """Keep the clocks of a chain's nodes that go on after a return, and hold a node's entry against its own."""
    data, kind = event.data, event.kind
    if table.chain is None or not table.chain.goes_on:
        return
    if kind == "table.returned":
        table.stopped.update({node: (due, beijing_day(event.at)) for node, due in table.running.items()})
    elif kind in ("monitoring.returned", "selfeval.returned") and data["node"] in table.running:
        table.stopped[data["node"]] = (table.running[data["node"]], beijing_day(event.at))
    elif kind in ("node.entered", "node.shared"):
        clock_went_on(judge, table, event)
        table.stopped.pop(data["node"], None)
        if data["due_at"] is not None:
            table.running[data["node"]] = data["due_at"]
    elif kind == "task.due_set":
        table.running[data["node"]] = data["due_at"]
    elif kind == "task.recalled":
        table.running[data["node"]] = data["reopened"][0]["due_at"]
    elif kind in ("node.completed", "node.superseded"):
        table.running.pop(data["node"], None)


def cut_off_of(judge: Judge, table: Table, key: str) -> Optional[Tuple[Node, str, str]]:
    """Return the node, due moment and day of the return that cut its clock off, where the clock goes on from there."""
    node = next((each for each in judge.definition(table).nodes if each.name == key.partition(":")[0]), None)
    if node is None or key not in table.stopped or node.on_return == "restart" or node.clock[0] == "fixed_date":
        return None
    return (node, *table.stopped[key])


def clock_went_on(judge: Judge, table: Table, event: Event) -> None:
    """A clock that ran on is due when it was; one that stood still has as many days left as the return left it."""
    cut = cut_off_of(judge, table, event.data["node"])
    if cut is None:
        return
    node, due, stopped = cut
    for desk in table.desks:
        if desk.node == event.data["node"]:
            desk.base = ("", "")
    day, last = beijing_day(event.at), beijing_day(moment_of(due))
    calendar = judge.calendars.get(published_calendar(event.data["calendar"]))
    wanted = event.data["due_at"]
    if node.on_return == "continue":
        wanted = due
    elif node.clock[0] == "calendar_days":
        wanted = f"{days_on(day, max(0, (dt.date.fromisoformat(last) - dt.date.fromisoformat(stopped)).days))}T10:00:00+00:00"
    elif calendar is not None:
        wanted = f"{calendar.counted(day, calendar.within(stopped, last, table.bureau), table.bureau)[0]}T10:00:00+00:00"
    if event.data["due_at"] != wanted:
        judge.blame("steps", "value", event, "data.due_at", event.data["due_at"], wanted)


def apply_due_set(judge: Judge, table: Table, event: Event) -> None:
    """A task is due at another moment."""
    desk, due = task_named(table, event), event.data["due_at"]
    if not MOMENT.fullmatch(moment_of(due)):
        raise Broken("value", "data.due_at", due, "a moment")
    was, desk.due_at, desk.provisional, desk.clock = desk.due_at, due, event.data["provisional"], desk.clock + 1
    desk.due_set_at, desk.calendar = shown_moment(event.at), published_calendar(event.data["calendar"])
    rule = event.data["rule"]
    if not rule.startswith("calendar.published"):
        granted = [each["until"] for each in table.inquiries if (each["kind"], each["task"], each["state"]) == ("extension", desk.task, "granted")]
        desk.base = ("until", granted[-1]) if rule == "extension.granted" and granted else ("", "")
        node = next((each for each in judge.definition(table).nodes if each.name == desk.node.partition(":")[0]), None)
        if rule == "table.resumed" and node is not None and node.on_suspend == "continue" and due != was:
            judge.blame("steps", "value", event, "data.due_at", due, was)
        if rule != "table.resumed" or was is None or moment_of(due) < moment_of(was):
            check_due(judge, event)  # what was overdue before a pause stays so after it
    desk.overdue = desk.overdue and not moment_of(due) > event.at


MOVING_CLOCKS_OPENERS: Dict[str, Opener] = {
    "task.overdue": open_overdue,
    "task.due_set": open_recounted,
}
MOVING_CLOCKS_EFFECTS: Dict[str, Effect] = {
    "task.overdue": apply_overdue,
    "task.due_set": apply_due_set,
}
