"""Files to take along: a workbook of titled sheets, and the answer that hands a file out."""

import io
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flask import Response
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from workflows.attachments import MEDIA_TYPES

NAMING, WIDE, NARROW = 2, 28, 16
"""How many columns name a row, and how wide these and the others are, in signs."""


class Sheet(NamedTuple):
    """One sheet: its tab's name, the title above, the heads, the rows."""

    name: str
    title: str
    heads: Sequence[str]
    rows: Iterable[tuple[str | int | float, ...]]


def workbook_of(sheets: Iterable[Sheet]) -> bytes:
    """Return the workbook; a text that begins like a formula stays a text."""
    book = Workbook()
    for place, sheet in enumerate(sheets):
        _write(book.create_sheet() if place else book.active, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(page: Any, sheet: Sheet) -> None:
    page.title = sheet.name
    page.append([sheet.title])
    page["A1"].font = Font(bold=True, size=14)
    page.append(list(sheet.heads))
    for cell in page[2]:
        cell.font, cell.alignment = Font(bold=True), Alignment(horizontal="center", wrap_text=True)
        page.column_dimensions[cell.column_letter].width = WIDE if cell.column <= NAMING else NARROW
    for number, row in enumerate(sheet.rows, 3):
        for column, value in enumerate(row, 1):
            cell = page.cell(number, column, value)
            if isinstance(value, str):
                cell.data_type, cell.alignment = "s", Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "A3"


def handed_out(data: bytes, name: str) -> Response:
    """Return the answer that hands a file out under a name, whose ending says what it is."""
    response = Response(data, mimetype=MEDIA_TYPES[name.rpartition(".")[2]])
    response.headers.set("Content-Disposition", "attachment", filename=name.replace("/", "_"))
    response.headers["Cache-Control"] = "no-store"
    return response
