"""How many points one indicator row gets (domain.md 9.3): by its kind, from weight, target and actual."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from workflows.packs import Pack
from workflows.quantities import Unlike, day_of, in_unit, interval_of, measured, target_of
from workflows.targets import Way, direction

ZERO, FULL = Decimal(0), Decimal(100)
CENT = Decimal("0.01")
RATIO_STEPS = Decimal("0.0001")
Filed = Mapping[str, Any]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Share:
    """The share of a row's points that was earned (0 to 1), how much it went over its target (percent), remarks."""

    earned: Decimal
    over: Decimal = ZERO
    remark: str | None = None


class Missing(Exception):
    """A field of the row that a person must still fill: its name and the sentence to show."""

    def __init__(self, field: str, sentence: str) -> None:
        """Take the field's name beside the sentence."""
        self.field, self.sentence = field, sentence
        super().__init__(sentence)


def kind_of(row: Row, pack: Pack) -> str:
    """Return the row's kind: counted_in_execution, date, interval, forward, reverse, yes_no, satisfaction, qualitative.

    What holds numbers that nobody can compare (`1项/3轮`) is by_hand.
    """
    target = target_of(row)
    if row["level3"] in pack.execution.counted_rows:
        return "counted_in_execution"
    if target.op is None:
        return _kind_of_words(target.raw or "", pack, interval=interval_of(target) is not None)
    way = direction(target, row["level2"], row["level3"]).way
    if way == Way.FORWARD and pack.satisfaction and "满意度" in (row["level2"] or "") and target.unit == "%":
        return "satisfaction"
    return {Way.DATE: "date", Way.REVERSE: "reverse"}.get(way, "forward")


def _kind_of_words(raw: str, pack: Pack, *, interval: bool) -> str:
    if interval:
        return "interval"
    if raw.strip() in (*pack.words["yes"], *pack.words["no"]):
        return "yes_no"
    return "by_hand" if any(sign.isdigit() for sign in raw) else "qualitative"


def share_of(kind: str, row: Row, filed: Filed, pack: Pack) -> Share:
    """Return the earned share of a row; Missing where a person must fill something, Unlike where units differ."""
    if kind == "counted_in_execution":
        return Share(ZERO, remark="预算执行率已在资金执行分中计算，不重复计分")
    if kind in ("qualitative", "by_hand"):
        return _chosen(kind, filed, pack)
    actual = str(filed.get("actual") or "").strip()
    if not actual:
        raise Missing("actual", "请填写实际完成值")
    try:
        return MEASURES[kind](row, actual, pack)
    except Unlike as unlike:
        raise Missing("actual", f"{unlike}。") from unlike


def _forward(row: Row, actual: str, pack: Pack) -> Share:
    pair, op = measured(row, actual), target_of(row).op
    if pair.target == 0:
        return Share(Decimal(1) if pair.actual >= 0 else ZERO, remark="指标值为零，不计比率（V-T0）")
    if pair.target < 0:
        return Share(Decimal(1) if pair.actual >= pair.target else ZERO)
    ratio = pair.actual / pair.target
    met = pair.actual > pair.target if op == ">" else pair.actual >= pair.target
    over = max(ZERO, (ratio - 1) * FULL)
    if met:
        return Share(Decimal(1), over)
    if pack.scoring.pass_mark is not None and ratio * FULL < pack.scoring.pass_mark:
        return Share(ZERO, remark=f"低于及格门槛{pack.scoring.pass_mark}%")
    return Share(min(max(ZERO, ratio), Decimal(1)))


def _reverse(row: Row, actual: str, _pack: Pack) -> Share:
    pair, op = measured(row, actual), target_of(row).op
    met = pair.actual < pair.target if op == "<" else pair.actual <= pair.target
    if met:
        return Share(Decimal(1))
    return Share(ZERO) if pair.target <= 0 else Share(pair.target / pair.actual)


def _interval(row: Row, actual: str, _pack: Pack) -> Share:
    interval = interval_of(target_of(row))
    if interval is None:
        raise Unlike("指标值不是区间")
    value = in_unit(actual, interval.unit)
    if interval.low <= value <= interval.high:
        return Share(Decimal(1))
    if value < interval.low:
        return Share(max(ZERO, value / interval.low) if interval.low > 0 else ZERO)
    return Share(interval.high / value if interval.high > 0 else ZERO)


def _date(row: Row, actual: str, _pack: Pack) -> Share:
    done, target = day_of(actual), target_of(row)
    return Share(Decimal(1) if done <= day_of(target.value or "") else ZERO)


def _yes_no(row: Row, actual: str, pack: Pack) -> Share:
    if actual not in (*pack.words["yes"], *pack.words["no"]):
        raise Unlike("请填“是”或“否”")
    wanted_yes = (row["target"]["raw"] or "").strip() in pack.words["yes"]
    return Share(Decimal(1) if (actual in pack.words["yes"]) == wanted_yes else ZERO)


def _satisfaction(row: Row, actual: str, pack: Pack) -> Share:
    value = measured(row, actual).actual
    earned = next((share for lower, share in pack.satisfaction if value >= lower), ZERO)
    return Share(earned / FULL)


MEASURES = {
    "forward": _forward, "reverse": _reverse, "interval": _interval, "date": _date, "yes_no": _yes_no,
    "satisfaction": _satisfaction,
}  # fmt: skip


def _chosen(kind: str, filed: Filed, pack: Pack) -> Share:
    """Read the percent that a person chose; a named band must hold it; what is scored by hand needs its evidence."""
    percent = _percent(filed)
    named = next((band for band in pack.qualitative if band.name == (filed.get("actual") or "").strip()), None)
    if named and not named.holds(percent):
        raise Missing("percent", f"“{named.name}”对应{named.high}%—{named.low}%，所选{percent}%不在其中。")
    if kind == "by_hand" and not (filed.get("evidence") or "").strip():
        raise Missing("evidence", "该指标值无法自动比较，由人工计分，请填写佐证材料。")
    if kind == "by_hand" and not (filed.get("reason") or "").strip():
        raise Missing("reason", "该指标值无法自动比较，由人工计分，请说明计分理由。")
    return Share(percent / FULL)


def _percent(filed: Filed) -> Decimal:
    text = str(filed.get("percent") or "").strip().rstrip("%％")
    try:
        percent = Decimal(text)
    except ArithmeticError as unreadable:
        raise Missing("percent", "请填写完成程度（0—100之间的百分数）。") from unreadable
    if not ZERO <= percent <= FULL:
        raise Missing("percent", "完成程度应在0—100之间。")
    return percent


def rounded(points: Decimal) -> Decimal:
    """Round points to two decimals, half up."""
    return points.quantize(CENT, ROUND_HALF_UP)
