"""What callers send for the review form and for completing a table directly with the unit's consent."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from service.api.bodies import Body, Reason, Text, WithOpinion, Word
from service.pages.posted import LONGEST_TEXT, cleaned

Points = Annotated[str, Field(max_length=20), AfterValidator(cleaned)]
Wished = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT), AfterValidator(cleaned)]
MOST_PLACES = 100


class FormItem(Body):
    """One sub-item: its grade (qualitative) or its points as decimal text (scored), with a comment."""

    grade: Literal["", "excellent", "good", "fair", "poor"] = ""
    points: Points = ""
    comment: Text = ""


class ReviewForm(WithOpinion):
    """The review form (审核表): `items` by sub-item; the overall `grade` in the qualitative mode alone."""

    mode: Literal["qualitative", "scored"]
    items: dict[str, FormItem] = Field(max_length=20)
    grade: Literal["", "excellent", "good", "fair", "poor"] = ""


class Completion(Body):
    """One place completed: JSON pointer (`/goals/0`, `/indicators/r3/target`), the new text, the reason."""

    pointer: Word
    new: Wished
    reason: Reason


class Amendment(WithOpinion):
    """What a reviewer completes himself, for the unit to agree to."""

    changes: list[Completion] = Field(min_length=1, max_length=MOST_PLACES)


class AmendmentAgreed(WithOpinion):
    """The unit's agreement to exactly this proposal."""

    amendment: Word


class AmendmentRefused(Body):
    """The unit's refusal, or the reviewer taking his proposal back."""

    amendment: Word
    reason: Reason


class ExpertsAsked(Body):
    """The experts (person IDs) whom a reviewer asks, and the last day on which they may score."""

    people: list[Word] = Field(min_length=1, max_length=15)
    until: date
