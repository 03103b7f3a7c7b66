"""What a workbook hides: rows and sheets that are not read, columns that are, each told as a finding of the reader."""

from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from workflows.forms.notebook import Notebook, Sort
from workflows.forms.xlsx_values import shown

LAST_ROW, LAST_COLUMN = 5000, 200
ROWS_OF_A_SHEET = 200
"""Rows of a hidden sheet that are looked at for its words."""
MOST_WORDS = 40
"""Cells that a finding repeats."""


def hidden_rows(sheet: Worksheet) -> frozenset[int]:
    """Return the numbers of the rows, from 1, that the sheet does not show."""
    return frozenset(number for number, row in sheet.row_dimensions.items() if row.hidden)


def note_hidden(sheet: Worksheet, line: int, notebook: Notebook) -> None:
    """Note hidden rows and columns that hold something, those beside one another together; `line` is row 1's place."""
    for first, last in _runs(number for number in hidden_rows(sheet) if number <= LAST_ROW):
        said = _said(sheet, (first, last), (1, LAST_COLUMN))
        _note(notebook, line + first - 1, said, f"隐藏的第{first}至{last}行，未读取")
    for first, last in _runs(_hidden_columns(sheet)):
        names = f"{get_column_letter(first)}至{get_column_letter(last)}"
        _note(notebook, line, _said(sheet, (1, LAST_ROW), (first, last)), f"隐藏的{names}列，内容照读")


def note_hidden_sheet(sheet: Worksheet, line: int, notebook: Notebook) -> None:
    """Note a hidden sheet that holds something, by its name and words."""
    said = _said(sheet, (1, ROWS_OF_A_SHEET), (1, LAST_COLUMN))
    _note(notebook, line, said, f"隐藏的工作表《{sheet.title}》，未读取")


def _hidden_columns(sheet: Worksheet) -> Iterator[int]:
    for each in sheet.column_dimensions.values():
        if each.hidden and each.min:
            yield from range(each.min, min(each.max or each.min, LAST_COLUMN) + 1)


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of the numbers that follow one another."""
    for _, run in groupby(enumerate(sorted(set(numbers))), lambda pair: pair[1] - pair[0]):
        own = [number for _, number in run]
        yield own[0], own[-1]


def _said(sheet: Worksheet, rows: tuple[int, int], columns: tuple[int, int]) -> Iterator[str]:
    last_row, last_column = min(rows[1], sheet.max_row), min(columns[1], sheet.max_column)
    if last_row < rows[0] or last_column < columns[0]:
        return
    for row in sheet.iter_rows(min_row=rows[0], max_row=last_row, min_col=columns[0], max_col=last_column):
        yield from filter(None, (shown(cell.value, cell.number_format).strip() for cell in row))


def _note(notebook: Notebook, line: int, said: Iterator[str], guess: str) -> None:
    text = " ".join(islice(said, MOST_WORDS))
    if text:
        notebook.note(line, text, guess, Sort.HIDDEN)
