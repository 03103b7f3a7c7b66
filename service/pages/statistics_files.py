"""The statistics to take along: a workbook of one sheet for each kind of numbers, or all of them as one CSV."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response

from service.access_list import csv_of
from service.organ_book import organs
from service.pages.statistics import heads_of
from service.pages.taken_along import Sheet, handed_out, workbook_of
from service.present import organ_name
from service.statistics_found import Found, found_now
from workflows.measures.statistics import aspect_of
from workflows.measures.tallies import PATTERNS
from workflows.measures.unit_loop import Rate
from workflows.state.criteria import Criterion

pages = Blueprint("statistics_files", __name__)
COLUMNS = ("统计", "行", "列", "数")
LOOP_HEADS = ("单位", "指标", "分子", "分母", "比率（%）", "另一分母", "另一比率（%）", "其中涉密（只计数）")
Row = tuple[str | int, ...]
Counts = tuple[str, tuple[str, ...], list[Row]]
NAMED_BY_TWO = frozenset({"整体比率", "退回原因"})
"""Sheets whose rows are named by their first two cells."""


@pages.get("/statistics.xlsx")
def workbook() -> Response:
    """Hand out the workbook."""
    found = found_now()
    titled = (Sheet(name, f"{title_of(found)} {name}", heads, rows) for name, heads, rows in sheets_of(found))
    return handed_out(workbook_of(titled), f"{title_of(found)}.xlsx")


@pages.get("/statistics.csv")
def sheet() -> Response:
    """Hand out every number on a line of its own."""
    found = found_now()
    lines = [line for name, heads, rows in sheets_of(found) for row in rows for line in _lines(name, heads, row)]
    return handed_out(csv_of(COLUMNS, lines), f"{title_of(found)}.csv")


def _lines(name: str, heads: Sequence[str], row: Row) -> Iterator[tuple[str, ...]]:
    named = 2 if name in NAMED_BY_TWO else 1
    for head, value in zip(heads[named:], row[named:], strict=True):
        yield name, " ".join(map(str, row[:named])), head, str(value)


def title_of(found: Found) -> str:
    """Return what the files are about: the organ, the year and the day."""
    organ = found.asked.unit or found.asked.department
    name = organ_name(organ) if organ else organs().bureau_name
    return f"{name} {found.asked.year}年度绩效管理统计（截至{found.day}）"


def sheets_of(found: Found) -> Iterator[Counts]:
    """Yield the sheets: name, heads, rows."""
    heads, told = heads_of(), found.statistics
    yield "整体比率", LOOP_HEADS, [
        _rate(organ_name(organ) if organ else "合计", rate)
        for organ, rates in {**found.by_organ, "": found.loop}.items() for rate in rates
    ]  # fmt: skip
    yield "自评等级", ("单位", *heads["grades"]), [(organ_name(each.key), *each.numbers) for each in told.grades]
    yield "监控预警", ("监控节点", *heads["colours"]), [(each.key, *each.numbers) for each in told.colours]
    yield "退回原因", ("审核要点", "审核内容", *heads["reasons"]), [
        (Criterion(each.key).chinese, aspect_of(each.key), *each.numbers) for each in told.reasons
    ]  # fmt: skip
    yield "得分分布", ("得分", "张数"), list(zip(heads["scores"], told.scores.numbers, strict=True))
    yield "可疑情形", ("情形", "张数"), _suspicious(found)


def _suspicious(found: Found) -> list[Row]:
    told = found.statistics
    rows: list[Row] = [(PATTERNS[each.key], each.sum) for each in told.patterns]
    late, moved = _text(told.moved.rate), _text(told.moved.rate_of_all)
    rows += [("靶子移动率（%）", late), ("全部调整中调低或删去的指标行（%）", moved)]
    return [*rows, ("复核改分平均相差（分）", _text(told.gap.mean)), ("复核改分最大相差（分）", _text(told.gap.most))]


def _rate(organ: str, rate: Rate) -> Row:
    due: tuple[str | int, ...] = (rate.due.number, _text(rate.other)) if rate.due else ("", "")
    return organ, rate.name, rate.above.number, rate.below.number, _text(rate.percent), *due, rate.above.stubs


def _text(value: object) -> str:
    return "" if value is None else str(value)
