"""Racers: processes that each do one thing again and again for a slice of time, and say how often and at what cost."""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import UUID

from service.bench.contestants import CONTESTANTS, Contestant
from service.bench.ground import Ground

HEAD_START = 0.02


@dataclass(frozen=True)
class Slice:
    """What racers did in one slice of time: how often, in how many seconds, CPU seconds of client and server."""

    done: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Return how often in a second."""
        return self.done / self.seconds

    @property
    def cost(self) -> float:
        """Return the CPU seconds of one."""
        return self.cpu / max(1, self.done)


@dataclass
class Racer:
    """One process at the other end of a pipe."""

    process: Any
    pipe: Connection


@dataclass
class Field:
    """The racers of a measurement; each holds its own connections open."""

    racers: Sequence[Racer]

    def race(self, name: str, seconds: float, work: Sequence[Any], racers: int) -> Slice:
        """Let the first racers do one thing, all beginning at the same moment; `work` is dealt out among them."""
        start = time.monotonic() + HEAD_START
        chosen = self.racers[:racers]
        for number, racer in enumerate(chosen):
            racer.pipe.send((name, start, seconds, work[number::racers]))
        done = [racer.pipe.recv() for racer in chosen]
        return Slice(sum(each[0] for each in done), max(each[1] for each in done), sum(each[2] for each in done))


@contextmanager
def field_of(ground: Ground, racers: int) -> Iterator[Field]:
    """Start racers and end them."""
    context = multiprocessing.get_context("spawn")
    made = []
    for _ in range(racers):
        mine, theirs = context.Pipe()
        process = context.Process(target=run, args=(theirs, ground), daemon=True)
        process.start()
        made.append(Racer(process, mine))
    try:
        yield Field(made)
    finally:
        for racer in made:
            racer.pipe.send(None)
            racer.process.join(10)


def run(pipe: Connection, ground: Ground) -> None:
    """Race until told to end: the life of a racer's process."""
    known: dict[str, Contestant] = {}
    while (asked := pipe.recv()) is not None:
        name, start, seconds, work = asked
        if name not in known:
            known[name] = CONTESTANTS[name](ground)
        pipe.send(_one_slice(known[name], start, seconds, work))


def _one_slice(contestant: Contestant, start: float, seconds: float, work: Sequence[UUID]) -> tuple[int, float, float]:
    act: Callable[[Any], None] = contestant.act
    time.sleep(max(0.0, start - time.monotonic()))
    server, client, began, done = cpu_of(contestant.backend), time.process_time(), time.monotonic(), 0
    for item in work:
        act(item)
        done += 1
        if time.monotonic() - began >= seconds:
            break
    took = time.monotonic() - began
    return done, took, time.process_time() - client + cpu_of(contestant.backend) - server


def cpu_of(process: int) -> float:
    """Return the CPU seconds that a process of this machine has used; 0 where the system does not say."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
    except (OSError, ValueError):
        return 0.0
