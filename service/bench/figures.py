"""The rows of the report: what is measured, the goal, the floor, and the figure as a ratio of the same run."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Goal:
    """A goal of the design: `at_most` where less is better."""

    name: str
    goal: float | None
    floor: float | None
    unit: str
    at_most: bool = False


@dataclass(frozen=True)
class Figure:
    """One measured row; `measured` None says that it could not be measured, and `remark` why."""

    goal: Goal
    measured: float | None
    remark: str = ""

    @property
    def verdict(self) -> str:
        """Return how the figure stands to goal and floor."""
        if self.measured is None:
            return "未测"
        if self.goal.goal is None or self._reaches(self.goal.goal):
            return "达到"
        if self.goal.floor is not None and not self._reaches(self.goal.floor):
            return "低于下限"
        return "未达目标"

    def _reaches(self, bar: float) -> bool:
        if self.measured is None:
            return False
        return self.measured <= bar if self.goal.at_most else self.measured >= bar


def ratio(mine: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of the ratios of slices that ran side by side."""
    return median(one / other for one, other in zip(mine, theirs, strict=True) if other)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share of the values lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
