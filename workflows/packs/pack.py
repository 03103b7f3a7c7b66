"""The shape of a rule pack: what a reviewer, a scorer and a watcher read out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workflows.packs.prereview import Prereview
from workflows.vocabulary import Grade


@dataclass(frozen=True)
class LevelTwo:
    """One second-level class of indicators and whether the form prints it as 必填."""

    name: str
    requirement: str | None

    @property
    def required(self) -> bool:
        """Whether the form demands a row here (必填, 必填硬性指标)."""
        return (self.requirement or "").startswith("必填")


@dataclass(frozen=True)
class LevelOne:
    """One first-level class: its points of 100, whether it states effects, its classes as printed."""

    name: str
    weight: Decimal
    benefit: bool
    level2: tuple[LevelTwo, ...]


@dataclass(frozen=True)
class Execution:
    """Points for 预算执行率 and the indicator rows that are already counted by them."""

    weight: Decimal
    counted_rows: tuple[str, ...]


@dataclass(frozen=True)
class Redistribution:
    """Where the points of an absent first-level class go: (class, points), None for all of what is left."""

    absent: str
    to: tuple[tuple[str, Decimal | None], ...]


@dataclass(frozen=True)
class ReviewRules:
    """Which machine pre-review rules this pack's own tree knows, and their thresholds (percent)."""

    required_fields: tuple[str, ...]
    money_parts: tuple[str, ...]
    quantity_and_quality: tuple[str, ...]
    benefit_needed: bool
    satisfaction_level: str | None
    fixed_level_sums: bool
    money_tolerance: Decimal
    same_target_share: Decimal
    qualitative_share: Decimal
    low_target_below: Decimal


@dataclass(frozen=True)
class SuspiciousTarget:
    """A target that contradicts its own formula: indicator name part, operator, percent bound."""

    name: str
    op: str
    below: Decimal
    sentence: str


@dataclass(frozen=True)
class Band:
    """A qualitative band in percent of the points: from (included) to (excluded, except 100)."""

    name: str
    low: Decimal
    high: Decimal

    def holds(self, percent: Decimal) -> bool:
        """Whether the percent lies inside the band."""
        return self.low <= percent and (percent < self.high or percent == self.high == Decimal(100))


@dataclass(frozen=True)
class ScoringRules:
    """Thresholds in percent: forced reasons, the cap without evidence, the pass mark (None: not in use)."""

    over_fulfilment_reason: Decimal
    over_fulfilment_flag: Decimal
    execution_reason_below: Decimal
    evidence_cap: Decimal | None
    pass_mark: Decimal | None


@dataclass(frozen=True)
class Window:
    """The monitoring window of a table that prints no spending plan: months counted and the filing date (MM-DD)."""

    name: str
    months: int
    due: str


@dataclass(frozen=True)
class ColourRules:
    """Thresholds of the warning colours: percentage points for money, percent for goals, yuan for large amounts.

    `actual_needed`: a window's row says what was reached, or why it says nothing; packs pinned before did not ask.
    """

    yellow_below: Decimal
    red_below: Decimal
    yellow_forecast_below: Decimal
    red_forecast_below: Decimal
    purple_above: Decimal
    large_amount_yuan: Decimal
    large_month_day: str
    large_rate_below: Decimal
    cause_length: int
    possibility: Mapping[str, Decimal]
    actual_needed: bool


@dataclass(frozen=True)
class EvaluationWindow:
    """Self-evaluation in the year after: opens and due (MM-DD)."""

    opens: str
    due: str


@dataclass(frozen=True)
class DateLadder:
    """What a late date still earns where a unit gives a reason: `percent` less for each started period of `days`."""

    days: int
    percent: Decimal


@dataclass(frozen=True)
class EvidenceRules:
    """How an actual may be known (财预〔2021〕101号); the method named `survey` states its numbers and its question."""

    methods: tuple[str, ...]
    survey: str


@dataclass(frozen=True)
class SamplingRules:
    """财政抽查: percent drawn by lot, the grades and totals always drawn, the jump of points since last year."""

    percent: Decimal
    grades: tuple[Grade, ...]
    totals: tuple[Decimal, ...]
    jump: Decimal
    working_days: int


@dataclass(frozen=True)
class GradeUse:
    """What follows from a grade: words for next year's budget, whether it has to be rectified, whether it blocks."""

    use: str
    rectify: bool
    blocks: bool
    working_days: int


@dataclass(frozen=True)
class ReplyRules:
    """批复时限 in calendar days (预算法 第五十二条): finance's, the department's, and whether a rest day ends it."""

    finance_days: int
    pass_on_days: int
    next_workday: bool


@dataclass(frozen=True)
class Template:
    """The form that a pack's tables are filed on: whose it is, since which year, its printed name, its money unit."""

    region: str
    year: int
    form: str
    amount_unit: str


@dataclass(frozen=True)
class BlankForm:
    """What a new table's form has beside the common boxes: checkpoints of the spending plan, money in detail."""

    checkpoints: tuple[str, ...]
    details: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Help:
    """填报说明 of one field: what to write there, an example that is right and one that is not (None: no example)."""

    name: str
    text: str
    right: str | None
    wrong: str | None


@dataclass(frozen=True)
class Ratio:
    """An imported ratio of the whole unit: what stands above and below; `change` subtracts the lower from the upper."""

    name: str
    numerator: str
    denominator: str
    change: bool


@dataclass(frozen=True)
class UnitLoop:
    """整体指标: by what the completion of monitoring and self-evaluation is divided, and the imported ratios.

    `monitoring` and `selfeval` are "all" (all of the unit's projects) or "due" (those that had to).
    """

    monitoring: str
    selfeval: str
    imported: tuple[Ratio, ...]


@dataclass(frozen=True)
class Pack:
    """One rule pack as in force: name, version, hash of its resolved content, the source of every number by section."""

    name: str
    version: int
    title: str
    hash: str
    families: tuple[str, ...]
    sources: Mapping[str, str]
    tree: tuple[LevelOne, ...]
    execution: Execution
    redistribution: tuple[Redistribution, ...]
    review: ReviewRules
    words: Mapping[str, tuple[str, ...]]
    suspicious: tuple[SuspiciousTarget, ...]
    grades: tuple[tuple[Decimal, Grade], ...]
    qualitative: tuple[Band, ...]
    satisfaction: tuple[tuple[Decimal, Decimal], ...]
    scoring: ScoringRules
    places: int
    window: Window
    colours: ColourRules
    clocks: Mapping[str, int]
    selfeval: EvaluationWindow
    prereview: Prereview | None = None
    date_ladder: DateLadder | None = None
    chosen_pass_mark: Decimal | None = None
    evidence: EvidenceRules | None = None
    sampling: SamplingRules | None = None
    result_use: Mapping[Grade, GradeUse] | None = None
    adjustment_cut_off: str | None = None
    template: Template | None = None
    disclosure_days: int | None = None
    unit_loop: UnitLoop | None = None
    reply: ReplyRules | None = None
    blank_form: BlankForm | None = None
    help: Mapping[str, Help] | None = None

    def level(self, name: str | None) -> LevelOne | None:
        """Return the first-level class of this name, None where the pack's tree has none."""
        return next((level for level in self.tree if level.name == name), None)

    def grade_of(self, total: Decimal) -> Grade:
        """Return the grade of a total (domain.md 9.6: lower bound included)."""
        return next(grade for lower, grade in self.grades if total >= lower)
