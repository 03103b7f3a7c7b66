"""Erasable words and attachments, held against the commitments in the events; filed documents by their hash."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Dict, List, Optional, Set, Tuple

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.layouts import Layout, is_hash
from workflows.ledger.verifier.evidence.bundle import Bundle, count_is_right
from workflows.ledger.verifier.evidence.findings import Place, Report
from workflows.ledger.verifier.evidence.manifest import PAYLOADS


class Payloads:
    """Erasable words and files: read beside the events, each event's own lines in the order of its place in the log.

    What does not come at its turn is looked for until the end: late, erased by two persons, or gone.
    """

    def __init__(self, bundle: Bundle, report: Report) -> None:
        self.bundle, self.report = bundle, report
        self.rows, self.lines = bundle.rows(PAYLOADS), 0
        self.head: Optional[Dict[str, Any]] = None
        self.missing: Dict[str, Tuple[Place, str, str, int]] = {}
        self.erased: Dict[str, bool] = {}
        self.late: Dict[str, str] = {}
        self.surplus: List[Dict[str, Any]] = []
        self.files: Set[str] = set()
        self.step()

    def step(self) -> None:
        """Read the next line."""
        self.head = next(self.rows, None)
        self.lines += self.head is not None

    def of(self, event: Event, layout: Layout) -> Dict[str, str]:
        """Return an event's words by their commitment, and check every payload that it binds."""
        bound: Dict[str, Tuple[str, str, int]] = {}
        for name in layout.bound:
            value = event.data[name]
            if type(value) is dict:
                bound[value["committed"]] = (name, "text", 0)
            elif name == "commitment":
                bound[value] = (name, "file", event.data["size"])
        words: Dict[str, str] = {}
        while bound and self.head is not None and self.head.get("commitment") in bound:
            commitment = self.head["commitment"]
            field, kind, size = bound.pop(commitment)
            words[commitment] = self.check(self.head, kind, size, event.place, field)
            self.step()
        for commitment, (field, kind, size) in bound.items():
            self.missing[commitment] = (event.place, field, kind, size)
        return words

    def check(self, row: Dict[str, Any], kind: str, size: int, place: Place, field: str) -> str:
        """Hold a payload against its commitment and return its words."""
        salt, text = row.get("salt"), row.get("text", "")
        right = row.get("kind") == kind and is_hash(salt) and type(text) is str
        if right and type(salt) is str:
            digest = sha256(b"\x02" + bytes.fromhex(salt))
            length = self.add_file(digest, row) if kind == "file" else 0
            if kind == "text":
                digest.update(text.encode("utf-8", "surrogatepass"))
            right = digest.hexdigest() == row["commitment"] and length == size
        if not right:
            self.report.add("payloads", "payload", place, f"data.{field}")
        return str(text)

    def add_file(self, digest: Any, row: Dict[str, Any]) -> int:
        """Hash the bytes of a file payload and return their number."""
        name, length = f"files/{row['commitment']}", 0
        if row.get("file") != name or name not in self.bundle.names:
            return -1
        self.files.add(name)
        for piece in self.bundle.chunks(name):
            digest.update(piece)
            length += len(piece)
        return length

    def erase(self, event: Event, held: bool) -> None:
        """Take an erasure down; it must be by two persons, of this stream's words, and not under a hold."""
        data = event.data
        if data["asked_by"] == data["confirmed_by"] or data["confirmed_by"] != event.person:
            self.report.add("segregation", "S10", event.place, "data.confirmed_by", data["confirmed_by"])
        if held:
            self.report.add("payloads", "erasure", event.place, "", "hold")
        for commitment in data["targets"]:
            if not is_hash(commitment):
                self.report.add("payloads", "erasure", event.place, "data.targets", commitment)
                continue
            self.erased[commitment] = True
            found = self.missing.get(commitment)
            if found is not None and found[0].stream != event.stream:
                self.report.add("payloads", "erasure", event.place, "data.targets", commitment)
            elif found is not None:
                del self.missing[commitment]

    def end(self) -> None:
        """Look through the lines that are left; whatever is missing then was not erased by two persons."""
        while self.head is not None:
            commitment = self.head.get("commitment")
            found = self.missing.pop(commitment, None) if type(commitment) is str else None
            if found is None:
                self.report.add("payloads", "unnamed", field=PAYLOADS, seen=commitment)
            else:
                place, field, kind, size = found
                self.late[str(commitment)] = self.check(self.head, kind, size, place, field)
            self.step()
        for place, field, _, _ in self.missing.values():
            self.report.add("payloads", "no_payload", place, f"data.{field}")
        count_is_right(self.bundle, self.report, "payloads", self.lines)


class Files:
    """The bytes of filed documents, each under its SHA-256."""

    def __init__(self, bundle: Bundle, report: Report) -> None:
        self.bundle, self.report = bundle, report
        self.wanted: Dict[str, Tuple[Place, int]] = {}

    def end(self, attached: Set[str]) -> None:
        """Hash every file that a document names; no other file lies in the bundle."""
        for digest, (place, size) in sorted(self.wanted.items()):
            name, length = f"files/{digest}", 0
            if name not in self.bundle.names:
                self.report.add("files", "no_file", place, "data.bytes_sha256", digest)
                continue
            for piece in self.bundle.chunks(name):
                length += len(piece)
            if self.bundle.digests[name] != digest or length != size:
                self.report.add("files", "file", place, "data.bytes_sha256", digest)
        present = {name for name in self.bundle.names if name.startswith("files/")}
        known = attached | {f"files/{digest}" for digest in self.wanted}
        for name in sorted(present - known):
            self.report.add("files", "unnamed", field=name, seen=name)
        count_is_right(self.bundle, self.report, "files", len(present))
