"""Where a table's events lie in the sealed order, so that a place in the log can be asked for as a moment."""

from uuid import UUID

from workflows.store.transaction import Transaction

PLACES = """
SELECT e.version, l.log_index FROM log.event e JOIN log.leaf l USING (event_id)
WHERE e.stream_id = :table ORDER BY e.version"""


def places_of(tx: Transaction, table_id: UUID) -> dict[int, int]:
    """Return the log index (from 0) of every sealed event of a table, by version."""
    return {row["version"]: row["log_index"] for row in tx.rows(PLACES, table=table_id)}
