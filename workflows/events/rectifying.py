"""Facts of what follows from an evaluation: points given anew, tables drawn for a check, rectifications (整改)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.events.fact import Event


@dataclass(frozen=True)
class SelfEvaluationRescored(Event):
    """The department or the bureau gave rows other points, beside the unit's own, each with its reason.

    `rows` hold row, self (the unit's points), before (those in force), points, reason, decision: rescored, kept
    (a proposal of fewer points was not taken) or consented (the row does not apply). Total and grade are what counts,
    by the rules of `pack` (E7; empty in a shape 1).
    """

    kind = "selfeval.rescored"
    shape = 2
    node: str
    task: str
    level: str
    rows: tuple[Mapping[str, Any], ...]
    total: str
    grade: str
    pack: str
    pack_hash: str


@dataclass(frozen=True)
class SelfEvaluationDrawn(Event):
    """The table was drawn for the bureau's check (财政抽查): by lot, or because of its grade, total or jump."""

    kind = "selfeval.drawn"
    sampling: str
    why: str


@dataclass(frozen=True)
class SamplingDrawn(Event):
    """The bureau drew tables for its check: the seed, all tables that could be drawn, and those that were.

    `candidates` hold table, total, grade, last (last year's total or None); `drawn` hold table and why. Anybody who
    has the seed draws the same tables: see workflows/measures/sampling.py.
    """

    kind = "sampling.drawn"
    year: int
    department: str
    seed: str
    percent: str
    rules: Mapping[str, Any]
    candidates: tuple[Mapping[str, Any], ...]
    drawn: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class RectificationOrdered(Event):
    """The department or the bureau ordered the unit to mend something by a day; `cut` is a proposed cut of the budget.

    `cause` is selfeval or monitoring (then `window` may name the checkpoint); `cut` is in the table's own unit.
    """

    kind = "rectification.ordered"
    erasable = ("problem",)
    rectification: str
    cause: str
    window: str
    measures: tuple[str, ...]
    cut: str | None
    problem: str
    deadline: str


@dataclass(frozen=True)
class RectificationDone(Event):
    """The unit reported what it did."""

    kind = "rectification.done"
    erasable = ("report",)
    rectification: str
    node: str
    task: str
    report: str


@dataclass(frozen=True)
class RectificationVerified(Event):
    """Whoever ordered a rectification looked at it: `pass` ends it, `return` sets another deadline."""

    kind = "rectification.verified"
    erasable = ("opinion",)
    rectification: str
    node: str
    task: str
    outcome: str
    deadline: str | None
    opinion: str
