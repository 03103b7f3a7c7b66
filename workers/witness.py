"""The witness: a small process with a key and a memory of its own, which cosigns notes of a log that only grew.

`python -m workers.witness` needs no database, only GOALTRAIL_WITNESS_DIR; GOALTRAIL_WITNESS_LISTEN says where it is
asked (`host:port`, else a unix socket), GOALTRAIL_WITNESS_LOG_VKEY is better than trust on first use: docs/witness.md.
"""

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import ClassVar

import structlog

from workers.cosigning import STATE, Cosigner, Declined, SeenOtherwise, StateUnreadable
from workflows.anchors.disk import RealDisk, ensure_folder, locked
from workflows.anchors.key_files import make_key, read_key
from workflows.anchors.places import WITNESS, WITNESS_LISTEN, witness_directory
from workflows.errors import GoaltrailError, NotANote
from workflows.ledger.keys import KeyKind, SigningKey, VerifyingKey

LOG_KEYS, NAME = "GOALTRAIL_WITNESS_LOG_VKEY", "GOALTRAIL_WITNESS_NAME"
LONGEST_BODY = 65_536
SECONDS_TO_SPEAK = 20.0
log = structlog.get_logger()


class SettingMissing(GoaltrailError):
    """缺少运行所需的设置。"""


class Door(BaseHTTPRequestHandler):
    """The witness's HTTP: POST /add-checkpoint and /trust-log, GET /vkey, /latest and /healthz."""

    protocol_version = "HTTP/1.1"
    timeout = SECONDS_TO_SPEAK
    cosigner: ClassVar[Cosigner]

    def do_GET(self) -> None:
        """Answer what everybody may know."""
        self._answer({"/vkey": self._vkey, "/latest": self._latest, "/healthz": lambda: "ok\n"}.get(self.path))

    def do_POST(self) -> None:
        """Take what a log brings."""
        self._answer({"/add-checkpoint": self._cosign, "/trust-log": self._trust}.get(self.path))

    def _vkey(self) -> str:
        return f"{self.cosigner.key.vkey}\n"

    def _latest(self) -> str:
        seen = self.cosigner.seen()
        return json.dumps({origin: asdict(each) for origin, each in seen.items()}, ensure_ascii=False, indent=1) + "\n"

    def _cosign(self) -> str:
        return self.cosigner.add_checkpoint(self._body())

    def _trust(self) -> str:
        self.cosigner.trust_log(self._body())
        return "ok\n"

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > LONGEST_BODY:
            self.close_connection = True
            raise Declined
        return self.rfile.read(int(length))

    def _answer(self, ask: Callable[[], str] | None) -> None:
        if ask is None:
            self.close_connection = True
            self._say(404, "没有这个地址。\n")
            return
        try:
            self._say(200, ask())
        except SeenOtherwise as other:
            log.warning("witness.declined", status=409, seen=other.facts.get("size"))
            self._say(409, f"{other.facts['size']}\n", "text/x.tlog.size")
        except Declined as declined:
            log.warning("witness.declined", status=declined.status, reason=declined.sentence)
            self._say(declined.status, f"{declined.sentence}\n")
        except (OSError, StateUnreadable) as failure:
            log.critical("witness.failed", reason=str(failure))
            self._say(500, "见证人暂时无法记录，没有签署。\n")

    def _say(self, status: int, text: str, kind: str = "text/plain; charset=utf-8") -> None:
        answer = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the standard library
        """Keep quiet; what was declined is written down above."""


class PortServer(ThreadingHTTPServer):
    """The door on a port."""

    request_queue_size = 128


class UnixServer(PortServer):
    """The same door on a unix socket, which only its owner may use."""

    address_family = socket.AF_UNIX
    server_address: str  # type: ignore[assignment]

    def server_bind(self) -> None:
        """Bind where a dead witness may have left its socket."""
        with suppress(FileNotFoundError):
            Path(self.server_address).unlink()
        self.socket.bind(self.server_address)
        Path(self.server_address).chmod(0o600)
        self.server_name, self.server_port = "localhost", 0

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """Give a caller the address that the handler expects."""
        caller, _ = self.socket.accept()
        return caller, ("unix", 0)


def serve(listen: str, cosigner: Cosigner, stop: Event, opened: Callable[[], None]) -> None:
    """Answer until told to stop; `opened` is called once it listens. OSError where it cannot listen there."""
    door = type("OwnDoor", (Door,), {"cosigner": cosigner})
    if listen.startswith("unix:"):
        server: PortServer = UnixServer(listen.removeprefix("unix:"), door)  # type: ignore[arg-type]
    else:
        host, _, port = listen.rpartition(":")
        server = PortServer((host.strip("[]") or "127.0.0.1", int(port)), door)
    with server:
        answering = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
        answering.start()
        opened()
        stop.wait()
        server.shutdown()
        answering.join()


def made_cosigner(folder: Path, environment: Mapping[str, str]) -> Cosigner:
    """Return the witness of a folder, its key made on the first start.

    Raises StateUnreadable, NotANote, SettingMissing, OSError.
    """
    disk, file = RealDisk(), folder / "witness.key"
    key = read_key(file)
    if key is None and (folder / STATE).exists():
        raise SettingMissing(f"{file} 不见了，但记录还在。请取回原来的密钥。")
    key = key or make_key(disk, file, _name(environment), KeyKind.WITNESS, os.urandom)
    logs = [VerifyingKey.from_vkey(text) for text in environment.get(LOG_KEYS, "").replace(",", " ").split()]
    made = Cosigner(folder, key, disk, lambda: int(time.time()), {each.name: each.vkey for each in logs})
    made.seen()
    return made


def _name(environment: Mapping[str, str]) -> str:
    own = sha256(os.urandom(32)).hexdigest()[:8]
    return environment.get(NAME) or f"goaltrail.local/witness/{own}"


def main(environment: Mapping[str, str]) -> int:
    """Run until SIGTERM or SIGINT; 0 after an orderly end, 1 where it may not run, 2 where a setting is missing."""
    data = environment.get("GOALTRAIL_DATA_DIR")
    if not data and not environment.get(WITNESS):
        sys.stderr.write(f"请设置 {WITNESS}（或 GOALTRAIL_DATA_DIR）。\n")
        return 2
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    folder = witness_directory(environment, Path(data or "."))
    listen = environment.get(WITNESS_LISTEN) or f"unix:{folder / 'witness.sock'}"
    ready = environment.get("GOALTRAIL_READY_FILE")
    try:
        ensure_folder(RealDisk(), folder)
        with locked(RealDisk(), folder / ".lock"):
            cosigner = made_cosigner(folder, environment)
            serve(listen, cosigner, stop, lambda: _opened(listen, cosigner.key, ready))
    except BlockingIOError:
        sys.stderr.write(f"{folder} 已有一个见证人在运行。\n")
        return 1
    except (SettingMissing, StateUnreadable, NotANote) as refused:
        sys.stderr.write(f"{refused.sentence}\n")
        return 1
    except (OSError, ValueError) as failure:
        sys.stderr.write(f"见证人无法启动：{failure}\n")
        return 1
    return 0


def _opened(listen: str, key: SigningKey, ready: str | None) -> None:
    log.info("witness.listens", at=listen, vkey=key.vkey)
    if ready:
        Path(ready).touch()


if __name__ == "__main__":
    sys.exit(main(os.environ))
