"""Which tables of a year get a story of their own: returned ones, some after the cut-off, one in the red, one late."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.year.dice import Dice

PERCENT_RETURNED = 20
PERCENT_OVERSLEPT = 15


@dataclass(frozen=True)
class Cast:
    """The tables with a story: `returned` by their department, `troubled` in the red, `late` past the deadline.

    Those `overslept` are first handed in after the cut-off of the year's goals, and refused.
    """

    returned: frozenset[UUID]
    troubled: UUID
    late: UUID
    overslept: frozenset[UUID] = frozenset()


def cast_of(dice: Dice, tables: Sequence[UUID]) -> Cast:
    """Throw who gets which story, each at least once; where there is only one table it gets them all."""
    order = sorted(tables, key=lambda table: (dice.number("order", table), table))
    by_chance = {table for table in order if dice.below(PERCENT_RETURNED, "returned", table)}
    overslept = {table for table in order if dice.below(PERCENT_OVERSLEPT, "overslept", table)}
    return Cast(
        frozenset({order[0], *by_chance}), troubled=order[1 % len(order)], late=order[2 % len(order)],
        overslept=frozenset({order[-1], *overslept}),
    )  # fmt: skip
