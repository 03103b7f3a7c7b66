"""The forms of the two Ningxia families: 部门项目支出预算绩效目标表, of a county and of the region."""

from collections.abc import Mapping
from typing import Any

from workflows.forms.form import Box, Boxes, Line, Part, Place, label
from workflows.forms.writing.indicator_part import indicator_rows, target_box
from workflows.forms.writing.shown import amount, numbered, value

Json = Mapping[str, Any]
COUNTY, REGION = (11, 13, 24, 33, 19), (11, 12, 22, 14, 12, 13, 16)
TITLE = "部门项目支出预算绩效目标表"


def county_parts(content: Json) -> tuple[Part, ...]:
    """Return a county's project."""
    year, unit, money = content["fiscal_year"], content["amount_unit"], content["budget"]
    amounts = [("年度资金总额：", "total"), ("其中：财政拨款", "fiscal"), ("其他资金", "other")]
    amounts += [("结余结转", "carryover")] if money["carryover"] else []
    first, *others = [(label(name, 2), amount(money[key], 2)) for name, key in amounts]
    indicators = content["indicators"]
    rows: list[tuple[Box, ...]] = [
        (label("项目名称", 2), value(content["title"], 3)),
        (label("主管部门及代码", 2), value(content["supervising_department"]),
         label("实施单位"), value(content["implementing_unit"])),
        (label("项目属性", 2), value(content["attribute"]), label("项目期"), value(content["period"])),
        (label(f"项目资金（{unit}）", 1, len(amounts)), *first), *others,
        (label("年度总体目标", 2), value(numbered(content["goals"]), 3)),
    ]  # fmt: skip
    table: list[tuple[Box, ...]] = [
        (label("绩效指标", 1, len(indicators) + 1), *map(label, ("一级指标", "二级指标", "三级指标", "指标值"))),
        *indicator_rows(indicators, lambda row: (value(row["level3"]), target_box(row))),
    ]
    heading = (Line(f"（{year}年度）", Place.BESIDE_TITLE),) if year else ()
    return (Line(TITLE, Place.TITLE), *heading, Boxes(COUNTY, tuple(rows)), Boxes(COUNTY, tuple(table), 1))


def region_parts(content: Json) -> tuple[Part, ...]:
    """Return a project of the region: all of its money and goals, and beside them what is allocated already."""
    unit, money, part = content["amount_unit"], content["budget"], content.get("allocated") or {}
    amounts = (("资金总额", "total"), ("其中：财政拨款", "fiscal"), ("其他资金", "other"), ("结余结转", "carryover"))
    first, *others = [
        (label(name), amount(money[key]), label(name), amount(part.get(key), 2)) for name, key in amounts
    ]
    indicators = content["indicators"]
    rows: list[tuple[Box, ...]] = [
        (label("项目名称", 2), value(content["title"], 5)),
        (label("主管部门", 2), value(content["supervising_department"]),
         label("实施单位", 2), value(content["implementing_unit"], 2)),
        (label("项目属性", 2), value(content["attribute"]), label("项目期", 2), value(content["period"], 2)),
        (label(f"项目年度资金（{unit}）", 1, 4), *first[:2],
         label(f"其中：项目自治区本级已分配资金（{unit}）", 1, 4), *first[2:]),
        *others,
        (label("年度总体绩效目标", 2), value(numbered(content["goals"])),
         label("年度绩效目标（本级已分配资金）"), value(numbered(part.get("goals")), 3)),
    ]  # fmt: skip
    heads = (label("绩效类型"), label("一级指标"), label("二级指标"), label("三级指标", 3), label("指标值"))
    side = (label("自治区本级绩效指标", 1, len(indicators)),)
    body = indicator_rows(indicators, lambda row: (value(row["level3"], 3), target_box(row)))
    table = [heads, *((*(side if number == 0 else ()), *row) for number, row in enumerate(body))]
    year = f"{content['fiscal_year']}年" if content["fiscal_year"] else ""
    return (
        Line(f"{year}自治区本级{TITLE}", Place.TITLE), Boxes(REGION, tuple(rows)), Boxes(REGION, tuple(table), 1)
    )  # fmt: skip
