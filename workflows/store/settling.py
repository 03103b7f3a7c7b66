"""What is due by the log's clock and not yet done: how a simulation knows that its workers have settled."""

from collections.abc import Mapping

from workflows.store.transaction import Transaction

OPEN_OUTBOX = """
SELECT channel, count(*) AS n FROM desk.outbox
WHERE state NOT IN ('sent', 'dropped') AND (state NOT IN ('pending', 'held') OR next_at <= log.now())
GROUP BY channel"""
OPEN_TIMERS = """
SELECT kind, count(*) AS n FROM desk.timer
WHERE state = 'leased' OR state = 'dead' OR (state = 'pending' AND next_at <= log.now()) GROUP BY kind"""
UNSEALED = "SELECT (SELECT count(*) FROM log.event) - (SELECT count(*) FROM log.leaf)"
UNDELIVERED = "SELECT count(*) FROM desk.outbox WHERE state NOT IN ('sent', 'dropped')"


def unsettled(tx: Transaction) -> Mapping[str, int]:
    """Return how much work of each sort is due and open: notices by channel, timers by kind, unsealed events."""
    outbox = {f"outbox.{row['channel']}": int(row["n"]) for row in tx.rows(OPEN_OUTBOX)}
    timers = {f"timer.{row['kind']}": int(row["n"]) for row in tx.rows(OPEN_TIMERS)}
    unsealed = int(tx.scalar(UNSEALED))
    return outbox | timers | ({"unsealed": unsealed} if unsealed else {})


def undelivered(tx: Transaction) -> int:
    """Return how many notices are neither sent nor dropped, whenever they are due."""
    return int(tx.scalar(UNDELIVERED))
