"""Which calendar is in force, and which was at a moment, with the days of a bureau's own place."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime

from workflows.calendars import CALENDAR_STREAM, calendar_among, published_versions
from workflows.events import CalendarPublished
from workflows.ledger.hashes import NO_PREVIOUS
from workflows.store.streams import content_of, history_of
from workflows.store.transaction import Transaction
from workflows.workdays import Calendar, official_calendar

_published: dict[bytes | None, tuple[str, ...]] = {NO_PREVIOUS: ()}
"""The versions on the calendar's stream by its head: a head says everything before it."""
MOST_KEPT = 64


def versions_published(tx: Transaction, head: bytes | None = None) -> tuple[str, ...]:
    """Return the versions published so far, oldest first: not read again where the calendar's stream has this head."""
    if head in _published:
        return _published[head]
    history = history_of(tx, CALENDAR_STREAM)
    if len(_published) >= MOST_KEPT:
        _published.clear()
    found = published_versions(history)
    _published[history[-1].leaf_hash if history else NO_PREVIOUS] = found
    return found


def calendars_then(tx: Transaction) -> Callable[[datetime, str], Calendar]:
    """Return the question: a moment and a bureau -> the calendar; the one that ships before any was published."""
    history = history_of(tx, CALENDAR_STREAM)
    versions = published_versions(history)
    published = [
        (each.at, each.fact.content_hash) for each in history if isinstance(each.fact, CalendarPublished)
    ]
    moments = [at for at, _ in published]

    def then(at: datetime, bureau: str) -> Calendar:
        number = bisect_right(moments, at)
        if not number:
            return official_calendar()
        return calendar_among(versions, lambda key: content_of(tx, key), published[number - 1][1]).of(bureau)

    return then
