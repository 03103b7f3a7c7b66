"""Which moments around a due day something happens: by default three and one working days before, on it, one after."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from workflows.workdays import BEIJING, Calendar, Due, official_calendar

START_OF_WORK = dt.time(9, 0)
RUNGS = (("T-3", -3), ("T-1", -1), ("T", 0), ("T+1", 1))


@dataclass(frozen=True)
class Rung:
    """One moment of a ladder: its code and when it fires (UTC); provisional as its day is."""

    code: str
    fires_at: dt.datetime
    provisional: bool


@lru_cache(maxsize=1_024)
def ladder(
    due: Due, calendar: Calendar | None = None, rungs: tuple[tuple[str, int], ...] = RUNGS
) -> tuple[Rung, ...]:
    """Return the moments of a due day, each at 09:00 in Beijing of its working day, in the order of `rungs`.

    `rungs` are codes with the working days after the due day, before it if negative.

    Where the due day itself is off (calendar days, a fixed date), the last working day before it stands for it.
    """
    chosen = calendar or official_calendar()
    last = due.date if chosen.is_workday(due.date) else chosen.add_workdays(due.date, -1).date
    return tuple(_rung(code, chosen.add_workdays(last, offset), due) for code, offset in rungs)


def _rung(code: str, day: Due, due: Due) -> Rung:
    moment = dt.datetime.combine(day.date, START_OF_WORK, BEIJING).astimezone(dt.UTC)
    return Rung(code, moment, due.provisional or day.provisional)
