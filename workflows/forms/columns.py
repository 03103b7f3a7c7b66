"""Puts the pieces of a broken table back into its cells: the cheapest order of cells that the layout allows."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from workflows.forms.pieces import Gap, Piece, first_unit_width

NO_WAY = 1e9
HOPELESS = 45.0
SURE = 9.0
FULL_LINE = 4.0
LONGEST_LABEL = 4
LOOKED_AT = 8
_COMPARISONS = ("≥", "≤", ">", "<", "＞", "＜")
_TO_BEGIN = {
    Gap.SAME_LINE: 0.0,
    Gap.IN_TEXT: 6.0,
    Gap.AFTER_VALUE: 1.0,
    Gap.NEXT_LINE: 1.5,
    Gap.NEW_PAGE: 0.3,
    Gap.BLANK: 0.0,
}
"""What it costs to believe that a new cell begins behind such a gap."""
_ON_ONE_LINE = (Gap.SAME_LINE, Gap.IN_TEXT, Gap.AFTER_VALUE)


@dataclass(frozen=True)
class Column:
    """A column: its usual width, words it alone holds, how its cells begin, how long a cell is at least."""

    name: str
    width: float
    words: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()
    least: float = 0.0
    same_line: bool = True

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """Every beginning of one of its words."""
        return frozenset(word[:end] for word in self.words for end in range(1, len(word) + 1))


@dataclass(frozen=True)
class Layout:
    """The columns of a table and what it costs to go from one cell to the next ("" is before and after all)."""

    columns: tuple[Column, ...]
    steps: Mapping[str, Mapping[str, float]]
    reserved: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Cell:
    """A cell put together: its column, the pieces, what it cost to believe in it."""

    column: str
    pieces: tuple[Piece, ...]
    cost: float

    @property
    def text(self) -> str:
        """The cell's text: lines joined without a blank, blanks inside a line kept."""
        return _text(self.pieces)

    @property
    def line(self) -> int:
        """The line that it begins on."""
        return self.pieces[0].line


def _text(pieces: Sequence[Piece]) -> str:
    return pieces[0].text + "".join(("" if _breaks(piece) else " ") + piece.text for piece in pieces[1:])


@dataclass(slots=True)
class _Opening:
    """How a cell in question begins: the text and the width of its first pieces, grown piece by piece."""

    text: str = ""
    width: float = 0.0
    pieces: int = 0

    def grow(self, piece: Piece) -> None:
        if self.pieces < LOOKED_AT:
            self.text += piece.text
            self.width += piece.width
            self.pieces += 1


@dataclass
class _Placing:
    pieces: Sequence[Piece]
    layout: Layout
    widths: Mapping[str, float]
    trust: float
    best: list[dict[str, tuple[float, int, str, float]]] = field(default_factory=list)
    reserved_before: list[int] = field(default_factory=lambda: [0])

    def run(self) -> list[Cell]:
        self.best = [{"": (0.0, 0, "", 0.0)}] + [{} for _ in self.pieces]
        labels = self._labels()
        for index in range(len(self.pieces)):
            self.reserved_before.append(self.reserved_before[-1] + (index in labels))
        for begin in range(len(self.pieces)):
            if self.best[begin]:
                for column in self.layout.columns:
                    self._cells_from(begin, column)
        return self._way_back()

    def _labels(self) -> set[int]:
        """Every piece that is, alone or with its neighbours, a printed label."""
        found: set[int] = set()
        for begin in range(len(self.pieces)):
            text = ""
            for end in range(begin, min(begin + LONGEST_LABEL, len(self.pieces))):
                text += self.pieces[end].text
                if text in self.layout.reserved:
                    found |= set(range(begin, end + 1))
        return found

    def _cells_from(self, begin: int, column: Column) -> None:
        steps = self.layout.steps
        into = [
            (c[0] + steps[name][column.name], name)
            for name, c in self.best[begin].items()
            if column.name in steps[name]
        ]
        if not into:
            return
        before, name = min(into)
        joins = self._boundary(self.pieces[begin], first=begin == 0)
        if joins >= NO_WAY:
            return
        running, line_width, opening = 0.0, 0.0, _Opening()
        for end in range(begin + 1, len(self.pieces) + 1):
            piece = self.pieces[end - 1]
            if end > begin + 1:
                running += self._going_on(piece, self.pieces[end - 2], line_width, column)
            line_width = piece.width if end == begin + 1 or _breaks(piece) else line_width + 0.5 + piece.width
            if running > HOPELESS or not self._may_hold(column, begin, end):
                return
            opening.grow(piece)
            known = self.best[end].get(column.name, (NO_WAY,))[0]
            if before + (joins + running) >= known:
                continue
            cost = joins + running + self._whole(column, begin, end, line_width, opening)
            cost += self._full_line_before_next(column, end, line_width)
            total = before + cost
            if cost < NO_WAY and total < known:
                self.best[end][column.name] = (total, begin, name, cost)

    def _full_line_before_next(self, column: Column, end: int, line_width: float) -> float:
        """A cell that fills its line and is followed by the very next line probably goes on there."""
        if column.words or end >= len(self.pieces) or self.pieces[end].gap is not Gap.NEXT_LINE:
            return 0.0
        room = self.widths[column.name] - line_width - first_unit_width(self.pieces[end].text)
        return FULL_LINE * self.trust if -3.5 < room <= 0.6 and not self._is_label(end) else 0.0

    def _is_label(self, index: int) -> bool:
        return self.reserved_before[index + 1] > self.reserved_before[index]

    def _boundary(self, piece: Piece, *, first: bool) -> float:
        return 0.0 if first else _TO_BEGIN[piece.gap]

    def _going_on(self, piece: Piece, before: Piece, line_width: float, column: Column) -> float:
        if column.words:
            return 0.0
        if not _breaks(piece):
            return {Gap.IN_TEXT: 0.0, Gap.AFTER_VALUE: 4.0}.get(piece.gap, 12.0)
        width = self.widths[column.name]
        room = width - line_width - first_unit_width(piece.text)
        cost = min(9.0, 2.0 + 3.0 * room) * self.trust if room > 0.6 else 0.0
        cost += self._too_wide(line_width, width)
        if piece.gap is Gap.BLANK:
            cost += 0.9 if piece.lonely and before.lonely else 3.0 if piece.lonely or before.lonely else 5.0
        return cost

    def _too_wide(self, line_width: float, width: float) -> float:
        return min(20.0, 2.5 * max(0.0, line_width - width - 0.8)) * self.trust

    def _may_hold(self, column: Column, begin: int, end: int) -> bool:
        if not column.words:
            return True
        return "".join(piece.text for piece in self.pieces[begin:end]) in column.beginnings

    def _whole(self, column: Column, begin: int, end: int, line_width: float, opening: "_Opening") -> float:
        text = opening.text
        if column.words:
            return 0.0 if text in column.words else NO_WAY
        cost = self._too_wide(line_width, self.widths[column.name])
        if text in self.layout.reserved or self.reserved_before[end] > self.reserved_before[begin]:
            cost += 14.0
        cost += 6.0 if column.starts and not text.startswith(column.starts) else 0.0
        if not column.starts and text.startswith(_COMPARISONS):
            cost += 20.0
        cost += 5.0 if column.least and opening.width < column.least else 0.0
        goes_on = self.pieces[end - 1].line != self.pieces[begin].line
        return cost + (self._side_by_side(begin, end) if goes_on else 0.0)

    def _side_by_side(self, begin: int, end: int) -> float:
        """A cell of several lines shares none with another cell, and is mostly followed by a blank line."""
        after = self.pieces[end].gap if end < len(self.pieces) else None
        shares = self.pieces[begin].gap is Gap.SAME_LINE or after is Gap.SAME_LINE
        return (5.0 if shares else 0.0) + (4.5 if after is Gap.NEXT_LINE else 0.0)

    def _way_back(self) -> list[Cell]:
        ends = {name: found[0] + self.layout.steps[name].get("", NO_WAY) for name, found in self.best[-1].items()}
        if not ends or min(ends.values()) >= NO_WAY:
            return []
        name, end = min(ends, key=lambda key: ends[key]), len(self.pieces)
        cells: list[Cell] = []
        while end > 0:
            _, begin, previous, cost = self.best[end][name]
            cells.append(Cell(name, tuple(self.pieces[begin:end]), cost))
            name, end = previous, begin
        return cells[::-1]


def _breaks(piece: Piece) -> bool:
    return piece.gap not in _ON_ONE_LINE


def place(pieces: Sequence[Piece], layout: Layout, widths: Mapping[str, float], trust: float = 1.0) -> list[Cell]:
    """Cut the pieces into cells by these column widths (full-width signs); empty where no order fits."""
    return _Placing(pieces, layout, widths, trust).run() if pieces else []


def fitted_widths(tables: Sequence[Sequence[Piece]], layout: Layout) -> dict[str, float]:
    """Learn the widths of the columns from the tables themselves: place, measure the broken lines, place again."""
    widths = {column.name: column.width for column in layout.columns}
    for trust in (0.35, 0.7, 1.0, 1.0):
        cells = [cell for pieces in tables for cell in place(pieces, layout, widths, trust)]
        measured = {column.name: _measured(cells, column, widths[column.name]) for column in layout.columns}
        if measured == widths and trust == 1.0:
            break
        widths = measured
    return widths


def _measured(cells: Sequence[Cell], column: Column, before: float) -> float:
    full: list[float] = []
    for cell in cells:
        if cell.column == column.name and not column.words:
            full += _broken_lines(cell)
    return statistics.quantiles(full, n=4, method="inclusive")[2] if len(full) > 1 else max(full, default=before)


def _broken_lines(cell: Cell) -> list[float]:
    widths: list[float] = []
    for piece in cell.pieces:
        if widths and not _breaks(piece):
            widths[-1] += 0.5 + piece.width
        else:
            widths.append(piece.width)
    return widths[:-1]
