"""What may not go out now: letters that would break somebody's quiet, or that gather for the morning."""

from collections.abc import Sequence

from sqlalchemy import RowMapping

from workflows.delivery.endpoints import SMS
from workflows.delivery.quiet import Quiet, next_morning
from workflows.store.journal import PostgresJournal
from workflows.store.mornings import hold
from workflows.store.preferences import Preference, preferences_of
from workflows.store.transaction import Transaction


def held_back(tx: Transaction, rows: Sequence[RowMapping], quiet: Quiet | None) -> list[RowMapping]:
    """Hold leased rows back that have to wait and return the others; what is urgent or a repetition never waits.

    `quiet` holds for everybody who chose nothing himself. Days off are those of the country's calendar in force. A text
    message waits for the end of the quiet even when urgent (a telephone rings), but gathers for no morning then.
    """
    patient = [row for row in rows if not row["repeated"] and (not row["urgent"] or row["channel"] == SMS)]
    chosen = preferences_of(tx, sorted({row["recipient"] for row in patient})) if patient else {}
    if not patient or not (chosen or quiet):
        return list(rows)
    works, now = PostgresJournal(tx).calendar().is_workday, tx.now()
    late: set[object] = set()
    for row in patient:
        own = chosen.get(row["recipient"]) or Preference(quiet=quiet)
        gathers = own.morning and not row["urgent"]
        until = next_morning(now, works) if gathers else own.quiet.until(now, works) if own.quiet else None
        if until is not None and hold(tx, row["id"], until, gathers=gathers):
            late.add(row["id"])
    return [row for row in rows if row["id"] not in late]
