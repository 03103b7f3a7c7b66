"""What a rule looks at and what it says: a case, a hit, a finding with its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from workflows.packs import Pack
from workflows.packs.prereview import Prereview
from workflows.surroundings import ALONE, Surroundings

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """A table under pre-review: content, the fiscal year it is filed for, its pack, what stands around it."""

    content: Mapping[str, Any]
    fiscal_year: int | None
    pack: Pack
    around: Surroundings = ALONE

    @property
    def prereview(self) -> Prereview:
        """The pack's words and thresholds of the later rules, which are asked only where the pack has them."""
        if self.pack.prereview is None:
            raise LookupError(self.pack.name)
        return self.pack.prereview

    @cached_property
    def goals(self) -> tuple[str, ...]:
        """The table's goals that say something."""
        return tuple(goal for goal in self.content["goals"] if goal and goal.strip())

    @cached_property
    def rows(self) -> tuple[tuple[str, Row], ...]:
        """The indicator rows, each with its JSON pointer; an empty level name is an empty text."""
        return tuple(
            (f"/indicators/{number}", {**row, **{name: row[name] or "" for name in ("level1", "level2", "level3")}})
            for number, row in enumerate(self.content["indicators"])
        )

    def rows_in(self, level2_part: str) -> tuple[tuple[str, Row], ...]:
        """The rows whose second level holds this word, each with its pointer."""
        return tuple((at, row) for at, row in self.rows if level2_part in row["level2"])


@dataclass(frozen=True)
class Hit:
    """One place that a rule found: JSON pointer, sentence, what to do."""

    pointer: str
    sentence: str
    suggestion: str


Hits = Iterator[Hit]


@dataclass(frozen=True)
class Finding:
    """One finding beside the table; severity B blocks submitting, W asks for a reason, I informs the reviewer."""

    rule: str
    severity: str
    pointer: str
    sentence: str
    suggestion: str


def raw_of(row: Row) -> str:
    """Return the target of a row as printed, empty where there is none."""
    return str((row["target"] or {}).get("raw") or "")


def number_of(row: Row) -> Decimal | None:
    """Return the number of a row's target; None for words and dates."""
    target = row["target"]
    return None if target["value"] is None or target["unit"] == "date" else Decimal(target["value"])
