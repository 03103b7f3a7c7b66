"""What may go after its time: ended sessions, read messages and delivery logs; never an event, never a file."""

from collections.abc import Mapping

from workflows.store.transaction import Transaction

CLEAN = "SELECT sessions, messages, deliveries FROM desk.clean(CAST(:days AS integer))"


def clean(tx: Transaction, days: int) -> Mapping[str, int]:
    """Take away what ended or was read more than so many days ago, and return how much of each that was.

    The database refuses less than 180 days (LedgerRefused) and touches nothing in a simulation, whose year is a minute.
    """
    row = tx.row(CLEAN, days=days)
    return {name: int(count) for name, count in row.items()} if row else {}
