"""Rows that are held: until the quiet is over, or until half past eight, when they become one letter."""

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.delivery.morning import KEY, Gathered, morning_letter
from workflows.store.transaction import Transaction
from workflows.store.work import reason_holds
from workflows.workdays import beijing_date

HOLD = """
UPDATE desk.outbox SET state = 'held', attempts = attempts - 1, lease_until = NULL, next_at = :until, gathers = :gathers
WHERE id = :id AND state = 'leased'"""
DUE = """
SELECT * FROM desk.outbox WHERE state = 'held' AND gathers AND next_at <= :now
ORDER BY recipient, channel, created_at, id LIMIT :limit FOR UPDATE SKIP LOCKED"""
DESK = """
SELECT count(*) AS waiting, count(*) FILTER (WHERE k.overdue) AS overdue FROM desk.task k
WHERE (k.person IS NULL OR k.person = :person) AND k.claimed_by IN ('', :person)
  AND EXISTS (SELECT FROM desk.post p WHERE p.person = :person AND p.role = k.role AND p.organ = k.organ
                AND p.to_at IS NULL)"""
PUT = """
INSERT INTO desk.outbox (id, log_stream, version, kind, recipient, channel, dedupe_key, facts, rendered, next_at,
  created_at, class, urgent)
SELECT encode(substr(sha256(convert_to(:key, 'UTF8')), 1, 16), 'hex')::uuid, :stream, :version, :kind, :person,
  :channel, :key, '{}', CAST(:rendered AS jsonb), :now, :now, 'system', true
ON CONFLICT DO NOTHING"""
GATHERED = """
UPDATE desk.outbox SET state = 'dropped', answer = :why, done_at = :now, lease_until = NULL WHERE id = ANY(:ids)"""
LOG = """
INSERT INTO desk.notice_log (outbox_id, attempt, channel, recipient, outcome, detail, at)
SELECT id, attempts, channel, recipient, 'dropped', :why, :now FROM desk.outbox WHERE id = ANY(:ids)
ON CONFLICT DO NOTHING"""
IN_THE_LETTER = "已并入每日汇总"
MOST_AT_ONCE = 2_000


def hold(tx: Transaction, outbox_id: UUID, until: datetime, *, gathers: bool) -> bool:
    """Hold a leased row back until a moment, untried; `gathers` for the morning's letter."""
    return tx.run(HOLD, id=outbox_id, until=until, gathers=gathers) == 1


def gather_mornings(tx: Transaction, *, gone: str) -> int:
    """Turn what gathered and is due into one letter for each receiver and channel; return how many rows went in.

    What speaks of a task that is gone is dropped for the reason `gone`; the letter is rendered here, once.
    """
    rows = tx.rows(DUE, now=tx.now(), limit=MOST_AT_ONCE)
    for (person, channel), of_person in groupby(rows, key=lambda row: (row["recipient"], row["channel"])):
        _letter(tx, person, channel, list(of_person), gone)
    return len(rows)


def _letter(tx: Transaction, person: str, channel: str, rows: Sequence[RowMapping], gone: str) -> None:
    said = [row for row in rows if reason_holds(tx, row)]
    _finish(tx, [row["id"] for row in rows if row not in said], gone)
    _finish(tx, [row["id"] for row in said], IN_THE_LETTER)
    if not said:
        return
    counts = tx.row(DESK, person=person)
    gathered = [Gathered(row["rendered"]["subject"], row["rendered"]["text"]) for row in said]
    day = beijing_date(tx.now())
    rendered = morning_letter(
        day, gathered, waiting=counts["waiting"] if counts else 0, overdue=counts["overdue"] if counts else 0
    )
    tx.run(
        PUT, key=f"{KEY}:{said[0]['id']}", stream=said[0]["log_stream"], version=said[0]["version"], kind=KEY,
        person=person, channel=channel, rendered=json.dumps(rendered, ensure_ascii=False), now=tx.now(),
    )  # fmt: skip


def _finish(tx: Transaction, ids: Sequence[UUID], why: str) -> None:
    if ids:
        tx.run(LOG, ids=list(ids), why=why, now=tx.now())
        tx.run(GATHERED, ids=list(ids), why=why, now=tx.now())
