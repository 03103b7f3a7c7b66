"""The timers of tables as rows: set and cancelled with each append, leased when due, never sleeping tasks."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.clocks.timers import Chains, Timer, only_shipped, timers_of, usual_ladders
from workflows.folds.replay import Table
from workflows.state.standing import changed
from workflows.store.recording import Row, Staged, write
from workflows.store.transaction import Transaction
from workflows.workdays import Calendars

MOST_ATTEMPTS = 5
LONGEST_LEASE = 600.0
"""Seconds. A lease that seems to last longer was given before the host's clock went back: it counts as run out."""
LAPSED = f"""
(lease_until < clock_timestamp() OR lease_until > clock_timestamp() + make_interval(secs => {LONGEST_LEASE}))"""
LEASE = """
UPDATE desk.timer SET state = 'leased', attempts = attempts + 1,
  lease_until = clock_timestamp() + make_interval(secs => :seconds)
WHERE id = ANY(ARRAY(
  SELECT t.id FROM desk.timer t WHERE t.state = 'pending' AND t.next_at <= log.now() AND (
    SELECT true FROM desk.timer o
    WHERE o.stream_id = t.stream_id AND o.state IN ('pending', 'leased') AND o.next_at <= log.now()
      AND (o.due_at, o.id) < (t.due_at, t.id) LIMIT 1) IS NULL
  ORDER BY t.next_at, t.id FOR UPDATE OF t SKIP LOCKED LIMIT :limit))
RETURNING *"""
"""Of one table only the earliest: what follows it may be due before the next (a clock that jumped, a worker away)."""
HELD = "SELECT * FROM desk.timer WHERE id = :id AND state = 'leased' AND lease_until > clock_timestamp() FOR UPDATE"
NEXT = """
INSERT INTO desk.timer (id, stream_id, task, kind, dedupe_key, facts, due_at, next_at)
SELECT CAST(encode(substr(sha256(convert_to(k.key, 'UTF8')), 1, 16), 'hex') AS uuid), t.stream_id, t.task,
  n.one ->> 'kind', k.key, jsonb_build_object('provisional', n.one -> 'provisional', 'then', (t.facts -> 'then') - 0),
  CAST(n.one ->> 'due' AS timestamptz), CAST(n.one ->> 'due' AS timestamptz)
FROM touched t CROSS JOIN LATERAL (SELECT t.facts -> 'then' -> 0) AS n (one)
CROSS JOIN LATERAL (SELECT concat_ws(':', t.stream_id, t.task, n.one ->> 'kind')) AS k (key)
WHERE n.one IS NOT NULL ON CONFLICT DO NOTHING"""
"""Set what follows each timer `touched`: the rung after it, which knows the rest."""
TOUCHED = "WITH touched AS ({change} RETURNING *), next AS ({next}) SELECT count(*) FROM touched"
FIRED = TOUCHED.format(next=NEXT, change="""
UPDATE desk.timer SET state = 'fired', fires = fires + 1, done_at = :at, lease_until = NULL
WHERE id = :id AND state = 'leased'""")
FAILED = TOUCHED.format(next=NEXT, change="""
UPDATE desk.timer SET state = CASE WHEN attempts >= :most THEN 'dead' ELSE 'pending' END, last_error = :error,
  next_at = log.now() + make_interval(secs => :wait), lease_until = NULL
WHERE id = :id AND state = 'leased'""")
SWEEP = TOUCHED.format(next=NEXT, change=f"""
UPDATE desk.timer SET state = CASE WHEN attempts >= :most THEN 'dead' ELSE 'pending' END, lease_until = NULL,
  last_error = coalesce(last_error, 'lease expired')
WHERE state = 'leased' AND {LAPSED}""")  # noqa: S608 - words of this file


def stage_timers(
    staged: Staged, before: Table, after: Table, *, at: dt.datetime, calendars: Calendars = only_shipped,
    chains: Chains = usual_ladders,
) -> None:
    """Stage the timers that a table came to need; those whose reason is gone are cancelled with the same write.

    One row waits for each task: its first rung, which knows those after it. A rung sets the next one when it fires, and
    when it fails for the first time, so that no reminder depends on the one before it.
    """
    stream, still_open = str(after.id), {desk.task for desk in after.desks}
    lasting = changed(before, desks=tuple(desk for desk in before.desks if desk.task in still_open))
    known = {_key(stream, timer) for timer in timers_of(lasting, calendars, chains)}
    wanted = {_key(stream, timer): timer for timer in timers_of(after, calendars, chains)}
    staged.add("kept", {"stream": stream, "keys": list(wanted), "at": at})
    new = sorted((timer for key, timer in wanted.items() if key not in known), key=lambda timer: timer.due_at)
    ladders: dict[str, list[Timer]] = {}
    for timer in new:
        ladders.setdefault(timer.task, []).append(timer)
    staged.add("timers", *(_row(stream, first, then) for first, *then in ladders.values()))


def _row(stream: str, first: Timer, then: Sequence[Timer]) -> Row:
    return {
        "stream": stream, "task": first.task, "kind": first.kind, "key": _key(stream, first),
        "provisional": first.provisional, "due": first.due_at,
        "then": [{"kind": each.kind, "due": each.due_at, "provisional": each.provisional} for each in then],
    }  # fmt: skip


def set_timers(tx: Transaction, before: Table, after: Table) -> None:
    """Set the timers that a table came to need and cancel those whose reason is gone."""
    staged = Staged()
    stage_timers(staged, before, after, at=tx.now())
    write(tx, staged)


def _key(stream: str, timer: Timer) -> str:
    return f"{stream}:{timer.task}:{timer.kind}"


def lease_due(tx: Transaction, *, limit: int = 20, seconds: float = 30) -> Sequence[RowMapping]:
    """Take timers that are due by the log's clock, one of each table; the attempt is counted before it is tried."""
    return tx.rows(LEASE, limit=limit, seconds=min(seconds, LONGEST_LEASE))


def held_timer(tx: Transaction, timer_id: UUID) -> RowMapping | None:
    """Return a timer whose lease is valid, locked until the transaction ends; None where there is nothing to do."""
    return tx.row(HELD, id=timer_id)


def mark_fired(tx: Transaction, timer_id: UUID) -> bool:
    """Mark a timer as done and set the rung after it; False where somebody else did it."""
    return bool(tx.scalar(FIRED, id=timer_id, at=tx.now()))


def mark_timer_failed(tx: Transaction, timer_id: UUID, error: str, *, wait: float = 30) -> bool:
    """Put a timer back for a later attempt (seconds), or bury it after the fifth."""
    return bool(tx.scalar(FAILED, id=timer_id, error=error, wait=wait, most=MOST_ATTEMPTS))


def sweep_expired_timers(tx: Transaction) -> int:
    """Release timers whose holder vanished; dead after five attempts."""
    released: int = tx.scalar(SWEEP, most=MOST_ATTEMPTS)
    return released


def next_due(tx: Transaction) -> dt.datetime | None:
    """Return when the next waiting timer is due: how far a simulation may move its clock."""
    due: dt.datetime | None = tx.scalar("SELECT min(next_at) FROM desk.timer WHERE state = 'pending'")
    return due
