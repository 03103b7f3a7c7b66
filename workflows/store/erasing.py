"""What may still be erased beside the log, and how it goes: from the payloads, the caches, the notices, the drafts."""

from collections.abc import Sequence
from uuid import UUID

from workflows.errors import NotFound
from workflows.events import ERASED, ErasureRequested, PayloadErased, Recorded
from workflows.folds.replay import Table, replay
from workflows.journal import Erasable
from workflows.ledger.canonical import read
from workflows.rights.permissions import ASKS_TO_ERASE, CONFIRMS_ERASURE, guarding_posts
from workflows.store.event_rows import COMMITTED, recorded_row
from workflows.store.queries import table_in
from workflows.store.standing import project_table
from workflows.store.streams import EVENTS, history_of
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

ERASABLE = """
SELECT e.version, e.kind, e.body, encode(p.commitment, 'hex') AS commitment,
  CASE WHEN p.kind = 'text' THEN convert_from(p.body, 'UTF8') END AS words
FROM log.payload p JOIN log.event e USING (stream_id, version) WHERE p.stream_id = :stream
ORDER BY e.version, p.kind DESC, p.commitment"""
DOOMED = """
SELECT p.version, CASE WHEN p.kind = 'text' THEN convert_from(p.body, 'UTF8') END AS words
FROM log.payload p WHERE p.stream_id = :stream AND p.commitment = ANY(:targets)"""
NOTICES = """
UPDATE desk.outbox SET rendered = jsonb_build_object('subject', CAST(:neutral AS text), 'text', CAST(:neutral AS text))
WHERE log_stream = :stream AND (version = ANY(:versions) OR EXISTS (
  SELECT FROM unnest(CAST(:words AS text[])) AS w (said)
  WHERE position(w.said IN concat(rendered ->> 'subject', ' ', rendered ->> 'text')) > 0))"""
INBOX = """
UPDATE desk.inbox SET subject = :neutral, sentence = :neutral
WHERE stream_id = :stream AND (version = ANY(:versions) OR EXISTS (
  SELECT FROM unnest(CAST(:words AS text[])) AS w (said)
  WHERE position(w.said IN concat(subject, ' ', sentence)) > 0))"""
WAITING = f"""{EVENTS}
WHERE e.kind = 'erasure.requested' AND e.actor_id IN (SELECT person FROM desk.post WHERE role = ANY(:roles))
  AND NOT EXISTS (SELECT FROM log.event d WHERE d.stream_id = e.stream_id AND d.version > e.version)
ORDER BY e.event_id"""  # noqa: S608 - names of the store
NEUTRAL = f"此通知涉及的内容已依法删除。{ERASED}"


def erasable_of(tx: Transaction, stream: UUID) -> tuple[Erasable, ...]:
    """Return the words and files that still lie beside a stream's events, oldest first."""
    return tuple(
        Erasable(
            row["version"], row["kind"], _field_of(bytes(row["body"]), row["commitment"]), row["commitment"],
            row["words"],
        )
        for row in tx.rows(ERASABLE, stream=stream)
    )  # fmt: skip


def _field_of(body: bytes, commitment: str) -> str:
    """Return the field in which an event says a commitment."""
    data: dict[str, object] = read(body)["data"]
    return next(name for name, value in data.items() if value in (commitment, {COMMITTED: commitment}))


def erase_from(tx: Transaction, table_id: UUID) -> int:
    """Erase what a locked table's events of kind payload.erased name, and every copy that the desk kept of it."""
    history = history_of(tx, table_id)
    targets = [bytes.fromhex(t) for each in history if isinstance(each.fact, PayloadErased) for t in each.fact.targets]
    doomed = tx.rows(DOOMED, stream=table_id, targets=targets)
    gone = int(tx.scalar("SELECT log.erase_payloads(:stream)", stream=table_id))
    _project_anew(tx, table_id)
    about = {
        "stream": table_id, "versions": sorted({row["version"] for row in doomed}),
        "words": sorted({row["words"] for row in doomed if row["words"]}), "neutral": NEUTRAL,
    }  # fmt: skip
    tx.run(NOTICES, **about)
    tx.run(INBOX, **about)
    return gone


def _project_anew(tx: Transaction, table_id: UUID) -> None:
    """Drop the table's snapshot and write its standing from the log as it is now; an ended table's draft goes too."""
    tx.run("DELETE FROM desk.snapshot WHERE stream_id = :stream", stream=table_id)
    history = history_of(tx, table_id)
    table = replay(table_id, history)
    project_table(tx, table, created_at=history[0].at)
    if table.ended:
        tx.run("DELETE FROM desk.draft WHERE table_id = :table", table=table_id)


def waiting_erasures(tx: Transaction) -> Sequence[Recorded]:
    """Return the requests that wait for a second person, oldest first.

    The index over actors finds them: only who holds or held a post that may ask has asked.
    """
    return [recorded_row(row) for row in tx.rows(WAITING, roles=[str(role) for role in ASKS_TO_ERASE])]


def erasures_waiting_for(tx: Transaction, actor: Actor) -> list[Recorded]:
    """Return the waiting requests about tables that the person guards, one's own among them."""
    return [
        each for each in waiting_erasures(tx)
        if isinstance(each.fact, ErasureRequested)
        and guarding_posts(actor, table_guarded(tx, UUID(each.fact.table)), CONFIRMS_ERASURE)
    ]  # fmt: skip


def table_guarded(tx: Transaction, table_id: UUID) -> Table:
    """Return a table for those who guard it without reading it; NotFound where there is none."""
    row = tx.row("SELECT * FROM desk.table_standing WHERE table_id = :table", table=table_id)
    if row is None:
        raise NotFound(table=str(table_id))
    return table_in(tx, row)
