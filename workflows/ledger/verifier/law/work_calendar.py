"""A published calendar of working days, and how days are counted by it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Dict, Tuple

from workflows.ledger.verifier.evidence.moments import days_on, year_day


class WorkCalendar:
    """A published calendar: which days are off or worked, in the country and at each bureau's place."""

    def __init__(self, content: Dict[str, Any]) -> None:
        self.years = {each["year"] for each in content["years"]}
        self.days: Dict[str, Dict[str, bool]] = {"": {}}
        for each in (*content["years"], *content["local"]):
            days = self.days.setdefault(each.get("organ", ""), {})
            days.update(dict.fromkeys(each["days_off"], False))
        for each in (*content["years"], *content["local"]):
            self.days[each.get("organ", "")].update(dict.fromkeys(each["make_up_days"], True))

    def works(self, day: str, organ: str) -> bool:
        """Whether people work that day at a bureau's place: who makes up works, a holiday is off, else Monday to Friday."""
        said = [self.days[place][day] for place in {"", organ} if day in self.days.get(place, {})]
        if any(said):
            return True
        guessed = int(day[:4]) not in self.years and day[5:] in GUESSED_HOLIDAYS
        return not said and not guessed and dt.date.fromisoformat(day).weekday() < 5

    def beside(self, day: str, count: int, organ: str) -> str:
        """Return the working day so many before or after a day, which counts as the last worked one where it is off."""
        while not self.works(day, organ):
            day = days_on(day, -1)
        while count:
            day = days_on(day, 1 if count > 0 else -1)
            count -= (1 if count > 0 else -1) if self.works(day, organ) else 0
        return day

    def within(self, first: str, last: str, organ: str) -> int:
        """Count the working days after a day up to and with another."""
        length = (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days
        return sum(self.works(days_on(first, number), organ) for number in range(1, length + 1))

    def counted(self, day: str, count: int, organ: str) -> Tuple[str, bool]:
        """Return the count-th working day after a day, the day itself or the next for 0; and whether that is provisional."""
        official, left = int(day[:4]) in self.years, count
        while left or not self.works(day, organ):
            day = days_on(day, 1)
            official = official and int(day[:4]) in self.years
            left -= 1 if left and self.works(day, organ) else 0
        return day, not official


GUESSED_HOLIDAYS = frozenset({"01-01", "05-01", "05-02", "05-03", "10-01", "10-02", "10-03"})
"""Days off in years without a notice."""


def next_day(day: str, month_day: str) -> str:
    """Return the first MM-DD on or after a day; the 29th of February may be the 28th."""
    years = (int(day[:4]), int(day[:4]) + 1)
    return next(found for found in (year_day(year, month_day) for year in years) if found >= day)


def published_calendar(version: Any) -> str:
    """Return the version of a calendar that was published under its hash; nothing for the one that ships."""
    return version if type(version) is str and len(version) == 64 and not set(version) - set("0123456789abcdef") else ""
