"""Letters as operators and receivers look at them: by state, what each attempt gave, and one sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.store.transaction import Transaction

LISTED = """
SELECT o.*, coalesce(a.name, o.recipient) AS receiver
FROM desk.outbox o LEFT JOIN desk.account a ON a.person = o.recipient
WHERE o.state = ANY(:states) AND (:channel = '' OR o.channel = :channel)
ORDER BY o.created_at DESC, o.id LIMIT :limit OFFSET :offset"""
OF_RECEIVER = """
SELECT * FROM desk.outbox WHERE recipient = :person ORDER BY created_at DESC, id LIMIT :limit OFFSET :offset"""
COUNTS = """
SELECT channel, state, count(*) AS n, min(created_at) AS oldest FROM desk.outbox
WHERE state NOT IN ('sent', 'dropped') GROUP BY channel, state ORDER BY channel, state"""
ATTEMPTS = "SELECT * FROM desk.notice_log WHERE outbox_id = ANY(:ids) ORDER BY at, attempt"
AGAIN = """
INSERT INTO desk.outbox (id, log_stream, version, kind, recipient, channel, dedupe_key, task, facts, rendered, next_at,
  created_at, class, urgent)
SELECT :again, log_stream, version, kind, recipient, channel, dedupe_key || ':' || CAST(:again AS text), task, facts,
  rendered, :now, :now, class, true
FROM desk.outbox WHERE id = :id AND (state IN ('sent', 'dead')
                    OR (state = 'dropped' AND coalesce(answer, '') NOT LIKE :again_before))
ON CONFLICT DO NOTHING"""
REPLACED = "UPDATE desk.outbox SET state = 'dropped', answer = :why, done_at = :now WHERE id = :id AND state = 'dead'"
PLACE = """
SELECT coalesce((SELECT e.subject FROM log.event e WHERE e.stream_id = :stream AND e.version = 1), '') AS subject,
  coalesce((SELECT k.node FROM desk.task k WHERE k.table_id = :stream AND k.task = :task), '') AS node"""
SENT_AGAIN = "已重发"


@dataclass(frozen=True)
class Place:
    """What a letter speaks of: a stream with its subject, and the node of its task while that is open."""

    stream: UUID
    subject: str
    node: str


def letters_in(
    tx: Transaction, states: Sequence[str], *, channel: str = "", limit: int = 50, offset: int = 0
) -> Sequence[RowMapping]:
    """Return letters in these states, newest first, with their receivers' names."""
    return tx.rows(LISTED, states=list(states), channel=channel, limit=limit, offset=offset)


def letters_for(tx: Transaction, person: str, *, limit: int = 50, offset: int = 0) -> Sequence[RowMapping]:
    """Return what was or is to be sent to a person, on every channel, newest first."""
    return tx.rows(OF_RECEIVER, person=person, limit=limit, offset=offset)


def letter_of(tx: Transaction, letter: UUID) -> RowMapping | None:
    """Return one letter."""
    return tx.row("SELECT * FROM desk.outbox WHERE id = :id", id=letter)


def letter_locked(tx: Transaction, letter: UUID) -> RowMapping | None:
    """Return one letter and keep it as it is until the transaction ends."""
    return tx.row("SELECT * FROM desk.outbox WHERE id = :id FOR UPDATE", id=letter)


def dead_letters(tx: Transaction, channel: str = "", *, limit: int = 1_000) -> Sequence[RowMapping]:
    """Return what was given up, newest first."""
    return letters_in(tx, ("dead",), channel=channel, limit=limit)


def unsent_counts(tx: Transaction) -> Sequence[RowMapping]:
    """Return how many letters of each channel are in each state that is not the end, with the oldest's time."""
    return tx.rows(COUNTS)


def attempts_of(tx: Transaction, letters: Sequence[UUID]) -> Sequence[RowMapping]:
    """Return what each attempt at these letters gave, oldest first."""
    return tx.rows(ATTEMPTS, ids=list(letters))


def send_again(tx: Transaction, letter: UUID, again: UUID) -> bool:
    """Put a copy of a finished letter into the outbox; a dead one is dead no more. False where it is not finished."""
    made = tx.run(AGAIN, id=letter, again=again, now=tx.now(), again_before=f"{SENT_AGAIN}%") == 1
    if made:
        tx.run(REPLACED, id=letter, why=f"{SENT_AGAIN}：{again}", now=tx.now())
    return made


def place_of(tx: Transaction, letter: RowMapping) -> Place:
    """Return what a letter speaks of, as it is now."""
    found = tx.row(PLACE, stream=letter["log_stream"], task=letter["task"])
    return Place(letter["log_stream"], found["subject"] if found else "", found["node"] if found else "")
