"""A department's monitoring summed up at a day: who has filed, in which colours, and what the red tables are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflows.measures.watch import Colour
from workflows.state.standing import Table, Window

DUE = "08-31"
"""By when the department's summary goes to the bureau (财预〔2019〕136号 第十三条)."""


@dataclass(frozen=True)
class Watched:
    """A table with its newest checkpoint up to the day; None where none has come yet."""

    table: Table
    window: Window | None

    @property
    def filed(self) -> bool:
        """Whether the unit has filed the checkpoint's figures."""
        return self.window is not None and self.window.state in ("filed", "accepted")

    @property
    def colour(self) -> str | None:
        """Return the colour of figures that stand filed."""
        return self.window.colour if self.window and self.filed else None

    def said(self, name: str) -> str:
        """Return a text or amount of the filed figures, empty where there is none."""
        return str((self.window.figures or {}).get(name) or "") if self.window and self.filed else ""


@dataclass(frozen=True)
class UnitSum:
    """A unit's tables by what has become of their checkpoint."""

    unit: str
    due: int
    filed: int
    accepted: int
    colours: tuple[int, ...]


@dataclass(frozen=True)
class Summary:
    """All tables that were watched up to a day (ISO); colours in the order green, yellow, purple, red."""

    until: str
    watched: tuple[Watched, ...]

    @property
    def due(self) -> tuple[Watched, ...]:
        """Return the tables that have a checkpoint up to the day; of a paused project no figures are demanded."""
        return tuple(each for each in self.watched if each.window and (each.filed or not each.table.paused))

    @property
    def red(self) -> tuple[Watched, ...]:
        """Return the red tables, the furthest behind first."""
        found = (each for each in self.due if each.colour == Colour.RED)
        return tuple(sorted(found, key=_deviation))

    @property
    def missing(self) -> tuple[Watched, ...]:
        """Return the tables whose checkpoint nobody has filed."""
        return tuple(each for each in self.due if not each.filed)

    @property
    def units(self) -> tuple[UnitSum, ...]:
        """Return the sums by unit."""
        names = sorted({each.table.unit for each in self.due})
        return tuple(_sum(name, [each for each in self.due if each.table.unit == name]) for name in names)

    @property
    def all(self) -> UnitSum:
        """Return the sum of all units."""
        return _sum("", self.due)

    @property
    def coverage(self) -> Decimal | None:
        """Return the share of due tables that are filed, in percent; None where none is due."""
        return (Decimal(100 * self.all.filed) / self.all.due).quantize(Decimal("0.01")) if self.due else None


def summary(tables: Sequence[Table], until: str) -> Summary:
    """Sum tables up at a day; those that end or begin elsewhere (no plan of checkpoints, revisions) are left out."""
    watched = [Watched(table, _newest(table, until)) for table in tables if table.windows and not table.revises]
    return Summary(until, tuple(sorted(watched, key=lambda each: (each.table.unit, each.table.title))))


def _newest(table: Table, until: str) -> Window | None:
    come = [window for window in table.windows if window.date <= until]
    return max(come, key=lambda window: window.date, default=None)


def _sum(unit: str, watched: Sequence[Watched]) -> UnitSum:
    states = [each.window.state for each in watched if each.window]
    colours = tuple(sum(each.colour == colour for each in watched) for colour in Colour)
    return UnitSum(unit, len(watched), sum(each.filed for each in watched), states.count("accepted"), colours)


def _deviation(each: Watched) -> Decimal:
    return Decimal((each.window.deviation if each.window else None) or 0)
