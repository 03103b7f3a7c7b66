"""Draws a form as PDF/A-2a: its words go to typst as JSON, so none of them is ever read as a command."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

from workflows.errors import GoaltrailError, PdfSwitchedOff
from workflows.forms.form import Box, Boxes, Code, Form, Line, Part, cells_of, in_pieces
from workflows.forms.writing_pdf.font_signs import signs_of
from workflows.forms.writing_pdf.spelled_signs import spelled_signs
from workflows.forms.writing_pdf.words import UNKNOWN, printable
from workflows.workdays import BEIJING

FONTS, FONT, FONT_FILE = "pylopdf_fonts_zh_cn", "Noto Serif SC", "NotoSerifSC-Regular.otf"
NEEDED = ("typst", FONTS, "segno")
STANDARD = "a-2a"
NOTE = f"注：有字库中没有的字，以“{UNKNOWN}”代替。"
QUIET_ZONE = 2
KEPT_ROWS, KEPT_SIGNS = 5, 160
Words = Callable[[str], str]
Json = dict[str, Any]


class FormNotDrawn(GoaltrailError):
    """没能生成PDF。"""


def whats_missing() -> tuple[str, ...]:
    """Return the packages that drawing needs and that are not installed; none missing, nothing switched off."""
    return _not_found(NEEDED)


@cache
def _not_found(packages: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in packages if find_spec(name) is None)


def pdf_of(form: Form, *, dated: datetime, author: str = "", said: Mapping[str, Any] | None = None) -> bytes:
    """Draw a form; `dated` and `author` go into the document's own description.

    Signs that the font does not have are printed as 〓 and noted under the form; with the content or document that the
    form is to say (`said`) they stand there in codes, so that the PDF reads back whole. PdfSwitchedOff, FormNotDrawn.
    """
    missing = whats_missing()
    if missing:
        raise PdfSwitchedOff(missing=list(missing))
    form = replace(form, parts=(*form.parts, *spelled_signs(said or {}, _signs())))
    spelled = _spelled(form, dated, author)
    if UNKNOWN in json.dumps(spelled, ensure_ascii=False):
        spelled["parts"].append(_line(Line(NOTE), str))
    return _compiled(json.dumps(spelled, ensure_ascii=False))


def _spelled(form: Form, dated: datetime, author: str) -> Json:
    at = dated.astimezone(BEIJING)
    parts = [_part(part, before, form.landscape) for before, part in zip((None, *form.parts), form.parts, strict=False)]
    return {
        "name": _words(form.name), "author": _words(author), "font": FONT, "landscape": form.landscape,
        "dated": [at.year, at.month, at.day, at.hour, at.minute, at.second], "foot": _words(form.foot), "parts": parts,
    }  # fmt: skip


def _part(part: Part, before: Part | None, landscape: bool) -> Json:
    if isinstance(part, Line):
        return _line(part, _words)
    if isinstance(part, Code):
        return _code(part)
    cut = in_pieces(part, landscape=landscape)
    rows = _rows(cut)
    joined = isinstance(before, Boxes)
    return {"kind": "boxes", "widths": list(cut.widths), "rows": rows, "heads": cut.heads, "joined": joined}


def _rows(boxes: Boxes) -> list[list[Json]]:
    """Spell the rows; a box of the heads that reaches below them is parted, without a line between, to be repeated."""
    rows: list[list[Json]] = [[] for _ in boxes.rows]
    below: list[tuple[int, Json]] = []
    for cell, box in zip(cells_of(boxes), (box for row in boxes.rows for box in row), strict=True):
        spelled = _box(box, boxes.rows[cell.row : cell.row + box.rows])
        over = cell.row + box.rows - boxes.heads
        if cell.row < boxes.heads and over > 0:
            below.append((cell.column, {**spelled, "text": "", "rows": over, "kept": False, "open": "top"}))
            spelled |= {"rows": box.rows - over, "kept": True, "open": "bottom"}
        rows[cell.row].append(spelled)
    if below:
        starts = [cell.column for cell in cells_of(boxes) if cell.row == boxes.heads]
        rows[boxes.heads] = [box for _, box in sorted(
            [*zip(starts, rows[boxes.heads], strict=True), *below], key=lambda pair: pair[0]
        )]  # fmt: skip
    return rows


def _box(box: Box, covered: Sequence[Sequence[Box]]) -> Json:
    """Spell a box; it stays on one page with the rows that it covers where these are few and short."""
    longest = (max((len(each.text) for each in row if each.rows == 1), default=0) for row in covered)
    kept = box.rows == 1 or (box.rows <= KEPT_ROWS and sum(longest) <= KEPT_SIGNS)
    spelled = {"text": _words(box.text), "columns": box.columns, "rows": box.rows, "look": box.look.value}
    return spelled | {"kept": kept, "open": ""}


def _line(line: Line, words: Words) -> Json:
    return {"kind": "line", "text": words(line.text), "place": line.place.value}


def _code(code: Code) -> Json:
    """Spell a QR code as grey pixels, white border included: an image, whose edges no reader takes for a table."""
    drawn = import_module("segno").make(code.text, error="m", micro=False)
    rows: Sequence[Sequence[int]] = tuple(drawn.matrix_iter(border=QUIET_ZONE))
    pixels = [0 if dark else 255 for row in rows for dark in row]
    beside = [_words(text) for text in code.beside]
    return {"kind": "code", "text": _words(code.text), "pixels": pixels, "side": len(rows), "beside": beside}


def _words(text: str) -> str:
    return printable(text, _signs())


@cache
def _signs() -> frozenset[int]:
    return signs_of((files(FONTS) / FONT_FILE).read_bytes())


@cache
def _fonts() -> Any:
    """Return the shipped Chinese fonts alone: what else is installed here must not change a document's bytes."""
    folder = str(files(FONTS))
    return import_module("typst").Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _compiled(words: str) -> bytes:
    typst = import_module("typst")
    template = files(__package__).joinpath("form.typ").read_bytes()
    try:
        drawn: bytes = typst.compile(
            template, format="pdf", font_paths=_fonts(), sys_inputs={"form": words}, pdf_standards=STANDARD,
            timestamp=0,
        )  # fmt: skip
    except typst.TypstError as refused:
        raise FormNotDrawn(f"没能生成PDF：{refused}") from refused
    return drawn
