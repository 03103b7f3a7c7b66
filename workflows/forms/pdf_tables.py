"""One table of a PDF over its pages: heads printed again go, rows cut by a page break are put together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from workflows.forms.form import GOES_ON
from workflows.forms.labels import HEADER
from workflows.forms.page_cells import Grid, GridCell
from workflows.forms.pdf_pages import SAME_EDGE, Framed, Ruled
from workflows.forms.source_text import folded, tight

Row = tuple[Framed, ...]
LONG_TEXT = 12
"""Signs from which the text of a row without label may be one that a page break cut."""


@dataclass
class RunningTable:
    """A table on its way over the pages: its rows, each by the boxes that begin in it; places count over all pages."""

    sides: tuple[float, float]
    rows: list[Row] = field(default_factory=list)
    below: float = 0.0

    @classmethod
    def begin(cls, part: Ruled, height: float) -> "RunningTable":
        """Take a page's table; `height` is that of the pages before."""
        return cls(part.sides, list(_rows(part, height)), part.bottom + height)

    def goes_on_in(self, part: Ruled) -> bool:
        """Whether a table at the head of the next page has the same edges."""
        return all(abs(left - right) <= SAME_EDGE for left, right in zip(self.sides, part.sides, strict=True))

    def go_on(self, part: Ruled, height: float) -> None:
        """Add the next page's rows."""
        rows = list(_rows(part, height))
        while rows and _is_head_again(rows[0], self.rows):
            _let_reach(self, rows.pop(0))
        if rows and _is_rest(rows[0], self):
            _mend(self, rows.pop(0))
        if rows:
            rows[0] = _without_reaching(self, rows[0], rows)
        self.rows += rows
        self.below = part.bottom + height

    def grid(self, line: int) -> Grid:
        """Return the whole table as a grid at a place of the document."""
        rows = _without_pieces(self.rows)
        columns = _edges(box.x0 for row in rows for box in row)
        tops = _edges(box.top for row in rows for box in row)
        return Grid(line, tuple(_cell(box, columns, tops) for row in rows for box in row))


def _rows(table: Ruled, height: float) -> Iterator[Row]:
    """Yield the rows of a page's table, their places counted from the first page's upper edge."""
    tops = _edges(box.top for box in table.boxes)
    for top in tops:
        begun = [box for box in table.boxes if abs(box.top - top) <= SAME_EDGE]
        yield tuple(
            replace(box, top=box.top + height, bottom=box.bottom + height)
            for box in sorted(begun, key=lambda box: box.x0)
        )  # fmt: skip


def _is_head_again(row: Row, before: Sequence[Row]) -> bool:
    printed = _printed(row)
    is_header = any(folded(box.text) in HEADER for box in row)
    known = before if is_header else before[:1]
    return bool(any(text for *_, text in printed)) and any(_printed(each) == printed for each in known)


def _printed(row: Row) -> list[tuple[int, int, str]]:
    return [(round(box.x0 / SAME_EDGE), round(box.x1 / SAME_EDGE), tight(box.text)) for box in row]


def _let_reach(table: RunningTable, head: Row) -> None:
    """Let a box of the heads that stands beside this page's rows, too, go on to where it ends."""
    end = min(box.bottom for box in head)
    for box in (each for each in head if each.bottom > end + SAME_EDGE):
        above = next((each for each in _last_over(table) if _same_column(box, each)), None)
        if above is not None:
            _replace(table, above, replace(above, bottom=box.bottom))


def _is_rest(row: Row, table: RunningTable) -> bool:
    """Whether a row that a page begins with is the rest of the row that the page before ended with.

    In an indicator's row it has neither name nor value of its own, elsewhere its left box is empty.
    """
    last = _last_over(table)
    filled = [box for box in row if box.text]
    if not filled or any(box.text.startswith(GOES_ON) for box in filled):
        return False
    if not all(any(_same_column(box, above) and above.text for above in last) for box in filled):
        return False
    header = next((each for each in reversed(table.rows) if any(folded(box.text) == HEADER[2] for box in each)), None)
    if header is None:
        return not row[0].text and len(filled) == 1 and len(_above(filled[0], last).text) >= LONG_TEXT
    return _cut_indicator(row, header)


def _cut_indicator(row: Row, header: Row) -> bool:
    names = {folded(box.text): box for box in header}
    own = [names[name] for name in ("三级指标", "指标值") if name in names]
    under = [box for box in row for head in own if box.x0 <= (head.x0 + head.x1) / 2 <= box.x1]
    return any(not box.text for box in under) and not any(
        box.text for box in row if box.x1 <= names[HEADER[2]].x0 + SAME_EDGE
    )


def _last_over(table: RunningTable) -> list[Framed]:
    return [box for row in table.rows for box in row if box.bottom >= table.below - SAME_EDGE]


def _same_column(one: Framed, other: Framed) -> bool:
    return abs(one.x0 - other.x0) <= SAME_EDGE and abs(one.x1 - other.x1) <= SAME_EDGE


def _above(box: Framed, last: Sequence[Framed]) -> Framed:
    return next(above for above in last if _same_column(box, above))


def _mend(table: RunningTable, rest: Row) -> None:
    for box in (each for each in rest if each.text):
        above = _above(box, _last_over(table))
        _replace(table, above, replace(above, text=above.text + box.text))


def _without_reaching(table: RunningTable, row: Row, rows: Sequence[Row]) -> Row:
    """Let a label that covers rows on both pages cover them all, printed on one of them; return the row without it."""
    kept = []
    for box in row:
        above = next((each for each in _last_over(table) if _same_column(box, each)), None)
        if above is None or (box.text and above.text) or max(_covered(box, rows), _covered(above, table.rows)) < 2:
            kept.append(box)
        else:
            _replace(table, above, replace(above, bottom=box.bottom, text=above.text + box.text))
    return tuple(kept)


def _covered(box: Framed, rows: Sequence[Row]) -> int:
    return sum(1 for row in rows if row and box.top - SAME_EDGE <= row[0].top < box.bottom - SAME_EDGE)


def _replace(table: RunningTable, old: Framed, new: Framed) -> None:
    table.rows = [tuple(new if each is old else each for each in row) for row in table.rows]


def _edges(places: Iterable[float]) -> list[float]:
    """Return the distinct places, those that are nearly one taken as one."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > SAME_EDGE:
            found.append(place)
    return found


def _without_pieces(rows: Sequence[Row]) -> list[Row]:
    """Put texts together that were cut over several rows with （续）; a row of nothing else goes."""
    kept: list[Row] = []
    for row in rows:
        filled = [box for box in row if box.text]
        if filled and all(box.text.startswith(GOES_ON) for box in filled) and _all_above(filled, kept):
            for box in filled:
                at, above = next(
                    (at, each) for at in range(len(kept) - 1, -1, -1) for each in kept[at] if _same_column(each, box)
                )
                whole = replace(above, text=above.text + box.text.removeprefix(GOES_ON))
                kept[at] = tuple(whole if each is above else each for each in kept[at])
        else:
            kept.append(row)
    return kept


def _all_above(boxes: Sequence[Framed], rows: Sequence[Row]) -> bool:
    return all(any(_same_column(each, box) for row in rows for each in row) for box in boxes)


def _cell(box: Framed, columns: Sequence[float], tops: Sequence[float]) -> GridCell:
    column = max(at for at, x in enumerate(columns) if x <= box.x0 + SAME_EDGE)
    row = max(at for at, y in enumerate(tops) if y <= box.top + SAME_EDGE)
    wide = sum(1 for x in columns if box.x0 + SAME_EDGE < x < box.x1 - SAME_EDGE) + 1
    high = sum(1 for y in tops if box.top + SAME_EDGE < y < box.bottom - SAME_EDGE) + 1
    return GridCell(row, column, box.text, high, wide)
