"""A log in memory whose events are the real bytes in a sealed order, and the bundle that an export of it would be."""

import io
import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID, uuid4, uuid5

from tests.support import roster
from tests.support.life import Life
from tests.support.memory_journal import MemoryJournal
from workflows.commands.administering import give_grant
from workflows.events import PayloadErased
from workflows.folds.replay import replay, to_json
from workflows.journal import Command, Erasable
from workflows.ledger.bundle import EVERYTHING, Bundle, Scope
from workflows.ledger.canonical import canonical
from workflows.ledger.hashes import leaf
from workflows.ledger.keys import KeyKind, SigningKey
from workflows.ledger.notes import Checkpoint, Note
from workflows.ledger.tree import consistency_proof, inclusion_proof, root_of
from workflows.store.event_rows import Batch, Head, Payload
from workflows.vocabulary import SYSTEM, Actor

LOG_ID = UUID("0f6d2b31-9c0e-4c55-8d3e-5b7a1e4f9a20")
ORIGIN = f"goaltrail.local/{LOG_ID.hex[:16]}/sha256"
LOG_KEY = SigningKey(ORIGIN, sha256(b"log").digest(), KeyKind.LOG)
WITNESS_KEY = SigningKey("witness.local/w1", sha256(b"witness").digest(), KeyKind.WITNESS)
BEGINS = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


@dataclass
class SealedLog(MemoryJournal):
    """The journal in memory that also writes each fact down as PostgreSQL would hold it; sealed in the same moment."""

    bodies: list[bytes] = field(default_factory=list)
    heads: dict[UUID, Head] = field(default_factory=dict)
    payloads: dict[str, tuple[int, Payload]] = field(default_factory=dict)
    salts: int = 0

    def append(self, stream: UUID, subject: str, facts: Sequence, command: Command):
        steps = len([each for each in self.streams.get(stream, ()) if each.command_id == command.id])
        recorded = super().append(stream, subject, facts, command)
        batch = Batch(self.heads.get(stream, Head(stream)), self._salt)
        for step, (each, fact) in enumerate(zip(recorded, facts, strict=True), steps):
            batch.add(subject, fact, command, step=step, at=each.at)
        index = len(self.bodies)
        first = batch.head.version - len(facts) + 1
        self.bodies += batch.bodies
        self.heads[stream] = batch.head
        bound = [
            Payload(each.version, "file", self.files[name].salt, self.files[name].body)
            for each in recorded if (name := getattr(each.fact, "commitment", "")) in self.files
        ]  # fmt: skip
        for each in (*batch.payloads, *bound):
            self.payloads[each.commitment.hex()] = (index + each.version - first, each)
        real = tuple(replace(each, leaf_hash=leaf(body)) for each, body in zip(recorded, batch.bodies, strict=True))
        self.streams[stream][len(self.streams[stream]) - len(real) :] = real
        return real

    def erasable(self, stream: UUID) -> tuple[Erasable, ...]:
        """What lies beside the stream's events, under the commitments that their bodies hold."""
        found = []
        for body in map(json.loads, self.bodies):
            for name, value in body["data"].items() if body["stream"] == str(stream) else ():
                key = value.get("committed") if isinstance(value, dict) else value if name == "commitment" else None
                if key in self.payloads:
                    payload = self.payloads[key][1]
                    words = payload.body.decode() if payload.kind == "text" else None
                    found.append(Erasable(body["version"], body["kind"], name, key, words))
        return tuple(found)

    def erase(self, table_id: UUID) -> int:
        going = super().erase(table_id)
        for each in self.streams[table_id]:
            for target in each.fact.targets if isinstance(each.fact, PayloadErased) else ():
                self.payloads.pop(target, None)
        return going

    def _salt(self) -> bytes:
        self.salts += 1
        return sha256(f"salt {self.salts}".encode()).digest()

    def leaves(self) -> list[bytes]:
        return [leaf(body) for body in self.bodies]


def appointed(people: Iterable[Actor] = roster.PEOPLE) -> SealedLog:
    """A log in which everybody of the roster holds the posts: the system appoints the security officer, he the rest."""
    log, officer = SealedLog(BEGINS, tuple(people)), roster.SECURITY_ADMIN
    for person in (officer, *(each for each in people if each != officer)):
        for post in person.posts:
            by = SYSTEM if person == officer else officer
            give_grant(log, person=person.id, name=person.name, post=post, by=by, command_id=uuid4())
    return log


def life(log: SealedLog | None = None) -> Life:
    return Life(log or appointed())


def note_at(log: SealedLog, size: int, *, seen: int | None = None, key: SigningKey = LOG_KEY) -> str:
    """A checkpoint of the first `size` events, cosigned at unix time `seen` where one is given."""
    body = Checkpoint(ORIGIN, size, root_of(log.leaves()[:size])).body()
    note = Note(body).with_signature(key.sign(body))
    return (note if seen is None else note.with_signature(WITNESS_KEY.sign(body, at=seen))).text()


def reader_of(leaves: Sequence[bytes]):
    return lambda level, index: root_of(leaves[index << level : (index + 1) << level])


@dataclass
class Packed:
    """What a bundle is made of, open to a test that wants it otherwise before it is zipped."""

    log: SealedLog
    scope: Scope = EVERYTHING
    mode: str = "simulation"
    notes: tuple[str, ...] | None = None
    bodies: list[bytes] = field(default_factory=list)
    indexes: list[int] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    payloads: list[dict] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    states: list[dict] = field(default_factory=list)
    said: dict = field(default_factory=dict)
    extra: dict[str, bytes] = field(default_factory=dict)
    without: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        log, size = self.log, len(self.log.bodies)
        self.indexes = [index for index in range(size) if self._belongs(log.bodies[index])]
        self.bodies = [log.bodies[index] for index in self.indexes]
        joined = b"\n".join(self.bodies)
        named = {key: body for key, body in log.contents.items() if key.encode() in joined}
        self.contents = {key: body for key, body in named.items() if b'"bytes_sha256":"' + key.encode() not in joined}
        self.files = {f"files/{key}": body for key, body in named.items() if key not in self.contents}
        for commitment, (index, payload) in sorted(log.payloads.items(), key=lambda item: (item[1][0], item[0])):
            if index in self.indexes:
                self._add_payload(commitment, payload)
        if self.scope.kind != "event":
            tables = sorted(k for k, v in log.streams.items() if v and v[0].subject == "table")
            kept = [table for table in tables if f'"stream":"{table}"'.encode() in joined]
            self.states = [to_json(replay(table, log.streams[table])) for table in kept]
        self.notes = (note_at(log, size),) if self.notes is None and size else self.notes or ()

    def _belongs(self, body: bytes) -> bool:
        if self.scope.kind == "table":
            first = self.log.streams[self.scope.table][0].fact
            family = UUID(first.source) if getattr(first, "origin", "") == "revision" else self.scope.table
            told = [each.fact for each in self.log.streams[family]]
            near = {str(family), first.document} | {getattr(fact, "revision", str(family)) for fact in told}
            replies = {getattr(fact, "reply", None) for fact in told} - {None}
            streams = [f'"stream":"{each}"'.encode() for each in near | replies]
            shared = (b'"subject":"person"', b'"subject":"definition"', b'"subject":"rule_pack"', b'"subject":"waiver"',
                      b'"subject":"calendar"')
            return any(each in body for each in (*streams, *shared))
        if self.scope.kind == "event":
            return f'"stream":"{self.scope.stream}"'.encode() in body and body.endswith(f'"version":{self.scope.version}}}'.encode())
        return True

    def _add_payload(self, commitment: str, payload: Payload) -> None:
        row = {"commitment": commitment, "salt": payload.salt.hex(), "kind": payload.kind}
        if payload.kind == "file":
            self.files[f"files/{commitment}"] = payload.body
            self.payloads.append({**row, "file": f"files/{commitment}"})
        else:
            self.payloads.append({**row, "text": payload.body.decode()})

    def zipped(self) -> bytes:
        out, leaves = io.BytesIO(), self.log.leaves()
        size, read = len(leaves), reader_of(leaves)
        with Bundle(out) as bundle:
            def lines(name, values):
                if name not in self.without:
                    bundle.put_lines(name, values)

            lines("events.jsonl", self.bodies)
            if not self.scope.whole:
                lines("places.jsonl", (_proof(index=i, proof=inclusion_proof(i, size, read)) for i in self.indexes))
                older = sorted({int(note.split("\n")[1]) for note in self.notes} - {0, size})
                lines("consistency.jsonl", (_proof(size=m, proof=consistency_proof(m, size, read)) for m in older))
            lines("contents.jsonl", (body for _, body in sorted(self.contents.items())))
            lines("payloads.jsonl", map(canonical, self.payloads))
            for name, data in sorted(self.files.items()):
                bundle.put(name, data)
            lines("state.jsonl", map(canonical, self.states))
            for note in self.notes:
                bundle.put(f"notes/{int(note.split(chr(10))[1]):020d}", note.encode())
            bundle.put("vkeys", f"{LOG_KEY.vkey}\n{WITNESS_KEY.vkey}\n".encode())
            for name, data in self.extra.items():
                bundle.put(name, data)
            bundle.seal(
                {
                    "origin": ORIGIN, "log_id": str(LOG_ID), "mode": self.mode, "made_at": "2026-06-01T00:00:00.000000Z",
                    "size": size, "root": root_of(leaves).hex(), "scope": self.scope.as_json(),
                    "counts": {
                        "events": len(self.bodies), "contents": len(self.contents), "payloads": len(self.payloads),
                        "files": len(self.files), "tables": len(self.states),
                    },
                    **self.said,
                }
            )  # fmt: skip
        return out.getvalue()


def _proof(*, proof: Sequence[bytes], **said) -> bytes:
    return canonical({**said, "proof": [b64encode(each).decode() for each in proof]})


def table_named(number: int) -> UUID:
    return uuid5(LOG_ID, str(number))
