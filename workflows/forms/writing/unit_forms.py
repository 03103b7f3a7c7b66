"""The forms of whole units: Henan's 部门(单位)整体绩效目标表, and the national one (财预〔2015〕88号 annex 2)."""

from collections.abc import Mapping
from typing import Any

from workflows.forms.cell_words import SOURCES, STRUCTURE
from workflows.forms.form import Box, Boxes, Line, Part, Place, label
from workflows.forms.writing.indicator_part import Rows, indicator_rows, target_box
from workflows.forms.writing.shown import amount, numbered, value

Json = Mapping[str, Any]
HENAN, NATIONAL = (14, 15, 20, 12, 39), (12, 16, 20, 14, 12, 12, 14)


def henan_parts(content: Json) -> tuple[Part, ...]:
    """Return a unit's table with its tasks and where its money comes from and goes."""
    detail = content.get("budget_detail") or {}
    money = [("部门预算总额（" + str(content["amount_unit"]) + "）", content["budget"]["total"])]
    money += _group("1、资金来源：", SOURCES, detail.get("sources"))
    money += _group("2、资金结构：", STRUCTURE, detail.get("structure"))
    first, *others = [(label(name, 2), amount(printed, 2)) for name, printed in money]
    rows: Rows = [
        (label("部门（单位）名称"), value(content["title"], 4)),
        (label("年度履职目标"), value(numbered(content["goals"]), 4)),
        *_tasks(content["tasks"]),
        (label("预算情况", 1, len(money)), *first), *others,
    ]  # fmt: skip
    heads = tuple(map(label, ("一级指标", "二级指标", "三级指标", "指标值", "指标值说明")))
    return (
        Line("部门（单位）整体绩效目标表", Place.TITLE), *_year(content), Boxes(HENAN, tuple(rows)),
        Boxes(HENAN, (heads, *indicator_rows(content["indicators"], _rest)), 1),
    )  # fmt: skip


def _year(content: Json) -> tuple[Line, ...]:
    return (Line(f"（{content['fiscal_year']}年度）", Place.BESIDE_TITLE),) if content["fiscal_year"] else ()


def _group(before: str, names: tuple[str, ...], amounts: Json | None) -> list[tuple[str, Any]]:
    """Return the printed rows of one way to split the money; none where the content does not split it so."""
    if amounts is None:
        return []
    marks = [f"{before if number == 1 else ''}（{number}）" for number in range(1, len(names) + 1)]
    return [(f"{mark}{name}", amounts.get(name)) for mark, name in zip(marks, names, strict=True)]


def _tasks(tasks: Any) -> Rows:
    heads = (label("年度主要任务", 1, len(tasks) + 1), label("任务名称"), label("主要内容", 3))
    return [heads, *((value(task["name"]), value(numbered(task["content"]), 3)) for task in tasks)]


def _rest(row: Json) -> tuple[Box, ...]:
    return value(row["level3"]), target_box(row), value(row["description"])


def national_unit_parts(content: Json) -> tuple[Part, ...]:
    """Return 整体支出绩效目标申报表 (annex 2): tasks with their money, the sum, goals, indicators."""
    tasks, money, indicators = content["tasks"], content["budget"], content["indicators"]
    rows: Rows = [
        (label("部门（单位）名称", 2), value(content["title"], 5)),
        (label("年度主要任务", 1, len(tasks) + 3), label("任务名称", 1, 2), label("主要内容", 2, 2),
         label(f"预算金额（{content['amount_unit']}）", 3)),
        (label("总额"), label("财政拨款"), label("其他资金")),
        *((value(task["name"]), value(numbered(task["content"]), 2), *_money(task.get("budget") or {}))
          for task in tasks),
        (label("金额合计"), value(None, 2), *_money(money)),
        (label("年度总体目标"), value(numbered(content["goals"]), 6)),
    ]  # fmt: skip
    table: Rows = [
        (label("年度绩效指标", 1, len(indicators) + 1), label("一级指标"), label("二级指标"), label("三级指标", 3),
         label("指标值")),
        *indicator_rows(indicators, lambda row: (value(row["level3"], 3), target_box(row))),
    ]  # fmt: skip
    return (
        Line("整体支出绩效目标申报表", Place.TITLE), *_year(content), Boxes(NATIONAL, tuple(rows)),
        Boxes(NATIONAL, tuple(table), 1),
    )  # fmt: skip


def _money(money: Json) -> tuple[Box, ...]:
    return tuple(amount(money.get(key)) for key in ("total", "fiscal", "other"))
