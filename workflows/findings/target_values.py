"""Pre-review of target values: uniform, empty, impossible, unreadable, too low (V-T)."""

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from workflows.findings.finding import Case, Hit, Hits, Row, number_of, raw_of

FEW_ROWS = 4
CHANGE = re.compile(r"增长|降低|下降|增减|变化|减少|提高|增幅|降幅|调整|控制")


def targets_differ(case: Case) -> Hits:
    """V-T1: 一张表，或同一文件各表，大多数行是同一个指标值。"""
    own = [text for _, row in case.rows if (text := _tight(raw_of(row)))]
    found = _mostly(own, len(case.rows), case.pack.review.same_target_share)
    if found:
        text, count = found
        yield Hit("/indicators", f"{count}行指标值都是“{text}”。", "请按各指标的实际内容分别设定指标值。")
        return
    rows = [row for sibling in case.around.siblings for row in sibling["indicators"]] if case.pack.prereview else []
    others = [text for row in rows if (text := _tight(raw_of(row)))]
    over_all = _mostly([*own, *others], len(case.rows) + len(rows), case.pack.review.same_target_share)
    if others and over_all and over_all[0] in own:
        sentence = f"本文件各表共{over_all[1]}行指标值都是“{over_all[0]}”。"
        yield Hit("/indicators", sentence, "请按各指标的实际内容分别设定指标值。")


def _mostly(texts: Sequence[str], rows: int, least: Decimal) -> tuple[str, int] | None:
    """Return the text that at least this percentage of the rows have, and how many; None where there is none."""
    for text, count in Counter(texts).most_common(1):
        if rows >= FEW_ROWS and Decimal(count * 100) / rows >= least:
            return text, count
    return None


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text)


def mostly_measurable(case: Case) -> Hits:
    """V-T2: 定性指标过多，或效益指标全部为定性指标。"""
    words = [row for _, row in case.rows if _words_only(row)]
    if case.rows and Decimal(len(words) * 100) / len(case.rows) > case.pack.review.qualitative_share:
        sentence = f"{len(case.rows)}行中有{len(words)}行为定性指标。"
        yield Hit("/indicators", sentence, "请尽量量化，无法量化的写明具体标准。")
        return
    names = [level.name for level in case.pack.tree if level.benefit]
    effects = [row for _, row in case.rows if row["level1"] in names]
    if len(effects) > 1 and all(_words_only(row) for row in effects):
        yield Hit("/indicators", f"{effects[0]['level1']}全部为定性指标。", "请至少设置一条可量化的效益指标。")


def _words_only(row: Row) -> bool:
    return bool(raw_of(row)) and not re.search(r"\d", raw_of(row))


def target_says_something(case: Case) -> Hits:
    """V-T3: 指标值只有“有效”“显著”一类用语，没有可衡量的内容。"""
    empty = re.compile("(?:" + "|".join(sorted(case.pack.words["empty"], key=len, reverse=True)) + ")+")
    for at, row in case.rows:
        if empty.fullmatch(re.sub(r"\s+", "", raw_of(row))):
            yield Hit(f"{at}/target", f"指标值“{raw_of(row)}”没有可衡量的内容。", "请写明衡量的标准或数值。")


def target_possible(case: Case) -> Hits:
    """V-T6: 不可能的指标值：比率超过100%，或数量小于零。"""
    for at, row in case.rows:
        number, target = number_of(row), row["target"]
        if number is None or CHANGE.search(row["level3"]):
            continue
        bounded = target["unit"] == "%" and any(row["level3"].endswith(w) for w in case.pack.words["bounded_rates"])
        over = number > 100 or (number == 100 and target["op"] == ">")
        if bounded and target["op"] in (">=", ">", "=") and over:
            yield Hit(f"{at}/target", f"“{row['level3']}”不可能达到“{raw_of(row)}”。", "比率最高为100%，请更正。")
        if number < 0 and target["unit"] != "%":
            yield Hit(f"{at}/target", f"指标值“{raw_of(row)}”小于零。", "请更正指标值。")


def target_readable(case: Case) -> Hits:
    """V-T8: 指标值含两个数或是区间，不能自动比较。"""
    for at, row in case.rows:
        if row["target"]["op"] is None and re.search(r"\d", raw_of(row)):
            sentence = f"指标值“{raw_of(row)}”不能自动比较。"
            yield Hit(f"{at}/target", sentence, "自评时由人工计分并附佐证；宜拆成单一数值。")


def target_high_enough(case: Case) -> Hits:
    """V-T5: 合格率、覆盖率、满意度一类指标值低于通常水平。"""
    for at, row in case.rows:
        number, target = number_of(row), row["target"]
        kind = next((word for word in case.pack.words["kinds_with_floor"] if word in row["level3"]), None)
        lower_bound = target["op"] in (">=", ">", "=") and target["unit"] in ("%", None)
        if number is not None and kind and lower_bound and number < case.pack.review.low_target_below:
            yield Hit(f"{at}/target", f"{kind}的指标值“{raw_of(row)}”偏低。", "请提高指标值或说明理由。")


def target_fits_its_formula(case: Case) -> Hits:
    """V-T7: 指标值与指标公式的含义相抵触。"""
    for at, row in case.rows:
        number = number_of(row)
        for rule in case.pack.suspicious:
            named = rule.name in row["level3"] and row["target"]["op"] == rule.op
            if named and number is not None and number < rule.below:
                yield Hit(f"{at}/target", f"{rule.sentence}，现为“{raw_of(row)}”。", "请核对指标值。")


def target_not_zero(case: Case) -> Hits:
    """V-T0: 指标值为零，不能计算完成率。"""
    for at, row in case.rows:
        if number_of(row) == 0 and row["target"]["op"] in (">=", "="):
            yield Hit(f"{at}/target", "指标值为零，不能计算完成率。", "请核对指标值。")
