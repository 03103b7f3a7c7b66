"""Every rule of the machine pre-review: where it fires, and that it keeps silent beside it."""

from copy import deepcopy

import pytest

from tests.support.contents import completed, printed_table
from workflows.content.targets import parse_target
from workflows.findings import RULES, review
from workflows.packs import pack_content_for, pack_for_family, pack_from
from workflows.surroundings import ALONE, Surroundings

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


def row(level3, raw, level1="产出指标", level2="数量指标", **more):
    printed = {"level1": level1, "level2": level2, "level3": level3, "description": None, "basis": None, "requirement": None}
    return {"id": "r9", **printed, "target": target(raw), "weight": "0", **more}


def with_row(*cells, goals=(), tasks=(), **more):
    def change(content):
        content["indicators"].append(row(*cells, **more))
        content["goals"] += goals
        content["tasks"] = [{"name": "任务", "content": list(tasks)}] if tasks else []

    return change


def beside(change=lambda sibling: None, **around):
    """The table has one sibling of the same kind, changed, and what else stands around it."""

    def put_beside(content):
        sibling = table()
        change(sibling)
        return Surroundings(siblings=(sibling,), **around)

    return put_beside


def after(change=lambda last_year: None, **actuals):
    """The table has one of the year before, changed, with what its rows reached."""

    def put_after(content):
        last_year = table()
        last_year["goals"] = ["上年的目标"]
        for number, each in enumerate(last_year["indicators"][:2]):
            each["level3"] = f"上年指标{number}"
        change(last_year)
        return Surroundings(last_year=last_year, actuals=actuals)

    return put_after


def both(*changes):
    def change(content):
        return [each(content) for each in changes][-1]

    return change


def itemised(*names):
    part = {"itemised_goals": [{"title": "养好农村路", "goal": None, "indicators": list(names)}]}
    return beside(department=part)


LONG = "一" * 198
OWN_NAMES = ("维护道路里程", "验收合格率", "完工时间。")


FIRES = [
    ("V-C6", beside(placeholders=("效益指标 经济效益指标（选填）",)), ["/indicators"]),
    ("V-C7", setting(indicators__0__description=LONG), ["/indicators/0/description"]),
    ("V-C7", setting(purpose="用于道路维护、桥梁维护、"), ["/purpose"]),
    ("V-C7", setting(goals=["维护道路12公里，"]), ["/goals/0"]),
    ("V-M4", setting(purpose="1.人工费合计40万元。2.材料费共计20万元。"), ["/purpose"]),
    ("V-P3", both(plan("40", "70", "90", "100"), beside(plan("40", "70", "90", "100.00"))), ["/spending_plan"]),
    ("V-K6", setting(indicators__1__level3="开展道路养护", indicators__1__target=target("≥95%")), ["/indicators/1"]),
    ("V-K6", setting(indicators__1__level3="养护情况", indicators__1__description="组织道路养护", indicators__1__target=target("≥80 达到指标的80%及以上为优")), ["/indicators/1"]),
    ("V-K7", setting(indicators__0__target=target("全部道路")), ["/indicators/0/target"]),
    ("V-K7", setting(indicators__0__level3="维护道路数量", indicators__0__target=target("全部道路")), ["/indicators/0/target"]),
    ("V-T1", both(setting(**{f"indicators__{n}__target": target("100%") for n in range(5)}), beside(all_targets("100%"))), ["/indicators"]),
    ("V-T4", setting(indicators__1__level3="道路养护", indicators__1__target=target("≥95%")), ["/indicators/1/target"]),
    ("V-T4", setting(indicators__1__level3="道路养护", indicators__1__description="提高效率", indicators__1__target=target("≥95%")), ["/indicators/1/target"]),
    ("V-T9", setting(indicators__0__level3="2024年道路维护里程"), ["/indicators/0"]),
    ("V-T9", setting(indicators__0__level3="“十三五”道路维护里程"), ["/indicators/0"]),
    ("V-T10", with_row("养护巡查", "≥1次", goals=["养护巡查覆盖13个乡镇。"]), ["/indicators/7/target"]),
    ("V-R2", itemised(*OWN_NAMES, "路面平整度"), ["/indicators"]),
    ("V-R3", setting(goals=["维护道路15公里，保障5000名居民出行。"]), ["/indicators/0/target"]),
    ("V-R3", with_row("派驻组和乡镇规范化建设", "13个乡镇和9个派驻组", goals=["规范化建设8个派驻组和13个乡镇。"]), ["/indicators/7/target"]),
    ("V-R4", setting(goals=["维护道路12公里，全年组织养护培训不少于5次。"]), ["/goals/0"]),
    ("V-R4", setting(goals=["维护道路12公里，优良路率不低于全部里程的85%。"]), ["/goals/0"]),
    ("V-R5", with_row("养护平台建设", "完成", goals=["10月底前完成养护平台建设。"]), ["/indicators/7/target"]),
    ("V-R6", with_row("信息报送", "≥5篇"), ["/indicators/7"]),
    ("V-R6", with_row("道路信息报送", "≥5篇", tasks=["做好道路信息报送工作"]), ["/indicators/7"]),
    ("V-S2", setting(goals=["维护道路12公里，办好“清廉平罗”平台。"], indicators__0__description="“勤廉平罗”平台"), ["/indicators/0/description"]),
    ("V-S2", setting(goals=["维护道路12公里，做好巡查工作。"], indicators__0__description="巡察"), ["/indicators/0/description"]),
    ("V-H1", after(lambda c: c.update(goals=table()["goals"])), ["/goals"]),
    ("V-H1", after(lambda c: c.update(indicators=table()["indicators"])), ["/indicators"]),
    ("V-H2", after(r7="97%"), ["/indicators/6/target"]),
    ("V-H2", after(lambda c: put(c, "indicators/3/target", target("≤50万元")), r4="45万元"), ["/indicators/3/target"]),
    ("V-H3", lambda _: Surroundings(unmended=(2024, 2025)), ["/title", "/title"]),
    ("V-H3", lambda c: (put(c, "title", "乡村道路 养护经费"), Surroundings(others_unmended=((2024, "乡村道路养护经费（2024年）"),)))[1], ["/title"]),
    ("V-H4", lambda c: (put(c, "title", "乡村道路养护专项经费"), Surroundings(others_unmended=((2024, "乡村道路养护经费"),)))[1], ["/title"]),
    ("V-A1", lambda _: Surroundings(unappraised="新增项目须先有事前绩效评估。"), ["/attribute"]),
    ("V-U1", setting(indicators__1__target=target("≥98次")), ["/indicators/1/target"]),
    ("V-U1", setting(indicators__1__target=target("2026年底")), ["/indicators/1/target"]),
    ("V-U1", setting(indicators__4__level3="受益人数", indicators__4__target=target("≥95%")), ["/indicators/4/target"]),
    ("V-C1", setting(title=""), ["/title"]),
    ("V-C1", setting(goals=[]), ["/goals"]),
    ("V-C1", setting(amount_unit=None), ["/amount_unit"]),
    ("V-C1", setting(amount_unit="美元"), ["/amount_unit"]),
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
    ("V-M6", setting(budget__carryover="-5"), ["/budget/carryover"]),
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
    ("V-C6", beside(placeholders=("效益指标 社会效益指标",))),
    ("V-C7", setting(indicators__0__description=LONG + "。")),
    ("V-C7", setting(indicators__0__description="一" * 120)),
    ("V-M4", setting(purpose="1.人工费合计40万元，其中加班费5万元。2.材料费6万元，运费20万元，共计260000元。")),
    ("V-M4", setting(purpose="总额66.5万元。1.人工费。2.材料费共计20万元。")),
    ("V-P3", both(plan("40", "70", "90", "100"), beside(plan("40", "70", "95", "100")))),
    ("V-P3", both(plan(None, None, None, "100"), beside(plan(None, None, None, "100")))),
    ("V-K6", setting(indicators__1__level3="组织培训合格率")),
    ("V-K6", setting(indicators__0__level3="开展道路养护", indicators__0__target=target("≥12次"))),
    ("V-K7", setting(indicators__0__level3="维护道路数量", indicators__0__target=target("十二条"))),
    ("V-T1", beside(all_targets("≥80"))),
    ("V-T4", setting(indicators__1__level3="道路养护", indicators__1__description="养护里程占全部里程的比例", indicators__1__target=target("≥95%"))),
    ("V-T9", lambda c: (put(c, "period", "2024年-2026年"), put(c, "indicators/0/level3", "2024年道路维护里程"))),
    ("V-T9", setting(indicators__0__level3="道路维护里程（比2024年增加）")),
    ("V-T10", with_row("养护巡查", "≥1次", goals=["养护巡查不少于1次，覆盖13个乡镇。"])),
    ("V-T10", both(with_row("养护巡查", "≥1次"), setting(goals=["做好养护巡查。"]))),
    ("V-R2", itemised(*OWN_NAMES)),
    ("V-R2", itemised("完工时间", "别的指标", "又一个指标")),
    ("V-R3", setting(goals=["维护道路12公里，保障5000名居民出行；修缮桥梁3座。"])),
    ("V-R4", with_row("养护培训", "≥5次", goals=["全年组织养护培训不少于5次。"])),
    ("V-R4", with_row("优良路率", "≥85%", goals=["优良路率不低于全部里程的85%。"])),
    ("V-R5", with_row("养护平台建设", "2026年10月底", goals=["10月底前完成养护平台建设。"])),
    ("V-R5", with_row("养护平台建设", "完成", goals=["完成养护平台建设。"])),
    ("V-R6", with_row("道路信息报送", "≥5篇", goals=["报送道路信息5篇。"], tasks=["做好道路信息报送工作"])),
    ("V-S2", setting(goals=["维护道路12公里，增强“四个意识”、做到“两个维护”，“三个意识”。"])),
    ("V-H1", after()),
    ("V-H2", after(r7="95%")),
    ("V-H2", after(r7="97人")),
    ("V-H2", after(lambda c: put(c, "indicators/3/target", target("≤50万元")), r4="660000元")),
    ("V-H3", lambda _: Surroundings(unmended=())),
    ("V-H3", lambda c: (put(c, "title", "乡村道路养护经费"), Surroundings(others_unmended=((2024, "乡村道路养护专项经费"),)))[1]),
    ("V-H4", lambda c: (put(c, "title", "乡村道路养护经费"), Surroundings(others_unmended=((2024, "机关办公设备购置"),)))[1]),
    ("V-U1", setting(indicators__1__level3="满意度得分", indicators__1__target=target("≥4分"))),
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


def found(content, rule, around=None):
    findings = review(content, fiscal_year=2026, pack=pack_for_family(FAMILY), around=around or ALONE)
    return [finding.pointer for finding in findings if finding.rule == rule]


def changed(change, content):
    """Change the content; return what stands around it then."""
    around = change(content)
    return around if isinstance(around, Surroundings) else ALONE


@pytest.mark.parametrize(("rule", "change", "pointers"), FIRES)
def test_g4_a_rule_fires_on_a_planted_fault_and_not_before(rule, change, pointers):
    content = deepcopy(table())
    assert found(content, rule) == []
    around = changed(change, content)
    assert found(content, rule, around) == pointers


@pytest.mark.parametrize(("rule", "change"), SILENT)
def test_g4_a_rule_keeps_silent_beside_its_fault(rule, change):
    content = deepcopy(table())
    around = changed(change, content)
    assert found(content, rule, around) == []


@pytest.mark.parametrize(("rule", "change", "pointers"), [each for each in FIRES if {r.id: r for r in RULES}[each[0]].by_words])
def test_a_pack_pinned_before_the_later_rules_keeps_them_silent(rule, change, pointers):
    content = deepcopy(table())
    around = changed(change, content)
    before = pack_from({name: part for name, part in pack_content_for(FAMILY).items() if name != "prereview"})
    assert before.prereview is None
    assert [each for each in review(content, fiscal_year=2026, pack=before, around=around) if each.rule == rule] == []


def test_a_good_table_has_no_finding_at_all():
    assert review(table(), fiscal_year=2026, pack=pack_for_family(FAMILY)) == ()


def test_g4_every_rule_has_its_planted_fault():
    assert {rule for rule, _, _ in FIRES} == {rule.id for rule in RULES}


def test_the_order_of_findings_is_fixed_and_blocking_ones_stand_first():
    content = table()
    all_targets("1项/3轮")(content)
    content["disclosure"] = None
    findings = review(content, fiscal_year=2026, pack=pack_for_family(FAMILY))
    assert findings == review(content, fiscal_year=2026, pack=pack_for_family(FAMILY))
    assert [f.severity for f in findings] == sorted((f.severity for f in findings), key="BWI".index)
    assert [f.pointer for f in findings if f.rule == "V-T8"] == [f"/indicators/{n}/target" for n in range(7)]
