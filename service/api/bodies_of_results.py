"""What callers send after a self-evaluation: points given anew, rectifications, and the draw for the bureau's check."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from service.api.bodies import MOST_ROWS, Body, Text, Word

Measure = Literal["整改", "核减预算", "暂停拨付"]
What = Literal["goals", "self_evaluation"]
"""What is disclosed: goals with the budget, self-evaluations with the final accounts."""


class RowGivenAnew(Body):
    """One row's points as decimal text, and why."""

    points: Text
    reason: Text


class Rescoring(Body):
    """Points by indicator ID; "execution" stands for the execution points. Every row needs its reason."""

    rows: dict[str, RowGivenAnew] = Field(default_factory=dict, max_length=MOST_ROWS)


class RectificationOrder(Body):
    """What the unit has to mend and by when; `cut` is a proposed cut of the budget in the table's unit."""

    problem: Text
    deadline: date
    measures: Annotated[tuple[Measure, ...], Field(max_length=3)] = ("整改",)
    cut: Text = ""
    window: Text = ""


class RectificationReport(Body):
    """Which rectification, and what was done."""

    rectification: Word
    report: Text


class RectificationLook(Body):
    """Whether a rectification is over; if not, why and until when."""

    rectification: Word
    passed: bool
    opinion: Text = ""
    deadline: date | None = None


class SecrecyReview(Body):
    """Whether the version in force, or the finished self-evaluation, may be disclosed; `internal` needs a reason."""

    outcome: Literal["public", "internal"]
    reason: Text = ""
    what: What = "goals"


class Release(Body):
    """Which year's pack of the caller's department to make public: its goals, or its self-evaluations."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    what: What = "goals"


class Draw(Body):
    """Which year's tables to draw from (a department's, or all), and the seed."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    seed: Annotated[str, Field(min_length=1, max_length=200)]
    department: Text = ""
