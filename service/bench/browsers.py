"""Browsers by the dozen, as light as can be: kept connections, requests written by hand, each from its own address."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

from service.bench.town import PASSWORD

COOKIE = re.compile(rb"set-cookie: ([^;]+);", re.IGNORECASE)
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
TOKEN = re.compile(r'name="csrf_token" value="([^"]*)"')
LONGEST = 1 << 16


@dataclass
class Answer:
    """What came back: the status, the body and the seconds that it took."""

    status: int
    body: bytes
    seconds: float


@dataclass
class Browser:
    """One connection with its cookies; `number` gives it an address of its own on this machine."""

    number: int
    port: int
    cookie: str = ""
    token: str = ""
    kept: socket.socket | None = field(default=None, repr=False)

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask(f"GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: {self.cookie}\r\n\r\n".encode())

    def post(self, path: str, **fields: object) -> Answer:
        """Send a form."""
        form = urlencode({"csrf_token": self.token, **fields}).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nCookie: {self.cookie}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n"
        )
        return self._ask(head.encode() + form)

    def sign_in(self, login: str) -> None:
        """Go in by the door."""
        self.token = self._token("/login")
        answer = self.post("/login", login=login, password=PASSWORD)
        if answer.status != 303:
            raise ConnectionRefusedError(answer.body[:500].decode())
        self.token = self._token("/inbox") or self.token

    def _token(self, path: str) -> str:
        found = TOKEN.search(self.get(path).body.decode())
        return found.group(1) if found else ""

    def _ask(self, request: bytes) -> Answer:
        began = time.perf_counter()
        for attempt in (1, 2):
            try:
                status, body = self._exchange(request)
            except (ConnectionError, OSError):
                self.kept = None
                if attempt == 2:
                    raise
            else:
                break
        return Answer(status, body, time.perf_counter() - began)

    def _exchange(self, request: bytes) -> tuple[int, bytes]:
        if self.kept is None:
            here = (f"127.0.1.{self.number + 1}", 0)
            self.kept = socket.create_connection(("127.0.0.1", self.port), timeout=60, source_address=here)
            self.kept.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.kept.sendall(request)
        head, _, body = self._received(b"").partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        wanted = int(length.group(1)) if length else 0
        while len(body) < wanted:
            body = self._received(body)
        if found := COOKIE.search(head):
            self.cookie = found.group(1).decode()
        if b"connection: close" in head.lower():
            self.kept.close()
            self.kept = None
        return int(head.split(b" ", 2)[1]), body

    def _received(self, before: bytes) -> bytes:
        more = self.kept.recv(LONGEST) if self.kept else b""
        if not more:
            raise ConnectionResetError
        return before + more


@dataclass(frozen=True)
class Crowd:
    """Browsers that ask at the same time, each its own errands one after the other, for a slice of time."""

    browsers: tuple[Browser, ...]

    def hurry(self, errands: list[list[tuple[str, dict[str, object]]]], seconds: float) -> tuple[float, int]:
        """Return how many errands a second were done, and how many of them were not answered with 2xx or 3xx."""
        began = time.perf_counter()

        def go(browser: Browser, mine: list[tuple[str, dict[str, object]]]) -> tuple[int, int]:
            done = bad = 0
            for path, fields in mine:
                answer = browser.post(path, **fields) if fields else browser.get(path)
                done, bad = done + 1, bad + (answer.status >= 400)
                if time.perf_counter() - began >= seconds:
                    break
            return done, bad

        with ThreadPoolExecutor(len(self.browsers)) as threads:
            results = list(threads.map(go, self.browsers, errands))
        took = time.perf_counter() - began
        return sum(done for done, _ in results) / took, sum(bad for _, bad in results)
