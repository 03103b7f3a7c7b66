"""What a node's clock does while a returned table is away or a suspended one stands still: anew, on, or paused (B6)."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workflows import events as e
from workflows.definitions import Node
from workflows.definitions.ladders import CONTINUE, PAUSE, RESTART
from workflows.workdays import Calendar, Due, beijing_date


@dataclass(frozen=True)
class Stopped:
    """A clock as a return cut it off: when the task was due, whether provisionally and by which calendar; that day."""

    due: Due
    on: dt.date


def due_on_entry(node: Node, key: str, day: dt.date, calendar: Calendar, history: Iterable[e.Recorded]) -> Due:
    """Return when a task is due of a node that is entered that day; `key` is its name with its window, if any.

    Where the node's clock does not begin anew after a return, it goes on from where that cut it off: unchanged where it
    runs on, with the days left (none: by the end of this very working day) where it stood still. A date stays a date.
    """
    stopped = None if node.on_return == RESTART or node.fixed_date else stopped_clock(key, history)
    if stopped is None:
        return node.due(day, calendar)
    return stopped.due if node.on_return == CONTINUE else _with_days_left(node, stopped, day, calendar)


def due_after_pause(node: Node | None, due: Due, since: dt.date, today: dt.date, calendar: Calendar) -> Due:
    """Return when a task is due of a table that goes on today and stood still since that day; it was due by `due`.

    A task of no node of the chain pauses.
    """
    rule = node.on_suspend if node else PAUSE
    if node and rule == RESTART:
        return node.due(today, calendar)
    if rule == CONTINUE or (node and node.fixed_date):
        return due
    return calendar.add_workdays(due.date, calendar.workdays_within(since, today))


def stopped_clock(key: str, history: Iterable[e.Recorded]) -> Stopped | None:
    """Return the clock of a node as the last return cut it off; None where it was left otherwise, or entered since."""
    running: Due | None = None
    stopped: Stopped | None = None
    for recorded in history:
        fact = recorded.fact
        if key in _cut_off(fact, key) and running:
            stopped = Stopped(running, beijing_date(recorded.at))
        elif isinstance(fact, e.NodeEntered | e.NodeShared) and fact.node == key:
            running, stopped = _due_of(fact.due_at, fact.calendar, provisional=fact.provisional), None
        elif isinstance(fact, e.TaskDueSet) and fact.node == key:
            running = _due_of(fact.due_at, fact.calendar, provisional=fact.provisional)
        elif isinstance(fact, e.NodeCompleted | e.NodeSuperseded) and fact.node == key:
            running = None
        elif isinstance(fact, e.TaskRecalled) and fact.node == key:
            running = _due_of(fact.reopened[0]["due_at"], None, provisional=fact.reopened[0]["provisional"])
    return stopped


def _cut_off(fact: e.Event, key: str) -> Iterator[str]:
    """Yield what a return cuts off: every open node's clock, or that of the one that checked figures."""
    if isinstance(fact, e.TableReturned):
        yield key
    elif isinstance(fact, e.MonitoringReturned | e.SelfEvaluationReturned):
        yield fact.node


def _due_of(due_at: str | None, calendar: str | None, *, provisional: bool) -> Due | None:
    if due_at is None:
        return None
    return Due(beijing_date(dt.datetime.fromisoformat(due_at)), provisional, calendar or "")


def _with_days_left(node: Node, stopped: Stopped, day: dt.date, calendar: Calendar) -> Due:
    if node.calendar_days:
        return calendar.add_days(day, max((stopped.due.date - stopped.on).days, 0))
    return calendar.add_workdays(day, calendar.workdays_within(stopped.on, stopped.due.date))
