"""How a fact becomes the canonical bytes of an event and comes back from them, older shapes lifted on the way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.events import Event, Recorded, load
from workflows.journal import Command
from workflows.ledger.canonical import canonical_body, read
from workflows.ledger.hashes import NO_PREVIOUS, leaf, moment
from workflows.vocabulary import Role

FORMAT = 1
BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Head:
    """The end of a stream: its version, its last event's leaf hash and moment, and the subject it began with."""

    stream: UUID
    version: int = 0
    hash: bytes = NO_PREVIOUS
    last_at: datetime = BEFORE_ALL
    subject: str | None = None


def body_of(head: Head, subject: str, fact: Event, command: Command, *, step: int, at: datetime) -> bytes:
    """Return the canonical bytes of the fact as the stream's next event."""
    data = fact.data()
    return canonical_body(
        {
            "format": FORMAT, "stream": str(head.stream), "subject": subject, "version": head.version + 1,
            "prev": head.hash.hex(), "kind": fact.kind, "shape": fact.shape, "at": moment(at),
            "actor": {
                "id": command.by.id, "name": command.by.name, "role": command.post.role,
                "organ": command.post.organ, "on_behalf_of": None,
            },
            "command_id": str(command.id), "step": step, "content_hash": data.get("content_hash") or None,
            "data": data,
        }
    )  # fmt: skip


def bodies_of(
    head: Head, subject: str, facts: Sequence[Event], command: Command, *, first_step: int, at: datetime
) -> tuple[list[bytes], Head]:
    """Return the chained bodies of several facts of one command, and the head after them."""
    bodies = []
    for step, fact in enumerate(facts, first_step):
        body = body_of(head, subject, fact, command, step=step, at=at)
        bodies.append(body)
        head = replace(head, version=head.version + 1, hash=leaf(body), last_at=at, subject=subject)
    return bodies, head


def recorded_from(body: bytes, leaf_hash: bytes | None = None) -> Recorded:
    """Return the event that a stored body says; an unknown kind raises KeyError."""
    said: dict[str, Any] = read(body)
    actor = said["actor"]
    return Recorded(
        stream=UUID(said["stream"]), subject=said["subject"], version=said["version"],
        at=datetime.fromisoformat(said["at"]), actor_id=actor["id"], actor_name=actor["name"],
        role=Role(actor["role"]), organ=actor["organ"], command_id=UUID(said["command_id"]), step=said["step"],
        fact=load(said["kind"], said["shape"], said["data"]), leaf_hash=leaf_hash or leaf(body),
    )  # fmt: skip


def recorded_row(row: RowMapping) -> Recorded:
    """Return the event of a row of log.event."""
    return recorded_from(bytes(row["body"]), bytes(row["leaf_hash"]))
