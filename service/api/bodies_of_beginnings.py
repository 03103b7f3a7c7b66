"""What callers send to begin a table or to look after the indicator library."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from service.api.bodies import Body, Reason, Word
from service.pages.posted import cleaned

Year = Annotated[int, Field(ge=2000, le=2100)]
Line = Annotated[str, Field(max_length=500), AfterValidator(cleaned)]
Family = Literal[
    "national-project", "national-unit", "hebei-special-fund", "hebei-project", "ningxia-county-project",
    "ningxia-region-project", "henan-unit",
]  # fmt: skip


class NewTable(Body):
    """A table on a blank form of the family; `scope` is unit or department where the form is for a whole one."""

    unit: Word
    family: Family
    scope: Literal["project", "unit", "department"] = "project"
    title: Word
    year: Year


class CopyOfTable(Body):
    """A table of a later year on this one."""

    year: Year


class LibraryEntry(Body):
    """An indicator to recommend."""

    level1: Word
    level2: Word
    level3: Word
    description: Line = ""
    target: Line = ""
    basis: Line = ""
    industry: Line = ""


class Retirement(Body):
    """An indicator that shall no longer be picked."""

    entry: UUID
    reason: Reason
