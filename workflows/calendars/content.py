"""A calendar's content and what it becomes: the days of every year with the notice behind them, and places' own."""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from workflows.workdays import Calendar, LocalDays, official_calendar

Content = Mapping[str, Any]
CALENDAR = "working-days"
"""The one name under which calendars are published."""


def calendar_from(content: Content, version: str) -> Calendar:
    """Make the calendar of a content, checked when it was published; its version is the content's hash."""
    years, local = content["years"], content["local"]
    return Calendar(
        version=version,
        years=frozenset(each["year"] for each in years),
        days_off=_days(years, "days_off"),
        make_up_days=_days(years, "make_up_days"),
        local=tuple(
            LocalDays(organ, _days(own, "days_off"), _days(own, "make_up_days"))
            for organ, own in ((organ, [each for each in local if each["organ"] == organ]) for organ in _organs(local))
        ),
    )  # fmt: skip


@cache
def shipped_content() -> dict[str, Any]:
    """Return the content that says what the shipped calendar says: the founding version, in force until another is."""
    calendar = official_calendar()
    return {
        "format": 1, "name": CALENDAR, "title": "工作日历",
        "years": [
            {
                "year": year, "notice": calendar.version, "dated": "", "days_off": _written(calendar.days_off, year),
                "make_up_days": _written(calendar.make_up_days, year),
            }
            for year in sorted(calendar.years)
        ],
        "local": [],
    }  # fmt: skip


def days_of(entry: Mapping[str, Any], field: str) -> frozenset[dt.date]:
    """Return the days that a year's entry names in `days_off` or `make_up_days`."""
    return frozenset(dt.date.fromisoformat(day) for day in entry[field])


def _days(entries: Iterable[Mapping[str, Any]], field: str) -> frozenset[dt.date]:
    return frozenset[dt.date]().union(*(days_of(each, field) for each in entries))


def _organs(local: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(sorted({each["organ"] for each in local}))


def _written(days: Iterable[dt.date], year: int) -> list[str]:
    return [day.isoformat() for day in sorted(days) if day.year == year]
