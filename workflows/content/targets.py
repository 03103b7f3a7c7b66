"""The grammar of target values (domain.md 4): a printed 指标值 becomes operator, number and unit, and its direction."""

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True)
class Target:
    """A printed target value; `value` is a decimal string or, with unit "date", an ISO day."""

    raw: str | None
    op: str | None = None
    value: str | None = None
    unit: str | None = None


class Way(StrEnum):
    """Which way is good."""

    FORWARD = "正向"
    REVERSE = "反向"
    RANGE = "区间"
    QUALITATIVE = "定性"
    DATE = "日期"


@dataclass(frozen=True)
class Direction:
    """The way of an indicator and why it was taken (domain.md 4, in its order)."""

    way: Way
    reason: str


SIGNS = {"≥": ">=", ">=": ">=", "=>": ">=", "≧": ">=", "⩾": ">=", "≤": "<=", "<=": "<=", "=<": "<=", "≦": "<=",
         "⩽": "<=", ">": ">", "<": "<", "=": "="}  # fmt: skip
LEADING_WORDS = {
    "不少于": ">=", "不低于": ">=", "不小于": ">=", "至少": ">=", "大于等于": ">=", "大于或等于": ">=",
    "不超过": "<=", "不高于": "<=", "不大于": "<=", "不多于": "<=", "至多": "<=", "最多": "<=", "小于等于": "<=",
    "小于或等于": "<=", "高于": ">", "大于": ">", "多于": ">", "超过": ">", "小于": "<", "低于": "<", "少于": "<",
}  # fmt: skip
TAIL_WORDS = {"及以上": ">=", "或以上": ">=", "以上": ">=", "及以下": "<=", "或以下": "<=", "以下": "<=",
              "以内": "<=", "之内": "<=", "内": "<="}  # fmt: skip

_OPERATOR = re.compile("|".join(sorted(map(re.escape, SIGNS | LEADING_WORDS), key=len, reverse=True)))
_NUMBER = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?")
_TAIL = re.compile("|".join(sorted(TAIL_WORDS, key=len, reverse=True)))
_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)年(?P<rest>.{0,12})")
_ISO_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_MONTH_ALONE = re.compile(r"(?<![个\d])\d{1,2}月(?!/)")
_DAY = re.compile(r"(?P<month>\d{1,2})月份?(?:(?P<day>\d{1,2})[日号]|(?P<third>[上中下])旬)?")
_PART_OF_YEAR = re.compile(r"上半年|下半年|第?[一二三四1-4]季度")
_PART_ENDS = {"上半年": 6, "下半年": 12, "一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}
_RANGE = re.compile(r"\d\s*%?\s*[-~—–至到]\s*\d|\d\s*[::]\s*\d|±")
_GRADING = re.compile(r"为[优良中差]|达到|完成")
_NOT_IN_UNIT = re.compile(r"[\d,，、;；。.!?()（）《》“”\"=<>≥≤]")
_LONGEST_UNIT = 8
OPERATORS = frozenset({">=", "<=", ">", "<", "="})
PLAIN_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,12})?", re.ASCII)
"""How the number of a target or of what was reached is written: up to 15 digits before the point, 12 behind it."""


def parse_target(raw: str) -> Target:
    """Read a printed target (README of the corpus; domain.md 4); op, value and unit stay null where unsure.

    Text around an operator does not hide it; two numbers of different things, ranges and words alone stay unparsed.
    """
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", raw)).strip()
    read = (_date(raw, text) if _holds_day(text) else _quantity(raw, text)) or Target(raw)
    return read if reckonable(read.op, read.value, read.unit) else Target(raw)


def reckonable(op: str | None, value: str | None, unit: str | None) -> bool:
    """Whether a reading can be reckoned with: nothing at all, or an operator with an ISO day or a plain decimal."""
    if op is None or value is None:
        return op is None and value is None
    if op not in OPERATORS:
        return False
    if unit != "date":
        return PLAIN_NUMBER.fullmatch(value) is not None
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _holds_day(text: str) -> bool:
    tight = text.replace(" ", "")
    return any(pattern.search(tight) for pattern in (_YEAR, _ISO_DAY, _MONTH_ALONE))


def _date(raw: str, text: str) -> Target | None:
    tight = text.replace(" ", "")
    day, others = _iso_day(tight) or _chinese_day(tight) or (None, "")
    if day is None or _NUMBER.search(others):
        return None
    operator = _OPERATOR.search(others)
    return Target(raw, _meaning(operator.group()) if operator else "<=", day.isoformat(), "date")


def _iso_day(text: str) -> tuple[dt.date | None, str] | None:
    found = _ISO_DAY.search(text)
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups())
    return _last_day(year, month, day), text[: found.start()] + text[found.end() :]


def _chinese_day(text: str) -> tuple[dt.date | None, str] | None:
    found = _YEAR.search(text)
    if not found:
        return None
    year, rest = int(found["year"]), found["rest"]
    inside = _DAY.match(rest) or _PART_OF_YEAR.match(rest)
    others = text[: found.start()] + (rest[inside.end() :] if inside else rest) + text[found.end() :]
    if inside is None:
        return _last_day(year, 12, None), others
    if "month" not in inside.re.groupindex:
        return _last_day(year, _PART_ENDS[inside.group().removeprefix("第").removesuffix("季度")], None), others
    return _last_day(year, int(inside["month"]), _day_named(inside["day"], inside["third"])), others


def _day_named(day: str | None, third: str | None) -> int | None:
    if day:
        return int(day)
    return {"上": 10, "中": 20}.get(third or "")


def _last_day(year: int, month: int, day: int | None) -> dt.date | None:
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, day or last) if (day or last) in range(1, last + 1) else None


def _quantity(raw: str, text: str) -> Target | None:
    if not text or _RANGE.search(text):
        return None
    operator = _OPERATOR.search(text)
    rest = text[operator.end() :].lstrip() if operator else text
    number = _NUMBER.match(rest)
    if number is None:
        return None if "第" in text and not operator else _after_words(raw, text)
    tail = rest[number.end() :]
    if _names_another_number(number.group(), tail):
        return None
    return Target(raw, _operator(operator, tail), number.group().replace(",", ""), _unit(tail))


def _operator(leading: re.Match[str] | None, tail: str) -> str:
    """Take the operator before the number, else the one behind its unit, else none is printed: equal."""
    behind = _tail_operator(tail)
    if leading is None:
        return behind or "="
    return behind if leading.group() == "超过" and behind == ">=" else _meaning(leading.group())


def _tail_operator(tail: str) -> str | None:
    """Read the operator that stands directly behind a short unit."""
    ending = _TAIL.search(tail)
    return TAIL_WORDS[ending.group()] if ending and _closes(tail, ending) else None


def _after_words(raw: str, text: str) -> Target | None:
    """Read `满意度达到95%以上`: words, one number, an operator behind it."""
    numbers = list(_NUMBER.finditer(text))
    if len(numbers) != 1 or _OPERATOR.search(text[numbers[0].end() :]):
        return None
    tail = text[numbers[0].end() :]
    op = _tail_operator(tail)
    return Target(raw, op, numbers[0].group().replace(",", ""), _unit(tail)) if op else None


def _closes(tail: str, ending: re.Match[str]) -> bool:
    """Whether the tail operator stands directly behind a short unit."""
    return not _NOT_IN_UNIT.search(tail[: ending.start()]) and ending.start() <= _LONGEST_UNIT


def _names_another_number(value: str, tail: str) -> bool:
    others = [number.group() for number in _NUMBER.finditer(tail)]
    if not others:
        return False
    if re.search(r"/\s*\d", tail) or _has_sign(tail):
        return True
    return not _GRADING.search(tail) and any(
        Decimal(o.replace(",", "")) != Decimal(value.replace(",", "")) for o in others
    )


def _has_sign(tail: str) -> bool:
    return any(sign in tail for sign in "≥≤<>")


def _unit(tail: str) -> str | None:
    """Take the unit with its whole wording; a grading or a sentence behind the number is none."""
    apart, text = tail[:1] == " ", tail.strip()
    if text.startswith(("%", "‰")):
        return text[0]
    ending = _TAIL.search(text)
    if ending and ending.start() > 0 and _closes(text, ending):
        text = text[: ending.start()]
    elif ending and ending.start() == 0:
        return None
    text = text if apart else re.split(r"[，,;；。(（]", text, maxsplit=1)[0]
    text = re.sub(r"[(（][^()（）]*[)）]?$", "", text).strip()
    if not text or len(text) > _LONGEST_UNIT or _NOT_IN_UNIT.search(text) or _GRADING.search(text):
        return None
    return text


def _meaning(operator: str) -> str:
    return SIGNS.get(operator) or LEADING_WORDS[operator]


REVERSE_NAMES = ("成本", "超支", "投诉", "事故", "调整率", "结余率", "三公")


def direction(target: Target, level2: str | None, name: str, explicit: Way | None = None) -> Direction:
    """Say which way is good, in the order of domain.md 4: filer, operator, class and name, date, count, words.

    A date is told by its unit before the operator that every date carries ("<=", earlier is good); words
    are told before class and name, since no text can be less than another.
    """
    if explicit:
        return Direction(explicit, "填报人指定")
    if target.unit == "date":
        return Direction(Way.DATE, "指标值为日期，越早越好")
    if target.op is None:
        return Direction(Way.QUALITATIVE, "指标值为文字描述")
    if target.op == "=":
        return _of_count(level2, name)
    way = Way.FORWARD if target.op in (">=", ">") else Way.REVERSE
    return Direction(way, f"指标值带有“{target.op}”")


def _of_count(level2: str | None, name: str) -> Direction:
    word = next((word for word in REVERSE_NAMES if word in name), None)
    if level2 and "成本" in level2:
        return Direction(Way.REVERSE, "二级指标为成本类")
    if word:
        return Direction(Way.REVERSE, f"指标名称含“{word}”")
    return Direction(Way.FORWARD, "指标值为确定数值，达到即为完成")


_ANY_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年")


def guess_fiscal_year(text: str) -> int | None:
    """Guess the fiscal year of a document that prints none: the latest 20xx年 that it mentions."""
    return max((int(year) for year in _ANY_YEAR.findall(text)), default=None)
