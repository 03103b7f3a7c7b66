"""自评表 (财预〔2020〕10号 annex 1): the money with its points, goals and what came of them, every row's points."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from workflows.content.goal_table import amount_of
from workflows.forms.form import Box, Boxes, Form, Line, Part, Place, label, number
from workflows.printing.paper import Paper, numbered
from workflows.printing.pauses import pause_lines
from workflows.printing.tree import Row, target_of, tree_rows
from workflows.rights.rescoring import EXECUTION, points_in_force
from workflows.state.standing import Evaluation
from workflows.vocabulary import Grade

TITLE = "项目支出绩效自评表"
DASH = "—"
WIDTHS = (10, 11, 20, 13, 12, 7, 7, 30)
WIDTHS_RESCORED = (10, 11, 18, 12, 11, 7, 7, 7, 27)
NOTE = "注：每项指标得分保留两位小数（四舍五入），总分为各项得分之和；预算执行率分值按调整后的全年预算数计算。"


def evaluation_form(paper: Paper) -> Form:
    """Return the self-evaluation as filed, points given anew beside the unit's own; blank before it was filed."""
    parts: tuple[Part, ...] = (
        Line(TITLE, Place.TITLE), Line(paper.year, Place.BESIDE_TITLE), *pause_lines(paper), _head(paper),
        _tree(paper),
        Line(NOTE, Place.NOTE), *_rescored(paper),
    )  # fmt: skip
    return Form(f"{TITLE}：{paper.table.title}", parts, foot=paper.foot)


def _head(paper: Paper) -> Boxes:
    found, content = paper.table.evaluation, paper.content
    figures: Mapping[str, Any] = found.figures if found else {}
    money = label(f"项目资金\n（{paper.unit_of_money}）", 1, 5)
    heads = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    return Boxes(
        (17, 18, 14, 14, 14, 9, 12, 12),
        (
            (label("项目名称"), Box(paper.table.title, 7)),
            (label("主管部门"), Box(paper.department, 3), label("实施单位"), Box(paper.unit, 3)),
            (money, label("资金构成"), *(label(head) for head in heads)),
            _whole(paper, found),
            *(_part(name, content["budget"].get(key), figures, key) for name, key in _PARTS),
            (label("年度总体目标", 1, 2), label("预期目标", 3), label("实际完成情况", 4)),
            (Box(numbered(content["goals"]), 3), Box(str(figures.get("summary") or ""), 4)),
        ),
    )  # fmt: skip


_PARTS = (("其中：当年财政拨款", "fiscal"), ("上年结转资金", "carryover"), ("其他资金", "other"))


def _whole(paper: Paper, found: Evaluation | None) -> tuple[Box, ...]:
    total = paper.content["budget"]["total"] or ""
    if found is None:
        return label("年度资金总额"), number(total), *(number("") for _ in range(5))
    planned, executed = str(found.figures.get("adjusted_budget") or total), str(found.figures.get("executed") or "")
    left = _execution_weight(found)
    return (
        label("年度资金总额"), number(total), number(planned), number(executed), number(left),
        number(_rate(executed, planned)), number(found.execution_points),
    )  # fmt: skip


def _execution_weight(found: Evaluation) -> str:
    """Return the points that the execution carries: what the rows leave of 100."""
    rows = sum((Decimal(row["weight"] or 0) for row in found.scores), Decimal(0))
    return f"{(100 - rows).normalize():f}"


def _rate(executed: str, planned: str) -> str:
    spent, budget = amount_of(executed), amount_of(planned)
    return f"{spent / budget * 100:.2f}%" if spent is not None and budget else ""


def _part(name: str, budget: str | None, figures: Mapping[str, Any], key: str) -> tuple[Box, ...]:
    """Return the row of one part of the money; parts carry no points."""
    filed = (figures.get("parts") or {}).get(key) or {}
    planned, executed = str(filed.get("budget") or ""), str(filed.get("executed") or "")
    return (
        label(name), number(budget or ""), number(planned), number(executed), label(DASH),
        number(_rate(executed, planned)), label(DASH),
    )  # fmt: skip


def _tree(paper: Paper) -> Boxes:
    found, anew = paper.table.evaluation, bool(paper.table.rescores)
    filed: Mapping[str, Any] = (found.figures.get("rows") or {}) if found else {}
    scores = {str(row["row"]): row for row in found.scores} if found else {}
    counted = points_in_force(paper.table)

    def others(row: Row) -> Iterator[Box]:
        said, scored = filed.get(row["id"]) or {}, scores.get(row["id"]) or {}
        yield label("\n".join((target_of(row), *(f"（调整前：{old}）" for old in paper.earlier.get(row["id"], ())))))
        yield label(_actual(said))
        yield number(str(scored.get("weight") or row.get("weight") or ""))
        yield number(str(scored.get("points") or ""))
        if anew:
            yield number(str(counted.get(row["id"], "")))
        yield Box(str(scored.get("reason") or said.get("reason") or ""))

    again = ("复核得分",) if anew else ()
    heads = (
        "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", *again,
        "偏差原因分析及改进措施",
    )  # fmt: skip
    rows = tree_rows(paper.rows, lambda row: tuple(others(row)))
    widths = WIDTHS_RESCORED if anew else WIDTHS
    return Boxes(widths, (tuple(map(label, heads)), *rows, _total(paper, anew=anew)), heads=1)


def _actual(said: Mapping[str, Any]) -> str:
    if said.get("not_applicable"):
        return "不适用"
    percent = f"（{said['percent']}%）" if said.get("percent") else ""
    return f"{said.get('actual') or ''}{percent}"


def _total(paper: Paper, *, anew: bool) -> tuple[Box, ...]:
    found, result = paper.table.evaluation, paper.table.result
    again = (number(result.total if result else ""),) if anew else ()
    grade = f"等级：{Grade(result.grade).chinese}" if result else "等级："
    return label("总分", 5), number("100"), number(found.total if found else ""), *again, label(grade)


def _rescored(paper: Paper) -> Iterator[Line]:
    """Yield who gave which rows other points, and why."""
    names = {row["id"]: row["level3"] or "" for row in paper.rows} | {EXECUTION: "预算执行率"}
    for each in paper.table.rescores:
        for row in each.rows:
            changed = f"“{names.get(row['row'], row['row'])}”{row['self']}分 → {row['points']}分"
            yield Line(f"复核：{changed}，理由：{row.get('reason') or ''}", Place.NOTE)
