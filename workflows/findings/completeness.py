"""Pre-review of what must be there: cells, classes of indicators, weights and the disclosure mark (V-C, V-W, V-X2)."""

from decimal import Decimal, InvalidOperation
from typing import Any

from workflows.findings.finding import Case, Hit, Hits, raw_of
from workflows.measures.weights import counts, level_points


def required_cells_filled(case: Case) -> Hits:
    """V-C1: 表式规定的必填栏目为空，或指标没有名称、没有指标值。"""
    for field in case.pack.review.required_fields:
        value: Any = case.content
        for part in field.split("."):
            value = value[part]
        if not value:
            yield Hit("/" + field.replace(".", "/"), "必填内容为空。", "请补充后再提交。")
    if any(case.content["budget"].values()) and case.content["amount_unit"] not in ("元", "万元"):
        yield Hit("/amount_unit", "没有写明金额单位（元或万元）。", "请选择金额单位。")
    for at, row in case.rows:
        for level in ("level1", "level2", "level3"):
            if not (row[level] or "").strip():
                yield Hit(f"{at}/{level}", "指标名称不完整。", "请补全一、二、三级指标名称。")
        if not raw_of(row).strip():
            yield Hit(f"{at}/target/raw", "指标没有指标值。", "请填写指标值。")


def required_classes_present(case: Case) -> Hits:
    """V-C2: 表式印明“必填”的二级指标没有一行。"""
    present = {row["level2"] for _, row in case.rows}
    for level in case.pack.tree:
        for each in level.level2:
            if each.required and each.name not in present:
                yield Hit("/indicators", f"缺少必填的二级指标“{each.name}”。", f"请至少设置一条{each.name}。")


def quantity_and_quality_present(case: Case) -> Hits:
    """V-C3: 没有数量指标或质量指标（只适用于指标体系中有这两类的规则包）。"""
    present = {row["level2"] for _, row in case.rows}
    for name in case.pack.review.quantity_and_quality:
        if name not in present:
            yield Hit("/indicators", f"没有{name}。", f"数量、质量指标原则上均需设置，请补充{name}。")


def benefit_present(case: Case) -> Hits:
    """V-C4: 没有一条反映效益（效果）的指标。"""
    names = [level.name for level in case.pack.tree if level.benefit]
    found = any(row["level1"] in names for _, row in case.rows)
    if case.pack.review.benefit_needed and names and not found:
        yield Hit("/indicators", f"没有{names[0]}。", f"请至少设置一条{names[0]}，说明资金带来的效果。")


def satisfaction_present(case: Case) -> Hits:
    """V-C5: 从用语看项目面向服务对象，却没有满意度指标。"""
    level = case.pack.review.satisfaction_level
    texts = (case.content["title"], case.content["purpose"], *case.content["goals"])
    word = next((word for word in case.pack.words["service"] if any(word in (text or "") for text in texts)), None)
    if level and word and all(row["level1"] != level for _, row in case.rows):
        yield Hit("/indicators", f"项目面向服务对象（“{word}”），但没有满意度指标。", "请设置满意度指标或说明理由。")


def weights_make_one_hundred(case: Case) -> Hits:
    """V-W1: 分值（含预算执行率）合计不是100，或一级指标合计与规则包不符。"""
    weights = [_weight(row) for _, row in case.rows]
    if any(weight is None for weight in weights):
        yield Hit("/indicators", "有指标没有填写分值，或分值不是数。", "可采用规则包建议的分值，再作调整。")
        return
    total = sum((weight or Decimal(0) for weight in weights), case.pack.execution.weight)
    if total != Decimal(100):
        yield Hit("/indicators", f"分值合计（含预算执行率）为{total}，不是100。", "请调整分值，使合计等于100。")
    yield from _level_sums(case)


def _level_sums(case: Case) -> Hits:
    expected = level_points(case.content, case.pack) if case.pack.review.fixed_level_sums else {}
    for level1, points in expected.items():
        own = sum((_weight(row) or Decimal(0) for _, row in case.rows if row["level1"] == level1), Decimal(0))
        if own != points:
            sentence = f"{level1}分值合计为{own}，规则包规定为{points}。"
            yield Hit("/indicators", sentence, f"请将{level1}各行分值调整为合计{points}。")
    for at, row in case.rows:
        if not counts(row, case.pack) and _weight(row):
            yield Hit(f"{at}/weight", "预算执行率已按资金执行计分，此行不应再有分值。", "请将此行分值改为0。")


def _weight(row: Any) -> Decimal | None:
    try:
        weight = Decimal(row.get("weight") or "x")
    except InvalidOperation:
        return None
    return weight if weight.is_finite() and weight >= 0 else None


def any_weight_given(case: Case) -> Hits:
    """V-W2: 整张表没有分值。"""
    if case.rows and not any(row.get("weight") for _, row in case.rows):
        yield Hit("/indicators", "整张表没有分值。", "可采用规则包建议的分值。")


def disclosure_marked(case: Case) -> Hits:
    """V-X2: 没有标明公开或内部。"""
    if case.content.get("disclosure") not in ("公开", "内部"):
        yield Hit("/disclosure", "没有标明公开或内部。", "请选择“公开”或“内部”。")


def sensitive_words(case: Case) -> Hits:
    """V-X1: 文中有敏感用语而没有标为内部。"""
    if case.content.get("disclosure") == "内部":
        return
    texts = (case.content["title"], case.content["purpose"], *case.content["goals"])
    cells = (row[name] for _, row in case.rows for name in ("level3", "description", "basis"))
    text = "\n".join(text for text in (*texts, *cells) if text)
    found = [word for word in case.pack.words["sensitive"] if word in text]
    if found:
        yield Hit("/disclosure", f"文中有敏感用语：{'、'.join(found)}。", "请先按“内部”处理，经保密审查后再公开。")
