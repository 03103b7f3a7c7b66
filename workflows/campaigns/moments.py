"""Moments of a campaign as people write and read them: a Beijing day ends at 24:00, an hour may be chosen."""

import datetime as dt

from workflows.errors import FieldsInvalid
from workflows.workdays import BEIJING

ONE_DAY, INSTANT = dt.timedelta(days=1), dt.timedelta(microseconds=1)
AS_WRITTEN = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")


def beginning(text: str, field: str = "opens") -> dt.datetime:
    """Read when something begins (UTC): a Beijing day is meant from 0:00, "2026-07-01T09:00" from that minute."""
    day = _day(text)
    return _utc(dt.datetime.combine(day, dt.time(), BEIJING)) if day else _minute(text, field)


def ending(text: str, field: str = "closes") -> dt.datetime:
    """Read when something ends (UTC): a Beijing day is meant until 24:00, "2026-09-30T17:00" until that minute."""
    day = _day(text)
    return _utc(dt.datetime.combine(day + ONE_DAY, dt.time(), BEIJING)) if day else _minute(text, field)


def last_day(closes: dt.datetime) -> dt.date:
    """Return the last Beijing day on which there is still time."""
    return (closes - INSTANT).astimezone(BEIJING).date()


def said(closes: dt.datetime) -> str:
    """Return an end in words: 2026年9月30日24时, 2026年9月30日17时30分."""
    there = closes.astimezone(BEIJING)
    if there.time() == dt.time():
        day, hour = last_day(closes), "24时"
    else:
        day, hour = there.date(), f"{there.hour}时" + (f"{there.minute}分" if there.minute else "")
    return f"{day.year}年{day.month}月{day.day}日{hour}"


def said_beginning(opens: dt.datetime) -> str:
    """Return a beginning in words: 2026年7月1日, 2026年7月1日9时."""
    there = opens.astimezone(BEIJING)
    hour = "" if there.time() == dt.time() else f"{there.hour}时" + (f"{there.minute}分" if there.minute else "")
    return f"{there.year}年{there.month}月{there.day}日{hour}"


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip()) if len(text.strip()) == len("2026-01-01") else None
    except ValueError:
        return None


def _minute(text: str, field: str) -> dt.datetime:
    for form in AS_WRITTEN:
        try:
            return _utc(dt.datetime.strptime(text.strip(), form).replace(tzinfo=BEIJING))
        except ValueError:
            continue
    raise FieldsInvalid("请按“2026-09-30”（至当日24时）或“2026-09-30T17:00”（北京时间）的形式填写时间。", field=field)


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC)
