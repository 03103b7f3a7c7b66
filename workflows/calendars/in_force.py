"""Which calendar is in force: the version published last, what ships where none was; made from its content once."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid5

from workflows.calendars.content import CALENDAR, calendar_from
from workflows.events import CalendarPublished, Recorded
from workflows.workdays import Calendar, official_calendar

CALENDAR_STREAM = uuid5(UUID("6f0d5c1e-0d5b-5d0e-9a3e-4c1f5f3a7b10"), f"calendar:{CALENDAR}")
"""The stream on which the versions lie."""
MOST_KEPT = 64
_made: dict[str, Calendar] = {}
"""Calendars by the hash of their content, which never changes."""


def published_versions(history: Sequence[Recorded]) -> tuple[str, ...]:
    """Return the versions published on the calendar's stream, oldest first."""
    return tuple(each.fact.content_hash for each in history if isinstance(each.fact, CalendarPublished))


def calendar_among(
    published: Sequence[str], content: Callable[[str], dict[str, Any]], version: str | None = None
) -> Calendar:
    """Return the calendar of a version that was published; without one the last of them, the shipped where none was."""
    wanted = version or (published[-1] if published else "")
    if wanted not in published:
        return official_calendar()
    if wanted not in _made:
        if len(_made) >= MOST_KEPT:
            _made.clear()
        _made[wanted] = calendar_from(content(wanted), wanted)
    return _made[wanted]
