"""A review form as a person fills it in: complete, inside its points, with total and grade (domain.md 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from workflows.errors import FieldsInvalid
from workflows.packs.review_form import FormItem, ReviewForm
from workflows.state.reviews import ReviewMode
from workflows.vocabulary import Grade

LONGEST_COMMENT = 500
"""Characters of a sub-item's comment."""
Said = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Filled:
    """A form that is whole: the items as they are recorded, the total of 100 as decimal text, the grade."""

    mode: ReviewMode
    items: dict[str, dict[str, str]]
    total: str
    grade: Grade


def filled(form: ReviewForm, mode: str, items: Said, grade: str = "") -> Filled:
    """Return the form as filled in; FieldsInvalid names what is missing or wrong.

    `items` hold, by code, `points` (decimal text, mode scored) or `grade` (mode qualitative), and `comment`. The
    overall `grade` is the reviewer's in the qualitative mode, between the worst and best of the items; else the band's.
    """
    if mode not in set(ReviewMode):
        raise FieldsInvalid("请选择审核方式：一般性项目（定性）或重点项目（定量）。", field="mode")
    strange = sorted(set(items) - {item.code.value for item in form.items})
    if strange:
        raise FieldsInvalid("审核表没有这样的审核要点。", field=f"items.{strange[0]}")
    if mode == ReviewMode.SCORED:
        return _scored(form, items)
    return _qualitative(form, items, grade)


def _scored(form: ReviewForm, items: Said) -> Filled:
    points = {item.code.value: _points(item, items.get(item.code, {}), form.places) for item in form.items}
    total = sum(points.values(), Decimal(0))
    said = {code: {"points": str(each), "comment": _comment(items, code)} for code, each in points.items()}
    return Filled(ReviewMode.SCORED, said, _shown(total, form.places), form.grade_of(total))


def _points(item: FormItem, said: Mapping[str, str], places: int) -> Decimal:
    place = f"items.{item.code}"
    try:
        points = Decimal(said.get("points", "").strip())
    except InvalidOperation:
        raise FieldsInvalid(f"请填写“{item.code.chinese}”的得分（0至{item.points}分）。", field=place) from None
    exact = points.is_finite() and points == points.quantize(Decimal(1).scaleb(-places))
    if not exact or not 0 <= points <= item.points:
        raise FieldsInvalid(
            f"“{item.code.chinese}”的得分须在0至{item.points}分之间，最多{places}位小数。", field=place
        )
    return Decimal(f"{points.normalize():f}")


def _qualitative(form: ReviewForm, items: Said, overall: str) -> Filled:
    grades = {item.code.value: _grade(item, items.get(item.code, {})) for item in form.items}
    if overall not in set(Grade):
        raise FieldsInvalid("请选择综合评定等级。", field="grade")
    order = list(Grade).index
    if not min(map(order, grades.values())) <= order(Grade(overall)) <= max(map(order, grades.values())):
        raise FieldsInvalid("综合评定等级不能高于各要点中的最高等级，也不能低于最低等级。", field="grade")
    total = sum((item.points * form.shares[grades[item.code]] / 100 for item in form.items), Decimal(0))
    said = {code: {"grade": each.value, "comment": _comment(items, code)} for code, each in grades.items()}
    return Filled(ReviewMode.QUALITATIVE, said, _shown(total, form.places), Grade(overall))


def _grade(item: FormItem, said: Mapping[str, str]) -> Grade:
    if said.get("grade") not in set(Grade):
        raise FieldsInvalid(f"请评定“{item.code.chinese}”：优、良、中或差。", field=f"items.{item.code}")
    return Grade(said["grade"])


def _comment(items: Said, code: str) -> str:
    comment = items.get(code, {}).get("comment", "").strip()
    if len(comment) > LONGEST_COMMENT:
        raise FieldsInvalid(f"审核意见不能超过{LONGEST_COMMENT}字。", field=f"items.{code}")
    return comment


def _shown(total: Decimal, places: int) -> str:
    return str(total.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
