"""Target values: the grammar of domain.md 4 as a table, and what must hold for any text."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.content.targets import Direction, Target, Way, direction, guess_fiscal_year, parse_target, reckonable

TABLE = [
    # signs, words, text around them
    ("≥80 达到指标的 80%及以上为优", ">=", "80", None),
    ("≥90 完成指标 90%及以上为优", ">=", "90", None),
    ("≥90达到90%及以上为优", ">=", "90", None),
    ("≥60 所有对象覆盖率超过60%以上", ">=", "60", None),
    ("≥100 完成所有工作任务", ">=", "100", None),
    ("≥ 1 次", ">=", "1", "次"),
    (">=95%", ">=", "95", "%"),
    ("≤5%", "<=", "5", "%"),
    ("＞3项", ">", "3", "项"),
    ("<0.5%", "<", "0.5", "%"),
    ("=100%", "=", "100", "%"),
    ("下发通报 ≥ 1 期", ">=", "1", "期"),
    ("每月不少于2次", ">=", "2", "次"),
    ("不低于90%", ">=", "90", "%"),
    ("不超过3个月", "<=", "3", "个月"),
    ("控制在50万元以内", "<=", "50", "万元"),
    ("高于95%", ">", "95", "%"),
    ("大于90%", ">", "90", "%"),
    ("小于10起", "<", "10", "起"),
    ("低于5%", "<", "5", "%"),
    ("95%以上", ">=", "95", "%"),
    ("10次及以上", ">=", "10", "次"),
    ("3个月以内", "<=", "3", "个月"),
    ("5%以下", "<=", "5", "%"),
    ("5%及以下", "<=", "5", "%"),
    ("90%及以上为优", ">=", "90", "%"),
    ("满意度达到95%以上", ">=", "95", "%"),
    # bare numbers and whole units
    ("20次", "=", "20", "次"),
    ("100%", "=", "100", "%"),
    ("100％", "=", "100", "%"),
    ("3", "=", "3", None),
    ("1.2 万元每年", "=", "1.2", "万元每年"),
    ("824.355万元", "=", "824.355", "万元"),
    ("2次/年", "=", "2", "次/年"),
    ("11,961,500.0元", "=", "11961500.0", "元"),
    ("1 年", "=", "1", "年"),
    # dates
    ("2022年12月底", "<=", "2022-12-31", "date"),
    ("2023年", "<=", "2023-12-31", "date"),
    ("2023 年内", "<=", "2023-12-31", "date"),
    ("2023 年底", "<=", "2023-12-31", "date"),
    ("2024年2月", "<=", "2024-02-29", "date"),
    ("2022年6月30日前", "<=", "2022-06-30", "date"),
    ("2022-06-30", "<=", "2022-06-30", "date"),
    ("2023年第二季度", "<=", "2023-06-30", "date"),
    ("2023年13月", None, None, None),
    ("2023年2月30日", None, None, None),
    ("12月底前", None, None, None),
    ("2023年内完成10个", None, None, None),
    # several numbers, ranges, words
    ("1项/3轮", None, None, None),
    ("≥1项/3轮", None, None, None),
    ("13 个乡镇和 8 个站点", None, None, None),
    ("≥13个乡镇和8个站点", None, None, None),
    ("≥5次、≥6篇", None, None, None),
    ("80-90%", None, None, None),
    ("效果显著", None, None, None),
    ("全覆盖", None, None, None),
    ("第3方评价合格以上", None, None, None),
    ("", None, None, None),
]


@pytest.mark.parametrize(("raw", "op", "value", "unit"), TABLE)
def test_grammar(raw: str, op: str | None, value: str | None, unit: str | None) -> None:
    """Each kind of printed target."""
    assert parse_target(raw) == Target(raw, op, value, unit)


@given(
    st.text(
        alphabet="≥≤<>=0123456789.%年月日底内以上下不少于超过低高大小次万元个/-、 ，（）为优达到完成ab", max_size=60
    )
)
def test_any_text_is_read_or_left(raw: str) -> None:
    """Raw text stays; op and value come together; values are numbers or days."""
    target = parse_target(raw)
    assert target.raw == raw
    assert (target.op is None) == (target.value is None)
    assert target.op in (None, ">=", "<=", ">", "<", "=")
    if target.unit == "date":
        assert dt.date.fromisoformat(target.value or "").isoformat() == target.value
    elif target.value is not None:
        assert Decimal(target.value).is_finite()


NUMBERS = st.decimals(min_value=0, max_value=10**6, places=2).map(lambda number: f"{number:f}")
UNITS = st.sampled_from(["次", "个", "万元", "%", "人次", "公里", "个工作日", "元/人"])


@given(
    NUMBERS,
    UNITS,
    st.sampled_from(
        [("≥", ">="), ("不少于", ">="), ("≤", "<="), ("不超过", "<="), ("高于", ">"), ("低于", "<"), ("", "=")]
    ),
)
def test_operator_before_number(number: str, unit: str, operator: tuple[str, str]) -> None:
    """Every operator with every number and unit, with and without blanks, reads the same."""
    printed, op = operator
    for raw in (f"{printed}{number}{unit}", f"{printed} {number} {unit}"):
        assert parse_target(raw) == Target(raw, op, number, unit)


@given(NUMBERS, UNITS, st.sampled_from([("以上", ">="), ("及以上", ">="), ("以内", "<="), ("以下", "<=")]))
def test_operator_behind_number(number: str, unit: str, operator: tuple[str, str]) -> None:
    """Every operator that stands behind."""
    printed, op = operator
    raw = f"{number}{unit}{printed}"
    assert parse_target(raw) == Target(raw, op, number, unit)


@given(st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["", "前", "前完成", "底前"]))
def test_any_day(day: dt.date, tail: str) -> None:
    """Every day, spelled in Chinese."""
    raw = f"{day.year}年{day.month}月{day.day}日{tail}"
    assert parse_target(raw) == Target(raw, "<=", day.isoformat(), "date")


@pytest.mark.parametrize(
    ("raw", "level2", "name", "wanted"),
    [
        ("≥80%", "成本指标", "成本", Direction(Way.FORWARD, "指标值带有“>=”")),
        ("≤20%", "数量指标", "数量", Direction(Way.REVERSE, "指标值带有“<=”")),
        ("50万元", "成本指标", "经费", Direction(Way.REVERSE, "二级指标为成本类")),
        ("0次", "质量指标", "安全事故次数", Direction(Way.REVERSE, "指标名称含“事故”")),
        ("2023年底", "时效指标", "完成时间", Direction(Way.DATE, "指标值为日期，越早越好")),
        ("100%", "质量指标", "合格率", Direction(Way.FORWARD, "指标值为确定数值，达到即为完成")),
        ("全覆盖", "社会效益指标", "范围", Direction(Way.QUALITATIVE, "指标值为文字描述")),
    ],
)
def test_direction(raw: str, level2: str, name: str, wanted: Direction) -> None:
    """The order of domain.md 4, with its reason."""
    assert direction(parse_target(raw), level2, name) == wanted


def test_direction_named_by_the_filer_goes_first() -> None:
    """What the filer says is not overruled."""
    assert direction(parse_target("≥80%"), "数量指标", "x", Way.RANGE) == Direction(Way.RANGE, "填报人指定")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2021年总结，2022年计划", 2022),
        ("编号20230年", None),
        ("没有年份", None),
        ("2022 年暂按40%安排", 2022),
        ("1998年", None),
    ],
)
def test_guess_fiscal_year(text: str, year: int | None) -> None:
    """The latest year that is mentioned."""
    assert guess_fiscal_year(text) == year


@pytest.mark.parametrize("raw", ["12date", "≥12 date", "≥" + "9" * 16, "0." + "1" * 13 + "人"])
def test_what_cannot_be_reckoned_with_stays_words(raw: str) -> None:
    """A number longer than any amount, or a unit that means days, is no reading."""
    found = parse_target(raw)
    assert (found.raw, found.op, found.value, found.unit) == (raw, None, None, None)


@pytest.mark.parametrize("reading", [
    (">=", "NaN", "人"), (">=", "1e9", None), (">=", "1,000", "人"), ("<=", "2026-02-30", "date"), ("<=", "20260730", "date"),
    ("~", "1", None), (None, "1", None), ("=", None, None), ("=", "１２", None),
])  # fmt: skip
def test_readings_that_nobody_can_reckon_with(reading: tuple[str | None, ...]) -> None:
    """Whoever puts a reading right, or forges one into a file, gets no further than here."""
    assert not reckonable(*reading)
    assert [reckonable(*each) for each in (("<=", "2026-02-28", "date"), ("=", "-12.5", "人"), (None, None, None))] == [True] * 3


def test_target_is_plain_json() -> None:
    """A target spells as the corpus README does."""
    found = parse_target("≥1次")
    assert json.loads(json.dumps(found.__dict__)) == {"raw": "≥1次", "op": ">=", "value": "1", "unit": "次"}
