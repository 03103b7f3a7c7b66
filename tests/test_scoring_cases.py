"""N7: hand-checked scoring cases with exact decimals, against the product and against a second way of reckoning."""

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scoring_reference import points_of, two_places
from workflows.content.targets import parse_target
from workflows.measures.row_points import rounded
from workflows.measures.scoring import Scores, score
from workflows.packs import Band, load_pack

D = Decimal
CASES = json.loads((Path(__file__).parent / "scoring_cases.json").read_text(encoding="utf-8"))
COUNTY = load_pack("ningxia-county")
OLD_BANDS = (
    Band("达成预期指标", D(80), D(100)), Band("部分达成预期指标并具有一定效果", D(50), D(80)),
    Band("未达成预期指标且效果较差", D(0), D(50)),
)  # fmt: skip
PACKS = {
    "ningxia-county": COUNTY, "national-2021": load_pack("national-2021"), "2017": replace(COUNTY, qualitative=OLD_BANDS),
    "cap60": replace(COUNTY, scoring=replace(COUNTY.scoring, evidence_cap=D(60))),
}  # fmt: skip


def row_of(case: dict, row_id: str = "r1") -> dict:
    target = parse_target(case["target"])
    chosen = {name: case[name] for name in ("direction", "scoring") if name in case}
    return {
        "id": row_id, "level1": case.get("level1", "产出指标"), "level2": case.get("level2", "数量指标"),
        "level3": case.get("level3", "指标"),
        "target": {"raw": case["target"], "op": target.op, "value": target.value, "unit": target.unit}, **chosen,
    }  # fmt: skip


def scored(case: dict) -> Scores:
    filed = {
        "actual": case["actual"], "percent": case.get("percent"), "ladder": case.get("ladder"), "reason": "据实说明原因",
        "evidence": case.get("evidence", "验收报告"),
    }  # fmt: skip
    pack = PACKS[case.get("pack", "ningxia-county")]
    rows = {"r1": filed, "total": {"reason": "有佐证"}}
    return score({"indicators": [row_of(case)]}, {"r1": D(case["weight"])}, rows, "90", "100", pack)


def test_there_are_two_hundred_cases_of_every_type_each_with_its_source():
    assert len(CASES) >= 200
    assert min(Counter(case["type"] for case in CASES).values()) >= 5
    assert all(len(case["source"]) > 8 for case in CASES)
    assert len({json.dumps(case, sort_keys=True) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['type']} {case['target']} {case['actual']} {case['weight']}")
def test_a_hand_checked_case(case):
    found = scored(case)
    (row,) = found.rows
    assert found.problems == ()
    assert (row.kind, str(row.points)) == (case["type"], case["points"])
    assert (str(row.proposed) if row.proposed is not None else None) == case.get("proposed")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['type']} {case['target']} {case['actual']} {case['weight']}")
def test_a_second_way_of_reckoning_agrees(case):
    assert points_of(case) == case["points"]


NUMBERS = st.integers(0, 100_000).map(lambda cents: D(cents) / 100)
WEIGHTS = st.integers(1, 5000).map(lambda cents: D(cents) / 100)
KINDS = {"forward": ("≥{}次", "{}次"), "reverse": ("≤{}次", "{}次"), "ratio_pass": ("≥{}次", "{}次"), "interval": ("{}-90000次", "{}次")}


def made(kind: str, target: Decimal, actual: Decimal, weight: Decimal) -> dict:
    printed, done = KINDS[kind]
    chosen = {"scoring": kind} if kind == "ratio_pass" else {}
    return {"type": kind, "target": printed.format(target), "actual": done.format(actual), "weight": str(weight), **chosen}


@given(st.sampled_from(["forward", "reverse", "ratio_pass"]), NUMBERS, NUMBERS, WEIGHTS)
def test_product_and_reference_agree_on_any_numbers(kind, target, actual, weight):
    case = made(kind, target, actual, weight)
    assert str(scored(case).rows[0].points) == points_of(case)


@given(st.sampled_from(["forward", "reverse"]), NUMBERS, st.tuples(NUMBERS, NUMBERS), WEIGHTS)
def test_better_never_gets_fewer_points_and_nothing_exceeds_its_weight(kind, target, actuals, weight):
    low, high = (scored(made(kind, target, actual, weight)).rows[0].points for actual in sorted(actuals))
    worse, better = (low, high) if kind == "forward" else (high, low)
    assert D(0) <= worse <= better <= weight


@given(st.fractions(0, 100))
def test_half_a_hundredth_is_rounded_up(value):
    assert str(rounded(value)) == two_places(value)
    assert abs(Fraction(rounded(value)) - value) <= Fraction(1, 200)


@given(st.lists(st.tuples(NUMBERS, WEIGHTS, st.booleans()), min_size=1, max_size=8), st.integers(0, 200))
def test_inv13_total_is_the_sum_of_rounded_rows_and_the_grade_its_band(rows, executed):
    cases = [made("forward", D(100), actual, weight) for actual, weight, _ in rows]
    content = {"indicators": [row_of(case, f"r{n}") for n, case in enumerate(cases)]}
    filed = {
        f"r{n}": {"actual": case["actual"], "reason": "据实说明", **({"not_applicable": "是"} if out else {})}
        for n, (case, (_, _, out)) in enumerate(zip(cases, rows, strict=True))
    }  # fmt: skip
    weights = {f"r{n}": weight for n, (_, weight, _) in enumerate(rows)}
    found = score(content, weights, filed, str(executed), "100", COUNTY)
    assert found.total == sum(row.points for row in found.rows) + found.execution_points
    assert all(D(0) <= row.points <= row.weight for row in found.rows)
    if any(out for *_, out in rows) and not all(out for *_, out in rows):
        assert sum(row.weight for row in found.rows) + found.execution_weight == D(100)
    if found.total <= 100:
        band = next(grade for low, grade in ((90, "excellent"), (80, "good"), (60, "fair"), (0, "poor")) if found.total >= low)
        assert found.grade == band


@pytest.mark.parametrize(
    ("filed", "fields"),
    [
        ({"method": "问卷调查法"}, ["issued", "returned", "question"]),
        ({"method": "问卷调查法", "issued": "100", "returned": "101", "question": "是否满意"}, ["returned"]),
        ({"method": "问卷调查法", "issued": "0", "returned": "0", "question": "是否满意"}, ["issued"]),
        ({"method": "问卷调查法", "issued": "100", "returned": "96", "question": "是否满意"}, []),
        ({"method": "直接证明法"}, []), ({"method": "拍脑袋法"}, ["method"]), ({}, []),
    ],
)  # fmt: skip
def test_how_an_actual_is_known_is_one_of_five_ways_and_a_survey_states_its_numbers(filed, fields):
    rows = {"r1": {"actual": "20次", **filed}}
    case = {"target": "20次"}
    found = score({"indicators": [row_of(case)]}, {"r1": D(90)}, rows, "90", "100", COUNTY)
    assert [each.pointer.rsplit("/", maxsplit=1)[-1] for each in found.problems] == fields


@pytest.mark.parametrize(
    ("case", "way", "why"),
    [
        ({"target": "20次", "direction": "反向"}, "反向", "填报人指定"),
        ({"target": "≥20次"}, "正向", "指标值带有“>=”"),
        ({"target": "≤20次", "level2": "成本指标"}, "反向", "指标值带有“<=”"),
        ({"target": "20万元", "level2": "成本指标"}, "反向", "二级指标为成本类"),
        ({"target": "3次", "level3": "群众投诉次数"}, "反向", "指标名称含“投诉”"),
        ({"target": "2026年6月底"}, "日期", "指标值为日期，越早越好"),
        ({"target": "100%"}, "正向", "指标值为确定数值，达到即为完成"),
        ({"target": "效果显著"}, "定性", "指标值为文字描述"),
    ],
)  # fmt: skip
def test_the_way_is_told_in_the_order_of_the_rule_with_its_reason(case, way, why):
    (row,) = scored({"actual": "1", "weight": "10", "percent": "80", **case}).rows
    assert (row.way, row.why) == (way, why)


def test_all_rows_left_out_is_no_evaluation():
    rows = {"r1": {"not_applicable": "是", "reason": "任务取消"}}
    found = score({"indicators": [row_of({"target": "20次"})]}, {"r1": D(90)}, rows, "90", "100", COUNTY)
    assert [each.pointer for each in found.problems] == ["/rows"]
