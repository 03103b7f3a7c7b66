"""The calendar of working days as data: years with their notices, places' own days; read, checked, compared."""

from workflows.calendars.content import CALENDAR, calendar_from, shipped_content
from workflows.calendars.in_force import CALENDAR_STREAM, calendar_among, published_versions

__all__ = [
    "CALENDAR",
    "CALENDAR_STREAM",
    "calendar_among",
    "calendar_from",
    "published_versions",
    "shipped_content",
]
