"""Whole-unit ratios (整体绩效) counted from tallies: each with numerator, denominators and the tables behind them.

Source: 部门（单位）整体绩效目标表, 投入管理指标 › 绩效管理 (domain.md 10). What counts as what: decision 0029.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from workflows.measures.tallies import Tally
from workflows.packs.pack import Ratio, UnitLoop
from workflows.state.assessments import Component

PLACES = Decimal("0.01")
COMPILED, WATCHED, EVALUATED, ASSESSED, APPLIED = "compiled", "watched", "evaluated", "assessed", "applied"
NAMES = {
    COMPILED: "绩效目标编制完成率", WATCHED: "绩效监控完成率", EVALUATED: "绩效自评完成率",
    ASSESSED: "部门绩效评价完成率", APPLIED: "评价结果应用率",
}  # fmt: skip
ABOVE = {
    COMPILED: "已完成编制的项目数", WATCHED: "已监控的项目数", EVALUATED: "已自评的项目数",
    ASSESSED: "已完成评价的项目数", APPLIED: "采纳的建议数",
}  # fmt: skip
BELOW = {
    COMPILED: "应编制的项目数", WATCHED: "部门项目总数", EVALUATED: "部门项目总数", ASSESSED: "重点评价项目数",
    APPLIED: "提出的建议数",
}  # fmt: skip
DUE = {WATCHED: "应实施监控的项目数", EVALUATED: "应自评的项目数"}
"""The other denominator, where the form's words and its formula differ."""


@dataclass(frozen=True)
class Part:
    """A number and the tables behind it; `stubs` are classified projects, known by number alone and counted in it."""

    number: int
    tables: tuple[str, ...]
    stubs: int = 0


@dataclass(frozen=True)
class Rate:
    """One ratio: numerator over `below`, and over `due` where the form names another denominator."""

    key: str
    above: Part
    below: Part
    due: Part | None = None
    by_due: bool = False

    @property
    def name(self) -> str:
        """Return the name as the form prints it."""
        return NAMES[self.key]

    @property
    def percent(self) -> Decimal | None:
        """Return the ratio in percent by the denominator chosen, None over nothing."""
        return share(self.above.number, (self.due if self.by_due and self.due else self.below).number)

    @property
    def other(self) -> Decimal | None:
        """Return the ratio by the denominator that was not chosen, None where there is one only."""
        if self.due is None:
            return None
        return share(self.above.number, (self.below if self.by_due else self.due).number)


def share(above: int, below: int) -> Decimal | None:
    """Return a share in percent, two places half up; None over nothing."""
    return (Decimal(100 * above) / below).quantize(PLACES, ROUND_HALF_UP) if below else None


def loop_of(tallies: Iterable[Tally], *, stubs: int, day: str, rules: UnitLoop | None = None) -> tuple[Rate, ...]:
    """Return the five ratios of these tables at the end of a Beijing day (ISO).

    `stubs` classified projects count as due and as done in the first; `rules` say which denominators are chosen.
    """
    projects = [each for each in tallies if each.project]
    everything = _part(projects)
    came = [(each, states) for each in projects if each.replied and (states := _checkpoints(each, day))]
    due_to_watch, watched = [each for each, _ in came], [each for each, states in came if states == {"accepted"}]
    opened = [each for each in projects if each.evaluation_opened]
    assessed = [each for each in projects if each.assessed]
    compiled = _part([each for each in projects if each.left_unit])
    return (
        Rate(COMPILED, _with(compiled, stubs), _with(everything, stubs)),
        Rate(
            WATCHED, _part(watched), everything, _part(due_to_watch),
            by_due=rules is not None and rules.monitoring == "due",
        ),
        Rate(
            EVALUATED, _part([each for each in opened if each.evaluated]), everything, _part(opened),
            by_due=rules is not None and rules.selfeval == "due",
        ),
        Rate(ASSESSED, _part([each for each in assessed if all(each.assessed)]), _part(assessed)),
        _applied([each for each in projects if each.recommended or each.mended]),
    )  # fmt: skip


def joined(loops: Sequence[tuple[Rate, ...]]) -> tuple[Rate, ...]:
    """Return the ratios of several organs together: every part is a sum; at least one organ."""
    return tuple(
        replace(rates[0], above=_sum([each.above for each in rates]), below=_sum([each.below for each in rates]),
                due=_sum([each.due for each in rates if each.due]) if rates[0].due else None)
        for rates in zip(*loops, strict=True)
    )  # fmt: skip


def _sum(parts: Sequence[Part]) -> Part:
    tables = tuple(table for part in parts for table in part.tables)
    return Part(sum(part.number for part in parts), tables, sum(part.stubs for part in parts))


def _applied(projects: Sequence[Tally]) -> Rate:
    """Count recommendations and rectifications together: adopted are those agreed to, and those found mended."""
    told = [(each.table, [*each.recommended, *each.mended]) for each in projects]
    above = Part(sum(sum(each) for _, each in told), tuple(table for table, each in told if any(each)))
    return Rate(APPLIED, above, Part(sum(len(each) for _, each in told), tuple(table for table, _ in told)))


def _part(found: Sequence[Tally]) -> Part:
    return Part(len(found), tuple(each.table for each in found))


def _with(part: Part, stubs: int) -> Part:
    return replace(part, number=part.number + stubs, stubs=stubs)


def _checkpoints(each: Tally, day: str) -> set[str | None]:
    """Return the states of the checkpoints that have come by a day, of a table with a version in force."""
    return {window[3] for window in each.windows if (window[2] or "") <= day}


def imported_percent(ratio: Ratio, component: Component) -> Decimal:
    """Return an imported ratio in percent from its components, two places half up."""
    above, below = Decimal(component.numerator), Decimal(component.denominator)
    return (100 * (above - below if ratio.change else above) / below).quantize(PLACES, ROUND_HALF_UP)
