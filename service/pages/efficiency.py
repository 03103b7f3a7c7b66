"""办理时效: how many tasks of each node ended in time, how long they took in working hours; to drill into and take."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _

from service.access_list import csv_of
from service.context import person, transaction
from service.efficiency_found import Report, report_now
from service.pages.posted import asked
from service.pages.taken_along import Sheet, handed_out, workbook_of
from service.present import organ_name
from workflows.errors import NotFound
from workflows.handling.efficiency import Line
from workflows.store.among import tables_among

pages = Blueprint("efficiency", __name__)
HEADS = (
    "环节", "单位", "办结任务数", "有期限的", "其中逾期", "按期办结率（%）", "办理时长中位数（工作小时）",
    "九成不超过（工作小时）",
)  # fmt: skip
MOST = 500


@pages.get("/statistics/efficiency")
def show() -> str:
    """Show the report of a year, by default the newest that has tables."""
    report = report_now()

    def link(line: Line, which: str) -> str:
        address: dict[str, Any] = report.wanted.address(of=f"{line.node}:{line.organ}:{which}")
        return url_for("efficiency.behind", **address)

    return render_template("efficiency.html", report=report, link=link, address=report.wanted.address())


@pages.get("/statistics/efficiency/tables")
def behind() -> str:
    """List the tables behind a number, as far as the person may read them."""
    report, of = report_now(), asked("of")
    tables = report.behind(of)
    if tables is None:
        raise NotFound(_("没有这项统计。"))
    node, organ, which = of.split(":")
    told = (report.title(node), organ_name(organ) if organ else "", "逾期办结" if which == "late" else "办结")
    return render_template(
        "efficiency_tables.html", what=" · ".join(filter(None, told)), all=len(tables), most=MOST,
        rows=tables_among(transaction(), person(), tables, limit=MOST), address=report.wanted.address(),
    )  # fmt: skip


@pages.get("/statistics/efficiency.csv")
def sheet() -> Response:
    """Hand out every line."""
    report = report_now()
    return handed_out(csv_of(HEADS, rows_of(report)), f"{report.wanted.year}年度办理时效.csv")


@pages.get("/statistics/efficiency.xlsx")
def workbook() -> Response:
    """Hand out the workbook: one sheet, figures as numbers."""
    report = report_now()
    rows = ((*row[:2], *(float(value) if value else "" for value in row[2:])) for row in rows_of(report))
    title = f"{report.wanted.year}年度办理时效"
    return handed_out(workbook_of([Sheet("办理时效", title, HEADS, rows)]), f"{title}.xlsx")


def rows_of(report: Report) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the files: each node for all, then for each organ."""
    for line in (*report.lines, *report.by_organ):
        figures = (line.number, line.timed, line.late, line.on_time, line.median, line.p90)
        organ = organ_name(line.organ) if line.organ else "合计"
        yield report.title(line.node), organ, *("" if each is None else str(each) for each in figures)
