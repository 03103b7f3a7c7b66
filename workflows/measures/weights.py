"""What points each indicator row would get by the pack: the proposal that a unit edits and the 批复 freezes."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from workflows.packs import Pack

CENT = Decimal("0.01")


def propose_weights(content: Mapping[str, Any], pack: Pack) -> dict[str, Decimal]:
    """Return points per row id, two decimals, that add up with the execution points to 100.00 exactly.

    First-level points are spread evenly over the rows of the class, the rest to the first (domain.md 13, Weights).
    Rows of a class that the pack's tree does not have take part in none and get 0.00.
    """
    rows = content["indicators"]
    weights = {row["id"]: Decimal("0.00") for row in rows}
    for level1, points in level_points(content, pack).items():
        ids = [row["id"] for row in rows if row["level1"] == level1 and counts(row, pack)]
        weights.update(zip(ids, spread(points, len(ids)), strict=True))
    return weights


def counts(row: Mapping[str, Any], pack: Pack) -> bool:
    """Whether the row carries points of its own: not one that the execution points already count."""
    return row["level3"] not in pack.execution.counted_rows


def level_points(content: Mapping[str, Any], pack: Pack) -> dict[str, Decimal]:
    """Return the points of each first-level class that has rows; absent classes are given away by the pack's rule."""
    present = {row["level1"] for row in content["indicators"] if counts(row, pack)}
    points = {level.name: level.weight for level in pack.tree}
    for rule in pack.redistribution:
        if rule.absent not in present:
            _give_away(points, rule.absent, [step for step in rule.to if step[0] in present])
    kept = {name: value for name, value in points.items() if name in present}
    left = sum(points.values(), Decimal(0)) - sum(kept.values(), Decimal(0))
    return _top_up(kept, left)


def _give_away(points: dict[str, Decimal], absent: str, steps: Sequence[tuple[str, Decimal | None]]) -> None:
    for name, share in steps:
        moved = points[absent] if share is None else min(share, points[absent])
        points[absent] -= moved
        points[name] += moved


def _top_up(kept: dict[str, Decimal], left: Decimal) -> dict[str, Decimal]:
    """Spread what no rule placed in proportion over the classes that are there, the rest to the first."""
    total = sum(kept.values(), Decimal(0))
    if not kept or left == 0:
        return kept
    grown = {name: (value + left * value / total).quantize(CENT, ROUND_HALF_UP) for name, value in kept.items()}
    first = next(iter(grown))
    grown[first] += total + left - sum(grown.values(), Decimal(0))
    return grown


def spread(points: Decimal, count: int) -> list[Decimal]:
    """Return points split evenly in hundredths over count rows, the rest on the first; sums to points exactly."""
    if count == 0:
        return []
    each = (points / count).quantize(CENT, "ROUND_DOWN")
    return [points.quantize(CENT) - each * (count - 1), *[each] * (count - 1)]
