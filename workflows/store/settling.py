"""What is due by the log's clock and not yet done: how a simulation knows that its workers have settled."""

from collections.abc import Mapping

from workflows.store.review_clocks import OWED
from workflows.store.transaction import Transaction

OPEN = f"""
SELECT 'outbox.' || channel AS sort, count(*) AS n FROM desk.outbox
WHERE state NOT IN ('sent', 'dropped') AND (state NOT IN ('pending', 'held') OR next_at <= log.now())
GROUP BY channel
UNION ALL
SELECT 'timer.' || kind, count(*) FROM desk.timer
WHERE state = 'leased' OR state = 'dead' OR (state = 'pending' AND next_at <= log.now()) GROUP BY kind
UNION ALL
SELECT 'part.clock', count(*) FROM desk.document d WHERE {OWED} AND d.part_due_at IS NULL
UNION ALL
SELECT 'unsealed', (SELECT count(*) FROM log.event) - (SELECT count(*) FROM log.leaf)"""  # noqa: S608 - words of the store
"""One question, since whoever waits asks it fifty times a second beside the workers that it waits for."""
UNDELIVERED = "SELECT count(*) FROM desk.outbox WHERE state NOT IN ('sent', 'dropped')"


def unsettled(tx: Transaction) -> Mapping[str, int]:
    """Return how much work of each sort is due and open: notices by channel, timers by kind, clocks, unsealed."""
    return {row["sort"]: int(row["n"]) for row in tx.rows(OPEN) if row["n"]}


def undelivered(tx: Transaction) -> int:
    """Return how many notices are neither sent nor dropped, whenever they are due."""
    return int(tx.scalar(UNDELIVERED))
