"""The forms of Hebei: a special fund's table, and a project's table under its unit's heading."""

from collections.abc import Mapping
from typing import Any

from workflows.forms.form import Box, Boxes, Line, Part, Place, label
from workflows.forms.writing.indicator_part import Rows, indicator_rows, target_box
from workflows.forms.writing.shown import amount, guarded, line, numbered, printable, value

Json = Mapping[str, Any]
HEADS = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
WIDTHS = (12, 13, 15, 12, 13, 17, 18)
_WIDE, _POINTS = 6, 6


def special_fund_parts(content: Json) -> tuple[Part, ...]:
    """Return a special fund's table: budget and purpose under one label, the plan in percent."""
    money, number = content["budget"], content["number"]
    title = printable(content["title"] or "").replace("\n", "")
    rows: Rows = [
        (label("项目编码"), value(content["project_code"], 2), label("专项资金名称"), value(content["title"], 3)),
        (label("预算规模及资金用途", 1, 2), label("预算数"), amount(money["total"]), label("其中：财政资金"),
         amount(money["fiscal"]), label("其他资金"), amount(money["other"])),
        (value(content["purpose"], _WIDE),),
        *_plan("资金支出计划（%）", content),
        (label("绩效目标"), value(numbered(content["goals"]), _WIDE)),
    ]  # fmt: skip
    heading = f"{number}、{title}绩效目标表" if number is not None else f"{title}绩效目标表"
    return (
        line(heading, Place.TITLE), Line(f"单位：{content['amount_unit']}", Place.RIGHT), Boxes(WIDTHS, tuple(rows)),
        _indicators(content),
    )  # fmt: skip


def project_parts(content: Json) -> tuple[Part, ...]:
    """Return a project's table; its budget stands in the words of its purpose."""
    rows: Rows = [
        (label("项目编码"), value(content["project_code"], 2), label("项目名称"), value(content["title"], 3)),
        (label("项目资金主要用途"), value(content["purpose"], _WIDE)),
        *_plan("资金支出计划（累计进度%）", content),
        (label("绩效目标"), value(numbered(content["goals"]), _WIDE)),
    ]
    heading = printable(f"{content['unit_code'] or ''} {content['implementing_unit'] or ''}").strip()
    lines = (line(heading, Place.HEADING),) if heading else ()
    return (Line("部门预算项目绩效目标表", Place.TITLE), *lines, Boxes(WIDTHS, tuple(rows)), _indicators(content))


def _indicators(content: Json) -> Boxes:
    heads = tuple(label(head, 2 if head == "绩效指标描述" else 1) for head in HEADS)
    return Boxes(WIDTHS, (heads, *indicator_rows(content["indicators"], _rest)), 1)


def _rest(row: Json) -> tuple[Box, ...]:
    return value(row["level3"]), value(row["description"], 2), target_box(row), value(row["basis"])


def _plan(name: str, content: Json) -> Rows:
    """Checkpoints with their percentages below, so many side by side that six columns hold them."""
    points = content["spending_plan"]
    bands = [points[begin : begin + _POINTS] for begin in range(0, len(points), _POINTS)] or [[]]
    rows: Rows = []
    for band in bands:
        spans = _spans(len(band))
        names = [guarded(printable(each["checkpoint"] or "")) for each in band]
        rows.append(tuple(label(name, s) for name, s in zip(names, spans, strict=False)))
        rows.append(tuple(amount(p["cumulative_percent"], s) for p, s in zip(band, spans, strict=False)))
    if not points:
        rows = [(value(None, _WIDE),)]
    return [(label(name, 1, len(rows)), *rows[0]), *rows[1:]]


def _spans(count: int) -> list[int]:
    if not count:
        return []
    narrow, wider = divmod(_WIDE, count)
    return [narrow + (place < wider) for place in range(count)]
