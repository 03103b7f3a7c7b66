"""Notes on the heads of a workbook: what the pack says of a field stands as a comment on the cell that names it."""

import re
from collections.abc import Mapping

from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

AUTHOR = "填报说明"
WIDTH, LINE, SIGNS_A_LINE = 320, 20, 22
_BESIDE = re.compile(r"[（(].*?[）)]|\s")


def annotate(sheet: Worksheet, notes: Mapping[str, str]) -> None:
    """Put each note on the first cell whose text, without what stands in brackets, is its label."""
    waiting = dict(notes)
    for row in sheet.iter_rows():
        for cell in row:
            text = waiting.pop(_BESIDE.sub("", cell.value), None) if isinstance(cell.value, str) else None
            if text:
                lines = sum(len(line) // SIGNS_A_LINE + 1 for line in text.splitlines())
                cell.comment = Comment(text, AUTHOR, width=WIDTH, height=LINE * (lines + 1))
