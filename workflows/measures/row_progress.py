"""How far one indicator is at a checkpoint and how far it is expected to come by the year's end (domain.md 8.2)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from workflows.content.quantities import MONEY, Unlike, day_of, measured, target_of
from workflows.measures.row_points import FULL, ZERO, Filed, Row, kind_of, rounded
from workflows.measures.scoring import Problem
from workflows.packs import Pack
from workflows.vocabulary import Word

MEASURED_KINDS = ("forward", "reverse", "satisfaction")


class Possibility(Word):
    """How likely the year's target is (R136, monitoring form: 完成目标可能性)."""

    CERTAIN = "certain", "确定能", "certain"
    POSSIBLE = "possible", "有可能", "possible"
    IMPOSSIBLE = "impossible", "完全不可能", "impossible"


CAUSES = ("经费保障", "制度保障", "人员保障", "硬件条件保障", "其他")
"""What may keep an indicator back, to be ticked (R136, monitoring form: 偏差原因分析)."""
POSSIBILITIES = {spelling: each for each in Possibility for spelling in (each.value, each.chinese)}


@dataclass(frozen=True)
class RowProgress:
    """Progress and expected completion in percent (raw, not capped); None where it cannot be put in a number."""

    row_id: str
    name: str
    progress: Decimal | None
    forecast_rate: Decimal | None
    possibility: Possibility | None
    problems: tuple[Problem, ...]


def progress_of(row: Row, filed: Filed, date: dt.date, pack: Pack) -> RowProgress:
    """Measure one row at a date; the expected rate comes from the forecast, else from the possibility ticked."""
    kind, at = kind_of(row, pack), f"/rows/{row['id']}"
    if kind == "counted_in_execution":
        return RowProgress(row["id"], row["level3"], None, None, None, ())
    problems: list[Problem] = []
    possibility = POSSIBILITIES.get((filed.get("possibility") or "").strip())
    if possibility is None:
        problems.append(Problem(f"{at}/possibility", "请选择完成目标可能性：确定能、有可能、完全不可能。"))
    year_passed = Decimal(date.month) / 12
    if pack.colours.actual_needed and not (_text(filed, "actual") or _text(filed, "explanation")):
        problems.append(Problem(f"{at}/actual", f"请填写“{row['level3']}”的执行情况；尚无的，在原因说明中写明。"))
    progress, unread = _rate(row, kind, filed, "actual", year_passed)
    forecast, unseen = _rate(row, kind, filed, "forecast", Decimal(1))
    if forecast is None and possibility:
        forecast = pack.colours.possibility[possibility]
    return RowProgress(row["id"], row["level3"], progress, forecast, possibility, (*problems, *unread, *unseen))


def _rate(
    row: Row, kind: str, filed: Filed, field: str, passed: Decimal,
) -> tuple[Decimal | None, tuple[Problem, ...]]:  # fmt: skip
    """Return actual (or forecast) against target in percent, or the problem of a text that cannot be read."""
    text = _text(filed, field)
    if not text:
        return None, ()
    try:
        if kind == "date":
            return (FULL if day_of(text) <= day_of(target_of(row).value or "") else ZERO), ()
        return (_measured_rate(row, kind, text, passed) if kind in MEASURED_KINDS else None), ()
    except Unlike as unlike:
        return None, (Problem(f"/rows/{row['id']}/{field}", f"{unlike}。"),)


def _text(filed: Filed, field: str) -> str:
    return str(filed.get(field) or "").strip()


def _measured_rate(row: Row, kind: str, text: str, passed: Decimal) -> Decimal:
    pair = measured(row, text)
    if kind != "reverse":
        return rounded(pair.actual / pair.target * FULL) if pair.target > 0 else FULL
    allowed = pair.target * passed if is_flow(row) else pair.target
    if pair.actual <= allowed:
        return FULL
    return rounded(allowed / pair.actual * FULL) if allowed > 0 else ZERO


def is_flow(row: Row) -> bool:
    """Whether the target is used up over the year (an amount of money), so that a share of the year allows a share."""
    unit = target_of(row).unit or ""
    return any(unit.startswith(money) for money in MONEY)
