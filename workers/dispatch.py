"""The dispatcher: sees in the database what is due and wakes workers; without a broker it does the work itself.

It leases nothing: a wake-up call carries no row, so a flushed broker loses a call and the next look repeats it.
A worker leases rows (SKIP LOCKED), counting the attempt, only when it begins with them.
"""

import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event
from uuid import UUID

import structlog
from kombu.exceptions import OperationalError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from workers.campaign_reminders import behind_the_calendar
from workers.document_clocks import documents_behind
from workers.recounting import waiting_tables
from workers.surroundings import engine, settings, show_life
from workers.tasks import CALLS, WORK
from workers.watching import Watch
from workflows.errors import GoaltrailError
from workflows.store.dated_snapshots import has_dated_snapshot
from workflows.store.digest import digest_is_due
from workflows.store.installation import beat, pulse_age
from workflows.store.outbox import sweep_expired
from workflows.store.snapshots import tables_behind
from workflows.store.tallies import tallies_behind
from workflows.store.timers import sweep_expired_timers
from workflows.store.transaction import Transaction, begin
from workflows.store.work import first_waiting, waiting_work
from workflows.workdays import beijing_date

LOOK_EVERY = 0.2
SWEEP_EVERY = 1.0
SHOW_EVERY = 5.0
ALARMS_EVERY = 30.0
BROKER_REST = 2.0
CANARY_SILENT = 120.0
CALL_EXPIRES = 60
log = structlog.get_logger()


@dataclass
class Every:
    """Says yes at most once in so many seconds; yes at first."""

    seconds: float
    next_at: float = 0.0

    def due(self, now: float) -> bool:
        """Whether the time has come; then it begins anew."""
        if now < self.next_at:
            return False
        self.next_at = now + self.seconds
        return True


@dataclass
class Patience:
    """How often to wake for the same waiting work: soon at first, then rarer while it does not go away."""

    pause: float = LOOK_EVERY
    next_at: float = 0.0
    longest: float = 5.0
    first: UUID | None = None

    def wakes(self, waiting: int, now: float, first: UUID | None = None) -> bool:
        """Whether to send a call now; where another piece is the first in the queue, work goes on: no need to wait."""
        if not waiting or first != self.first:
            self.pause, self.next_at, self.first = LOOK_EVERY, 0.0, first
        if not waiting:
            return False
        if now < self.next_at:
            return False
        self.next_at, self.pause = now + self.pause, min(self.pause * 2, self.longest)
        return True


def call_through_broker(name: str) -> None:
    """Send a wake-up call; raises kombu's OperationalError where there is no broker."""
    CALLS[name].apply_async(expires=CALL_EXPIRES, retry=False, ignore_result=True)


@dataclass
class Dispatcher:
    """One of any number of equal dispatchers."""

    engine: Engine
    call: Callable[[str], None] = call_through_broker
    work: Mapping[str, Callable[[], None]] = field(default_factory=lambda: WORK)
    patience: dict[str, Patience] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)
    broker_again: float = 0.0
    canary_age: float = 0.0
    sweeps: Every = field(default_factory=lambda: Every(SWEEP_EVERY))
    shows: Every = field(default_factory=lambda: Every(SHOW_EVERY))
    canaries: Every = field(default_factory=lambda: Every(30.0))
    alarms: Every = field(default_factory=lambda: Every(ALARMS_EVERY))
    watch: Watch | None = None

    def look(self) -> None:
        """Look once at what is due, and wake for it."""
        now = time.monotonic()
        with begin(self.engine) as tx:
            waiting, first = dict(waiting_work(tx)), first_waiting(tx)
            if self.sweeps.due(now):
                waiting |= self._sweep(tx)
            if self.shows.due(now):
                beat(tx, "dispatch")
        for name, count in waiting.items():
            if self.patience.setdefault(name, Patience()).wakes(count, now, first.get(name)):
                self.wake(name)
        if self.alarms.due(now):
            self.wake("alarms")
        if self.canaries.due(now):
            self.wake("canary")
        if self.watch:
            self.watch.look()

    def _sweep(self, tx: Transaction) -> dict[str, int]:
        sweep_expired(tx)
        sweep_expired_timers(tx)
        age = pulse_age(tx, "canary")
        lived = time.monotonic() - self.started
        self.canary_age = lived if age is None else min(age, lived)
        missing = not has_dated_snapshot(tx, beijing_date(tx.now()))
        behind = len(tables_behind(tx, limit=1)) or len(tallies_behind(tx, limit=1))
        uncounted = len(waiting_tables(tx, 1)) or len(behind_the_calendar(tx)) or len(documents_behind(tx))
        return {"states": behind, "day": int(missing), "digest": int(digest_is_due(tx)), "deadlines": uncounted}

    def wake(self, name: str) -> None:
        """Send the call, or do the work here: while the broker is away, or takes calls that nobody answers."""
        if time.monotonic() >= self.broker_again:
            try:
                self.call(name)
            except (OperationalError, OSError) as away:
                log.warning("dispatch.broker_away", reason=str(away))
                self.broker_again = time.monotonic() + BROKER_REST
            else:
                if name == "canary" or self.canary_age < CANARY_SILENT:
                    return
        if name != "canary":
            self.work[name]()


def dispatch_until(stop: Event, dispatcher: Dispatcher, look_every: float = LOOK_EVERY) -> None:
    """Look again and again until told to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            dispatcher.look()
        except (GoaltrailError, DBAPIError) as failure:
            log.warning("dispatch.database_away", reason=str(failure))
            stop.wait(1.0)
        else:
            show_life()
        stop.wait(look_every)


def main() -> int:
    """Run until SIGTERM or SIGINT; 0 after an orderly end, 2 where a setting is missing or unfit."""
    try:
        settings()
    except GoaltrailError as unfit:
        sys.stderr.write(f"{unfit.sentence}\n")
        return 2
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    dispatch_until(stop, Dispatcher(engine(), watch=Watch(engine())), settings().look_seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
