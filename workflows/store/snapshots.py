"""Snapshots of tables: a table's state at a version, believed only while the log has that head at that version."""

import json
from collections.abc import Sequence
from uuid import UUID

from workflows.folds.replay import Table, apply, from_json, to_json
from workflows.store.folding import code_version
from workflows.store.standing import read_state
from workflows.store.streams import history_of, lock_stream
from workflows.store.transaction import Transaction

BELIEVED = """
SELECT s.state FROM desk.snapshot s
JOIN log.event e ON e.stream_id = s.stream_id AND e.version = s.version AND e.leaf_hash = s.head
WHERE s.stream_id = :stream AND s.code = :code"""
STANDS = """EXISTS (
  SELECT FROM log.event e WHERE e.stream_id = s.stream_id AND e.version = s.version AND e.leaf_hash = s.head)"""
"""Whether the log has the head of snapshot `s` at its version."""
BEHIND = f"""
SELECT t.table_id FROM desk.table_standing t LEFT JOIN desk.snapshot s ON s.stream_id = t.table_id
WHERE s.stream_id IS NULL OR s.code <> :code OR t.version >= s.version + :every OR NOT {STANDS}
ORDER BY t.table_id LIMIT :limit"""  # noqa: S608 - names of this file
PUT = f"""
INSERT INTO desk.snapshot AS s (stream_id, version, head, code, state, taken_at)
VALUES (:stream, :version, :head, :code, CAST(:state AS jsonb), :at)
ON CONFLICT (stream_id) DO UPDATE SET version = excluded.version, head = excluded.head, code = excluded.code,
  state = excluded.state, taken_at = excluded.taken_at
WHERE s.version < excluded.version OR s.code <> excluded.code OR NOT {STANDS}"""  # noqa: S608 - names of this file


def table_now(tx: Transaction, table_id: UUID) -> Table:
    """Return the table as it stands: its snapshot and the events after it, or all of its events."""
    state = tx.scalar(BELIEVED, stream=table_id, code=code_version())
    table = from_json(read_state(state)) if state else Table(table_id)
    for recorded in history_of(tx, table_id, after=table.version):
        table = apply(table, recorded)
    return table


def tables_behind(tx: Transaction, *, every: int = 10, limit: int = 100) -> Sequence[UUID]:
    """Return tables whose snapshot is missing, of other code, or at least `every` events old."""
    return [row["table_id"] for row in tx.rows(BEHIND, code=code_version(), every=every, limit=limit)]


def take_snapshot(tx: Transaction, table_id: UUID) -> int:
    """Keep the table's state as it stands and return its version; an older one never replaces a newer one.

    The stream's lock keeps out an erasure that would go on beside it and leave the words in the snapshot.
    """
    lock_stream(tx, table_id)
    table = table_now(tx, table_id)
    state = json.dumps(to_json(table), ensure_ascii=False)
    tx.run(
        PUT, stream=table_id, version=table.version, head=bytes.fromhex(table.head), code=code_version(), state=state,
        at=tx.now(),
    )  # fmt: skip
    return table.version
