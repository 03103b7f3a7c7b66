"""Numbered lists: where items begin, and their texts without the enumeration marks."""

import re
from collections.abc import Iterable

from workflows.forms.source_text import PARAGRAPH, clean

_DIGITS = "零一二三四五六七八九十"
_STYLES = (
    re.compile(r"(?<!\d)(?P<n>\d{1,2})\s*[、.．](?!\d)\s*"),
    re.compile(r"[（(]\s*(?P<n>[一二三四五六七八九十]{1,3})\s*[）)]\s*[、.]?\s*"),
    re.compile(r"[（(]\s*(?P<n>\d{1,2})\s*[）)]\s*[、.]?\s*"),
    re.compile(r"目标\s*(?P<n>\d{1,2})\s*[:：、]\s*"),
    re.compile(r"(?P<n>[一二三四五六七八九十]{1,3})、\s*"),
)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, sign, ones = text.rpartition("十")
    return (_DIGITS.index(tens or "一") * 10 if sign else 0) + (_DIGITS.index(ones[-1]) if ones else 0)


def _style_at_start(text: str) -> re.Pattern[str] | None:
    for style in _STYLES:
        found = style.match(text)
        if found and _number(found["n"]) == 1:
            return style
    return None


def split_items(text: str, *, anywhere: bool) -> list[str]:
    """Split a list at its marks 1, 2, 3 … of one style and cut the marks; a text without a first mark is one item.

    `anywhere`: marks count inside a line as well, else only at line starts. Lines are joined without a blank.
    """
    text = text.replace(PARAGRAPH, "\n").strip()
    style = _style_at_start(text)
    if style is None:
        return [item for item in [clean(joined(text.split("\n")))] if item]
    starts = [(0, style.match(text).end())]  # type: ignore[union-attr]
    for found in style.finditer(text, starts[0][1]):
        begins_line = not text[: found.start()].rsplit("\n", 1)[-1].strip()
        if (anywhere or begins_line) and _number(found["n"]) == len(starts) + 1:
            starts.append((found.start(), found.end()))
    ends = [start for start, _ in starts[1:]] + [len(text)]
    return [clean(joined(text[begin:end].split("\n"))) for (_, begin), end in zip(starts, ends, strict=True)]


def split_paragraphs(text: str, *, anywhere: bool) -> list[str]:
    """Split a list as `split_items`; where it is not numbered, every paragraph sign begins an item."""
    if _style_at_start(text.replace(PARAGRAPH, "\n").strip()):
        return split_items(text, anywhere=anywhere)
    return [item for part in text.split(PARAGRAPH) for item in split_items(part, anywhere=anywhere)]


def joined(texts: Iterable[str]) -> str:
    """Join the lines of one cell with no blank between."""
    return "".join(clean(text) for text in texts)
