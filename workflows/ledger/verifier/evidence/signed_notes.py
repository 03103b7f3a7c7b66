"""Keys and signed notes (C2SP signed-note, tlog-checkpoint, tlog-cosignature)."""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from typing import NamedTuple, Optional, Tuple

from workflows.ledger.verifier.evidence.curve import PublicKey

LOG_KEY, WITNESS_KEY = 1, 4
NAME = re.compile(r"[^\s+]{1,200}")
NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


def from_base64(text: str, length: Optional[int] = None) -> bytes:
    """Decode strict base64; ValueError where it is another text or another length."""
    raw = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(raw).decode("ascii") != text or (length is not None and len(raw) != length):
        raise ValueError("not base64 of that length")
    return raw


class Key(NamedTuple):
    """A verification key with its name: of the log (type 1) or of a witness (type 4)."""

    name: str
    id: bytes
    type: int
    public: PublicKey


def key_from(vkey: str) -> Key:
    """Read `name+hex+base64`; ValueError where it is malformed or its id is not its own."""
    name, _, rest = vkey.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = from_base64(encoded, 33)
    if not NAME.fullmatch(name) or raw[0] not in (LOG_KEY, WITNESS_KEY):
        raise ValueError("unknown sort of key")
    if sha256(name.encode() + b"\n" + raw).digest()[:4].hex() != key_id:
        raise ValueError("the key id is not of this key")
    return Key(name, bytes.fromhex(key_id), raw[0], PublicKey(raw[1:]))


class Note(NamedTuple):
    """A signed checkpoint: what it says, its exact body, and its signature lines (name, key id, bytes)."""

    origin: str
    size: int
    root: bytes
    body: str
    signatures: Tuple[Tuple[str, bytes, bytes], ...]


def note_from(raw: bytes) -> Note:
    """Read a note; ValueError where anything is not as the format says."""
    text = raw.decode("utf-8")
    body, gap, signed = text.rpartition("\n\n")
    body += "\n"
    lines = body.split("\n")
    if not gap or not signed.endswith("\n") or len(lines) < 4 or not all(lines[:3]):
        raise ValueError("not a note")
    if any(ord(char) < 32 and char != "\n" for char in text) or not NUMBER.fullmatch(lines[1]):
        raise ValueError("not a checkpoint")
    signatures = tuple(signature_from(line) for line in signed[:-1].split("\n"))
    return Note(lines[0], int(lines[1]), from_base64(lines[2], 32), body, signatures)


def signature_from(line: str) -> Tuple[str, bytes, bytes]:
    """Read `— name base64`: the name, the key id and the signature's bytes."""
    dash, name, encoded = line.split(" ")
    raw = from_base64(encoded)
    if dash != "—" or not NAME.fullmatch(name) or len(raw) < 5:
        raise ValueError("not a signature line")
    return name, raw[:4], raw[4:]


def signed_at(note: Note, key: Key, raw: bytes) -> Optional[int]:
    """Return the unix time of a witness's signature (0 for the log's own), None where the signature does not hold."""
    if key.type == LOG_KEY:
        return 0 if key.public.verifies(note.body.encode(), raw) else None
    if len(raw) != 72:
        return None
    time = int.from_bytes(raw[:8], "big")
    message = f"cosignature/v1\ntime {time}\n{note.body}".encode()
    return time if key.public.verifies(message, raw[8:]) else None
