"""The questions about the operators' traces: the newest of a kind on a stream, and the list that the auditor leafs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflows.events import Recorded
from workflows.store.event_rows import recorded_row
from workflows.store.streams import EVENTS, TEXTS
from workflows.store.transaction import Transaction

LAST_OF = f"{EVENTS} WHERE e.stream_id = :stream AND e.kind = :kind ORDER BY e.version DESC LIMIT 1"
PAGE = f"""
SELECT e.event_id, l.log_index, e.body, e.leaf_hash, {TEXTS}
FROM log.event e LEFT JOIN log.leaf l USING (event_id)
WHERE e.subject IN ('log', 'person') AND e.event_id < :before
  AND (CAST(:kind AS text) IS NULL OR e.kind = :kind)
  AND (CAST(:person AS text) IS NULL OR e.actor_id = :person OR e.stream_id = ANY(CAST(:streams AS uuid[])))
  AND (CAST(:since AS timestamptz) IS NULL OR e.at >= :since)
  AND (CAST(:until AS timestamptz) IS NULL OR e.at < :until)
ORDER BY e.event_id DESC LIMIT :limit"""  # noqa: S608 - names of this house
NEWEST = 2**62


@dataclass(frozen=True)
class Trace:
    """A trace with its place: `number` orders the traces and is the key to leaf by, `log_index` None until sealed."""

    number: int
    log_index: int | None
    recorded: Recorded


@dataclass(frozen=True)
class Wanted:
    """What the list of traces is narrowed to; `streams` are the person's own, `until` is exclusive."""

    kind: str | None = None
    person: str | None = None
    streams: tuple[UUID, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def last_of_kind(tx: Transaction, stream: UUID, kind: str) -> Recorded | None:
    """Return a stream's newest event of a kind, None where there is none."""
    row = tx.row(LAST_OF, stream=stream, kind=kind)
    return recorded_row(row) if row else None


def traces(tx: Transaction, wanted: Wanted, *, before: int | None = None, limit: int = 50) -> Sequence[Trace]:
    """Return traces and grants, newest first, from before a number on."""
    rows = tx.rows(
        PAGE, kind=wanted.kind, person=wanted.person, streams=list(wanted.streams), since=wanted.since,
        until=wanted.until, before=before or NEWEST, limit=limit,
    )  # fmt: skip
    return [Trace(row["event_id"], row["log_index"], recorded_row(row)) for row in rows]
