"""One look at everything that must run: the database's figures, the notes outside, the disk, the broker."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from service.anchor_health import checkpoints_check
from service.config import Settings
from workflows.commands.tracing import INSTALLATION
from workflows.store.guards import guards_of
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import newest
from workflows.store.operation import Figures, figures_of
from workflows.store.transaction import Transaction


@dataclass(frozen=True)
class Look:
    """What was found; bytes of the disk that holds the data, the years whose calendar has an official notice."""

    figures: Figures
    guards_intact: bool
    checkpoints: dict[str, object]
    broker: bool | None
    disk_free: int
    disk_total: int
    years: frozenset[int]
    newest_revision: str

    @property
    def sealer_lag(self) -> float:
        """How many real seconds the oldest event has waited for its place in the log."""
        oldest = self.figures.oldest_unsealed
        return max(0.0, (self.figures.real_now - oldest).total_seconds()) if oldest else 0.0

    @property
    def clock_ahead(self) -> float:
        """How many seconds the log's clock stands ahead of the real one; 0 in production."""
        return (self.figures.log_now - self.figures.real_now).total_seconds()


def look_around(tx: Transaction, settings: Settings) -> Look:
    """Look at everything once; nothing is written and nothing is woken."""
    disk = shutil.disk_usage(_existing(settings.data_directory))
    return Look(
        figures=figures_of(tx, INSTALLATION), guards_intact=guards_of(tx, INSTALLATION).intact,
        checkpoints=checkpoints_check(tx, settings.anchors), broker=answers(settings.redis_url),
        disk_free=disk.free, disk_total=disk.total, years=PostgresJournal(tx).calendar().years,
        newest_revision=newest(),
    )  # fmt: skip


def answers(redis_url: str | None) -> bool | None:
    """Whether the broker answers within two seconds; None where none is set up."""
    if not redis_url:
        return None
    try:
        with Redis.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except RedisError:
        return False


def _existing(folder: Path) -> Path:
    return next(each for each in (folder, *folder.absolute().parents) if each.exists())
