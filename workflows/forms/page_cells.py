"""A document as blocks: paragraphs and grids of cells with spans, whatever kind of file they were printed in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    """A text outside any grid; `line` is its ordinal place in the document, from 1, for findings."""

    line: int
    text: str


@dataclass(frozen=True)
class GridCell:
    r"""A printed box: where it begins (row and column from 0), its text (lines parted by \\n), how much it covers."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Grid:
    """A grid of boxes in reading order that do not overlap; row r is at place `line` + r of the document."""

    line: int
    cells: tuple[GridCell, ...]

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max((cell.column + cell.columns for cell in self.cells), default=0)

    @property
    def height(self) -> int:
        """How many rows it has."""
        return max((cell.row + cell.rows for cell in self.cells), default=0)

    def rows(self) -> Iterator["GridRow"]:
        """Every row with the boxes it shows: those that begin in it and those that reach into it from above."""
        shown: list[list[GridCell]] = [[] for _ in range(self.height)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.rows):
                shown[row].append(cell)
        for number, cells in enumerate(shown):
            yield GridRow(self.line + number, number, tuple(sorted(cells, key=lambda cell: cell.column)))


@dataclass(frozen=True)
class GridRow:
    """One row of a grid: its place in the document, its number in the grid, its boxes from left to right."""

    line: int
    number: int
    cells: tuple[GridCell, ...]

    @property
    def begun(self) -> tuple[GridCell, ...]:
        """The boxes that begin in this very row."""
        return tuple(cell for cell in self.cells if cell.row == self.number)

    def at(self, column: int) -> GridCell | None:
        """Return the box that covers a column, None where none does."""
        return next((cell for cell in self.cells if cell.column <= column < cell.column + cell.columns), None)


Block = Paragraph | Grid


def printed_text(blocks: Sequence[Block]) -> str:
    """All that is printed, a line for each paragraph and box, for recognising the family."""
    texts: list[str] = []
    for block in blocks:
        texts += [block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]
    return "\n".join(texts)
