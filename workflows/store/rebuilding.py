"""Rebuild everything that is only a cache: drop standings, tasks, documents and posts and replay the log."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from workflows.events import Recorded
from workflows.folds.replay import Table, replay
from workflows.store.covers import project_covers
from workflows.store.documents import project_document
from workflows.store.event_rows import recorded_row
from workflows.store.notice_words import project_words
from workflows.store.posts import project_grants
from workflows.store.reorganising import forget_ends, project_organs
from workflows.store.standing import COLUMNS, TASK_COLUMNS, standing_row, task_rows
from workflows.store.streams import EVENTS, TEXTS, content_of
from workflows.store.transaction import Transaction

CACHES = ("table_standing", "task", "document", "post", "cover", "waiver", "notice_words", "snapshot", "tally")
ABOUT = f"{EVENTS} WHERE e.subject = ANY(:subjects) ORDER BY e.event_id"
WITH_WORDS = f"""
SELECT e.body, e.leaf_hash,
  CASE WHEN position(CAST('"committed"' AS bytea) IN e.body) > 0 THEN {TEXTS.removesuffix("AS texts")} END AS texts
FROM log.event e"""  # noqa: S608 - names of this house
"""Events of many tables: words are only sought beside those that bind some."""
OF_TABLES = f"{WITH_WORDS} WHERE e.subject = 'table' ORDER BY e.stream_id, e.version"
OF_SOME = f"{WITH_WORDS} WHERE e.stream_id = ANY(:tables) ORDER BY e.stream_id, e.version"
COPY_STANDING = f"COPY desk.table_standing ({', '.join(COLUMNS)}) FROM STDIN"
COPY_TASKS = f"COPY desk.task ({', '.join(TASK_COLUMNS)}) FROM STDIN"
BATCH = 1_000
DUMP = {
    "table_standing": "SELECT CAST(t AS text) AS line FROM desk.table_standing t ORDER BY table_id",
    "task": "SELECT CAST(t AS text) AS line FROM desk.task t ORDER BY table_id, task",
    "document": "SELECT CAST(t AS text) AS line FROM desk.document t ORDER BY document_id",
    "post": "SELECT CAST(t AS text) AS line FROM desk.post t ORDER BY person, role, organ, from_at, version",
    "cover": "SELECT CAST(t AS text) AS line FROM desk.cover t ORDER BY cover",
    "waiver": "SELECT CAST(t AS text) AS line FROM desk.waiver t ORDER BY waiver",
    "notice_words": "SELECT CAST(t AS text) AS line FROM desk.notice_words t ORDER BY key",
}


def stand_still(tx: Transaction) -> None:
    """Let writers of the caches wait until this transaction ends; readers go on."""
    tables = ", ".join(f"desk.{name}" for name in DUMP)
    tx.run(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")


def rebuild(tx: Transaction) -> int:
    """Drop all caches, replay the log into them and return how many tables that gave; the planner learns their sizes.

    Writers must stand still meanwhile (stand_still): the log's streams are read one after the other.
    """
    for cache in CACHES:
        tx.run(f"DELETE FROM desk.{cache}")  # noqa: S608 - names of this file
    forget_ends(tx)
    for recorded in _events_about(tx, "person", "organ"):
        project_grants(tx, recorded)
        project_organs(tx, recorded)
        project_covers(tx, recorded)
    for recorded in _events_about(tx, "waiver"):
        project_covers(tx, recorded)
    for recorded in _events_about(tx, "document"):
        project_document(tx, recorded)
    for recorded in _events_about(tx, "template"):
        project_words(tx, recorded)
    tables = _write_tables(tx, map(recorded_row, tx.stream(OF_TABLES)))
    tx.scalar("SELECT desk.look_at_sizes()")
    return tables


def rebuild_tables(tx: Transaction, tables: Sequence[UUID]) -> int:
    """Replay the log into the standings and tasks of these tables and return how many there are."""
    for cache in ("table_standing", "task"):
        tx.run(f"DELETE FROM desk.{cache} WHERE table_id = ANY(:tables)", tables=list(tables))  # noqa: S608 - as above
    return _write_tables(tx, map(recorded_row, tx.stream(OF_SOME, tables=list(tables))))


def caches_as_text(tx: Transaction) -> dict[str, list[str]]:
    """Return every row of the caches as text, to compare before and after."""
    return {name: [row["line"] for row in tx.rows(sql)] for name, sql in DUMP.items()}


def _events_about(tx: Transaction, *subjects: str) -> Iterable[Recorded]:
    return map(recorded_row, tx.rows(ABOUT, subjects=list(subjects)))


def _write_tables(tx: Transaction, events: Iterable[Recorded]) -> int:
    """Fold events, ordered by stream, and copy what they give batch by batch."""
    contents: dict[str, Mapping[str, Any]] = {}
    written = 0
    folded = _folded(events)
    while batch := list(islice(folded, BATCH)):
        for table, _ in batch:
            if table.content_hash and table.content_hash not in contents:
                contents[table.content_hash] = content_of(tx, table.content_hash)
        standings = [standing_row(table, contents.get(table.content_hash, {}), born.at) for table, born in batch]
        tx.copy(COPY_STANDING, ([row[name] for name in COLUMNS] for row in standings))
        tasks = [row for table, _ in batch for row in task_rows(table.id, table.desks)]
        tx.copy(COPY_TASKS, ([row[name] for name in TASK_COLUMNS] for row in tasks))
        written += len(batch)
    return written


def _folded(events: Iterable[Recorded]) -> Iterator[tuple[Table, Recorded]]:
    """Yield each table with its first event."""
    for table_id, of_table in groupby(events, key=lambda recorded: recorded.stream):
        history = list(of_table)
        yield replay(table_id, history), history[0]
