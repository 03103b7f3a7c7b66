"""Reading a definition: the published form is the reader's own, every fault comes at once with its place (E1, A1)."""

import copy
import json
from importlib.resources import files

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.definitions import chain_from, shipped
from workflows.definitions.form import definition_schema
from workflows.definitions.reading import read_definition
from workflows.errors import DefinitionUnreadable

PUBLISHED = json.loads((files("workflows.definitions") / "data/definition.schema.json").read_text(encoding="utf-8"))
SCHEMA = jsonschema_rs.Draft202012Validator(PUBLISHED)
SMALL = {
    "format": 2, "name": "small", "title": "小链", "source": "试", "withdraw_until": "decided", "nodes": [
        {"node": "unit_head", "title": "负责人", "stage": "unit_review", "role": "unit_head", "of": "unit", "level": "unit", "after": [], "working_days": 3},
        {"node": "panel", "title": "会审", "stage": "finance_approval", "role": "finance_business", "of": "bureau", "level": "finance",
         "after": ["a"], "working_days": 3, "when": "重点", "ordered": True, "rule": {"kind": "count", "need": 2, "against": "wait"},
         "signers": [{"group": "业务", "role": "finance_business", "of": "bureau", "take": "each"}]},
    ],
}  # fmt: skip


def problems_of(content) -> dict[str, str]:
    with pytest.raises(DefinitionUnreadable) as refused:
        read_definition(content)
    return {each["pointer"]: each["sentence"] for each in refused.value.facts["problems"]}


def test_the_published_schema_is_the_readers_own():
    """Anew after a change: `json.dumps(definition_schema(), ensure_ascii=False, indent=1)`."""
    assert definition_schema() == PUBLISHED
    jsonschema_rs.meta.validate(PUBLISHED)


@pytest.mark.parametrize("content", [shipped(), shipped("full"), SMALL])
def test_what_ships_reads_as_the_chain_that_runs(content):
    assert read_definition(content) == chain_from(content)


def test_every_fault_comes_at_once_with_its_place_and_a_sentence():
    wrong = copy.deepcopy(SMALL) | {"name": "Kette", "extra/~": 1}
    first, panel = wrong["nodes"]
    del first["title"]
    first |= {"role": "boss", "working_days": "3", "after": "x"}
    panel |= {"when": "金额 > 领导", "rule": {"kind": "most", "need": 0}, "ordered": 1, "signers": []}
    assert problems_of(wrong) == {
        "/name": "写法不对：代码只用小写字母、数字和下划线，以字母开头，最多40个；名称不含控制字符",
        "/extra~1~0": "没有这个项目，请核对名称",
        "/nodes/0/title": "缺少此项",
        "/nodes/0/role": "应为以下之一：'clerk', 'unit_business', 'unit_finance', 'unit_head', 'department_business', "
        "'department_finance', 'finance_business', 'finance_performance', 'finance_budget', 'finance_leader'",
        "/nodes/0/working_days": "应为整数",
        "/nodes/0/after": "应为清单 [ ]",
        "/nodes/1/rule/kind": "应为以下之一：'any', 'all', 'count', 'percent', 'per_group'",
        "/nodes/1/rule/need": "不能小于1",
        "/nodes/1/ordered": "应为 true 或 false",
        "/nodes/1/signers": "至少要有1项",
        "/nodes/1/when": "条件第6个字“领导”：不认识。可以用的名称：金额、属性、年度、文种、类别、重点、公开；文字请加引号",
    }


def test_even_what_no_rule_foresaw_gets_a_sentence():
    node = SMALL["nodes"][0]
    assert problems_of(SMALL | {"nodes": [node | {"title": "\ud800"}]}) == {"/nodes/0/title": "不能这样写"}
    assert problems_of(SMALL | {"nodes": [node | {"working_days": 10**5000}]}) == {"/nodes/0/working_days": "不能大于250"}


@pytest.mark.parametrize("content", [None, [], "x", 3, {}, {"format": True}, {"format": 3}, {"format": [1]}, {"nodes": [None, 1]}])
def test_what_is_no_definition_at_all_is_told_too(content):
    assert problems_of(content) != {}


def test_format_1_knows_nothing_of_signers():
    content = copy.deepcopy(shipped())
    content["nodes"][1]["when"] = "重点"
    assert problems_of(content) == {"/nodes/1/when": "没有这个项目，请核对名称"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 300) | st.floats(0.1, 0.9) | st.sampled_from(["", "x", "any", "each", "重点", "X y", "a\x00b", "x" * 600]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["node", "kind", "need", "zzz"]), inner, max_size=3),
    max_leaves=5,
)
MUTATIONS = st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(["set", "drop", "add"]), JSON), min_size=1, max_size=3)


def places(value, parent=None, key=None):
    """Yield every place of a JSON value as (container, key)."""
    if parent is not None:
        yield parent, key
    for step in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[step], value, step)


def mutated(mutations):
    content = copy.deepcopy(SMALL)
    for where, what, value in mutations:
        found = list(places(content))
        if not found:
            break
        parent, key = found[where % len(found)]
        if what == "set":
            parent[key] = value
        elif what == "drop":
            del parent[key]
        elif isinstance(parent, dict):
            parent["zzz"] = value
        else:
            parent.append(value)
    return content


@given(MUTATIONS)
def test_reader_and_published_schema_agree(mutations):
    """A condition's grammar is the reader's alone: the schema knows only its length."""
    content = mutated(mutations)
    faults: set[str] = set()
    try:
        read_definition(content)
    except DefinitionUnreadable as refused:
        faults = {p["pointer"] for p in refused.facts["problems"] if not p["sentence"].startswith("条件第")}
    assert SCHEMA.is_valid(content) is (not faults or content.get("format") == 1)
