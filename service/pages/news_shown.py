"""What is new to the reader of a table's page: since he last decided on it, since his own last look, since he acted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.context import journal, person, transaction
from service.pages.differences_shown import Difference, content_differences
from service.pages.history_shown import QUIET, Moment, reasons_in, timeline_of
from workflows.as_of import content_hash_at
from workflows.content.naming import BY_CODE, Called
from workflows.events import Recorded
from workflows.journal import Journal
from workflows.last_look import look_at, version_acted, version_decided
from workflows.store.looks import keep_look, look_of


@dataclass(frozen=True)
class News:
    """What came after a version that the reader knows: changed places of the content, and the records since.

    `since` says what the reader did then: decided, acted or looked.
    """

    version: int
    at: datetime
    since: str
    changes: list[Difference]
    records: list[Moment]


def news_at_this_look(table_id: UUID, history: Sequence[Recorded], called: Called = BY_CODE) -> list[News]:
    """Remember that the reader opens the table, and return what is new: since his last decision, then his last look.

    Whoever decided in any round first sees what the content reads otherwise since then (D8); the look, or whatever he
    did later, comes after it where it says something else. How a look is remembered: workflows/last_look.py.
    """
    before = look_of(transaction(), person().id, table_id)
    look = look_at(history, before)
    if look != before:
        keep_look(transaction(), person().id, table_id, look)
    decided, acted = version_decided(history, person().id), version_acted(history, person().id)
    known = max(look.version, acted)
    since = "decided" if known == decided else "acted" if known == acted else "looked"
    found = [news_since(journal(), history, known, since=since, called=called)]
    if 0 < decided < known:
        earlier = news_since(journal(), history, decided, since="decided", called=called)
        found = [earlier, *found] if earlier.changes else found
    return [news for news in found if news.changes or news.records]


def news_since(
    ledger: Journal, history: Sequence[Recorded], version: int, *, since: str, called: Called = BY_CODE
) -> News:
    """Return what came after a version."""
    return News(
        version, history[version - 1].at, since, _changes(ledger, history, version),
        timeline_of([each for each in history[version:] if each.kind not in QUIET], called=called),
    )  # fmt: skip


def _changes(ledger: Journal, history: Sequence[Recorded], version: int) -> list[Difference]:
    then, now = content_hash_at(history[:version]), content_hash_at(history)
    if then == now or not then or not now:
        return []
    return content_differences(ledger.content(then), ledger.content(now), reasons_in(ledger, history[version:]))
