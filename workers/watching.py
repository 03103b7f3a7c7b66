"""The watch over what guards the ledger: its schema as the owner's rights left it, the clocks of host and database."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Engine

from workflows.commands.tracing import INSTALLATION, note_catalog_changed, note_clock_jumped
from workflows.errors import LedgerRefused
from workflows.store.clocks import database_clock
from workflows.store.guards import guards_of
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import Transaction, begin

CATALOG_EVERY, CLOCKS_EVERY = 60.0, 5.0
LARGEST_JUMP = 2.0
log = structlog.get_logger()


@dataclass(frozen=True)
class Reading:
    """How far the host's wall clock and the database's stand from the steady clock, each within so many seconds."""

    wall: float
    wall_width: float
    database: float
    database_width: float


@dataclass(frozen=True)
class Jump:
    """A clock that left the steady one by so many seconds; the command id keeps it one event."""

    process: str
    seconds: str
    command_id: UUID


def read_clocks(tx: Transaction) -> Reading:
    """Read both clocks between two looks at the steady one."""
    begun = time.monotonic()
    wall = time.time()
    between = time.monotonic()
    database = database_clock(tx)
    ended = time.monotonic()
    return Reading(
        wall=wall - (begun + between) / 2, wall_width=between - begun,
        database=database - (between + ended) / 2, database_width=ended - between,
    )  # fmt: skip


def jumps_between(before: Reading, now: Reading, process: str) -> list[Jump]:
    """Return which clock left the steady one by more than two seconds and what the readings leave open."""
    found = (
        (process, now.wall - before.wall, before.wall_width + now.wall_width),
        (f"{process}/database", now.database - before.database, before.database_width + now.database_width),
    )
    return [
        Jump(who, f"{seconds:+.1f}", uuid4()) for who, seconds, width in found if abs(seconds) > LARGEST_JUMP + width
    ]


@dataclass
class Watch:
    """What one process watches; it looks as often as its periods say, however often it is asked."""

    engine: Engine
    process: str = "dispatch"
    read: Callable[[Transaction], Reading] = read_clocks
    last: Reading | None = None
    untold: list[Jump] = field(default_factory=list)
    catalog_at: float = 0.0
    clocks_at: float = 0.0

    def look(self) -> None:
        """Look at what is due."""
        now = time.monotonic()
        if now >= self.clocks_at:
            self.clocks_at = now + CLOCKS_EVERY
            self.look_at_clocks()
        if now >= self.catalog_at:
            self.catalog_at = now + CATALOG_EVERY
            self.look_at_catalog()

    def look_at_clocks(self) -> None:
        """Compare the clocks with the last look, and record a jump; one that the ledger cannot take yet waits."""
        with begin(self.engine) as tx:
            reading = self.read(tx)
        if self.last is not None:
            self.untold += jumps_between(self.last, reading, self.process)
        self.last = reading
        while self.untold and self._told(self.untold[0]):
            self.untold.pop(0)

    def _told(self, jump: Jump) -> bool:
        log.error("clock.jumped", process=jump.process, seconds=jump.seconds)
        try:
            with begin(self.engine) as tx:
                note_clock_jumped(
                    PostgresJournal(tx), seconds=jump.seconds, process=jump.process, command_id=jump.command_id
                )
        except LedgerRefused as too_early:
            log.warning("clock.not_recorded_yet", reason=str(too_early))
            return False
        return True

    def look_at_catalog(self) -> None:
        """Compare the ledger's schema with what the owner's rights left, and record each finding once."""
        with begin(self.engine) as tx:
            guards = guards_of(tx, INSTALLATION)
            if not guards.intact:
                log.error("catalog.changed", expected=guards.expected, found=guards.found, asleep=guards.asleep)
            if guards.news:
                note_catalog_changed(
                    PostgresJournal(tx), expected=guards.expected or "", found=guards.found, after=guards.held_against
                )
