"""靶子移动率: how many rows had their target lowered by a revision opened after the cut-off (domain.md 7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from workflows.content.quantities import Unlike, day_of, interval_of, measured, target_of
from workflows.content.targets import Way
from workflows.measures.row_points import way_of

Row = Mapping[str, Any]
HUNDRED = Decimal(100)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Held:
    """A content that was in force, and whether the revision that brought it was opened after the cut-off (late)."""

    content: Mapping[str, Any]
    late: bool = False


@dataclass(frozen=True)
class Moves:
    """Rows whose target a late revision lowered, and all rows of the versions before any such revision."""

    lowered: int
    rows: int

    @property
    def percent(self) -> Decimal | None:
        """Return lowered ÷ rows in percent, two places; None where there is no row."""
        return (self.lowered * HUNDRED / self.rows).quantize(CENT) if self.rows else None


def moves(tables: Iterable[Sequence[Held]]) -> Moves:
    """Return the share over tables, each given by its contents in the order in which they came into force."""
    lowered = rows = 0
    for held in tables:
        moved = lowered_rows(held)
        lowered, rows = lowered + len(moved), rows + len(_rows_before(held))
    return Moves(lowered, rows)


def earlier_targets(contents: Sequence[Mapping[str, Any]]) -> Mapping[str, tuple[str, ...]]:
    """Return by row ID the printed targets that it had before the last of these contents, where it has another now."""
    *before, last = contents
    now = {row["id"]: _printed(row) for row in last["indicators"]}
    found: dict[str, tuple[str, ...]] = dict.fromkeys(now, ())
    for content in before:
        for row in content["indicators"]:
            old = _printed(row)
            if row["id"] in now and old not in (now[row["id"]], *found[row["id"]]):
                found[row["id"]] += (old,)
    return found


def _printed(row: Row) -> str:
    return target_of(row).raw or ""


def lowered_rows(held: Sequence[Held]) -> frozenset[str]:
    """Return the IDs of the rows of a table whose target a late revision lowered or took away."""
    moved = [row for before, after in pairwise(held) if after.late for row in _moved(before.content, after.content)]
    return frozenset(moved) & _rows_before(held)


def lowered(before: Row, after: Row) -> bool:
    """Whether a row's target asks for less than before: fewer where more is good, more where less is good, later.

    A number that became words, or words where the unit is no longer the same, count as lowered: nobody can say
    otherwise. Words against words are left alone.
    """
    old, new = target_of(before), target_of(after)
    if (old.raw, old.op, old.value, old.unit) == (new.raw, new.op, new.value, new.unit):
        return False
    if (bounds := interval_of(old)) and (wider := interval_of(new)):
        return wider.low < bounds.low or wider.high > bounds.high
    if old.value is None or old.op is None:
        return False
    return new.value is None or new.op is None or _asks_less(before, after)


def _asks_less(before: Row, after: Row) -> bool:
    old, new = target_of(before), target_of(after)
    if old.unit == "date":
        return new.unit != "date" or day_of(str(new.value)) > day_of(str(old.value))
    try:
        pair = measured(before, f"{new.value}{new.unit or ''}")
    except Unlike:
        return True
    return pair.actual > pair.target if way_of(before).way == Way.REVERSE else pair.actual < pair.target


def _moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    new = {row["id"]: row for row in after["indicators"]}
    return [
        row["id"] for row in before["indicators"] if row["id"] not in new or lowered(row, new[row["id"]])
    ]


def _rows_before(held: Sequence[Held]) -> frozenset[str]:
    """Return the rows of the last version before the first late revision."""
    first = next((number for number, each in enumerate(held) if each.late), len(held))
    return frozenset(row["id"] for each in held[max(first - 1, 0):first or 1] for row in each.content["indicators"])
