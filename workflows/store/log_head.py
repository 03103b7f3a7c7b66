"""The end of the log as an auditor looks at it: how long it is, when it was last sealed, its root, the kept notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.errors import LedgerRefused, NotInTheTree
from workflows.store.leaf_audit import root_of_leaves
from workflows.store.sealing import log_size
from workflows.store.transaction import Transaction
from workflows.store.tree import root_at

LAST_SEAL = "SELECT at FROM log.seal WHERE size > 0 ORDER BY seal_no DESC LIMIT 1"
WAITING = """
SELECT count(*) FROM log.event e WHERE e.event_id > coalesce((SELECT max(event_id) FROM log.leaf), 0)
  AND NOT EXISTS (SELECT FROM log.leaf l WHERE l.event_id = e.event_id)"""
NOTES = "SELECT size, root, note, created_at FROM log.checkpoint ORDER BY size DESC LIMIT :limit OFFSET :offset"
NOTE = "SELECT note FROM log.checkpoint WHERE size = :size"
FROM_PLACE = """
SELECT e.stream_id FROM log.leaf l JOIN log.event e USING (event_id)
WHERE l.log_index >= :index AND e.subject = 'table' ORDER BY l.log_index LIMIT 1"""

IS_TABLE = """
SELECT EXISTS (SELECT FROM log.event e JOIN log.leaf l USING (event_id)
               WHERE e.stream_id = :table AND e.subject = 'table')"""


@dataclass(frozen=True)
class LogHead:
    """Sealed events, the real time (UTC) of the last seal, how many wait for theirs; no root where some are gone."""

    size: int
    sealed_at: datetime | None
    root: bytes | None
    waiting: int


def log_head(tx: Transaction) -> LogHead:
    """Return where the log ends now."""
    size = log_size(tx)
    return LogHead(size, tx.scalar(LAST_SEAL), root_if_whole(tx, size), int(tx.scalar(WAITING)))


def root_if_whole(tx: Transaction, size: int, *, leaf_by_leaf: bool = False) -> bytes | None:
    """Return the root over the first `size` sealed events, None where some of them are not there (any more).

    It comes out of the kept tiles, in milliseconds; `leaf_by_leaf` trusts none of them and reads every leaf.
    """
    try:
        return root_of_leaves(tx, size) if leaf_by_leaf and size <= log_size(tx) else root_at(tx, size)
    except (LedgerRefused, NotInTheTree):
        return None


def newest_notes(tx: Transaction, limit: int, offset: int) -> Sequence[RowMapping]:
    """Return (size, root, note, created_at) of the notes that the database keeps, the largest first."""
    return tx.rows(NOTES, limit=limit, offset=offset)


def note_of_size(tx: Transaction, size: int) -> str | None:
    """Return the text of the note that the database keeps for a size."""
    note: str | None = tx.scalar(NOTE, size=size)
    return note


def table_from_place(tx: Transaction, index: int) -> UUID | None:
    """Return the table that the event at a place of the log is about, or the first one after it; None at the end."""
    table: UUID | None = tx.scalar(FROM_PLACE, index=index)
    return table


def is_sealed_table(tx: Transaction, table_id: UUID) -> bool:
    """Whether the log knows a table of this ID, with at least one event in the sealed order."""
    return bool(tx.scalar(IS_TABLE, table=table_id))
