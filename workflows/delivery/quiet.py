"""When a person wants no letters: quiet hours and days off, and when the letter of the morning goes (Beijing time)."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from workflows.errors import FieldsInvalid
from workflows.workdays import BEIJING

MORNING = dt.time(8, 30)
HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
FARTHEST = 60
Works = Callable[[dt.date], bool]
"""Whether people work on a day."""


@dataclass(frozen=True)
class Quiet:
    """Quiet hours from one time of the day to another (over midnight where the first is later), and days off."""

    begins: dt.time
    ends: dt.time
    days_off: bool = True

    def until(self, now: dt.datetime, works: Works) -> dt.datetime | None:
        """Return when a letter may go that would break the quiet now (UTC); None where it may go at once."""
        at = now.astimezone(BEIJING)
        moment = at
        for _day in range(FARTHEST):
            if self.days_off and not works(moment.date()):
                moment = _midnight_after(moment)
            elif (end := self._end(moment)) is not None:
                moment = end
            else:
                break
        return None if moment == at else moment.astimezone(dt.UTC)

    def _end(self, at: dt.datetime) -> dt.datetime | None:
        """Return the end of the quiet hours in which a moment lies."""
        time, over_midnight = at.timetz().replace(tzinfo=None), self.begins > self.ends
        if over_midnight and time >= self.begins:
            return _at(at.date() + dt.timedelta(days=1), self.ends)
        if (over_midnight and time < self.ends) or (not over_midnight and self.begins <= time < self.ends):
            return _at(at.date(), self.ends)
        return None

    def __str__(self) -> str:
        """Return it as a setting spells it."""
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"


SHIPPED = Quiet(dt.time(21, 0), dt.time(8, 0))
"""From nine in the evening until eight in the morning, and on days off."""


def read_quiet(text: str, *, days_off: bool = True) -> Quiet | None:
    """Return the quiet hours of a setting `21:00-08:00`; None for `off`; FieldsInvalid for anything else."""
    if text == "off":
        return None
    found = HOURS.fullmatch(text)
    if found is None or text[:5] == text[6:]:
        raise FieldsInvalid("免打扰时段须写成“21:00-08:00”，或 off。", field="quiet")
    begins, ends = (dt.time.fromisoformat(each) for each in text.split("-"))
    return Quiet(begins, ends, days_off)


def bureau_quiet(told: str | None, mode: str) -> Quiet | None:
    """Return the quiet of those who chose none: as set, else the shipped one; none in a simulation: its clock leaps."""
    if told:
        return read_quiet(told)
    return None if mode == "simulation" else SHIPPED


def next_morning(now: dt.datetime, works: Works) -> dt.datetime:
    """Return the next half past eight of a working day (UTC)."""
    day = now.astimezone(BEIJING).date()
    for number in range(FARTHEST):
        moment = _at(day + dt.timedelta(days=number), MORNING)
        if moment > now and works(moment.date()):
            return moment.astimezone(dt.UTC)
    return _at(day + dt.timedelta(days=1), MORNING).astimezone(dt.UTC)


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, BEIJING)


def _midnight_after(moment: dt.datetime) -> dt.datetime:
    return _at(moment.date() + dt.timedelta(days=1), dt.time(0))
