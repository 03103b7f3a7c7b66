"""Signs at places on a page put together: lines of text, and the text of a box without the breaks of its lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from workflows.forms.pieces import first_unit_width

BLANK_BESIDE_LATIN, BLANK_ELSEWHERE = 0.25, 0.6
"""From which gap, in sizes of the sign, a blank stands between two signs though none is printed."""
WIDEST_MARGIN, TOLERANCE = 8.0, 0.85
"""Points between a box's line and its text; how much of a sign a full line may leave free, spacing being what it is."""
ITEM = re.compile(
    r"(?P<number>\d{1,2}[、.．](?!\d))|(?P<bracket>[（(][一二三四五六七八九十]{1,3}[）)])|(?P<goal>目标\s*\d)"
)
OPENING = "（《〈「『【〔([{“‘"
FREE = "\u200b\u00ad\ufeff"


@dataclass(frozen=True)
class Sign:
    """One printed sign: its place in points from the page's upper left corner."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        """Where its middle is."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    @property
    def size(self) -> float:
        """Its height."""
        return self.bottom - self.top


@dataclass(frozen=True)
class PrintedLine:
    """One line of signs."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float


def sign_of(char: dict[str, Any]) -> Sign:
    """Take a sign as pdfplumber gives it."""
    return Sign(char["text"], char["x0"], char["x1"], char["top"], char["bottom"])


def printed_lines(signs: Sequence[Sign]) -> list[PrintedLine]:
    """Gather signs into lines from top to bottom, each from left to right; lines of blanks are left out."""
    groups: list[list[Sign]] = []
    for sign in sorted(signs, key=lambda each: each.middle[1]):
        near = groups[-1] if groups else None
        if near and sign.middle[1] - median(each.middle[1] for each in near[-3:]) < max(sign.size, near[-1].size) * 0.5:
            near.append(sign)
        else:
            groups.append([sign])
    lines = (_line(sorted(group, key=lambda each: each.x0)) for group in groups)
    return [line for line in lines if line.text]


def _line(signs: Sequence[Sign]) -> PrintedLine:
    text = signs[0].text
    for before, after in pairwise(signs):
        text += " " * _apart(before, after) + after.text
    inked = [sign for sign in signs if sign.text.strip()] or signs
    text = "".join(sign for sign in text if sign not in FREE).strip()
    top, bottom = min(sign.top for sign in inked), max(sign.bottom for sign in inked)
    return PrintedLine(text, inked[0].x0, max(sign.x1 for sign in inked), top, bottom)


def _apart(before: Sign, after: Sign) -> bool:
    if before.text.isspace() or after.text.isspace():
        return False
    latin = before.text.isascii() and after.text.isascii()
    return after.x0 - before.x1 > max(before.size, after.size) * (BLANK_BESIDE_LATIN if latin else BLANK_ELSEWHERE)


def box_text(signs: Sequence[Sign], x0: float, x1: float) -> str:
    """Put the text of a box together: a line that was full goes on in the next one, any other ends a paragraph."""
    lines = printed_lines(signs)
    if not lines:
        return ""
    margin = min(WIDEST_MARGIN, max(0.0, min(line.x0 - x0 for line in lines)))
    room = x1 - x0 - 2 * margin
    text = lines[0].text
    for before, after in pairwise(lines):
        needed = (_first_width(after.text) + TOLERANCE) * (after.bottom - after.top)
        full = before.x1 - before.x0 + needed > room
        text += ("" if full and not _next_item(text, after.text) else "\n") + after.text
    return text


def _next_item(text: str, line: str) -> bool:
    """Whether a line begins the next item of a list that the text has begun."""
    mark = ITEM.match(line)
    return mark is not None and any(
        before.lastgroup == mark.lastgroup for part in text.split("\n") if (before := ITEM.match(part))
    )


def _first_width(text: str) -> float:
    """Return how wide, in full signs, what a line must begin with is: opening marks stay with what follows them."""
    opening = len(text) - len(text.lstrip(OPENING))
    return opening + first_unit_width(text[opening:] or text)
