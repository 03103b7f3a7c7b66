"""What the owner of the database and of the host can do: read the log, change it at will, and mend as much as he likes."""

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy.exc import DBAPIError

from tests.tamper.world import World, signed
from workflows.errors import GoaltrailError
from workflows.ledger.canonical import canonical, canonical_body
from workflows.ledger.hashes import NO_PREVIOUS, commitment, leaf
from workflows.ledger.keys import SigningKey
from workflows.ledger.tree import root_of
from workflows.store.rebuilding import rebuild
from workflows.store.transaction import begin, make_engine

LOG = ("event", "leaf", "seal", "stream", "content", "installation", "tile", "checkpoint", "payload")
GUARDED = ("desk.file", *(f"log.{name}" for name in LOG))
CANNOT_REPLAY = (
    LookupError, RuntimeError, StopIteration, TypeError, ValueError, GoaltrailError, DBAPIError, psycopg.Error,
)  # fmt: skip
"""What the product may answer to a log that makes no sense; the forger then leaves the shown states as they are."""
COLUMNS = """
INSERT INTO log.event (event_id, stream_id, version, prev_hash, subject, kind, shape, actor_id, at, command_id, step,
  body) OVERRIDING SYSTEM VALUE
VALUES (%s, %s, %s, decode(%s, 'hex'), %s, %s, %s, %s, %s, %s, %s, %s)"""


@dataclass(eq=False)
class Entry:
    """One event as the forger holds it: what it says, or the very bytes that he wants in the log."""

    said: dict[str, Any]
    raw: bytes | None = None
    columns: dict[str, Any] = field(default_factory=dict)

    @property
    def bytes(self) -> bytes:
        return self.raw if self.raw is not None else canonical_body(self.said)

    @property
    def stream(self) -> str:
        return str(self.said["stream"])

    @property
    def kind(self) -> str:
        return str(self.said["kind"])


class Forger:
    """A superuser with every guard taken down, the log in memory in sealed order, and the log's stolen key."""

    def __init__(self, world: World) -> None:
        self.world = world
        url = world.database.superuser_url.replace("postgresql+psycopg", "postgresql")
        self.connection = psycopg.connect(url, autocommit=True)
        self._take_down_the_guards()
        rows = self.run("SELECT e.body FROM log.leaf l JOIN log.event e USING (event_id) ORDER BY l.log_index")
        self.entries = [Entry(json.loads(bytes(body))) for (body,) in rows]
        self.sealed_hashes: dict[int, bytes] = {}

    def close(self) -> None:
        self.connection.close()

    def run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        cursor = self.connection.execute(sql, values or None)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else []

    @property
    def anchored(self) -> int:
        """The size below which the auditor holds a note."""
        return self.world.sizes[-1]

    def of_kind(self, *kinds: str, below: int | None = None) -> list[Entry]:
        return [entry for entry in self.entries[: below or self.anchored] if entry.kind in kinds]

    def stream_of(self, entry: Entry) -> list[Entry]:
        return [each for each in self.entries if each.stream == entry.stream]

    def index(self, entry: Entry) -> int:
        return self.entries.index(entry)

    def relink(self, *streams: str) -> None:
        """Number and chain the events of streams anew, in the order in which they stand."""
        for stream in streams:
            previous = NO_PREVIOUS
            for version, entry in enumerate([each for each in self.entries if each.stream == stream], 1):
                if entry.raw is None:
                    entry.said |= {"version": version, "prev": previous.hex()}
                previous = leaf(entry.bytes)

    def write(self, *, reseal: bool = True, resign: Iterable[int] = ()) -> None:
        """Put the log back: events, heads and (unless told not to) the sealed order; then the notes of these sizes."""
        old = [bytes(each) for (each,) in self.run("SELECT leaf_hash FROM log.leaf ORDER BY log_index")]
        self.run("TRUNCATE log.event, log.leaf, log.stream, log.tile CASCADE")
        for number, entry in enumerate(self.entries, 1):
            self.run(COLUMNS, number, *_columns(entry), entry.bytes)
            kept = leaf(entry.bytes) if reseal or number > len(old) else old[number - 1]
            self.run(
                "INSERT INTO log.leaf (log_index, event_id, leaf_hash) VALUES (%s, %s, %s)", number - 1, number, kept
            )
        for stream in {entry.stream for entry in self.entries}:
            own = [entry for entry in self.entries if entry.stream == stream]
            self.run(
                "INSERT INTO log.stream (stream_id, subject, version, head, last_at) VALUES (%s, %s, %s, %s, %s)",
                stream, own[-1].said["subject"], len(own), leaf(own[-1].bytes), own[-1].said["at"],
            )  # fmt: skip
        self.run("TRUNCATE log.seal")
        self.run("INSERT INTO log.seal (seal_no, size, snap, sysid) VALUES (1, %s, pg_current_snapshot(), log.sysid())",
                 len(self.entries))  # fmt: skip
        self.sign(resign)
        if reseal:
            self.mend_the_desk()

    def mend_the_desk(self) -> None:
        """Let the product's own code show the forged log's states, as far as it can make sense of that log."""
        engine = make_engine(self.world.database.superuser_url)
        with (
            suppress(*CANNOT_REPLAY),
            begin(engine) as tx,
        ):
            rebuild(tx)
        engine.dispose()

    def sign(self, sizes: Iterable[int], key: SigningKey | None = None) -> None:
        """Make notes over the log as it now stands, in the installation's own folder and in the database."""
        hashes = [leaf(entry.bytes) for entry in self.entries]
        for size in sizes:
            root = root_of(hashes[:size])
            self.put_note(size, signed(key or self.world.key, size, root), root)

    def put_note(self, size: int, note: str, root: bytes = bytes(32)) -> Path:
        path = self.world.notes / "notes" / f"{size:020d}"
        path.write_text(note, encoding="utf-8")
        (self.world.notes / "checkpoint").write_text(note, encoding="utf-8")
        self.run("DELETE FROM log.checkpoint WHERE size = %s", size)
        self.run("INSERT INTO log.checkpoint (size, root, note) VALUES (%s, %s, %s)", size, root, note)
        return path

    def drop_notes(self, above: int) -> None:
        """Let the installation forget its notes above a size, in the database and outside."""
        self.run("DELETE FROM log.checkpoint WHERE size > %s", above)
        kept = sorted((self.world.notes / "notes").iterdir())
        for path in kept:
            if int(path.name) > above:
                path.unlink()
        left = sorted((self.world.notes / "notes").iterdir())
        newest = self.world.notes / "checkpoint"
        newest.write_text(left[-1].read_text(encoding="utf-8"), encoding="utf-8") if left else newest.unlink()

    def signed_note(self, size: int, root: bytes) -> str:
        return signed(self.world.key, size, root)

    def other_key(self) -> SigningKey:
        return SigningKey(self.world.key.name, b"\x05" * 32)

    def foreign_key(self) -> SigningKey:
        return SigningKey("goaltrail.local/0123456789abcdef/sha256", b"\x06" * 32)

    def sign_with_a_new_key(self) -> None:
        """Sign every note anew with another key of the log's name, and say that this had been the key all along."""
        key = self.other_key()
        (self.world.notes / "vkeys").write_text(f"{key.vkey}\n", encoding="utf-8")
        self.sign(self.world.sizes, key)

    def end_of_a_command(self, below: int) -> int:
        """Return the largest size below that parts no command from its rest."""
        return max(size for size in range(1, below) if self.entries[size].kind == "document.filed")

    def waiting_at_the_unit(self) -> tuple[Entry, Entry]:
        """Return the open desk of the unit's head in the tail, and the submission that it waits on."""
        submitted = self.of_kind("table.submitted", below=len(self.entries))[-1]
        desk = next(
            each for each in self.stream_of(submitted)[submitted.said["version"] :] if each.kind == "node.entered"
        )
        return desk, submitted

    def content(self, value: object) -> str:
        """Put a content into the store and return its hash."""
        body = canonical(value)
        digest = hashlib.sha256(body)
        self.run("INSERT INTO log.content (hash, body) VALUES (%s, %s) ON CONFLICT DO NOTHING", digest.digest(), body)
        return digest.hexdigest()

    def content_of(self, content_hash: str) -> dict[str, Any]:
        ((body,),) = self.run("SELECT body FROM log.content WHERE hash = decode(%s, 'hex')", content_hash)
        found: dict[str, Any] = json.loads(bytes(body))
        return found

    def forged(self, like: Entry, **news: Any) -> Entry:
        """Return an event made after another one: `data` and `actor` are merged, everything else replaced."""
        said = json.loads(json.dumps(like.said))
        said["command_id"] = str(uuid4())
        for name in ("data", "actor"):
            said[name] |= news.pop(name, {})
        return Entry(said | news)

    def word(self, entry: Entry, text: str) -> dict[str, str]:
        """Bind words to an event of the forger's as the product would, and return what its body says of them."""
        salt = hashlib.sha256(text.encode()).digest()
        bound = commitment(salt, text.encode())
        self.run(
            "INSERT INTO log.payload (commitment, stream_id, version, kind, salt, body) VALUES (%s, %s, %s, 'text', %s, %s)",
            bound, UUID(entry.stream), entry.said["version"], salt, text.encode(),
        )  # fmt: skip
        return {"committed": bound.hex()}

    def _take_down_the_guards(self) -> None:
        for table in GUARDED:
            self.run(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            checks = self.run(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'u', 'f')",
                table,
            )
            for (name,) in checks:
                self.run(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')


def _columns(entry: Entry) -> tuple[Any, ...]:
    said = entry.said
    columns = {
        "stream_id": said["stream"], "version": said["version"], "prev_hash": said["prev"], "subject": said["subject"],
        "kind": said["kind"], "shape": said["shape"], "actor_id": said["actor"]["id"], "at": said["at"],
        "command_id": said["command_id"], "step": said["step"],
    } | entry.columns  # fmt: skip
    return tuple(columns.values())


Attack = Callable[[Forger], object]
