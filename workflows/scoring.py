"""The self-evaluation's points: rows, budget execution, total and grade, exact to the hundredth (domain.md 9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from workflows.packs import Pack
from workflows.row_points import FULL, ZERO, Filed, Missing, Row, Share, kind_of, rounded, share_of
from workflows.vocabulary import Grade


@dataclass(frozen=True)
class Problem:
    """One thing to fill or mend: JSON pointer into the filed figures and the sentence to show."""

    pointer: str
    sentence: str


@dataclass(frozen=True)
class RowScore:
    """Points of one row out of its weight; `proposed` are lower points where the target was far too low."""

    row_id: str
    weight: Decimal
    kind: str
    points: Decimal
    reason: str | None
    over: Decimal = ZERO
    proposed: Decimal | None = None


@dataclass(frozen=True)
class Scores:
    """A whole self-evaluation: total = rounded rows + execution points; open problems stand beside it."""

    rows: tuple[RowScore, ...]
    execution_weight: Decimal
    execution_rate: Decimal | None
    execution_points: Decimal
    total: Decimal
    grade: Grade
    problems: tuple[Problem, ...]


def score(  # noqa: PLR0917 - read in the order of the form
    content: Mapping[str, Any], weights: Mapping[str, Decimal], actuals: Mapping[str, Filed],
    executed: str | Decimal, adjusted_budget: str | Decimal, pack: Pack,
) -> Scores:  # fmt: skip
    """Score a table. Amounts are in the table's own unit; `actuals` holds actual, percent, reason, evidence per row.

    The keys "execution" and "total" of `actuals` hold the reasons for the execution rate and for a full score.
    Nothing is raised: every figure that is missing, unreadable or unexplained stands in `problems` and earns no points.
    A budget of zero makes the execution points not applicable; the rows are then scaled to 100 (domain.md 9.2).
    """
    money, problems = _execution(executed, adjusted_budget, pack)
    scale = {} if money.weight else _scaled_to_hundred(content, weights)
    rows = []
    for row in content["indicators"]:
        weight = scale.get(row["id"], weights.get(row["id"], ZERO))
        scored, open_problems = _score_row(row, weight, actuals.get(row["id"]) or {}, pack)
        rows.append(scored)
        problems += open_problems
    total = sum((row.points for row in rows), money.points)
    problems += _unexplained_whole(money.rate, total, actuals, pack)
    return Scores(tuple(rows), money.weight, money.rate, money.points, total, pack.grade_of(total), tuple(problems))


@dataclass(frozen=True)
class _Money:
    weight: Decimal
    rate: Decimal | None
    points: Decimal


def _execution(executed: str | Decimal, budget: str | Decimal, pack: Pack) -> tuple[_Money, list[Problem]]:
    """Return execution points: min(w, w × executed ÷ adjusted budget) (domain.md 9.2), rate in percent."""
    spent, planned = amount(executed), amount(budget)
    if planned == 0:
        return _Money(ZERO, None, rounded(ZERO)), []
    problems = []
    if spent is None or spent < 0:
        problems.append(Problem("/executed", "请填写全年执行数（不小于零的数，单位与本表一致）。"))
    if planned is None or planned < 0:
        problems.append(Problem("/adjusted_budget", "请填写全年预算数（调整后，不小于零的数）。"))
    if problems or spent is None or planned is None:
        return _Money(pack.execution.weight, None, rounded(ZERO)), problems
    rate = spent / planned * FULL
    points = rounded(min(pack.execution.weight, pack.execution.weight * spent / planned))
    return _Money(pack.execution.weight, rounded(rate), points), problems


def _unexplained_whole(
    rate: Decimal | None, total: Decimal, actuals: Mapping[str, Filed], pack: Pack,
) -> list[Problem]:  # fmt: skip
    """Ask for causes of an execution below 80 % or above 100 %, and of a full score (domain.md 9.6)."""
    problems = []
    if rate is not None and (rate < pack.scoring.execution_reason_below or rate > FULL):
        problems.append(Problem("/rows/execution/reason", f"预算执行率为{rate}%，请说明原因。"))
    if total == FULL:
        problems.append(Problem("/rows/total/reason", "总分为满分，请说明依据。"))
    return [problem for problem in problems if not _reason(actuals.get(problem.pointer.split("/")[2]) or {})]


def _reason(filed: Filed) -> str | None:
    return (filed.get("reason") or "").strip() or None


def _score_row(row: Row, weight: Decimal, filed: Filed, pack: Pack) -> tuple[RowScore, list[Problem]]:
    kind, at = kind_of(row, pack), f"/rows/{row['id']}"
    try:
        share = share_of(kind, row, filed, pack)
    except Missing as missing:
        unread = RowScore(row["id"], weight, kind, rounded(ZERO), None)
        return unread, [Problem(f"{at}/{missing.field}", missing.sentence)]
    reason = _reason(filed)
    points = rounded(weight * min(share.earned, _cap(filed, pack)))
    over, proposed = rounded(share.over), _proposed(weight, share, pack)
    scored = RowScore(row["id"], weight, kind, points, reason or share.remark, over, proposed)
    return scored, [] if reason else _unexplained(scored, share, at, pack)


def _unexplained(scored: RowScore, share: Share, at: str, pack: Pack) -> list[Problem]:
    if scored.kind != "counted_in_execution" and scored.points < rounded(scored.weight):
        return [Problem(f"{at}/reason", "未得满分，请说明偏差原因及改进措施。")]
    if share.over > pack.scoring.over_fulfilment_reason:
        return [Problem(f"{at}/reason", f"超额完成{rounded(share.over)}%，请说明原因。")]
    return []


def _cap(filed: Filed, pack: Pack) -> Decimal:
    cap = pack.scoring.evidence_cap
    bare = not (filed.get("evidence") or "").strip()
    return cap / FULL if cap is not None and bare else Decimal(1)


def _proposed(weight: Decimal, share: Share, pack: Pack) -> Decimal | None:
    """Propose lower points for a target that was far too low: w × (1 − min(0.2, (Δ−0.5)/5)) (domain.md 9.4)."""
    flag = pack.scoring.over_fulfilment_flag
    if share.over <= flag:
        return None
    cut = min(Decimal("0.2"), (share.over - flag) / FULL / 5)
    return rounded(weight * (1 - cut))


def _scaled_to_hundred(content: Mapping[str, Any], weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the rows' weights scaled to 100.00 exactly, the rest on the first row that carries any."""
    known = {row["id"]: weights.get(row["id"], ZERO) for row in content["indicators"]}
    total = sum(known.values(), ZERO)
    if total == 0:
        return known
    scaled = {row_id: rounded(weight * FULL / total) for row_id, weight in known.items()}
    first = next(row_id for row_id, weight in known.items() if weight)
    scaled[first] += FULL - sum(scaled.values(), ZERO)
    return scaled


def amount(text: str | Decimal) -> Decimal | None:
    """Read an amount as typed (`1,400.50`); None where it is no finite number."""
    if isinstance(text, Decimal):
        return text
    try:
        value = Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
