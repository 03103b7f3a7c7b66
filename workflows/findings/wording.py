"""How the pre-review compares words: how much of a name a text says, and which counts and bounds a text names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from workflows.content.quantities import SAME_UNITS
from workflows.content.targets import LEADING_WORDS, SIGNS

SIGNS_OF_WRITING = re.compile(r"[\s,，、。．.;；:：!！?？()（）《》<>〈〉“”\"'‘’\[\]【】/／—－-]+")
YEAR = re.compile(r"20\d\d年(?:度)?")
GENERIC_TAIL = re.compile(r"(?:数量|次数|人数|个数|户数|篇数)$")
BOUNDS = "|".join(sorted(map(re.escape, LEADING_WORDS | SIGNS), key=len, reverse=True))


@dataclass(frozen=True)
class Measure:
    """A number with its unit that a text names, and the words before it back to the measure before (`said`)."""

    number: Decimal
    unit: str
    said: str
    printed: str


@lru_cache(maxsize=4_096)
def bare(text: str | None) -> str:
    """Return a text without blanks, signs of writing and years."""
    return SIGNS_OF_WRITING.sub("", YEAR.sub("", text or ""))


def share_said(name: str, text: str) -> Decimal:
    """Return how much of a name a text says, in percent: of the name's pairs of neighbouring characters."""
    core, said = GENERIC_TAIL.sub("", bare(name)), bare(text)
    pairs = [core[at : at + 2] for at in range(len(core) - 1)]
    return Decimal(100 * sum(pair in said for pair in pairs)) / len(pairs) if pairs else Decimal(0)


def counts_in(text: str, units: Sequence[str]) -> tuple[Measure, ...]:
    """Return every count that a text names (`10 名`), its unit spelled the usual way."""
    return tuple(_measures(text, _counted(tuple(units))))


def bounds_in(text: str, units: Sequence[str]) -> tuple[Measure, ...]:
    """Return every count or percentage that a text bounds (`不少于5次`, `不低于…的75%`)."""
    return tuple(_measures(text, _bounded((*units, "%", "％"))))


@cache
def _counted(units: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(\d+(?:\.\d+)?)\s*({_any(units)})")


@cache
def _bounded(units: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:{BOUNDS})[^。；;，,\d]{{0,24}}?(\d+(?:\.\d+)?)\s*({_any(units)})")


def _any(units: Sequence[str]) -> str:
    return "|".join(sorted(map(re.escape, units), key=len, reverse=True))


def _measures(text: str, pattern: re.Pattern[str]) -> Iterator[Measure]:
    begin = 0
    for found in pattern.finditer(text):
        unit = SAME_UNITS.get(found[2], found[2])
        yield Measure(Decimal(found[1]), unit, text[begin : found.end()], f"{found[1]}{found[2]}")
        begin = found.end()
