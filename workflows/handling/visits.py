"""The visits of a table at its desks, from the list of its events: who had it how long, and whether in time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from workflows import events as e
from workflows.calendars.work_time import work_time_between
from workflows.folds.replay import apply
from workflows.state.standing import Desk, Table
from workflows.workdays import Calendar, beijing_date

CalendarAt = Callable[[datetime, str], Calendar]
"""The calendar in force at a moment, with the days of a bureau's own place."""
HANDLED = frozenset({"task.decided", "node.completed"})
"""What ends a task by its holder's act; one that was overtaken was not handled."""


@dataclass(frozen=True)
class Visit:
    """One task that somebody handled: its node, the Beijing day it ended, the working minutes it took.

    `late` says whether it ended after it was due, None where it had no due moment.
    """

    node: str
    day: str
    minutes: int
    late: bool | None


def visits_in(table_id: UUID, history: Sequence[e.Recorded], calendar: CalendarAt) -> tuple[Visit, ...]:
    """Return the visits that ended, in order; a decision that was taken back ended none.

    Working time is counted by the calendar in force when the visit ended; while the table was suspended it stood still.
    """
    table, pauses = Table(table_id), list[tuple[datetime, datetime]]()
    found: dict[str, Visit] = {}
    for recorded in history:
        after = apply(table, recorded)
        if isinstance(recorded.fact, e.TableResumed) and table.suspended:
            pauses.append((datetime.fromisoformat(table.suspended.since), recorded.at))
        if isinstance(recorded.fact, e.TaskRecalled):
            found.pop(recorded.fact.recalled, None)
        for desk in _left(table, after) if recorded.kind in HANDLED else ():
            found[desk.task] = _visit(desk, recorded.at, pauses, calendar(recorded.at, after.bureau))
        table = after
    return tuple(found.values())


def _left(before: Table, after: Table) -> Iterator[Desk]:
    still = {desk.task for desk in after.desks}
    return (desk for desk in before.desks if desk.task not in still)


def _visit(desk: Desk, left: datetime, pauses: Sequence[tuple[datetime, datetime]], calendar: Calendar) -> Visit:
    entered = datetime.fromisoformat(desk.entered_at)
    worked = work_time_between(entered, left, calendar)
    stood = (work_time_between(max(since, entered), until, calendar) for since, until in pauses if until > entered)
    late = left > datetime.fromisoformat(desk.due_at) if desk.due_at else None
    minutes = (worked - sum(stood, timedelta())) // timedelta(minutes=1)
    return Visit(desk.node.partition(":")[0], beijing_date(left).isoformat(), minutes, late)
