"""A year as twelve small months: which days are off, worked to make up or plain, for the page and for programs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.calendars import calendar_from
from workflows.workdays import ONE_DAY, Calendar

OFF, MADE_UP, WEEKEND, PLAIN = "off", "made_up", "weekend", "plain"


@dataclass(frozen=True)
class Day:
    """One day: its number, what it is, and whether it differs from another calendar."""

    date: dt.date
    kind: str
    changed: bool = False


@dataclass(frozen=True)
class Month:
    """One month: its number, its weeks from Monday (None: a day of another month), how many working days it has."""

    number: int
    weeks: tuple[tuple[Day | None, ...], ...]
    works: int


@dataclass(frozen=True)
class Year:
    """One year of a calendar at a bureau: its months, its notices, whether the country's notice is there."""

    year: int
    months: tuple[Month, ...]
    official: bool
    entries: tuple[Mapping[str, Any], ...]

    @property
    def works(self) -> int:
        """Return how many working days the year has."""
        return sum(month.works for month in self.months)


def year_of_calendar(content: Mapping[str, Any], year: int, organ: str, base: Mapping[str, Any]) -> Year:
    """Return a year of a calendar's content at a bureau, with the days marked that differ from `base`."""
    calendar, before = (calendar_from(each, "").of(organ) for each in (content, base))
    entries = tuple(
        each for each in (*content["years"], *content["local"])
        if each["year"] == year and each.get("organ", organ) == organ
    )  # fmt: skip
    months = tuple(_month(calendar, before, year, number) for number in range(1, 13))
    return Year(year, months, year in calendar.years, entries)


def _month(calendar: Calendar, before: Calendar, year: int, number: int) -> Month:
    first = dt.date(year, number, 1)
    days = [day for day in (first + ONE_DAY * count for count in range(31)) if day.month == number]
    shown = [Day(day, _kind(calendar, day), _kind(calendar, day) != _kind(before, day)) for day in days]
    cells: list[Day | None] = [*[None] * first.weekday(), *shown]
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))
    return Month(number, weeks, sum(calendar.is_workday(day.date) for day in shown))


def _kind(calendar: Calendar, day: dt.date) -> str:
    if calendar.is_workday(day):
        return MADE_UP if day.weekday() >= 5 else PLAIN
    if day in calendar.days_off or day.weekday() < 5:
        return OFF
    return WEEKEND
