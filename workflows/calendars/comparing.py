"""What differs between two calendars, day by day: which days came to be off, worked or plain, year by year."""

import datetime as dt
from dataclasses import dataclass

from workflows.calendars.content import Content, days_of
from workflows.workdays import FIXED_HOLIDAYS

OFF, MADE_UP, PLAIN, GUESSED = "放假", "调休上班", "照常", "放假（暂定）"
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Difference:
    """One difference of a year (and place): a day and what it was and is, or the notice itself (no day)."""

    year: int
    organ: str
    day: dt.date | None
    old: str
    new: str

    @property
    def said(self) -> str:
        """Return the difference in one line."""
        place = f"{self.year}年{f'（{self.organ}）' if self.organ else ''}"
        named = f"{self.day}（星期{WEEKDAYS[self.day.weekday()]}）" if self.day else "依据"
        return f"{place} {named}：{self.old or '（无）'} → {self.new or '（无）'}"


def calendar_differences(old: Content, new: Content) -> tuple[Difference, ...]:
    """Return every difference between two calendars, by year, the country's before the places' own."""
    before, after = _kinds(old), _kinds(new)
    found = []
    for key in sorted({*before, *after}):
        was, now = before.get(key, ("", {})), after.get(key, ("", {}))
        if was[0] != now[0]:
            found.append(Difference(*key, None, was[0], now[0]))
        found += [
            Difference(*key, day, was[1].get(day) or _unsaid(day, *was), now[1].get(day) or _unsaid(day, *now))
            for day in sorted({*was[1], *now[1]}) if was[1].get(day) != now[1].get(day)
        ]
    return tuple(found)


def _unsaid(day: dt.date, notice: str, _days: dict[dt.date, str]) -> str:
    """Return what a day is of which a calendar says nothing: guessed off where it has no notice for the year."""
    return GUESSED if not notice and (day.month, day.day) in FIXED_HOLIDAYS else PLAIN


def _kinds(content: Content) -> dict[tuple[int, str], tuple[str, dict[dt.date, str]]]:
    return {
        (each["year"], each.get("organ", "")): (
            f"{each['notice']} {each['dated']}".strip(),
            {**dict.fromkeys(days_of(each, "days_off"), OFF), **dict.fromkeys(days_of(each, "make_up_days"), MADE_UP)},
        )
        for each in (*content["years"], *content["local"])
    }
