"""What units are asked for in a year, and from when to when: goals in autumn, figures in summer, results in winter."""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from workflows.campaigns import Purpose
from workflows.folds.replay import Table
from workflows.workdays import BEIJING, add_workdays

MIDYEAR = (6, 7, 8)
"""Months up to which the year is monitored: July, by 31 August (R136); June in July or August in September (local).
Other checkpoints of a printed plan are early warnings for which nobody is called up."""
NINE, TEN, THREE = time(9, 0), time(10, 0), time(15, 0)


@dataclass(frozen=True)
class Asked:
    """One thing that a year's units are asked for; `window` is the month (YYYY-MM) of a monitoring, else empty."""

    year: int
    purpose: Purpose
    window: str = ""

    @property
    def name(self) -> str:
        """Return what tells it from all others."""
        return f"{self.year}:{self.purpose}:{self.window}"

    @property
    def title(self) -> str:
        """Return what it is called."""
        if self.purpose == Purpose.MONITORING:
            return f"{self.year}年1—{int(self.window[5:])}月绩效运行监控"
        named = "绩效目标申报" if self.purpose == Purpose.GOAL_FILING else "绩效自评"
        return f"{self.year}年度{named}"

    @property
    def opens(self) -> date:
        """Return its first day (domain.md 1): 1 July before the year, the month after, or New Year."""
        if self.purpose == Purpose.GOAL_FILING:
            return date(self.year - 1, 7, 1)
        if self.purpose == Purpose.SELF_EVALUATION:
            return date(self.year + 1, 1, 1)
        return date(self.year, int(self.window[5:]) + 1, 1)

    @property
    def closes(self) -> date:
        """Return its last day: 30 September, the end of the month after (31 August), the end of February."""
        if self.purpose == Purpose.GOAL_FILING:
            return date(self.year - 1, 9, 30)
        if self.purpose == Purpose.SELF_EVALUATION:
            return last_of_month(self.year + 1, 2)
        return last_of_month(self.opens.year, self.opens.month)

    @property
    def announced(self) -> datetime:
        """Return when the section opens it: on the last working day before."""
        return at_hour(add_workdays(self.opens, -1).date, NINE)

    @property
    def urged(self) -> datetime:
        """Return when those that have not filed are urged: the afternoon before the last working day."""
        return at_hour(add_workdays(self.closes + timedelta(days=1), -2).date, THREE)

    @property
    def declared(self) -> datetime:
        """Return when a unit without any project says so: the morning after."""
        return at_hour(add_workdays(self.closes + timedelta(days=1), -1).date, TEN)

    @property
    def missed(self) -> datetime:
        """Return when people come who are too late: on the first working day after."""
        return at_hour(add_workdays(self.closes, 1).date, TEN)

    @property
    def begun(self) -> datetime:
        """Return when people come who came before it was open: on its first working day."""
        return at_hour(add_workdays(self.opens, 0).date, TEN)

    @property
    def looked_at(self) -> datetime:
        """Return when the section looks whether all figures are there, to end it early."""
        return at_hour(add_workdays(self.opens + timedelta(days=14), 0).date, TEN)


def last_of_month(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def at_hour(day: date, hour: time) -> datetime:
    """Return an hour of a Beijing day, as UTC."""
    return datetime.combine(day, hour, BEIJING).astimezone(UTC)


def asked_for(year: int, tables: Iterable[Table]) -> Iterator[Asked]:
    """Yield what a year's units are asked for; the months monitored are those in which its tables have a checkpoint."""
    yield Asked(year, Purpose.GOAL_FILING)
    months = {window.date[:7] for table in tables if table.year == year for window in table.windows}
    for month in sorted(months):
        if int(month[5:]) in MIDYEAR:
            yield Asked(year, Purpose.MONITORING, month)
    yield Asked(year, Purpose.SELF_EVALUATION)


def monitored(year: int, checkpoint: str) -> Asked | None:
    """Return the monitoring that asks for a checkpoint (ISO date), None for one that nobody is called up for."""
    return Asked(year, Purpose.MONITORING, checkpoint[:7]) if int(checkpoint[5:7]) in MIDYEAR else None
