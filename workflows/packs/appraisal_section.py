"""What the appraisal section (事前绩效评估) of a rule pack may hold."""

from typing import Annotated, Literal

from pydantic import Field

from workflows.packs.sections import GradeCode, Number, Section, Text
from workflows.published.form import Form, Words


class AppraisalItemForm(Form):
    """One item: its code, its points of 100 and its question."""

    code: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$")]
    points: Number
    question: Text


class AppraisalAspectForm(Form):
    """One aspect with its items."""

    name: Words
    items: Annotated[list[AppraisalItemForm], Field(min_length=1, max_length=10)]


class AppraisalBandForm(Form):
    """From this total upwards (included) at best this result."""

    result: Literal["supported", "partly", "rejected"]
    lower: Annotated[Number, Field(alias="from")]


class AppraisalSection(Section):
    """事前绩效评估: from what amount (万元) a new project needs one, and the sheet."""

    title: Words
    threshold: Number
    new_words: Annotated[list[Words], Field(min_length=1, max_length=20)]
    aspects: Annotated[list[AppraisalAspectForm], Field(min_length=1, max_length=10)]
    shares: dict[GradeCode, Number]
    bands: Annotated[list[AppraisalBandForm], Field(min_length=3, max_length=3)]
