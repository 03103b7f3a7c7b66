"""Signed notes and the checkpoints written in them, byte for byte: C2SP signed-note and tlog-checkpoint.

Reading is strict: what could be written in two ways is refused, so that a note that was read and is written again
has the same bytes. Lines are parted by U+000A alone; base64 is canonical; no two signatures claim one key.
"""

import binascii
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from typing import Self

from workflows.errors import NotANote

DASH = "— "
LONGEST_NOTE = 65_536
MOST_SIGNATURES = 64
LARGEST_SIZE = 2**63 - 1
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_HASH = 32
_KEY_ID = 4


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name, its ID (4 bytes), and the signature's own bytes (without the ID)."""

    name: str
    key_id: bytes
    raw: bytes

    def __post_init__(self) -> None:
        """Refuse with NotANote what could not be read back."""
        if not is_key_name(self.name) or len(self.key_id) != _KEY_ID or not self.raw:
            raise NotANote(reason=f"signature of {self.name!r:.80}")

    def line(self) -> str:
        """Return `— name base64` and a newline."""
        return f"{DASH}{self.name} {to_base64(self.key_id + self.raw)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text (with its last newline) and the signatures under it; who may be believed is said by keys."""

    body: str
    signatures: tuple[Signature, ...] = ()

    def __post_init__(self) -> None:
        """Refuse with NotANote what could not be read back."""
        claimed = {(one.name, one.key_id) for one in self.signatures}
        if not self.body.endswith("\n") or _CONTROL.search(self.body):
            raise NotANote(reason="body")
        if len(claimed) != len(self.signatures) or len(claimed) > MOST_SIGNATURES:
            raise NotANote(reason="two signatures of one key, or too many")

    def text(self) -> str:
        """Return the note as it is published, in UTF-8 when it becomes bytes."""
        return self.body + "\n" + "".join(one.line() for one in self.signatures)

    def with_signature(self, signature: Signature) -> Self:
        """Return the note with one more signature; an older one of the same key makes room for it."""
        others = (one for one in self.signatures if (one.name, one.key_id) != (signature.name, signature.key_id))
        return replace(self, signatures=(*others, signature))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: how many events it has and the root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        """Refuse with NotANote what could not be read back."""
        if not is_key_name(self.origin) or not 0 <= self.size <= LARGEST_SIZE or len(self.root) != _HASH:
            raise NotANote(reason="checkpoint")

    def body(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


def parse_checkpoint(body: str) -> Checkpoint:
    """Read the text of a note as a checkpoint of exactly three lines (no extension lines); NotANote."""
    match body.split("\n"):
        case [origin, size, root, ""]:
            return Checkpoint(origin, to_number(size), from_base64(root))
        case _:
            raise NotANote(reason="a checkpoint has three lines")


def parse_note(text: str | bytes) -> Note:
    """Read a note with at least one signature; NotANote.

    Hand in the bytes of a file: a reader of text files would have turned other line ends into newlines.
    """
    written = from_utf8(text)
    before, gap, lines = written.rpartition("\n\n")
    if len(written) > LONGEST_NOTE or not gap:
        raise NotANote(reason="no blank line before signatures, or too long")
    return Note(before + "\n", parse_signatures(lines))


def parse_signatures(lines: str | bytes) -> tuple[Signature, ...]:
    """Read one or more signature lines, as a witness answers them; NotANote."""
    given = from_utf8(lines)
    if not given.endswith("\n") or given.count("\n") > MOST_SIGNATURES:
        raise NotANote(reason="signature lines end in a newline")
    return tuple(_signature(line) for line in given[:-1].split("\n"))


def is_key_name(name: str) -> bool:
    """Return whether a text may name a key: not empty, no white space, no plus, no control characters."""
    return bool(name) and not _CONTROL.search(name) and not any(sign.isspace() or sign == "+" for sign in name)


def to_base64(given: bytes) -> str:
    """Return standard base64 with its padding."""
    return b64encode(given).decode("ascii")


def from_base64(given: str) -> bytes:
    """Read base64 that is written in the one way it can be; NotANote."""
    try:
        read = b64decode(given.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as refused:
        raise NotANote(reason="base64") from refused
    if to_base64(read) != given:
        raise NotANote(reason="base64 written in another way")
    return read


def to_number(given: str) -> int:
    """Read a number in ASCII digits without leading zeroes, at most 2**63 - 1; NotANote."""
    if not _NUMBER.fullmatch(given) or int(given) > LARGEST_SIZE:
        raise NotANote(reason=f"number {given!r:.40}")
    return int(given)


def from_utf8(given: str | bytes) -> str:
    """Return text of bytes or of itself; NotANote for control characters other than newline and for broken UTF-8."""
    try:
        text = given if isinstance(given, str) else given.decode("utf-8")
    except UnicodeDecodeError as refused:
        raise NotANote(reason="UTF-8") from refused
    if _CONTROL.search(text):
        raise NotANote(reason="control characters")
    return text


def _signature(line: str) -> Signature:
    name, space, written = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not space:
        raise NotANote(reason="a signature line is a dash, a name and base64")
    signed = from_base64(written)
    return Signature(name, signed[:_KEY_ID], signed[_KEY_ID:])
