"""The verifier finds the colour of a monitoring window again by its own reading of figures, targets and thresholds (0025, 0048)."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.test_verify import told, verdict_of
from tests.support.auditor import verify
from tests.support.forging import packed, saying, where
from tests.support.many_events import whole_life
from workflows.content.targets import parse_target
from workflows.measures.watch import Checkpoint, measure
from workflows.packs import pack_content, pack_from

PACK = pack_content("national-2021")
TARGETS = ("≥80%", "≤100万元", "=12个月", "30 人次", "2026年12月31日前", "≥90", "10-20次", "显著提升", "0", "<5%", "100万元/年", "1项/3轮")
FORECASTS = ("", "", "80", "95%", "76%", "1000000元", "90万元", "120 万元", "12月", "28人", "2026-12-31", "2027年1月5日", "0", "1,000", "大幅提升")
NAMES = (("数量指标", "培训人数"), ("成本指标", "采购单价"), ("质量指标", "验收合格率"), ("服务对象满意度指标", "群众满意度"), ("数量指标", "投诉件数"))
TICKS = ("确定能", "确定能", "确定能", "有可能", "完全不可能")
amounts = st.sampled_from(("0", "20", "55.5", "58.33", "70", "99", "120", "300"))


@st.composite
def rows(draw):
    level2, level3 = draw(st.sampled_from(NAMES))
    target = parse_target(draw(st.sampled_from(TARGETS)))
    row = {"level1": "产出指标", "level2": level2, "level3": level3, "weight": draw(st.sampled_from(("", "10", "22.5")))}
    row["target"] = {"raw": target.raw, "op": target.op, "value": target.value, "unit": target.unit}
    row |= {"direction": draw(st.sampled_from((None, None, None, "正向", "反向", "定性", "日期")))}
    row |= {"scoring": draw(st.sampled_from((None, None, "by_hand", "ratio_pass", "qualitative", "satisfaction")))}
    return {name: value for name, value in row.items() if value is not None}


@st.composite
def windows(draw):
    indicators = [{"id": f"r{n}", **row} for n, row in enumerate(draw(st.lists(rows(), min_size=1, max_size=4)))]
    unit, total = draw(st.sampled_from((("万元", "100"), ("万元", "250"), ("元", "300"), ("元", "2500000"))))
    budget = {"total": total, "fiscal": None, "other": None, "carryover": None}
    content = {"title": "测试", "amount_unit": unit, "budget": budget, "indicators": indicators}
    filed = {
        row["id"]: {"possibility": draw(st.sampled_from(TICKS)), "forecast": draw(st.sampled_from(FORECASTS)), "actual": "1"}
        for row in indicators
    }
    planned = draw(st.sampled_from((None, Decimal("58.33"), Decimal(75))))
    point = Checkpoint("1—7月", draw(st.sampled_from((dt.date(2026, 7, 31), dt.date(2026, 8, 31)))), planned, "")
    return content, point, {"executed": draw(amounts), "rows": filed}


@given(windows())
@settings(max_examples=120)
def test_n6_the_colour_of_every_window_is_found_again_by_other_code(window):
    content, point, figures = window
    found = measure(content, point, figures, pack_from(PACK))
    if any(each.pointer.endswith("/forecast") for each in found.missing):
        return
    sheet = verify.Contents.extract(content)
    calm, grave = verify.colours_of(sheet, PACK, point.date.isoformat(), figures, found.execution_rate, found.deviation, found.realisation)
    least, most = verify.realised(verify.goals_of(sheet, figures, PACK))
    assert (calm, grave, least, most) == (found.colour, found.colour, found.realisation, found.realisation)


def test_a_forecast_in_unusual_words_leaves_its_row_open():
    target = {"raw": "≥80%", "op": ">=", "value": "80", "unit": "%"}
    content = {"indicators": [{"id": "r", "level2": "", "level3": "合格率", "target": target}], "budget": {}, "spending_plan": []}
    figures = {"rows": {"r": {"possibility": "确定能", "forecast": "八成"}}}
    assert verify.colours_of(verify.Contents.extract(content), PACK, "2026-07-31", figures, None, None, None) == ("green", "red")


FORGERIES = {
    "red where all is well": ({"colour": "red"}, None, "data.colour"),
    "green though nothing can be reached": ({}, "完全不可能", "data.colour"),
    "green though nothing is certain": ({}, "有可能", "data.colour"),
    "a realisation that no figures give": ({"realisation": "99.99"}, None, "data.realisation"),
    "no realisation": ({"realisation": None}, None, "data.realisation"),
    "a possibility that the form does not know": ({}, "也许", ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def log():
    return whole_life().journal


def test_n6_the_colour_of_a_true_history_passes(log, tmp_path):
    filed = json.loads(log.bodies[where(log, "monitoring.filed")])["data"]
    assert filed["colour"] in verify.SEVERITY
    assert told(verdict_of(tmp_path, packed(log, lambda body: body).zipped())) == []


@pytest.mark.parametrize("forgery", FORGERIES)
def test_n6_a_forged_colour_is_found(forgery, log, tmp_path):
    data, ticked, field = FORGERIES[forgery]
    at = where(log, "monitoring.filed")
    filed = json.loads(log.bodies[at])["data"]
    if ticked:
        rows = {key: {**row, "possibility": ticked} for key, row in filed["figures"]["rows"].items()}
        data = {**data, "colour": "green", "figures": {**filed["figures"], "rows": rows}}
    verdict = verdict_of(tmp_path, packed(log, saying(log, at, **data)).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings}, told(verdict)


@pytest.mark.parametrize(("typed", "unit", "number"), [
    ("28人", "人次", "28"), ("90 万元", "万元/年", "90"), ("1000000元", "万元", "100"), ("９５％", "%", None), ("12月", "个月", "12"),
    ("5项", "人", None), ("95%以上", "%", None), ("1,024.5", "元", "1024.5"),
])  # fmt: skip
def test_a_typed_number_is_brought_to_the_unit_of_its_target(typed, unit, number):
    assert verify.number_in(typed, unit) == (None if number is None else Decimal(number))
