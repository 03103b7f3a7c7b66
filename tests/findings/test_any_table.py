"""The pre-review on any table whatever: no rule raises, the answer is always the same and points at what is there."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.findings.test_rules import table, target
from workflows.content.pointers import ABSENT
from workflows.findings import RULES, review
from workflows.findings.finding import Case
from workflows.packs import PACK_NAMES, load_pack
from workflows.surroundings import Surroundings

PIECES = (
    "", " ", "开展", "组织", "数量", "次数", "合格率", "满意度", "完成", "有效提升", "“清廉平罗”", "“勤廉平罗”", "2024年", "2026年", "10月底前",
    "“十三五”", "不少于", "不低于", "≥", "≤", "大于", "1", "3", "12", "80", "100", "1e9", "-5", "0", "%", "％", "万元", "元", "次", "个", "名", "公里", "/", "，", "、",
    "。", "1.", "2、", "共计", "按40%安排", "<p>", "达到指标的80%及以上为优", "涉黑", "监督检查", "道路", "一" * 197, "\U0001f600", "²", "①", "٣",
)  # fmt: skip
words = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
maybe = st.none() | words
money = st.fixed_dictionaries(dict.fromkeys(("total", "fiscal", "other", "carryover"), maybe))


@st.composite
def rows(draw, number):
    return {
        "id": f"r{number}", "level1": draw(st.none() | st.sampled_from(("产出指标", "效益指标", "满意度指标", "成本指标", "别的"))),
        "level2": draw(st.none() | st.sampled_from(("数量指标", "质量指标", "时效指标", "成本指标", "社会效益指标", "经济效益指标", "满意度"))),
        "level3": draw(maybe), "description": draw(maybe), "basis": draw(maybe), "requirement": None,
        "target": target(draw(words)), "weight": draw(st.none() | st.sampled_from(("0", "10", "NaN", "-1", "x", "100", ""))),
    }  # fmt: skip


@st.composite
def contents(draw):
    plan = [{"checkpoint": draw(maybe), "cumulative_percent": draw(maybe)} for _ in range(draw(st.integers(0, 4)))]
    more = {"budget_detail": {"sources": {"政府预算资金": draw(maybe)}}} if draw(st.booleans()) else {}
    return {
        **table(), **more, "title": draw(maybe), "purpose": draw(maybe), "period": draw(maybe), "project_code": draw(maybe),
        "amount_unit": draw(st.sampled_from((None, "万元", "元", "亿"))), "budget": draw(money), "allocated": draw(st.none() | money),
        "spending_plan": plan, "goals": draw(st.lists(words, max_size=3)),
        "tasks": [{"name": draw(words), "content": draw(st.lists(words, max_size=2))}] if draw(st.booleans()) else [],
        "indicators": [draw(rows(number)) for number in range(draw(st.integers(0, 5)))],
        "disclosure": draw(st.sampled_from((None, "公开", "内部"))),
    }  # fmt: skip


@st.composite
def surroundings(draw):
    last_year = draw(st.none() | contents())
    part = {"itemised_goals": [{"title": draw(words), "goal": draw(maybe), "indicators": draw(st.lists(words, max_size=4))}]}
    return Surroundings(
        siblings=tuple(draw(st.lists(contents(), max_size=2))), department=draw(st.none() | st.just(part)),
        placeholders=tuple(draw(st.lists(words, max_size=2))), last_year=last_year,
        actuals={row["id"]: draw(words) for row in last_year["indicators"]} if last_year else {},
    )  # fmt: skip


def stands(content, pointer):
    """Return what a finding points at, ABSENT where there is nothing; rows by their number."""
    here = content
    for step in pointer.strip("/").split("/"):
        try:
            here = here[int(step)] if isinstance(here, list) else here[step]
        except (KeyError, IndexError):
            return ABSENT
    return here


@settings(max_examples=150)
@given(contents(), surroundings(), st.sampled_from(PACK_NAMES), st.none() | st.sampled_from((2024, 2026)))
def test_g4_no_rule_raises_on_any_table(content, around, pack, year):
    for rule in RULES:
        for hit in rule.hits(Case(content, year, load_pack(pack), around)):
            assert hit.sentence.endswith("。")
            assert hit.suggestion.endswith("。")


@settings(max_examples=60)
@given(contents(), surroundings(), st.sampled_from(PACK_NAMES))
def test_g3_every_finding_points_at_something_that_is_there(content, around, pack):
    found = review(content, fiscal_year=2026, pack=load_pack(pack), around=around)
    assert [each for each in found if stands(content, each.pointer) is ABSENT] == []
    assert found == review(content, fiscal_year=2026, pack=load_pack(pack), around=around)
