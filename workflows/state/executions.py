"""Executed amounts as the treasury's files bring them: which amount counts on a day, and where it came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

IMPORTING = (
    ("finance_performance", "bureau"), ("finance_business", "bureau"), ("department_finance", "department"),
    ("unit_finance", "unit"),
)  # fmt: skip
"""Under which posts, widest first, executed amounts come in: (role, whose tables)."""

END_OF_TIME = "9999-12-31"


@dataclass(frozen=True)
class Execution:
    """An amount executed up to a Beijing day (ISO), in the table's own unit: from which row of which batch, by whom.

    `budget` is the adjusted budget that the file names beside it, None where it names none.
    """

    batch: str
    row: int
    executed: str
    budget: str | None
    date: str
    by: str
    at: str


def executed_on(executions: Sequence[Execution], day: str) -> Execution | None:
    """Return what was executed up to a day: the newest date not behind it, of several files the one that came last."""
    known = [each for each in executions if each.date <= day]
    newest = max((each.date for each in known), default="")
    return next((each for each in reversed(known) if each.date == newest), None)


def spent_since(executions: Sequence[Execution], moment: str) -> tuple[Execution, Execution] | None:
    """Return what was known at a moment (UTC ISO) and what is known now, where that is more; else None."""
    known = executed_on([each for each in executions if each.at <= moment], END_OF_TIME)
    now = executed_on(executions, END_OF_TIME)
    return (known, now) if known and now and Decimal(now.executed) > Decimal(known.executed) else None
