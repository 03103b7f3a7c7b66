"""监控汇总: a department's windows at a day: coverage, colours, the red list with its measures; as a workbook too."""

from datetime import date

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from service.context import person, transaction
from service.organ_book import organs
from service.pages.posted import asked
from service.pages.taken_along import Sheet, handed_out, workbook_of
from service.pages.words import WINDOW_STATES
from service.present import organ_name
from service.usual_year import year_asked
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.measures.monitoring_summary import Summary, Watched, summary
from workflows.measures.watch import Colour
from workflows.store.queries import Filters, table_in, tables_visible_to
from workflows.vocabulary import BUREAU_ROLES, Role
from workflows.workdays import beijing_date

pages = Blueprint("monitoring_sums", __name__)
MOST = 5000
READERS = BUREAU_ROLES | {Role.DEPARTMENT_FINANCE, Role.DEPARTMENT_BUSINESS}
UNIT_HEADS = ("单位", "应监控", "已填报", "已审核", "绿", "黄", "紫", "红")
RED_HEADS = (
    "单位", "项目", "监控节点", "执行率（%）", "偏差（百分点）", "偏差原因", "整改措施", "责任人", "完成日期", "整改",
)  # fmt: skip
ALL_HEADS = ("单位", "项目", "监控节点", "日期", "状态", "预警", "执行率（%）", "偏差（百分点）", "执行数")


@pages.get("/monitoring/summary")
def show() -> str:
    """Show the summary."""
    found, department = _found()
    return render_template(
        "monitoring_summary.html", found=found, department=department, states=WINDOW_STATES,
        departments=_departments(), colours=tuple(Colour), rectified=rectified,
    )  # fmt: skip


def _departments() -> list[str]:
    held = {post.organ for post in person().posts}
    if person().holds_any(BUREAU_ROLES):
        return sorted({str(row["department"]) for row in tables_visible_to(transaction(), person(), limit=MOST)})
    return sorted(held)


def _found() -> tuple[Summary, str]:
    """Return the summary of the year, day and department asked for; NotAllowed for whoever oversees nobody."""
    if not person().holds_any(READERS):
        raise NotAllowed(_("监控汇总由主管部门和财政部门查看。"), rule="R-ROLE")
    today = beijing_date(transaction().now())
    year = year_asked()
    until, department = _day(asked("until"), min(today, date(year, 12, 31))), asked("department")
    chosen = Filters(year=year, department=department or None)
    tx = transaction()
    rows = tables_visible_to(tx, person(), chosen, order="title", limit=MOST)
    return summary([table_in(tx, row) for row in rows], until), department


def _day(typed: str, default: date) -> str:
    try:
        return (date.fromisoformat(typed) if typed else default).isoformat()
    except ValueError as wrong:
        raise FieldsInvalid(_("截止日期须写成2026-07-31的样子。")) from wrong


def rectified(watched: Watched) -> str:
    """Return how far the rectifications of a table are that monitoring brought about."""
    orders = [each for each in watched.table.rectifications if each.cause == "monitoring"]
    if not orders:
        return str(_("未下达"))
    left = sum(each.open for each in orders)
    return str(_("%(n)d项未销号", n=left) if left else _("已销号"))


@pages.get("/monitoring/summary.xlsx")
def workbook() -> Response:
    """Return the summary as a workbook of three sheets."""
    found, department = _found()
    title = f"{organ_name(department) if department else organs().bureau_name} 绩效运行监控汇总表（截至{found.until}）"
    units: list[tuple[str | int, ...]] = [
        (organ_name(each.unit) if each.unit else "合计", each.due, each.filed, each.accepted, *each.colours)
        for each in (*found.units, found.all)
    ]
    return handed_out(workbook_of((
        Sheet("汇总", title, UNIT_HEADS, units),
        Sheet("红色预警", title, RED_HEADS, map(_red, found.red)),
        Sheet("全部项目", title, ALL_HEADS, map(_any, found.due)),
    )), f"monitoring-{found.until}.xlsx")  # fmt: skip


def _red(each: Watched) -> tuple[str, ...]:
    window = each.window
    said = tuple(each.said(name) for name in ("cause", "measure", "person", "deadline"))
    numbers = (window.name, window.execution_rate or "", window.deviation or "") if window else ("", "", "")
    return organ_name(each.table.unit), each.table.title, *numbers, *said, rectified(each)


def _any(each: Watched) -> tuple[str, ...]:
    window = each.window
    if window is None:
        return organ_name(each.table.unit), each.table.title, *[""] * 7
    colour = Colour(each.colour).chinese if each.colour else ""
    return (
        organ_name(each.table.unit), each.table.title, window.name, window.date, WINDOW_STATES[window.state], colour,
        window.execution_rate or "", window.deviation or "", each.said("executed"),
    )  # fmt: skip
