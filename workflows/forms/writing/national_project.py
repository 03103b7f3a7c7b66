"""The national 项目支出绩效目标申报表 (财预〔2015〕88号 annex 1): the mid term and the year side by side."""

from collections.abc import Mapping, Sequence
from itertools import groupby, zip_longest
from typing import Any

from workflows.forms.form import Box, Boxes, Line, Part, Place, label
from workflows.forms.tick_boxes import boxes_of
from workflows.forms.writing.indicator_part import Rows, run_of, target_box
from workflows.forms.writing.shown import amount, guarded, numbered, printable, value

Json = Mapping[str, Any]
_AMOUNTS = (("资金总额：", "total"), ("其中：财政拨款", "fiscal"), ("其他资金", "other"))
WIDTHS = (10, 11, 13, 14, 11, 13, 16, 12)
NO_ROW: Json = {}


def national_project_parts(content: Json) -> tuple[Part, ...]:
    """Return the form; where the content has no mid-term part its boxes stay empty."""
    money, later = content["budget"], content.get("mid_term_budget") or {}
    names = [(f"中期{name}", f"年度{name}") if key == "total" else (name, name) for name, key in _AMOUNTS]
    first, *others = [
        (label(left), amount(later.get(key), 2), label(right), amount(money[key], 2))
        for (left, right), (_, key) in zip(names, _AMOUNTS, strict=True)
    ]
    body = _indicators(content.get("mid_term_indicators") or [], content["indicators"])
    rows: Rows = [
        (label("项目名称"), value(content["title"], 7)),
        (label("主管部门及代码"), value(content["supervising_department"], 3),
         label("实施单位"), value(content["implementing_unit"], 3)),
        (label("项目属性"), value(boxes_of(content["attribute"]), 3), label("项目期"), value(content["period"], 3)),
        (label(f"项目资金（{content['amount_unit']}）", 2, 3), *first), *others,
        (label("总体目标", 1, 2), label("中期目标", 3), label("年度目标", 4)),
        (value(numbered(content.get("mid_term_goals")), 3), value(numbered(content["goals"]), 4)),
    ]  # fmt: skip
    heads = map(label, ("一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"))
    table: Rows = [(label("绩效指标", 1, len(body) + 1), *heads), *body]
    year = content["fiscal_year"]
    heading = (Line(f"（{year}年度）", Place.BESIDE_TITLE),) if year else ()
    return (
        Line("项目支出绩效目标申报表", Place.TITLE), *heading, Boxes(WIDTHS, tuple(rows)),
        Boxes(WIDTHS, tuple(table), 1),
    )  # fmt: skip


def _indicators(later: Sequence[Json], rows: Sequence[Json]) -> Rows:
    """Pair the mid-term rows with the year's, class of level 1 by class."""
    paired: list[tuple[str, Json, Json]] = []
    left = {name: list(group) for name, group in groupby(later, _first)}
    for name, group in groupby(rows, _first):
        paired += [(name, one or NO_ROW, two or NO_ROW) for one, two in zip_longest(left.pop(name, []), group)]
    paired += [(name, row, NO_ROW) for name, group in left.items() for row in group]
    firsts = [name for name, _, _ in paired]
    printed: Rows = []
    for number, (name, one, two) in enumerate(paired):
        begins = number == 0 or firsts[number - 1] != name
        first = (label(guarded(printable(name)), 1, run_of(firsts, number)),) if begins else ()
        printed.append((*first, *_half(one), *_half(two)))
    return printed


def _first(row: Json) -> str:
    return str(row.get("level1") or "")


def _half(row: Json) -> tuple[Box, Box, Box]:
    duty = row.get("requirement")
    second = str(row.get("level2") or "") + (f"（{duty}）" if duty else "")
    return label(guarded(printable(second))), value(row.get("level3")), target_box(row)
