"""The timers: when a reminder, an overdue mark or the opening of a window is due; rows, never sleeping tasks."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy import RowMapping

from workflows.deadlines import START_OF_WORK, ladder
from workflows.replay import Desk, Table
from workflows.store.transaction import Transaction
from workflows.vocabulary import Stage
from workflows.workdays import BEIJING, Due, beijing_date

TIMERS = UUID("6b5f4c2e-4a0e-5c39-8f6e-52c0c4b0a1d7")
OVERDUE, OPEN_MONITORING, OPEN_SELF_EVALUATION = "overdue", "monitoring.open", "selfeval.open"
MOST_ATTEMPTS = 5
PUT = """
INSERT INTO desk.timer (id, stream_id, task, kind, dedupe_key, facts, due_at, next_at)
VALUES (:id, :stream, :task, :kind, :key, CAST(:facts AS jsonb), :due, :due) ON CONFLICT DO NOTHING"""
CANCEL = """
UPDATE desk.timer SET state = 'cancelled', done_at = :at
WHERE stream_id = :stream AND state IN ('pending', 'leased') AND NOT dedupe_key = ANY(:wanted)"""
LEASE = """
UPDATE desk.timer SET state = 'leased', attempts = attempts + 1,
  lease_until = clock_timestamp() + make_interval(secs => :seconds)
WHERE id IN (SELECT id FROM desk.timer WHERE state = 'pending' AND next_at <= log.now()
             ORDER BY next_at, id FOR UPDATE SKIP LOCKED LIMIT :limit)
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


@dataclass(frozen=True)
class Timer:
    """A moment at which something is due for a table: `task` is the desk's task, or the window's key."""

    task: str
    kind: str
    due_at: dt.datetime
    provisional: bool = False


def timers_wanted(table: Table) -> tuple[Timer, ...]:
    """Return every timer that the table's state asks for, past ones among them; a pure function."""
    if table.ended:
        return ()
    return (*(timer for desk in table.desks for timer in _of_desk(desk)), *_of_year(table))


def _of_desk(desk: Desk) -> Iterator[Timer]:
    if desk.due_at is None:
        return
    due_at, entered = dt.datetime.fromisoformat(desk.due_at), dt.datetime.fromisoformat(desk.entered_at)
    for rung in ladder(Due(beijing_date(due_at), desk.provisional, "")):
        if rung.fires_at > entered:
            yield Timer(desk.task, rung.code, rung.fires_at, rung.provisional)
    yield Timer(desk.task, OVERDUE, due_at, desk.provisional)


def _of_year(table: Table) -> Iterator[Timer]:
    if table.stage != Stage.MONITORING:
        return
    for window in table.windows:
        if window.state == "planned":
            yield Timer(window.window, OPEN_MONITORING, _morning(window.date))
    if table.self_evaluation_opens:
        yield Timer("selfeval", OPEN_SELF_EVALUATION, _morning(table.self_evaluation_opens))


def _morning(date: str) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(date[:10]), START_OF_WORK, BEIJING).astimezone(dt.UTC)


def set_timers(tx: Transaction, before: Table, after: Table) -> None:
    """Set the timers that a table came to need and cancel those whose reason is gone."""
    key_of = {timer: f"{after.id}:{timer.task}:{timer.kind}" for timer in timers_wanted(after)}
    known = set(timers_wanted(before))
    tx.run(CANCEL, stream=after.id, wanted=list(key_of.values()), at=tx.now())
    tx.run_each(
        PUT,
        [
            {"id": uuid5(TIMERS, key), "stream": after.id, "task": timer.task, "kind": timer.kind, "key": key,
             "facts": json.dumps({"provisional": timer.provisional}), "due": timer.due_at}
            for timer, key in key_of.items() if timer not in known
        ],
    )  # fmt: skip


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
