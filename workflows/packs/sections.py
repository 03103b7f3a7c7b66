"""The sections that every rule pack has and what each may hold: numbers exact, as text, every section sourced."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict

from workflows.published.form import Form, Words

Number = Annotated[str, Field(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$", description="an exact number, as text")]
MonthDay = Annotated[str, Field(pattern="^[0-9]{2}-[0-9]{2}$", description="a day of the year, MM-DD")]
PackName = Annotated[str, Field(pattern="^[a-z][a-z0-9-]{0,39}$")]
GradeCode = Literal["excellent", "good", "fair", "poor"]
Days = Annotated[int, Field(ge=0, le=366, description="working days")]
Text = Annotated[str, Field(min_length=1, max_length=500)]


class Section(Form):
    """A part of the pack; `source` says where its numbers come from."""

    source: Text


class LevelTwoForm(Form):
    """A second-level class; `requirement` as the form prints it (必填, 选填, 必填硬性指标)."""

    name: Words
    requirement: Words | None


class LevelOneForm(Form):
    """A first-level class with its points of 100."""

    name: Words
    weight: Number
    benefit: bool
    level2: Annotated[list[LevelTwoForm], Field(min_length=1, max_length=40)]


class TreeSection(Section):
    """指标体系."""

    level1: Annotated[list[LevelOneForm], Field(min_length=1, max_length=20)]


class ExecutionSection(Section):
    """预算执行率: its points, and the rows of a table that they already count."""

    weight: Number
    counted_rows: list[Words]


class AbsentForm(Form):
    """Where the points of an absent class go: [class, points], points null for all of what is left."""

    name: Words
    to: list[Annotated[tuple[Words, Number | None], Strict(strict=False)]]


class RedistributionSection(Section):
    """缺项并入."""

    absent: list[AbsentForm]


class RequiredSection(Section):
    """申报必填栏目."""

    fields: list[Words]
    money_parts: list[Words]


class ReviewRulesSection(Section):
    """机审按本体系适用的规则与界限."""

    quantity_and_quality: list[Words]
    benefit_needed: bool
    satisfaction_level: Words | None
    fixed_level_sums: bool
    money_tolerance: Number
    same_target_share: Number
    qualitative_share: Number
    low_target_below: Number


class WordsSection(BaseModel):
    """机审词表: lists of words by name."""

    model_config = ConfigDict(extra="allow", strict=True)
    __pydantic_extra__: dict[str, list[Words]] = Field(init=False)
    source: Text


class SuspiciousForm(Form):
    """A target that contradicts its own formula."""

    name: Words
    op: Literal[">=", "<=", ">", "<", "="]
    below: Number
    sentence: Text


class FormulasSection(Section):
    """与公式矛盾的指标值."""

    suspicious: list[SuspiciousForm]


class GradeBandForm(Form):
    """A grade from a total upwards (included)."""

    grade: GradeCode
    lower: Annotated[Number, Field(alias="from")]


class BandsSection(Section):
    """评价等级."""

    grades: Annotated[list[GradeBandForm], Field(min_length=1, max_length=4)]


class BandForm(Form):
    """A qualitative band in percent of the points: from (included) to (excluded, except 100)."""

    name: Words
    lower: Annotated[Number, Field(alias="from")]
    upper: Annotated[Number, Field(alias="to")]


class QualitativeSection(Section):
    """定性指标档次."""

    bands: Annotated[list[BandForm], Field(min_length=1, max_length=10)]


class StepForm(Form):
    """From this satisfaction (percent) upwards, this share (percent) of the points."""

    lower: Annotated[Number, Field(alias="from")]
    share: Number


class SatisfactionSection(Section):
    """满意度阶梯; empty: as a 正向 indicator."""

    ladder: Annotated[list[StepForm], Field(max_length=10)]


class ScoringSection(Section):
    """计分界限, percent; null: not in use."""

    over_fulfilment_reason: Number
    over_fulfilment_flag: Number
    execution_reason_below: Number
    evidence_cap: Number | None
    pass_mark: Number | None


class RoundingSection(Section):
    """取位."""

    places: Annotated[int, Field(ge=0, le=4)]
    mode: Literal["half_up"]


class WindowSection(Section):
    """监控窗口."""

    name: Words
    months: int
    due: MonthDay


class ColoursSection(Section):
    """监控预警颜色."""

    yellow_below: Number
    red_below: Number
    yellow_forecast_below: Number
    red_forecast_below: Number
    purple_above: Number
    large_amount_yuan: Number
    large_month_day: MonthDay
    large_rate_below: Number
    cause_length: Annotated[int, Field(ge=0, le=1000)]
    possibility: dict[str, Number]
    actual_needed: bool = False


class ClocksSection(BaseModel):
    """办理时限, working days by node."""

    model_config = ConfigDict(extra="allow", strict=True)
    __pydantic_extra__: dict[str, Days] = Field(init=False)
    source: Text


class SelfEvaluationSection(Section):
    """自评起止, days of the year after."""

    opens: MonthDay
    due: MonthDay
