"""The colours of a monitoring window, and how far its goals are reached."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from decimal import Decimal
from typing import Any, Dict, List, Optional, Sequence, Tuple

from workflows.ledger.verifier.events.amounts import amount, rounded
from workflows.ledger.verifier.events.sheets import Sheet

SEVERITY = ("green", "yellow", "purple", "red")
"""The colours of a monitoring window, from calm to grave: the gravest sign gives the colour (domain.md 8.3)."""
YUAN = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10000), "亿元": Decimal(100000000)}
ONE_UNIT = {"人次": "人", "名": "人", "位": "人", "月": "个月", "日": "天", "％": "%", "百分比": "%", "公里": "千米"}
YEARLY = re.compile(r"(每年|/年|／年|一年|年度)$")
CHANCES = {"确定能": "certain", "有可能": "possible", "完全不可能": "impossible"}
WAYS = ("正向", "反向", "区间", "定性", "日期")
LESS_IS_GOOD = ("成本", "超支", "投诉", "事故", "调整率", "结余率", "三公")
"""Words in an indicator's name by which a bare number is a ceiling."""
ONE_NUMBER = re.compile(r"=?\s*(-?\d{1,15}(?:,\d{3})*(?:\.\d{1,12})?)\s*([^\W\d]{0,8}|[%‰])")
ONE_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
BEHIND_A_NUMBER = re.compile(r"以上|以下|以内|之内|内$|为[优良中差]|达到|完成|第")
HUNDRED, ENDLESS = Decimal(100), Decimal(10) ** 30
Span = Tuple[Decimal, Decimal]
"""The least and the most that a value may be; both the same where it was read exactly."""


def expected(aim: Sequence[Any], filed: Dict[str, Any], chance: Decimal, ladder: bool) -> Span:
    """Return in percent how far a row is expected to come: by the forecast where its target is a number or a day, else by chance.

    A forecast written in a way that is not read here leaves the row open.
    """
    _, level2, level3, op, value, unit, way, scoring, _, percent = aim
    text = " ".join(unicodedata.normalize("NFKC", str(filed.get("forecast") or "")).split())
    if not text or op is None or way in ("定性", "区间"):
        return chance, chance
    backward = way == "反向" if way in WAYS else op in ("<=", "<") or (op == "=" and less_is_good(level2, level3))
    satisfied = ladder and not backward and way != "日期" and "满意度" in (level2 or "") and unit == "%"
    by_hand = {"by_hand"} if backward or unit == "date" else {"by_hand", "ratio_pass"} if satisfied else {"by_hand", "ratio_pass", "qualitative"}
    if scoring in by_hand:
        return chance, chance
    if unit == "date":
        return by_day(text, str(value))
    reached, target = number_in(text, "%" if unit is None and percent else unit), Decimal(value or "0")
    share = None if reached is None else share_reached(reached, target, backward)
    return (Decimal(0), ENDLESS) if share is None else (share, share)


def less_is_good(level2: Any, level3: Any) -> bool:
    """Whether a bare number is a ceiling: of a class of costs, or by the indicator's name."""
    return "成本" in (level2 or "") or any(word in (level3 or "") for word in LESS_IS_GOOD)


def share_reached(reached: Decimal, target: Decimal, backward: bool) -> Decimal:
    """Return forecast ÷ target, or where less is good target ÷ forecast once it is above, in percent."""
    if not backward:
        return rounded(reached / target * HUNDRED) if target > 0 else HUNDRED
    if reached <= target:
        return HUNDRED
    return rounded(target / reached * HUNDRED) if target > 0 else Decimal(0)


def by_day(text: str, target: str) -> Span:
    """A day not behind the target's is the whole, a later one nothing."""
    found = ONE_DAY.fullmatch(text.replace(" ", ""))
    if found is None:
        return Decimal(0), HUNDRED
    year, month, day = map(int, found.groups())
    share = HUNDRED if dt.date(year, month, day) <= dt.date.fromisoformat(target) else Decimal(0)
    return share, share


def number_in(text: str, wanted: Optional[str]) -> Optional[Decimal]:
    """Return a typed number in the target's unit; None where it is written in a way that is not read here."""
    found = ONE_NUMBER.fullmatch(text)
    if found is None or BEHIND_A_NUMBER.search(found[2]):
        return None
    number, given = Decimal(found[1].replace(",", "")), found[2]
    if not given:
        return number
    one, other = (YEARLY.sub("", unit) or unit for unit in (given, (wanted or "").strip()))
    if one in YUAN and other in YUAN:
        return number * YUAN[one] / YUAN[other]
    return number if wanted and ONE_UNIT.get(one, one) == ONE_UNIT.get(other, other) else None


def goals_of(sheet: Sheet, figures: Dict[str, Any], pack: Dict[str, Any]) -> List[Tuple[Decimal, str, Span]]:
    """Return of every row that is not counted elsewhere: its weight, what was ticked, how far it is expected to come."""
    rows, aims, ladder = figures.get("rows") or {}, [json.loads(each) for each in sheet.aims], bool(pack["satisfaction"]["ladder"])
    weighed = any(Decimal(aim[8] or 0) for aim in aims)
    found = []
    for aim in aims:
        if aim[2] not in pack["execution"]["counted_rows"]:
            ticked = str(rows[aim[0]].get("possibility")).strip()
            chance = Decimal(pack["colours"]["possibility"][CHANCES.get(ticked, ticked)])
            weight = Decimal(aim[8] or 0) if weighed else Decimal(1)
            found.append((weight, CHANCES.get(ticked, ticked), expected(aim, rows[aim[0]], chance, ladder)))
    return found


def realised(goals: Sequence[Tuple[Decimal, str, Span]]) -> Optional[Span]:
    """Return Σ w·min(1, expected) ÷ Σ w in percent, at the least and at the most; None without weight."""
    total = sum((weight for weight, _, _ in goals), Decimal(0))
    if not total:
        return None
    least, most = (sum((weight * min(HUNDRED, span[side]) for weight, _, span in goals), Decimal(0)) / total for side in (0, 1))
    return rounded(least), rounded(most)


def money_colour(sheet: Sheet, rules: Dict[str, Any], date: str, rate: Optional[Decimal], deviation: Optional[Decimal]) -> str:
    """Return the colour of the money: behind the plan, or a large sum that late in the year is hardly spent."""
    factor, total = YUAN.get(YEARLY.sub("", (sheet.unit or "").strip())), amount(sheet.budget or "")
    large = factor is not None and total is not None and total * factor >= Decimal(rules["large_amount_yuan"])
    if large and rate is not None and date[5:] >= rules["large_month_day"] and rate < Decimal(rules["large_rate_below"]):
        return "red"
    if deviation is None or deviation >= Decimal(rules["yellow_below"]):
        return "green"
    return "red" if deviation < Decimal(rules["red_below"]) else "yellow"


def goal_colour(ticked: str, rate: Decimal, rules: Dict[str, Any]) -> str:
    """Return the colour of one row by what was ticked and how far it is expected to come."""
    if ticked == "impossible" or rate < Decimal(rules["red_forecast_below"]):
        return "red"
    return "yellow" if ticked == "possible" or rate < Decimal(rules["yellow_forecast_below"]) else "green"


def ahead_colour(rate: Optional[Decimal], realisation: Optional[Decimal], rules: Dict[str, Any]) -> str:
    """Return purple where more was spent than there is, or the money runs ahead of the goals."""
    if rate is None or (rate <= HUNDRED and (realisation is None or rate - realisation <= Decimal(rules["purple_above"]))):
        return "green"
    return "purple"


def colours_of(
    sheet: Sheet, pack: Dict[str, Any], date: str, figures: Dict[str, Any], rate: Optional[Decimal],
    deviation: Optional[Decimal], realisation: Optional[Decimal],
) -> Tuple[str, str]:  # fmt: skip
    """Return the calmest and the gravest colour that a window's figures can have; mostly both are one."""
    rules, goals = pack["colours"], goals_of(sheet, figures, pack)
    money = [money_colour(sheet, rules, date, rate, deviation), ahead_colour(rate, realisation, rules)]
    calm, grave = (
        max([*money, *(goal_colour(ticked, span[side], rules) for _, ticked, span in goals)], key=SEVERITY.index) for side in (1, 0)
    )  # fmt: skip
    return calm, grave
