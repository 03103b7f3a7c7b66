"""The database's own clock, the real one, beside which a process holds its own."""

from workflows.store.transaction import Transaction


def database_clock(tx: Transaction) -> float:
    """Return the database's real time in seconds since 1970, never the virtual one of a simulation."""
    return float(tx.scalar("SELECT extract(epoch FROM clock_timestamp())"))
