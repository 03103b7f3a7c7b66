"""The self-evaluation's points: rows, budget execution, total and grade, exact to the hundredth (domain.md 9)."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from workflows.content.targets import PLAIN_NUMBER
from workflows.measures.row_points import (
    FULL,
    WHOLE,
    ZERO,
    Filed,
    Missing,
    Row,
    Share,
    has_evidence,
    kind_of,
    rounded,
    share_of,
    way_of,
)
from workflows.packs import Pack
from workflows.vocabulary import Grade


@dataclass(frozen=True)
class Problem:
    """One thing to fill or mend: JSON pointer into the filed figures and the sentence to show."""

    pointer: str
    sentence: str


@dataclass(frozen=True)
class RowScore:
    """Points of one row out of its weight; `proposed` are lower points where the target was far too low.

    `way` says which way is good and `why` how that is known (domain.md 4).
    """

    row_id: str
    weight: Decimal
    kind: str
    points: Decimal
    reason: str | None
    over: Decimal = ZERO
    proposed: Decimal | None = None
    way: str = ""
    why: str = ""


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
    A budget of zero makes the execution points not applicable; the rows are then scaled to 100 (domain.md 9.2). Rows
    that are not applicable are left out with their reason, the others scaled to what all rows were worth (9.3).
    """
    money, problems = _execution(executed, adjusted_budget, pack)
    used = weights_in_use(content, weights, left_out(content, actuals), money.weight)
    rows = []
    for row in content["indicators"]:
        scored, open_problems = _score_row(row, used[row["id"]], actuals.get(row["id"]) or {}, pack)
        rows.append(scored)
        problems += open_problems
    if rows and not any(row.weight for row in rows):
        problems.append(Problem("/rows", "至少须有一项适用的指标计分。"))
    total = sum((row.points for row in rows), money.points)
    problems += _unexplained_whole(money.rate, total, actuals, pack)
    return Scores(tuple(rows), money.weight, money.rate, money.points, total, pack.grade_of(total), tuple(problems))


def left_out(content: Mapping[str, Any], actuals: Mapping[str, Filed]) -> frozenset[str]:
    """Return the rows that are filed as not applicable."""
    return frozenset(
        row["id"] for row in content["indicators"] if (actuals.get(row["id"]) or {}).get("not_applicable")
    )


def weights_in_use(
    content: Mapping[str, Any], weights: Mapping[str, Decimal], out: frozenset[str], execution: Decimal
) -> dict[str, Decimal]:
    """Return the points that each row can earn: the weights in force, scaled where something does not apply."""
    known = {row["id"]: ZERO if row["id"] in out else weights.get(row["id"], ZERO) for row in content["indicators"]}
    return known if execution and not out else _scaled_to(FULL - execution, known)


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
    kind, at, way = kind_of(row, pack), f"/rows/{row['id']}", way_of(row)
    if filed.get("not_applicable"):
        return _not_applicable(row, filed, at)
    try:
        share = share_of(kind, row, filed, pack)
    except Missing as missing:
        unread = RowScore(row["id"], weight, kind, rounded(ZERO), None, way=way.way, why=way.reason)
        return unread, [Problem(f"{at}/{missing.field}", missing.sentence)]
    reason = _reason(filed)
    points = rounded(Fraction(weight) * min(share.earned, _cap(kind, filed, pack)))
    over, proposed = rounded(share.over), _proposed(weight, share, pack)
    scored = RowScore(row["id"], weight, kind, points, reason or share.remark, over, proposed, way.way, way.reason)
    missing_words = [] if reason else _unexplained(scored, share, at, pack)
    return scored, [*missing_words, *_unproved(filed, at, pack)]


def _not_applicable(row: Row, filed: Filed, at: str) -> tuple[RowScore, list[Problem]]:
    reason = _reason(filed)
    problems = [] if reason else [Problem(f"{at}/reason", "此项不适用，请说明理由；须经主管部门同意。")]
    return RowScore(row["id"], ZERO, "not_applicable", rounded(ZERO), reason), problems


def _unexplained(scored: RowScore, share: Share, at: str, pack: Pack) -> list[Problem]:
    if scored.kind != "counted_in_execution" and scored.points < rounded(scored.weight):
        return [Problem(f"{at}/reason", "未得满分，请说明偏差原因及改进措施。")]
    if share.over > pack.scoring.over_fulfilment_reason:
        return [Problem(f"{at}/reason", f"超额完成{rounded(share.over)}%，请说明原因。")]
    return []


def _unproved(filed: Filed, at: str, pack: Pack) -> list[Problem]:
    """Ask what the way in which an actual is known demands: a survey its numbers and its question (domain.md 9.5)."""
    method, rules = (filed.get("method") or "").strip(), pack.evidence
    if not method or rules is None:
        return []
    if method not in rules.methods:
        return [Problem(f"{at}/method", f"完成值取值方式须为：{'、'.join(rules.methods)}。")]
    return _survey(filed, at) if method == rules.survey else []


def _survey(filed: Filed, at: str) -> list[Problem]:
    issued, returned = (_count(filed.get(name)) for name in ("issued", "returned"))
    problems = []
    if issued is None or issued == 0:
        problems.append(Problem(f"{at}/issued", "问卷调查法须填写发放份数（大于零的整数）。"))
    if returned is None or (issued is not None and returned > issued):
        problems.append(Problem(f"{at}/returned", "问卷调查法须填写收回份数（不多于发放份数的整数）。"))
    if not (filed.get("question") or "").strip():
        problems.append(Problem(f"{at}/question", "问卷调查法须写明所问的问题。"))
    return problems


def _count(text: object) -> int | None:
    typed = str(text or "").strip()
    return int(typed) if typed.isdecimal() else None


def _cap(kind: str, filed: Filed, pack: Pack) -> Fraction:
    cap = pack.scoring.evidence_cap
    bare = kind != "counted_in_execution" and not has_evidence(filed)
    return Fraction(cap) / 100 if cap is not None and bare else WHOLE


def _proposed(weight: Decimal, share: Share, pack: Pack) -> Decimal | None:
    """Propose lower points for a target that was far too low: w × (1 − min(0.2, (Δ−0.5)/5)) (domain.md 9.4)."""
    flag = Fraction(pack.scoring.over_fulfilment_flag)
    if share.over <= flag:
        return None
    return rounded(Fraction(weight) * (1 - min(Fraction(1, 5), (share.over - flag) / 500)))


def _scaled_to(whole: Decimal, known: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the weights scaled so that they make up the whole exactly, the rest on the first row that carries any."""
    total = sum(known.values(), ZERO)
    if total == 0:
        return dict(known)
    scaled = {row_id: rounded(Fraction(weight) * Fraction(whole) / Fraction(total)) for row_id, weight in known.items()}
    first = next(row_id for row_id, weight in known.items() if weight)
    scaled[first] += whole - sum(scaled.values(), ZERO)
    return scaled


def amount(text: str | Decimal) -> Decimal | None:
    """Read an amount as typed (`1,400.50`); None where it is no plain decimal of at most 15 digits before the point."""
    if isinstance(text, Decimal):
        return text
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip().removeprefix("+").removesuffix(".")
    return Decimal(plain) if PLAIN_NUMBER.fullmatch(plain) else None
