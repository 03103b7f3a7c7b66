"""N11: the five whole-unit ratios equal a hand count of a small city, and a naive count of random years."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import roster
from tests.support.life import Life, memory
from workflows.commands import assessing, ending, evaluating, monitoring
from workflows.measures.proposed_actuals import proposed_actuals
from workflows.measures.statistics import statistics_of
from workflows.measures.tallies import ALIKE, ALL_EIGHTY, ALL_FULL, GONE, OVERALL, TOTAL_FULL, Tally
from workflows.measures.tallying import tally_of
from workflows.measures.unit_loop import (
    APPLIED,
    ASSESSED,
    COMPILED,
    EVALUATED,
    WATCHED,
    imported_percent,
    joined,
    loop_of,
    share,
)
from workflows.packs.pack import Ratio, UnitLoop
from workflows.state.assessments import Component
from workflows.vocabulary import Stage


def counted(life: Life, until: int | None = None) -> Tally:
    history = life.journal.history(life.table.id)[:until]
    return tally_of(life.table.id, history, life.journal.content)


def figures(life: Life, *, red: bool = False) -> dict:
    rows = {row["id"]: {"possibility": "impossible" if red else "certain", "explanation": "尚未统计"} for row in life.journal.content(life.table.in_force)["indicators"]}
    return {"executed": "33", "rows": rows, "cause": "因招标流标导致合同签订推迟，资金未能按计划支付。", "measure": "加快招标", "person": "李某", "deadline": "2027-09-30"}


def does(life: Life, verb, by, **said) -> Life:
    life.table = verb(life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), **said)
    return life


def watched(life: Life) -> Life:
    for window in life.table.windows:
        life.window_opened(window.window)
        does(life, monitoring.file_monitoring, roster.CLERK, window=window.window, figures=figures(life))
        does(life, monitoring.accept_monitoring, roster.DEPARTMENT_FINANCE, window=window.window)
    return life


def one(year: int = 2026, **said) -> Tally:
    """A tally of a project whose goals were just approved; `said` is what differs."""
    bare = {
        "table": str(uuid4()), "department": "d", "unit": "u", "year": year, "scope": "project",
        "stage": "monitoring", "revises": False, "left_unit": True, "replied": True, "windows": [],
        "evaluation_opened": False, "evaluated": False, "self_total": None, "total": None, "grade": None, "gap": None,
        "assessed": [], "recommended": [], "mended": [], "returns": [], "comments": [], "patterns": [], "moved": [],
    }  # fmt: skip
    return Tally.of(**(bare | said))


def rates(tallies, day="2026-12-31", **said) -> dict[str, tuple]:
    return {each.key: (each.above.number, each.below.number, each.due.number if each.due else None, each.percent) for each in loop_of(tallies, **{"stubs": 0, "day": day, **said})}


def test_a_hand_counted_city():
    """Eight tables: a draft, one in review, three in force (one watched, one late, one not yet due), one evaluated, one voided, one revision; two stubs."""
    accepted, late = [["w1", "1–7月", "2026-08-31", "accepted", "green"]], [["w1", "1–7月", "2026-08-31", "filed", "red"]]
    city = [
        one(stage="draft", left_unit=False, replied=False),
        one(stage="department_review", replied=False),
        one(windows=accepted, recommended=[True, False], mended=[True]),
        one(windows=late, assessed=[True, False]),
        one(windows=[["w1", "1–10月", "2027-10-31", "planned", None]]),
        one(stage="closed", windows=accepted, evaluation_opened=True, evaluated=True, assessed=[True], recommended=[True]),
        one(stage="voided"),
        one(stage="closed", revises=True),
        one(stage="closed", scope="unit", windows=accepted),
    ]  # fmt: skip
    assert rates(city, stubs=2) == {
        COMPILED: (7, 8, None, Decimal("87.50")),
        WATCHED: (2, 6, 3, Decimal("33.33")),
        EVALUATED: (1, 6, 1, Decimal("16.67")),
        ASSESSED: (1, 2, None, Decimal("50.00")),
        APPLIED: (3, 4, None, Decimal("75.00")),
    }
    chosen = UnitLoop("due", "due", ())
    assert [each.percent for each in loop_of(city, stubs=2, day="2026-12-31", rules=chosen)][1:3] == [Decimal("66.67"), Decimal("100.00")]
    assert rates(city, day="2026-08-30")[WATCHED] == (0, 6, 0, Decimal("0.00"))


def naive(tallies, stubs: int, day: str) -> dict[str, tuple]:
    """The ratios counted row by row, as somebody with paper and pencil would."""
    n = Counter()
    for t in tallies:
        if t.revises or t.scope in OVERALL or t.stage in GONE:
            continue
        n["all"] += 1
        n["compiled"] += t.left_unit
        come = [w for w in t.windows if t.replied and w[2] <= day]
        if come:
            n["due"] += 1
            n["watched"] += not [w for w in come if w[3] != "accepted"]
        if t.evaluation_opened:
            n["opened"] += 1
            n["evaluated"] += t.evaluated
        if t.assessed:
            n["key"] += 1
            n["assessed"] += False not in t.assessed
        n["said"] += len(t.recommended) + len(t.mended)
        n["adopted"] += t.recommended.count(True) + t.mended.count(True)

    def percent(a, b):
        return (Decimal(a) * 100 / Decimal(b)).quantize(Decimal("0.01"), ROUND_HALF_UP) if b else None

    return {
        COMPILED: (n["compiled"] + stubs, n["all"] + stubs, None, percent(n["compiled"] + stubs, n["all"] + stubs)),
        WATCHED: (n["watched"], n["all"], n["due"], percent(n["watched"], n["all"])),
        EVALUATED: (n["evaluated"], n["all"], n["opened"], percent(n["evaluated"], n["all"])),
        ASSESSED: (n["assessed"], n["key"], None, percent(n["assessed"], n["key"])),
        APPLIED: (n["adopted"], n["said"], None, percent(n["adopted"], n["said"])),
    }


FLAGS = st.lists(st.booleans(), max_size=3)
STAGES = st.sampled_from([str(each) for each in Stage])
WINDOWS = st.lists(st.tuples(st.just("w"), st.just("名"), st.sampled_from(["2026-03-31", "2026-08-31", "2027-01-31"]), st.sampled_from(["planned", "open", "filed", "accepted"]), st.none()).map(list), max_size=3)
YEARS = st.lists(st.builds(
    one, stage=STAGES, revises=st.booleans(), scope=st.sampled_from(["project", "project", "unit", "department"]), left_unit=st.booleans(),
    replied=st.booleans(), windows=WINDOWS, evaluation_opened=st.booleans(), evaluated=st.booleans(), assessed=FLAGS, recommended=FLAGS, mended=FLAGS,
), max_size=30)  # fmt: skip


@settings(max_examples=60)
@given(YEARS, st.integers(0, 5), st.sampled_from(["2026-01-01", "2026-06-30", "2026-12-31"]))
def test_any_year_equals_a_naive_count(tallies, stubs, day):
    assert rates(tallies, day, stubs=stubs) == naive(tallies, stubs, day)
    halves = [loop_of(tallies[:7], stubs=stubs, day=day), loop_of(tallies[7:], stubs=0, day=day)]
    assert joined(halves) == loop_of(tallies, stubs=stubs, day=day)
    for rate in loop_of(tallies, stubs=stubs, day=day):
        if rate.key != APPLIED:
            assert len(rate.above.tables) == rate.above.number - rate.above.stubs
            assert set(rate.above.tables) <= set((rate.due or rate.below).tables) <= set(rate.below.tables)


def test_a_life_is_tallied_at_each_of_its_moments():
    """As of any moment: the tally of a history cut short is that of the table as it was then."""
    life = Life(memory()).in_monitoring()
    told = [counted(life, n) for n in range(1, len(life.journal.history(life.table.id)) + 1)]
    assert [(each.left_unit, each.replied) for each in (told[0], told[-1])] == [(False, False), (True, True)]
    left = [each.stage for each in told if each.left_unit]
    assert left[0] == "department_review"
    before = rates([counted(life)], "2027-12-31")[WATCHED][0]
    watched(life)
    assert (before, rates([counted(life)], "2027-12-31")[WATCHED][0]) == (0, 1)


def test_a_filed_self_evaluation_counts_once_the_unit_agreed():
    life = Life(memory()).in_monitoring().evaluation_opened()
    rows = {row["id"]: {"actual": row["target"]["value"], "evidence": "验收单", "method": "直接证明法", "reason": "按计划完成"} for row in life.journal.content(life.table.in_force)["indicators"]}
    filed = {"executed": "66", "adjusted_budget": "66", "summary": "全部完成", "rows": rows | {"execution": {"reason": "按计划支付"}, "total": {"reason": "各项均按计划完成"}}}
    does(life, evaluating.file_self_evaluation, roster.CLERK, figures=filed)
    assert (counted(life).evaluation_opened, counted(life).evaluated) == (True, False)
    does(life, evaluating.accept_self_evaluation, roster.UNIT_HEAD)
    assert counted(life).evaluated
    assert (counted(life).total, counted(life).patterns[:2]) == ("100.00", [ALL_FULL, TOTAL_FULL])
    does(life, evaluating.return_self_evaluation, roster.DEPARTMENT_FINANCE, reason="佐证不足，请补充")
    assert not counted(life).evaluated


def test_returns_are_counted_by_the_criteria_open_then_and_a_voided_table_not_at_all():
    life = Life(memory()).in_unit_review().approved(roster.UNIT_HEAD).returned(roster.DEPARTMENT_FINANCE, Stage.DRAFT)
    assert counted(life).returns == [["department_review", []]]
    assert statistics_of([counted(life)], by=lambda each: each.unit, day="2026-12-31").uncoded == 1
    does(life, ending.ask_to_end, roster.UNIT_HEAD, action=ending.Action.VOID, reason="项目取消，不再申报")
    does(life, ending.confirm_ending, roster.SECOND_UNIT_HEAD)
    assert (counted(life).stage, counted(life).project) == ("voided", False)


def test_evaluations_and_recommendations_are_tallied():
    life = Life(memory()).in_monitoring()
    day = life.journal.at.date().replace(year=2026, month=12, day=31)
    does(life, assessing.open_evaluation, roster.FINANCE_PERFORMANCE, reason="列入重点评价计划", deadline=day)
    for _ in range(2):
        does(life, assessing.recommend, roster.FINANCE_PERFORMANCE, words="提前启动招标工作", deadline=day)
    does(life, assessing.accept_recommendation, roster.UNIT_HEAD, recommendation="s1")
    assert (counted(life).assessed, counted(life).recommended) == ([False], [True, False])


def test_statistics_of_a_few_tables():
    tallies = [
        one(total="100", grade="excellent", patterns=[TOTAL_FULL, ALL_FULL], gap="3.50", windows=[["w1", "1–7月", "2026-08-31", "accepted", "green"]]),
        one(total="88.5", grade="good", gap="0", windows=[["w1", "1–7月", "2026-08-31", "open", None]], comments=[["money", 2]], returns=[["department_review", ["money", "form"]]]),
        one(total="59.99", grade="poor", unit="v", patterns=[ALIKE, ALL_EIGHTY], moved=[2, 8, 3, 10]),
        one(total="100", revises=True, grade="excellent"),
    ]  # fmt: skip
    told = statistics_of(tallies, by=lambda each: each.unit, day="2026-12-31")
    assert [(line.key, line.numbers) for line in told.grades] == [("u", (1, 1, 0, 0)), ("v", (0, 0, 0, 1))]
    assert [(line.key, line.numbers) for line in told.colours] == [("1–7月（2026-08-31）", (1, 0, 0, 0, 1))]
    assert told.scores.numbers == (1, 0, 0, 0, 1, 0, 0, 1)
    assert {line.key: line.numbers for line in told.reasons if line.sum} == {"form": (1, 0), "money": (1, 2)}
    assert {line.key: line.sum for line in told.patterns} == {ALL_FULL: 1, TOTAL_FULL: 1, ALIKE: 1, ALL_EIGHTY: 1}
    assert (told.moved.rate, told.moved.rate_of_all, told.moved.tables) == (Decimal("25.00"), Decimal("30.00"), (tallies[2].table,))
    assert (told.gap.mean, told.gap.most, told.gap.tables) == (Decimal("1.75"), Decimal("3.50"), (tallies[0].table,))


def test_imported_ratios_and_shares():
    component = Component("预算调整率", "110", "100", "万元", "a", "", "clerk", "2026-01-01")
    assert imported_percent(Ratio("预算调整率", "", "", change=True), component) == Decimal("10.00")
    assert imported_percent(Ratio("预算执行率", "", "", change=False), component) == Decimal("110.00")
    assert (share(1, 3), share(2, 3), share(0, 0)) == (Decimal("33.33"), Decimal("66.67"), None)


def test_a_tally_survives_its_json():
    tally = one(windows=[["w", "名", "2026-01-01", "open", None]], returns=[["draft", ["form"]]])
    assert Tally.from_json(tally.to_json()) == tally


def test_a_unit_table_is_offered_what_the_log_and_the_entered_components_say():
    rules = UnitLoop("due", "all", (Ratio("“三公经费”控制率", "实际支出数", "预算数", change=False), Ratio("结转结余率", "结转", "预算", change=False)))
    late = [["w1", "1–7月", "2026-08-31", "accepted", "green"]]
    rates = loop_of([one(windows=late), one()], stubs=0, day="2026-12-31", rules=rules)
    rows = [{"id": f"r{n}", "level3": name} for n, name in enumerate(("绩效监控完成率", "绩效自评完成率", "“三公经费”控制率", "结转结余率", "监督检查次数", None))]
    entered = {"“三公经费”控制率": Component("“三公经费”控制率", "18", "20", "万元", "a", "", "clerk", "2026-01-01")}
    told = proposed_actuals(rows, rates, rules, entered, "2026-12-31")
    assert {key: each.value for key, each in told.items()} == {"r0": "100.00", "r1": "0.00", "r2": "90.00"}
    assert told["r0"].words == "截至2026-12-31台账：已监控的项目数1 ÷ 应实施监控的项目数1；按部门项目总数2计为50.00%"
