"""Alarms within a minute: open tasks that nobody may take are recorded and told to those who can help."""

from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Engine

from workers.failures import attempted
from workflows.commands.alarming import mark_unassignable
from workflows.store.installation import beat, pulse_age
from workflows.store.journal import PostgresJournal
from workflows.store.stranded import perhaps_stranded
from workflows.store.transaction import begin

LOOKS_BACK = timedelta(days=1)
"""How far the log's clock is looked back, beyond the time in which nobody looked."""
NEVER = timedelta(days=3_650)
PULSE = "alarms"
log = structlog.get_logger()


def raise_alarms(engine: Engine) -> int:
    """Look for tasks that nobody may take, record each once, and return how many tables were looked at closely."""
    with begin(engine) as tx:
        age = pulse_age(tx, PULSE)
        unseen = NEVER if age is None else timedelta(seconds=age)
        tables = perhaps_stranded(tx, since=tx.now() - LOOKS_BACK - unseen)
        beat(tx, PULSE)
    for table in tables:
        attempted(partial(_look_closely, engine, table), log.info)
    return len(tables)


def _look_closely(engine: Engine, table: UUID) -> None:
    with begin(engine) as tx:
        mark_unassignable(PostgresJournal(tx), table, command_id=uuid4())
