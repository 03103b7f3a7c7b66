"""One statement opens tables, one records what was decided: the hot path of every verb (migration 0007)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from workflows.calendars import CALENDAR_STREAM
from workflows.ledger.hashes import NO_PREVIOUS
from workflows.store.arrays import Identifiers, Pieces
from workflows.store.event_rows import Head, Payload
from workflows.store.transaction import Transaction

OPEN = "SELECT o.*, (SELECT s.head FROM log.stream s WHERE s.stream_id = %b) FROM desk.open_tables(%b, %b, %b) AS o"
RECORD = "SELECT desk.record(%b, %b, %t::jsonb)"
NOTICES = "SELECT desk.put_notices(%t::jsonb)"
NOBODY = UUID(int=0)
"""A command that nobody gave."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Opened:
    """A locked stream; `state` is the table's standing where it is the fold of exactly this head by this code.

    `done` says whether the command that was named has recorded something on it before; `calendar` is the head of the
    stream on which the calendars are published.
    """

    head: Head
    now: datetime
    state: bytes | None
    done: bool
    calendar: bytes


@dataclass
class Staged:
    """What is to be written in one statement: chained bodies, payloads by their stream, and the rows read from them."""

    bodies: list[bytes] = field(default_factory=list)
    payloads: list[tuple[UUID, Payload]] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, kind: str, *rows: Row) -> None:
        """Stage rows of one kind: standings, newcomers, left, entered, kept, timers or notices."""
        if rows:
            self.rows.setdefault(kind, []).extend(rows)

    def join(self, other: "Staged") -> None:
        """Take over what was staged elsewhere."""
        self.bodies += other.bodies
        self.payloads += other.payloads
        for kind, rows in other.rows.items():
            self.add(kind, *rows)

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.bodies or self.rows)


def open_streams(
    tx: Transaction, tables: Sequence[UUID], commands: Sequence[UUID | None], *, code: str
) -> dict[UUID, Opened]:
    """Lock tables in the order of their IDs and return how each stands; unknown ones are left out."""
    found = {}
    asked = [each or NOBODY for each in commands]
    rows = tx.call(OPEN, CALENDAR_STREAM, Identifiers(tables), Identifiers(asked), code)
    for table_id, version, head, last_at, subject, now, state, done, calendar in rows:
        tx.see_time(now)
        end = Head(table_id, version, head, last_at, subject) if version else Head(table_id)
        found[table_id] = Opened(end, now, state.encode() if state else None, done, calendar or NO_PREVIOUS)
    return found


def write(tx: Transaction, staged: Staged) -> None:
    """Record everything staged in one statement; the database checks every event (LedgerRefused and its kin)."""
    if not staged:
        return
    bodies = [payload.body for _, payload in staged.payloads]
    about = [
        {"stream": stream, "version": each.version, "kind": each.kind, "salt": each.salt.hex()}
        for stream, each in staged.payloads
    ]
    tx.call(RECORD, Pieces(staged.bodies), Pieces(bodies), as_json({**staged.rows, "payloads": about}))


def write_notices(tx: Transaction, notices: Sequence[Row]) -> None:
    """Put notices into the outbox; the same notice of the same version again changes nothing."""
    if notices:
        tx.call(NOTICES, as_json(notices))


def as_json(rows: object) -> str:
    """Return rows as the one JSON value that a statement takes."""
    return orjson.dumps(rows, default=_plain).decode()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(type(value))
