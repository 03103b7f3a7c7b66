"""When a table is watched and evaluated: the checkpoints of its own spending plan, else the window of its pack."""

import calendar
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from workflows.errors import FieldsInvalid
from workflows.measures.row_points import FULL, ZERO, rounded
from workflows.packs import Pack

MONTH = re.compile(r"(\d{1,2})\s*月")
QUARTER = re.compile(r"第?\s*([一二三四1-4])\s*季度")
QUARTERS = {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}
YEAR = 12
Point = tuple[int, Decimal]


@dataclass(frozen=True)
class Checkpoint:
    """A day up to which figures are counted, the planned cumulative percent there and where that comes from."""

    name: str
    date: dt.date
    planned_percent: Decimal | None
    source: str


def checkpoints_of(content: Mapping[str, Any], pack: Pack, fiscal_year: int) -> tuple[Checkpoint, ...]:
    """Return the checkpoints in order; blanks of a printed plan are linear between known points from 0 on 1 January.

    A table without a printed plan is watched in the pack's window against 序时进度. FieldsInvalid names a checkpoint
    whose month nobody can read.
    """
    plan = content["spending_plan"]
    known = [
        (_month(step, number), percent_of(step["cumulative_percent"]))
        for number, step in enumerate(plan) if step["cumulative_percent"] is not None
    ]  # fmt: skip
    if not known:
        return (_window(pack, fiscal_year),)
    return tuple(_printed(step, _month(step, number), known, fiscal_year) for number, step in enumerate(plan))


def self_evaluation_dates(pack: Pack, fiscal_year: int) -> tuple[dt.date, dt.date]:
    """Return when the self-evaluation opens and is due, in the year after the fiscal year."""
    return _day(fiscal_year + 1, pack.selfeval.opens), _day(fiscal_year + 1, pack.selfeval.due)


def _window(pack: Pack, year: int) -> Checkpoint:
    months = pack.window.months
    note = f"未印支出计划，按序时进度（{months}/12）推算；{pack.window.due.replace('-', '月')}日前报送"
    return Checkpoint(pack.window.name, _month_end(year, months), rounded(FULL * months / YEAR), note)


def _printed(step: Mapping[str, Any], month: int, known: Sequence[Point], year: int) -> Checkpoint:
    name, printed = step["checkpoint"], step["cumulative_percent"]
    if printed is not None:
        return Checkpoint(name, _month_end(year, month), percent_of(printed), "支出计划所印")
    percent = _between(known, month)
    return Checkpoint(name, _month_end(year, month), percent, "支出计划此处空白，按已印节点线性推算")


def _between(known: Sequence[Point], month: int) -> Decimal | None:
    """Return the linear value between the known points around a month; None behind the last known one."""
    for (left, low), (right, high) in pairwise([(0, ZERO), *known]):
        if left <= month <= right and left < right:
            return rounded(low + (high - low) * (month - left) / (right - left))
    return None


def month_of(text: str) -> int | None:
    """Return the month in which a printed checkpoint ends (`3月底`, `第一季度`); None where nobody can tell."""
    month, quarter = MONTH.search(text), QUARTER.search(text)
    if month and 1 <= int(month[1]) <= YEAR:
        return int(month[1])
    return QUARTERS[quarter[1]] if quarter else None


def percent_of(text: str) -> Decimal:
    """Read a printed cumulative percentage (`40.00`, `40%`)."""
    return Decimal(text.strip().rstrip("%％"))


def _month(step: Mapping[str, Any], number: int) -> int:
    text = step["checkpoint"] or ""
    month = month_of(text)
    if month is not None:
        return month
    raise FieldsInvalid(f"支出计划节点“{text}”看不出月份。", pointer=f"/spending_plan/{number}/checkpoint")


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _day(year: int, month_day: str) -> dt.date:
    month, day = (int(part) for part in month_day.split("-"))
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))
