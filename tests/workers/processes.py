"""The workers' processes as the Procfile starts them, and a real mail server that keeps what it gets."""

import asyncio
import email
import email.policy
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parents[2]
OF_EACH = 2
"""How many of each process run in the chaos tests."""
CELERY = (sys.executable, "-m", "celery", "-A", "workers.celery_app")
COMMANDS = {
    "worker": (*CELERY, "worker", "--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
    "beat": (*CELERY, "beat", "--loglevel", "INFO"),
    "dispatch": (sys.executable, "-m", "workers.dispatch"),
}


@dataclass
class Hands:
    """Starts and kills worker processes with one environment."""

    environment: dict[str, str]
    folder: Path
    running: list[subprocess.Popen] = field(default_factory=list)
    kept: dict[str, list[subprocess.Popen]] = field(default_factory=dict)

    def start(self, name: str) -> subprocess.Popen:
        number = len(self.running)
        ready = self.folder / f"{name}{number}.ready"
        environment = {**self.environment, "GOALTRAIL_READY_FILE": str(ready)}
        with (self.folder / f"{name}{number}.log").open("ab") as log:
            process = subprocess.Popen(
                COMMANDS[name], cwd=ROOT, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
        self.running.append(process)
        wait_until(lambda: ready.exists() or process.poll() is not None, 30)
        assert process.poll() is None, self.said()
        return process

    def kill(self, process: subprocess.Popen) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self, process: subprocess.Popen) -> int:
        process.send_signal(signal.SIGTERM)
        return process.wait(30)

    def said(self) -> str:
        return "\n".join(log.read_text()[-2000:] for log in sorted(self.folder.glob("*.log")))


@contextmanager
def hands_of(environment: dict[str, str], folder: Path) -> Iterator[Hands]:
    hands = Hands({**os.environ, **environment, "PYTHONPATH": str(ROOT)}, folder)
    try:
        yield hands
    finally:
        for process in hands.running:
            if process.poll() is None:
                hands.kill(process)


def wait_until(true: Callable[[], object], seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


class MailSink:
    """A mail server that keeps every mail; while `held`, it has taken the mail but does not answer."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, email.message.EmailMessage]] = []
        self.answer = "250 kept"
        self.held = False
        self.taken = threading.Event()

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.answer.startswith("250"):
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.mails.append((envelope.rcpt_tos[0], message))
        self.taken.set()
        while self.held:  # noqa: ASYNC110 - opened from the test's own thread
            await asyncio.sleep(0.05)
        return self.answer

    def told(self) -> dict[str, list[tuple[str, str, str]]]:
        """Message-ID → (receiver, subject, text) of each time it came."""
        told: dict[str, list[tuple[str, str, str]]] = {}
        for to, message in list(self.mails):
            told.setdefault(message["Message-ID"], []).append((to, message["Subject"], message.get_content()))
        return told


@contextmanager
def running_sink() -> Iterator[tuple[MailSink, str]]:
    sink = MailSink()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink, f"smtp://127.0.0.1:{port}"
    finally:
        sink.held = False
        controller.stop()
