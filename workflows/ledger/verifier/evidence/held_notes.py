"""The notes of the bundle and from outside, held against the log."""

from __future__ import annotations

import datetime as dt
from typing import Dict, List, NamedTuple, Sequence, Set, Tuple

from workflows.ledger.verifier.evidence.bundle import Bundle
from workflows.ledger.verifier.evidence.bytes_read import Links
from workflows.ledger.verifier.evidence.findings import Flaw, Place, Report, clean
from workflows.ledger.verifier.evidence.manifest import CONSISTENCY
from workflows.ledger.verifier.evidence.places import proof_from
from workflows.ledger.verifier.evidence.signed_notes import LOG_KEY, Key, Note, key_from, note_from, signed_at
from workflows.ledger.verifier.evidence.tree import grew

MOST_SIGNATURES = 20_000
"""What is verified in about fifteen seconds; outside notes and the newest come first."""


class Held(NamedTuple):
    """A note held against the log: what it is called here, the note, whether it came from outside."""

    name: str
    note: Note
    outside: bool


class Notes:
    """The notes of the bundle and from outside: their signatures first, their roots once the log was read."""

    def __init__(self, bundle: Bundle, report: Report, given: Sequence[Key], anchors: Sequence[Tuple[str, Note]]) -> None:
        self.bundle, self.report, self.given = bundle, report, given
        self.held: List[Held] = [Held(name, note, outside=True) for name, note in anchors]
        self.keys: Dict[Tuple[str, bytes], Key] = {}
        self.times: List[Tuple[int, str]] = []
        self.witnesses: Set[str] = set()
        self.signers: Set[bytes] = set()
        self.unsound: Set[Held] = set()

    def read(self) -> None:
        """Read the keys and every note; each must be of this log."""
        self.read_keys()
        names = (name for name in sorted(self.bundle.manifest["files"]) if name.startswith("notes/"))
        for name in names:
            if name in self.bundle.names:
                self.read_note(name)
        for held in self.held:
            if held.note.origin != self.bundle.manifest["origin"]:
                self.report.add("anchors" if held.outside else "notes", "origin", field=held.name, seen=held.note.origin)
        if not self.held and self.bundle.manifest["size"]:
            self.report.add("notes", "no_note")

    def read_keys(self) -> None:
        """Take the keys that were given; of a sort of which none was given, those of the bundle."""
        said = list(self.given)
        try:
            text = self.bundle.small("vkeys").decode("utf-8")
            shipped = [key_from(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise Flaw("notes", "malformed", field="vkeys", seen="vkeys") from None
        sorts = {key.type for key in said}
        said += [key for key in shipped if key.type not in sorts]
        self.keys = {(key.name, key.id): key for key in said}
        if LOG_KEY not in sorts:
            self.report.remark(
                "台账公钥取自包内：换了密钥重写的台账看起来会一样；请用 --vkey 给出另行得到的公钥",
                "the log's key was taken from the bundle: a log rewritten under new keys would look the same (--vkey)",
            )

    def read_note(self, name: str) -> None:
        try:
            note = note_from(self.bundle.small(name))
        except ValueError:
            self.report.add("notes", "malformed_note", field=name, seen=name)
            return
        if note.size != int(name[6:]) or note.size > self.bundle.manifest["size"]:
            self.report.add("notes", "malformed_note", field=name, seen=name)
            return
        self.held.append(Held(name, note, outside=False))

    def verify_signatures(self) -> None:
        """Verify outside notes and the newest notes first; each needs the log's own signature."""
        spent = left = 0
        for held in sorted(self.held, key=lambda held: (not held.outside, -held.note.size)):
            if spent >= MOST_SIGNATURES:
                left += 1
                continue
            spent += self.verify_note(held)
        if left:
            self.report.remark(f"较早的 {left} 个检查点只核对了树根，没有核对签名",
                               f"of {left} older notes only the roots were checked, not the signatures")

    def verify_note(self, held: Held) -> int:
        """Verify the signatures of one note whose keys are known, and return how many these were."""
        check, known, by_log = "anchors" if held.outside else "notes", 0, False
        for name, key_id, raw in held.note.signatures:
            key = self.keys.get((name, key_id))
            if key is None or (key.type == LOG_KEY and key.name != held.note.origin):
                continue
            known += 1
            time = signed_at(held.note, key, raw)
            if time is None and held.outside and key.type == LOG_KEY:
                self.report.add(check, "bad_anchor", field=held.name, seen=held.note.size)
                self.unsound.add(held)
            elif time is None:
                self.report.add(check, "signature", field=held.name, seen=held.note.size)
            elif key.type == LOG_KEY:
                by_log = True
                self.signers.add(key.id)
            else:
                self.witnesses.add(name)
                self.add_time(held, time)
        if not by_log and held not in self.unsound:
            demanded = any(key.type == LOG_KEY for key in self.given)
            self.report.add(check, "signature" if demanded else "no_key", field=held.name, seen=held.note.size)
        return known

    def add_time(self, held: Held, time: int) -> None:
        """Take a witness's time down; the clock of a demo or simulation has nothing to do with it."""
        if self.bundle.manifest["mode"] != "production":
            return
        try:
            moment = dt.datetime.fromtimestamp(time, dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        except (ValueError, OverflowError, OSError):
            self.report.add("notes", "malformed_note", field=held.name, seen=held.name)
            return
        if held.note.size <= self.bundle.manifest["size"] and len(moment) == 27:
            self.times.append((held.note.size, moment))

    def sizes(self) -> List[int]:
        """Return the sizes at which the root of the log is wanted."""
        return sorted({held.note.size for held in self.held} | {self.bundle.manifest["size"]})

    def compare(self, read: Links) -> None:
        """Hold every note against the log that was read; the first that differs bounds the place from above."""
        good = 0
        roots: Dict[int, bytes] = {}
        for held in sorted((held for held in self.held if held not in self.unsound), key=lambda held: held.note.size):
            check, size = "anchors" if held.outside else "notes", held.note.size
            if roots.setdefault(size, held.note.root) != held.note.root:
                self.report.add(check, "forked", field=held.name, seen=size)
            if size > self.bundle.manifest["size"]:
                missing = size - self.bundle.manifest["size"]
                self.report.add(check, "newer_anchor", field=held.name, seen=missing)
            elif self.bundle.whole:
                good = self.compare_root(held, check, read, good)
        if self.bundle.whole:
            self.compare_manifest(read)
        else:
            self.compare_partial()
        self.report.done |= {"notes"} | ({"anchors"} if any(held.outside for held in self.held) else set())
        self.tell_the_rest()

    def compare_root(self, held: Held, check: str, read: Links, good: int) -> int:
        found, size = read.roots.get(held.note.size), held.note.size
        if found == held.note.root:
            return size
        if found is not None:
            self.report.add(check, "root", Place(max(size - 1, 0)), held.name, f"{good}–{size - 1}", size)
        return good

    def compare_manifest(self, read: Links) -> None:
        manifest = self.bundle.manifest
        if read.events == manifest["size"] and read.root.hex() != manifest["root"]:
            self.report.add("tree", "manifest_root", field="root")
        if manifest["counts"]["events"] != manifest["size"]:
            self.report.add("members", "count", field="counts", seen=manifest["size"], wanted=manifest["counts"]["events"])

    def compare_partial(self) -> None:
        """In a partial bundle a note is bound to the root by a consistency proof, or is of that very size."""
        manifest, bound = self.bundle.manifest, False
        root, proofs = bytes.fromhex(manifest["root"]), {}
        for row in self.bundle.rows(CONSISTENCY):
            proofs[row.get("size") if type(row.get("size")) is int else -1] = proof_from(row)
        for held in (held for held in self.held if held not in self.unsound):
            size, check = held.note.size, "anchors" if held.outside else "notes"
            if size > manifest["size"] or size == 0:
                continue
            if size == manifest["size"]:
                right = held.note.root == root
            elif size in proofs:
                right = grew(size, manifest["size"], held.note.root, root, proofs[size])
            else:
                self.report.add(check, "unlinked", field=held.name, seen=size)
                continue
            bound = bound or right
            if not right:
                self.report.add(check, "consistency", field=held.name, seen=size)
        if not bound:
            self.report.add("notes", "unbound_root", wanted=manifest["size"])

    def tell_the_rest(self) -> None:
        newest = max((held.note.size for held in self.held), default=0)
        size = self.bundle.manifest["size"]
        if newest < size:
            self.report.remark(f"最后 {size - newest} 条记录（第 {newest} 条起）还没有检查点覆盖",
                               f"the last {size - newest} events (from index {newest}) are covered by no note yet")
        if not self.times:
            mode = self.bundle.manifest["mode"]
            self.report.remark(
                f"没有任何时间与见证签名的时间核对过（清单自称 {mode}；正式环境应为 production）：倒签在这里看不出来",
                f"no moment was held against a witness's time (the manifest calls this {mode}; the real one is production): back-dating does not show here",
            )
        if len(self.signers) > 1:
            self.report.remark(
                f"检查点由 {len(self.signers)} 把不同的台账密钥签发：密钥更换须有书面依据",
                f"the notes were signed with {len(self.signers)} different keys of the log: ask on what ground the key was changed",
            )
        names = clean(", ".join(sorted(self.witnesses)), 200)
        self.report.remark(f"见证人的签名：{names or '没有'}", f"witnesses who signed: {names or 'none'}")
        if not any(held.outside for held in self.held):
            self.report.remark(
                "没有给出外部检查点（--anchor）：若有人换了密钥并重写了全部台账，仅凭本包看不出来！",
                "no outside note was given (--anchor): a rewritten log with new keys would look the same!",
            )
