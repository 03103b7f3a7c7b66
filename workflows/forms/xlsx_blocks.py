"""A workbook's sheets as blocks: rows of a single text as paragraphs, the rows between as grids with merged cells."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from workflows.forms.notebook import Notebook
from workflows.forms.office_package import UNREADABLE
from workflows.forms.page_cells import Block, Grid, GridCell, Paragraph
from workflows.forms.refusals import DocumentBroken, DocumentSwells
from workflows.forms.xlsx_hidden import hidden_rows, note_hidden, note_hidden_sheet
from workflows.forms.xlsx_values import shown

MOST_ROWS = 5000
MOST_COLUMNS = 200
MOST_SHEETS = 300
MOST_COVERED = 300_000
MOST_CELLS = 60_000
_CELLS = re.compile(rb"<(?:\w+:)?c[ >]")
_FILLED = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?(?:v|is|f)\b')
_MERGED = re.compile(rb'ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


def xlsx_blocks(data: bytes, parts: Mapping[str, bytes], notebook: Notebook) -> list[Block]:
    """Return the blocks of all visible sheets; `parts` are the file's own. Raises DocumentBroken, DocumentSwells.

    A block's place is its row in the sheet; a sheet behind the first begins behind the last row of the one before.
    What the sheets hide is noted.
    """
    for name, part in parts.items():
        if name.startswith("xl/worksheets/"):
            refuse_if_too_far(part)
    try:
        book = load_workbook(io.BytesIO(data), data_only=True)
    except (*UNREADABLE, InvalidFileException) as problem:
        raise DocumentBroken from problem
    if len(book.worksheets) > MOST_SHEETS:
        raise DocumentSwells
    blocks: list[Block] = []
    line = 1
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            note_hidden_sheet(sheet, line, notebook)
            continue
        note_hidden(sheet, line, notebook)
        blocks += _sheet_blocks(sheet, line)
        line += sheet.max_row
    return blocks


def _sheet_blocks(sheet: Worksheet, line: int) -> Iterator[Block]:
    """Rows without any box part the grids; a row that is nothing but one text is a paragraph."""
    rows = _shown_rows(_boxes(sheet))
    first = min((boxes[0].column for boxes in rows.values()), default=0)
    for kind, group in groupby(sorted(rows), lambda number: _kind(number, rows, first)):
        numbers = list(group)
        if kind == "text":
            yield from (Paragraph(line + number, rows[number][0].text) for number in numbers)
        elif kind == "grid":
            yield from _grids(rows, numbers, line)


def _shown_rows(boxes: Sequence[GridCell]) -> dict[int, list[GridCell]]:
    rows: dict[int, list[GridCell]] = {}
    for box in boxes:
        for number in range(box.row, box.row + box.rows):
            rows.setdefault(number, []).append(box)
    return rows


def _kind(number: int, rows: dict[int, list[GridCell]], first: int) -> str:
    """A text alone is a paragraph where it is merged over columns or stands in the first; else a row of a grid."""
    boxes = rows[number]
    if not any(box.text.strip() for box in boxes):
        return "grid" if len(boxes) > 1 else "none"
    alone = len(boxes) == 1 and boxes[0].rows == 1
    return "text" if alone and (boxes[0].columns > 1 or boxes[0].column == first) else "grid"


def _grids(rows: dict[int, list[GridCell]], numbers: Sequence[int], line: int) -> Iterator[Grid]:
    """Rows that follow one another are one grid."""
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        own = [number for _, number in run]
        boxes = {(box.row, box.column): box for number in own for box in rows[number]}
        first = own[0]
        cells = [
            GridCell(max(0, box.row - first), box.column, box.text, box.rows - max(0, first - box.row), box.columns)
            for _, box in sorted(boxes.items())
        ]
        yield Grid(line + first, tuple(cells))


def _boxes(sheet: Worksheet) -> list[GridCell]:
    """The boxes: merged ranges, cells that hold something, cells with a border; rows and columns from 0."""
    merged = {(each.min_row, each.min_col): each for each in sheet.merged_cells.ranges}
    hidden = hidden_rows(sheet)
    found: list[GridCell] = []
    for row in sheet.iter_rows(max_row=min(sheet.max_row, MOST_ROWS), max_col=min(sheet.max_column, MOST_COLUMNS)):
        for cell in row:
            if not isinstance(cell, Cell) or cell.row in hidden:
                continue
            span = merged.get((cell.row, cell.column))
            text = shown(cell.value, cell.number_format)
            if span:
                rows = min(span.max_row, MOST_ROWS) - cell.row + 1
                columns = min(span.max_col, MOST_COLUMNS) - cell.column + 1
                found.append(GridCell(cell.row - 1, cell.column - 1, text, rows, columns))
            elif text or _framed(cell):
                found.append(GridCell(cell.row - 1, cell.column - 1, text))
    return found


def refuse_if_too_far(part: bytes) -> None:
    """A sheet may be formatted far out; one that is filled or merged far out is no goal table."""
    for found in _FILLED.finditer(part):
        if int(found[2]) > MOST_ROWS or column_index_from_string(found[1].decode("ascii")) > MOST_COLUMNS:
            raise DocumentSwells
    if len(_CELLS.findall(part)) > MOST_CELLS:
        raise DocumentSwells
    covered = 0
    for found in _MERGED.finditer(part):
        columns = column_index_from_string(found[3].decode()) - column_index_from_string(found[1].decode()) + 1
        covered += columns * (int(found[4]) - int(found[2]) + 1)
        if covered > MOST_COVERED:
            raise DocumentSwells


def _framed(cell: Cell) -> bool:
    border = cell.border
    sides = (border.left, border.right, border.top, border.bottom) if border else ()
    return any(side is not None and side.style for side in sides)
