"""The timers of tables as rows: set and cancelled with each append, leased when due, never sleeping tasks."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.replay import Table
from workflows.store.recording import Staged, write
from workflows.store.transaction import Transaction
from workflows.timers import Timer, timers_of

MOST_ATTEMPTS = 5
LEASE = """
UPDATE desk.timer SET state = 'leased', attempts = attempts + 1,
  lease_until = clock_timestamp() + make_interval(secs => :seconds)
WHERE id = ANY(ARRAY(SELECT id FROM desk.timer WHERE state = 'pending' AND next_at <= log.now()
                      ORDER BY next_at, id FOR UPDATE SKIP LOCKED LIMIT :limit))
RETURNING *"""
HELD = "SELECT * FROM desk.timer WHERE id = :id AND state = 'leased' AND lease_until > clock_timestamp() FOR UPDATE"
FIRED = """
UPDATE desk.timer SET state = 'fired', fires = fires + 1, done_at = :at, lease_until = NULL
WHERE id = :id AND state = 'leased'"""
FAILED = """
UPDATE desk.timer SET state = CASE WHEN attempts >= :most THEN 'dead' ELSE 'pending' END, last_error = :error,
  next_at = log.now() + make_interval(secs => :wait), lease_until = NULL
WHERE id = :id AND state = 'leased'"""
SWEEP = """
UPDATE desk.timer SET state = CASE WHEN attempts >= :most THEN 'dead' ELSE 'pending' END, lease_until = NULL,
  last_error = coalesce(last_error, 'lease expired')
WHERE state = 'leased' AND lease_until < clock_timestamp()"""


def stage_timers(staged: Staged, before: Table, after: Table, *, at: dt.datetime) -> None:
    """Stage the timers that a table came to need; those whose reason is gone are cancelled with the same write."""
    known = {_key(after, timer) for timer in timers_of(before)}
    wanted = {_key(after, timer): timer for timer in timers_of(after)}
    staged.add("kept", {"stream": after.id, "keys": list(wanted), "at": at})
    staged.add(
        "timers",
        *(
            {"stream": after.id, "task": timer.task, "kind": timer.kind, "key": key,
             "provisional": timer.provisional, "due": timer.due_at}
            for key, timer in wanted.items() if key not in known
        ),
    )  # fmt: skip


def set_timers(tx: Transaction, before: Table, after: Table) -> None:
    """Set the timers that a table came to need and cancel those whose reason is gone."""
    staged = Staged()
    stage_timers(staged, before, after, at=tx.now())
    write(tx, staged)


def _key(table: Table, timer: Timer) -> str:
    return f"{table.id}:{timer.task}:{timer.kind}"


def lease_due(tx: Transaction, *, limit: int = 20, seconds: float = 30) -> Sequence[RowMapping]:
    """Take timers that are due by the log's clock; the attempt is counted before anything is tried."""
    return tx.rows(LEASE, limit=limit, seconds=seconds)


def held_timer(tx: Transaction, timer_id: UUID) -> RowMapping | None:
    """Return a timer whose lease is valid, locked until the transaction ends; None where there is nothing to do."""
    return tx.row(HELD, id=timer_id)


def mark_fired(tx: Transaction, timer_id: UUID) -> bool:
    """Mark a timer as done; False where somebody else did it."""
    return tx.run(FIRED, id=timer_id, at=tx.now()) == 1


def mark_timer_failed(tx: Transaction, timer_id: UUID, error: str, *, wait: float = 30) -> bool:
    """Put a timer back for a later attempt (seconds), or bury it after the fifth."""
    return tx.run(FAILED, id=timer_id, error=error, wait=wait, most=MOST_ATTEMPTS) == 1


def sweep_expired_timers(tx: Transaction) -> int:
    """Release timers whose holder vanished; dead after five attempts."""
    return tx.run(SWEEP, most=MOST_ATTEMPTS)


def next_due(tx: Transaction) -> dt.datetime | None:
    """Return when the next waiting timer is due: how far a simulation may move its clock."""
    due: dt.datetime | None = tx.scalar("SELECT min(next_at) FROM desk.timer WHERE state = 'pending'")
    return due
