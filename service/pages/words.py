"""Printed names of codes that pages share: boxes of one family, states of a monitoring window, possibilities."""

from service.present import SCOPES
from workflows.watch import Possibility

DETAILS = {
    "sources": "按资金来源", "structure": "按支出结构",
}  # fmt: skip
WINDOW_STATES = {"planned": "未到期", "open": "待填报", "filed": "已填报", "accepted": "已审核", "returned": "已退回"}
POSSIBILITIES = {each.value: each.chinese for each in Possibility}
READING_SORTS = {
    "placeholder": "空白行", "markup": "标记残留", "uncertain": "不能确定", "misplaced": "位置不符",
    "unplaced": "未归入",
}  # fmt: skip
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
    "unit_code": "单位编码", "number": "序号", "scope": "范围",
    "requirement": "要求", "person": "责任人", "deadline": "完成日期", "points": "得分", "percent": "完成率",
}  # fmt: skip


def place_name(pointer: str) -> str:
    """Return a JSON pointer in the words of the form: 指标 r3 · 指标值 · 原文."""
    parts = [part for part in pointer.split("/") if part]
    return " · ".join(FIELD_NAMES.get(part, SCOPES.get(part, part)) for part in parts) or "全表"
