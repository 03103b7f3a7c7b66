"""The log as it leaves the database: a bundle of canonical bytes, proofs, contents, states and notes for an auditor."""

import re
from base64 import b64encode
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import orjson

from workflows.errors import LedgerRefused
from workflows.ledger.anchored import kept_notes, note_name, verification_keys
from workflows.ledger.bundle import EVERYTHING, Bundle, Scope
from workflows.ledger.hashes import moment
from workflows.ledger.thinning import thinned
from workflows.ledger.tree import consistency_proof, inclusion_proof
from workflows.store import exported_rows
from workflows.store.export_scopes import Selection, selection_of
from workflows.store.sealing import log_size
from workflows.store.streams import TEXTS
from workflows.store.transaction import Transaction
from workflows.store.tree import kept_texts, kept_times, log_identity, root_at, subtree_reader

NAMED_CONTENT = re.compile(
    rb'"(?:content_hash|changes|definition_hash|pack_hash|department_part|findings)":"([0-9a-f]{64})"',
)
NAMED_FILE = re.compile(rb'"bytes_sha256":"([0-9a-f]{64})"')
"""In canonical bytes these stand for themselves: inside of a text the quotation marks would be escaped."""
REMEMBERED = 1 << 16
SEALED = f"""
SELECT l.log_index, e.body, {TEXTS} FROM log.leaf l JOIN log.event e USING (event_id)
WHERE l.log_index > :after ORDER BY l.log_index LIMIT :limit"""  # noqa: S608 - names of this house


class LogIncomplete(LedgerRefused):
    """台账缺少已封存的记录，无法导出。请保留现场，并立即告知审计管理员。"""


@dataclass(frozen=True)
class Exported:
    """What left: the scope, the log's size and root (hex) at that moment, the events that went along, the notes' reach.

    `covered` is the size of the newest note in the bundle, 0 where there is none.
    """

    scope: Scope
    size: int
    root: str
    events: int
    covered: int


def sealed_events(tx: Transaction) -> Iterator[tuple[int, bytes, Mapping[str, str]]]:
    """Yield (log index, canonical body, erasable words by their commitment) of every sealed event, page by page."""
    after = -1
    while page := tx.rows(SEALED, after=after, limit=exported_rows.PAGE):
        yield from ((row["log_index"], bytes(row["body"]), row["texts"] or {}) for row in page)
        after = page[-1]["log_index"]


def write_bundle(
    tx: Transaction, out: BinaryIO, scope: Scope = EVERYTHING, *, anchors: Path | None = None,
    linked: Collection[int] = (),
) -> Exported:  # fmt: skip
    """Write everything sealed within the scope as a bundle, in memory that does not grow with the log.

    `tx` should see the database as of one moment (store.one_view); `anchors` is the directory of outside notes, of
    which those up to the sealed size go along, filled up with the notes that the database keeps, and thinned by age
    (ledger.thinning). Notes of the sizes `linked` are bound to the root by a proof even where they are left out, so
    that whoever holds one may use it on a part of the log. The caller records the export (commands.tracing.
    note_exported) before handing the file out. NotFound where the scope holds nothing.
    """
    size = log_size(tx)
    notes = notes_up_to(tx, size, anchors, thin=True)
    keys = verification_keys(anchors) if anchors else b""
    with Bundle(out) as bundle:
        return Packing(tx, bundle, scope, size, notes, keys, linked).pack()


def notes_up_to(
    tx: Transaction, size: int, anchors: Path | None, *, thin: bool = False
) -> Mapping[int, bytes | Path]:
    """Return the notes of at most that size, smallest first, as files of the anchor directory or bytes of the database.

    Of those that the database knows the age of, `thin` leaves out what is not needed; the others all stay.
    """
    times = kept_times(tx, size)
    wanted = thinned(times) if thin else set(times)
    outside = kept_notes(anchors, size) if anchors else {}
    files = {each: file for each, file in outside.items() if each in wanted or each not in times}
    texts = kept_texts(tx, wanted - set(files))
    notes: dict[int, bytes | Path] = {**files, **{each: text.encode() for each, text in texts.items()}}
    return dict(sorted(notes.items()))


@dataclass
class Packing:
    """One bundle being filled, member by member; `notes` by their size, as bytes or as the file that holds them."""

    tx: Transaction
    bundle: Bundle
    scope: Scope
    size: int
    notes: Mapping[int, bytes | Path]
    keys: bytes
    linked: Collection[int] = ()
    selection: Selection = field(init=False)
    contents: set[bytes] = field(default_factory=set)
    files: set[bytes] = field(default_factory=set)
    attached: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Choose the events."""
        self.selection = selection_of(self.tx, self.scope, self.size)
        self.read: Callable[[int, int], bytes] = lru_cache(REMEMBERED)(subtree_reader(self.tx, self.size))

    def pack(self) -> Exported:
        """Write every member and the manifest; LogIncomplete where sealed leaves are gone."""
        root = self._root()
        counts = {"events": self._pack_events()}
        if not self.scope.whole:
            self.bundle.put_lines("places.jsonl", self._places())
            self.bundle.put_lines("consistency.jsonl", self._consistency())
        bodies = exported_rows.contents(self.tx, self.contents)
        counts["contents"] = self.bundle.put_lines("contents.jsonl", bodies)
        counts["payloads"] = self.bundle.put_lines("payloads.jsonl", self._payloads())
        counts["files"] = self._pack_files()
        shown = exported_rows.states(self.tx, self.size, self.selection.tables)
        counts["tables"] = self.bundle.put_lines("state.jsonl", shown)
        self._pack_notes()
        identity = log_identity(self.tx)
        self.bundle.seal(
            {
                "origin": identity.origin, "log_id": str(identity.log_id), "mode": identity.mode,
                "made_at": moment(self.tx.now()), "size": self.size, "root": root, "scope": self.scope.as_json(),
                "counts": counts,
            }
        )  # fmt: skip
        return Exported(self.scope, self.size, root, counts["events"], max(self.notes, default=0))

    def _root(self) -> str:
        try:
            return root_at(self.tx, self.size).hex()
        except LedgerRefused as missing:
            raise LogIncomplete(size=self.size) from missing

    def _pack_events(self) -> int:
        count = 0
        with self.bundle.member("events.jsonl") as write:
            for page, number in exported_rows.bodies(self.tx, self.selection.indexes):
                write(page + b"\n")
                count += number
                self.contents.update(map(bytes.fromhex, map(bytes.decode, NAMED_CONTENT.findall(page))))
                self.files.update(map(bytes.fromhex, map(bytes.decode, NAMED_FILE.findall(page))))
        return count

    def _places(self) -> Iterator[bytes]:
        for index in self.selection.indexes:
            proof = inclusion_proof(index, self.size, self.read)
            yield orjson.dumps({"index": index, "proof": [b64encode(each).decode() for each in proof]})

    def _consistency(self) -> Iterator[bytes]:
        for older in sorted({*self.notes, *self.linked}):
            if 0 < older < self.size:
                proof = consistency_proof(older, self.size, self.read)
                yield orjson.dumps({"size": older, "proof": [b64encode(each).decode() for each in proof]})

    def _payloads(self) -> Iterator[bytes]:
        for row in exported_rows.payloads(self.tx, self.selection.indexes):
            commitment = bytes(row["commitment"])
            said = {"commitment": commitment.hex(), "salt": bytes(row["salt"]).hex(), "kind": row["kind"]}
            if row["kind"] == "file":
                self.attached.append(commitment)
                yield orjson.dumps({**said, "file": f"files/{commitment.hex()}"})
            else:
                yield orjson.dumps({**said, "text": bytes(row["words"]).decode(errors="replace")})

    def _pack_files(self) -> int:
        found = 0
        asked = ((exported_rows.file_bytes, sorted(self.files)), (exported_rows.payload_bytes, self.attached))
        for bytes_of, names in asked:
            for name in names:
                data = bytes_of(self.tx, name)
                if data is not None:
                    self.bundle.put(f"files/{name.hex()}", data)
                    found += 1
        return found

    def _pack_notes(self) -> None:
        for size, note in self.notes.items():
            self.bundle.put(f"notes/{note_name(size)}", note if isinstance(note, bytes) else note.read_bytes())
        self.bundle.put("vkeys", self.keys)
