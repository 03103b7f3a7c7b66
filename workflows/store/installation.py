"""What kind of installation this is, its virtual clock, and the pulses by which its processes show that they live."""

from datetime import UTC, datetime

from workflows.store.transaction import Transaction

BEAT = """
INSERT INTO desk.pulse (name, at, detail) VALUES (:name, clock_timestamp(), :detail)
ON CONFLICT (name) DO UPDATE SET at = excluded.at, detail = excluded.detail"""


def mode_of(tx: Transaction) -> str | None:
    """Return production, demo or simulation; None where the installation was never marked."""
    mode: str | None = tx.scalar("SELECT mode FROM log.installation")
    return mode


def set_virtual_now(tx: Transaction, moment: datetime) -> datetime:
    """Move the clock of a demo or simulation forwards and return the log's time; LedgerRefused otherwise.

    The transaction's own `now()` stays what it was when it was first read.
    """
    now: datetime = tx.scalar("SELECT log.set_virtual_now(:moment)", moment=moment)
    return now.astimezone(UTC)


def beat(tx: Transaction, name: str, detail: str | None = None) -> None:
    """Show that a process lives, by the real clock."""
    tx.run(BEAT, name=name, detail=detail)


def pulse_age(tx: Transaction, name: str) -> float | None:
    """Return how many seconds ago a process last showed itself, None where it never did."""
    sql = "SELECT extract(epoch FROM clock_timestamp() - at) FROM desk.pulse WHERE name = :name"
    age = tx.scalar(sql, name=name)
    return None if age is None else float(age)
