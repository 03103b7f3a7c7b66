"""The monthly plan of a table, and where it stands at a checkpoint."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Dict, List, Optional, Sequence, Tuple

from workflows.ledger.verifier.events.amounts import rounded
from workflows.ledger.verifier.events.sheets import Sheet
from workflows.ledger.verifier.evidence.moments import MONTHS, month_end


def month_of(text: str) -> int:
    """Return the month in which a printed checkpoint ends; ValueError where nobody can tell."""
    month, quarter = re.search(r"(\d{1,2})\s*月", text), re.search(r"第?\s*([一二三四1-4])\s*季度", text)
    if month and 1 <= int(month[1]) <= 12:
        return int(month[1])
    if quarter:
        return MONTHS[quarter[1]]
    raise ValueError(f"checkpoint {text!r:.20}")


def plan_of(sheet: Sheet, pack: Dict[str, Any], year: int) -> List[Tuple[str, str, Optional[Decimal]]]:
    """Return the monitoring windows (name, date, planned percent): the table's own plan, else the pack's window.

    Blanks of a printed plan are linear between the printed points, from 0 at the year's beginning (domain.md 8.2).
    """
    known = [(month_of(name or ""), printed_percent(printed)) for name, printed in sheet.plan if printed is not None]
    if not known:
        months = int(pack["window"]["months"])
        return [(pack["window"]["name"], month_end(year, months), rounded(Decimal(100 * months) / 12))]
    found = []
    for name, printed in sheet.plan:
        month = month_of(name or "")
        percent = printed_percent(printed) if printed is not None else between([(0, Decimal(0)), *known], month)
        found.append((name, month_end(year, month), percent))
    return found


def printed_percent(text: str) -> Decimal:
    """Read a printed percentage."""
    return Decimal(text.strip().rstrip("%％"))


def between(points: Sequence[Tuple[int, Decimal]], month: int) -> Optional[Decimal]:
    """Return the linear value at a month, None behind the last point."""
    for (left, low), (right, high) in zip(points, points[1:]):
        if left <= month <= right and left < right:
            return rounded(low + (high - low) * (month - left) / (right - left))
    return None
