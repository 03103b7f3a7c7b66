"""监控表 (财预〔2019〕136号 annex): money and goals of one checkpoint, causes ticked, how likely the target is."""

from collections.abc import Mapping
from typing import Any

from workflows.content.goal_table import amount_of
from workflows.forms.form import Box, Boxes, Form, Line, Part, Place, label, number
from workflows.measures.checkpoints import month_of
from workflows.measures.row_progress import CAUSES, POSSIBILITIES, Possibility
from workflows.measures.watch import Colour
from workflows.printing.paper import Paper, numbered
from workflows.printing.pauses import pause_lines
from workflows.printing.tree import Row, target_of, tree_rows
from workflows.state.standing import Window

TITLE = "项目支出绩效目标执行监控表"
WIDTHS = (11, 11, 18, 13, 13, 13, 6, 6, 6, 7, 6, 19, 6, 6, 7, 13)
TICK = "√"


def monitoring_form(paper: Paper, window: Window | None) -> Form:
    """Return the monitoring form of a window, its figures as filed; blank boxes where nothing was filed."""
    figures: Mapping[str, Any] = (window.figures if window else None) or {}
    until = _months(window)
    parts: tuple[Part, ...] = (
        Line(TITLE, Place.TITLE), Line(paper.year, Place.BESIDE_TITLE), *pause_lines(paper),
        _head(paper, figures, until, window), _tree(paper, figures, until), _findings(window, figures),
        Line("注：偏差原因和完成目标可能性以“√”标出；执行率=执行数÷年初（调整后）预算数。", Place.NOTE),
    )  # fmt: skip
    return Form(f"{TITLE}：{paper.table.title}", parts, landscape=True, foot=paper.foot)


def _months(window: Window | None) -> str:
    """Return what the figures cover: 1—7月."""
    month = (month_of(window.name) or int(window.date[5:7])) if window else None
    return f"1—{month}月" if month else "1—　月"


def _head(paper: Paper, figures: Mapping[str, Any], until: str, window: Window | None) -> Boxes:
    budget, content = paper.content["budget"], paper.content
    rate = f"{window.execution_rate}%" if window and window.execution_rate else ""
    total, adjusted = budget["total"] or "", _said(figures, "adjusted_budget")
    planned = f"{total}\n（调整后{adjusted}）" if adjusted not in ("", total) else total
    money = (label(f"项目资金\n（{paper.unit_of_money}）", 2, 4),)
    return Boxes(
        WIDTHS,
        (
            (
                label("项目名称", 2), Box(paper.table.title, 4),
                label("项目编码", 4), Box(content.get("project_code") or "—", 6),
            ),
            (label("主管部门及代码", 2), Box(paper.coded_department, 4), label("实施单位", 4), Box(paper.unit, 6)),
            (
                *money, label("资金构成"), label("年初预算数", 3), label(f"{until}执行数", 4),
                label(f"{until}执行率", 3), label("全年预计执行数", 3),
            ),
            _money("年度资金总额", planned, _said(figures, "executed"), rate, _said(figures, "forecast")),
            _money("其中：本年一般公共预算拨款", budget["fiscal"] or "", *_part(figures, budget, "fiscal")),
            _money("其他资金", budget["other"] or "", *_part(figures, budget, "other")),
            (label("年度总体目标", 2), Box(numbered(content["goals"]), 14)),
        ),
    )  # fmt: skip


def _money(name: str, planned: str, executed: str, rate: str, forecast: str) -> tuple[Box, ...]:
    return label(name), number(planned, 3), number(executed, 4), number(rate, 3), number(forecast, 3)


def _said(figures: Mapping[str, Any], name: str) -> str:
    return str(figures.get(name) or "")


def _part(figures: Mapping[str, Any], budget: Mapping[str, str | None], name: str) -> tuple[str, str, str]:
    """Return executed, rate and forecast of one part of the money, where the unit filed them."""
    part = (figures.get("parts") or {}).get(name) or {}
    executed, planned = amount_of(part.get("executed")), amount_of(part.get("budget") or budget.get(name))
    rate = f"{executed / planned * 100:.2f}%" if executed is not None and planned else ""
    return str(part.get("executed") or ""), rate, str(part.get("forecast") or "")


def _tree(paper: Paper, figures: Mapping[str, Any], until: str) -> Boxes:
    filed: Mapping[str, Any] = figures.get("rows") or {}
    above = (
        label("一级指标", 1, 2), label("二级指标", 1, 2), label("三级指标", 1, 2), label("年度指标值", 1, 2),
        label(f"{until}执行情况", 1, 2), label("全年预计完成情况", 1, 2), label("偏差原因分析", 6),
        label("完成目标可能性", 3), label("备注", 1, 2),
    )  # fmt: skip
    below = (*map(label, CAUSES), label("原因说明"), *(label(each.chinese) for each in Possibility))
    rows = tree_rows(paper.rows, lambda row: _row(row, filed.get(row["id"]) or {}))
    return Boxes(WIDTHS, (above, below, *rows), heads=2)


def _row(row: Row, filed: Mapping[str, Any]) -> tuple[Box, ...]:
    ticks = filed.get("causes") or ()
    chosen = POSSIBILITIES.get(str(filed.get("possibility") or ""))
    return (
        label(target_of(row)), label(filed.get("actual") or ""), label(filed.get("forecast") or ""),
        *(label(TICK if each in ticks else "") for each in CAUSES), Box(filed.get("explanation") or ""),
        *(label(TICK if each == chosen else "") for each in Possibility), Box(filed.get("remark") or ""),
    )  # fmt: skip


def _findings(window: Window | None, figures: Mapping[str, Any]) -> Boxes:
    colour = Colour(window.colour).chinese if window and window.colour else ""
    deviation = f"{window.deviation}个百分点" if window and window.deviation else ""
    planned = f"{window.planned_percent}%" if window and window.planned_percent else ""
    who = "，".join(filter(None, (str(figures.get("person") or ""), str(figures.get("deadline") or ""))))
    return Boxes(
        (16, 40, 16, 40, 16, 40),
        (
            (label("计划进度"), Box(planned), label("支出偏差"), Box(deviation), label("预警颜色"), Box(colour)),
            (label("偏差原因"), Box(str(figures.get("cause") or ""), 5)),
            (label("整改措施"), Box(str(figures.get("measure") or ""), 3), label("责任人、完成日期"), Box(who)),
            (label("合规性核查"), Box(str(figures.get("compliance") or ""), 5)),
        ),
    )  # fmt: skip
