"""The auditor's handbook as a program reads it: the commands that docs/audit.md prints, in the order of the page."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.installation import PROJECT

PAGE = PROJECT / "docs" / "audit.md"
ENGLISH = "# In English"
BLOCK = re.compile(r"```\n(.+?)\n```|`(python3 [^`]+)`", re.DOTALL)
NOBODY = "00000000-0000-0000-0000-000000000000"
PATIENCE = 120.0


def commands() -> list[str]:
    """Every command line of the Chinese page, those in blocks and those in the running text."""
    chinese = PAGE.read_text(encoding="utf-8").partition(ENGLISH)[0]
    return [line for block in BLOCK.finditer(chinese) for line in (block[1] or block[2]).splitlines()]


def numbered() -> list[str]:
    """The command lines that have a block of their own: the handbook proper."""
    chinese = PAGE.read_text(encoding="utf-8").partition(ENGLISH)[0]
    return [line for block in BLOCK.finditer(chinese) if block[1] for line in block[1].splitlines()]


def command(beginning: str) -> str:
    """The first command line of the page that begins like this."""
    return next(line for line in commands() if line.startswith(beginning))


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    error: str

    @property
    def last(self) -> str:
        return self.out.splitlines()[-1]


def environment() -> dict[str, str]:
    """The environment of somebody at the host: nothing of another installation in it; a note is signed every second."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOALTRAIL_") and name not in ("DATABASE_URL", "REDIS_URL")}
    return {**kept, "GOALTRAIL_ENVIRONMENT": sys.prefix, "PYTHONPATH": str(PROJECT), "GOALTRAIL_CHECKPOINT_SECONDS": "1"}


def run(line: str, folder: Path, *more: str, **names: str) -> Said:
    """Run a line of the page in a folder, with what the reader puts for its placeholders and adds at its end."""
    words = [names.get(word, word) for word in shlex.split(line)]
    words[0] = {"python3": sys.executable}[words[0]]
    done = subprocess.run([*words, *more], cwd=folder, env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=False)
    return Said(done.returncode, done.stdout.strip(), done.stderr.strip())


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass(frozen=True)
class Running:
    """An installation that is up: its address, data directory, accounts as `up` tells them."""

    address: str
    data: Path
    accounts: Sequence[dict[str, str]]

    @property
    def anchors(self) -> Path:
        return self.data / "anchors"

    def ready(self) -> dict[str, object]:
        """What /readyz says once it answers 200; fails with its last answer otherwise."""
        deadline, said = time.monotonic() + PATIENCE, ""
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.address}readyz", timeout=10) as answer:
                    return dict(json.loads(answer.read())["checks"])
            except urllib.error.HTTPError as not_yet:
                with not_yet:
                    said = not_yet.read().decode()
            time.sleep(0.2)
        raise AssertionError(said)

    def note_over(self, size: int) -> str:
        """Wait for a note that covers more than `size` events and return it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            file = self.anchors / "checkpoint"
            text = file.read_text(encoding="utf-8") if file.exists() else "\n0\n"
            if int(text.splitlines()[1]) > size:
                return text
            time.sleep(0.2)
        raise AssertionError((self.data / "logs" / "checkpoints.log").read_text(encoding="utf-8")[-3000:])


@contextmanager
def up(data: Path, folder: Path) -> Iterator[Running]:
    """Start an installation as the handbook's reader finds it, and stop it in order."""
    arguments = [sys.executable, "-m", "service", "up", "--json", "--port", str(free_port()), "--data-dir", str(data)]
    with (folder / "up.log").open("w+") as log:
        process = subprocess.Popen(arguments, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            line = process.stdout.readline() if process.stdout else ""
            assert line, (folder / "up.log").read_text()
            told = json.loads(line)
            yield Running(told["address"], Path(told["data"]), told["accounts"])
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, (folder / "up.log").read_text()
