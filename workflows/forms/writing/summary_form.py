"""绩效目标汇总表: the tables of one department and year on one sheet, an indicator per row, merged by table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.content.goal_table import YUAN_PER_WAN, amount_in_wan, amount_of
from workflows.forms.form import Box, Boxes, Form, Line, Place, label
from workflows.forms.writing.indicator_part import Rows, indicator_rows, target_box
from workflows.forms.writing.shown import amount, numbered, value

HEADS = (
    "序号", "项目（单位）名称", "填报单位", "预算总额（万元）", "其中：财政资金（万元）", "年度绩效目标", "一级指标",
    "二级指标", "三级指标", "指标值", "公开属性", "所处阶段",
)  # fmt: skip
WIDTHS = (5, 15, 13, 10, 10, 24, 10, 12, 18, 14, 7, 9)
NO_ROWS = (label(""), label(""), value(None), value(None))


@dataclass(frozen=True)
class Summed:
    """One table of the summary: its content, the names of its unit and its stage."""

    content: Mapping[str, Any]
    unit: str
    stage: str


def summary_form(department: str, year: int | None, tables: Sequence[Summed]) -> Form:
    """Return the summary of a department's tables, amounts in 万元 and summed up at the foot."""
    rows: Rows = [tuple(map(label, HEADS))]
    for number, table in enumerate(tables, 1):
        rows += _table(number, table)
    known = [found for found in (amount_in_wan(table.content) for table in tables) if found is not None]
    rows.append((
        label("合计", 2), value(f"{len(tables)}张表"), amount(f"{sum(known, Decimal(0)):f}"),
        amount(f"{_fiscal_sum(tables):f}"), value(_without_amount(len(tables) - len(known)), 7),
    ))  # fmt: skip
    printed = f"{year}年度" if year else ""
    name = f"{department}{printed}绩效目标汇总表"
    return Form(name, (Line(name, Place.TITLE), Boxes(WIDTHS, tuple(rows), 1)), landscape=True)


def _without_amount(count: int) -> str:
    return f"另有{count}张表未印明预算总额，未计入合计。" if count else ""


def _table(number: int, table: Summed) -> Rows:
    content = table.content
    body = indicator_rows(content["indicators"], lambda row: (value(row["level3"]), target_box(row))) or [NO_ROWS]
    high = len(body)
    before: tuple[Box, ...] = (
        label(str(number), 1, high), value(content["title"], 1, high), value(table.unit, 1, high),
        amount(_wan(content, "total"), 1, high), amount(_wan(content, "fiscal"), 1, high),
        value(numbered(content["goals"]), 1, high),
    )  # fmt: skip
    after = (label(content.get("disclosure") or "", 1, high), label(table.stage, 1, high))
    return [(*before, *body[0], *after), *body[1:]]


def _fiscal(content: Mapping[str, Any], name: str) -> Decimal | None:
    found = amount_of(content["budget"][name])
    if found is None or not found.is_finite():
        return None
    return found / YUAN_PER_WAN if content["amount_unit"] == "元" else found


def _wan(content: Mapping[str, Any], name: str) -> str | None:
    """Return an amount in 万元; one that is no number is shown as printed."""
    found = _fiscal(content, name)
    return f"{found:f}" if found is not None else content["budget"][name]


def _fiscal_sum(tables: Sequence[Summed]) -> Decimal:
    return sum((found for table in tables if (found := _fiscal(table.content, "fiscal"))), Decimal(0))
