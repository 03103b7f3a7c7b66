"""A receiver of signed webhooks and of a group's robot on loopback: it checks each signature as it comes, and may hang up."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

HOOK, ROBOT = "webhook:oa", "wecom"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Receiver:
    """What came; `hangs_up` is how often the line is closed without an answer though the post was taken."""

    url: str = ""
    hooks: list[tuple[str, bytes]] = field(default_factory=list)
    robots: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    hangs_up: int = 0
    hung_up: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def takes(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes] | None:
        """Return the status and the answer; None: the line breaks."""
        with self.lock:
            if path == "/hook":
                try:
                    Webhook(SECRET).verify(body, headers)
                except WebhookVerificationError as unfit:
                    self.refused.append(str(unfit))
                    return 401, b""
                self.hooks.append((headers["webhook-id"], body))
            else:
                self.robots.append(json.loads(body)["text"]["content"])
            if self.hangs_up:
                self.hangs_up, self.hung_up = self.hangs_up - 1, self.hung_up + 1
                return None
        return 200, b'{"errcode":0,"errmsg":"ok"}'

    def channels(self, file: Path) -> str:
        """Write the operator's settings of both channels and return where they lie."""
        hook = {"channel": "webhook", "name": "oa", "title": "办公系统", "url": f"{self.url}/hook", "secret": SECRET}
        robot = {"channel": "wecom", "url": f"{self.url}/robot", "token": "abc123"}
        file.write_text(json.dumps({"channels": [each | {"private": True} for each in (hook, robot)]}), encoding="utf-8")
        return str(file)


class Server(http.server.ThreadingHTTPServer):
    """Takes posts while workers are killed in the middle of them."""

    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Say nothing of a sender that died."""


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            wanted = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(wanted)
            if len(body) < wanted:
                return
            answer = receiver.takes(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            if answer is None:
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            self.wfile.write(answer[1])

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = Server(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
