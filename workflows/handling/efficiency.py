"""What visits come to at each node: how many, how many in time, the median and ninetieth percentile of their time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from workflows.handling.visits import Visit

PLACES = Decimal("0.1")
IN_TIME, LATE, UNTIMED = "0", "1", "-"
Packed = Sequence[Any]
"""A table's visits as they are kept: nodes and days they ended joined by commas, working minutes, a sign for each."""
Row = tuple[str, str, Packed]
"""A table's ID, its organ, and its visits."""


@dataclass(frozen=True)
class Line:
    """One node, of one organ or (`organ` empty) of all: working minutes and signs of its visits, in no order."""

    node: str
    organ: str
    minutes: list[int]
    signs: list[str]

    @property
    def number(self) -> int:
        """Return how many visits ended."""
        return len(self.minutes)

    @property
    def timed(self) -> int:
        """Return how many of them had a due moment."""
        return len(self.signs) - self.signs.count(UNTIMED)

    @property
    def late(self) -> int:
        """Return how many ended after it."""
        return self.signs.count(LATE)

    @property
    def on_time(self) -> Decimal | None:
        """Return the share in percent that ended in time, of those with a due moment."""
        share = Decimal(self.timed - self.late) * 100 / self.timed if self.timed else None
        return share if share is None else share.quantize(PLACES, ROUND_HALF_UP)

    @cached_property
    def _sorted(self) -> list[int]:
        return sorted(self.minutes)

    @property
    def median(self) -> Decimal:
        """Return the median in working hours: of an even number the mean of the two in the middle."""
        middle, odd = divmod(self.number, 2)
        pair = self._sorted[middle - 1 + odd : middle + 1]
        return _hours(Decimal(sum(pair)) / len(pair))

    @property
    def p90(self) -> Decimal:
        """Return in working hours what nine of ten visits did not exceed: the nearest rank, no value in between."""
        return _hours(Decimal(self._sorted[-(-self.number * 9 // 10) - 1]))


def _hours(minutes: Decimal) -> Decimal:
    return (minutes / 60).quantize(PLACES, ROUND_HALF_UP)


def packed(visits: Iterable[Visit]) -> list[Any]:
    """Return visits as they are kept beside a table's tally."""
    listed = list(visits)
    signs = "".join({None: UNTIMED, True: LATE, False: IN_TIME}[each.late] for each in listed)
    nodes, days = (",".join(getattr(each, name) for each in listed) for name in ("node", "day"))
    return [nodes, days, [each.minutes for each in listed], signs]


def lines_of(rows: Iterable[Row], first: str = "", last: str = "") -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return a line for each node, and one for each node and organ, of the visits that ended on these days (ISO).

    An empty day is no bound. Nodes stand in the order in which they are met first, organs by their ID.
    """
    organs: dict[str, dict[str, tuple[list[int], list[str]]]] = {}
    for _table, organ, visits in rows:
        cells = organs.setdefault(organ, {})
        for node, spent, sign in _within(visits, first, last):
            cell = cells.get(node)
            if cell is None:
                cell = cells[node] = ([], [])
            cell[0].append(spent)
            cell[1].append(sign)
    names = dict.fromkeys(node for cells in organs.values() for node in cells)
    by_organ = tuple(
        Line(node, organ, *organs[organ][node]) for node in names for organ in sorted(organs) if node in organs[organ]
    )
    return tuple(_together(node, [line for line in by_organ if line.node == node]) for node in names), by_organ


def tables_behind(
    rows: Iterable[Row], line: tuple[str, str], first: str = "", last: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield (table, sign) of the visits behind a line: its node and organ (empty: all)."""
    node, whose = line
    for table, organ, visits in rows:
        if whose in ("", organ):
            yield from ((table, sign) for name, _, sign in _within(visits, first, last) if name == node)


def _within(visits: Packed, first: str, last: str) -> Iterable[tuple[str, int, str]]:
    nodes, days, minutes, signs = visits
    found = zip(nodes.split(",") if nodes else (), minutes, signs, strict=True)
    if not first and not last:
        return found
    ended = days.split(",") if days else ()
    return [each for each, day in zip(found, ended, strict=True) if first <= day <= (last or "9999")]


def _together(node: str, lines: Iterable[Line]) -> Line:
    together = Line(node, "", [], [])
    for line in lines:
        together.minutes.extend(line.minutes)
        together.signs.extend(line.signs)
    return together
