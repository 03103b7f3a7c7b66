"""Rebuild everything that is only a cache: drop standings, tasks, documents and posts and replay the log."""

from collections.abc import Iterable
from uuid import UUID

from workflows.events import Recorded
from workflows.replay import replay
from workflows.store.documents import project_document
from workflows.store.event_rows import recorded_row
from workflows.store.posts import project_grants
from workflows.store.standing import project_table
from workflows.store.streams import EVENTS, history_of
from workflows.store.transaction import Transaction

CACHES = ("table_standing", "task", "document", "post", "snapshot")
TABLES = "SELECT stream_id FROM log.event WHERE subject = 'table' AND version = 1 ORDER BY stream_id"
ABOUT = f"{EVENTS} WHERE e.subject = :subject ORDER BY e.event_id"
DUMP = {
    "table_standing": "SELECT CAST(t AS text) AS line FROM desk.table_standing t ORDER BY table_id",
    "task": "SELECT CAST(t AS text) AS line FROM desk.task t ORDER BY table_id, task",
    "document": "SELECT CAST(t AS text) AS line FROM desk.document t ORDER BY document_id",
    "post": "SELECT CAST(t AS text) AS line FROM desk.post t ORDER BY person, role, organ, from_at, version",
}


def rebuild(tx: Transaction) -> int:
    """Drop all caches, replay the log into them and return how many tables that gave.

    Writers must stand still meanwhile: the log's streams are read one after the other.
    """
    for cache in CACHES:
        tx.run(f"DELETE FROM desk.{cache}")  # noqa: S608 - names of this file
    for recorded in _events_about(tx, "person"):
        project_grants(tx, recorded)
    for recorded in _events_about(tx, "document"):
        project_document(tx, recorded)
    return sum(_rebuild_table(tx, row["stream_id"]) for row in tx.rows(TABLES))


def caches_as_text(tx: Transaction) -> dict[str, list[str]]:
    """Return every row of the caches as text, to compare before and after."""
    return {name: [row["line"] for row in tx.rows(sql)] for name, sql in DUMP.items()}


def _events_about(tx: Transaction, subject: str) -> Iterable[Recorded]:
    return map(recorded_row, tx.rows(ABOUT, subject=subject))


def _rebuild_table(tx: Transaction, table_id: UUID) -> int:
    history = history_of(tx, table_id)
    project_table(tx, replay(table_id, history), created_at=history[0].at)
    return 1
