"""Mends what a conversion left in the boxes of a grid: rests of mark-up, labels cut in two by a page break."""

from dataclasses import replace

from workflows.forms.grids import Row, with_whole_labels
from workflows.forms.notebook import Notebook
from workflows.forms.page_cells import Grid, GridCell, Paragraph
from workflows.forms.source_text import PARAGRAPH, without_marks


def mended(block: Paragraph | Grid, notebook: Notebook) -> Paragraph | Grid:
    """Return the block without rests of mark-up, its labels whole; what was cut is noted."""
    if isinstance(block, Paragraph):
        return replace(block, text=_cut(block.line, block.text, notebook))
    cut = [replace(cell, text=_cut(block.line + cell.row, cell.text, notebook)) for cell in block.cells]
    return Grid(block.line, tuple(_with_whole_labels(cut)))


def _cut(line: int, text: str, notebook: Notebook) -> str:
    parts = without_marks(line, text, notebook).split(PARAGRAPH)
    return parts[0] if len(parts) == 1 else "\n".join(part for part in map(str.strip, parts) if part)


def _with_whole_labels(cells: list[GridCell]) -> list[GridCell]:
    width = max((cell.column for cell in cells), default=-1) + 1
    rows = [[""] * width for _ in range(max((cell.row for cell in cells), default=-1) + 1)]
    for cell in cells:
        rows[cell.row][cell.column] = cell.text
    whole = with_whole_labels(Row(number, tuple(row)) for number, row in enumerate(rows))
    return [replace(cell, text=whole[cell.row].cells[cell.column]) for cell in cells]
