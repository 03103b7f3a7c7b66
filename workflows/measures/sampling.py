"""Which tables the bureau checks (财政抽查): all that stand out, and a share of the rest by lot from a seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from math import ceil
from uuid import UUID

from workflows.packs import SamplingRules
from workflows.state.rectifications import GRADE, JUMP, LOT, TOTAL
from workflows.vocabulary import Grade


@dataclass(frozen=True)
class Candidate:
    """A table that can be drawn, with its self-evaluation's total and grade; `last` is last year's total."""

    table: UUID
    total: Decimal
    grade: Grade
    last: Decimal | None = None


def lot(seed: str, table: UUID) -> str:
    """Return the number that a table draws: SHA-256 of the seed and its ID, one a line (hex); the smallest win."""
    return sha256(f"{seed}\n{table}".encode()).hexdigest()


def draw(candidates: Sequence[Candidate], seed: str, rules: SamplingRules) -> tuple[tuple[UUID, str], ...]:
    """Return the drawn tables with the reason why: what stands out, then by lot a share of the rest, rounded up.

    The same candidates, seed and rules give the same tables in the same order.
    """
    named = [(each.table, why) for each in candidates if (why := stands_out(each, rules))]
    taken = {table for table, _ in named}
    rest = sorted((each.table for each in candidates if each.table not in taken), key=lambda table: lot(seed, table))
    share = ceil(Fraction(rules.percent) * len(rest) / 100)
    return (*sorted(named), *((table, LOT) for table in rest[:share]))


def stands_out(candidate: Candidate, rules: SamplingRules) -> str:
    """Return why a table is checked whatever the lot says; empty where nothing stands out."""
    if candidate.grade in rules.grades:
        return GRADE
    if candidate.total in rules.totals:
        return TOTAL
    jumped = candidate.last is not None and abs(candidate.total - candidate.last) > rules.jump
    return JUMP if jumped else ""
