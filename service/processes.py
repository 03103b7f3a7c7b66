"""The processes of an installation: one line of the Procfile each, what they left running, and when one was started."""

import json
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

SECONDS_TO_STOP = 30.0
SECONDS_TO_END_LEFTOVERS = 5.0


@dataclass(slots=True)
class Child:
    """One process: its command, its environment, where its output goes and how it says that it is ready."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    is_ready: Callable[[], bool]
    ready_file: Path | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process in a session of its own, so that a Ctrl-C on the terminal reaches only the supervisor."""
        if self.ready_file:
            self.ready_file.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.environment),
                cwd=self.folder,
                start_new_session=True,
            )

    def ready(self) -> bool:
        """Whether it runs and says that it is ready."""
        return self.process is not None and self.process.poll() is None and self.is_ready()

    def stop(self) -> int:
        """Ask the process to end, wait, and return its exit code; one that does not end is killed (-9)."""
        if self.process is None:
            return 0
        self.process.terminate()
        try:
            code = self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            code = self.process.wait()
        self.process = None
        return code


def procfile_lines(text: str) -> dict[str, str]:
    """The commands of a Procfile by name, in the order in which they stand there."""
    rows = (line.partition(":") for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    return {name.strip(): command.strip() for name, _, command in rows}


def arguments_of(command: str, environment: Mapping[str, str], programs: Path) -> list[str]:
    """A Procfile command as arguments: $NAME filled in, the program taken from the environment's own folder."""
    words = shlex.split(command)
    filled = [_filled(word, environment) for word in words]
    own = programs / filled[0]
    return [str(own) if own.exists() else filled[0], *filled[1:]]


def _filled(word: str, environment: Mapping[str, str]) -> str:
    for name in sorted(environment, key=len, reverse=True):
        word = word.replace(f"${name}", environment[name])
    return word


def started_at(process: int) -> str | None:
    """When a process began, in the system's own words, so that a number given out again is not taken for it."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    except OSError:
        asked = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(process)], check=False, capture_output=True, text=True
        ) if not Path("/proc/self").exists() else None
        return (asked.stdout.strip() or None) if asked else None
    return None if fields[0] == "Z" else fields[19]


def record_running(file: Path, running: Mapping[str, int]) -> None:
    """Write down which processes run, for the start after a kill -9 of everything."""
    rows = {name: [process, started_at(process)] for name, process in running.items()}
    temporary = file.with_suffix(".new")
    temporary.write_text(json.dumps(rows), encoding="utf-8")
    temporary.replace(file)


def end_leftovers(file: Path) -> list[str]:
    """End the processes written down by a supervisor that was killed, and return their names."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    left = {name: row[0] for name, row in rows.items() if row[1] is not None and started_at(row[0]) == row[1]}
    for kind in (signal.SIGTERM, signal.SIGKILL):
        for process in left.values():
            _signal_group(process, kind)
        _wait_until_gone(list(left.values()))
    file.unlink(missing_ok=True)
    return sorted(left)


def _signal_group(process: int, kind: signal.Signals) -> None:
    try:
        os.killpg(process, kind)
    except (ProcessLookupError, PermissionError):
        return


def _wait_until_gone(processes: list[int]) -> None:
    deadline = time.monotonic() + SECONDS_TO_END_LEFTOVERS
    while time.monotonic() < deadline and any(started_at(process) for process in processes):
        time.sleep(0.05)
