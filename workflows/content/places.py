"""What the places of a content are called: fields by the words of the form, indicator rows by what they measure."""

from collections.abc import Mapping
from typing import Any

FIELD_NAMES = {
    "title": "名称", "purpose": "资金用途", "goals": "年度绩效目标", "budget": "资金", "indicators": "指标",
    "spending_plan": "支出计划", "disclosure": "公开属性", "weight": "分值", "target": "指标值", "raw": "原文",
    "level1": "一级指标", "level2": "二级指标", "level3": "三级指标", "description": "指标描述", "basis": "确定依据",
    "explanations": "机审说明", "value": "数值", "op": "比较", "unit": "单位", "total": "总额", "fiscal": "财政资金",
    "other": "其他资金", "carryover": "结余结转", "supervising_department": "主管部门", "implementing_unit": "实施单位",
    "budget_detail": "资金明细", "sources": "按资金来源", "structure": "按支出结构", "project_code": "项目编码",
    "reason": "理由", "opinion": "意见", "doc_no": "批复文号", "explain": "机审说明", "plan": "支出计划",
    "detail": "资金明细", "executed": "执行数", "adjusted_budget": "调整后预算数", "summary": "自评总结",
    "actual": "实际完成值", "evidence": "佐证材料", "forecast": "全年预计", "cause": "偏差原因", "measure": "整改措施",
    "compliance": "合规性核查情况", "attribute": "项目属性", "period": "项目期", "fiscal_year": "年度",
    "tasks": "年度主要任务", "content": "内容", "name": "名称", "checkpoint": "节点",
    "cumulative_percent": "累计支出（%）", "allocated": "本级已分配", "amount_unit": "金额单位",
    "origin": "来源", "entry": "指标库条目", "unit_code": "单位编码", "number": "序号", "scope": "范围",
    "requirement": "要求", "person": "责任人", "deadline": "完成日期", "points": "得分", "percent": "完成率",
}  # fmt: skip
SCOPE_NAMES = {"project": "项目", "department": "部门整体"}
NOTHING: Mapping[str, str] = {}


def names_of_rows(*contents: Mapping[str, Any]) -> dict[str, str]:
    """Return what every row of these contents is called, by its ID; of rows that several hold the last one's name.

    Rows of one content that would have the same name are told apart by their place in it.
    """
    names: dict[str, str] = {}
    for content in contents:
        rows = content.get("indicators") or ()
        found = [str(row.get("level3") or row.get("level2") or "") for row in rows]
        for number, (row, name) in enumerate(zip(rows, found, strict=True), 1):
            alone = name and found.count(name) == 1
            names[row["id"]] = name if alone else f"{name}（第{number}行）" if name else f"第{number}行"
    return names


def row_called(row: str, rows: Mapping[str, str] = NOTHING) -> str:
    """Return an indicator row in words: 指标“维护道路里程”, with its ID where nobody knows its name."""
    return f"指标“{rows[row]}”" if row in rows else f"指标 {row}"


def place_name(pointer: str, rows: Mapping[str, str] = NOTHING) -> str:
    """Return a JSON pointer in the words of the form: 指标“维护道路里程” · 指标值; `rows` names rows by their ID."""
    parts = [part for part in pointer.split("/") if part]
    if len(parts) > 1 and parts[0] == "indicators" and not parts[1].isdigit():
        inside = [part for part in parts[2:] if part != "raw"]
        return " · ".join((row_called(parts[1], rows), *map(_called, inside)))
    return " · ".join(map(_called, parts)) or "全表"


def _called(part: str) -> str:
    return FIELD_NAMES.get(part, SCOPE_NAMES.get(part, part))
