"""A rule pack in the words of a finance officer: its sections and items by their Chinese names, its values as text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.packs.comparing import NAMING
from workflows.state.criteria import Aspect, Criterion
from workflows.vocabulary import Grade

SECTIONS = {
    "unit_loop": "整体指标",
    "name": "名称", "version": "版本号", "title": "标题", "families": "适用表式", "format": "格式",
    "template": "表样", "tree": "指标体系与分值", "execution": "预算执行率", "redistribution": "缺项并入",
    "required": "申报必填栏目", "review_rules": "机审适用与界限", "words": "机审词表",
    "prereview": "机审词表与阈值（二）", "formulas": "与公式矛盾的指标值", "bands": "评价等级",
    "qualitative": "定性指标档次", "satisfaction": "满意度阶梯", "review_form": "审核表", "scoring": "计分界限",
    "rounding": "取位", "window": "监控窗口", "colours": "预警颜色", "clocks": "办理时限（工作日）",
    "selfeval": "自评起止（次年）", "adjustment": "调整申请截止", "date_ladder": "时效逾期扣分",
    "pass_mark": "及格门槛", "evidence": "完成值取值方式", "sampling": "财政抽查", "result_use": "结果应用",
    "disclosure": "公开期限", "reply": "批复时限（自然日）", "blank_form": "新建表的表样", "help": "填报说明",
    "appraisal": "事前绩效评估",
}  # fmt: skip
ITEMS = {
    "source": "来源", "level1": "一级指标", "level2": "二级指标", "weight": "分值", "benefit": "属于效益类",
    "requirement": "填报要求", "counted_rows": "已计入执行率的行", "absent": "缺项", "to": "至", "fields": "栏目",
    "money_parts": "资金构成", "quantity_and_quality": "须设置的二级指标", "benefit_needed": "须有效益指标",
    "satisfaction_level": "满意度的一级指标", "fixed_level_sums": "一级分值固定",
    "money_tolerance": "金额合计允差", "same_target_share": "指标值相同的比例界限（%）",
    "qualitative_share": "定性指标比例界限（%）", "low_target_below": "指标值偏低界限（%）",
    "suspicious": "可疑指标值", "op": "符号", "below": "低于", "sentence": "提示", "grades": "等级",
    "grade": "等级", "from": "起", "bands": "档次", "ladder": "阶梯", "share": "得分比例（%）",
    "shares": "定性折算比例（%）", "criteria": "审核内容", "items": "要点", "points": "分值",
    "question": "审核要点", "places": "小数位数", "amendment": "直接完善", "working_days": "工作日",
    "goals": "目标文字", "title": "标题", "mode": "方式", "over_fulfilment_reason": "超额须说明（%）",
    "over_fulfilment_flag": "超额提示指标值偏低（%）", "execution_reason_below": "执行率低于须说明（%）",
    "evidence_cap": "无佐证得分上限（%）", "pass_mark": "及格门槛（%）", "name": "名称", "months": "监控月数",
    "due": "截止日", "opens": "开始日", "yellow_below": "黄色：支出偏离（百分点）",
    "red_below": "红色：支出偏离（百分点）", "yellow_forecast_below": "黄色：预计完成低于（%）",
    "red_forecast_below": "红色：预计完成低于（%）", "purple_above": "紫色：支出超前（百分点）",
    "large_amount_yuan": "大额资金（元）", "large_month_day": "大额资金检查日",
    "large_rate_below": "大额资金执行率低于（%）", "cause_length": "原因最少字数",
    "actual_needed": "执行情况须填写或说明原因",
    "possibility": "完成可能性（%）", "certain": "确定能", "possible": "有可能", "impossible": "确定不能",
    "checkpoints": "支出计划节点", "details": "资金明细栏", "text": "说明", "right": "正例", "wrong": "反例",
    "project_code": "项目编码", "supervising_department": "主管部门", "implementing_unit": "实施单位",
    "attribute": "项目属性", "period": "项目期", "budget": "项目资金", "disclosure": "公开属性", "purpose": "资金用途",
    "spending_plan": "支出计划", "level3": "三级指标", "description": "指标描述", "target": "指标值",
    "basis": "确定依据", "reason": "改动理由", "sources": "资金来源", "structure": "支出结构",
    "cut_off": "截止日", "days": "天数", "finance_days": "财政部门批复（日）",
    "pass_on_days": "主管部门下达（日）", "rest_day": "末日遇休息日",
    "percent": "百分比（%）", "methods": "取值方式", "survey": "问卷方式",
    "totals": "必抽总分", "jump": "与上年升降（分）", "use": "应用", "rectify": "须整改",
    "blocks": "整改前不得申报", "region": "地区", "year": "年度起", "form": "表名", "amount_unit": "金额单位",
    "drafting": "编制", "unit_head": "单位负责人审核", "department_finance": "主管部门财务审核",
    "finance_business": "业务科审核", "finance_performance": "绩效科审核", "reply": "批复",
    "monitoring_filing": "填报监控", "monitoring_check": "审核监控", "evaluation_filing": "填报自评",
    "evaluation_unit": "审核自评", "evaluation_department": "复核自评", "archiving": "办结归档",
    "amendment_confirmation": "完善后确认", "service": "服务类用语", "sensitive": "涉敏用语", "empty": "空泛用语",
    "bounded_rates": "不超过100%的比率", "kinds_with_floor": "有下限的比率", "yes": "“是”的写法",
    "no": "“否”的写法", "cut_lengths": "截断长度（字）", "cut_margin": "截断误差（字）",
    "going_on": "未完的句尾", "ends": "完整的句尾", "actions": "动作用语", "asks_for_number": "应为数量的用语",
    "asks_for_count": "应为个数的用语", "rate_words": "比率用语", "not_rates": "不是比率的用语",
    "count_units": "计数单位", "vague_least": "含糊下限", "plans_ended": "规划截止年", "done_words": "完成用语",
    "variants": "异名", "alike": "相似界限（%）", "itemised_overlap": "分项目标重合界限（%）",
    "threshold": "新增项目须评估的金额（万元）", "new_words": "新增项目的用语", "aspects": "评估内容",
    "result": "结论", "unchanged_share": "与上年相同的比例界限（%）",
    "monitoring": "监控完成率分母", "selfeval": "自评完成率分母",
    "imported": "须登记的比率", "numerator": "分子", "denominator": "分母", "change": "为变动率",
    **{str(word): word.chinese for kind in (Grade, Aspect, Criterion) for word in kind if word != Criterion.FORM},
}  # fmt: skip
VALUES = {
    "all": "部门项目总数", "due": "应办项目数",
    **{str(grade): grade.chinese for grade in Grade},
    "half_up": "四舍五入", "title": "名称", "budget.total": "资金总额", "goals": "总体目标", "indicators": "绩效指标",
    "fiscal": "财政拨款", "other": "其他资金", "level3": "三级指标", "target": "指标值", "description": "指标描述",
    "basis": "指标值确定依据", "stays": "不顺延", "next_workday": "顺延至下一工作日",
    "supported": "予以支持", "partly": "部分支持（调整完善后）", "rejected": "不予支持",
}  # fmt: skip
"""Codes that stand as values."""
FORM_ITEM = Criterion.FORM.chinese
GIVEN_TO = "并入"
OWN_NAMES = frozenset({"name", "code", "grade"})


@dataclass(frozen=True)
class Part:
    """One section in words: its code and name, its source, its values as (item, value)."""

    code: str
    name: str
    source: str
    rows: tuple[tuple[str, str], ...]


def parts_of(content: Mapping[str, Any]) -> tuple[Part, ...]:
    """Return every section of a pack in words, in the order of the pack."""
    return tuple(
        Part(code, section_name(code), section["source"], tuple(_rows("", section)))
        for code, section in content.items() if isinstance(section, Mapping)
    )  # fmt: skip


def section_name(code: str) -> str:
    """Return a section's Chinese name; the code itself for one that the product does not know."""
    return SECTIONS.get(code, code)


def item_name(code: str) -> str:
    """Return an item's Chinese name; what has none is a word of the pack itself."""
    return ITEMS.get(code, code)


def in_words(value: Any) -> str:
    """Return a value as text: yes and no, lists with 、, null as a dash."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "，".join(f"{item_name(name)} {in_words(each)}" for name, each in value.items())
    if isinstance(value, list):
        joint = "；" if any(isinstance(each, list | Mapping) for each in value) else "、"
        return joint.join(map(in_words, value)) or "—"
    if value is None:
        return "—"
    return VALUES.get(str(value), str(value))


def _rows(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the leaves of a section with the names on the way to them; entries of a list by their own name."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name != "source" and not (path and name in OWN_NAMES):
                said = GIVEN_TO if name == "to" and isinstance(each, list) else item_name(name)
                yield from _rows(f"{path} › {said}" if path else said, each)
    elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        for number, each in enumerate(value, 1):
            yield from _rows(f"{path} › {_entry(each, number)}", each)
    else:
        yield path, in_words(value)


def _entry(entry: Mapping[str, Any], number: int) -> str:
    named = next((str(entry[item]) for item in NAMING if item in entry), str(number))
    if "question" in entry and named not in ITEMS:
        return f"第{number}项"
    return FORM_ITEM if named == Criterion.FORM else item_name(named)
