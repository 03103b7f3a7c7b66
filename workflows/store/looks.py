"""What each reader last saw of each table: the bookkeeping of the reader, not part of the log."""

from uuid import UUID

from workflows.last_look import Look
from workflows.store.transaction import Transaction

OF = "SELECT version, content_hash, at FROM desk.look WHERE person = :person AND table_id = :table"
KEEP = """
INSERT INTO desk.look (person, table_id, version, content_hash, at)
VALUES (:person, :table, :version, :content_hash, :at)
ON CONFLICT (person, table_id) DO UPDATE SET version = excluded.version, content_hash = excluded.content_hash,
  at = excluded.at
WHERE desk.look.at <= excluded.at AND desk.look.version <= excluded.version"""


def look_of(tx: Transaction, person: str, table_id: UUID) -> Look | None:
    """Return what a reader last saw of a table, None where he never opened it."""
    row = tx.row(OF, person=person, table=table_id)
    return Look(row["version"], row["content_hash"], row["at"]) if row else None


def keep_look(tx: Transaction, person: str, table_id: UUID, look: Look) -> None:
    """Remember a look; of two that come at once the newer one stays."""
    tx.run(KEEP, person=person, table=table_id, version=look.version, content_hash=look.content_hash, at=look.at)
