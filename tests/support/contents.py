"""A goal table's content that the machine pre-review lets pass, made by hand for tests of the domain."""

from copy import deepcopy
from typing import Any

from workflows.measures.weights import propose_weights
from workflows.packs import pack_for_family

FAMILY = "ningxia-county-project"
ROWS = (
    ("产出指标", "数量指标", "维护道路里程", "≥12公里", ">=", "12", "公里", "必填硬性指标"),
    ("产出指标", "质量指标", "验收合格率", "≥98%", ">=", "98", "%", "必填"),
    ("产出指标", "时效指标", "完工时间", "2026年11月底", "<=", "2026-11-30", "date", "必填"),
    ("产出指标", "成本指标", "道路维护总成本", "≤66万元", "<=", "66", "万元", "必填硬性指标"),
    ("效益指标", "社会效益指标", "受益居民人数", "≥5000人", ">=", "5000", "人", "必填"),
    ("效益指标", "可持续影响指标", "道路设计使用年限", "≥8年", ">=", "8", "年", "必填"),
    ("满意度指标", "服务对象满意度指标", "沿线居民满意度", "≥95%", ">=", "95", "%", "必填"),
)


def printed_table(title: str = "农村道路维护经费", year: int = 2026) -> dict[str, Any]:
    """Return a table as a reader gives it."""
    rows = [
        {
            "level1": level1, "level2": level2, "level3": level3, "description": None,
            "target": {"raw": raw.replace("2026", str(year)), "op": op, "value": value.replace("2026", str(year)), "unit": unit},
            "basis": None, "requirement": requirement,
        }
        for level1, level2, level3, raw, op, value, unit, requirement in ROWS
    ]  # fmt: skip
    return {
        "scope": "project", "title": title, "number": None, "fiscal_year": year, "project_code": None,
        "supervising_department": "清江市交通运输局", "implementing_unit": "清江市公路养护中心", "unit_code": None,
        "attribute": "0101-一年期项目", "period": "1 年", "amount_unit": "万元",
        "budget": {"total": "66", "fiscal": "66", "other": None, "carryover": None}, "purpose": None,
        "spending_plan": [], "goals": ["维护道路12公里，保障5000名居民出行。"], "tasks": [], "indicators": rows,
    }  # fmt: skip


def document(*tables: dict[str, Any]) -> dict[str, Any]:
    """Return a document of these tables as a reader gives it."""
    return {
        "source": "申报.txt", "family": FAMILY, "tables": list(tables or (printed_table(),)), "department": None,
        "undisclosed_tables": 0,
    }  # fmt: skip


OVERALL_ROWS = (
    ("投入管理指标", "预算和财务管理", "预算执行率", "≥90%", ">=", "90", "%", None),
    ("投入管理指标", "绩效管理", "绩效目标编制完成率", "100%", "=", "100", "%", None),
    ("投入管理指标", "绩效管理", "绩效监控完成率", "100%", "=", "100", "%", None),
    ("产出指标", "重点工作任务完成", "监督检查次数", "≥12次", ">=", "12", "次", None),
    ("产出指标", "履职目标实现", "年度工作目标完成率", "100%", "=", "100", "%", None),
    ("效益指标", "履职效益", "受益居民人数", "≥5000人", ">=", "5000", "人", None),
    ("效益指标", "满意度", "沿线居民满意度", "≥95%", ">=", "95", "%", None),
)


def overall_document() -> dict[str, Any]:
    """Return a document with one table on a unit's overall spending, of the family that has ratios of the whole unit."""
    rows = [
        {"level1": level1, "level2": level2, "level3": level3, "description": None, "basis": None, "requirement": requirement,
         "target": {"raw": raw, "op": op, "value": value, "unit": unit}}
        for level1, level2, level3, raw, op, value, unit, requirement in OVERALL_ROWS
    ]  # fmt: skip
    table = {**printed_table("公路养护中心整体支出"), "scope": "unit", "indicators": rows}
    return {**document(table), "family": "henan-unit"}


def completed(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content as a clerk completes it: mark, proposed weights, an explanation for every warning."""
    done = deepcopy(content)
    weights = propose_weights(done, pack_for_family(done.get("family", FAMILY)))
    for row in done["indicators"]:
        row["weight"] = str(weights[row["id"]])
    done["disclosure"] = "公开"
    return done
