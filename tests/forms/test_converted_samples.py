"""The samples as a conversion leaves them in Word and Excel: cells as extracted, shifted, cut and with mark-up rests."""

import io
from collections.abc import Callable, Sequence

import pytest
from docx import Document
from docx.table import Table
from openpyxl import Workbook

from tests.forms.comparing import without_blanks
from tests.forms.test_samples import SAMPLES, expected
from workflows.forms import reading_hebei_project
from workflows.forms.grids import markdown_rows, tab_rows
from workflows.forms.reading import read_document
from workflows.forms.source_text import Line

Rows = Sequence[Sequence[str]]


def _heading(text: str) -> bool:
    tight = "".join(text.split())
    return tight.endswith("绩效目标表") or (tight.startswith(("(20", "（20")) and len(tight) < 11)


def rows_of(name: str) -> Rows:
    """The cells of a sample's rows as its text prints them."""
    text = (SAMPLES / f"{name}.txt").read_text(encoding="utf-8")
    lines = [Line(number, line) for number, line in enumerate(text.split("\n"), 1)]
    if name == "ningxia-region-project":
        return [row.cells for row in markdown_rows(lines)]
    if name == "hebei-department-projects":
        return _one_cell_a_line(lines)
    return [row.cells for row in tab_rows(lines, 5, _heading)]


def _one_cell_a_line(lines: Sequence[Line]) -> Rows:
    """Hebei's export prints every cell on a line behind a tab; what stands before its tables are paragraphs."""
    begin = next(number for number, line in enumerate(lines) if reading_hebei_project._begins_tables(line))
    prose = [(line.text,) for line in lines[:begin] if not line.blank]
    return [*prose, *(row.cells for row in reading_hebei_project._rows(lines[begin:]))]


def as_docx(rows: Rows) -> bytes:
    """A Word table wherever rows have cells."""
    document, table = Document(), None
    for row in rows:
        if len(row) == 1:
            document.add_paragraph(row[0])
            table = None
            continue
        if table is None or len(table.columns) != len(row):
            table = document.add_table(0, len(row))
        _fill(table, row)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _fill(table: Table, row: Sequence[str]) -> None:
    for cell, text in zip(table.add_row().cells, row, strict=True):
        cell.text = text.strip()


def as_xlsx(rows: Rows) -> bytes:
    """One sheet without borders or merged cells."""
    book = Workbook()
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            if text.strip():
                book.worksheets[0].cell(number, column).value = text.strip()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("make", [as_docx, as_xlsx])
@pytest.mark.parametrize(
    "name", ["ningxia-county-projects", "henan-unit-overall", "ningxia-region-project", "hebei-department-projects"]
)
def test_converted_sample_gives_expected_json(name: str, make: Callable[[Rows], bytes]) -> None:
    """Everything but blanks inside texts counts, as for the text itself."""
    reading = read_document(make(rows_of(name)), f"{name}.txt")
    assert without_blanks(reading.document) == without_blanks(expected(name))
