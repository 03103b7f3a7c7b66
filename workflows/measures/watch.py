"""Double monitoring: when a table is watched, how far its money and its goals are, and which colour that gives."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.content.quantities import in_yuan
from workflows.measures.checkpoints import Checkpoint, checkpoints_of, self_evaluation_dates
from workflows.measures.money_progress import money_problems
from workflows.measures.row_points import FULL, ZERO, Filed, rounded
from workflows.measures.row_progress import CAUSES, Possibility, RowProgress, progress_of
from workflows.measures.scoring import Problem, amount
from workflows.packs import Pack
from workflows.vocabulary import Word

__all__ = ["Checkpoint", "Colour", "Measure", "Possibility", "checkpoints_of", "measure", "self_evaluation_dates"]


class Colour(Word):
    """Warning colours of domain.md 8.3; purple: the money runs ahead of the goals."""

    GREEN = "green", "绿", "green"
    YELLOW = "yellow", "黄", "yellow"
    PURPLE = "purple", "紫", "purple"
    RED = "red", "红", "red"


SEVERITY = tuple(Colour)


@dataclass(frozen=True)
class Measure:
    """A window as measured: rates in percent, deviation in percentage points, colour with reasons, open fields."""

    execution_rate: Decimal | None
    planned: Decimal | None
    deviation: Decimal | None
    progress: tuple[RowProgress, ...]
    realisation: Decimal | None
    colour: Colour
    reasons: tuple[str, ...]
    missing: tuple[Problem, ...]


def measure(content: Mapping[str, Any], checkpoint: Checkpoint, figures: Mapping[str, Any], pack: Pack) -> Measure:
    """Measure a window's figures by domain.md 8.2 and 8.3; nothing is raised, open fields stand in `missing`.

    `figures`: executed and adjusted_budget (in the table's unit, the budget's total by default), rows {id: {actual,
    forecast, possibility, causes, explanation, remark}}, forecast, parts {fiscal and
    other: {executed, forecast}}, cause, measure, person, deadline, compliance.
    """
    rows: Mapping[str, Filed] = figures.get("rows") or {}
    money, problems = _money(content, figures)
    progress = tuple(
        progress_of(row, rows.get(row["id"]) or {}, checkpoint.date, pack) for row in content["indicators"]
    )
    problems += [problem for row in progress for problem in row.problems]
    realisation = _realisation(content, progress)
    rate = None if money is None else rounded(money)
    deviation = None if rate is None or checkpoint.planned_percent is None else rate - checkpoint.planned_percent
    signals = [
        *_money_signals(deviation, pack), *_large_amount(content, rate, checkpoint.date, pack),
        *(signal for row in progress for signal in _goal_signals(row, pack)), *_ahead(rate, realisation, pack),
    ]  # fmt: skip
    colour = max((colour for colour, _ in signals), key=SEVERITY.index, default=Colour.GREEN)
    problems += money_problems(content, figures)
    problems += [each for row in progress for each in _ticks(row, rows.get(row.row_id) or {}, pack)]
    problems += _forced({colour for colour, _ in signals}, figures, pack, checkpoint.date)
    reasons = tuple(reason for _, reason in signals)
    return Measure(rate, checkpoint.planned_percent, deviation, progress, realisation, colour, reasons, tuple(problems))


def _money(content: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[Decimal | None, list[Problem]]:
    """Return the execution rate in percent: executed ÷ adjusted budget; None where the budget is zero or unknown."""
    executed = amount(str(figures.get("executed") or ""))
    budget = amount(str(figures.get("adjusted_budget") or content["budget"]["total"] or ""))
    if executed is None or executed < 0:
        return None, [Problem("/executed", "请填写执行数（不小于零的数，单位与本表一致）。")]
    if budget is None or budget < 0:
        return None, [Problem("/adjusted_budget", "请填写预算数（调整后，不小于零的数）。")]
    return (executed / budget * FULL if budget else None), []


def _realisation(content: Mapping[str, Any], progress: tuple[RowProgress, ...]) -> Decimal | None:
    """Return Σ w·min(1, forecast rate) ÷ Σ w in percent; rows weigh the same where the table has no weights yet."""
    weights = {row["id"]: Decimal(row.get("weight") or 0) for row in content["indicators"]}
    if not any(weights.values()):
        weights = dict.fromkeys(weights, Decimal(1))
    known = [(weights[row.row_id], min(FULL, row.forecast_rate)) for row in progress if row.forecast_rate is not None]
    total = sum((weight for weight, _ in known), ZERO)
    return rounded(sum((weight * rate for weight, rate in known), ZERO) / total) if total else None


def _money_signals(deviation: Decimal | None, pack: Pack) -> list[tuple[Colour, str]]:
    if deviation is None or deviation >= pack.colours.yellow_below:
        return []
    colour = Colour.RED if deviation < pack.colours.red_below else Colour.YELLOW
    return [(colour, f"支出进度比计划进度低{-deviation}个百分点")]


def _large_amount(
    content: Mapping[str, Any], rate: Decimal | None, date: dt.date, pack: Pack,
) -> list[tuple[Colour, str]]:  # fmt: skip
    rules = pack.colours
    total = amount(content["budget"]["total"] or "")
    yuan = None if total is None else in_yuan(total, content["amount_unit"])
    late = date.strftime("%m-%d") >= rules.large_month_day
    if yuan is None or rate is None or yuan < rules.large_amount_yuan or not late or rate >= rules.large_rate_below:
        return []
    return [(Colour.RED, f"大额项目执行率为{rate}%，未达到{rules.large_rate_below}%")]


def _goal_signals(row: RowProgress, pack: Pack) -> list[tuple[Colour, str]]:
    rate = FULL if row.forecast_rate is None else row.forecast_rate
    if row.possibility == Possibility.IMPOSSIBLE or rate < pack.colours.red_forecast_below:
        return [(Colour.RED, f"“{row.name}”预计不能完成")]
    if row.possibility == Possibility.POSSIBLE or rate < pack.colours.yellow_forecast_below:
        return [(Colour.YELLOW, f"“{row.name}”不能确定完成")]
    return []


def _ticks(row: RowProgress, filed: Filed, pack: Pack) -> list[Problem]:
    """Ask which cause keeps a row back that is yellow or red (domain.md 8.3); only the form's causes are known."""
    ticked = tuple(filed.get("causes") or ())
    if any(each not in CAUSES for each in ticked):
        return [Problem(f"/rows/{row.row_id}/causes", f"偏差原因须为：{'、'.join(CAUSES)}。")]
    if _goal_signals(row, pack) and not ticked:
        return [Problem(f"/rows/{row.row_id}/causes", f"“{row.name}”有偏差，请勾选偏差原因。")]
    return []


def _ahead(rate: Decimal | None, realisation: Decimal | None, pack: Pack) -> list[tuple[Colour, str]]:
    if rate is not None and rate > FULL:
        return [(Colour.PURPLE, f"执行率为{rate}%，超过预算，须核查合规性")]
    if rate is None or realisation is None or rate - realisation <= pack.colours.purple_above:
        return []
    return [(Colour.PURPLE, f"执行率比目标实现程度高{rate - realisation}个百分点，须核查合规性")]


def _forced(colours: set[Colour], figures: Mapping[str, Any], pack: Pack, watched: dt.date) -> list[Problem]:
    """Ask for what the colours force: yellow a cause; red cause, measure, person and date; purple a check."""
    wanted: dict[str, str] = {}
    if Colour.YELLOW in colours or Colour.RED in colours:
        wanted["cause"] = f"请说明偏差原因（不少于{pack.colours.cause_length}字）。"
    if Colour.RED in colours:
        wanted |= {"measure": "红色预警须填写整改措施。", "person": "红色预警须填写责任人。"}
    if Colour.PURPLE in colours:
        wanted["compliance"] = "资金进度明显快于目标，或者支出超过预算，请填写合规性核查情况。"
    texts = {name: str(figures.get(name) or "").strip() for name in wanted}
    found = [Problem(f"/{name}", sentence) for name, sentence in wanted.items() if not texts[name]]
    if 0 < len(texts.get("cause", "")) < pack.colours.cause_length:
        found.append(Problem("/cause", wanted["cause"]))
    if Colour.RED in colours and not _is_day_after(watched, str(figures.get("deadline") or "").strip()):
        found.append(Problem("/deadline", f"红色预警须填写整改完成日期（如2026-09-30），不早于监控日{watched}。"))
    return found


def _is_day_after(watched: dt.date, text: str) -> bool:
    """Whether a text is a day in the long form (2026-09-30) that is not before the window's own."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return False
    return day.isoformat() == text and day >= watched
