"""Facts of evaluations (绩效评价) and recommendations, and of the components that imported ratios are computed from."""

from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class EvaluationOpened(Event):
    """The finance bureau or the department took the project into its evaluation; `sort` is finance or department."""

    kind = "evaluation.opened"
    erasable = ("reason",)
    evaluation: str
    sort: str
    deadline: str
    reason: str


@dataclass(frozen=True)
class EvaluationReported(Event):
    """An evaluation's report came: score (decimal text, 0 to 100), its grade by the pack's bands, the file bound."""

    kind = "evaluation.reported"
    erasable = ("opinion",)
    evaluation: str
    attachment: str
    score: str
    grade: str
    opinion: str


@dataclass(frozen=True)
class RecommendationMade(Event):
    """A recommendation to the unit or the department (`to`), by a day; `evaluation` it came from, empty for none."""

    kind = "recommendation.made"
    erasable = ("words",)
    recommendation: str
    evaluation: str
    to: str
    words: str
    deadline: str


@dataclass(frozen=True)
class RecommendationAccepted(Event):
    """Whom a recommendation was made to adopts it; `opinion` says how."""

    kind = "recommendation.accepted"
    erasable = ("opinion",)
    recommendation: str
    opinion: str


@dataclass(frozen=True)
class RecommendationRejected(Event):
    """Whom a recommendation was made to does not adopt it, with the reason."""

    kind = "recommendation.rejected"
    erasable = ("reason",)
    recommendation: str
    reason: str


@dataclass(frozen=True)
class RecommendationImplemented(Event):
    """An adopted recommendation was carried out; `attachment` is the evidence, empty where none was given."""

    kind = "recommendation.implemented"
    erasable = ("report",)
    recommendation: str
    attachment: str
    report: str


@dataclass(frozen=True)
class ComponentRecorded(Event):
    """Finance entered an imported ratio's numerator and denominator (decimal texts) with the evidence."""

    kind = "component.recorded"
    erasable = ("note",)
    indicator: str
    numerator: str
    denominator: str
    counted_in: str
    attachment: str
    note: str
