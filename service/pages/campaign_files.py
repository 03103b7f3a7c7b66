"""A campaign's board to take along: units and tables in a workbook, or the units as CSV, as far as the person sees."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response

from service.access_list import csv_of
from service.context import person, transaction
from service.pages.campaigns import Board, board_of
from service.pages.taken_along import Sheet, handed_out, workbook_of
from service.present import organ_name
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
    board = board_of(campaign_id, tables=True)
    title = title_of(board)
    sheets = (Sheet("单位", title, UNITS, unit_rows(board)), Sheet("绩效目标表", title, TABLES, table_rows(board)))
    return handed_out(workbook_of(sheets), f"{board.campaign.title} 报送情况.xlsx")


@pages.get("/campaigns/<uuid:campaign_id>/coverage.csv")
def sheet(campaign_id: UUID) -> Response:
    """Hand out the units."""
    board = board_of(campaign_id)
    lines = [tuple(map(str, row)) for row in unit_rows(board)]
    return handed_out(csv_of(UNITS, lines), f"{board.campaign.title} 报送情况.csv")


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
