"""A log made of nothing but hashes, and witnesses as processes of their own that can be killed and started again."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path

from tests.workers.processes import ROOT, wait_until
from workers.witness_calls import UnixConnection
from workflows.ledger.keys import KeyKind, SigningKey, VerifyingKey
from workflows.ledger.notes import Checkpoint, Note, to_base64
from workflows.ledger.tree import consistency_proof, root_of

ORIGIN = "goaltrail.local/0123456789abcdef/sha256"
KEY = SigningKey(ORIGIN, bytes(range(32)))
WITNESS_KEY = SigningKey("goaltrail.local/witness/test", bytes(range(32, 64)), KeyKind.WITNESS)


@dataclass
class ToyLog:
    """Leaves that depend on the story told, so that two stories are two trees."""

    story: str = ""
    forks_at: int = 0
    key: SigningKey = KEY
    leaves: list[bytes] = field(default_factory=list)

    def leaf(self, index: int) -> bytes:
        return sha256(f"{self.story if index >= self.forks_at else ''}{index}".encode()).digest()

    def _read(self, level: int, index: int) -> bytes:
        return root_of([self.leaf(at) for at in range(index << level, (index + 1) << level)])

    def root(self, size: int) -> bytes:
        return root_of([self.leaf(at) for at in range(size)])

    def note(self, size: int) -> Note:
        body = Checkpoint(self.key.name, size, self.root(size)).body()
        return Note(body, (self.key.sign(body),))

    def proof(self, old: int, new: int) -> list[bytes]:
        return consistency_proof(old, new, self._read)

    def request(self, old: int, new: int, proof: list[bytes] | None = None) -> bytes:
        hashes = self.proof(old, new) if proof is None else proof
        return f"old {old}\n{''.join(to_base64(one) + chr(10) for one in hashes)}\n{self.note(new).text()}".encode()


@dataclass
class WitnessProcess:
    """`python -m workers.witness` on a folder, listening at a unix socket or a port of the loopback."""

    folder: Path
    listen: str
    more: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return self.listen if self.listen.startswith("unix:") else f"http://{self.listen}"

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "GOALTRAIL_WITNESS_DIR": str(self.folder), "GOALTRAIL_WITNESS_LISTEN": self.listen, "PYTHONPATH": str(ROOT),
            "GOALTRAIL_READY_FILE": str(self.folder) + ".ready", **self.more,
        }  # fmt: skip
        return {"PATH": os.environ["PATH"], **own}

    def popen(self) -> subprocess.Popen:
        command = [sys.executable, "-m", "workers.witness"]
        with Path(str(self.folder) + ".log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    def start(self) -> None:
        ready = Path(str(self.folder) + ".ready")
        ready.unlink(missing_ok=True)
        self.process = self.popen()
        wait_until(lambda: ready.exists() or self.process.poll() is not None, 60)
        assert self.process.poll() is None, self.said()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def said(self) -> str:
        return Path(str(self.folder) + ".log").read_text()

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str, str]:
        host, _, port = self.listen.rpartition(":")
        unix = self.listen.startswith("unix:")
        door = UnixConnection(self.listen.removeprefix("unix:"), 30) if unix else HTTPConnection(host, int(port), timeout=30)
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # the answer may come before the whole body was sent
                door.request(method, path, body)
            answer = door.getresponse()
            return answer.status, answer.read().decode(), answer.headers["Content-Type"]
        finally:
            door.close()

    def add(self, body: bytes) -> tuple[int, str]:
        return self.ask("POST", "/add-checkpoint", body)[:2]

    def key(self) -> VerifyingKey:
        return VerifyingKey.from_vkey(self.ask("GET", "/vkey")[1].strip())


@contextmanager
def witness_at(folder: Path, listen: str = "", **more: str) -> Iterator[WitnessProcess]:
    """A running witness; by default at a unix socket beside its folder."""
    witness = WitnessProcess(folder, listen or f"unix:{folder}.sock", more)
    witness.start()
    try:
        yield witness
    finally:
        if witness.process.poll() is None:
            witness.kill()


def loopback() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"
