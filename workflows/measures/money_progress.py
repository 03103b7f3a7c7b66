"""The money rows of the monitoring form (R136): planned, executed, rate and the year's forecast, in all and by part."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.measures.row_points import FULL, ZERO, rounded
from workflows.measures.scoring import Problem, amount

SOURCES = {"fiscal": "当年财政拨款", "carryover": "上年结转资金", "other": "其他资金"}
PARTS = {"fiscal": "其中：本年一般公共预算拨款", "other": "其他资金"}


@dataclass(frozen=True)
class MoneyRow:
    """One row in the table's unit; amounts None where nothing readable stands there, the rate in percent."""

    key: str
    name: str
    budget: Decimal | None
    executed: Decimal | None
    rate: Decimal | None
    forecast: Decimal | None


def money_rows(content: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[MoneyRow, ...]:
    """Return the total's row and those of its parts."""
    budget = content["budget"]
    total = _row("", "年度资金总额", figures.get("adjusted_budget") or budget["total"], figures)
    parts = figures.get("parts") or {}
    return total, *(
        _row(key, name, (parts.get(key) or {}).get("budget") or budget.get(key), parts.get(key) or {})
        for key, name in PARTS.items()
    )  # fmt: skip


def _row(key: str, name: str, planned: object, said: Mapping[str, Any]) -> MoneyRow:
    budget, executed, forecast = (_read(each) for each in (planned, said.get("executed"), said.get("forecast")))
    rate = rounded(executed / budget * FULL) if executed is not None and budget else None
    return MoneyRow(key, name, budget, executed, rate, forecast)


def _read(text: object) -> Decimal | None:
    return amount(str(text)) if text not in (None, "") else None


def money_problems(content: Mapping[str, Any], figures: Mapping[str, Any]) -> list[Problem]:
    """Return what cannot be read, what is below zero or below what is spent, and parts that make no total."""
    found = []
    rows = money_rows(content, figures)
    for row in rows:
        said, at = _said(figures, row.key), f"/parts/{row.key}" if row.key else ""
        for field, word in (("executed", "执行数"), ("forecast", "全年预计执行数")):
            value = getattr(row, field)
            if said.get(field) and (value is None or value < 0) and (row.key or field != "executed"):
                found.append(Problem(f"{at}/{field}", f"“{row.name}”的{word}须为不小于零的数。"))
        if row.forecast is not None and row.executed is not None and row.forecast < row.executed:
            found.append(Problem(f"{at}/forecast", f"“{row.name}”的全年预计执行数不应小于执行数。"))
    total, *parts = rows
    spent = [part.executed for part in parts]
    if total.executed is not None and None not in spent and sum(filter(None, spent), ZERO) != total.executed:
        found.append(Problem("/executed", "财政拨款与其他资金的执行数之和不等于资金总额的执行数。"))
    return found


def year_end_problems(figures: Mapping[str, Any]) -> list[Problem]:
    """Return what cannot be read of the year's money by source (R10 annex 1), and sources that spent more than all did.

    `figures` may hold fiscal_, carryover_ and other_ with budget and executed, and the executed amount of all.
    """
    found, spent = [], ZERO
    for key, name in SOURCES.items():
        for column, word in (("budget", "全年预算数"), ("executed", "全年执行数")):
            said = figures.get(f"{key}_{column}")
            value = _read(said)
            if said and (value is None or value < 0):
                found.append(Problem(f"/{key}_{column}", f"“{name}”的{word}须为不小于零的数。"))
            spent += value if value is not None and column == "executed" else ZERO
    total = _read(figures.get("executed"))
    if total is not None and spent > total:
        sentence = f"各项资金来源的全年执行数合计{spent}，大于年度资金总额的全年执行数{total}。"
        found.append(Problem("/executed", sentence))
    return found


def _said(figures: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    return ((figures.get("parts") or {}).get(key) or {}) if key else figures
