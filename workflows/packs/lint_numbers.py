"""What the lint asks of a pack's numbers: points that make 100, bands without gaps, percents and days that exist."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from workflows.published.remarks import Remark, error
from workflows.vocabulary import Grade

Content = Mapping[str, Any]
FULL, LAST_MONTH, LEAP = Decimal(100), 12, 2024
PERCENTS = (
    ("review_rules", "same_target_share"), ("review_rules", "qualitative_share"), ("review_rules", "low_target_below"),
    ("scoring", "execution_reason_below"), ("scoring", "evidence_cap"), ("scoring", "pass_mark"),
    ("colours", "large_rate_below"), ("date_ladder", "percent"), ("pass_mark", "percent"), ("sampling", "percent"),
    ("prereview", "alike"), ("prereview", "itemised_overlap"), ("prereview", "unchanged_share"),
)  # fmt: skip
DAYS = (
    ("window", "due"), ("colours", "large_month_day"), ("selfeval", "opens"), ("selfeval", "due"),
    ("adjustment", "cut_off"),
)  # fmt: skip


def points(content: Content) -> Iterator[Remark]:
    """P-03: the first-level classes and the execution points make 100 exactly, none of them negative."""
    parts = [Decimal(level["weight"]) for level in content["tree"]["level1"]]
    parts.append(Decimal(content["execution"]["weight"]))
    if sum(parts) != FULL:
        yield error("P-03", f"一级指标分值与预算执行率合计为{sum(parts)}分，应为100分", "tree")
    if min(parts) < 0:
        yield error("P-03", "分值不能为负数", "tree")


def redistribution(content: Content) -> Iterator[Remark]:
    """P-05: points of an absent class are given to other classes of the tree, and not more than it has."""
    weights = {level["name"]: Decimal(level["weight"]) for level in content["tree"]["level1"]}
    for rule in content["redistribution"]["absent"]:
        named = [rule["name"], *(name for name, _points in rule["to"])]
        strange = [name for name in named if name not in weights]
        if strange:
            yield error("P-05", f"缺项并入写到了指标体系中没有的“{strange[0]}”", "redistribution")
        elif sum(Decimal(given or 0) for _name, given in rule["to"]) > weights[rule["name"]]:
            yield error("P-05", f"“{rule['name']}”并出的分值多于它自己的分值", "redistribution")
        if rule["name"] in named[1:]:
            yield error("P-05", f"“{rule['name']}”缺项时不能并入自己", "redistribution")


def grades(content: Content) -> Iterator[Remark]:
    """P-06: the four grades in order from high to low, down to 0 (of totals and of the review form)."""
    tables = {"bands": content["bands"]["grades"]}
    if "review_form" in content:
        tables["review_form"] = content["review_form"]["bands"]
    for place, bands in tables.items():
        lowers = [Decimal(band["from"]) for band in bands]
        if [band["grade"] for band in bands] != [str(grade) for grade in Grade]:
            yield error("P-06", "等级应依次为优、良、中、差各一档", place)
        if any(higher <= lower for higher, lower in pairwise(lowers)) or lowers[-1] != 0 or lowers[0] > FULL:
            yield error("P-06", "等级下限应由高到低，最低一档从0分起，最高不超过100分", place)


def qualitative(content: Content) -> Iterator[Remark]:
    """P-07: the qualitative bands cover 0-100 percent, each percent in one band only."""
    bands = [(Decimal(band["from"]), Decimal(band["to"])) for band in content["qualitative"]["bands"]]
    ordered = sorted(bands)
    met = all(upper == lower for (_low, upper), (lower, _high) in pairwise(ordered))
    if ordered[0][0] != 0 or ordered[-1][1] != FULL or not met or any(low >= high for low, high in bands):
        yield error("P-07", "定性指标档次应从0%到100%首尾相接，不留空档、不重叠", "qualitative")


def ladder(content: Content) -> Iterator[Remark]:
    """P-08: the satisfaction ladder goes down to 0 percent, its shares never rise on the way."""
    steps = [(Decimal(step["from"]), Decimal(step["share"])) for step in content["satisfaction"]["ladder"]]
    if not steps:
        return
    falls = all(high[0] > low[0] and high[1] >= low[1] for high, low in pairwise(steps))
    if not falls or steps[-1][0] != 0 or any(not 0 <= number <= FULL for step in steps for number in step):
        yield error("P-08", "满意度阶梯应由高到低直到0%，得分比例在0—100之间且不上升", "satisfaction")


def days(content: Content) -> Iterator[Remark]:
    """P-09: months lie between 1 and 12, and every day of the year exists."""
    months = content["window"]["months"]
    if not 1 <= months <= LAST_MONTH:
        yield error("P-09", f"监控月数应在1—12之间，写的是{months}", "window")
    for section, field in DAYS:
        if section in content and not _is_day(content[section][field]):
            yield error("P-09", f"{field} 写的“{content[section][field]}”不是一年中的日期（MM-DD）", section)
    if content["selfeval"]["opens"] > content["selfeval"]["due"]:
        yield error("P-09", "自评开始日晚于截止日", "selfeval")


def percents(content: Content) -> Iterator[Remark]:
    """P-10: what is a percent lies between 0 and 100."""
    for section, field in PERCENTS:
        value = content.get(section, {}).get(field)
        if value is not None and not 0 <= Decimal(value) <= FULL:
            yield error("P-10", f"{field} 是百分数，应在0—100之间，写的是{value}", section)


def colours(content: Content) -> Iterator[Remark]:
    """P-11: red begins where yellow has begun already."""
    rules = content["colours"]
    for red, yellow in (("red_below", "yellow_below"), ("red_forecast_below", "yellow_forecast_below")):
        if Decimal(rules[red]) > Decimal(rules[yellow]):
            yield error("P-11", f"红色界限 {red} 不能高于黄色界限 {yellow}", "colours")


def _is_day(month_day: str) -> bool:
    """Whether the day exists; the 29th of February is one of a leap year only, and is none here."""
    try:
        return date.fromisoformat(f"{LEAP}-{month_day}").isoformat()[5:] == month_day != "02-29"
    except ValueError:
        return False


NUMBERS: Sequence[Any] = (points, redistribution, grades, qualitative, ladder, days, percents, colours)
