"""Where every box of a table of boxes stands, with how it is printed."""

from collections.abc import Iterator

from workflows.forms.form import Box, Boxes


def placed(boxes: Boxes) -> Iterator[tuple[int, int, Box]]:
    """Yield row, column (both from 0) and box: each takes the first free columns of its row from the left."""
    covered: set[tuple[int, int]] = set()
    for row, begun in enumerate(boxes.rows):
        column = 0
        for box in begun:
            while (row, column) in covered:
                column += 1
            covered |= {(row + down, column + right) for down in range(box.rows) for right in range(box.columns)}
            yield row, column, box
            column += box.columns
