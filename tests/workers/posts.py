"""A receiver of webhooks on loopback: keeps what it is sent and answers as told."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Posted:
    """One POST as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PostSink:
    """What came, and what is answered; `silent` closes the line after the body without a word."""

    status: int = 200
    answer: bytes = b'{"errcode":0,"errmsg":"ok"}'
    location: str = ""
    silent: bool = False
    posts: list[Posted] = field(default_factory=list)


@contextmanager
def running_post_sink() -> Iterator[tuple[PostSink, str]]:
    sink = PostSink()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            sink.posts.append(Posted(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            if sink.silent:
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(sink.status)
            if sink.location:
                self.send_header("Location", sink.location)
            self.send_header("Content-Length", str(len(sink.answer)))
            self.end_headers()
            self.wfile.write(sink.answer)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield sink, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
