"""The ledger's streams: lock one, append to it, read its history and the contents that its events name."""

import re
from collections.abc import Collection
from hashlib import sha256
from typing import Any
from uuid import UUID

from workflows.errors import NotFound
from workflows.events import Recorded
from workflows.journal import BoundFile
from workflows.ledger.canonical import canonical, read
from workflows.store.event_rows import Head, recorded_row
from workflows.store.transaction import Transaction

LOCK = "SELECT version, head, nullif(last_at, '-infinity') AS last_at, subject, now FROM log.lock_stream(:stream)"
TEXTS = """(
  SELECT jsonb_object_agg(encode(p.commitment, 'hex'), convert_from(p.body, 'UTF8')) FROM log.payload p
  WHERE p.stream_id = e.stream_id AND p.version = e.version AND p.kind = 'text') AS texts"""
"""The erasable words of an event `e`, as a JSON object by their commitments."""
EVENTS = f"SELECT e.body, e.leaf_hash, {TEXTS} FROM log.event e"  # noqa: S608 - names of this file
HISTORY = f"{EVENTS} WHERE e.stream_id = :stream AND e.version > :after ORDER BY e.version"
OF_COMMAND = f"{EVENTS} WHERE e.stream_id = :stream AND e.command_id = :command ORDER BY e.step"
BOUND = "SELECT salt, body FROM log.payload WHERE commitment = decode(:commitment, 'hex') AND kind = 'file'"
CONTENTS = "SELECT hash, body FROM log.content WHERE hash = ANY(:hashes)"
HASH = re.compile("[0-9a-f]{64}")
KEPT_CONTENTS = 256
LARGEST_KEPT = 65_536
_kept: dict[str, bytes] = {}
"""Contents by their hash, which never change: those asked for last, checked against their hash when they came."""


def lock_stream(tx: Transaction, stream: UUID) -> Head:
    """Take the stream's lock until the transaction ends and return its end; an unknown stream is empty."""
    (row,) = tx.rows(LOCK, stream=stream)
    tx.see_time(row["now"])
    if row["version"] == 0:
        return Head(stream)
    return Head(stream, row["version"], bytes(row["head"]), row["last_at"], row["subject"])


def history_of(tx: Transaction, stream: UUID, *, after: int = 0) -> tuple[Recorded, ...]:
    """Return a stream's events after a version, oldest first."""
    return tuple(map(recorded_row, tx.rows(HISTORY, stream=stream, after=after)))


def recorded_by(tx: Transaction, stream: UUID, command_id: UUID) -> tuple[Recorded, ...]:
    """Return what a command has recorded on a stream."""
    return tuple(map(recorded_row, tx.rows(OF_COMMAND, stream=stream, command=command_id)))


def put_content(tx: Transaction, content: dict[str, Any]) -> str:
    """Keep content under the SHA-256 of its canonical bytes and return that hash (hex)."""
    kept: bytes = tx.scalar("SELECT log.put_content(:body)", body=canonical(content))
    return bytes(kept).hex()


def content_of(tx: Transaction, content_hash: str) -> dict[str, Any]:
    """Return content by its hash (hex); NotFound if unknown."""
    found: dict[str, Any] = read(_kept.get(content_hash) or _content_read(tx, content_hash))
    return found


def contents_of(tx: Transaction, content_hashes: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return contents by their hashes (hex) in one question; unknown ones are left out."""
    wanted = {each: bytes.fromhex(each) for each in content_hashes if HASH.fullmatch(each)}
    rows = tx.rows(CONTENTS, hashes=list(wanted.values())) if wanted else ()
    return {bytes(row["hash"]).hex(): read(bytes(row["body"])) for row in rows}


def _content_read(tx: Transaction, content_hash: str) -> bytes:
    body = tx.scalar("SELECT body FROM log.content WHERE hash = decode(:hash, 'hex')", hash=content_hash)
    if body is None:
        raise NotFound(content_hash=content_hash)
    found = bytes(body)
    if len(found) <= LARGEST_KEPT and sha256(found).hexdigest() == content_hash:
        if len(_kept) >= KEPT_CONTENTS:
            _kept.clear()
        _kept[content_hash] = found
    return found


def put_file(tx: Transaction, data: bytes) -> str:
    """Keep a file's bytes (at most 64 MiB) under their SHA-256 and return it (hex)."""
    digest = sha256(data)
    tx.run(
        "INSERT INTO desk.file (sha256, body) VALUES (:key, :body) ON CONFLICT DO NOTHING",
        key=digest.digest(), body=data,
    )  # fmt: skip
    return digest.hexdigest()


def bound_file(tx: Transaction, commitment: str) -> BoundFile | None:
    """Return a file that an event bound by its commitment (hex), None where it is gone."""
    row = tx.row(BOUND, commitment=commitment)
    return None if row is None else BoundFile(bytes(row["salt"]), bytes(row["body"]))


def file_of(tx: Transaction, sha256_hex: str) -> bytes:
    """Return a file's bytes by their SHA-256 (hex); NotFound if unknown."""
    body = tx.scalar("SELECT body FROM desk.file WHERE sha256 = decode(:hash, 'hex')", hash=sha256_hex)
    if body is None:
        raise NotFound(sha256=sha256_hex)
    return bytes(body)
