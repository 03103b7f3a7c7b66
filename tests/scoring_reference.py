"""Row points a second time, written from domain.md 9.3 alone with fractions; it shares no code with the product."""

import datetime as dt
import re
from fractions import Fraction
from math import floor

YUAN = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
LADDER = ((90, 100), (80, 80), (60, 50), (0, 0))


def points_of(case: dict) -> str:
    """Return the points of a case as text with two decimals."""
    weight, share = Fraction(case["weight"]), SHARES[case["type"]](case)
    if case.get("pack") == "cap60" and not case.get("evidence", "验收报告"):
        share = min(share, Fraction(6, 10))
    return two_places(weight * share)


def two_places(value: Fraction) -> str:
    cents = floor(value * 100 + Fraction(1, 2))
    return f"{cents // 100}.{cents % 100:02d}"


def forward(case: dict) -> Fraction:
    target, actual = pair(case)
    if target == 0:
        return Fraction(actual >= 0)
    return max(Fraction(0), min(Fraction(1), actual / target))


def ratio_pass(case: dict) -> Fraction:
    share = forward(case)
    return share if share >= Fraction(6, 10) else Fraction(0)


def reverse(case: dict) -> Fraction:
    target, actual = pair(case)
    if actual <= target:
        return Fraction(1)
    return target / actual


def interval(case: dict) -> Fraction:
    low, high = (Fraction(each) for each in re.findall(r"\d+", case["target"]))
    actual = number(case["actual"])
    if low <= actual <= high:
        return Fraction(1)
    return actual / low if actual < low else high / actual


def late(case: dict) -> Fraction:
    days = (last_day(case["actual"]) - last_day(case["target"])).days
    if days <= 0:
        return Fraction(1)
    return max(Fraction(0), 1 - Fraction((days + 9) // 10, 10)) if case.get("ladder") else Fraction(0)


def yes_no(case: dict) -> Fraction:
    return Fraction((case["target"] in "是有") == (case["actual"] in "是有"))


def chosen(case: dict) -> Fraction:
    return Fraction(case["percent"]) / 100


def satisfaction(case: dict) -> Fraction:
    actual = number(case["actual"])
    return Fraction(next(share for low, share in LADDER if actual >= low), 100)


def pair(case: dict) -> tuple[Fraction, Fraction]:
    return tuple(number(text) * money(text) for text in (case["target"], case["actual"]))


def money(text: str) -> int:
    found = re.search(r"亿元|万元|元", text)
    return YUAN[found.group()] if found else 1


def number(text: str) -> Fraction:
    return Fraction(re.search(r"\d+(\.\d+)?", text).group())


def last_day(text: str) -> dt.date:
    parts = [int(each) for each in re.findall(r"\d+", text)]
    year, month = parts[0], 6 if "上半年" in text else parts[1]
    if len(parts) == 3:
        return dt.date(year, month, parts[2])
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


SHARES = {
    "forward": forward, "reverse": reverse, "interval": interval, "date": late, "yes_no": yes_no,
    "ratio_pass": ratio_pass, "qualitative": chosen, "by_hand": chosen, "satisfaction": satisfaction,
}  # fmt: skip
