"""A campaign's board to take along: units and tables in a workbook, or the units as CSV, as far as the person sees."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from openpyxl import Workbook
from openpyxl.styles import Font

from service.access_list import csv_of
from service.context import person, transaction
from service.pages.campaigns import Board, board_of
from service.present import organ_name
from workflows.attachments import MEDIA_TYPES
from workflows.campaigns.coverage import UnitStands, table_standing
from workflows.campaigns.moments import said
from workflows.workdays import BEIJING

UNITS = (
    "主管部门", "单位", "状态", "按期（张）", "迟报（张）", "未报（张）", "其中涉密（只计数）",
    "截止时间", "报齐时间", "申报完毕", "最近催办",
)  # fmt: skip
TABLES = ("主管部门", "单位", "绩效目标表", "状态", "提交时间")
UNFILED = "（编制中）"

pages = Blueprint("campaign_files", __name__)


@pages.get("/campaigns/<uuid:campaign_id>/coverage.xlsx")
def workbook(campaign_id: UUID) -> Response:
    """Hand out both sheets."""
    board, book = board_of(campaign_id), Workbook()
    page: Any = book.active
    _write(page, "单位", title_of(board), UNITS, unit_rows(board))
    _write(book.create_sheet(), "绩效目标表", title_of(board), TABLES, table_rows(board))
    out = io.BytesIO()
    book.save(out)
    return _download(out.getvalue(), board, "xlsx")


@pages.get("/campaigns/<uuid:campaign_id>/coverage.csv")
def sheet(campaign_id: UUID) -> Response:
    """Hand out the units."""
    board = board_of(campaign_id)
    return _download(csv_of(UNITS, [tuple(map(str, row)) for row in unit_rows(board)]), board, "csv")


def title_of(board: Board) -> str:
    """Return what the file is about: the campaign and the moment of the counts."""
    return f"{board.campaign.title} 报送情况（截至{_time(transaction().now())}）"


def unit_rows(board: Board) -> Iterator[tuple[str | int, ...]]:
    """Yield a row for each unit."""
    for each in board.units:
        yield (
            organ_name(each.department), organ_name(each.unit), each.standing.chinese, each.filed, each.late,
            each.missing, each.stubs, said(each.closes), _time(each.at), _declared(each), _time(each.urged_at),
        )  # fmt: skip


def table_rows(board: Board) -> Iterator[tuple[str | int, ...]]:
    """Yield a row for each table; what is not filed yet is named to its own unit alone."""
    own = {post.organ for post in person().posts}
    for unit in board.units:
        for each in unit.tables:
            title = each.title if each.filed_at or unit.unit in own else UNFILED
            standing = table_standing(each, board.campaign).chinese
            yield organ_name(unit.department), organ_name(unit.unit), title, standing, _time(each.filed_at)


def _declared(unit: UnitStands) -> str:
    if unit.declared is None:
        return ""
    return "零申报" if not unit.declared.tables else f"{unit.declared.tables}张"


def _time(moment: datetime | None) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if moment else ""


def _write(page: Any, name: str, title: str, heads: Sequence[str], rows: Iterator[tuple[str | int, ...]]) -> None:
    """Fill a sheet; a text that begins like a formula stays a text."""
    page.title = name
    page.append([title])
    page["A1"].font = Font(bold=True, size=14)
    page.append(list(heads))
    for cell in page[2]:
        cell.font = Font(bold=True)
        page.column_dimensions[cell.column_letter].width = 26 if cell.column < 4 else 16
    for number, row in enumerate(rows, 3):
        for column, value in enumerate(row, 1):
            cell = page.cell(number, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
    page.freeze_panes = "A3"


def _download(data: bytes, board: Board, ending: str) -> Response:
    response = Response(data, mimetype=MEDIA_TYPES[ending])
    name = f"{board.campaign.title} 报送情况.{ending}".replace("/", "_")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response
