"""The outbox: who is to be told, written with the event; leased, sent and marked by workers, attempts counted first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.delivery.classes import class_of, is_urgent, key_of
from workflows.delivery.short import short_text, term_of
from workflows.delivery.values import values_of, values_of_event
from workflows.delivery.wording import LINK
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.store.campaign_coverage import lapsed_among
from workflows.store.recording import Row, write_notices
from workflows.store.timers import LAPSED, LONGEST_LEASE
from workflows.store.transaction import Transaction
from workflows.words.notices import Notice, told_of

MOST_ATTEMPTS = 7
"""With waits of 10 s, 1 min, 6 min, 36 min, 3.6 h and 12 h between them."""
LEASE = """
UPDATE desk.outbox SET state = 'leased', attempts = attempts + 1,
  lease_until = clock_timestamp() + make_interval(secs => :seconds)
WHERE id = ANY(ARRAY(
  SELECT o.id FROM desk.outbox o
  WHERE o.state IN ('pending', 'uncertain', 'held') AND o.next_at <= log.now() AND NOT o.gathers
    AND NOT EXISTS (SELECT FROM desk.channel_rest r WHERE r.channel = o.channel AND r.rests_until > log.now())
  ORDER BY o.next_at, o.id FOR UPDATE SKIP LOCKED LIMIT :limit))
RETURNING *"""
"""A channel that rests keeps its rows as they are; what gathers for the morning goes out in one letter."""
HELD = """
SELECT * FROM desk.outbox WHERE id = :id AND state = 'leased' AND lease_until > clock_timestamp() FOR UPDATE"""
SENDING = """
UPDATE desk.outbox SET state = 'sending' WHERE id = :id AND state = 'leased' AND lease_until > clock_timestamp()"""
DONE = """
UPDATE desk.outbox SET state = :state, answer = :detail, done_at = :at, lease_until = NULL
WHERE id = :id AND state IN ('leased', 'sending')"""
FAILED = """
UPDATE desk.outbox SET state = CASE WHEN attempts >= :most THEN 'dead' ELSE 'pending' END, last_error = :detail,
  next_at = log.now() + make_interval(secs => :wait), lease_until = NULL
WHERE id = :id AND state IN ('leased', 'sending')"""
SWEEP = f"""
UPDATE desk.outbox SET
  state = CASE WHEN attempts >= :most OR (state = 'sending' AND repeated) THEN 'dead'
               WHEN state = 'sending' THEN 'uncertain' ELSE 'pending' END,
  repeated = repeated OR state = 'sending', lease_until = NULL, last_error = coalesce(last_error, 'lease expired')
WHERE state IN ('leased', 'sending') AND {LAPSED}"""  # noqa: S608 - words of this package
LOG = """
INSERT INTO desk.notice_log (outbox_id, attempt, channel, recipient, outcome, detail, at)
SELECT id, attempts, channel, recipient, :outcome, :detail, :at FROM desk.outbox WHERE id = :id
ON CONFLICT DO NOTHING"""
DELIVER_ALL = """
WITH held AS (
  SELECT o.*, o.task IS NULL OR (o.task LIKE 'campaign:%' AND NOT o.id = ANY(:lapsed)) OR EXISTS (
    SELECT FROM desk.task k WHERE k.table_id = o.log_stream AND k.task = o.task) OR EXISTS (
    SELECT FROM desk.document d WHERE d.document_id = o.log_stream AND o.task = 'part:' || d.part_clock) AS holds
  FROM desk.outbox o WHERE o.id = ANY(:ids) AND o.state = 'leased' AND o.lease_until > clock_timestamp() FOR UPDATE OF o
), logged AS (
  INSERT INTO desk.notice_log (outbox_id, attempt, channel, recipient, outcome, detail, at)
  SELECT h.id, h.attempts, h.channel, h.recipient, CASE WHEN h.holds THEN 'sent' ELSE 'dropped' END,
    CASE WHEN h.holds THEN 'inbox' ELSE :gone END, CAST(:at AS timestamptz)
  FROM held h ON CONFLICT DO NOTHING
), put AS (
  INSERT INTO desk.inbox (id, recipient, stream_id, version, kind, subject, sentence, created_at)
  SELECT h.id, h.recipient, h.log_stream, h.version, h.kind, h.rendered ->> 'subject',
    replace(h.rendered ->> 'text', :link, '（见本消息的链接）'),
    CAST(:at AS timestamptz)
  FROM held h WHERE h.holds ON CONFLICT DO NOTHING
)
UPDATE desk.outbox o SET state = CASE WHEN h.holds THEN 'sent' ELSE 'dropped' END,
  answer = CASE WHEN h.holds THEN 'inbox' ELSE :gone END, done_at = CAST(:at AS timestamptz), lease_until = NULL
FROM held h WHERE o.id = h.id AND o.id = ANY(:ids)"""


ABOUT_A_TASK = frozenset({"node.entered", "task.overdue", "task.escalated"})
"""Kinds whose notices lose their reason once the task is closed."""


def notices_of(recorded: Recorded, before: Table, after: Table, *, at: datetime) -> list[Row]:
    """Return the rows of an event's notices; the write finds the persons whom each reaches, on every channel."""
    task = getattr(recorded.fact, "task", None) if recorded.kind in ABOUT_A_TASK else None
    told = told_of(recorded, before, after)
    known = values_of_event(recorded, before, after) if told else {}
    return [
        notice_row(notice, stream=recorded.stream, version=recorded.version, task=task, at=at, known=known)
        for notice in told
    ]


def notice_row(
    notice: Notice, *, stream: UUID, version: int, task: str | None, at: datetime,
    known: Mapping[str, str] = MappingProxyType({}),
) -> Row:  # fmt: skip
    """Return a notice as the write takes it: in the words that ship, what the bureau's own words need, and in short."""
    key, of_class, said = key_of(notice.template), class_of(notice.template), values_of(notice, known)
    return {
        "stream": stream, "version": version, "template": notice.template, "person": notice.to.person,
        "role": notice.to.role, "organ": notice.to.organ, "task": task,
        "rendered": {"subject": notice.subject, "text": notice.text}, "at": at,
        "key": key, "said": said, "short": short_text(key, notice.subject, term_of(said), of_class),
        "class": of_class.value, "urgent": is_urgent(notice.template),
    }  # fmt: skip


def put_notice(
    tx: Transaction, notice: Notice, *, stream: UUID, version: int, task: str | None = None,
    known: Mapping[str, str] = MappingProxyType({}),
) -> None:  # fmt: skip
    """Write a notice's outbox rows; the same notice of the same version again changes nothing."""
    write_notices(tx, [notice_row(notice, stream=stream, version=version, task=task, at=tx.now(), known=known)])


def deliver_all_to_inboxes(tx: Transaction, outbox_ids: Sequence[UUID], *, gone: str) -> int:
    """Put leased notices into their receivers' inboxes, exactly once, in one statement; return how many were finished.

    Those whose task is no longer open, or whose unit has filed, are dropped for the reason `gone`; those whose lease is
    lost are left alone.
    """
    lapsed = lapsed_among(tx, outbox_ids)
    return tx.run(DELIVER_ALL, ids=list(outbox_ids), lapsed=lapsed, gone=gone, link=LINK, at=tx.now())


def lease(tx: Transaction, *, limit: int = 20, seconds: float = 30) -> Sequence[RowMapping]:
    """Take waiting rows for a while; the attempt is counted before anything is tried."""
    return tx.rows(LEASE, limit=limit, seconds=min(seconds, LONGEST_LEASE))


def held(tx: Transaction, outbox_id: UUID) -> RowMapping | None:
    """Return a row whose lease is valid, locked until the transaction ends; None where there is nothing to do."""
    return tx.row(HELD, id=outbox_id)


def mark_sending(tx: Transaction, outbox_id: UUID) -> bool:
    """Say, before speaking to a server, that the outcome is open from now on."""
    return tx.run(SENDING, id=outbox_id) == 1


def mark_sent(tx: Transaction, outbox_id: UUID, answer: str = "") -> bool:
    """Mark a row as sent with the server's answer; False where somebody else finished it."""
    return _done(tx, outbox_id, "sent", answer)


def mark_dropped(tx: Transaction, outbox_id: UUID, why: str) -> bool:
    """Mark a row whose reason no longer holds (the task is decided, the person has no address)."""
    return _done(tx, outbox_id, "dropped", why)


def mark_failed(tx: Transaction, outbox_id: UUID, error: str, *, wait: float = 30) -> bool:
    """Put a row back for a later attempt (seconds), or bury it after the seventh."""
    _log(tx, outbox_id, "failed", error)
    return tx.run(FAILED, id=outbox_id, detail=error, wait=wait, most=MOST_ATTEMPTS) == 1


def deliver_to_inbox(tx: Transaction, outbox_id: UUID) -> bool:
    """Put one leased notice into its receiver's inbox, exactly once, or drop it; False where there is nothing to do."""
    return deliver_all_to_inboxes(tx, [outbox_id], gone="") == 1


def sweep_expired(tx: Transaction) -> int:
    """Release rows whose holder vanished: to be repeated; once if a letter may have left already; dead after seven."""
    return tx.run(SWEEP, most=MOST_ATTEMPTS)


def counts_by_state(tx: Transaction) -> dict[str, int]:
    """Return how many rows are in each state."""
    return {row["state"]: row["n"] for row in tx.rows("SELECT state, count(*) AS n FROM desk.outbox GROUP BY state")}


def _done(tx: Transaction, outbox_id: UUID, state: str, detail: str) -> bool:
    _log(tx, outbox_id, state, detail)
    return tx.run(DONE, id=outbox_id, state=state, detail=detail, at=tx.now()) == 1


def _log(tx: Transaction, outbox_id: UUID, outcome: str, detail: str) -> None:
    tx.run(LOG, id=outbox_id, outcome=outcome, detail=detail, at=tx.now())
