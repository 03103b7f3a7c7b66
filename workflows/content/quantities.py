"""How an actual value is read and brought to the unit of its target: 万元 and 元, % and ratio, 人次 and 人."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.content.targets import Target, parse_target

MONEY = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10000), "亿元": Decimal(100000000)}
SAME_UNITS = {
    "人次": "人", "名": "人", "位": "人", "月": "个月", "日": "天", "％": "%",
    "百分比": "%", "分钟": "分钟", "公里": "千米",
}  # fmt: skip
YEARLY = re.compile(r"(每年|/年|／年|一年|年度)$")
PERCENT_TEXT = re.compile(r"\d\s*[%％]")
RATE_NAME = re.compile(r"率$|率[（(]|满意度|百分比|比重|占比")
INTERVAL = re.compile(
    r"^\s*(?P<low>-?\d+(?:\.\d+)?)\s*(?P<first>[^\d\s~～—–至到/-]*)\s*[-~～—–至到]+"
    r"\s*(?P<high>-?\d+(?:\.\d+)?)\s*(?P<unit>[^\d/]*)$",
)


class Unlike(Exception):
    """The actual cannot be compared with the target; the text says why, in Chinese."""


@dataclass(frozen=True)
class Measured:
    """A target and an actual in the same unit."""

    target: Decimal
    actual: Decimal
    unit: str | None


@dataclass(frozen=True)
class Interval:
    """A target of two bounds, both included."""

    low: Decimal
    high: Decimal
    unit: str | None


def target_of(row: Mapping[str, Any]) -> Target:
    """Return the target of an indicator row as a value."""
    target = row["target"]
    return Target(target["raw"], target["op"], target["value"], target["unit"])


def interval_of(target: Target) -> Interval | None:
    """Read a printed interval (`10-20次`); None where the target is no interval."""
    found = INTERVAL.match(target.raw or "") if target.op is None else None
    if found is None:
        return None
    low, high = Decimal(found["low"]), Decimal(found["high"])
    unit = found["unit"].strip() or found["first"].strip() or None
    return Interval(low, high, unit) if low <= high else None


def unit_of(row: Mapping[str, Any]) -> str | None:
    """Return the row's unit; `≥80 达到指标的80%及以上为优` and rates printed without a unit are percent."""
    target = target_of(row)
    printed_as_rate = PERCENT_TEXT.search(target.raw or "") or RATE_NAME.search(row["level3"] or "")
    return "%" if target.unit is None and printed_as_rate else target.unit


def measured(row: Mapping[str, Any], actual: str) -> Measured:
    """Bring the actual to the unit of the row's target; Unlike if it is no number or of another unit (V-U1)."""
    unit = unit_of(row)
    return Measured(Decimal(target_of(row).value or "0"), in_unit(actual, unit), unit)


def in_unit(actual: str, unit: str | None) -> Decimal:
    """Return the actual as a number in that unit; Unlike where it cannot be read or compared."""
    read = parse_target(actual)
    if read.value is None or read.unit == "date":
        raise Unlike(f"“{actual}”不是一个数值，请只填一个数和单位")
    if read.op not in (None, "="):
        raise Unlike(f"“{actual}”带有比较符号，请填实际达到的确切数值")
    number = Decimal(read.value)
    if read.unit is None:
        return _bare(actual, number, unit)
    return _converted(actual, number, read.unit, unit)


def day_of(actual: str) -> dt.date:
    """Read the day on which something was done; Unlike where the text names no day."""
    read = parse_target(actual)
    if read.unit != "date" or read.value is None:
        raise Unlike(f"“{actual}”不是日期，请按“2023-12-31”的形式填写完成日期")
    return dt.date.fromisoformat(read.value)


def in_yuan(number: Decimal, unit: str | None) -> Decimal | None:
    """Return an amount in yuan; None where the unit is no plain money unit (万元每年 counts as 万元)."""
    factor = MONEY.get(YEARLY.sub("", (unit or "").strip()))
    return None if factor is None else number * factor


def _bare(actual: str, number: Decimal, unit: str | None) -> Decimal:
    if unit == "%" and 0 < abs(number) <= 1:
        raise Unlike(f"“{actual}”没有写单位，分不清是比值还是百分数，请写成“96%”的形式")
    return number


def _converted(actual: str, number: Decimal, given: str, wanted: str | None) -> Decimal:
    if wanted is None:
        raise Unlike(f"指标值没有单位，“{actual}”带有单位“{given}”，请只填数")
    given_yuan, one = in_yuan(number, given), in_yuan(Decimal(1), wanted)
    if given_yuan is not None and one is not None:
        return given_yuan / one
    if _plain(given) != _plain(wanted):
        raise Unlike(f"“{actual}”的单位“{given}”与指标值的单位“{wanted}”不同，请换成“{wanted}”")
    return number


def _plain(unit: str) -> str:
    bare = YEARLY.sub("", unit.strip()) or unit.strip()
    return SAME_UNITS.get(bare, bare)
