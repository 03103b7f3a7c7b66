"""Keys that sign notes: the log's (C2SP signed-note) and those of witnesses, who sign a time too (tlog-cosignature)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from workflows.errors import NotANote
from workflows.ledger.notes import LARGEST_SIZE, Note, Signature, from_base64, is_key_name, to_base64

PRIVATE = "PRIVATE+KEY+"
_HEX8 = re.compile(r"[0-9a-f]{8}")
_TIME, _SIGNED, _KEY = 8, 64, 32


class KeyKind(IntEnum):
    """What a key signs; the number is the type byte of C2SP."""

    LOG = 1
    """Plain Ed25519 over the note's text."""
    WITNESS = 4
    """A cosignature: a time and Ed25519 over the time and the note's text."""


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """The public half: recognises its own signatures. `public` is 32 bytes."""

    name: str
    public: bytes
    kind: KeyKind

    def __post_init__(self) -> None:
        """Refuse with NotANote a name that cannot stand in a note or bytes that are no key."""
        if not is_key_name(self.name) or len(self.public) != _KEY:
            raise NotANote(reason="key")

    @classmethod
    def from_vkey(cls, text: str) -> Self:
        """Read `name+8 hex digits+base64`; NotANote, also where the digits are not the key's own ID."""
        name, key_id, kind, public = _parted(text)
        key = cls(name, public, kind)
        if key.key_id.hex() != key_id:
            raise NotANote(reason="the ID is that of another key")
        return key

    @property
    def key_id(self) -> bytes:
        """Four bytes that find the key's signatures; no proof of anything."""
        return sha256(self.name.encode() + b"\n" + bytes((self.kind,)) + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as one line of text."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes((self.kind,)) + self.public)}"

    def verify(self, body: str, signature: Signature) -> bool:
        """Return whether this key made the signature over the note's text; of a witness also over its time."""
        if (signature.name, signature.key_id) != (self.name, self.key_id):
            return False
        try:
            signed, message = _checked(self.kind, body, signature)
            Ed25519PublicKey.from_public_bytes(self.public).verify(signed, message)
        except (InvalidSignature, NotANote, ValueError):
            return False
        return True

    def signature_on(self, note: Note) -> Signature | None:
        """Return this key's signature on a note if it holds, None where there is none or it does not."""
        return next((one for one in note.signatures if self.verify(note.body, one)), None)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The secret half, made of a seed of 32 bytes; it never shows in a repr."""

    name: str
    seed: bytes = field(repr=False)
    kind: KeyKind = KeyKind.LOG

    def __post_init__(self) -> None:
        """Refuse with NotANote a name that cannot stand in a note or a seed of another length."""
        if not is_key_name(self.name) or len(self.seed) != _KEY:
            raise NotANote(reason="key")

    @classmethod
    def generate(cls, name: str, kind: KeyKind, random: Callable[[int], bytes]) -> Self:
        """Make a key from 32 random bytes, which `random(32)` returns."""
        return cls(name, random(_KEY), kind)

    @property
    def verifying(self) -> VerifyingKey:
        """The public half."""
        return VerifyingKey(self.name, self._private().public_key().public_bytes_raw(), self.kind)

    @property
    def vkey(self) -> str:
        """The public half as one line of text."""
        return self.verifying.vkey

    def sign(self, body: str, at: int | None = None) -> Signature:
        """Sign a note's text; a witness signs `at` too (whole seconds since 1970), a log no time; else ValueError."""
        if (at is None) != (self.kind is KeyKind.LOG):
            raise ValueError("a witness signs a time, a log signs none")
        time = b"" if at is None else at.to_bytes(_TIME, "big")
        signed = self._private().sign(_message(body, at))
        return Signature(self.name, self.verifying.key_id, time + signed)

    def to_text(self) -> str:
        """Return the secret as one line, as the usual tools keep it: for a file that only its owner reads."""
        secret = to_base64(bytes((self.kind,)) + self.seed)
        return f"{PRIVATE}{self.name}+{self.verifying.key_id.hex()}+{secret}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what to_text wrote, without surrounding white space; NotANote."""
        if not text.startswith(PRIVATE):
            raise NotANote(reason="not a secret key")
        name, key_id, kind, seed = _parted(text.removeprefix(PRIVATE))
        key = cls(name, seed, kind)
        if key.verifying.key_id.hex() != key_id:
            raise NotANote(reason="the ID is that of another key")
        return key

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def cosigned_at(signature: Signature) -> int:
    """Return the time of a witness's signature, in seconds since 1970; believe it only once verified; NotANote."""
    time = int.from_bytes(signature.raw[:_TIME], "big")
    if len(signature.raw) != _TIME + _SIGNED or time > LARGEST_SIZE:
        raise NotANote(reason="not a cosignature")
    return time


def _checked(kind: KeyKind, body: str, signature: Signature) -> tuple[bytes, bytes]:
    if kind is KeyKind.LOG:
        return signature.raw, _message(body, None)
    return signature.raw[_TIME:], _message(body, cosigned_at(signature))


def _message(body: str, at: int | None) -> bytes:
    return (body if at is None else f"cosignature/v1\ntime {at}\n{body}").encode()


def _parted(text: str) -> tuple[str, str, KeyKind, bytes]:
    match text.split("+", 2):
        case [name, key_id, written] if _HEX8.fullmatch(key_id):
            kept = from_base64(written)
        case _:
            raise NotANote(reason="a key is a name, eight hex digits and base64")
    if kept[:1] not in {bytes((kind,)) for kind in KeyKind}:
        raise NotANote(reason="a kind of key that is not known here")
    return name, key_id, KeyKind(kept[0]), kept[1:]
