"""How a fact becomes the canonical bytes of an event and comes back from them, erasable words beside it under salt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.events import ERASED, Behalf, Event, Recorded, load
from workflows.journal import Command
from workflows.ledger.canonical import canonical_body, read
from workflows.ledger.hashes import NO_PREVIOUS, commitment, leaf, moment
from workflows.vocabulary import Role

FORMAT = 1
COMMITTED = "committed"
BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Head:
    """The end of a stream: its version, its last event's leaf hash and moment, and the subject it began with."""

    stream: UUID
    version: int = 0
    hash: bytes = NO_PREVIOUS
    last_at: datetime = BEFORE_ALL
    subject: str | None = None


@dataclass(frozen=True)
class Payload:
    """Erasable bytes of one event, found again by their commitment."""

    version: int
    kind: str
    salt: bytes
    body: bytes

    @property
    def commitment(self) -> bytes:
        """Return what the event says in place of the bytes."""
        return commitment(self.salt, self.body)


@dataclass
class Batch:
    """What one command adds to a stream: the chained bodies, the erasable payloads, and the stream's end after them."""

    head: Head
    salt: Callable[[], bytes]
    bodies: list[bytes] = field(default_factory=list)
    payloads: list[Payload] = field(default_factory=list)
    recorded: list[Recorded] = field(default_factory=list)

    def add(self, subject: str, fact: Event, command: Command, *, step: int, at: datetime) -> None:
        """Write a fact down as the stream's next event."""
        version, data = self.head.version + 1, fact.data()
        for name in fact.erasable:
            if data[name]:
                payload = Payload(version, "text", self.salt(), data[name].encode())
                self.payloads.append(payload)
                data[name] = {COMMITTED: payload.commitment.hex()}
        body = _body_of(self.head, subject, fact, data, command, step=step, at=at)
        self.head = Head(self.head.stream, version, leaf(body), at, subject)
        self.bodies.append(body)
        self.recorded.append(
            Recorded(
                stream=self.head.stream, subject=subject, version=version, at=at, actor_id=command.by.id,
                actor_name=command.by.name, role=command.post.role, organ=command.post.organ, command_id=command.id,
                step=step, fact=fact, leaf_hash=self.head.hash, behalf=command.behalf,
            )
        )  # fmt: skip


def _body_of(
    head: Head, subject: str, fact: Event, data: Mapping[str, Any], command: Command, *, step: int, at: datetime
) -> bytes:
    return canonical_body(
        {
            "format": FORMAT, "stream": str(head.stream), "subject": subject, "version": head.version + 1,
            "prev": head.hash.hex(), "kind": fact.kind, "shape": fact.shape, "at": moment(at),
            "actor": {
                "id": command.by.id, "name": command.by.name, "role": command.post.role,
                "organ": command.post.organ, "on_behalf_of": vars(command.behalf) if command.behalf else None,
            },
            "command_id": str(command.id), "step": step, "content_hash": data.get("content_hash") or None,
            "data": data,
        }
    )  # fmt: skip


def recorded_from(body: bytes, leaf_hash: bytes | None = None, texts: Mapping[str, str] | None = None) -> Recorded:
    """Return the event that a stored body says; an unknown kind raises KeyError.

    `texts` holds the erasable words by their commitment (hex); words that are not there were erased.
    """
    said: dict[str, Any] = read(body)
    actor, data = said["actor"], _with_words(said["data"], texts or {})
    return Recorded(
        stream=UUID(said["stream"]), subject=said["subject"], version=said["version"],
        at=datetime.fromisoformat(said["at"]), actor_id=actor["id"], actor_name=actor["name"],
        role=Role(actor["role"]), organ=actor["organ"], command_id=UUID(said["command_id"]), step=said["step"],
        fact=load(said["kind"], said["shape"], data), leaf_hash=leaf_hash or leaf(body),
        behalf=Behalf(**actor["on_behalf_of"]) if actor["on_behalf_of"] else None,
    )  # fmt: skip


def recorded_row(row: RowMapping) -> Recorded:
    """Return the event of a row (body, leaf_hash, texts) of log.event, its words as a JSON object by commitment."""
    return recorded_from(bytes(row["body"]), bytes(row["leaf_hash"]), row["texts"])


def _with_words(data: dict[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: texts.get(value[COMMITTED], ERASED) if isinstance(value, dict) and set(value) == {COMMITTED} else value
        for name, value in data.items()
    }
