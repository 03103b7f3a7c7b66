"""The register of all tables as a sheet: one row per table, as CSV for any program and XLSX for the bureau."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook

from workflows.content.goal_table import amount_of
from workflows.folds.replay import Table

COLUMNS = (
    "编号", "年度", "主管部门", "填报单位", "名称", "层级", "预算总额（万元）", "阶段", "轮次", "办理期限",
    "期限暂定", "逾期", "批复文号", "公开属性", "监控颜色", "预算执行率", "自评总分", "自评等级",
    "事件数", "台账序号", "事件链头",
)  # fmt: skip
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
YUAN_PER_WAN = Decimal(10_000)
BYTE_ORDER_MARK = "\ufeff"
SHEET = "绩效目标表"


@dataclass(frozen=True)
class Entry:
    """One table of the register with its content and the index of its last event in the log."""

    table: Table
    content: Mapping[str, Any]
    log_index: int


def cells_of(entry: Entry) -> tuple[str, ...]:
    """Return a table's row, in the order of COLUMNS; times in UTC, amounts in 万元, empty where there is nothing."""
    table = entry.table
    filed = [window for window in table.windows if window.colour]
    last, result = (filed[-1] if filed else None), table.result
    due = min((desk.due_at for desk in table.desks if desk.due_at), default="", key=datetime.fromisoformat)
    values = (
        table.id, table.year, table.department, table.unit, table.title, table.scope, _wan(entry.content),
        table.stage.chinese, table.round, due, _yes(any(desk.provisional for desk in table.desks)),
        _yes(any(desk.overdue for desk in table.desks)), table.doc_no, table.disclosure,
        last.colour if last else None, last.execution_rate if last else None, result.total if result else None,
        result.grade if result else None, table.version, entry.log_index, table.head,
    )  # fmt: skip
    return tuple("" if value is None else str(value) for value in values)


def csv_of(rows: Sequence[Sequence[str]]) -> bytes:
    """Return the sheet as CSV: UTF-8 with its mark, lines by CRLF, no cell that a program would compute."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[harmless(cell) for cell in row] for row in (COLUMNS, *rows)])
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def xlsx_of(rows: Sequence[Sequence[str]]) -> bytes:
    """Return the sheet as XLSX, every cell as text."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title, sheet.freeze_panes = SHEET, "A2"
    for row in (COLUMNS, *rows):
        sheet.append([harmless(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def harmless(cell: str) -> str:
    """Return the cell with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _wan(content: Mapping[str, Any]) -> str | None:
    amount = amount_of((content.get("budget") or {}).get("total"))
    if amount is None or not amount.is_finite():
        return None
    return f"{amount / YUAN_PER_WAN if content.get('amount_unit') == '元' else amount:f}"


def _yes(value: bool) -> str:
    return "是" if value else ""
