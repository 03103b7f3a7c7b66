"""Indicator rows that a clerk adds where a form's mandatory class is empty: plain, measurable, inside the year."""

from collections.abc import Mapping
from typing import Any

from workflows.content.targets import parse_target

EXAMPLES = (
    ("数量", "年度计划任务完成数量", "≥1项"),
    ("质量", "计划任务验收合格率", "≥95%"),
    ("时效", "年度任务完成时间", "{year}年12月底前"),
    ("成本", "项目总成本", "≤{total}{unit}"),
    ("满意", "服务对象满意度", "≥90%"),
    ("可持续", "相关制度和成果持续使用年限", "≥1年"),
    ("", "年度工作任务完成率", "≥95%"),
)


def row_for(level2: str, content: Mapping[str, Any], year: int) -> dict[str, Any]:
    """Return a row without level names and id for a second-level class, with its target read from its own words."""
    name, raw = next((name, raw) for word, name, raw in EXAMPLES if word in (level2 or ""))
    total = str(content["budget"]["total"] or "0").replace(",", "")
    printed = raw.format(year=year, total=total, unit=content["amount_unit"])
    read = parse_target(printed)
    return {
        "level3": name, "description": None, "basis": None, "requirement": None, "weight": None,
        "target": {"raw": printed, "op": read.op, "value": read.value, "unit": read.unit},
    }  # fmt: skip
