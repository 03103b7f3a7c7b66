"""Experts from outside as values (R11, S11): to whom a table was given for review, until when, and what they scored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

ASSIGNED, UNRELATED, EXCLUDED, SCORED = "assigned", "unrelated", "excluded", "scored"
STATES = {ASSIGNED: "待声明回避", UNRELATED: "评审中", EXCLUDED: "已回避", SCORED: "已评分"}
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Expert:
    """One assignment: whom, at which node of which round, by whom, until which Beijing day (ISO), what came of it.

    `items` hold points and comment by sub-item of the review form, `total` is of 100; empty until it is scored.
    """

    assignment: str
    node: str
    round: int
    person: str
    name: str
    by: str
    until: str
    state: str = ASSIGNED
    items: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    total: str = ""
    grade: str = ""
    opinion: str = ""
    content_hash: str = ""


@dataclass(frozen=True)
class Spread:
    """What experts' totals say together: how many, the mean (two decimals, half up), the lowest and the highest."""

    number: int
    mean: Decimal
    lowest: Decimal
    highest: Decimal

    @property
    def width(self) -> Decimal:
        """Return how far the totals lie apart."""
        return self.highest - self.lowest


def spread_of(experts: Sequence[Expert], content_hash: str) -> Spread | None:
    """Return what the scores for this content say together, None where there is none."""
    totals = [Decimal(each.total) for each in experts if each.state == SCORED and each.content_hash == content_hash]
    if not totals:
        return None
    mean = (sum(totals, Decimal(0)) / len(totals)).quantize(CENT, ROUND_HALF_UP)
    return Spread(len(totals), mean, min(totals), max(totals))
