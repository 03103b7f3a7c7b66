"""Statistics over tallies: grades, colours over the year, why tables were returned, scores, what looks suspicious."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from workflows.measures.tallies import PATTERNS, Tally
from workflows.measures.unit_loop import PLACES, share
from workflows.measures.watch import Colour
from workflows.state.criteria import ASPECTS, Criterion
from workflows.vocabulary import Grade

STEPS_OF_SCORE = (0, 60, 70, 80, 85, 90, 95, 100)
"""Where the bars of the distribution begin; the last one holds full scores alone."""
OPEN = "open"
"""Stands among the colours for a checkpoint that has come and is not filed."""


@dataclass(frozen=True)
class Line:
    """A row of numbers with the tables behind each of them."""

    key: str
    numbers: tuple[int, ...]
    tables: tuple[tuple[str, ...], ...]

    @property
    def sum(self) -> int:
        """Return the numbers added up."""
        return sum(self.numbers)


@dataclass(frozen=True)
class Moved:
    """How far goalposts were moved (靶子移动): rows lowered, of all rows in force, by late revisions and by any."""

    late: int
    late_rows: int
    lowered: int
    rows: int
    tables: tuple[str, ...]

    @property
    def rate(self) -> Decimal | None:
        """Return 靶子移动率: the share of rows lowered by revisions opened after the cut-off, in percent."""
        return share(self.late, self.late_rows)

    @property
    def rate_of_all(self) -> Decimal | None:
        """Return the share of rows that any revision lowered, in percent."""
        return share(self.lowered, self.rows)


@dataclass(frozen=True)
class Gap:
    """How far self scores stood from those given anew, in points."""

    tables: tuple[str, ...]
    mean: Decimal | None
    most: Decimal | None


@dataclass(frozen=True)
class Statistics:
    """What the page shows; each line's numbers stand in the order of its heads; `uncoded` returns cite no criterion."""

    grades: tuple[Line, ...]
    colours: tuple[Line, ...]
    reasons: tuple[Line, ...]
    scores: Line
    patterns: tuple[Line, ...]
    moved: Moved
    gap: Gap
    returned: int
    uncoded: int


def statistics_of(found: Iterable[Tally], *, by: Callable[[Tally], str], day: str) -> Statistics:
    """Count these tables at the end of a Beijing day; `by` says the organ under which a table's grade is listed."""
    tallies = [each for each in found if each.project]
    return Statistics(
        grades=_lines(tallies, by, tuple(map(str, Grade)), lambda each: each.grade),
        colours=_colours(tallies, day), reasons=_reasons(tallies), scores=_scores(tallies),
        patterns=_patterns(tallies), moved=_moved(tallies), gap=_gap(tallies),
        returned=sum(len(each.returns) for each in tallies),
        uncoded=sum(not codes for each in tallies for _, codes in each.returns),
    )  # fmt: skip


def _lines(
    found: Sequence[Tally], by: Callable[[Tally], str], heads: tuple[str, ...], of: Callable[[Tally], str | None]
) -> tuple[Line, ...]:  # fmt: skip
    """Return a line for every organ: how many tables stand under each head."""
    cells: dict[str, dict[str, list[str]]] = {}
    for each in found:
        head = of(each)
        if head in heads:
            cells.setdefault(by(each), {}).setdefault(str(head), []).append(each.table)
    return tuple(_line(key, [cells[key].get(head, []) for head in heads]) for key in sorted(cells))


def _line(key: str, tables: Sequence[Sequence[str]]) -> Line:
    return Line(key, tuple(map(len, tables)), tuple(map(tuple, tables)))


def _colours(found: Sequence[Tally], day: str) -> tuple[Line, ...]:
    """Return a line for every checkpoint that has come, by its day: tables by colour, and those not filed."""
    heads = (*map(str, Colour), OPEN)
    cells: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for each in found:
        if each.replied:
            for _, name, date, state, colour in each.windows:
                if (date or "") <= day:
                    filed = colour if state in ("filed", "accepted") else None
                    cells[date or "", name or "", filed or OPEN].append(each.table)
    points = sorted({(date, name) for date, name, _ in cells})
    return tuple(
        _line(f"{name}（{date}）", [cells.get((date, name, head), []) for head in heads]) for date, name in points
    )


def _reasons(found: Sequence[Tally]) -> tuple[Line, ...]:
    """Return a line for each of the eight criteria: returns that cite it, and comments coded by it."""
    returned: dict[str, list[str]] = {}
    commented: dict[str, list[str]] = {}
    for each in found:
        for _, codes in each.returns:
            for code in codes:
                returned.setdefault(code, []).append(each.table)
        for code, count in each.comments:
            commented.setdefault(code, []).extend([each.table] * count)
    return tuple(
        Line(str(code), (len(returned.get(code, [])), len(commented.get(code, []))),
             (_once(returned.get(code, [])), _once(commented.get(code, []))))
        for code in Criterion
    )  # fmt: skip


def _once(tables: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tables))


def _scores(found: Sequence[Tally]) -> Line:
    """Return how many totals that count lie from each step of score up to the next."""
    bars: list[list[str]] = [[] for _ in STEPS_OF_SCORE]
    for each in found:
        if each.total is not None:
            bars[bisect_right(STEPS_OF_SCORE, Decimal(each.total)) - 1].append(each.table)
    return _line("scores", bars)


def _patterns(found: Sequence[Tally]) -> tuple[Line, ...]:
    return tuple(_line(key, [[each.table for each in found if key in each.patterns]]) for key in PATTERNS)


def _moved(found: Sequence[Tally]) -> Moved:
    told = [(each.table, each.moved) for each in found if each.moved]
    late, late_rows, lowered, rows = (sum(one[place] for _, one in told) for place in range(4))
    return Moved(late, late_rows, lowered, rows, tuple(table for table, one in told if one[2]))


def _gap(found: Sequence[Tally]) -> Gap:
    gaps = {each.table: abs(Decimal(each.gap)) for each in found if each.gap is not None}
    ordered = sorted(gaps, key=lambda table: (-gaps[table], table))
    if not gaps:
        return Gap((), None, None)
    mean = (sum(gaps.values(), Decimal(0)) / len(gaps)).quantize(PLACES, ROUND_HALF_UP)
    return Gap(tuple(table for table in ordered if gaps[table]), mean, gaps[ordered[0]])


def aspect_of(code: str) -> str:
    """Return the printed group of the review form to which a criterion belongs."""
    return ASPECTS[Criterion(code)].chinese


def score_heads() -> tuple[str, ...]:
    """Return the names of the distribution's bars: below 60, then from each step to the next, the step included."""
    return (f"不足{STEPS_OF_SCORE[1]}", *(f"{low}起" for low in STEPS_OF_SCORE[1:-1]), f"{STEPS_OF_SCORE[-1]}")


def summed(lines: Sequence[Line]) -> tuple[int, ...]:
    """Return the sums of lines by the place of their numbers."""
    return tuple(sum(column) for column in zip(*(line.numbers for line in lines), strict=True))
