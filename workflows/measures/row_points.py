"""How many points one indicator row gets (domain.md 9.3): by its kind, from weight, target and actual."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from math import floor
from typing import Any
from unicodedata import normalize

from workflows.content.quantities import Unlike, day_of, in_unit, interval_of, measured, target_of
from workflows.content.targets import PLAIN_NUMBER, Direction, Target, Way, direction
from workflows.packs import Pack

ZERO, FULL = Decimal(0), Decimal(100)
CENT = Decimal("0.01")
WIDE = Context(prec=60)
"""So many digits that no rate of readable amounts is too long to be rounded."""
NONE, WHOLE = Fraction(0), Fraction(1)
Filed = Mapping[str, Any]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Share:
    """The share of a row's points that was earned (0 to 1), how much it went over its target (percent), remarks.

    Fractions, so that half a hundredth is rounded up and never lost to a division.
    """

    earned: Fraction
    over: Fraction = NONE
    remark: str | None = None


class Missing(Exception):
    """A field of the row that a person must still fill: its name and the sentence to show."""

    def __init__(self, field: str, sentence: str) -> None:
        """Take the field's name beside the sentence."""
        self.field, self.sentence = field, sentence
        super().__init__(sentence)


CHOOSABLE: Mapping[str, frozenset[str]] = {
    "forward": frozenset({"ratio_pass", "satisfaction", "by_hand", "qualitative"}),
    "reverse": frozenset({"by_hand"}),
    "interval": frozenset({"by_hand"}),
    "date": frozenset({"by_hand"}),
    "yes_no": frozenset({"by_hand"}),
    "satisfaction": frozenset({"forward", "ratio_pass", "by_hand"}),
    "qualitative": frozenset({"by_hand"}),
}
"""Kind that the row's own target asks for -> kinds that its filer may choose instead (the row's `scoring`)."""


def way_of(row: Row) -> Direction:
    """Return which way is good for a row, and why (domain.md 4); the filer's own word counts first."""
    named = row.get("direction")
    explicit = Way(named) if named in set(Way) else None
    return direction(target_of(row), row["level2"], row["level3"], explicit)


def kind_of(row: Row, pack: Pack) -> str:
    """Return the row's kind: counted_in_execution, date, interval, forward, reverse, yes_no, satisfaction, qualitative.

    What holds numbers that nobody can compare (`1项/3轮`) is by_hand. A filer may choose ratio_pass (及格门槛) and
    others where CHOOSABLE lets him; a choice that does not fit the target counts for nothing.
    """
    if row["level3"] in pack.execution.counted_rows:
        return "counted_in_execution"
    own, chosen = _own_kind(row, pack), row.get("scoring")
    fits = chosen in CHOOSABLE.get(own, ()) and (chosen != "satisfaction" or pack.satisfaction)
    return str(chosen) if fits else own


def _own_kind(row: Row, pack: Pack) -> str:
    target, way = target_of(row), way_of(row).way
    if way == Way.QUALITATIVE and row.get("direction") == Way.QUALITATIVE:
        return "qualitative"
    if target.op is None or way == Way.RANGE:
        return _kind_of_words(target, pack)
    if way == Way.FORWARD and pack.satisfaction and "满意度" in (row["level2"] or "") and target.unit == "%":
        return "satisfaction"
    if target.unit == "date":
        return "date"
    return "reverse" if way == Way.REVERSE else "forward"


def _kind_of_words(target: Target, pack: Pack) -> str:
    raw = target.raw or ""
    if interval_of(target) is not None:
        return "interval"
    if raw.strip() in (*pack.words["yes"], *pack.words["no"]):
        return "yes_no"
    return "by_hand" if any(sign.isdigit() for sign in raw) else "qualitative"


def share_of(kind: str, row: Row, filed: Filed, pack: Pack) -> Share:
    """Return the earned share of a row; Missing where a person must fill something, Unlike where units differ."""
    if kind == "counted_in_execution":
        return Share(NONE, remark="预算执行率已在资金执行分中计算，不重复计分")
    if kind in ("qualitative", "by_hand"):
        return _chosen(kind, filed, pack)
    actual = str(filed.get("actual") or "").strip()
    if not actual:
        raise Missing("actual", "请填写实际完成值")
    try:
        return _late(row, actual, filed, pack) if kind == "date" else MEASURES[kind](row, actual, pack)
    except Unlike as unlike:
        raise Missing("actual", f"{unlike}。") from unlike


def _forward(row: Row, actual: str, pack: Pack) -> Share:
    pair, op = measured(row, actual), target_of(row).op
    if pair.target == 0:
        return Share(WHOLE if pair.actual >= 0 else NONE, remark="指标值为零，不计比率（V-T0）")
    if pair.target < 0:
        return Share(WHOLE if pair.actual >= pair.target else NONE)
    ratio = Fraction(pair.actual) / Fraction(pair.target)
    met = pair.actual > pair.target if op == ">" else pair.actual >= pair.target
    if met:
        return Share(WHOLE, max(NONE, (ratio - 1) * 100))
    return _short_of(ratio, pack.scoring.pass_mark)


def _short_of(ratio: Fraction, pass_mark: Decimal | None) -> Share:
    if pass_mark is not None and ratio * 100 < Fraction(pass_mark):
        return Share(NONE, remark=f"低于及格门槛{pass_mark}%")
    return Share(min(max(NONE, ratio), WHOLE))


def _ratio_pass(row: Row, actual: str, pack: Pack) -> Share:
    """Score like a forward row, but nothing below the pass mark that the filer chose to have (财预〔2021〕101号)."""
    share = _forward(row, actual, pack)
    return share if share.earned == 1 else _short_of(share.earned, pack.scoring.pass_mark or pack.chosen_pass_mark)


def _reverse(row: Row, actual: str, _pack: Pack) -> Share:
    pair, op = measured(row, actual), target_of(row).op
    met = pair.actual < pair.target if op == "<" else pair.actual <= pair.target
    if met:
        return Share(WHOLE)
    return Share(NONE if pair.target <= 0 else Fraction(pair.target) / Fraction(pair.actual))


def _interval(row: Row, actual: str, _pack: Pack) -> Share:
    interval = interval_of(target_of(row))
    if interval is None:
        raise Unlike("指标值不是区间")
    value = in_unit(actual, interval.unit)
    if interval.low <= value <= interval.high:
        return Share(WHOLE)
    if value < interval.low:
        return Share(max(NONE, Fraction(value) / Fraction(interval.low)) if interval.low > 0 else NONE)
    return Share(Fraction(interval.high) / Fraction(value) if interval.high > 0 else NONE)


def _late(row: Row, actual: str, filed: Filed, pack: Pack) -> Share:
    """Score a date: on time all points, late none, unless the filer takes the pack's ladder and says why."""
    days = (day_of(actual) - day_of(target_of(row).value or "")).days
    if days <= 0:
        return Share(WHOLE)
    ladder = pack.date_ladder
    if ladder is None or not filed.get("ladder"):
        return Share(NONE, remark=f"逾期{days}天，不得分")
    started = -(-days // ladder.days)
    return Share(max(NONE, 1 - Fraction(ladder.percent) * started / 100), remark=f"逾期{days}天，按阶梯扣分")


def _yes_no(row: Row, actual: str, pack: Pack) -> Share:
    if actual not in (*pack.words["yes"], *pack.words["no"]):
        raise Unlike("请填“是”或“否”")
    wanted_yes = (row["target"]["raw"] or "").strip() in pack.words["yes"]
    return Share(WHOLE if (actual in pack.words["yes"]) == wanted_yes else NONE)


def _satisfaction(row: Row, actual: str, pack: Pack) -> Share:
    value = measured(row, actual).actual
    earned = next((share for lower, share in pack.satisfaction if value >= lower), ZERO)
    return Share(Fraction(earned) / 100)


MEASURES = {
    "forward": _forward, "reverse": _reverse, "interval": _interval, "yes_no": _yes_no,
    "satisfaction": _satisfaction, "ratio_pass": _ratio_pass,
}  # fmt: skip


def _chosen(kind: str, filed: Filed, pack: Pack) -> Share:
    """Read the percent that a person chose; a named band must hold it; what is scored by hand needs its evidence."""
    percent = _percent(filed)
    named = next((band for band in pack.qualitative if band.name == (filed.get("actual") or "").strip()), None)
    if named and not named.holds(percent):
        raise Missing("percent", f"“{named.name}”对应{named.high}%—{named.low}%，所选{percent}%不在其中。")
    if kind == "by_hand" and not has_evidence(filed):
        raise Missing("evidence", "该指标值无法自动比较，由人工计分，请填写佐证材料。")
    if kind == "by_hand" and not (filed.get("reason") or "").strip():
        raise Missing("reason", "该指标值无法自动比较，由人工计分，请说明计分理由。")
    return Share(Fraction(percent) / 100)


def has_evidence(filed: Filed) -> bool:
    """Whether a row names evidence: in words, or files attached to the self-evaluation."""
    return bool((filed.get("evidence") or "").strip() or filed.get("files"))


def _percent(filed: Filed) -> Decimal:
    text = normalize("NFKC", str(filed.get("percent") or "")).strip().rstrip("%").strip()
    if not PLAIN_NUMBER.fullmatch(text):
        raise Missing("percent", "请填写完成程度（0—100之间的百分数）。")
    percent = Decimal(text)
    if not ZERO <= percent <= FULL:
        raise Missing("percent", "完成程度应在0—100之间。")
    return percent


def rounded(points: Decimal | Fraction) -> Decimal:
    """Round points to two decimals, half up; a fraction is weighed exactly before it becomes a decimal."""
    if isinstance(points, Fraction):
        return WIDE.divide(Decimal(floor(points * 100 + Fraction(1, 2))), FULL).quantize(CENT, context=WIDE)
    return points.quantize(CENT, ROUND_HALF_UP, WIDE)
