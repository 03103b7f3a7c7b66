"""Moments and days: how the log writes them, and how to count from one to another."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Set

MOMENT = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z")


def later(moment: str, seconds: int) -> str:
    """Return a moment so many seconds later, written as in the log."""
    return (datetime_of(moment) + dt.timedelta(seconds=seconds)).isoformat(timespec="microseconds") + "Z"


def datetime_of(moment: str) -> dt.datetime:
    """Read a moment as the log writes it; ValueError where it is written another way."""
    if not MOMENT.fullmatch(moment):
        raise ValueError(f"no moment: {moment:.40}")
    return dt.datetime.fromisoformat(moment[:-1])


def is_time(value: Any) -> bool:
    """A moment as events write it."""
    return type(value) is str and MOMENT.fullmatch(value) is not None and is_moment(value)


KNOWN_HOURS: Set[str] = set()


def is_moment(at: str) -> bool:
    """Whether a text in the form of a moment is one of the calendar; each hour is looked up once."""
    if at[:13] in KNOWN_HOURS:
        return True
    try:
        dt.datetime.strptime(at[:13], "%Y-%m-%dT%H")
    except ValueError:
        return False
    if len(KNOWN_HOURS) < 100_000:
        KNOWN_HOURS.add(at[:13])
    return True


MONTHS = {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}


def month_end(year: int, month: int) -> str:
    """Return the last day of a month."""
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return (following - dt.timedelta(days=1)).isoformat()


def beijing_day(at: str) -> str:
    """Return the date in Beijing of a moment."""
    return later(at, 8 * 3600)[:10]


def is_day(text: str) -> bool:
    """Whether a text is a date, YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def days_on(day: str, count: int) -> str:
    """Return the day so many calendar days later; ValueError for no day."""
    return (dt.date.fromisoformat(day) + dt.timedelta(days=count)).isoformat()


def year_day(year: int, month_day: str) -> str:
    """Return a day of a pack (MM-DD) in a year; the 29th of February may be the 28th."""
    month, day = (int(part) for part in month_day.split("-"))
    return min(f"{year:04d}-{month:02d}-{day:02d}", month_end(year, month))


def moment_of(text: str) -> str:
    """Return a stored due moment (ISO, +00:00) as events write moments."""
    seconds, _, rest = text.replace("+00:00", "").partition(".")
    return f"{seconds}.{rest:0<6}Z"


def apart(earlier: str, later: str) -> dt.timedelta:
    """Return how far two moments of events lie apart."""
    return datetime_of(later) - datetime_of(earlier)


def shown_moment(at: str) -> str:
    """Return a moment of an event as the product's state shows it."""
    return at.replace(".000000Z", "+00:00").replace("Z", "+00:00")
