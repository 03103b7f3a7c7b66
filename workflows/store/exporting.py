"""The log as it leaves the database: the canonical bytes of each event in the sealed order."""

from collections.abc import Iterator

from workflows.store.transaction import Transaction

BODIES = """
SELECT l.log_index, e.body FROM log.leaf l JOIN log.event e USING (event_id)
WHERE l.log_index > :after ORDER BY l.log_index LIMIT :limit"""
PAGE = 1000


def sealed_bodies(tx: Transaction) -> Iterator[tuple[int, bytes]]:
    """Yield (log index, canonical body) of every sealed event, page by page."""
    after = -1
    while page := tx.rows(BODIES, after=after, limit=PAGE):
        yield from ((row["log_index"], bytes(row["body"])) for row in page)
        after = page[-1]["log_index"]
