"""Lines of a table that a PDF broke into columns, as pieces with what separates each from the one before."""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property

from workflows.forms.source_text import Line, clean


class Gap(Enum):
    """What stands between a piece and the one before it."""

    SAME_LINE = "a blank between Chinese words"
    IN_TEXT = "a blank beside a Latin or number run"
    AFTER_VALUE = "a blank behind a number with its unit"
    NEXT_LINE = "the next line"
    NEW_PAGE = "the first line of a page"
    BLANK = "a blank line"


@dataclass(frozen=True)
class Piece:
    """A run of text on one line; `lonely` when blank lines stand on both sides of its line."""

    line: int
    text: str
    gap: Gap
    lonely: bool = False

    @cached_property
    def width(self) -> float:
        """Its printed width in full-width signs."""
        return width_of(self.text)


_NOT_AT_LINE_START = "、，。；：！？”’）》」』】%％,.;:!?)"
_HANGING = "、，。；：！？"
_CJK = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’—…]")
_PAGE_NUMBER = re.compile(r"^\s*[-—–]?\s*(?:第\s*)?\d{1,4}(?:\s*页)?\s*[-—–]?\s*$")
_VALUE = re.compile(r"^[≥≤＞＜><=]?\d[\d.,]*(?:%|‰|[\u4e00-\u9fff]{1,4})$")
_FAR = 2


def width_of(text: str) -> float:
    """Width in full-width signs: Latin signs and blanks count a half, a closing mark at the end nothing."""
    text = text.rstrip(_HANGING) or text
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


@cache
def first_unit_width(text: str) -> float:
    """Width of what a line break could not have split from the start of the text."""
    run = re.match(r"[0-9A-Za-z.,%-]+", text)
    end = run.end() if run else 1
    while end < len(text) and text[end] in _NOT_AT_LINE_START:
        end += 1
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text[:end])


def pieces_of(lines: Sequence[Line]) -> list[Piece]:
    """Cut lines into pieces at blanks; page numbers are left out."""
    pieces: list[Piece] = []
    blanks = _FAR
    for index, line in enumerate(lines):
        if line.blank:
            blanks += 1
            continue
        if is_page_number(lines, index):
            continue
        gap = Gap.BLANK if blanks else Gap.NEW_PAGE if line.text.startswith(" ") else Gap.NEXT_LINE
        lonely = bool(blanks) and (index + 1 >= len(lines) or lines[index + 1].blank)
        pieces += _cut(line, gap, lonely=lonely)
        blanks = 0
    return pieces


def is_page_number(lines: Sequence[Line], index: int) -> bool:
    """A number alone on its line with two blank lines on one side is a page number."""
    if not _PAGE_NUMBER.match(lines[index].text):
        return False
    before, after = lines[max(0, index - _FAR) : index], lines[index + 1 : index + 1 + _FAR]
    return any(len(side) == _FAR and all(line.blank for line in side) for side in (before, after))


def _value_before(before: str, word: str) -> bool:
    return bool(_VALUE.match(before) and _CJK.match(word[0]))


def _cut(line: Line, gap: Gap, *, lonely: bool) -> list[Piece]:
    words = clean(line.text).split()
    pieces = [Piece(line.number, words[0], gap, lonely)]
    for before, word in itertools.pairwise(words):
        apart = (_CJK.match(before[-1]) and _CJK.match(word[0])) or word[0] in "≥≤＞＜"
        gap = Gap.SAME_LINE if apart else Gap.AFTER_VALUE if _value_before(before, word) else Gap.IN_TEXT
        pieces.append(Piece(line.number, word, gap, lonely))
    return pieces
