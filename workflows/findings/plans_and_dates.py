"""Pre-review of time: the spending plan, dates against year and period (V-P, V-D1)."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from workflows.findings.finding import Case, Hit, Hits
from workflows.measures.checkpoints import month_of, percent_of

YEARS = re.compile(r"(?:19|20)\d\d")
LENGTH = re.compile(r"^\s*(\d+)\s*年")


def plan_rises_to_one_hundred(case: Case) -> Hits:
    """V-P1: 支出计划看不出月份、不是0—100的数、比前一节点低，或年末不是100%。"""
    plan = case.content["spending_plan"]
    cells = [(number, _percent(step["cumulative_percent"])) for number, step in enumerate(plan)]
    printed = [(number, value) for number, value in cells if plan[number]["cumulative_percent"] is not None]
    for number, step in enumerate(plan):
        if printed and month_of(step["checkpoint"] or "") is None:
            yield Hit(f"/spending_plan/{number}", "支出计划节点看不出月份。", "请写明月份或季度。")
    for number, value in printed:
        if value is None or not 0 <= value <= 100:
            yield Hit(f"/spending_plan/{number}", "累计支出比例应为0—100的数。", "请更正比例。")
    known = [(number, value) for number, value in printed if value is not None]
    for (_, before), (number, value) in pairwise(known):
        if value < before:
            yield Hit(f"/spending_plan/{number}", "累计支出比例比前一节点低。", "请按累计数填写。")
    if known and known[-1] != (len(plan) - 1, Decimal(100)):
        last = f"/spending_plan/{len(plan) - 1}"
        yield Hit(last, "最后一个节点的累计支出比例不是100%。", "请将年末累计比例填为100%。")


def plan_has_more_than_its_end(case: Case) -> Hits:
    """V-P2: 支出计划只有年末一个数。"""
    values = [step["cumulative_percent"] for step in case.content["spending_plan"]]
    if len(values) > 1 and values[-1] is not None and not any(values[:-1]):
        yield Hit("/spending_plan", "支出计划只有年末一个数。", "请补充各节点累计比例，否则按线性推算。")


def plan_of_its_own(case: Case) -> Hits:
    """V-P3: 同一文件的几张表用同一个支出计划。"""
    plan = _plan(case.content)
    same = sum(_plan(sibling) == plan for sibling in case.around.siblings)
    if sum(percent is not None for _, percent in plan) > 1 and same:
        printed = "/".join(f"{percent.normalize():f}" for _, percent in plan if percent is not None)
        sentence = f"支出计划（{printed}）与本文件另{same}张表相同。"
        yield Hit("/spending_plan", sentence, "请按项目实际进度编制支出计划。")


def _plan(content: Mapping[str, Any]) -> list[tuple[str, Decimal | None]]:
    return [(step["checkpoint"] or "", _percent(step["cumulative_percent"])) for step in content["spending_plan"]]


def dates_inside_the_year(case: Case) -> Hits:
    """V-D1: 指标值的日期不在预算年度或项目期内。"""
    if case.fiscal_year is None:
        return
    first, last = years_of(case.content["period"], case.fiscal_year)
    for at, row in case.rows:
        target = row["target"]
        if target["unit"] == "date" and not first <= int(target["value"][:4]) <= last:
            years = str(first) if first == last else f"{first}—{last}"
            yield Hit(f"{at}/target", f"日期{target['value']}不在{years}年度内。", "请核对日期或预算年度。")


def years_of(period: str | None, year: int) -> tuple[int, int]:
    """Return the first and the last year of the period that a form prints, at least the fiscal year."""
    named = [int(found) for found in YEARS.findall(period or "")]
    length = LENGTH.match(period or "")
    if named:
        return min(*named, year), max(*named, year)
    return year, year + (int(length[1]) - 1 if length and int(length[1]) else 0)


def _percent(text: str | None) -> Decimal | None:
    try:
        percent = percent_of(text or "")
    except InvalidOperation:
        return None
    return percent if percent.is_finite() else None
