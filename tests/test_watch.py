"""Checkpoints, rates and colours of double monitoring against hand-computed cases (domain.md 8)."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from workflows.content.targets import parse_target
from workflows.errors import FieldsInvalid
from workflows.measures.money_progress import money_rows, year_end_problems
from workflows.measures.watch import Checkpoint, Colour, checkpoints_of, measure, self_evaluation_dates
from workflows.packs import pack_for_family

ASKING = pack_for_family("hebei-project")
PACK = replace(ASKING, colours=replace(ASKING.colours, actual_needed=False))
"""As packs were before they asked every row for what was reached: a case here types the figures that it is about."""
JULY = Checkpoint("1—7月", dt.date(2023, 7, 31), Decimal("58.33"), "计划")
TICK = ("经费保障",)
CAUSE = "因招标流标导致合同签订推迟，资金未能按计划支付。"


def planned(*steps):
    return {"spending_plan": [{"checkpoint": name, "cumulative_percent": percent} for name, percent in steps]}


def content(*rows, total="100", unit="万元"):
    indicators = []
    for number, (level2, name, raw, *weight) in enumerate(rows or [("数量指标", "检查次数", "20次")], 1):
        target = parse_target(raw)
        indicators.append({
            "id": f"r{number}", "level1": "产出指标", "level2": level2, "level3": name, "weight": weight[0] if weight else None,
            "target": {"raw": raw, "op": target.op, "value": target.value, "unit": target.unit},
        })  # fmt: skip
    return {"budget": {"total": total}, "amount_unit": unit, "indicators": indicators}


def sure(**more):
    return {"r1": {"possibility": "确定能", **more}}


def measured(executed, *, point=JULY, table=None, rows=None, **more):
    return measure(table or content(), point, {"executed": executed, "rows": rows or sure(), **more}, PACK)


def pointers(found):
    return [problem.pointer for problem in found.missing]


def test_a_printed_plan_gives_its_own_checkpoints():
    plan = planned(("第一季度", "25.00"), ("第二季度", "50.00"), ("第三季度", "75.00"), ("第四季度", "100.00"))
    found = checkpoints_of(plan, PACK, 2022)
    assert [(p.name, p.date.isoformat(), str(p.planned_percent), p.source) for p in found] == [
        ("第一季度", "2022-03-31", "25.00", "支出计划所印"),
        ("第二季度", "2022-06-30", "50.00", "支出计划所印"),
        ("第三季度", "2022-09-30", "75.00", "支出计划所印"),
        ("第四季度", "2022-12-31", "100.00", "支出计划所印"),
    ]


def test_blanks_of_a_plan_are_drawn_linear_and_say_so():
    plan = planned(("3月底", None), ("6月底", "40"), ("10 月底", None), ("12 月底", "100.00"))
    found = checkpoints_of(plan, PACK, 2024)
    assert [(p.date.isoformat(), p.planned_percent) for p in found] == [
        ("2024-03-31", Decimal("20.00")),
        ("2024-06-30", Decimal(40)),
        ("2024-10-31", Decimal("80.00")),
        ("2024-12-31", Decimal(100)),
    ]
    assert [("推算" in p.source) for p in found] == [True, False, True, False]


def test_blanks_before_a_single_end_are_a_share_of_the_year():
    plan = planned(("3月底", None), ("6月底", None), ("10 月底", None), ("12 月底", "100.00"))
    assert [p.planned_percent for p in checkpoints_of(plan, PACK, 2022)] == [Decimal(p) for p in ("25.00", "50.00", "83.33", "100.00")]


def test_behind_the_last_known_point_nothing_is_guessed():
    assert [p.planned_percent for p in checkpoints_of(planned(("6月底", "40%"), ("12月底", None)), PACK, 2022)] == [Decimal(40), None]


@pytest.mark.parametrize("plan", [planned(), planned(("3月底", None), ("12月底", None))])
def test_without_a_printed_plan_the_pack_s_window_counts_and_says_so(plan):
    (point,) = checkpoints_of(plan, PACK, 2023)
    assert (point.name, point.date, point.planned_percent) == ("1—7月", dt.date(2023, 7, 31), Decimal("58.33"))
    assert point.source == "未印支出计划，按序时进度（7/12）推算；08月31日前报送"


def test_an_unreadable_checkpoint_is_named():
    with pytest.raises(FieldsInvalid) as refused:
        checkpoints_of(planned(("年中", "50"), ("12月底", "100")), PACK, 2023)
    assert refused.value.facts == {"pointer": "/spending_plan/0/checkpoint"}


def test_the_self_evaluation_lies_in_the_year_after():
    assert self_evaluation_dates(PACK, 2023) == (dt.date(2024, 1, 1), dt.date(2024, 2, 28))


@pytest.mark.parametrize(
    ("executed", "deviation", "colour"),
    [
        ("58.33", "0.00", Colour.GREEN),
        ("48.33", "-10.00", Colour.GREEN),
        ("48.32", "-10.01", Colour.YELLOW),
        ("33.33", "-25.00", Colour.YELLOW),
        ("33.32", "-25.01", Colour.RED),
        ("80", "21.67", Colour.GREEN),
    ],
)
def test_colour_of_the_money(executed, deviation, colour):
    found = measured(executed)
    assert (found.execution_rate, found.deviation, found.colour) == (Decimal(executed).quantize(Decimal("0.01")), Decimal(deviation), colour)


@pytest.mark.parametrize(
    ("filed", "colour"),
    [
        ({"possibility": "确定能"}, Colour.GREEN),
        ({"possibility": "certain", "forecast": "19次"}, Colour.GREEN),
        ({"possibility": "确定能", "forecast": "18次"}, Colour.YELLOW),
        ({"possibility": "有可能", "forecast": "20次"}, Colour.YELLOW),
        ({"possibility": "有可能"}, Colour.YELLOW),
        ({"possibility": "确定能", "forecast": "15次"}, Colour.RED),
        ({"possibility": "完全不可能", "forecast": "20次"}, Colour.RED),
    ],
)
def test_colour_of_the_goals(filed, colour):
    assert measured("58.33", rows={"r1": filed}).colour == colour


def test_money_far_ahead_of_the_goals_is_purple_and_asks_for_a_check():
    table = content(("数量指标", "检查次数", "20次", "10"), ("质量指标", "合格率", "100%", "80"))
    rows = {"r1": {"possibility": "有可能", "forecast": "16次", "causes": TICK}, "r2": {"possibility": "有可能", "forecast": "80%", "causes": TICK}}
    found = measured("110.01", table=table, rows=rows, cause=CAUSE)
    assert (found.realisation, found.colour, pointers(found)) == (Decimal("80.00"), Colour.PURPLE, ["/compliance"])
    assert measured("100", table=table, rows=rows, cause=CAUSE).colour == Colour.YELLOW


@pytest.mark.parametrize(
    ("total", "unit", "executed", "day", "colour"),
    [
        ("200", "万元", "119", dt.date(2023, 8, 31), Colour.RED),
        ("2,000,000", "元", "1190000", dt.date(2023, 8, 31), Colour.RED),
        ("199.99", "万元", "119", dt.date(2023, 8, 31), Colour.GREEN),
        ("200", "万元", "120", dt.date(2023, 8, 31), Colour.GREEN),
        ("200", "万元", "119", dt.date(2023, 7, 31), Colour.GREEN),
    ],
)
def test_a_large_amount_must_be_sixty_percent_spent_by_the_end_of_august(total, unit, executed, day, colour):
    point = Checkpoint("8月底", day, Decimal("66.67"), "计划")
    assert measured(executed, point=point, table=content(total=total, unit=unit)).colour == colour


def test_yellow_forces_a_cause_of_twenty_characters():
    assert pointers(measured("40")) == ["/cause"]
    assert pointers(measured("40", cause="进度慢")) == ["/cause"]
    assert pointers(measured("40", cause=CAUSE)) == []


def test_red_forces_cause_measure_person_and_date():
    assert pointers(measured("10")) == ["/cause", "/measure", "/person", "/deadline"]
    whole = {"cause": CAUSE, "measure": "每周调度", "person": "张三", "deadline": "2023-09-30"}
    assert pointers(measured("10", **whole)) == []
    assert pointers(measured("10", **{**whole, "deadline": "尽快"})) == ["/deadline"]


@pytest.mark.parametrize(("filed", "asked"), [
    ({}, ["/rows/r1/actual"]), ({"forecast": "20次"}, ["/rows/r1/actual"]), ({"actual": " ", "explanation": " "}, ["/rows/r1/actual"]),
    ({"actual": "0次"}, []), ({"explanation": "按合同约定，检查在下半年开始。"}, []),
])  # fmt: skip
def test_a_row_says_what_was_reached_or_why_it_says_nothing(filed, asked):
    found = measure(content(), JULY, {"executed": "58.33", "rows": sure(**filed)}, ASKING)
    assert (pointers(found), pointers(measured("58.33", rows=sure(**filed)))) == (asked, [])


def test_a_row_that_the_execution_rate_counts_already_is_not_asked():
    table = content(("时效指标", "资金支付率", "100%"))
    counting = replace(ASKING, execution=replace(ASKING.execution, counted_rows=("资金支付率",)))
    figures = {"executed": "58.33", "rows": {"r1": {}}}
    assert pointers(measure(table, JULY, figures, counting)) == []
    assert pointers(measure(table, JULY, figures, ASKING)) == ["/rows/r1/possibility", "/rows/r1/actual"]


def test_unreadable_figures_are_named():
    found = measured("很多", rows={"r1": {"actual": "若干"}})
    assert pointers(found) == ["/executed", "/rows/r1/possibility", "/rows/r1/actual"]
    assert (found.execution_rate, found.deviation) == (None, None)


@pytest.mark.parametrize("day", ["尽快", "2023-07-30", "20230930", "2023-W40-1", "1999-01-01"])
def test_a_measure_is_over_on_a_day_after_the_window(day):
    figures = {"cause": CAUSE, "measure": "加快招标", "person": "李某", "deadline": day}
    assert pointers(measured("10", **figures)) == ["/deadline"]


def test_spending_beyond_the_budget_asks_for_a_check():
    found = measured("100.01", rows=sure(actual="20次", forecast="20次"))
    assert (found.colour, pointers(found)) == (Colour.PURPLE, ["/compliance"])
    assert measured("100", rows=sure(actual="20次", forecast="20次")).colour == Colour.GREEN


@pytest.mark.parametrize("typed", ["1e999999", "1e-999999", "9" * 40, "NaN", "1_000", "1e3", "Infinity"])
def test_figures_that_nobody_writes_are_named_and_break_nothing(typed):
    table = content(("数量指标", "检查次数", "20次"), ("时效指标", "完成时间", "2023年11月底"))
    rows = {key: {"possibility": "确定能", "actual": typed, "forecast": f"{typed}date"} for key in ("r1", "r2")}
    figures = {"forecast": typed, "parts": {"fiscal": {"executed": typed, "forecast": typed}}}
    found = measured(typed, table=table, rows=rows, adjusted_budget=typed, **figures)
    assert {"/executed", "/forecast", "/rows/r1/actual", "/rows/r2/actual"} - {*pointers(found)} == set()
    assert pointers(measured("1", adjusted_budget=typed)) == ["/adjusted_budget"]


def test_the_years_money_by_source_is_read_and_is_no_more_than_all():
    said = {"executed": "90", "fiscal_budget": "60", "fiscal_executed": "80", "carryover_executed": "10"}
    assert [each.pointer for each in year_end_problems({"executed": "90"} | said)] == []
    assert [each.pointer for each in year_end_problems(said | {"other_executed": "0.01"})] == ["/executed"]
    wrong = {"fiscal_budget": "一堆", "other_executed": "-1", "carryover_budget": "NaN"}
    assert [each.pointer for each in year_end_problems(wrong)] == ["/fiscal_budget", "/carryover_budget", "/other_executed"]


def test_without_a_planned_percent_the_money_has_no_colour():
    found = measured("1", point=Checkpoint("12月底", dt.date(2023, 12, 31), None, ""))
    assert (found.deviation, found.colour) == (None, Colour.GREEN)


def test_an_adjusted_budget_replaces_the_first_one():
    assert measured("50", adjusted_budget="50").execution_rate == Decimal("100.00")


@pytest.mark.parametrize(
    ("row", "actual", "progress"),
    [
        (("数量指标", "检查次数", "20次"), "25次", "125.00"),
        (("数量指标", "检查次数", "20次"), "5次", "25.00"),
        (("成本指标", "办案经费", "1200万元"), "700万元", "100"),  # 7/12 of the amount is allowed by the end of July
        (("成本指标", "办案经费", "1200万元"), "800万元", "87.50"),
        (("成本指标", "成本控制率", "≤5%"), "4%", "100"),
        (("成本指标", "成本控制率", "≤5%"), "10%", "50.00"),
        (("时效指标", "完工时间", "2023年6月底"), "2023-06-15", "100"),
        (("时效指标", "完工时间", "2023年6月底"), "2023-07-15", "0"),
    ],
)
def test_progress_of_a_row(row, actual, progress):
    (found,) = measured("58.33", table=content(row), rows=sure(actual=actual)).progress
    assert found.progress == Decimal(progress)


def test_realisation_is_weighted_and_capped():
    table = content(("数量指标", "检查次数", "20次", "60"), ("质量指标", "合格率", "100%", "30"))
    rows = {"r1": {"possibility": "确定能", "forecast": "40次"}, "r2": {"possibility": "完全不可能", "forecast": "70%"}}
    assert measured("58.33", table=table, rows=rows).realisation == Decimal("90.00")


@pytest.mark.parametrize(("filed", "asked"), [
    ({"possibility": "确定能"}, []),
    ({"possibility": "有可能"}, ["/rows/r1/causes"]),
    ({"possibility": "完全不可能", "causes": TICK}, []),
    ({"possibility": "确定能", "causes": ("天气",)}, ["/rows/r1/causes"]),
])  # fmt: skip
def test_a_row_behind_needs_a_ticked_cause_of_the_form(filed, asked):
    said = {"cause": CAUSE, "measure": "加快招标", "person": "李某", "deadline": "2023-09-30", "compliance": "已核查"}
    assert pointers(measured("58.33", rows={"r1": filed}, **said)) == asked


PARTED = {"budget": {"total": "100", "fiscal": "80", "other": "20"}, **{k: v for k, v in content().items() if k != "budget"}}


@pytest.mark.parametrize(("figures", "asked"), [
    ({"forecast": "100", "parts": {"fiscal": {"executed": "48.33", "forecast": "80"}, "other": {"executed": "10"}}}, []),
    ({"parts": {"fiscal": {"executed": "48"}, "other": {"executed": "10"}}}, ["/executed"]),
    ({"forecast": "50"}, ["/forecast"]),
    ({"forecast": "很多"}, ["/forecast"]),
    ({"parts": {"fiscal": {"executed": "-1"}}}, ["/parts/fiscal/executed"]),
])  # fmt: skip
def test_money_by_part_makes_the_total_and_the_forecast_is_no_less_than_what_is_spent(figures, asked):
    assert pointers(measured("58.33", table=PARTED, **figures)) == asked


def test_the_money_rows_show_planned_executed_rate_and_forecast():
    rows = money_rows(PARTED, {"executed": "58", "forecast": "99", "parts": {"fiscal": {"executed": "40"}}})
    assert [(row.name, row.budget, row.executed, row.rate, row.forecast) for row in rows] == [
        ("年度资金总额", 100, 58, Decimal("58.00"), 99), ("其中：本年一般公共预算拨款", 80, 40, Decimal("50.00"), None),
        ("其他资金", 20, None, None, None)]  # fmt: skip
