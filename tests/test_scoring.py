"""Points of the self-evaluation against hand-computed cases (domain.md 9)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.content.targets import parse_target
from workflows.measures.row_points import kind_of
from workflows.measures.scoring import score
from workflows.measures.weights import propose_weights, spread
from workflows.packs import load_pack, pack_for_family
from workflows.vocabulary import Grade

D = Decimal
PACK = pack_for_family("ningxia-county-project")


def row(raw, *, level1="产出指标", level2="数量指标", level3="指标", row_id="r1"):
    target = parse_target(raw)
    return {
        "id": row_id, "level1": level1, "level2": level2, "level3": level3,
        "target": {"raw": raw, "op": target.op, "value": target.value, "unit": target.unit},
    }  # fmt: skip


def one(raw, actual, *, pack=PACK, percent=None, reason="说明", evidence="佐证", **names):
    return score(
        {"indicators": [row(raw, **names)]}, {"r1": D("90")},
        {"r1": {"actual": actual, "percent": percent, "reason": reason, "evidence": evidence}, "total": {"reason": "x"}},
        "90", "100", pack,
    )  # fmt: skip


def points(raw, actual, **more):
    scores = one(raw, actual, **more)
    assert scores.problems == ()
    return scores.rows[0].points


@pytest.mark.parametrize(
    ("raw", "actual", "expected"),
    [
        ("20次", "20次", "90.00"),
        ("20次", "15", "67.50"),
        ("≥3轮", "1轮", "30.00"),
        (">3轮", "3轮", "90.00"),  # not met, but the ratio is 1: capped at the weight
        ("95%以上", "95%", "90.00"),
        ("95%以上", "94", "89.05"),
        ("≥80 达到指标的 80%及以上为优", "85%", "90.00"),
        ("≥80 达到指标的 80%及以上为优", "60", "67.50"),
        ("100人", "80人次", "72.00"),
        ("3000万元", "15000000元", "45.00"),
        ("1.2万元每年", "12000元", "90.00"),
        ("≥0次", "0次", "90.00"),
        ("10-20次", "15次", "90.00"),
        ("10-20次", "5次", "45.00"),
        ("10-20次", "40次", "45.00"),
        ("2022年12月底", "2022-12-31", "90.00"),
        ("2022年12月底", "2022年11月", "90.00"),
        ("2022年12月底", "2023-01-01", "0.00"),
        ("是", "是", "90.00"),
        ("是", "否", "0.00"),
    ],
)
def test_a_measured_row(raw, actual, expected):
    assert points(raw, actual) == D(expected)


@pytest.mark.parametrize(
    ("raw", "actual", "expected"),
    [
        ("≤5%", "4%", "90.00"),
        ("≤5%", "10%", "45.00"),
        ("<5%", "5%", "90.00"),  # not met, but 5/5: capped at the weight
        ("1400万元", "1400万元", "90.00"),
        ("1400万元", "2000万元", "63.00"),
        ("≤0次", "0次", "90.00"),
        ("≤0次", "2次", "0.00"),
    ],
)
def test_a_reverse_row(raw, actual, expected):
    assert points(raw, actual, level2="成本指标") == D(expected)


@pytest.mark.parametrize(
    ("actual", "percent", "expected"),
    [
        ("达成年度指标", "80", "72.00"),
        ("达成年度指标", "100", "90.00"),
        ("部分达成并具有一定效果", "79.99", "71.99"),
        ("未达成且效果较差", "0", "0.00"),
        ("群众普遍反映良好", "85%", "76.50"),
    ],
)
def test_a_qualitative_row_takes_the_chosen_percent(actual, percent, expected):
    assert points("效果显著", actual, percent=percent) == D(expected)


def test_a_percent_outside_its_named_band_is_refused():
    (problem,) = one("效果显著", "部分达成并具有一定效果", percent="80").problems
    assert problem.pointer == "/rows/r1/percent"
    assert problem.sentence == "“部分达成并具有一定效果”对应80%—60%，所选80%不在其中。"


def test_two_numbers_are_scored_by_hand_with_evidence():
    assert kind_of(row("1项/3轮"), PACK) == "by_hand"
    assert points("1项/3轮", "1项/2轮", percent="70") == D("63.00")
    assert [p.pointer for p in one("1项/3轮", "1项/2轮", percent="70", evidence=None).problems] == ["/rows/r1/evidence"]
    assert [p.pointer for p in one("1项/3轮", "1项/2轮", percent="100", reason=None).problems] == ["/rows/r1/reason"]


@pytest.mark.parametrize(
    ("raw", "actual", "sentence"),
    [
        ("20次", "", "请填写实际完成值"),
        ("20次", "很多", "“很多”不是一个数值，请只填一个数和单位。"),
        ("20次", "≥20次", "“≥20次”带有比较符号，请填实际达到的确切数值。"),
        ("20次", "20人", "“20人”的单位“人”与指标值的单位“次”不同，请换成“次”。"),
        ("95%以上", "0.96", "“0.96”没有写单位，分不清是比值还是百分数，请写成“96%”的形式。"),
        ("3", "3套", "指标值没有单位，“3套”带有单位“套”，请只填数。"),
        ("2022年12月底", "年底", "“年底”不是日期，请按“2023-12-31”的形式填写完成日期。"),
        ("效果显著", "好", "请填写完成程度（0—100之间的百分数）。"),
    ],
)
def test_an_unreadable_actual_is_named(raw, actual, sentence):
    scores = one(raw, actual)
    assert [problem.sentence for problem in scores.problems] == [sentence]
    assert scores.rows[0].points == D("0.00")


def test_reasons_are_forced():
    def pointers(raw, actual, executed="90"):
        filed = {"r1": {"actual": actual}}
        return [p.pointer for p in score({"indicators": [row(raw)]}, {"r1": D("90")}, filed, executed, "100", PACK).problems]

    assert pointers("20次", "20") == []
    assert pointers("20次", "19") == ["/rows/r1/reason"]
    assert pointers("20次", "24") == []
    assert pointers("20次", "25") == ["/rows/r1/reason"]
    assert pointers("20次", "20", "79.99") == ["/rows/execution/reason"]
    assert pointers("20次", "20", "80") == []
    assert pointers("20次", "20", "100") == ["/rows/total/reason"]
    assert pointers("20次", "20", "100.01") == ["/rows/execution/reason", "/rows/total/reason"]


def test_far_over_the_target_proposes_fewer_points_and_keeps_the_full_ones():
    scored = one("20次", "40次").rows[0]
    assert (scored.points, scored.over, scored.proposed) == (D("90.00"), D("100.00"), D("81.00"))
    assert one("20次", "30次").rows[0].proposed is None


@pytest.mark.parametrize(
    ("executed", "budget", "expected"),
    [("90", "100", "9.00"), ("120", "100", "10.00"), ("0", "100", "0.00"), ("1", "3", "3.33"), ("2", "3", "6.67"), ("1,005", "1,000", "10.00")],
)
def test_execution_points(executed, budget, expected):
    filed = {"r1": {"actual": "20"}}
    assert score({"indicators": [row("20次")]}, {"r1": D("90")}, filed, executed, budget, PACK).execution_points == D(expected)


@pytest.mark.parametrize("typed", ["", "很多", "NaN", "-1"])
def test_an_unreadable_amount_is_named(typed):
    found = score({"indicators": [row("20次")]}, {"r1": D("90")}, {"r1": {"actual": "20"}}, typed, "100", PACK)
    assert [problem.pointer for problem in found.problems] == ["/executed"]


def test_without_any_budget_the_rows_are_scaled_to_one_hundred():
    content = {"indicators": [row("20次"), row("20次", row_id="r2"), row("20次", row_id="r3")]}
    weights = {"r1": D("30"), "r2": D("30"), "r3": D("30")}
    filed = {name: {"actual": "20次"} for name in weights} | {"total": {"reason": "全部完成"}}
    scores = score(content, weights, filed, "0", "0", PACK)
    assert [r.points for r in scores.rows] == [D("33.34"), D("33.33"), D("33.33")]
    assert (scores.total, scores.execution_weight, scores.problems) == (D("100.00"), D("0"), ())


@pytest.mark.parametrize(
    ("total", "grade"),
    [("90", Grade.EXCELLENT), ("89.99", Grade.GOOD), ("80", Grade.GOOD), ("79.99", Grade.FAIR), ("60", Grade.FAIR), ("59.99", Grade.POOR), ("0", Grade.POOR)],
)
def test_grades(total, grade):
    assert PACK.grade_of(D(total)) == grade


def test_satisfaction_ladder_of_the_national_pack():
    names = {"level1": "满意度指标", "level2": "服务对象满意度指标", "level3": "满意度", "pack": load_pack("national-2021")}
    assert points("≥95%", "90%", **names) == D("90.00")
    assert points("≥95%", "89.9%", **names) == D("72.00")
    assert points("≥95%", "60%", **names) == D("45.00")
    assert points("≥95%", "59%", **names) == D("0.00")


def test_pass_mark_and_evidence_cap_are_switches_of_the_pack():
    strict = replace(PACK, scoring=replace(PACK.scoring, pass_mark=D(60), evidence_cap=D(60)))
    assert points("100%", "59%", pack=strict) == D("0.00")
    assert points("100%", "60%", pack=strict) == D("54.00")
    assert points("100%", "100%", pack=strict, evidence=None) == D("54.00")


def test_the_execution_row_of_a_whole_unit_counts_once():
    pack = pack_for_family("henan-unit")
    content = {"indicators": [
        row("≥90%", level1="投入管理指标", level2="预算和财务管理", level3="预算执行率"),
        row("100%", level1="产出指标", level2="履职目标实现", level3="完成率", row_id="r2"),
    ]}  # fmt: skip
    weights = propose_weights(content, pack)
    assert weights == {"r1": D("0.00"), "r2": D("90.00")}
    scores = score(content, weights, {"r2": {"actual": "100%"}, "total": {"reason": "完成"}}, "5", "5", pack)
    assert [(r.kind, r.points) for r in scores.rows] == [("counted_in_execution", D("0.00")), ("forward", D("90.00"))]
    assert (scores.total, scores.problems) == (D("100.00"), ())


@pytest.mark.parametrize("typed", ["1e999999", "1e-999999", "9" * 40, "NaN", "sNaN", "1_000", "Infinity"])
def test_figures_that_nobody_writes_are_named_and_break_nothing(typed):
    table = {"indicators": [row("200次", row_id="r0"), row("显著提升", row_id="r1")]}
    filed = {"r0": {"actual": typed}, "r1": {"actual": "好", "percent": typed}}
    scores = score(table, {"r0": D(45), "r1": D(45)}, filed, typed, typed, PACK)
    assert scores.total == D("0.00")
    assert [each.pointer for each in scores.problems] == ["/executed", "/adjusted_budget", "/rows/r0/actual", "/rows/r1/percent"]


@given(st.decimals(0, 100, places=2), st.integers(1, 60))
def test_spreading_loses_nothing(total, count):
    parts = spread(total, count)
    assert sum(parts) == total
    assert all(part == parts[-1] for part in parts[1:])
    assert parts[0] >= parts[-1]


LEVELS = st.lists(st.sampled_from([level.name for level in PACK.tree]), min_size=1, max_size=30)


@given(LEVELS)
def test_proposed_weights_and_execution_make_one_hundred(levels):
    content = {"indicators": [row("1次", level1=name, row_id=f"r{n}") for n, name in enumerate(levels)]}
    assert sum(propose_weights(content, PACK).values()) + PACK.execution.weight == D("100.00")


@given(st.lists(st.integers(0, 400), min_size=1, max_size=12), st.integers(0, 300))
def test_total_is_the_sum_of_rounded_rows_and_never_over_one_hundred(done, executed):
    content = {"indicators": [row("200次", row_id=f"r{n}") for n in range(len(done))]}
    weights = propose_weights(content, PACK)
    filed = {f"r{n}": {"actual": f"{value}次"} for n, value in enumerate(done)}
    scores = score(content, weights, filed, str(executed), "150", PACK)
    assert scores.total == sum(r.points for r in scores.rows) + scores.execution_points
    assert scores.total <= D("100.00")
    assert all(D(0) <= r.points <= r.weight for r in scores.rows)
    assert scores.grade == PACK.grade_of(scores.total)
