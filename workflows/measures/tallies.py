"""What statistics need of a table at a moment, in few plain values: computed from its history alone, kept beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from workflows.vocabulary import Stage

GONE = frozenset({Stage.REFUSED, Stage.VOIDED, Stage.TERMINATED})
"""Tables in these stages are no projects of the year any more."""
OVERALL = frozenset({"unit", "department"})
"""Scopes of tables about overall spending: they carry the ratios and are no projects."""
ALL_FULL, TOTAL_FULL, ALIKE, ALL_EIGHTY = "all_full", "total_full", "alike", "all_eighty"
PATTERNS = {
    ALL_FULL: "自评各行均为满分", TOTAL_FULL: "自评总分100", ALL_EIGHTY: "指标值均为“≥80”", ALIKE: "指标值雷同",
}  # fmt: skip
"""Patterns that deserve a second look; each row of the statistics says which tables show it."""


@dataclass(frozen=True)
class Tally:
    """A table in numbers. `windows` hold [key, name, day, state, colour]; `returns` [stage, [criteria]] of each return.

    `comments` count by criterion; `moved` holds [rows lowered by late revisions, of how many, rows lowered by any, of
    how many]; `gap` is the self score less the one given anew, both decimal texts. What is empty is not written: many
    tallies are read at once, and most of their fields are empty.
    """

    table: str
    department: str
    unit: str
    year: int
    scope: str
    stage: str
    revises: bool = False
    left_unit: bool = False
    replied: bool = False
    windows: Sequence[Sequence[str | None]] = ()
    evaluation_opened: bool = False
    evaluated: bool = False
    self_total: str | None = None
    total: str | None = None
    grade: str | None = None
    gap: str | None = None
    assessed: Sequence[bool] = ()
    recommended: Sequence[bool] = ()
    mended: Sequence[bool] = ()
    returns: Sequence[Sequence[Any]] = ()
    comments: Sequence[Sequence[Any]] = ()
    patterns: Sequence[str] = ()
    moved: Sequence[int] = ()

    @property
    def project(self) -> bool:
        """Whether it counts as one of the year's projects: no revision, no table on overall spending, not gone."""
        return not self.revises and self.scope not in OVERALL and self.stage not in GONE

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values, what is empty left out."""
        return {name: value for name, value in vars(self).items() if value}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return it from its JSON values, unchecked: only what `to_json` wrote comes here."""
        made = object.__new__(cls)
        made.__dict__.update(value)
        return made

    @classmethod
    def of(cls, **facts: Any) -> Self:
        """Return it from its facts, what is empty as if it had never been said."""
        return cls.from_json({name: value for name, value in facts.items() if value})
