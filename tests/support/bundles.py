"""A bundle opened by a test: its members as values, and what any reader may hold against the log."""

import io
import json
from base64 import b64decode
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from zipfile import ZipFile

from workflows.events import Recorded
from workflows.folds.replay import replay, to_json
from workflows.ledger.canonical import canonical
from workflows.ledger.hashes import leaf
from workflows.ledger.notes import parse_checkpoint, parse_note
from workflows.ledger.tree import root_of, verify_consistency, verify_inclusion
from workflows.store.event_rows import recorded_from


@dataclass(frozen=True)
class Opened:
    """A bundle in memory."""

    data: bytes

    @cached_property
    def members(self) -> dict[str, bytes]:
        with ZipFile(io.BytesIO(self.data)) as opened:
            assert opened.testzip() is None
            return {name: opened.read(name) for name in opened.namelist()}

    @cached_property
    def manifest(self) -> dict:
        return json.loads(self.members["manifest.json"])

    def raw_lines(self, name: str) -> list[bytes]:
        data = self.members[name]
        assert data == b"" or data.endswith(b"\n")
        return data.split(b"\n")[:-1]

    def lines(self, name: str) -> list[dict]:
        return [json.loads(line) for line in self.raw_lines(name)]

    @property
    def words(self) -> dict[str, str]:
        return {each["commitment"]: each["text"] for each in self.lines("payloads.jsonl") if each["kind"] == "text"}

    @property
    def recorded(self) -> list[Recorded]:
        return [recorded_from(body, texts=self.words) for body in self.raw_lines("events.jsonl")]

    def replayed(self) -> list[bytes]:
        """The state lines by another way: the bundle's own events folded from nothing."""
        tables = {each.stream for each in self.recorded if each.subject == "table"}
        told = {table: [each for each in self.recorded if each.stream == table] for table in tables}
        return [canonical(to_json(replay(table, told[table]))) for table in sorted(tables)]

    def hold(self) -> None:
        """Assert what must hold of every bundle by itself: manifest, hashes, root or proofs, notes, states."""
        files = {name: sha256(data).hexdigest() for name, data in self.members.items() if name != "manifest.json"}
        assert self.manifest["files"] == files
        counted = {
            "events": len(self.raw_lines("events.jsonl")), "contents": len(self.raw_lines("contents.jsonl")),
            "payloads": len(self.raw_lines("payloads.jsonl")), "tables": len(self.raw_lines("state.jsonl")),
            "files": sum(name.startswith("files/") for name in files),
        }  # fmt: skip
        assert self.manifest["counts"] == counted
        leaves = [leaf(body) for body in self.raw_lines("events.jsonl")]
        root = bytes.fromhex(self.manifest["root"])
        if self.manifest["scope"] == {"kind": "all"}:
            assert root_of(leaves) == root
            assert len(leaves) == self.manifest["size"]
        else:
            self._places_hold(leaves, root)
        if self.manifest["scope"]["kind"] != "event":
            assert self.raw_lines("state.jsonl") == self.replayed()

    def _places_hold(self, leaves: list[bytes], root: bytes) -> None:
        size, places = self.manifest["size"], self.lines("places.jsonl")
        assert [each["index"] for each in places] == sorted({each["index"] for each in places})
        for each, found in zip(places, leaves, strict=True):
            assert verify_inclusion(found, each["index"], size, list(map(b64decode, each["proof"])), root)
        notes = [parse_checkpoint(parse_note(note).body) for note in self.notes().values()]
        proofs = {each["size"]: list(map(b64decode, each["proof"])) for each in self.lines("consistency.jsonl")}
        assert set(proofs) == {note.size for note in notes if 0 < note.size < size}
        for note in notes:
            assert verify_consistency(note.size, size, note.root, root, proofs.get(note.size, []))

    def notes(self) -> dict[int, bytes]:
        return {
            int(name.removeprefix("notes/")): data for name, data in self.members.items() if name.startswith("notes/")
        }
