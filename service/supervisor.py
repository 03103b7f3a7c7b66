"""Keeps the processes of an installation running: starts in order, waits for health, restarts, stops in order."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from service.processes import record_running
from service.startup_refusals import PartNotReady, StartRefused

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
CALM_AFTER = 60.0
LOOK_EVERY = 0.1


class HasProcess(Protocol):
    """What the supervisor knows of a running process."""

    @property
    def pid(self) -> int:
        """Its number."""

    def poll(self) -> int | None:
        """Its exit code once it has ended."""


class Part(Protocol):
    """A server or a child that can be started, asked whether it is ready, and stopped."""

    name: str

    @property
    def process(self) -> HasProcess | None:
        """The running process, None before the start and after the stop."""

    def start(self) -> None:
        """Start it."""

    def ready(self) -> bool:
        """Whether it is ready for work."""

    def stop(self) -> int:
        """Stop it and return its exit code."""


@dataclass(slots=True)
class Supervisor:
    """Watches parts that were given in the order of their start; `tell` receives one sentence per incident."""

    parts: Sequence[Part]
    record: Path
    tell: Callable[[str], None]
    stopping: threading.Event = field(default_factory=threading.Event)
    pauses: dict[str, float] = field(default_factory=dict)
    started: dict[str, float] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)

    def start(self) -> None:
        """Start every part that does not run yet, in order."""
        for part in self.parts:
            if part.process is None:
                part.start()
            self.started[part.name] = time.monotonic()
            self._write_down()

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until all parts are ready; a part that ends meanwhile is restarted.

        Raises PartNotReady naming the parts that were not ready in time.
        """
        deadline = time.monotonic() + seconds
        while not self.stopping.is_set():
            late = [part.name for part in self.parts if not part.ready()]
            if not late:
                return
            if time.monotonic() > deadline:
                raise PartNotReady(f"以下部件未能在 {seconds:.0f} 秒内就绪：{'、'.join(late)}。请查看日志。")
            self.look_after()
            self.stopping.wait(LOOK_EVERY)

    def watch(self) -> None:
        """Restart what dies, with growing pauses, until `stopping` is set."""
        while not self.stopping.wait(LOOK_EVERY):
            self.look_after()

    def look_after(self) -> None:
        """One round: note each part that ended, and start again those whose pause is over."""
        for part in self.parts:
            now = time.monotonic()
            if part.name in self.due:
                if now >= self.due[part.name]:
                    self._restart(part)
            elif part.process is not None and (code := part.process.poll()) is not None:
                self._schedule(part, f"{part.name} 已退出（退出码 {code}）", now)

    def stop(self) -> Mapping[str, int]:
        """Stop all parts in the reverse order of their start and return their exit codes."""
        codes = {part.name: part.stop() for part in reversed(self.parts)}
        self.record.unlink(missing_ok=True)
        return codes

    def _schedule(self, part: Part, incident: str, now: float) -> None:
        calm = now - self.started.get(part.name, now) > CALM_AFTER
        pause = FIRST_PAUSE if calm else self.pauses.get(part.name, FIRST_PAUSE)
        self.pauses[part.name] = min(pause * 2, LONGEST_PAUSE)
        self.due[part.name] = now + pause
        self.tell(f"{incident}，{pause:.1f} 秒后重新启动。")

    def _restart(self, part: Part) -> None:
        del self.due[part.name]
        try:
            part.start()
        except StartRefused as refused:
            self._schedule(part, f"{part.name} 未能启动：{refused.sentence}", time.monotonic())
            return
        self.started[part.name] = time.monotonic()
        self._write_down()

    def _write_down(self) -> None:
        running = {part.name: part.process.pid for part in self.parts if part.process is not None}
        record_running(self.record, running)
