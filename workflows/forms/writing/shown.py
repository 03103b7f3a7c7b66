"""How values of a content are shown in the boxes of a form."""

import re
from collections.abc import Sequence
from typing import Any

from workflows.forms.cell_words import STARTS, label_of
from workflows.forms.form import Box, Line, Look, Place
from workflows.forms.source_text import folded
from workflows.forms.supplement import OF_TABLE

_WHITE = {"\t": " ", "\r\n": "\n", "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
_NOT_PRINTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


NUMERALS = "一二三四五六七八九十"
LONGEST, CUT = 30_000, "……（全文见附表）"
"""Signs in one box at most (a workbook takes 32,767); a longer text stands whole in the supplement, in pieces."""


def printable(text: str) -> str:
    """Return a text without signs that no Office file may hold, all kinds of line ends alike, cut where too long."""
    for white, instead in _WHITE.items():
        text = text.replace(white, instead)
    text = _NOT_PRINTED.sub("", text)
    return text if len(text) <= LONGEST else text[:LONGEST] + CUT


def guarded(text: str) -> str:
    """Return a text that is itself a word which begins a table or a supplement in quotation marks, any other as is."""
    begins = label_of(text) in STARTS or folded(text).startswith(folded(OF_TABLE[:3]))
    return f"“{text}”" if begins else text


def line(text: object, place: Place = Place.LEFT) -> Line:
    """Return a line that no reader takes for another form's beginning."""
    return Line(guarded(printable(str(text))), place)


def value(printed: Any, columns: int = 1, rows: int = 1) -> Box:
    """Return a box that holds a text, empty where there is none."""
    return Box("" if printed is None else guarded(printable(str(printed))), columns, rows, Look.TEXT)


def amount(printed: Any, columns: int = 1, rows: int = 1) -> Box:
    """Return a box that holds an amount as printed."""
    return Box("" if printed is None else guarded(printable(str(printed))), columns, rows, Look.NUMBER)


MOST = 99
"""Items that a box numbers; more stand in the supplement alone."""


def numbered(items: Sequence[Any] | None) -> str:
    """Return a list of goals with numbers before them, each on its line; one alone needs none."""
    texts = [str(item) for item in items or ()][:MOST]
    if len(texts) == 1:
        return texts[0]
    if any(text[:1].isdecimal() for text in texts):
        return "\n".join(f"（{spoken(number)}）{text}" for number, text in enumerate(texts, 1))
    return "\n".join(f"{number}、{text}" for number, text in enumerate(texts, 1))


def spoken(number: int) -> str:
    """Return 1 … 99 as Chinese numerals."""
    tens, ones = divmod(number, 10)
    before = ("" if tens == 1 else NUMERALS[tens - 1]) + "十" if tens else ""
    return before + (NUMERALS[ones - 1] if ones else "")
