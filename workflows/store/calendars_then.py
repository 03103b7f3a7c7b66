"""Which calendar was in force at a moment, with the days of a bureau's own place; read once for many questions."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime

from workflows.calendars import CALENDAR_STREAM, calendar_among
from workflows.events import CalendarPublished
from workflows.store.streams import content_of, history_of
from workflows.store.transaction import Transaction
from workflows.workdays import Calendar, official_calendar


def calendars_then(tx: Transaction) -> Callable[[datetime, str], Calendar]:
    """Return the question: a moment and a bureau -> the calendar; the one that ships before any was published."""
    history = history_of(tx, CALENDAR_STREAM)
    published = [
        (each.at, each.fact.content_hash) for each in history if isinstance(each.fact, CalendarPublished)
    ]
    moments = [at for at, _ in published]

    def then(at: datetime, bureau: str) -> Calendar:
        number = bisect_right(moments, at)
        if not number:
            return official_calendar()
        return calendar_among(history, lambda key: content_of(tx, key), published[number - 1][1]).of(bureau)

    return then
