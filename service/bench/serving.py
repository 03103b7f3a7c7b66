"""The product's web and the least web beside it, each under gunicorn as the Procfile starts it."""

import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.bench.browsers import Browser, Crowd
from service.bench.ground import Ground
from service.bench.town import House
from service.database_choice import choose_broker
from service.embedded_valkey import EmbeddedValkey
from service.processes import procfile_lines

PROJECT = Path(__file__).resolve().parents[2]
CONNECTIONS = 16
READER = "bureau-1"
SECONDS_TO_BE_READY = 60.0


@dataclass(frozen=True)
class Webs:
    """The product's port, the least web's port, and browsers signed in as the first units' heads."""

    product: int
    least: int
    crowd: Crowd
    pinging: Crowd
    reader: Browser
    plain: Browser


@contextmanager
def both_webs(ground: Ground) -> Iterator[Webs]:
    """Start both, sign the browsers in, and end them."""
    with ExitStack() as stack:
        broker = EmbeddedValkey(choose_broker(os.environ), ground.folder, ground.folder / "broker.log")
        broker.start()
        stack.callback(broker.kill)
        environment = surroundings(ground, broker)
        line = procfile_lines((PROJECT / "Procfile").read_text(encoding="utf-8"))["web"]
        product, least = free_port(), free_port()
        for port, command in ((product, line), (least, f"{line.rpartition(' ')[0]} service.bench.ping:create_ping()")):
            stack.enter_context(running(command, {**environment, "GOALTRAIL_PORT": str(port)}, ground.folder))
        wait_until_open(product)
        wait_until_open(least)
        heads = [Browser(number, product) for number in range(CONNECTIONS)]
        for number, browser in enumerate(heads):
            browser.sign_in(House(number).head.id)
        reader = Browser(CONNECTIONS, product)
        reader.sign_in(READER)
        pinging = Crowd(tuple(Browser(number, least) for number in range(CONNECTIONS)))
        yield Webs(product, least, Crowd(tuple(heads)), pinging, reader, Browser(CONNECTIONS, least))


def surroundings(ground: Ground, broker: EmbeddedValkey | None = None) -> dict[str, str]:
    """Return the environment that a child of the Procfile finds."""
    key = ground.folder / "secret.key"
    key.write_text(secrets.token_hex(32), encoding="ascii")
    broker_urls = {"GOALTRAIL_REDIS_URL": broker.redis_url, "GOALTRAIL_BROKER_URL": broker.celery_url} if broker else {}
    return {
        "PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(PROJECT), "GOALTRAIL_MODE": "production",
        "GOALTRAIL_DATABASE_URL": ground.application, "GOALTRAIL_SECRET_KEY": str(key),
        "GOALTRAIL_DATA_DIR": str(ground.folder), "BENCH_RAW_URL": ground.raw, **broker_urls,
    }  # fmt: skip


@contextmanager
def running(command: str, environment: dict[str, str], folder: Path) -> Iterator[None]:
    """Run a command of the environment's own programs until the block ends."""
    words = [word.replace("$GOALTRAIL_PORT", environment.get("GOALTRAIL_PORT", "")) for word in shlex.split(command)]
    program = Path(sys.executable).parent / words[0]
    arguments = [str(program) if program.exists() else words[0], *words[1:]]
    with (folder / f"{words[0]}.log").open("ab") as log:
        process = subprocess.Popen(
            arguments, env=environment, cwd=PROJECT, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def wait_until_open(port: int) -> None:
    """Wait until something answers there; ConnectionRefusedError after a minute."""
    until = time.monotonic() + SECONDS_TO_BE_READY
    while time.monotonic() < until:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise ConnectionRefusedError(port)
