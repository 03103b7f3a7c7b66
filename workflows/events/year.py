"""Facts of the year in force: monitoring windows and the self-evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.events.fact import Event


@dataclass(frozen=True)
class MonitoringOpened(Event):
    """A checkpoint of the table's own plan came; the unit is to file its figures."""

    kind = "monitoring.opened"
    window: str
    name: str
    date: str
    planned_percent: str | None
    source: str
    rule: str


@dataclass(frozen=True)
class MonitoringFiled(Event):
    """The unit filed its figures; what was computed from them is kept beside them. Percentages are decimal strings.

    `pack` and its hash say by which thresholds the colour was found (E7), empty before shape 3.
    """

    kind = "monitoring.filed"
    shape = 3
    erasable = ("cause", "measure", "person")
    node: str
    task: str
    window: str
    figures: Mapping[str, Any]
    execution_rate: str | None
    planned: str | None
    deviation: str | None
    realisation: str | None
    colour: str
    reasons: tuple[str, ...]
    cause: str
    measure: str
    person: str
    deadline: str
    pack: str
    pack_hash: str
    content_hash: str


@dataclass(frozen=True)
class MonitoringAccepted(Event):
    """The department agreed to the figures of a window."""

    kind = "monitoring.accepted"
    shape = 2
    erasable = ("opinion",)
    node: str
    task: str
    window: str
    opinion: str


@dataclass(frozen=True)
class MonitoringReturned(Event):
    """The department sent the figures of a window back, with the reason."""

    kind = "monitoring.returned"
    shape = 2
    erasable = ("reason",)
    node: str
    task: str
    window: str
    reason: str


@dataclass(frozen=True)
class SelfEvaluationOpened(Event):
    """The year is over; the unit is to evaluate itself."""

    kind = "selfeval.opened"
    rule: str


@dataclass(frozen=True)
class SelfEvaluationFiled(Event):
    """The unit filed its self-evaluation; scores, total and grade as the pinned rule pack computes them."""

    kind = "selfeval.filed"
    node: str
    task: str
    figures: Mapping[str, Any]
    scores: tuple[Mapping[str, str | None], ...]
    execution_points: str
    total: str
    grade: str
    pack: str
    pack_hash: str
    content_hash: str


@dataclass(frozen=True)
class SelfEvaluationAccepted(Event):
    """A level agreed to the self-evaluation."""

    kind = "selfeval.accepted"
    shape = 2
    erasable = ("opinion",)
    node: str
    task: str
    level: str
    opinion: str


@dataclass(frozen=True)
class SelfEvaluationReturned(Event):
    """A level sent the self-evaluation back to the unit, with the reason."""

    kind = "selfeval.returned"
    shape = 2
    erasable = ("reason",)
    node: str
    task: str
    level: str
    reason: str
