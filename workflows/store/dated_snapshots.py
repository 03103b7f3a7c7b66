"""The dated snapshots of all tables: one CSV and one XLSX file per day, kept as they were made."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from sqlalchemy import RowMapping

from workflows.errors import NotFound
from workflows.store.sealing import log_size
from workflows.store.transaction import Transaction

KEEP = """
INSERT INTO desk.dated_snapshot (day, format, log_size, rows, sha256, body, taken_at)
VALUES (:day, :format, :size, :rows, :hash, :body, :at) ON CONFLICT DO NOTHING"""


def keep_dated_snapshot(
    tx: Transaction, day: date, file_format: str, *, rows: int, body: bytes, size: int | None = None
) -> bool:
    """Keep a day's file (csv or xlsx) with the log's size that it shows; False where that day has one, which stays."""
    return tx.run(
        KEEP, day=day, format=file_format, size=log_size(tx) if size is None else size, rows=rows,
        hash=sha256(body).hexdigest(), body=body, at=tx.now(),
    ) == 1  # fmt: skip


def dated_snapshots(tx: Transaction) -> Sequence[RowMapping]:
    """Return what was kept, newest first, without the bytes."""
    sql = "SELECT day, format, log_size, rows, sha256, taken_at FROM desk.dated_snapshot ORDER BY day DESC, format"
    return tx.rows(sql)


def has_dated_snapshot(tx: Transaction, day: date) -> bool:
    """Whether the day's files were kept."""
    return bool(tx.scalar("SELECT count(*) = 2 FROM desk.dated_snapshot WHERE day = :day", day=day))


def dated_snapshot_bytes(tx: Transaction, day: date, file_format: str) -> bytes:
    """Return a kept file; NotFound if there is none."""
    sql = "SELECT body FROM desk.dated_snapshot WHERE day = :day AND format = :format"
    body = tx.scalar(sql, day=day, format=file_format)
    if body is None:
        raise NotFound
    return bytes(body)
