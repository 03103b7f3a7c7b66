"""Printed grids as rows of cells: tab-separated tables and Markdown tables, rows broken over lines joined again."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from workflows.forms.labels import begins_label, is_label
from workflows.forms.source_text import Line, clean, folded

_LONGEST_BREAK = 40


@dataclass(frozen=True)
class Row:
    """One row: the line it begins on and its cells as printed (a line outside any grid is a row of one cell)."""

    line: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> list[tuple[int, str]]:
        """The cells that hold something, with their column from 0."""
        return [(column, clean(cell)) for column, cell in enumerate(self.cells) if clean(cell)]

    @property
    def text(self) -> str:
        """All that is printed in the row."""
        return " ".join(cell for _, cell in self.filled)


def tab_rows(lines: Sequence[Line], columns: int, is_heading: Callable[[str], bool]) -> list[Row]:
    """Gather tab-separated rows of so many columns; a row or its last cell may go on over the following lines."""
    rows: list[Row] = []
    after_blank = True
    for line in lines:
        if line.blank:
            after_blank = True
            continue
        cells = tuple(line.text.split("\t"))
        last = rows[-1] if rows else None
        if last and _goes_on(last, cells, columns, after_blank=after_blank) and not is_heading(line.text):
            rows[-1] = _extended(last, cells, columns)
        else:
            rows.append(Row(line.number, cells))
        after_blank = False
    return rows


def _goes_on(row: Row, cells: tuple[str, ...], columns: int, *, after_blank: bool) -> bool:
    if len(row.cells) == 1:
        return False
    if len(row.cells) < columns:
        return len(row.cells) + len(cells) - 1 <= columns
    return len(cells) == 1 and not after_blank


def _extended(row: Row, cells: tuple[str, ...], columns: int) -> Row:
    if len(row.cells) < columns:
        return Row(row.line, (*row.cells[:-1], row.cells[-1] + cells[0], *cells[1:]))
    where = max((column for column, _ in row.filled), default=len(row.cells) - 1)
    return Row(row.line, (*row.cells[:where], row.cells[where] + cells[0], *row.cells[where + 1 :]))


def markdown_rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Gather the rows of Markdown tables; rules are left out, other lines come as rows of one cell."""
    waiting, begun = "", 0
    for line in lines:
        text = line.text.strip()
        if not waiting and not text.startswith("|"):
            if text:
                yield Row(line.number, (text,))
            continue
        begun = begun if waiting else line.number
        waiting += text
        if text.endswith("|") or line.number - begun > _LONGEST_BREAK:
            if not re.fullmatch(r"[\s|:-]+", waiting) or "-" not in waiting:
                yield Row(begun, tuple(waiting.strip("|").split("|")) if waiting.endswith("|") else (waiting,))
            waiting = ""
    if waiting:
        yield Row(begun, tuple(waiting.strip("|").split("|")))


def with_whole_labels(rows: Iterable[Row]) -> list[Row]:
    """Mend labels that a page break cut in two: the rest stands in the same column of the next row."""
    mended = list(rows)
    for index, row in enumerate(mended):
        for column, cell in row.filled:
            if not is_label(cell) and begins_label(cell):
                _mend(mended, index, column)
    return mended


def _mend(rows: list[Row], index: int, column: int) -> None:
    whole = clean(rows[index].cells[column])
    for after in range(index + 1, min(index + 4, len(rows))):
        rest = clean(rows[after].cells[column]) if column < len(rows[after].cells) else ""
        if not rest or not (is_label(whole + rest) or begins_label(whole + rest)):
            continue
        whole += rest
        rows[after] = _replaced(rows[after], column, "")
        if is_label(whole):
            break
    if is_label(whole):
        rows[index] = _replaced(rows[index], column, whole)


def _replaced(row: Row, column: int, text: str) -> Row:
    return Row(row.line, (*row.cells[:column], text, *row.cells[column + 1 :]))


def pairs(row: Row, labels: frozenset[str]) -> list[tuple[str, str | None]]:
    """Read a row of label and value boxes; a label with nothing before the next label has null."""
    found: list[tuple[str, str | None]] = []
    for _, cell in row.filled:
        label = folded(cell).rstrip(":").removeprefix("其中:")
        if label in labels:
            found.append((label, None))
        elif found and found[-1][1] is None:
            found[-1] = (found[-1][0], cell)
        else:
            found.append(("", cell))
    return found
