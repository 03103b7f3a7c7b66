"""What a new calendar makes of a table's open clocks: which tasks are due on another day, from the log alone."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from workflows import events as e
from workflows.calendars.deadlines import ladder
from workflows.clocks.return_clocks import stopped_clock
from workflows.definitions import Chain, Node
from workflows.definitions.ladders import CONTINUE, RESTART
from workflows.folds.replay import Desk, Table
from workflows.workdays import Calendar, Calendars, Due, beijing_date, counted_by, official_calendar

RULE = "calendar.published"
"""The rule under which the system sets a due moment anew; in the event the version that counted before follows it."""


def by_calendar(rule: str) -> bool:
    """Whether a due moment was set because another calendar came into force: `calendar.published:<version before>`."""
    return rule.partition(":")[0] == RULE


@dataclass(frozen=True)
class Recounted:
    """An open task whose due moment, or a reminder still to come, is another by the calendar in force."""

    desk: Desk
    due: Due

    @property
    def rule(self) -> str:
        """Return the rule with the version of the calendar that counted before."""
        return f"{RULE}:{self.desk.calendar or official_calendar().version}"


@dataclass(frozen=True)
class Clocks:
    """A table's clocks: its state, events and chain; the calendar in force at its bureau, and any version before."""

    table: Table
    history: Sequence[e.Recorded]
    chain: Chain
    calendar: Calendar
    calendars: Calendars

    def before(self, version: str) -> Calendar:
        """Return the calendar of a version that counted something, at the table's bureau."""
        return counted_by(version, self.calendars).of(self.table.bureau)


def recounted(clocks: Clocks, now: dt.datetime) -> tuple[Recounted, ...]:
    """Return the tasks whose clocks the calendar in force sets otherwise; none of a suspended table: they stand still.

    Nobody becomes late by it: a moment that would lie in the past by the new calendar alone stays where it is.
    """
    if clocks.table.suspended or clocks.table.ended:
        return ()
    found = ((desk, due_by(clocks, desk)) for desk in clocks.table.desks if desk.due_at)
    return tuple(Recounted(desk, due) for desk, due in found if due and _otherwise(clocks, desk, due, now))


def due_by(clocks: Clocks, desk: Desk) -> Due | None:
    """Return when a task is due if its clock is counted from where it began; None where nothing says how."""
    task = desk.task
    for recorded in reversed(clocks.history):
        fact, day = recorded.fact, beijing_date(recorded.at)
        if isinstance(fact, e.TaskRecalled):
            task = next((each["instead_of"] for each in fact.reopened if each["task"] == task), task)
        elif isinstance(fact, e.TaskDueSet) and fact.task == task and not by_calendar(fact.rule):
            until = _granted_until(clocks.history, recorded) if fact.rule == "extension.granted" else None
            if until:
                return clocks.calendar.add_workdays(until, 0)
            return _as_many(clocks, day, fact.due_at, fact.calendar)
        elif task in _tasks_opened(fact):
            return _from_entry(clocks, desk, day, fact)
    return None


def _from_entry(clocks: Clocks, desk: Desk, day: dt.date, fact: e.Event) -> Due | None:
    name, _colon, key = desk.node.partition(":")
    mending = clocks.table.rectification(key) if name == "rectification" else None
    if mending:
        return clocks.calendar.add_workdays(dt.date.fromisoformat(mending.deadline), 0)
    node = next((node for node in clocks.chain.nodes if node.node == name), None)
    if node and _went_on(clocks, node, desk, fact):
        return None if node.on_return == CONTINUE else _as_counted(clocks, node, day, fact)
    if node:
        return node.due(day, clocks.calendar)
    return _as_counted(clocks, None, day, fact)


def _went_on(clocks: Clocks, node: Node, desk: Desk, entered: e.Event) -> bool:
    """Whether the clock went on at this entry from where a return had cut it off."""
    if node.on_return == RESTART or node.fixed_date:
        return False
    earlier = takewhile(lambda each: each.fact is not entered, clocks.history)
    return stopped_clock(desk.node, earlier) is not None


def _as_counted(clocks: Clocks, node: Node | None, day: dt.date, fact: e.Event) -> Due | None:
    """Return the day as many working days after the entry as the event counted; calendar days do not move."""
    if node and node.calendar_days:
        return None
    return _as_many(clocks, day, str(getattr(fact, "due_at", "")), str(getattr(fact, "calendar", "")))


def _as_many(clocks: Clocks, day: dt.date, due_at: str, version: str) -> Due | None:
    """Return the day as many working days after `day` as the clock had by the calendar that counted it."""
    count = clocks.before(version).workdays_within(day, beijing_date(dt.datetime.fromisoformat(due_at)))
    return clocks.calendar.add_workdays(day, count) if count else None


def _granted_until(history: Sequence[e.Recorded], due_set: e.Recorded) -> dt.date | None:
    requests = {
        each.fact.request for each in history
        if isinstance(each.fact, e.ExtensionGranted) and each.command_id == due_set.command_id
    }  # fmt: skip
    asked = (each.fact for each in history if isinstance(each.fact, e.ExtensionAsked))
    return next((dt.date.fromisoformat(each.until) for each in asked if each.request in requests), None)


def _tasks_opened(fact: e.Event) -> Iterator[str]:
    if isinstance(fact, e.NodeShared):
        yield from (each["task"] for each in fact.tasks)
    elif isinstance(fact, e.NodeEntered | e.TaskSignerAdded):
        yield fact.task


def _otherwise(clocks: Clocks, desk: Desk, due: Due, now: dt.datetime) -> bool:
    """Whether the moment is another, or only provisional no more, or a reminder still to come falls on another day."""
    was = dt.datetime.fromisoformat(desk.due_at or "")
    if due.moment <= now:
        return False
    known = Due(beijing_date(was), desk.provisional, "")
    before, after = (
        {rung for rung in ladder(each, calendar) if rung.fires_at > now}
        for each, calendar in ((known, clocks.before(desk.calendar)), (due, clocks.calendar))
    )
    return (was, desk.provisional) != (due.moment, due.provisional) or before != after
