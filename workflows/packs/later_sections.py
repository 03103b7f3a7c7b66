"""The sections of a rule pack that came later: a pack pinned before has none of them, and the feature is off."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from workflows.packs.sections import Days, GradeBandForm, GradeCode, MonthDay, Number, Section, Text
from workflows.published.form import Form, Words


class OtherSection(BaseModel):
    """A section that this version of the product does not read; it is kept, and has a source like every other."""

    model_config = ConfigDict(extra="allow", strict=True)
    source: Text


class TemplateSection(Section):
    """The form that the pack's tables are filed on (features E6)."""

    region: Words
    year: Annotated[int, Field(ge=2000, le=2100)]
    form: Words
    amount_unit: Literal["元", "万元"]


class AdjustmentSection(Section):
    """调整申请截止日."""

    cut_off: MonthDay


class DateLadderSection(Section):
    """时效逾期扣分."""

    days: Annotated[int, Field(ge=1, le=366)]
    percent: Number


class PassMarkSection(Section):
    """比率指标及格门槛."""

    percent: Number


class EvidenceSection(Section):
    """完成值取值方式."""

    methods: Annotated[list[Words], Field(min_length=1, max_length=20)]
    survey: Words


class SamplingSection(Section):
    """财政抽查."""

    percent: Number
    grades: list[GradeCode]
    totals: list[Number]
    jump: Number
    working_days: Days


class UseForm(Form):
    """What follows from a grade."""

    use: Text
    rectify: bool
    blocks: bool
    working_days: Days


class ResultUseSection(Section):
    """结果应用."""

    grades: dict[GradeCode, UseForm]


class DisclosureSection(Section):
    """公开: within how many days after the reply."""

    days: Annotated[int, Field(ge=1, le=366)]


class ReplySection(Section):
    """批复时限（自然日）: finance after the congress, the department after the reply; whether a rest day counts."""

    finance_days: Annotated[int, Field(ge=1, le=366)]
    pass_on_days: Annotated[int, Field(ge=1, le=366)]
    rest_day: Literal["stays", "next_workday"]


class RatioForm(Form):
    """An imported ratio: its name, what stands above and below the line, whether it is a change (上减下再除以下)."""

    name: Words
    numerator: Words
    denominator: Words
    change: bool


class UnitLoopSection(Section):
    """整体指标: denominators of the completion rates, and the ratios whose components are entered with evidence."""

    monitoring: Literal["all", "due"]
    selfeval: Literal["all", "due"]
    imported: Annotated[list[RatioForm], Field(max_length=40)]


class SubItemForm(Form):
    """One of the eight sub-items of the review form: its points and its question."""

    code: Literal["form", "clarity", "goal_fits", "indicators", "effect", "money", "realisable", "conditions"]
    points: Number
    question: Text


class AspectForm(Form):
    """One of the four groups of the review form."""

    code: Literal["completeness", "relevance", "fitness", "feasibility"]
    items: Annotated[list[SubItemForm], Field(min_length=1, max_length=8)]


class CompletionForm(Form):
    """What a reviewer may complete himself at grade 良, and how long the unit is asked."""

    working_days: Days
    goals: bool
    fields: list[Words]


class ReviewFormSection(Section):
    """审核表."""

    title: Words
    criteria: Annotated[list[AspectForm], Field(min_length=1, max_length=4)]
    bands: Annotated[list[GradeBandForm], Field(min_length=1, max_length=4)]
    shares: dict[GradeCode, Number]
    places: Annotated[int, Field(ge=0, le=4)]
    amendment: CompletionForm


class BlankFormSection(Section):
    """新建表的表样: checkpoints of the spending plan, groups of boxes for money in detail."""

    checkpoints: Annotated[list[Words], Field(max_length=12)]
    details: dict[str, Annotated[list[Words], Field(min_length=1, max_length=12)]]


class HelpForm(Form):
    """填报说明 of one field, with an example that is right and one that is not (null: none)."""

    name: Literal[
        "title", "project_code", "supervising_department", "implementing_unit", "attribute", "period", "budget",
        "disclosure", "purpose", "goals", "spending_plan", "level1", "level2", "level3", "description", "target",
        "basis", "weight", "reason",
    ]  # fmt: skip
    text: Text
    right: Text | None
    wrong: Text | None


class HelpSection(Section):
    """填报说明."""

    fields: Annotated[list[HelpForm], Field(min_length=1, max_length=40)]


class PrereviewSection(Section):
    """机审词表与阈值."""

    cut_lengths: list[int]
    cut_margin: Annotated[int, Field(ge=0, le=100)]
    going_on: list[Words]
    ends: list[Words]
    actions: list[Words]
    asks_for_number: list[Words]
    asks_for_count: list[Words]
    rate_words: list[Words]
    not_rates: list[Words]
    count_units: list[Words]
    vague_least: Number
    plans_ended: dict[str, Annotated[int, Field(ge=1949, le=2100)]]
    done_words: list[Words]
    variants: list[Annotated[list[Words], Field(min_length=2, max_length=2)]]
    alike: Number
    itemised_overlap: Number
    unchanged_share: Number
