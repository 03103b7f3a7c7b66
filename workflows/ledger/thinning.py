"""Which of many notes go along: all of the last week, then the last of each hour for ninety days, then of each day."""

from collections.abc import Hashable, Mapping
from datetime import datetime, timedelta

from workflows.workdays import BEIJING

EVERY_NOTE, EVERY_HOUR = timedelta(days=7), timedelta(days=90)


def thinned(signed_at: Mapping[int, datetime]) -> set[int]:
    """Return the sizes whose notes are enough, out of all sizes with the moments at which their notes were kept.

    Ages count from the youngest note, days are Beijing's. The note of the largest size is always among them: a later
    note binds everything that an earlier one did, so what is left out is only how soon a change can be dated.
    """
    youngest = max(signed_at.values(), default=None)
    last: dict[Hashable, int] = {}
    for size, at in sorted(signed_at.items()):
        if youngest:
            last[_slot(size, at, youngest - at)] = size
    return set(last.values())


def _slot(size: int, at: datetime, age: timedelta) -> Hashable:
    """Return what a note shares with those of which only the last is needed."""
    if age <= EVERY_NOTE:
        return size
    local = at.astimezone(BEIJING)
    return (local.date(), local.hour) if age <= EVERY_HOUR else local.date()
