"""The review form (审核表) of a pack: sub-items with points and questions, bands, what a reviewer may complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.state.criteria import Aspect, Criterion
from workflows.vocabulary import Grade


@dataclass(frozen=True)
class FormItem:
    """One sub-item: to which group it belongs, its points of 100 and the question that the form asks."""

    code: Criterion
    aspect: Aspect
    points: Decimal
    question: str


@dataclass(frozen=True)
class AmendmentRules:
    """What a reviewer may complete himself at grade 良, and for how many working days the unit is asked."""

    working_days: int
    goals: bool
    fields: tuple[str, ...]

    def allows(self, pointer: str) -> bool:
        """Whether a place may be completed: a goal's text (`/goals/0`) or a named field of a row."""
        _empty, subject, *rest = pointer.split("/")
        if subject == "goals":
            return self.goals and len(rest) == 1
        return subject == "indicators" and len(rest) > 1 and rest[1] in self.fields


@dataclass(frozen=True)
class ReviewForm:
    """A pack's review form. `shares` are percent of an item's points for a qualitative grade, for statistics only."""

    title: str
    source: str
    items: tuple[FormItem, ...]
    bands: tuple[tuple[Decimal, Grade], ...]
    shares: Mapping[Grade, Decimal]
    places: int
    amendment: AmendmentRules

    def of_aspect(self, aspect: Aspect) -> tuple[FormItem, ...]:
        """Return the sub-items of a group, in order."""
        return tuple(item for item in self.items if item.aspect == aspect)

    def points_of(self, aspect: Aspect) -> Decimal:
        """Return the points of a group."""
        return sum((item.points for item in self.of_aspect(aspect)), Decimal(0))

    def grade_of(self, total: Decimal) -> Grade:
        """Return the grade of a total (lower bound included)."""
        return next(grade for lower, grade in self.bands if total >= lower)


def review_form_of(pack: Mapping[str, Any]) -> ReviewForm | None:
    """Return the review form of a pack's whole content; None for a pack that was pinned before packs had one."""
    section = pack.get("review_form")
    if section is None:
        return None
    rules = section["amendment"]
    return ReviewForm(
        title=section["title"],
        source=section["source"],
        items=tuple(
            FormItem(Criterion(item["code"]), Aspect(group["code"]), Decimal(item["points"]), item["question"])
            for group in section["criteria"] for item in group["items"]
        ),
        bands=tuple((Decimal(band["from"]), Grade(band["grade"])) for band in section["bands"]),
        shares={Grade(grade): Decimal(share) for grade, share in section["shares"].items()},
        places=section["places"],
        amendment=AmendmentRules(rules["working_days"], rules["goals"], tuple(rules["fields"])),
    )  # fmt: skip
