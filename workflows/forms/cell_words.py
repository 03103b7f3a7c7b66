"""The words printed in the boxes of goal tables, whatever the family: which box of the content each of them names."""

import re

from workflows.forms.source_text import folded

STARTS = frozenset({"项目名称", "专项资金名称", "项目编码", "部门(单位)名称", "单位(部门)名称", "部门名称", "单位名称"})
"""A table begins with one of these."""
FIELDS = {
    "项目名称": "title", "专项资金名称": "title", "部门(单位)名称": "title", "单位(部门)名称": "title",
    "部门名称": "title", "单位名称": "title", "项目编码": "project_code", "项目代码": "project_code",
    "单位编码": "unit_code", "单位代码": "unit_code", "主管部门及代码": "supervising_department",
    "主管部门": "supervising_department", "实施单位": "implementing_unit", "项目单位": "implementing_unit",
    "项目实施单位": "implementing_unit", "项目属性": "attribute", "项目期": "period", "项目期限": "period",
    "预算年度": "fiscal_year",
}  # fmt: skip
TOTALS = {
    "年度资金总额": "", "资金总额": "", "预算数": "", "部门预算总额": "", "预算总额": "",
    "中期资金总额": "mid_term_budget",
}  # fmt: skip
PARTS = {
    "财政拨款": "fiscal", "财政资金": "fiscal", "其他资金": "other", "其它资金": "other", "结余结转": "carryover",
    "结转结余": "carryover", "上年结转": "carryover", "上年结转资金": "carryover",
}  # fmt: skip
GOALS = {
    "年度总体目标": "goals", "年度总体绩效目标": "goals", "年度绩效目标": "goals", "年度履职目标": "goals",
    "绩效目标": "goals", "年度目标": "goals", "年度绩效目标(本级已分配资金)": "allocated", "中期目标": "mid_term_goals",
}  # fmt: skip
PURPOSES = frozenset({"项目资金主要用途", "资金用途", "资金主要用途"})
SOURCES, STRUCTURE = ("政府预算资金", "财政专户管理资金", "单位资金"), ("基本支出", "项目支出")
PLANS = frozenset({"资金支出计划(%)", "资金支出计划(累计进度%)", "资金支出计划", "支出计划"})
PURPOSE_SECTION = "预算规模及资金用途"
SECTIONS = frozenset({PURPOSE_SECTION, "年度主要任务", "预算情况", "总体目标", "绩效指标", "绩效类型", "名称"})
"""Labels beside several rows that name no box of their own."""
TASK_HEADS = {"任务名称": "name", "主要内容": "content", "总额": "total", "财政拨款": "fiscal", "其他资金": "other"}
ROW_HEADS = {
    "一级指标": "level1", "二级指标": "level2", "三级指标": "level3", "指标值": "target", "年度指标值": "target",
    "目标值": "target", "绩效指标描述": "description", "指标描述": "description", "指标值说明": "description",
    "指标说明": "description", "指标解释": "description", "指标值确定依据": "basis", "确定依据": "basis",
    "填报要求": "requirement", "分值": "weight", "权重": "weight",
}  # fmt: skip
MONEY_BOX = re.compile(r"^.{0,14}(?:项目资金|年度资金|已分配资金|预算金额|预算情况)\((?P<unit>万元|元)\)$")
TOTAL_WITH_UNIT = re.compile(r"^(?P<name>.{2,10})\((?P<unit>万元|元)\)$")
SIDE = re.compile(r"^(?:.{0,6}本级|年度|中期)?绩效指标$")
_MARKS = re.compile(r"^(?:\d、)?(?:资金来源:|资金结构:)?(?:\(\d\))?")
_YEARS_BEHIND = re.compile(r"(?:\(.{0,16}\))$")


def label_of(text: str) -> str:
    """Return a box's text as a label: without blanks, half-width, without 其中: before and a colon behind it."""
    return folded(text).rstrip(":").removeprefix("其中:")


def detail_of(text: str) -> str:
    """Return a label of Henan's money box without its ordinals: 1、资金来源: (1) 政府预算资金."""
    return _MARKS.sub("", label_of(text))


def without_years(label: str) -> str:
    """Return 中期目标(2024年-2026年) without what stands in brackets."""
    return _YEARS_BEHIND.sub("", label)


def is_known(text: str) -> bool:
    """Whether a box's text is a label of any kind."""
    label = label_of(text)
    plain = label in _ALL or detail_of(text) in (*SOURCES, *STRUCTURE)
    return plain or bool(MONEY_BOX.match(label)) or total_of(text) is not None or goal_of(text) is not None


def is_section(text: str) -> bool:
    """Whether a label stands beside several rows and names no box of its own."""
    label = label_of(text)
    return label in SECTIONS or bool(MONEY_BOX.match(label))


def total_of(text: str) -> tuple[str, str | None] | None:
    """Read a label of a total: which budget it belongs to ("" is the table's own) and the unit printed with it."""
    label = label_of(text)
    found = TOTAL_WITH_UNIT.match(label)
    name, unit = (found["name"], found["unit"]) if found else (label, None)
    return (TOTALS[name], unit) if name in TOTALS else None


def goal_of(text: str) -> str | None:
    """Read a label of goals: the key of the content that they belong to."""
    label = label_of(text)
    return GOALS.get(label) or GOALS.get(without_years(label))


_ALL = frozenset({*FIELDS, *PARTS, *GOALS, *PURPOSES, *PLANS, *SECTIONS, *TASK_HEADS, *ROW_HEADS})
