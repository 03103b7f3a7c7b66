"""The form of a rule pack's whole content: which sections it has, and which may be absent; its schema is published."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from workflows.packs.appraisal_section import AppraisalSection
from workflows.packs.later_sections import (
    AdjustmentSection,
    BlankFormSection,
    DateLadderSection,
    DisclosureSection,
    EvidenceSection,
    HelpSection,
    OtherSection,
    PassMarkSection,
    PrereviewSection,
    ReplySection,
    ResultUseSection,
    ReviewFormSection,
    SamplingSection,
    TemplateSection,
    UnitLoopSection,
)
from workflows.packs.sections import (
    BandsSection,
    ClocksSection,
    ColoursSection,
    ExecutionSection,
    FormulasSection,
    PackName,
    QualitativeSection,
    RedistributionSection,
    RequiredSection,
    ReviewRulesSection,
    RoundingSection,
    SatisfactionSection,
    ScoringSection,
    SelfEvaluationSection,
    TreeSection,
    WindowSection,
    WordsSection,
)
from workflows.published.form import Words


class PackForm(BaseModel):
    """A rule pack of Goaltrail 绩效目标审批台账 as data, format 1: its whole content, base and overrides joined."""

    model_config = ConfigDict(extra="allow", strict=True)
    __pydantic_extra__: dict[str, OtherSection] = Field(init=False)
    format: Literal[1]
    name: PackName
    version: Annotated[int, Field(ge=1, le=9999)]
    title: Words
    families: Annotated[list[PackName], Field(max_length=40)]
    template: TemplateSection = Field(default_factory=TemplateSection.model_construct)
    tree: TreeSection
    execution: ExecutionSection
    redistribution: RedistributionSection
    required: RequiredSection
    review_rules: ReviewRulesSection
    words: WordsSection
    formulas: FormulasSection
    bands: BandsSection
    qualitative: QualitativeSection
    satisfaction: SatisfactionSection
    scoring: ScoringSection
    rounding: RoundingSection
    window: WindowSection
    colours: ColoursSection
    clocks: ClocksSection
    selfeval: SelfEvaluationSection
    adjustment: AdjustmentSection = Field(default_factory=AdjustmentSection.model_construct)
    date_ladder: DateLadderSection = Field(default_factory=DateLadderSection.model_construct)
    pass_mark: PassMarkSection = Field(default_factory=PassMarkSection.model_construct)
    evidence: EvidenceSection = Field(default_factory=EvidenceSection.model_construct)
    sampling: SamplingSection = Field(default_factory=SamplingSection.model_construct)
    result_use: ResultUseSection = Field(default_factory=ResultUseSection.model_construct)
    prereview: PrereviewSection = Field(default_factory=PrereviewSection.model_construct)
    review_form: ReviewFormSection = Field(default_factory=ReviewFormSection.model_construct)
    disclosure: DisclosureSection = Field(default_factory=DisclosureSection.model_construct)
    unit_loop: UnitLoopSection = Field(default_factory=UnitLoopSection.model_construct)
    reply: ReplySection = Field(default_factory=ReplySection.model_construct)
    blank_form: BlankFormSection = Field(default_factory=BlankFormSection.model_construct)
    help: HelpSection = Field(default_factory=HelpSection.model_construct)
    appraisal: AppraisalSection = Field(default_factory=AppraisalSection.model_construct)


def pack_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that the reader holds a pack against."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **PackForm.model_json_schema()}
