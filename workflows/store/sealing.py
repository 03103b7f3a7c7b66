"""Sealing and following: the sealer numbers what became visible, followers read that dense order and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workflows.events import Recorded
from workflows.store.event_rows import recorded_row
from workflows.store.streams import TEXTS
from workflows.store.transaction import Transaction

FOLLOW = f"""
SELECT l.log_index, e.body, e.leaf_hash, {TEXTS} FROM log.leaf l JOIN log.event e USING (event_id)
WHERE l.log_index > :after ORDER BY l.log_index LIMIT :limit"""  # noqa: S608 - names of this house
MOVE = """
INSERT INTO desk.follower (name, log_index) VALUES (:name, :index)
ON CONFLICT (name) DO UPDATE SET log_index = excluded.log_index WHERE desk.follower.log_index < excluded.log_index"""
SIZE = "SELECT size FROM log.seal ORDER BY seal_no DESC LIMIT 1"
OLDEST_UNSEALED = """
SELECT min(e.recorded_at) FROM log.event e
WHERE e.event_id > coalesce((SELECT max(event_id) FROM log.leaf), 0)"""


@dataclass(frozen=True)
class Sealed:
    """An event with its place in the sealed order."""

    log_index: int
    recorded: Recorded


def seal_batch(tx: Transaction) -> int:
    """Seal what became visible and return how many events that were; -1 while another sealer has the turn."""
    return int(tx.scalar("SELECT log.seal_batch()"))


def follow(tx: Transaction, after: int, limit: int = 500) -> Sequence[Sealed]:
    """Return the next sealed events after an index (-1: from the first)."""
    rows = tx.rows(FOLLOW, after=after, limit=limit)
    return [Sealed(row["log_index"], recorded_row(row)) for row in rows]


def cursor_of(tx: Transaction, name: str) -> int:
    """Return how far a follower has come, -1 at the beginning."""
    index = tx.scalar("SELECT log_index FROM desk.follower WHERE name = :name", name=name)
    return -1 if index is None else int(index)


def move_cursor(tx: Transaction, name: str, log_index: int) -> None:
    """Note how far a follower has come, in the transaction of its effect; never backwards."""
    tx.run(MOVE, name=name, index=log_index)


def log_size(tx: Transaction) -> int:
    """Return how many events are sealed."""
    return int(tx.scalar(SIZE))


def oldest_unsealed(tx: Transaction) -> datetime | None:
    """Return when the oldest event beyond the sealed ones was recorded (real clock); None where none waits."""
    found: datetime | None = tx.scalar(OLDEST_UNSEALED)
    return found
