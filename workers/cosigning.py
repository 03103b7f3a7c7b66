"""What a witness cosigns and what it has seen (C2SP tlog-witness): kept durably before it is said, one at a time.

It knows a log's key by setting, or trusts the first one that introduces itself and no other after it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock

from workflows.anchors.disk import SECRET, Disk, put_whole
from workflows.errors import GoaltrailError, NotANote
from workflows.ledger.keys import KeyKind, SigningKey, VerifyingKey
from workflows.ledger.notes import (
    Checkpoint,
    Note,
    from_base64,
    from_utf8,
    parse_checkpoint,
    parse_note,
    to_number,
)
from workflows.ledger.tree import EMPTY_ROOT, verify_consistency

STATE = "state.json"
MOST_HASHES = 63
FORMAT = 1


class Declined(GoaltrailError):
    """请求不合要求。"""

    status = 400


class SignedByNobodyKnown(Declined):
    """检查点上没有已登记的台账密钥的有效签名。"""

    status = 403


class UnknownLog(Declined):
    """没有登记过这本台账。"""

    status = 404


class SeenOtherwise(Declined):
    """规模或根与上次见到的不同。"""

    status = 409


class NotConsistent(Declined):
    """不能证明台账只增不改。"""

    status = 422


class StateUnreadable(GoaltrailError):
    """见证人的记录无法读懂，不会从头开始。请从备份取回。"""


@dataclass(frozen=True)
class LogSeen:
    """What a witness remembers of a log: its key and the newest checkpoint that it cosigned (root in hex)."""

    vkey: str
    size: int = 0
    root: str = EMPTY_ROOT.hex()
    note: str = ""


@dataclass(frozen=True)
class Request:
    """An add-checkpoint request, taken apart."""

    old: int
    proof: Sequence[bytes]
    note: Note
    checkpoint: Checkpoint


@dataclass
class Cosigner:
    """A witness without its door; `clock` returns whole seconds since 1970. Every method may raise OSError."""

    folder: Path
    key: SigningKey
    disk: Disk
    clock: Callable[[], int]
    trusted: Mapping[str, str] = field(default_factory=dict)
    """Keys given by setting, by origin; where there are any, nobody is trusted on first use."""
    lock: Lock = field(default_factory=Lock)

    def add_checkpoint(self, body: bytes) -> str:
        """Cosign a checkpoint that continues what was seen, and return the signature line; Declined says why not."""
        asked = read_request(body)
        with self.lock:
            seen = self._log(asked.checkpoint.origin)
            if VerifyingKey.from_vkey(seen.vkey).signature_on(asked.note) is None:
                raise SignedByNobodyKnown
            refuse_inconsistent(asked, seen)
            signature = self.key.sign(asked.note.body, self.clock())
            note = Note(asked.note.body, asked.note.signatures).with_signature(signature)
            kept = LogSeen(seen.vkey, asked.checkpoint.size, asked.checkpoint.root.hex(), note.text())
            self._keep({**self.seen(), asked.checkpoint.origin: kept})
        return signature.line()

    def trust_log(self, body: bytes) -> None:
        """Take a log's verification key on first use; the same again is fine, another one is refused for ever."""
        key = _log_key(body)
        with self.lock:
            seen = self.seen()
            if key.name in seen and seen[key.name].vkey == key.vkey:
                return
            if seen or self.trusted:
                raise SignedByNobodyKnown
            self._keep({key.name: LogSeen(key.vkey)})

    def seen(self) -> dict[str, LogSeen]:
        """Return what was seen of each log, by origin, as it lies on the disk; StateUnreadable."""
        try:
            kept = json.loads((self.folder / STATE).read_text(encoding="utf-8"))
            return {origin: LogSeen(**log) for origin, log in kept["logs"].items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, KeyError, AttributeError) as damaged:
            raise StateUnreadable from damaged

    def _log(self, origin: str) -> LogSeen:
        seen = self.seen().get(origin)
        if not self.trusted:
            return seen or _unknown()
        vkey = self.trusted.get(origin) or _unknown().vkey
        return seen if seen and seen.vkey == vkey else LogSeen(vkey)

    def _keep(self, logs: Mapping[str, LogSeen]) -> None:
        text = json.dumps({"format": FORMAT, "logs": {origin: asdict(log) for origin, log in logs.items()}}, indent=1)
        put_whole(self.disk, self.folder / STATE, text.encode(), unfinished=self.folder, mode=SECRET)


def refuse_inconsistent(asked: Request, seen: LogSeen) -> None:
    """Raise SeenOtherwise (with `size` where the old size is not ours) or NotConsistent."""
    new, root = asked.checkpoint.size, bytes.fromhex(seen.root)
    if asked.old != seen.size or (asked.old == new and root != asked.checkpoint.root):
        raise SeenOtherwise(size=seen.size)
    if not verify_consistency(seen.size, new, root, asked.checkpoint.root, asked.proof):
        raise NotConsistent


def read_request(body: bytes) -> Request:
    """Read `old <size>`, the proof's lines, an empty line and a note; Declined where it is not exactly that."""
    try:
        above, gap, under = from_utf8(body).partition("\n\n")
        first, *lines = above.split("\n")
        old = to_number(first.removeprefix("old "))
        proof = [from_base64(line) for line in lines]
        note = parse_note(under)
        checkpoint = parse_checkpoint(note.body)
    except NotANote as malformed:
        raise Declined from malformed
    if not gap or not first.startswith("old ") or len(proof) > MOST_HASHES or old > checkpoint.size:
        raise Declined
    return Request(old, proof, note, checkpoint)


def _log_key(body: bytes) -> VerifyingKey:
    try:
        key = VerifyingKey.from_vkey(from_utf8(body).removesuffix("\n"))
    except NotANote as malformed:
        raise Declined from malformed
    if key.kind is not KeyKind.LOG:
        raise Declined
    return key


def _unknown() -> LogSeen:
    raise UnknownLog
