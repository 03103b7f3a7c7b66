"""A year under two rule packs: each table judged by both, what would differ, per table and in sum (N12)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from workflows.content.places import names_of_rows, place_name
from workflows.findings import review
from workflows.folds.replay import Table
from workflows.measures.scoring import score
from workflows.measures.watch import Checkpoint, Colour, measure
from workflows.measures.weights import propose_weights
from workflows.packs import Pack
from workflows.rights.appraising import bars_filing
from workflows.surroundings import Surroundings
from workflows.vocabulary import Grade

Content = Mapping[str, Any]
CENT, FULL = Decimal("0.01"), Decimal(100)
SEVERITIES = {"B": "必须改正", "W": "须说明理由", "I": "供审核参考"}


@dataclass(frozen=True)
class Case:
    """One table of the year: as it stands, the content that counts, what stood around it."""

    table: Table
    content: Content
    around: Surroundings


@dataclass(frozen=True)
class Rules:
    """A rule pack as content and as read."""

    content: Content
    pack: Pack


@dataclass(frozen=True)
class Judged:
    """What one pack says of a table: findings, proposed points by row, total and grade, colours by window."""

    findings: frozenset[tuple[str, str, str]]
    weights: Mapping[str, Decimal]
    total: Decimal | None
    grade: str
    colours: Mapping[str, str]

    @property
    def blocked(self) -> bool:
        """Whether anything keeps the table from being filed."""
        return any(severity == "B" for severity, _rule, _place in self.findings)


@dataclass(frozen=True)
class Difference:
    """One thing that differs: what, under the one pack, under the other."""

    what: str
    old: str
    new: str


@dataclass(frozen=True)
class Compared:
    """A table under both packs, and what differs."""

    table: Table
    old: Judged
    new: Judged
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Totals:
    """One pack over all tables: how many, blocked, findings, with a score, their mean, grades, colours."""

    tables: int
    blocked: int
    findings: int
    scored: int
    mean: Decimal | None
    grades: Mapping[str, int]
    colours: Mapping[str, int]


def compared(case: Case, old: Rules, new: Rules) -> Compared:
    """Judge a table by both packs."""
    before, after = judged(case, old), judged(case, new)
    return Compared(case.table, before, after, tuple(_differences(case, before, after)))


def judged(case: Case, rules: Rules) -> Judged:
    """Judge a table by a pack: its own figures; its own points where they make 100 with the pack's for the execution.

    Where they do not, the pack would have weighted the rows otherwise: then by the points that it proposes.
    """
    content, pack = case.content, rules.pack
    around = replace(case.around, unappraised=bars_filing(rules.content, case.table, content))
    found = review(content, fiscal_year=case.table.year, pack=pack, around=around)
    proposed = propose_weights(content, pack)
    total, grade = _scored(case, pack, proposed)
    return Judged(
        frozenset((each.severity, each.rule, each.pointer) for each in found), proposed, total, grade,
        {window.window: colour for window, colour in _colours(case, pack)},
    )  # fmt: skip


def _scored(case: Case, pack: Pack, proposed: Mapping[str, Decimal]) -> tuple[Decimal | None, str]:
    evaluation = case.table.evaluation
    if evaluation is None:
        return None, ""
    own = {row["id"]: Decimal(row["weight"]) for row in case.content["indicators"] if row.get("weight")}
    filed = evaluation.figures
    budget = str(filed.get("adjusted_budget") or case.content["budget"]["total"] or "")
    weights = own if sum(own.values(), pack.execution.weight) == FULL else proposed
    scores = score(case.content, weights, filed.get("rows") or {}, str(filed.get("executed") or ""), budget, pack)
    return scores.total, scores.grade


def _colours(case: Case, pack: Pack) -> Iterator[tuple[Any, str]]:
    for window in case.table.windows:
        if window.figures is None:
            continue
        planned = Decimal(window.planned_percent) if window.planned_percent is not None else None
        point = Checkpoint(window.name, date.fromisoformat(window.date), planned, window.source)
        yield window, measure(case.content, point, window.figures, pack).colour


def _differences(case: Case, old: Judged, new: Judged) -> Iterator[Difference]:
    for severity, rule, place in sorted(old.findings - new.findings):
        yield Difference(f"{rule} {_place(place, case.content)}", SEVERITIES[severity], "无此意见")
    for severity, rule, place in sorted(new.findings - old.findings):
        yield Difference(f"{rule} {_place(place, case.content)}", "无此意见", SEVERITIES[severity])
    changed = [row for row in old.weights if old.weights[row] != new.weights[row]]
    if changed:
        yield Difference(f"建议分值（{len(changed)}行）", _points(old, changed), _points(new, changed))
    if old.total != new.total:
        yield Difference("自评总分", _said(old.total), _said(new.total))
    if old.grade != new.grade:
        yield Difference("自评等级", _graded(old.grade), _graded(new.grade))
    for window in case.table.windows:
        before, after = (each.colours.get(window.window, "") for each in (old, new))
        if before != after:
            yield Difference(f"监控颜色（{window.name}）", Colour(before).chinese, Colour(after).chinese)


def _place(pointer: str, content: Content) -> str:
    """Return a finding's place in words; it counts rows where contents name them."""
    head, *rest = pointer.strip("/").split("/")
    if head == "indicators" and rest and rest[0].isdigit():
        row = content["indicators"][int(rest[0])]["id"]
        return place_name("/".join(("", head, row, *rest[1:])), names_of_rows(content))
    return place_name(pointer)


def _points(one: Judged, rows: Sequence[str]) -> str:
    return "、".join(str(one.weights[row]) for row in rows)


def _said(total: Decimal | None) -> str:
    return "—" if total is None else str(total)


def _graded(code: str) -> str:
    return Grade(code).chinese if code else "—"


def totals(cases: Sequence[Judged]) -> Totals:
    """Sum up what one pack says of all tables."""
    scored = [each.total for each in cases if each.total is not None]
    mean = (sum(scored, Decimal(0)) / len(scored)).quantize(CENT, ROUND_HALF_UP) if scored else None
    return Totals(
        len(cases), sum(each.blocked for each in cases), sum(len(each.findings) for each in cases), len(scored), mean,
        Counter(each.grade for each in cases if each.grade),
        Counter(colour for each in cases for colour in each.colours.values()),
    )  # fmt: skip


def summed(found: Sequence[Compared]) -> tuple[Difference, ...]:
    """Return both packs' sums side by side, in words."""
    old, new = totals([each.old for each in found]), totals([each.new for each in found])
    rows = [
        ("有必须改正意见的表", str(old.blocked), str(new.blocked)), ("机审意见", str(old.findings), str(new.findings)),
        ("自评平均分", _said(old.mean), _said(new.mean)),
        *((f"自评等级“{each.chinese}”", str(old.grades.get(each, 0)), str(new.grades.get(each, 0))) for each in Grade),
        *((f"监控“{each.chinese}”", str(old.colours.get(each, 0)), str(new.colours.get(each, 0))) for each in Colour),
    ]  # fmt: skip
    return tuple(Difference(*row) for row in rows)
