"""The in-app inbox: what a person was told, newest first, and what of it is still unread."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.store.transaction import Transaction

NOTICES = """
SELECT * FROM desk.inbox WHERE recipient = :person ORDER BY created_at DESC, id LIMIT :limit OFFSET :offset"""
UNREAD_ONES = "SELECT FROM desk.inbox WHERE recipient = :person AND read_at IS NULL"
UNREAD = "SELECT count(*) FROM desk.inbox WHERE recipient = :person AND read_at IS NULL"
READ = "UPDATE desk.inbox SET read_at = :at WHERE recipient = :person AND id = :notice AND read_at IS NULL"
READ_ALL = "UPDATE desk.inbox SET read_at = :at WHERE recipient = :person AND read_at IS NULL"


def notices_for(tx: Transaction, person: str, *, limit: int = 50, offset: int = 0) -> Sequence[RowMapping]:
    """Return what a person was told."""
    return tx.rows(NOTICES, person=person, limit=limit, offset=offset)


def count_unread(tx: Transaction, person: str) -> int:
    """Return how many notices the person has not read."""
    return int(tx.scalar(UNREAD, person=person))


def mark_read(tx: Transaction, person: str, notice: UUID | None = None) -> int:
    """Mark one of the person's notices as read, or all of them; return how many were unread."""
    if notice is None:
        return tx.run(READ_ALL, person=person, at=tx.now())
    return tx.run(READ, person=person, notice=notice, at=tx.now())
