"""After a calendar was published: every open table's clocks are looked at once, batch by batch, each on its own."""

from functools import partial
from uuid import UUID

import structlog
from sqlalchemy import Engine

from workers.failures import attempted
from workflows.commands.recounting import recount_due
from workflows.store.journal import PostgresJournal
from workflows.store.recounting import mark_recounted, tables_to_recount
from workflows.store.transaction import Transaction, begin
from workflows.workdays import published_version

BATCH, MOST_BATCHES = 50, 20
log = structlog.get_logger()


def recount_open(engine: Engine) -> int:
    """Set due moments anew by the calendar in force, a thousand tables at most; return how many were looked at.

    Safe to run twice and at the same time: a table is looked at under its stream's lock, its command is derived, and
    what a crash left out is found again.
    """
    looked = 0
    for _ in range(MOST_BATCHES):
        with begin(engine) as tx:
            tables = waiting_tables(tx, BATCH)
        done = sum(attempted(partial(_recount, engine, table), log.info) is not False for table in tables)
        looked += done
        if len(tables) < BATCH or not done:
            break
    return looked


def waiting_tables(tx: Transaction, limit: int) -> tuple[UUID, ...]:
    """Return tables that wait for being looked at; none where no calendar was published."""
    version = published_version(PostgresJournal(tx).calendar().version)
    return tables_to_recount(tx, version, limit=limit) if version else ()


def _recount(engine: Engine, table: UUID) -> None:
    """Look at one table: what it is counted by is read after its lock, so nobody counts by an older one later."""
    with begin(engine) as tx:
        journal = PostgresJournal(tx)
        after = recount_due(journal, table)
        mark_recounted(tx, table, after.version, journal.calendar().version)
