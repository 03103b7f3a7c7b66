"""The appraisal sheet (事前绩效评估) of a pack: its aspects and items, how they add up, from what amount it is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.state.appraisals import Support
from workflows.vocabulary import Grade


@dataclass(frozen=True)
class AppraisalItem:
    """One of the twenty items: code, its aspect's name, the question, its points of 100."""

    code: str
    aspect: str
    question: str
    points: Decimal


@dataclass(frozen=True)
class AppraisalRules:
    """A pack's appraisal sheet. `threshold` is in 万元; `new_words` are words of 项目属性 that say a new project."""

    title: str
    source: str
    threshold: Decimal
    new_words: tuple[str, ...]
    items: tuple[AppraisalItem, ...]
    shares: Mapping[Grade, Decimal]
    bands: tuple[tuple[Decimal, Support], ...]

    @property
    def aspects(self) -> tuple[str, ...]:
        """Return the names of the aspects, in order."""
        return tuple(dict.fromkeys(item.aspect for item in self.items))

    def of_aspect(self, aspect: str) -> tuple[AppraisalItem, ...]:
        """Return the items of an aspect, in order."""
        return tuple(item for item in self.items if item.aspect == aspect)

    def total_of(self, grades: Mapping[str, Grade]) -> Decimal:
        """Return the total of 100 of these grades by item code, exact."""
        return sum((item.points * self.shares[grades[item.code]] / 100 for item in self.items), Decimal(0))

    def best_result(self, total: Decimal) -> Support:
        """Return the best result that a total allows (lower bound included)."""
        return next(result for lower, result in self.bands if total >= lower)

    def asks_for(self, attribute: str, amount: Decimal | None) -> bool:
        """Whether a project of this 项目属性 and amount (万元) needs an appraisal before it is filed."""
        return any(word in attribute for word in self.new_words) and amount is not None and amount >= self.threshold


def appraisal_rules_of(pack: Mapping[str, Any]) -> AppraisalRules | None:
    """Return the appraisal sheet of a pack's whole content; None for a pack that has none, or was pinned before."""
    section = pack.get("appraisal")
    if section is None:
        return None
    return AppraisalRules(
        title=section["title"],
        source=section["source"],
        threshold=Decimal(section["threshold"]),
        new_words=tuple(section["new_words"]),
        items=tuple(
            AppraisalItem(item["code"], aspect["name"], item["question"], Decimal(item["points"]))
            for aspect in section["aspects"] for item in aspect["items"]
        ),
        shares={Grade(grade): Decimal(share) for grade, share in section["shares"].items()},
        bands=tuple((Decimal(band["from"]), Support(band["result"])) for band in section["bands"]),
    )  # fmt: skip
