"""What a cell of a workbook shows: numbers, percentages and days as its number format prints them."""

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[[^\]]*\]')
_PLACES = re.compile(r"[0#?](?:[0#?,]*[0#?])?(?:\.(?P<places>[0#?]+))?")
_DAYS = re.compile(r"[ymdh]", re.IGNORECASE)


def shown(value: object, number_format: str) -> str:
    """Return the text that a cell shows; an empty cell shows nothing, a formula its last computed value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal):
        return _number(Decimal(str(value)), number_format or "General")
    if isinstance(value, dt.datetime | dt.date):
        return _day(value, number_format)
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def _number(value: Decimal, number_format: str) -> str:
    section = _section(value, number_format)
    plain = _QUOTED.sub("", section)
    found = _PLACES.search(plain)
    if plain in ("", "General", "@") or not found or _DAYS.search(plain) or "E" in plain:
        return _plain(value)
    if not value.is_finite():
        return str(value)
    scaled = value * 100 if "%" in plain else value
    printed = _rounded(abs(scaled) if value < 0 and ";" in number_format else scaled, found)
    grouped = f"{Decimal(printed):,}" if "," in found.group() else printed
    before, after = _around(section)
    return f"{before}{grouped}{after}"


def _section(value: Decimal, number_format: str) -> str:
    """Return the part of a format for such a value: positive; negative; zero."""
    sections = number_format.split(";")
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 and sections[2] else sections[0]


def _rounded(value: Decimal, found: re.Match[str]) -> str:
    places = found["places"] or ""
    printed = format(value.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP), "f")
    optional = len(places) - len(places.rstrip("#?"))
    while optional and printed.endswith("0"):
        printed, optional = printed[:-1], optional - 1
    return printed.rstrip(".") if "." in printed else printed


def _around(section: str) -> tuple[str, str]:
    """Return the literal signs before and after the digits (¥, %, 万元, brackets of negative amounts)."""
    literal = re.sub(r"\[\$([^\]-]*)[^\]]*\]", r"\1", section)
    literal = _QUOTED.sub(lambda found: found[1] or found[2] or "", literal)
    found = _PLACES.search(literal)
    return (literal[: found.start()], literal[found.end() :]) if found else ("", "")


def _plain(value: Decimal) -> str:
    """Spell a number without exponent, sums of binary fractions (0.1 + 0.2) rounded as the program shows them."""
    if not value.is_finite():
        return str(value)
    short = Decimal(f"{float(value):.15g}")
    return format(short.to_integral() if short == short.to_integral() else short.normalize(), "f")


def _day(value: dt.date, number_format: str) -> str:
    whole = f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, dt.datetime) and (value.hour or value.minute):
        return f"{whole}{value.hour}:{value.minute:02d}"
    plain = _QUOTED.sub("", number_format).lower()
    if "d" in plain:
        return whole
    return f"{value.year}年{value.month}月" if "m" in plain else f"{value.year}年"
