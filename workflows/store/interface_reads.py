"""What only the REST interface asks: the sealed feed of a reader's tables, lists cut at a row that was seen."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.store.event_rows import recorded_row
from workflows.store.scopes import VISIBLE, scope_values, visible_to
from workflows.store.sealing import Sealed
from workflows.store.streams import TEXTS
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

VISIBLE_AMONG = f"""
SELECT t.table_id FROM desk.table_standing t WHERE t.table_id = ANY(:tables) AND {VISIBLE}"""  # noqa: S608 - names of the store
NOTICES = """
SELECT * FROM desk.inbox WHERE recipient = :person
  AND (CAST(:at AS timestamptz) IS NULL OR created_at < :at OR (created_at = :at AND id > CAST(:id AS uuid)))
ORDER BY created_at DESC, id LIMIT :limit"""
BEHIND = 20_000
"""Sealed events that one question of the feed looks through at most, so that a reader of few tables waits not long."""


def visible_among(tx: Transaction, actor: Actor, tables: Collection[UUID]) -> frozenset[UUID]:
    """Return which of these tables the person may read."""
    rows = tx.rows(VISIBLE_AMONG, tables=list(tables), **scope_values(actor))
    return frozenset(row["table_id"] for row in rows)


def feed_for(tx: Transaction, actor: Actor, after: int, *, limit: int) -> tuple[Sequence[Sealed], int]:
    """Return the sealed events of tables that the person may read after a place (-1: all), and where to go on.

    Where nothing readable lies in the next 20,000 places, the list is empty and the place moves on.
    """
    sql = f"""
SELECT l.log_index, e.body, e.leaf_hash, {TEXTS}
FROM log.leaf l JOIN log.event e USING (event_id) JOIN desk.table_standing t ON t.table_id = e.stream_id
WHERE l.log_index > :after AND l.log_index <= :until AND e.subject = 'table' AND {visible_to(actor)}
ORDER BY l.log_index LIMIT :limit"""  # noqa: S608 - names of the store
    newest = int(tx.scalar("SELECT coalesce(max(log_index), -1) FROM log.leaf"))
    until = min(newest, after + BEHIND)
    rows = tx.rows(sql, after=after, until=until, limit=limit, **scope_values(actor))
    found = [Sealed(row["log_index"], recorded_row(row)) for row in rows]
    return found, found[-1].log_index if len(found) == limit else max(after, until)


def notices_after(
    tx: Transaction, person: str, at: datetime | None, notice: UUID | None, *, limit: int
) -> Sequence[RowMapping]:
    """Return the person's messages that follow one (its moment and ID; None: from the newest)."""
    return tx.rows(NOTICES, person=person, at=at, id=notice, limit=limit)


def documents_after(
    tx: Transaction, actor: Actor, at: datetime | None, document: UUID | None, *, limit: int
) -> Sequence[RowMapping]:
    """Return the documents with a table that the person may read that follow one, newest first; `visible`: tables."""
    sql = f"""
SELECT d.*, count(t.table_id) AS visible FROM desk.document d JOIN desk.table_standing t ON t.document = d.document_id
WHERE {visible_to(actor)} AND (CAST(:at AS timestamptz) IS NULL OR d.filed_at < :at
  OR (d.filed_at = :at AND d.document_id > CAST(:id AS uuid)))
GROUP BY d.document_id ORDER BY d.filed_at DESC, d.document_id LIMIT :limit"""  # noqa: S608 - names of the store
    return tx.rows(sql, **scope_values(actor), at=at, id=document, limit=limit)
