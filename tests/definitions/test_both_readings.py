"""The product and the auditor's verifier read the same definitions, each by its own code, to the same effect."""

import copy
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.definitions.test_expressions import PIECES, TERMS
from tests.definitions.test_lint import COUNTERSIGN
from tests.support.auditor import verify
from workflows.definitions import Expression, chain_from, shipped
from workflows.definitions.conditions import NAMES
from workflows.definitions.lint import CHECKS, forbidding
from workflows.definitions.reading import read_definition
from workflows.errors import ConditionUnreadable, DefinitionUnreadable
from workflows.vocabulary import REVIEW_STAGES

CONTENTS = {"standard": shipped(), "full": shipped("full"), "countersign": COUNTERSIGN}
LADDERED = shipped("full_escalating")
RUNGS = st.lists(st.fixed_dictionaries({
    "at": st.sampled_from(["T", "T-3", "T+1", "T+5", "T+30"]), "do": st.sampled_from(["remind", "inform", "hand"]),
    "to": st.none() | st.fixed_dictionaries({
        "role": st.sampled_from(["clerk", "unit_head", "department_finance", "finance_leader"]), "of": st.sampled_from(["unit", "department", "bureau"]),
    }),
}).map(lambda rung: {name: value for name, value in rung.items() if value}), max_size=3)  # fmt: skip
WORDS = st.sampled_from(["", "新增项目", "project", "公开"])
INPUTS = st.fixed_dictionaries({
    "金额": st.none() | st.sampled_from([Decimal("499.99"), Decimal(500), Decimal(0)]), "属性": WORDS, "年度": st.integers(2020, 2030),
    "文种": WORDS, "类别": WORDS, "重点": st.booleans(), "公开": WORDS,
})  # fmt: skip


@given(TERMS, INPUTS)
def test_a_condition_holds_for_both_or_for_neither(term, inputs):
    assert verify.Condition(str(term)).holds(inputs) is Expression(term).evaluate(inputs)


@given(st.lists(PIECES, max_size=14).map(" ".join) | st.lists(PIECES, max_size=14).map("".join), INPUTS)
@settings(max_examples=300)
def test_what_the_product_reads_the_verifier_reads_and_to_the_same_effect(text, inputs):
    said = None
    try:
        said = Expression.parse(text).evaluate(inputs)
    except ConditionUnreadable:
        return
    assert verify.Condition(text).holds(inputs) is said


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
@given(inputs=INPUTS, done=st.sets(st.sampled_from(sorted({each["node"] for content in CONTENTS.values() for each in content["nodes"]}))))
def test_the_same_nodes_open_and_are_passed_over(content, inputs, done):
    chain, definition = chain_from(content), verify.definition_from(content)
    for stage in REVIEW_STAGES:
        opening = chain.opening(stage, done, inputs)
        opened, passed = definition.opening(stage, done, inputs)
        assert [node.node for node in opening.entered] == [node.name for node in opened]
        assert [node.node for node in opening.skipped] == [node.name for node in passed]


NODES = [each["node"] for each in CONTENTS["full"]["nodes"]]
EDITS = st.one_of(
    st.tuples(st.just("role"), st.sampled_from(["clerk", "unit_head", "unit_business", "finance_business", "finance_leader", "department_finance"])),
    st.tuples(st.just("of"), st.sampled_from(["unit", "department", "bureau"])),
    st.tuples(st.just("level"), st.sampled_from(["filing", "unit", "department", "finance", "reply"])),
    st.tuples(st.just("stage"), st.sampled_from(["draft", "unit_review", "finance_approval", "monitoring", "self_evaluation"])),
    st.tuples(st.just("after"), st.lists(st.sampled_from(NODES), max_size=3, unique=True)),
    st.tuples(st.just("when"), st.sampled_from(["重点", "金额 >= 500", "not 重点"])),
    st.tuples(st.just("node"), st.sampled_from(NODES)),
    st.tuples(st.just("rule"), st.fixed_dictionaries({"kind": st.sampled_from(["any", "all", "count", "percent", "per_group"]), "need": st.integers(1, 3)})),
    st.tuples(st.just("ladder"), RUNGS),
    st.tuples(st.sampled_from(["on_return", "on_suspend"]), st.sampled_from(["restart", "continue", "pause", "never"])),
    st.tuples(st.just("drop"), st.none()),
)  # fmt: skip


def with_edits(edits):
    content = copy.deepcopy(CONTENTS["full"])
    for number, (field, value) in edits:
        if field == "drop":
            del content["nodes"][number % len(content["nodes"])]
        else:
            content["nodes"][number % len(content["nodes"])][field] = value
    return content


@given(st.lists(st.tuples(st.integers(0, 30), EDITS), min_size=1, max_size=2))
@settings(max_examples=400)
def test_a_definition_that_the_lint_lets_pass_is_sound_to_the_verifier(edits):
    content = with_edits(edits)
    try:
        chain = read_definition(content)
    except DefinitionUnreadable:
        return
    if not forbidding([remark for check in CHECKS for remark in check(chain)]):
        assert len(verify.definition_from(content).nodes) == len(content["nodes"])


@pytest.mark.parametrize("format", [1, 2])
@pytest.mark.parametrize("until", ["opened", "decided", "never", "sometimes", None])
def test_a14_both_know_until_when_a_table_may_be_taken_back(format, until):  # noqa: A002
    content = {**CONTENTS["full" if format == 2 else "standard"], "withdraw_until": until}
    if until is None:
        del content["withdraw_until"]
    try:
        said = read_definition(content).withdraw_until
    except DefinitionUnreadable:
        if format == 2:
            with pytest.raises(ValueError):
                verify.definition_from(content)
        return
    assert verify.definition_from(content).withdraw_until == said


def test_both_know_the_same_names():
    assert set(verify.NUMBERS + verify.TEXTS + verify.TRUTHS) == set(NAMES)


@given(st.integers(0, 15), RUNGS)
def test_the_same_ladder_is_read_or_refused(number, rungs):
    """What the lint lets pass the verifier reads rung by rung; what misleads by its ladder alone it does not read."""
    content = copy.deepcopy(LADDERED)
    content["nodes"][number]["ladder"] = rungs
    chain = read_definition(content)
    if forbidding([remark for check in CHECKS for remark in check(chain)]):
        return
    node, theirs = chain.nodes[number], verify.definition_from(content).nodes[number]
    escalations = [step for step in node.ladder if step.do != "remind"]
    assert sorted((step.at, step.days, step.do.value, step.role, step.of) for step in escalations) == sorted(map(tuple, theirs.ladder))
    assert (node.on_return, node.on_suspend, chain.copies_read_after) == (theirs.on_return, theirs.on_suspend, 10)


@pytest.mark.parametrize("rung", [
    {"at": "T+1", "do": "inform"}, {"at": "T+1", "do": "inform", "to": {"role": "clerk", "of": "unit"}},
    {"at": "T+1", "do": "inform", "to": {"role": "unit_head", "of": "unit"}}, {"at": "T+1", "do": "hand", "to": {"role": "finance_leader", "of": "unit"}},
], ids=["nobody", "clerk", "below", "not at home"])  # fmt: skip
def test_a_rung_that_misleads_is_refused_by_both(rung):
    content = copy.deepcopy(LADDERED)
    (reviewing,) = [node for node in content["nodes"] if node["node"] == "department_business"]
    reviewing["ladder"] = [rung]
    assert [remark.rule for remark in forbidding([remark for check in CHECKS for remark in check(read_definition(content))])] == ["D-50"]
    with pytest.raises((ValueError, KeyError)):
        verify.definition_from(content)
