"""Conditions: exact numbers, unknown means false, one clear error with its place, and never anything executed (A2, M11)."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workflows.definitions import Expression
from workflows.definitions.conditions import (
    COMPARISONS,
    EQUALITIES,
    NAMES,
    Among,
    Both,
    Compared,
    Either,
    Holds,
    Kind,
    Literal,
    Named,
    Not,
)
from workflows.definitions.grammar import DEEPEST, LONGEST
from workflows.errors import ConditionUnreadable

KNOWN = {
    "金额": Decimal(500), "属性": "新增项目", "年度": 2026, "文种": "hebei-project", "类别": "project", "重点": False, "公开": "公开",
}  # fmt: skip


@pytest.mark.parametrize(("text", "holds"), [
    ("金额 >= 500", True), ("金额 > 500", False), ("金额 >= 500.01", False), ("金额 == 500.00", True), ("500 <= 金额", True),
    ("金额 != 500", False), ('属性 == "新增项目"', True), ("属性 == '延续项目'", False), ("属性 == “新增项目”", True),
    ('属性 in ["延续项目", "新增项目"]', True), ('属性 not in ["延续项目"]', True), ('属性 in ["延续项目"]', False),
    ("年度 == 2026", True), ("年度 in [2024, 2025]", False), ("重点", False), ("not 重点", True), ("非重点", True),
    ("重点 or 金额 >= 500", True), ("重点或金额>=500", True), ("重点且金额>=500", False), ("非(重点或金额>=500)", False),
    ("重点 and 年度 == 1 or 金额 > 1", True), ("重点 and (年度 == 1 or 金额 > 1)", False), ("（金额≥500）且（金额≤500）", True),
    ('类别 == "project" and 文种 == "hebei-project" and 公开 == "公开"', True), ("1 < 2", True), ('"a" == "b"', False),
])  # fmt: skip
def test_a_condition_says_what_it_reads(text, holds):
    assert Expression.parse(text).evaluate(KNOWN) is holds


@pytest.mark.parametrize("text", ["金额 >= 500", "金额 < 500", "金额 == 500", "金额 != 500", "金额 in [1]", "金额 not in [1]"])
@pytest.mark.parametrize("unknown", [{}, {"金额": None}, {"金额": "500"}, {"金额": Decimal("NaN")}, {"金额": True}, {"金额": 5.0}])
def test_an_unknown_amount_makes_every_comparison_false(text, unknown):
    assert Expression.parse(text).evaluate(unknown) is False


def test_a_number_is_exact():
    assert Expression.parse("金额 == 0.3").evaluate({"金额": Decimal("0.1") + Decimal("0.2")}) is True
    assert Expression.parse("金额 > 499999999999.9999").evaluate({"金额": Decimal("499999999999.99991")}) is True


@pytest.mark.parametrize(("text", "place", "sentence"), [
    ("", 1, "条件第1个字末尾：应为名称、数或加引号的文字。"),
    ("金额 > '五百'", 6, "条件第6个字“'五百'”：应为数，不能与文字比较。"),
    ("属性 > '甲'", 4, "条件第4个字“>”：文字只能用 ==、!=、in 比较，不分大小。"),
    ("重点 == 1", 4, "条件第4个字“==”：这里多出了。"),
    ("1 == 重点", 6, "条件第6个字“重点”：应为数，不能与是非比较。"),
    ("(重点", 4, "条件第4个字末尾：这里缺少右括号。"),
    ("金额", 3, "条件第3个字末尾：应为比较符号（== != <= >= < > in）。"),
    ("金额 not [1]", 8, "条件第8个字“[”：“not”之后应为“in”。"),
    ("金额 in 1", 7, "条件第7个字“1”：“in”之后应为方括号中的清单。"),
    ("金额 in []", 8, "条件第8个字“]”：应为名称、数或加引号的文字。"),
    ("金额 in [金额]", 8, "条件第8个字“金额”：清单中只能写数或加引号的文字。"),
    ("金额 > 1234567890123456789", 6, "条件第6个字“1234567890123456789”：数太长，最多18位。"),
    ("重点 " * 200, LONGEST + 1, "条件太长，最多500个字。"),
    ("(" * 30 + "重点", DEEPEST + 2, "条件第22个字“(”：括号和“非”最多20层。"),
])  # fmt: skip
def test_what_is_no_condition_is_refused_with_its_place(text, place, sentence):
    with pytest.raises(ConditionUnreadable) as refused:
        Expression.parse(text)
    assert (refused.value.facts["place"], refused.value.sentence) == (place, sentence)


@pytest.mark.parametrize("text", [
    "__import__('os').system('true')", "重点.__class__", "金额[0] > 1", "len(属性) > 1", "lambda: 1", "(x := 1)", 'f"{金额}" == "1"',
    "[x for x in 属性]", "金额 if 重点 else 年度", "True", "None == None", "金额 + 1 > 2", "-金额 < 1", "1_0 > 金额", "0x1F > 金额",
    "1e9 < 金额", "1 < 金额 < 3", "重点; 重点", "T(java.lang.Runtime)", "#{金额}", "{{金额}}", "重点\x00", "预算 > 1", "重点项目",
])  # fmt: skip
def test_no_code_in_data(text):
    """M11: attribute, call, subscript, lambda, arithmetic … are not in the grammar."""
    with pytest.raises(ConditionUnreadable):
        Expression.parse(text)


TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="”'"), max_size=6)
NUMBERS = st.decimals(min_value=0, max_value=10**9, places=2) | st.integers(0, 10**9).map(Decimal)
OF_KIND = {
    Kind.NUMBER: st.sampled_from([Named(n) for n, kind in NAMES.items() if kind == Kind.NUMBER]) | NUMBERS.map(Literal),
    Kind.TEXT: st.sampled_from([Named(n) for n, kind in NAMES.items() if kind == Kind.TEXT]) | TEXTS.map(Literal),
}
LITERALS = {Kind.NUMBER: NUMBERS.map(Literal), Kind.TEXT: TEXTS.map(Literal)}


def compared(kind):
    signs = sorted(COMPARISONS if kind == Kind.NUMBER else EQUALITIES)
    return st.builds(Compared, OF_KIND[kind], st.sampled_from(signs), OF_KIND[kind])


def among(kind):
    return st.builds(Among, OF_KIND[kind], st.lists(LITERALS[kind], min_size=1, max_size=3).map(tuple), st.booleans())


QUESTIONS = st.one_of(st.just(Holds("重点")), *(make(kind) for kind in OF_KIND for make in (compared, among)))
TERMS = st.recursive(
    QUESTIONS,
    lambda inner: st.builds(Not, inner) | st.builds(Both, st.tuples(inner, inner)) | st.builds(Either, st.tuples(inner, inner)),
    max_leaves=4,
)
INPUTS = st.fixed_dictionaries({}, optional={
    "金额": st.none() | NUMBERS, "年度": st.integers(2000, 2100), "重点": st.booleans() | st.none(),
    **{name: st.none() | TEXTS for name in ("属性", "文种", "类别", "公开")},
})  # fmt: skip


@given(TERMS)
def test_a_printed_condition_reads_back_as_itself(term):
    written = Expression(term)
    assert Expression.parse(str(written)) == written


@given(TERMS, INPUTS)
def test_the_same_condition_of_the_same_inputs_says_the_same(term, inputs):
    """A2: same input + same definition ⇒ same route; the names it reports are all that it needs."""
    said = Expression(term).evaluate(inputs)
    needed = {name: inputs[name] for name in inputs if name in Expression(term).names}
    assert Expression.parse(str(term)).evaluate(dict(reversed(needed.items()))) is said


@given(TERMS, INPUTS)
def test_the_contrary_says_the_contrary(term, inputs):
    assert Expression(Not(term)).evaluate(inputs) is not Expression(term).evaluate(inputs)


PIECES = st.sampled_from([*NAMES, *COMPARISONS, "and", "or", "not", "in", "且", "或", "非", "(", ")", "[", "]", ",", '"', "1", "0.5", "x", " "])


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60) | st.lists(PIECES, max_size=30).map(" ".join))
@example("((((((((((((((((((((((((((((")
@example("not " * 100)
@example("１ < 金额")
def test_random_garbage_raises_nothing_but_the_one_error(text):
    place = 1
    try:
        Expression.parse(text).evaluate({})
    except ConditionUnreadable as refused:
        place = refused.facts["place"]
    assert 1 <= place <= len(text) + 1


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.decimals(allow_nan=True)), TERMS)
def test_no_input_makes_a_condition_fail(inputs, term):
    assert Expression(term).evaluate(inputs) in (True, False)
