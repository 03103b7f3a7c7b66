"""The rows of a workbook of executed amounts: the sheet with a heading, which rows are hidden, merged cells."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from workflows.errors import FieldsInvalid
from workflows.forms.office_package import UNREADABLE, parts_of
from workflows.forms.refusals import DocumentBroken, DocumentSwells
from workflows.forms.xlsx_blocks import refuse_if_too_far
from workflows.forms.xlsx_hidden import hidden_rows

MOST_ROWS, MOST_COLUMNS, HEAD_ROWS, MOST_SHEETS = 2000, 60, 20, 20
LAST_ROW = MOST_ROWS + HEAD_ROWS + 2


@dataclass(frozen=True)
class Rows:
    """The rows of a file from row 1 on, as texts.

    `hidden` holds the numbers of rows that the sheet does not show; `merged` names for a cell (row from 1, column
    from 0) below the first of a merged range the row of that first cell.
    """

    cells: list[list[str]]
    hidden: frozenset[int] = frozenset()
    merged: Mapping[tuple[int, int], int] = field(default_factory=dict)


def rows_of_workbook(data: bytes, is_heading: Callable[[Sequence[str]], object]) -> Rows:
    """Return the rows of the one visible sheet that has a heading, else of the first; refusals of office files.

    FieldsInvalid where several sheets have a heading, or one is filled further than any such file is.
    """
    try:
        for name, part in parts_of(data).items():
            if name.startswith("xl/worksheets/"):
                refuse_if_too_far(part)
        book = load_workbook(io.BytesIO(data), data_only=True)
        shown = [each for each in book.worksheets if each.sheet_state == "visible"][:MOST_SHEETS]
        sheets = [_rows(each) for each in shown]
    except DocumentSwells as swells:
        sentence = f"工作簿的内容过多：一次最多导入{MOST_ROWS}行，请分成几份文件，并删去表格以外的内容。"
        raise FieldsInvalid(sentence, field="file") from swells
    except (*UNREADABLE, InvalidFileException) as problem:
        raise DocumentBroken from problem
    return _the_one(sheets, is_heading)


def _rows(sheet: Worksheet) -> Rows:
    last, columns = min(sheet.max_row, LAST_ROW), min(sheet.max_column, MOST_COLUMNS)
    cells = [[_shown(value) for value in row] for row in sheet.iter_rows(1, last, 1, columns, values_only=True)]
    merged = {
        (row, each.min_col - 1): each.min_row
        for each in sheet.merged_cells.ranges
        for row in range(each.min_row + 1, min(each.max_row, last) + 1)
    }
    return Rows(cells, hidden_rows(sheet), merged)


def _the_one(sheets: Sequence[Rows], is_heading: Callable[[Sequence[str]], object]) -> Rows:
    headed = [sheet for sheet in sheets if any(map(is_heading, sheet.cells[:HEAD_ROWS]))]
    if len(headed) > 1:
        sentence = f"工作簿中有{len(headed)}张工作表都有执行数，请每张另存为一份文件后分别导入。"
        raise FieldsInvalid(sentence, field="file")
    if not sheets:
        raise DocumentBroken
    return (headed or sheets)[0]


def _shown(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"
    return "" if value is None else str(value).strip()
