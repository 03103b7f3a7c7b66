"""填报说明 of a pack by the labels that forms print: what a goal table's workbook shows at its heads while drafted."""

from collections.abc import Mapping

from workflows.packs.pack import Help

FIELDS = {
    "项目名称": "title", "部门单位名称": "title", "单位名称": "title", "项目编码": "project_code",
    "主管部门": "supervising_department", "实施单位": "implementing_unit", "项目属性": "attribute", "项目期": "period",
    "项目资金": "budget", "资金总额": "budget", "年度资金总额": "budget", "资金用途": "purpose", "绩效目标": "goals",
    "年度绩效目标": "goals", "年度目标": "goals", "总体目标": "goals", "年度总体目标": "goals", "一级指标": "level1",
    "二级指标": "level2", "三级指标": "level3", "绩效指标": "level3", "绩效指标描述": "description",
    "指标描述": "description", "指标值": "target", "目标值": "target", "指标值确定依据": "basis", "确定依据": "basis",
    "分值": "weight",
}  # fmt: skip
"""Printed label (without brackets) -> field of the pack's help."""


def notes_of(helps: Mapping[str, Help] | None) -> dict[str, str]:
    """Return the note for each printed label; none where the pack has no help."""
    return {label: _text(helps[name]) for label, name in FIELDS.items() if name in helps} if helps else {}


def _text(each: Help) -> str:
    lines = [each.text]
    lines += [f"正例：{each.right}"] if each.right else []
    lines += [f"反例：{each.wrong}"] if each.wrong else []
    return "\n".join(lines)
