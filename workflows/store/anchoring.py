"""What the database says about being anchored: since when the first event waits that no note outside covers yet."""

from datetime import datetime

from workflows.store.transaction import Transaction

FIRST_UNCOVERED = """
SELECT e.recorded_at FROM log.leaf l JOIN log.event e USING (event_id) WHERE l.log_index = :size"""


def uncovered_since(tx: Transaction, anchored_size: int) -> datetime | None:
    """Return when (real clock) the first sealed event beyond a note's size was recorded; None where it covers all."""
    found: datetime | None = tx.scalar(FIRST_UNCOVERED, size=anchored_size)
    return found
