"""A part of an open transaction as a ledger of its own: kept with the whole, or taken back alone by a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager

from workflows.errors import GoaltrailError
from workflows.journal import Journal
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import Transaction


@contextmanager
def part_of(tx: Transaction) -> Iterator[Journal]:
    """Open the ledger on a part of a transaction; a refusal that leaves the block takes back what it did."""
    part = tx.savepoint()
    try:
        yield PostgresJournal(tx)
    except GoaltrailError:
        part.rollback()
        raise
    tx.keep(part)
