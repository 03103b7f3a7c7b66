"""A transaction that only reads and sees the database as it stood at its first statement, for as long as it takes."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from workflows.store.transaction import Transaction

PATIENT = "SET LOCAL statement_timeout = '30min'"
UNHURRIED = "SET LOCAL idle_in_transaction_session_timeout = '30min'"


@contextmanager
def one_view(engine: Engine) -> Iterator[Transaction]:
    """Open a transaction of one snapshot (REPEATABLE READ); nothing can be appended or changed in it."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as connection:
        tx = Transaction(connection)
        tx.run(PATIENT)
        tx.run(UNHURRIED)
        yield tx
