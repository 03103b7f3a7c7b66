"""Amounts and points as they are written, and how they are rounded."""

from __future__ import annotations

import decimal
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Dict, Optional

from workflows.ledger.verifier.events.sheets import Sheet

POINTS = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,4})?")
CENT = Decimal("0.01")


def rounded(value: Decimal) -> Decimal:
    """Round to two places, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


def amount(text: Any) -> Optional[Decimal]:
    """Read an amount as typed; None where it is no finite number."""
    try:
        value = Decimal(str(text).replace(",", "").replace("，", "").strip())
    except decimal.DecimalException:
        return None
    return value if value.is_finite() else None


def ratio(figures: Dict[str, Any], sheet: Sheet) -> Optional[Decimal]:
    """Return executed ÷ (adjusted) budget; None where there is no budget to divide by."""
    executed = amount(figures.get("executed") or "")
    budget = amount(figures.get("adjusted_budget") or sheet.budget or "")
    return executed / budget if executed is not None and budget else None


def is_points(text: Any, most: Decimal) -> bool:
    """Whether a text is a number of points from nothing up to these."""
    return type(text) is str and POINTS.fullmatch(text) is not None and Decimal(text) <= most
