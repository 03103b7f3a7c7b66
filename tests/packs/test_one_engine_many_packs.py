"""N2: the same engine and the same table under several packs; every number computed by hand from domain.md 3 and 9."""

from decimal import Decimal

import pytest

from tests.test_scoring import row
from workflows.measures.scoring import score
from workflows.measures.weights import propose_weights
from workflows.packs import PACK_NAMES, load_pack
from workflows.vocabulary import Grade

D = Decimal
OUTPUT, EFFECT, COST, SATISFACTION = "产出指标", "效益指标", "成本指标", "满意度指标"
OLD_SET = [
    (OUTPUT, "50", ["数量指标", "质量指标", "时效指标", "成本指标"]),
    (EFFECT, "30", ["经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"]),
    (SATISFACTION, "10", ["服务对象满意度指标"]),
]
NEW_SET = [
    (COST, "20", ["经济成本指标", "社会成本指标", "生态环境成本指标"]),
    (OUTPUT, "40", ["数量指标", "质量指标", "时效指标"]),
    (EFFECT, "20", ["经济效益指标", "社会效益指标", "生态效益指标"]),
    (SATISFACTION, "10", ["服务对象满意度指标"]),
]
TREES = {"national-2015": OLD_SET, "national-2020": OLD_SET, "national-2021": NEW_SET}


@pytest.mark.parametrize("name", TREES)
def test_the_tree_of_each_national_pack(name):
    tree = load_pack(name).tree
    assert [(one.name, str(one.weight), [two.name for two in one.level2]) for one in tree] == TREES[name]
    assert load_pack(name).execution.weight == D(10)


TABLE = {"indicators": [
    row("20次", row_id="r1"),
    row("≤10万元", row_id="r2", level2="成本指标"),
    row("有效改善", row_id="r3", level1=EFFECT, level2="社会效益指标"),
    row("95%以上", row_id="r4", level1=SATISFACTION, level2="服务对象满意度指标"),
]}  # fmt: skip


def scored(name, effect="见总结"):
    """Score the table: 15 of 20, 12.5 for 10 万元, an effect reached by 55 percent, 85 percent satisfied; 90 of 100 spent."""
    pack, why = load_pack(name), {"reason": "说明", "evidence": "佐证"}
    actuals = {
        "r1": {"actual": "15次", **why}, "r2": {"actual": "12.5万元", **why}, "r3": {"actual": effect, "percent": "55", **why},
        "r4": {"actual": "85%", **why},
    }  # fmt: skip
    return score(TABLE, propose_weights(TABLE, pack), actuals, "90", "100", pack)


@pytest.mark.parametrize(("name", "satisfied", "total"), [
    ("national-2015", "8.95", "73.20"),  # 10 × 85 ÷ 95
    ("national-2020", "8.95", "73.20"),
    ("national-2021", "8.00", "72.25"),  # 80-90 %: 0.8 × 10
])  # fmt: skip
def test_one_table_has_the_points_of_its_pack(name, satisfied, total):
    scores = scored(name)
    # 25 × 15 ÷ 20; 25 × 10 ÷ 12.5; 30 × 55 %; satisfaction by the pack; 10 × 90 ÷ 100
    assert [str(each.points) for each in scores.rows] == ["18.75", "20.00", "16.50", satisfied]
    assert (str(scores.execution_points), str(scores.total), scores.grade) == ("9.00", total, Grade.FAIR)
    assert scores.problems == ()


@pytest.mark.parametrize(("name", "band", "sentence"), [
    ("national-2015", "部分达成", None),
    ("national-2015", "未达成", "“未达成”对应50%—0%，所选55%不在其中。"),
    ("national-2020", "部分达成并具有一定效果", "“部分达成并具有一定效果”对应80%—60%，所选55%不在其中。"),
    ("national-2020", "未达成且效果较差", None),
    ("national-2021", "部分实现目标", "“部分实现目标”对应80%—60%，所选55%不在其中。"),
])  # fmt: skip
def test_55_percent_is_partly_reached_by_the_form_of_2017_and_not_since_2020(name, band, sentence):
    assert [problem.sentence for problem in scored(name, band).problems] == ([sentence] if sentence else [])


WITH_COST = {"indicators": [
    row("≤50万元", row_id="c", level1=COST, level2="经济成本指标"), row("20次", row_id="o1"), row("3轮", row_id="o2"), row("2项", row_id="o3"),
    row("有效改善", row_id="e", level1=EFFECT, level2="社会效益指标"),
]}  # fmt: skip


@pytest.mark.parametrize(("name", "weights"), [
    # cost 20, output 40 in three, effect 20 + 10 of the satisfaction that is not there
    ("national-2021", {"c": "20.00", "o1": "13.34", "o2": "13.33", "o3": "13.33", "e": "30.00"}),
    # no first-level class of costs: output 50 in three, effect 30 + 10
    ("national-2020", {"c": "0.00", "o1": "16.68", "o2": "16.66", "o3": "16.66", "e": "40.00"}),
    ("national-2015", {"c": "0.00", "o1": "16.68", "o2": "16.66", "o3": "16.66", "e": "40.00"}),
])  # fmt: skip
def test_one_table_has_the_weights_of_its_pack(name, weights):
    assert {row_id: str(points) for row_id, points in propose_weights(WITH_COST, load_pack(name)).items()} == weights
    assert sum(map(D, weights.values())) == D(90)


@pytest.mark.parametrize("name", PACK_NAMES)
def test_every_pack_scores_a_table_of_its_own_tree_to_100(name):
    """Each pack's own classes, each met in full: all points, whatever the tree (Hebei 效果, Henan 投入管理)."""
    pack = load_pack(name)
    content = {"indicators": [row("20次", row_id=one.name, level1=one.name, level2=one.level2[0].name) for one in pack.tree]}
    weights = propose_weights(content, pack)
    assert weights == {one.name: one.weight for one in pack.tree}
    met = {one.name: {"actual": "20次", "evidence": "佐证"} for one in pack.tree}
    scores = score(content, weights, {**met, "total": {"reason": "说明"}}, "100", "100", pack)
    assert (scores.total, scores.problems) == (D("100.00"), ())


@pytest.mark.parametrize("name", ["national-2015", "national-2020"])
def test_what_only_the_guidance_of_2021_brought_is_not_in_the_older_packs(name):
    pack = load_pack(name)
    assert (pack.satisfaction, pack.chosen_pass_mark, pack.evidence, pack.date_ladder) == ((), None, None, None)
    assert "101号" not in "".join(pack.sources[part] for part in ("tree", "qualitative", "satisfaction", "redistribution", "execution"))
