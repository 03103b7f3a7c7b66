"""Pre-review of what targets mean: percentages of nothing, other years, vague bounds, unlike units (V-T, V-U1)."""

import re

from workflows.content.quantities import MONEY, YEARLY, unit_of
from workflows.findings.finding import Case, Hit, Hits, number_of, raw_of
from workflows.findings.plans_and_dates import years_of
from workflows.findings.wording import counts_in

YEAR_NAMED = re.compile(r"(?<![比较以与自从照超\d])(20\d\d)\s*年")


def percentage_has_a_base(case: Case) -> Hits:
    """V-T4: 指标值是百分比，名称和说明都没有写明是什么占什么。"""
    for at, row in case.rows:
        words = f"{row['level3']} {row.get('description') or ''}"
        for other in case.prereview.not_rates:
            words = words.replace(other, "")
        based = any(word in words for word in case.prereview.rate_words)
        if unit_of(row) == "%" and number_of(row) is not None and not based:
            sentence = f"“{row['level3']}”的百分比没有写明是什么占什么。"
            yield Hit(f"{at}/target", sentence, "请在指标说明中写明分子、分母或计算方法。")


def target_of_this_year(case: Case) -> Hits:
    """V-T9: 指标写的是别的年度的事，或已经期满的规划。"""
    if case.fiscal_year is None:
        return
    first, last = years_of(case.content["period"], case.fiscal_year)
    over = [plan for plan, year in case.prereview.plans_ended.items() if year < first]
    for at, row in case.rows:
        text = row["level3"] if row["target"]["unit"] == "date" else f"{row['level3']} {raw_of(row)}"
        named = [f"{year}年" for year in YEAR_NAMED.findall(text) if not first <= int(year) <= last]
        named += [plan for plan in over if plan in text]
        if named:
            sentence = f"“{row['level3']}”写的是“{named[0]}”，不属于{case.fiscal_year}年度。"
            yield Hit(at, sentence, "请核对指标是否为本年度的任务。")


def bound_says_enough(case: Case) -> Hits:
    """V-T10: 指标值只是起码数（如“≥1次”），而目标中计划的更多。"""
    rules = case.prereview
    planned = [count for goal in case.goals for count in counts_in(goal, rules.count_units)]
    more = next((count for count in planned if count.number > rules.vague_least), None)
    for at, row in case.rows:
        own = counts_in(raw_of(row), rules.count_units)
        vague = row["target"]["op"] in (">=", ">") and number_of(row) == rules.vague_least
        said = any((each.number, each.unit) == (count.number, count.unit) for each in own for count in planned)
        if vague and own and more and not said:
            sentence = f"目标中计划了“{more.printed}”，指标值“{raw_of(row)}”只是起码数。"
            yield Hit(f"{at}/target", sentence, "请按计划数填写指标值。")


def unit_fits_the_name(case: Case) -> Hits:
    """V-U1: 指标名称与指标值的计量单位不能比较：比率以个数表示，或计数以百分比、金额表示。"""
    for at, row in case.rows:
        name, unit = row["level3"], YEARLY.sub("", row["target"]["unit"] or "")
        counted = unit in case.prereview.count_units
        if name.endswith(case.pack.words["bounded_rates"]) and (counted or unit in MONEY or unit == "date"):
            sentence = f"“{name}”是比率，指标值“{raw_of(row)}”不是，两者不能比较。"
            yield Hit(f"{at}/target", sentence, "请填写百分比，或改指标名称。")
        if name.endswith(case.prereview.asks_for_count) and (unit in ("%", "％", "‰") or unit in MONEY):
            sentence = f"“{name}”是计数，指标值“{raw_of(row)}”不是，两者不能比较。"
            yield Hit(f"{at}/target", sentence, "请填写个数，或改指标名称。")
