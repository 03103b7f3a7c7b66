"""Chinese working days: official holidays and make-up days, and a provisional rule for years without a notice."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.metadata import version

from chinese_calendar.constants import holidays, workdays

BEIJING = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
END_OF_WORK = dt.time(18, 0)
# 全国年节及纪念日放假办法（国务院令第795号）：有固定公历日期的法定节日；5月3日按历年调休惯例一并暂计
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (5, 3), (10, 1), (10, 2), (10, 3)})
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """The working day by whose end something is due; provisional (暂定) where a year without notice was counted."""

    date: dt.date
    provisional: bool
    calendar_version: str

    @property
    def moment(self) -> dt.datetime:
        """The end of that working day, 18:00 in Beijing, as UTC."""
        return dt.datetime.combine(self.date, END_OF_WORK, BEIJING).astimezone(dt.UTC)


@dataclass(frozen=True)
class Calendar:
    """A published calendar: its version, the years with an official notice, days off and make-up workdays."""

    version: str
    years: frozenset[int]
    days_off: frozenset[dt.date] = field(repr=False)
    make_up_days: frozenset[dt.date] = field(repr=False)

    def is_official(self, date: dt.date) -> bool:
        """Whether the State Council's notice for that year is in this calendar."""
        return date.year in self.years

    def is_workday(self, date: dt.date) -> bool:
        """Whether people work that day; without official notice Monday to Friday except the fixed-date holidays."""
        if self.is_official(date):
            return date in self.make_up_days or (date.weekday() < 5 and date not in self.days_off)
        return date.weekday() < 5 and (date.month, date.day) not in FIXED_HOLIDAYS

    def add_workdays(self, date: dt.date, count: int) -> Due:
        """Return the count-th working day after date, before it if negative; 0 is date itself or the next one."""
        step = -ONE_DAY if count < 0 else ONE_DAY
        day, left, official = date, abs(count), self.is_official(date)
        while left or not self.is_workday(day):
            day += step
            official = official and self.is_official(day)
            left -= bool(left and self.is_workday(day))
        return Due(day, not official, self.version)


@cache
def official_calendar() -> Calendar:
    """Return the calendar of the chinesecalendar package (State Council notices, 2004-2026)."""
    return Calendar(
        version=f"chinesecalendar-{version('chinesecalendar')}",
        years=frozenset(day.year for day in holidays),
        days_off=frozenset(holidays),
        make_up_days=frozenset(workdays),
    )


def is_workday(date: dt.date) -> bool:
    """Whether that day is a working day by the official calendar."""
    return official_calendar().is_workday(date)


@lru_cache(maxsize=1_024)
def add_workdays(date: dt.date, count: int) -> Due:
    """Count working days from a date by the official calendar (see Calendar.add_workdays)."""
    return official_calendar().add_workdays(date, count)


def beijing_date(moment: dt.datetime) -> dt.date:
    """Return the date in Beijing of a moment with time zone."""
    return moment.astimezone(BEIJING).date()
