"""A form to be printed: lines of text and tables of boxes, from which PDF, DOCX and XLSX are all drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from math import ceil

from workflows.forms.page_cells import Block, Grid, GridCell, Paragraph
from workflows.forms.pieces import width_of

GOES_ON = "（续）"
"""Begins what is left of a text that was cut over several rows, so that eye and reader put it together again."""
LINE, LINE_LANDSCAPE, MARGIN = 51, 79, 1.0
"""Full signs in a line as wide as the page's text, upright and sideways, and what a box's two margins take of it."""
PAGE, PAGE_LANDSCAPE = 40, 26
"""Lines in one box at most; a longer text goes on in the next rows, for no row may be higher than its page."""
PIECE = 0.6
"""Share of these lines that each piece of such a text gets, so that little of a page stays empty."""


class Look(Enum):
    """How a box is printed: heads and labels in the middle, texts at the left, amounts at the right."""

    LABEL = "label"
    TEXT = "text"
    NUMBER = "number"


class Place(Enum):
    """Where a line stands; a title that is not the form's first part begins a new page."""

    TITLE = "title"
    BESIDE_TITLE = "beside-title"
    HEADING = "heading"
    LEFT = "left"
    RIGHT = "right"
    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True)
class Box:
    """One printed box; `rows` and `columns` say how much it covers."""

    text: str
    columns: int = 1
    rows: int = 1
    look: Look = Look.TEXT


@dataclass(frozen=True)
class Boxes:
    """A table with borders: the columns' shares of the width, its rows, how many of the first are repeated heads.

    A row names only the boxes that begin in it. Two tables in a row are printed without a gap, as one form.
    """

    widths: tuple[int, ...]
    rows: tuple[tuple[Box, ...], ...]
    heads: int = 0


@dataclass(frozen=True)
class Line:
    """A line of text outside the tables."""

    text: str
    place: Place = Place.LEFT


@dataclass(frozen=True)
class Code:
    """A text as QR code with what is printed beside it."""

    text: str
    beside: tuple[str, ...]


Part = Line | Boxes | Code


@dataclass(frozen=True)
class Form:
    """A whole form; `name` is the document's title, `foot` stands at the foot of each page beside its number."""

    name: str
    parts: tuple[Part, ...]
    landscape: bool = False
    foot: str = ""


def label(text: str, columns: int = 1, rows: int = 1) -> Box:
    """Return a box that names what stands beside or under it."""
    return Box(text, columns, rows, Look.LABEL)


def number(text: str, columns: int = 1, rows: int = 1) -> Box:
    """Return a box with an amount."""
    return Box(text, columns, rows, Look.NUMBER)


def blocks_of(form: Form) -> tuple[Block, ...]:
    """Return a form as the reader's blocks: what a reader should find in the printed document."""
    blocks: list[Block] = []
    line = 1
    for part in form.parts:
        if isinstance(part, Boxes):
            grid = Grid(line, tuple(cells_of(part)))
            blocks.append(grid)
            line += grid.height
        else:
            texts = (part.text,) if isinstance(part, Line) else part.beside
            blocks += [Paragraph(line + at, text) for at, text in enumerate(texts)]
            line += len(texts)
    return tuple(blocks)


def cells_of(boxes: Boxes) -> Iterator[GridCell]:
    """Give each box, row by row, its row and column: the first free one from the left."""
    covered: set[tuple[int, int]] = set()
    for row, begun in enumerate(boxes.rows):
        column = 0
        for box in begun:
            while (row, column) in covered:
                column += 1
            covered |= {(row + down, column + right) for down in range(box.rows) for right in range(box.columns)}
            yield GridCell(row, column, box.text, box.rows, box.columns)


def in_pieces(boxes: Boxes, *, landscape: bool = False) -> Boxes:
    """Cut texts that no page would hold over further rows, each piece after the first marked with （续）."""
    rows = list(boxes.rows)
    at = 0
    while at < len(rows):
        grid = tuple(cells_of(replace(boxes, rows=tuple(rows[: at + 1]))))
        rooms = [_room(boxes.widths, cell, landscape=landscape) for cell in grid if cell.row == at]
        cuts = [_cut_at(box.text, *room) for box, room in zip(rows[at], rooms, strict=True)]
        if any(cut < len(box.text) for cut, box in zip(cuts, rows[at], strict=True)):
            rows[:at] = _reaching(rows[:at], at)
            rows[at : at + 1] = _cut(rows[at], cuts)
        at += 1
    return replace(boxes, rows=tuple(rows))


def _room(widths: Sequence[int], cell: GridCell, *, landscape: bool) -> tuple[int, int]:
    """Return how many full signs a line of a box takes and how many lines a page's box may have."""
    share = sum(widths[cell.column : cell.column + cell.columns]) / sum(widths)
    line, lines = (LINE_LANDSCAPE, PAGE_LANDSCAPE) if landscape else (LINE, PAGE)
    return max(1, int(line * share - MARGIN)), lines


def _cut_at(text: str, signs: int, lines: int) -> int:
    """Return how much of a text goes into a box of so many lines of so many signs: all of it, or the first piece."""
    if sum(max(1, ceil(width_of(part) / signs)) for part in text.splitlines()) <= lines:
        return len(text)
    used, place, lines = 0, 0, int(lines * PIECE)
    for part in text.splitlines(keepends=True):
        needed = max(1, -(-len(part) // signs))
        if used + needed > lines:
            return place + (lines - used) * signs
        used, place = used + needed, place + len(part)
    return place


def _cut(row: Sequence[Box], cuts: Sequence[int]) -> list[tuple[Box, ...]]:
    """Cut the long boxes of a row in two; the others cover both rows."""
    here = tuple(
        replace(box, text=box.text[:cut]) if cut < len(box.text) else replace(box, rows=box.rows + 1)
        for box, cut in zip(row, cuts, strict=True)
    )  # fmt: skip
    rest = tuple(
        replace(box, text=GOES_ON + box.text[cut:]) for box, cut in zip(row, cuts, strict=True) if cut < len(box.text)
    )  # fmt: skip
    return [here, rest]


def _reaching(above: Sequence[Sequence[Box]], row: int) -> list[tuple[Box, ...]]:
    """Let the boxes above that reach into a row reach into the one added behind it."""
    return [
        tuple(replace(box, rows=box.rows + 1) if start + box.rows > row else box for box in boxes)
        for start, boxes in enumerate(above)
    ]  # fmt: skip
