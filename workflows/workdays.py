"""Chinese working days: holidays and make-up days of a calendar, and a provisional rule for years without a notice."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.metadata import version

from chinese_calendar.constants import holidays, workdays

BEIJING = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
END_OF_WORK = dt.time(18, 0)
# 全国年节及纪念日放假办法（国务院令第795号）：有固定公历日期的法定节日；5月3日按历年调休惯例一并暂计
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (5, 3), (10, 1), (10, 2), (10, 3)})
ONE_DAY = dt.timedelta(days=1)
HASH = re.compile("[0-9a-f]{64}")


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
class LocalDays:
    """What one bureau's place has beside the country: days off, and days worked to make up for them (地方放假)."""

    organ: str
    days_off: frozenset[dt.date] = field(repr=False)
    make_up_days: frozenset[dt.date] = field(repr=False)


@dataclass(frozen=True)
class Calendar:
    """A calendar: its version, the years with an official notice, days off, make-up workdays, and places' own days."""

    version: str
    years: frozenset[int]
    days_off: frozenset[dt.date] = field(repr=False)
    make_up_days: frozenset[dt.date] = field(repr=False)
    local: tuple[LocalDays, ...] = field(default=(), repr=False)

    def of(self, organ: str) -> "Calendar":
        """Return the calendar as it is where that bureau sits: with its place's own days."""
        return _of_place(self, organ) if self.local else self

    def is_official(self, date: dt.date) -> bool:
        """Whether the State Council's notice for that year is in this calendar."""
        return date.year in self.years

    def is_workday(self, date: dt.date) -> bool:
        """Whether people work that day; without official notice Monday to Friday except the fixed-date holidays."""
        guessed = not self.is_official(date) and (date.month, date.day) in FIXED_HOLIDAYS
        return date in self.make_up_days or (date.weekday() < 5 and date not in self.days_off and not guessed)

    def add_workdays(self, date: dt.date, count: int) -> Due:
        """Return the count-th working day after date, before it if negative; 0 is date itself or the next one."""
        return _counted(self, date, count)

    def add_days(self, date: dt.date, count: int) -> Due:
        """Return the count-th calendar day after date, day off or not, as laws count (RB 14, 52): never provisional."""
        return Due(date + ONE_DAY * count, provisional=False, calendar_version=self.version)

    def next_date(self, date: dt.date, month_day: str) -> Due:
        """Return the first MM-DD on or after date, day off or not; the 29th of February may be the 28th."""
        found = (_day_of_year(year, month_day) for year in (date.year, date.year + 1))
        return Due(next(day for day in found if day >= date), provisional=False, calendar_version=self.version)

    def workdays_within(self, first: dt.date, last: dt.date) -> int:
        """Count the working days after `first` up to and with `last`."""
        return sum(self.is_workday(first + ONE_DAY * number) for number in range(1, (last - first).days + 1))


Calendars = Callable[[str], Calendar]
"""The published calendar of a version."""


@lru_cache(maxsize=64)
def _of_place(calendar: Calendar, organ: str) -> Calendar:
    own = [each for each in calendar.local if each.organ == organ]
    off, made_up = (
        calendar.days_off.union(*(each.days_off for each in own)),
        calendar.make_up_days.union(*(each.make_up_days for each in own)),
    )  # fmt: skip
    return Calendar(calendar.version, calendar.years, off, made_up)


@lru_cache(maxsize=4_096)
def _counted(calendar: Calendar, date: dt.date, count: int) -> Due:
    step = -ONE_DAY if count < 0 else ONE_DAY
    day, left, official = date, abs(count), calendar.is_official(date)
    while left or not calendar.is_workday(day):
        day += step
        official = official and calendar.is_official(day)
        left -= bool(left and calendar.is_workday(day))
    return Due(day, not official, calendar.version)


def _day_of_year(year: int, month_day: str) -> dt.date:
    month, day = (int(part) for part in month_day.split("-"))
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return dt.date(year, month, 28 if (month, day) == (2, 29) and not leap else day)


@cache
def official_calendar() -> Calendar:
    """Return the calendar that ships: the chinesecalendar package's (State Council notices, 2004-2026).

    It is in force where none was published.
    """
    return Calendar(
        version=f"chinesecalendar-{version('chinesecalendar')}",
        years=frozenset(day.year for day in holidays),
        days_off=frozenset(holidays),
        make_up_days=frozenset(workdays),
    )


def counted_by(version: str, calendars: Calendars) -> Calendar:
    """Return the calendar of a version that counted something: a published one, else the one that ships."""
    return calendars(version) if published_version(version) else official_calendar()


def is_workday(date: dt.date) -> bool:
    """Whether that day is a working day by the calendar that ships."""
    return official_calendar().is_workday(date)


def add_workdays(date: dt.date, count: int) -> Due:
    """Count working days from a date by the calendar that ships (see Calendar.add_workdays)."""
    return official_calendar().add_workdays(date, count)


def is_month_day(text: str) -> bool:
    """Whether MM-DD is a date of a leap year."""
    try:
        dt.date.fromisoformat(f"2024-{text}")
    except ValueError:
        return False
    return True


def published_version(version: str | None) -> str:
    """Return the version of a calendar that was published under its hash; nothing for the one that ships."""
    return version if version and HASH.fullmatch(version) else ""


def beijing_date(moment: dt.datetime) -> dt.date:
    """Return the date in Beijing of a moment with time zone."""
    return moment.astimezone(BEIJING).date()
