"""What an operator asks of a running installation, as numbers: queues, timers, pulses, sizes, the schema's revision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflows.store.outbox import counts_by_state
from workflows.store.sealing import oldest_unsealed
from workflows.store.transaction import Transaction

WAITING = """
SELECT count(*) AS n, extract(epoch FROM log.now() - min(next_at)) AS age FROM desk.outbox
WHERE state IN ('pending', 'uncertain', 'held') AND next_at <= log.now()"""
LATE = """
SELECT count(*) AS n, extract(epoch FROM log.now() - min(next_at)) AS age FROM desk.timer
WHERE state = 'pending' AND next_at <= log.now()"""
DEAD_TIMERS = "SELECT count(*) FROM desk.timer WHERE state = 'dead'"
RESTING = "SELECT channel FROM desk.channel_rest WHERE rests_until > log.now() ORDER BY channel"
PULSES = "SELECT name, extract(epoch FROM clock_timestamp() - at) AS age FROM desk.pulse"
SIZES = """
SELECT pg_database_size(current_database()) AS bytes, (SELECT count(*) FROM log.leaf) AS leaves,
  clock_timestamp() AS now"""
REVISION = """
SELECT convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'revision' FROM log.event
WHERE stream_id = :stream AND kind = 'owner.used' ORDER BY version DESC LIMIT 1"""


@dataclass(frozen=True)
class Queue:
    """How many pieces are due, and for how many seconds (of the log's clock) the oldest has been."""

    due: int
    oldest_seconds: float


@dataclass(frozen=True)
class Figures:
    """One look at everything; ages of pulses are real seconds, the unsealed moment is by the real clock.

    `revision` is the schema's as the last recorded use of the owner's rights left it, None where none was recorded.
    """

    notices: Queue
    timers: Queue
    by_state: Mapping[str, int]
    dead_timers: int
    resting: tuple[str, ...]
    pulses: Mapping[str, float]
    oldest_unsealed: datetime | None
    database_bytes: int
    leaves: int
    revision: str | None
    log_now: datetime
    real_now: datetime


def figures_of(tx: Transaction, installation: UUID) -> Figures:
    """Read all figures in one transaction, the revision from the installation's own stream.

    It takes as long as counting the sealed events and the outbox does.
    """
    sizes = tx.rows(SIZES)[0]
    return Figures(
        notices=_queue(tx, WAITING), timers=_queue(tx, LATE), by_state=counts_by_state(tx),
        dead_timers=int(tx.scalar(DEAD_TIMERS)), resting=tuple(row["channel"] for row in tx.rows(RESTING)),
        pulses={row["name"]: float(row["age"]) for row in tx.rows(PULSES)}, oldest_unsealed=oldest_unsealed(tx),
        database_bytes=int(sizes["bytes"]), leaves=int(sizes["leaves"]),
        revision=tx.scalar(REVISION, stream=installation), log_now=tx.now(), real_now=sizes["now"],
    )  # fmt: skip


def _queue(tx: Transaction, sql: str) -> Queue:
    row = tx.rows(sql)[0]
    return Queue(int(row["n"]), max(0.0, float(row["age"] or 0.0)))
