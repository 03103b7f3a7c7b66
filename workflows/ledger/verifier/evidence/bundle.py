"""The zip: which members it has, how large they may be, and how each is read once from front to back."""

from __future__ import annotations

import itertools
import json
import zipfile
import zlib
from hashlib import sha256
from typing import Any, Dict, Iterator, Set

from workflows.ledger.verifier.evidence.findings import Flaw, Report
from workflows.ledger.verifier.evidence.manifest import (
    ALWAYS,
    BY_PATTERN,
    MANIFEST,
    OPTIONAL,
    PARTIAL,
    PLACES,
    no_key_twice,
    wrong_in_manifest,
)

BODY_LIMIT, CONTENT_LIMIT, SMALL_LIMIT, LINE_LIMIT = 65_535, 4_194_304, 67_108_864, 134_217_728
MEMBER_LIMIT, MOST_RATIO = 1 << 40, 300
READ = 1 << 20


class Bundle:
    """An open bundle: its manifest, and its members read once from front to back."""

    def __init__(self, path: str) -> None:
        self.zip = zipfile.ZipFile(path)
        self.names = {info.filename for info in self.zip.infolist()}
        self.manifest: Dict[str, Any] = {}
        self.digests: Dict[str, str] = {}

    def read_manifest(self) -> None:
        """Read the manifest and refuse one whose form is wrong."""
        if MANIFEST not in self.names:
            raise Flaw("members", "missing", seen=MANIFEST)
        try:
            said = json.loads(self.small(MANIFEST).decode("utf-8"), object_pairs_hook=no_key_twice)
        except ValueError:
            raise Flaw("members", "manifest", field=MANIFEST, seen="JSON") from None
        wrong = wrong_in_manifest(said)
        if wrong:
            raise Flaw("members", "manifest", field=wrong, seen=wrong)
        self.manifest = said

    @property
    def whole(self) -> bool:
        return bool(self.manifest["scope"]["kind"] == "all")

    @property
    def receipt(self) -> bool:
        return bool(self.manifest["scope"]["kind"] == "event")

    def small(self, name: str) -> bytes:
        """Return a whole small member."""
        return b"".join(self.chunks(name, SMALL_LIMIT))

    def chunks(self, name: str, most: int = MEMBER_LIMIT) -> Iterator[bytes]:
        """Yield a member piece by piece, hashing it."""
        if name not in self.names:
            raise Flaw("members", "missing", seen=name)
        digest, size = sha256(), 0
        try:
            with self.zip.open(name) as member:
                while True:
                    piece = member.read(READ)
                    if not piece:
                        break
                    size += len(piece)
                    if size > most:
                        raise Flaw("members", "member", seen=name)
                    digest.update(piece)
                    yield piece
        except (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error):
            raise Flaw("members", "damaged", seen=name) from None
        self.digests[name] = digest.hexdigest()

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a member without their ends."""
        rest = b""
        for piece in self.chunks(name):
            parts = (rest + piece).split(b"\n")
            rest = parts.pop()
            if len(rest) > LINE_LIMIT:
                raise Flaw("members", "member", seen=name)
            yield from parts
        if rest:
            raise Flaw("members", "cut", seen=name)

    def rows(self, name: str) -> Iterator[Dict[str, Any]]:
        """Yield the JSON objects of a member; Flaw where a line is none."""
        for number, line in enumerate(self.lines(name)):
            try:
                row = json.loads(line.decode("utf-8"), object_pairs_hook=no_key_twice)
            except (ValueError, RecursionError):
                row = None
            if not isinstance(row, dict):
                raise Flaw("members", "malformed", seen=f"{name}:{number + 1}")
            yield row

    def indexes(self) -> Iterator[int]:
        """Yield the log index of each line of events."""
        if self.whole:
            yield from itertools.count()
        for row in self.rows(PLACES):
            index = row.get("index")
            yield index if type(index) is int else -1

    def check_digests(self, report: Report) -> None:
        """Hold what was read to its end against the manifest."""
        for name, digest in sorted(self.digests.items()):
            if name != MANIFEST and self.manifest["files"].get(name) != digest:
                report.add("members", "digest", field=name, seen=name)


def check_members(bundle: Bundle, report: Report) -> None:
    """Hold the list of members against the format and the manifest, before any of them is read."""
    seen: Set[str] = set()
    for info in bundle.zip.infolist():
        name, sort = info.filename, info.compress_type
        odd = name in seen or info.flag_bits & 1 or sort not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        if odd or is_too_large(info):
            report.add("members", "member", field=name, seen=name)
        elif name != MANIFEST and (name not in bundle.manifest["files"] or not is_known(name)):
            report.add("members", "unknown_member", field=name, seen=name)
        seen.add(name)
    wanted = set(bundle.manifest["files"]) | set(ALWAYS) | (set() if bundle.whole else set(PARTIAL))
    for name in sorted(wanted - seen):
        report.add("members", "missing", field=name, seen=name)
    report.done.add("members")


def is_too_large(info: zipfile.ZipInfo) -> bool:
    """Whether a member is larger than its sort may be, or unpacks to hundreds of times what it takes in the zip."""
    if not info.filename.endswith(".jsonl"):
        return info.file_size > SMALL_LIMIT
    return info.file_size > MEMBER_LIMIT or info.file_size > max(READ, MOST_RATIO * info.compress_size)


def is_known(name: str) -> bool:
    """Whether the format knows a member of this name."""
    return name in (*ALWAYS, *PARTIAL, *OPTIONAL) or bool(BY_PATTERN.fullmatch(name))


def count_is_right(bundle: Bundle, report: Report, name: str, found: int) -> None:
    """Hold a number of lines against the manifest's; too few mean that something is missing."""
    wanted = bundle.manifest["counts"][name]
    if found != wanted:
        report.add("members", "count", field=f"counts.{name}", seen=found, wanted=wanted)
