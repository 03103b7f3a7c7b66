"""What callers get of a table's review: the forms as filled in, and the completion that waits for the unit."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from workflows.state.reviews import Amendment, Review


class FormItemShown(BaseModel):
    """One sub-item of a form: its grade or its points, and the comment."""

    grade: str | None
    points: str | None
    comment: str


class ReviewShown(BaseModel):
    """A review form (审核表) as one reviewer filled it in; `void` once a return or a new round took it away."""

    node: str
    level: str
    round: int
    person: str
    name: str
    mode: str
    items: dict[str, FormItemShown]
    total: str
    grade: str
    opinion: str
    at: datetime
    void: bool

    @classmethod
    def of(cls, form: Review) -> Self:
        """Return the form as it is shown."""
        items = {
            code: FormItemShown(grade=item.get("grade"), points=item.get("points"), comment=item["comment"])
            for code, item in form.items.items()
        }
        same = {name: getattr(form, name) for name in cls.model_fields if name != "items"}
        return cls(items=items, **same)


class AmendmentShown(BaseModel):
    """A completion (良·直接完善) that waits for the unit; `changes` is the hash of what it changes."""

    amendment: str
    node: str
    person: str
    name: str
    content_hash: str
    changes: str
    changed: int
    opinion: str
    due_at: datetime
    provisional: bool

    @classmethod
    def of(cls, asked: Amendment) -> Self:
        """Return what waits as it is shown."""
        return cls(**{name: getattr(asked, name) for name in cls.model_fields})
