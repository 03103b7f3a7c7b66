"""Facts between people about a table: opinions asked, copies, urging, extensions, and a table suspended for a time."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class TaskUrged(Event):
    """Somebody urged those who hold a task to act."""

    kind = "task.urged"
    erasable = ("note",)
    node: str
    task: str
    round: int
    note: str


@dataclass(frozen=True)
class OpinionAsked(Event):
    """The holder of a task asked somebody's opinion, who has no say in the decision; `answer_by` is a date."""

    kind = "opinion.asked"
    erasable = ("question",)
    request: str
    node: str
    task: str
    person: str
    name: str
    question: str
    answer_by: str | None


@dataclass(frozen=True)
class OpinionGiven(Event):
    """Whoever was asked gave the opinion."""

    kind = "opinion.given"
    erasable = ("opinion",)
    request: str
    opinion: str


@dataclass(frozen=True)
class CopySent(Event):
    """People who may read the table were sent a copy for their information: {person, name} each."""

    kind = "copy.sent"
    erasable = ("note",)
    copy: str
    people: tuple[Mapping[str, str], ...]
    note: str


@dataclass(frozen=True)
class CopyRead(Event):
    """Somebody who was sent a copy has read the table; the event's actor is the reader."""

    kind = "copy.read"
    copy: str


@dataclass(frozen=True)
class ExtensionAsked(Event):
    """The holder of a task asked for a later due date."""

    kind = "extension.asked"
    erasable = ("reason",)
    request: str
    node: str
    task: str
    until: str
    reason: str


@dataclass(frozen=True)
class ExtensionGranted(Event):
    """A later due date was granted; the new moment stands in the `task.due_set` beside it."""

    kind = "extension.granted"
    erasable = ("opinion",)
    request: str
    task: str
    opinion: str


@dataclass(frozen=True)
class ExtensionRefused(Event):
    """A later due date was refused."""

    kind = "extension.refused"
    erasable = ("reason",)
    request: str
    task: str
    reason: str


@dataclass(frozen=True)
class TableSuspended(Event):
    """A table was put on hold until a date: its clocks stand still, it can be read but not acted on."""

    kind = "table.suspended"
    erasable = ("reason",)
    until: str
    reason: str


@dataclass(frozen=True)
class TableResumed(Event):
    """A suspended table goes on; `days` are the working days it stood still."""

    kind = "table.resumed"
    erasable = ("reason",)
    days: int
    reason: str
