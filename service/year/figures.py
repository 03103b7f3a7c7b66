"""What a unit reports: actual values at a checkpoint and at the year's end, thrown around the table's own targets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from service.year.dice import Dice
from workflows.content.quantities import interval_of, target_of, unit_of
from workflows.measures.row_points import FULL, kind_of, rounded
from workflows.measures.scoring import amount
from workflows.packs import Pack

Row = Mapping[str, Any]
Figures = dict[str, Any]
DAYS_LATE = timedelta(days=25)
CAUSE = "受项目前期手续办理和供应商履约进度影响，实际进展慢于年初安排。"
MEASURE = "倒排工期，每周调度，提前办理支付手续。"
IMPROVEMENT = "因前期准备时间较长未完全达到指标值，下一年度将提前启动并按月调度。"
STILL_OPEN = "按计划推进，尚未到统计时间。"
EVIDENCE = "项目台账、验收资料"


@dataclass(frozen=True)
class Fate:
    """How a table's year goes, in percent: rows that miss their target, how far those come, budget spent by the end."""

    missed: int
    reached: int
    spent: int

    @classmethod
    def of(cls, dice: Dice, table: object) -> "Fate":
        """Throw a table's fate: most go well, some middling, some badly, few very badly."""
        throw = dice.number("fate", table) % 20
        spent = int(dice.between(0, 8, "spent", table))
        if throw < 11:
            return cls(10, 85, 92 + spent)
        if throw < 15:
            return cls(40, 75, 80 + spent)
        return cls(80, 60, 65 + spent) if throw < 18 else cls(95, 35, 40 + spent)


def at_a_checkpoint(content: Row, window: Mapping[str, Any], pack: Pack, *, behind: Decimal) -> Figures:
    """Return the figures of a window: `behind` percentage points less money spent than planned, goals in step.

    `window` holds date (ISO) and planned_percent (decimal text or None).
    """
    day = date.fromisoformat(window["date"])
    planned = Decimal(window["planned_percent"]) if window["planned_percent"] else Decimal(100 * day.month) / 12
    share = max(Decimal(0), min(Decimal(100), planned - behind)) / 100
    total = amount(content["budget"]["total"] or "0") or Decimal(0)
    rows = {row["id"]: _progress(row, pack, Decimal(day.month) / 12) for row in content["indicators"]}
    return {"executed": str(rounded(total * share)), "rows": rows}


def explained(figures: Figures, missing: tuple[str, ...], *, by: str, until: date) -> Figures:
    """Return the figures with the explanations that their colour forces; `missing` are pointers like /cause."""
    words = {
        "/cause": CAUSE, "/measure": MEASURE, "/person": by, "/deadline": until.isoformat(),
        "/compliance": "已核查支付凭证和合同，资金支付符合规定。",
    }  # fmt: skip
    kept_back = {pointer.split("/")[2] for pointer in missing if pointer.endswith("/causes")}
    rows = {
        row: {**said, "causes": ("其他",), "explanation": CAUSE} if row in kept_back else said
        for row, said in figures["rows"].items()
    }  # fmt: skip
    return figures | {"rows": rows} | {pointer[1:]: words[pointer] for pointer in missing if pointer in words}


def _progress(row: Row, pack: Pack, passed: Decimal) -> dict[str, str]:
    filed = {"possibility": "certain"}
    if kind_of(row, pack) in ("forward", "satisfaction"):
        full = Decimal(target_of(row).value or "0")
        so_far = full if unit_of(row) == "%" else full * passed
        return filed | {"actual": _number(so_far, row), "forecast": _number(full, row)}
    return filed | {"explanation": STILL_OPEN}


def at_the_years_end(content: Row, pack: Pack, fate: Fate, dice: Dice, table: object) -> Figures:
    """Return the self-evaluation's figures, every row with its actual, those below target with their reasons."""
    total = amount(content["budget"]["total"] or "0") or Decimal(0)
    rows: dict[str, dict[str, str]] = {}
    for row in content["indicators"]:
        met = not dice.below(fate.missed, "row", table, row["id"])
        share = FULL if met else Decimal(fate.reached)
        rows[row["id"]] = _actual(row, pack, share) | ({} if met else {"reason": IMPROVEMENT})
    rows["execution"] = {"reason": "按实际进度支付，年末结余资金按规定收回。"}
    rows["total"] = {"reason": "各项指标均有佐证材料，逐项核对无误。"}
    summary = "年度总体目标基本完成。" if fate.missed < 50 else "年度总体目标部分完成，偏差原因见各指标说明。"
    return {"executed": str(rounded(total * fate.spent / 100)), "summary": summary, "rows": rows}


def _actual(row: Row, pack: Pack, share: Decimal) -> dict[str, str]:
    """Return what is filed for a row that came so far (percent, 100: met)."""
    kind = kind_of(row, pack)
    if kind == "counted_in_execution":
        return {}
    if kind in ("qualitative", "by_hand"):
        chosen = {"actual": "已按要求开展", "percent": str(share - 4 if share == FULL else share)}
        return chosen | {"evidence": EVIDENCE, "reason": "按佐证材料逐项核对，完成程度据实填报。"}
    return {"actual": WRITE[kind](row, share), "evidence": EVIDENCE}


def _forward(row: Row, share: Decimal) -> str:
    target = target_of(row)
    full = Decimal(target.value or "0")
    beyond = full / 20 if target.op == ">" and share == FULL else Decimal(0)
    return _number(full * share / FULL + beyond, row)


def _reverse(row: Row, share: Decimal) -> str:
    target = target_of(row)
    full = Decimal(target.value or "0")
    below = full / 20 if target.op == "<" and share == FULL else Decimal(0)
    return _number(full * (2 - share / FULL) - below, row, whole=False)


def _interval(row: Row, share: Decimal) -> str:
    found = interval_of(target_of(row))
    return _number((found.low if found else Decimal(0)) * share / FULL, row, whole=False)


def _date(row: Row, share: Decimal) -> str:
    day = date.fromisoformat(target_of(row).value or "")
    return (day if share == FULL else day + DAYS_LATE).isoformat()


def _yes_no(row: Row, share: Decimal) -> str:
    printed = (row["target"]["raw"] or "").strip()
    return printed if share == FULL else {"是": "否", "否": "是", "有": "无", "无": "有"}[printed]


WRITE = {
    "forward": _forward, "satisfaction": _forward, "reverse": _reverse, "interval": _interval, "date": _date,
    "yes_no": _yes_no,
}  # fmt: skip


def _number(value: Decimal, row: Row, *, whole: bool = True) -> str:
    """Write a number as people do: percent with its sign, counts whole, at most two decimals, never in exponents."""
    unit = unit_of(row)
    counted = whole and unit != "%" and "." not in (target_of(row).value or "")
    shown = rounded(value).quantize(Decimal(1)) if counted else rounded(value).normalize()
    return f"{shown:f}{'%' if unit == '%' else ''}"
