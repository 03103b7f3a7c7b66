"""Every rule of the machine pre-review: where it fires, and that it keeps silent beside it."""

from copy import deepcopy

import pytest

from tests.support.contents import completed, printed_table
from workflows.findings import RULES, review
from workflows.packs import pack_for_family
from workflows.targets import parse_target

FAMILY = "ningxia-county-project"


def table():
    content = printed_table()
    for number, row in enumerate(content["indicators"], 1):
        row["id"] = f"r{number}"
    return completed({**content, "family": FAMILY, "disclosure": None, "explanations": {}})


def put(content, path, value):
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    for step in way:
        content = content[step]
    content[last] = value


def target(raw):
    read = parse_target(raw)
    return {"raw": raw, "op": read.op, "value": read.value, "unit": read.unit}


def drop(level):
    def change(content):
        content["indicators"] = [row for row in content["indicators"] if level not in (row["level1"], row["level2"])]

    return change


def setting(**cells):
    def change(content):
        for path, value in cells.items():
            put(content, path.replace("__", "/"), value)

    return change


def plan(*values):
    return setting(spending_plan=[{"checkpoint": f"{n}月底", "cumulative_percent": v} for n, v in zip((3, 6, 10, 12), values, strict=True)])


def budget(total, fiscal, other, carryover=None):
    return setting(budget={"total": total, "fiscal": fiscal, "other": other, "carryover": carryover})


def all_targets(raw, rows=range(7)):
    return setting(**{f"indicators__{n}__target": target(raw) for n in rows})


FIRES = [
    ("V-C1", setting(title=""), ["/title"]),
    ("V-C1", setting(goals=[]), ["/goals"]),
    ("V-C1", setting(indicators__2__level3=None), ["/indicators/2/level3"]),
    ("V-C2", drop("成本指标"), ["/indicators"]),
    ("V-C3", drop("质量指标"), ["/indicators"]),
    ("V-C4", drop("效益指标"), ["/indicators"]),
    ("V-C5", lambda c: (drop("满意度指标")(c), put(c, "purpose", "服务群众")), ["/indicators"]),
    ("V-M1", budget("66", "60", "5"), ["/budget/total"]),
    ("V-M1", budget("66", "67", None), ["/budget/total"]),
    ("V-M1", setting(allocated={"total": "1", "fiscal": "2", "other": None, "carryover": None}), ["/allocated/total"]),
    ("V-M2", setting(indicators__3__target=target("65万元")), ["/indicators"]),
    ("V-M3", setting(goals=["费用预计40万元", "费用预计20万元"]), ["/goals"]),
    ("V-M5", setting(purpose="项目总预算1852.9万元，本年暂按40%安排预算资金740万元。"), ["/purpose"]),
    ("V-M6", setting(budget__other="详见附件"), ["/budget/other"]),
    ("V-M7", budget("66", None, None), ["/budget"]),
    ("V-M8", setting(indicators__3__target=target("660000元")), ["/indicators/3/target"]),
    ("V-P1", plan("30", "20", "80", "100"), ["/spending_plan/1"]),
    ("V-P1", plan("30", "40", "80", "90"), ["/spending_plan/3"]),
    ("V-P1", plan("30", "40", "80", None), ["/spending_plan/3"]),
    ("V-P1", plan("30", "NaN", "80", "100"), ["/spending_plan/1"]),
    ("V-P1", plan("30", "120", "80", "100"), ["/spending_plan/1", "/spending_plan/2"]),
    ("V-P1", setting(spending_plan=[{"checkpoint": "年末", "cumulative_percent": "100"}]), ["/spending_plan/0"]),
    ("V-P2", plan(None, None, None, "100"), ["/spending_plan"]),
    ("V-K1", setting(indicators__1__level3="项目资金执行率"), ["/indicators/1"]),
    ("V-K2", setting(indicators__2__level3="资金在规定时间内拨付到位"), ["/indicators/2"]),
    ("V-K3", setting(indicators__4__level2="经济效益指标", indicators__4__level3="设备使用率"), ["/indicators/4"]),
    ("V-K4", setting(indicators__6__level3="履约情况"), ["/indicators/6"]),
    ("V-K5", setting(indicators__3__target=target("严格控制成本")), ["/indicators/3/target"]),
    ("V-T0", setting(indicators__0__target=target("0次")), ["/indicators/0/target"]),
    ("V-T1", all_targets("≥80", range(6)), ["/indicators"]),
    ("V-T2", all_targets("群众出行方便", (0, 1, 2)), ["/indicators"]),
    ("V-T2", all_targets("群众出行方便", (4, 5)), ["/indicators"]),
    ("V-T3", setting(indicators__4__target=target("有效提升")), ["/indicators/4/target"]),
    ("V-T5", setting(indicators__6__target=target("≥79%")), ["/indicators/6/target"]),
    ("V-T6", setting(indicators__1__target=target("≥101%")), ["/indicators/1/target"]),
    ("V-T6", setting(indicators__1__target=target("大于100%")), ["/indicators/1/target"]),
    ("V-T7", setting(indicators__0__level3="“三公经费”控制率", indicators__0__target=target("≤20%")), ["/indicators/0/target"]),
    ("V-T8", setting(indicators__0__target=target("1项/3轮")), ["/indicators/0/target"]),
    ("V-D1", setting(indicators__2__target=target("2027年1月底")), ["/indicators/2/target"]),
    ("V-D2", setting(indicators__0__basis="根据过去三年情况推测"), ["/indicators/0/basis"]),
    ("V-D3", setting(indicators__0__basis="达到指标的12%以上"), ["/indicators/0/basis"]),
    ("V-S1", lambda c: c["indicators"].insert(0, c["indicators"].pop(3)), ["/indicators/1"]),
    ("V-S3", lambda c: c["indicators"].insert(1, {**c["indicators"][0], "id": "r9"}), ["/indicators/1/level3"]),
    ("V-S4", setting(indicators__0__description="<p>维护</p>"), ["/indicators/0/description"]),
    ("V-W1", setting(indicators__0__weight=None), ["/indicators"]),
    ("V-W1", setting(indicators__0__weight="0"), ["/indicators", "/indicators"]),
    ("V-W1", lambda c: (put(c, "indicators/4/weight", "14"), put(c, "indicators/6/weight", "11")), ["/indicators", "/indicators"]),
    ("V-W2", setting(**{f"indicators__{n}__weight": None for n in range(7)}), ["/indicators"]),
    ("V-X1", setting(purpose="涉黑线索核查"), ["/disclosure"]),
    ("V-X2", setting(disclosure=None), ["/disclosure"]),
]  # fmt: skip

SILENT = [
    ("V-C2", drop("经济效益指标")),
    ("V-C5", drop("满意度指标")),
    ("V-M1", budget("66", "60", None)),
    ("V-M1", budget("1,066.0", "1,066.00", None)),
    ("V-M2", setting(indicators__3__target=target("660000元"))),
    ("V-M2", setting(indicators__3__target=target("≤200元/人"))),
    ("V-M2", setting(indicators__3__target=target("2026年12月底"))),
    ("V-M3", setting(goals=["总投资66万元，其中一期40万元、二期20万元"])),
    ("V-M3", setting(goals=["一期40万元", "二期260000元"])),
    ("V-M5", setting(purpose="项目总预算1850万元，本年暂按40%安排预算资金740万元。")),
    ("V-M6", setting(budget__other="1，000.50")),
    ("V-K3", setting(indicators__4__level3="设备使用率")),
    ("V-M7", budget("66", None, "66")),
    ("V-P1", plan("0", "0", "50", "100")),
    ("V-P1", plan("30%", "40%", "50%", "100%")),
    ("V-P1", plan(None, "50.00", None, "100.00")),
    ("V-P1", plan(None, None, None, None)),
    ("V-P2", plan(None, "50", None, "100")),
    ("V-K1", setting(indicators__1__level3="任务执行质量")),
    ("V-K4", setting(indicators__6__level3="投诉次数")),
    ("V-T1", all_targets("≥80", range(5))),
    ("V-T3", setting(indicators__4__target=target("覆盖全部12个乡镇"))),
    ("V-T5", setting(indicators__6__target=target("≥80%"))),
    ("V-T6", setting(indicators__1__target=target("100%"))),
    ("V-T6", setting(indicators__1__level3="收入增长率", indicators__1__target=target("≥120%"))),
    ("V-T6", setting(indicators__1__level3="任务完成率", indicators__1__target=target("≥110%"))),
    ("V-D1", lambda c: (put(c, "period", "2026年-2028年"), put(c, "indicators/2/target", target("2028年底")))),
    ("V-D1", lambda c: (put(c, "period", "2年"), put(c, "indicators/2/target", target("2027年底")))),
    ("V-D2", setting(indicators__0__basis="根据过去三年平均完成12件推测")),
    ("V-S3", setting(indicators__0__level3="验收合格率")),
    ("V-X1", lambda c: (put(c, "purpose", "涉黑线索核查"), put(c, "disclosure", "内部"))),
    ("V-X2", setting(disclosure="内部")),
]


def found(content, rule):
    findings = review(content, fiscal_year=2026, pack=pack_for_family(FAMILY))
    return [finding.pointer for finding in findings if finding.rule == rule]


@pytest.mark.parametrize(("rule", "change", "pointers"), FIRES)
def test_a_rule_fires(rule, change, pointers):
    content = deepcopy(table())
    assert found(content, rule) == []
    change(content)
    assert found(content, rule) == pointers


@pytest.mark.parametrize(("rule", "change"), SILENT)
def test_a_rule_keeps_silent(rule, change):
    content = deepcopy(table())
    change(content)
    assert found(content, rule) == []


def test_a_good_table_has_no_finding_at_all():
    assert review(table(), fiscal_year=2026, pack=pack_for_family(FAMILY)) == ()


def test_every_rule_is_tried():
    assert {rule for rule, _, _ in FIRES} == {rule.id for rule in RULES}


def test_the_order_of_findings_is_fixed_and_blocking_ones_stand_first():
    content = table()
    all_targets("1项/3轮")(content)
    content["disclosure"] = None
    findings = review(content, fiscal_year=2026, pack=pack_for_family(FAMILY))
    assert findings == review(content, fiscal_year=2026, pack=pack_for_family(FAMILY))
    assert [f.severity for f in findings] == sorted((f.severity for f in findings), key="BWI".index)
    assert [f.pointer for f in findings if f.rule == "V-T8"] == [f"/indicators/{n}/target" for n in range(7)]
