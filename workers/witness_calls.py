"""How the log asks a witness for its cosignature (C2SP tlog-witness), over HTTP or a unix socket."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from workflows.anchors.refusals import WitnessKnowsOtherKey, WitnessSawAnother
from workflows.errors import GoaltrailError, NotANote
from workflows.ledger.keys import KeyKind, VerifyingKey
from workflows.ledger.notes import Checkpoint, Note, Signature, parse_signatures, to_base64, to_number

SECONDS = 5.0
LONGEST_ANSWER = 65_536
MOST_TRIES = 4
OK, UNKNOWN_KEY, UNKNOWN_LOG, OTHER_SIZE, NOT_CONSISTENT = 200, 403, 404, 409, 422
Prove = Callable[[int, int], Sequence[bytes]]


class WitnessAway(GoaltrailError):
    """见证人没有应答，或没有签署。"""


class UnixConnection(HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str, timeout: float) -> None:
        """Remember the socket's path."""
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self) -> None:
        """Connect to the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


@dataclass
class Witness:
    """One witness by its address (`http://host:port`, `https://host`, `unix:/path`) and what is known of it so far."""

    url: str
    key: VerifyingKey | None = None
    size: int = 0
    apart: int | None = None
    """By how many seconds its clock was ahead of ours when it last signed for us; None before that."""

    def has_signed(self, note: Note) -> bool:
        """Whether its cosignature is on the note; asks for its key once. Raises WitnessAway."""
        return self._key().signature_on(note) is not None

    def cosignature(self, note: Note, checkpoint: Checkpoint, prove: Prove, log_key: str) -> Signature:
        """Ask for a cosignature, with the proof from the size that it saw last; it tells that size where we are wrong.

        Raises WitnessAway, WitnessSawAnother where it has seen a tree that does not begin this one, and
        WitnessKnowsOtherKey where it knows this log by another key than the one that signed.
        """
        for _ in range(MOST_TRIES):
            old = min(self.size, checkpoint.size)
            status, said = self._ask("POST", "/add-checkpoint", _request(old, prove(old, checkpoint.size), note))
            if status == OK:
                self.size = checkpoint.size
                return self._own(note, said)
            if status == UNKNOWN_LOG:
                self._introduce(log_key)
            elif status == UNKNOWN_KEY:
                raise WitnessKnowsOtherKey(**self._facts(checkpoint))
            elif status == OTHER_SIZE and _size(said) != old:
                self._learn(_size(said), checkpoint)
            elif status in {OTHER_SIZE, NOT_CONSISTENT}:
                raise WitnessSawAnother(**self._facts(checkpoint))
            else:
                raise WitnessAway(f"见证人 {self.url} 答复 {status}：{said.strip()[:200]}")
        raise WitnessAway(f"见证人 {self.url} 每次答复的规模都不同。")

    def _learn(self, size: int, checkpoint: Checkpoint) -> None:
        if size > checkpoint.size:
            raise WitnessSawAnother(**self._facts(checkpoint), anchored_size=size)
        self.size = size

    def _facts(self, checkpoint: Checkpoint) -> dict[str, str | int]:
        return {
            "witness": self.url, "log_origin": checkpoint.origin, "log_size": checkpoint.size,
            "log_root": checkpoint.root.hex(),
        }  # fmt: skip

    def _own(self, note: Note, said: str) -> Signature:
        try:
            given = parse_signatures(said)
        except NotANote as malformed:
            raise WitnessAway(f"见证人 {self.url} 的答复不是签名。") from malformed
        for forget in (False, True):
            if forget:
                self.key = None
            key = self._key()
            for one in given:
                if key.verify(note.body, one):
                    return one
        raise WitnessAway(f"见证人 {self.url} 的签名无法用它的密钥验证。")

    def _key(self) -> VerifyingKey:
        if self.key is None:
            status, said = self._ask("GET", "/vkey")
            try:
                key = VerifyingKey.from_vkey(said.strip())
            except NotANote as malformed:
                raise WitnessAway(f"见证人 {self.url} 没有给出密钥（{status}）。") from malformed
            if key.kind is not KeyKind.WITNESS:
                raise WitnessAway(f"见证人 {self.url} 给出的不是见证密钥。")
            self.key = key
        return self.key

    def _introduce(self, log_key: str) -> None:
        status, said = self._ask("POST", "/trust-log", f"{log_key}\n")
        if status != OK:
            raise WitnessAway(f"见证人 {self.url} 不认识本台账的密钥（{status}）：{said.strip()[:200]}")

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        connection, prefix = _connection(self.url)
        try:
            connection.request(method, prefix + path, None if body is None else body.encode())
            answer = connection.getresponse()
            return answer.status, answer.read(LONGEST_ANSWER).decode("utf-8", "replace")
        except (OSError, HTTPException) as away:
            raise WitnessAway(f"见证人 {self.url} 没有应答：{away or type(away).__name__}") from away
        finally:
            connection.close()


def _connection(url: str) -> tuple[HTTPConnection, str]:
    if url.startswith("unix:"):
        return UnixConnection(url.removeprefix("unix:"), SECONDS), ""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    try:
        return kind(parts.hostname or "localhost", parts.port, timeout=SECONDS), parts.path.rstrip("/")
    except ValueError as malformed:
        raise WitnessAway(f"见证人地址 {url} 写错了。") from malformed


def _request(old: int, proof: Sequence[bytes], note: Note) -> str:
    return f"old {old}\n" + "".join(f"{to_base64(one)}\n" for one in proof) + f"\n{note.text()}"


def _size(said: str) -> int:
    try:
        return to_number(said.removesuffix("\n"))
    except NotANote as malformed:
        raise WitnessAway("见证人没有说出它见过的规模。") from malformed
