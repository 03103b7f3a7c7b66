"""Every fact that can be recorded: one frozen class per kind, in the past tense, with plain values only.

A kind is a word that never changes; a field is never renamed or removed. A new layout of a kind gets the next
`shape` number and a function in LIFTS that turns the older data into the newer (domain.md 14, features E5).
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from workflows.vocabulary import Role


@dataclass(frozen=True)
class Event:
    """What all facts share: a stored kind word and the number of its shape."""

    kind: ClassVar[str] = ""
    shape: ClassVar[int] = 1

    def data(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class TableImported(Event):
    """A table came in with a filing document and waits as a draft; the definition and the pack are pinned here."""

    kind = "table.imported"
    document: str
    ordinal: int
    bureau: str
    department: str
    unit: str
    owner: str
    year: int
    title: str
    family: str
    scope: str
    definition: str
    definition_hash: str
    pack: str
    pack_hash: str
    content_hash: str


@dataclass(frozen=True)
class TableSubmitted(Event):
    """The clerk handed the table in; the content is bound by its hash, each change named with its reason."""

    kind = "table.submitted"
    node: str
    task: str
    round: int
    content_hash: str
    changes: tuple[Mapping[str, str | None], ...]
    editors: tuple[str, ...]
    disclosure: str
    note: str = ""


@dataclass(frozen=True)
class TableWithdrawn(Event):
    """The submitter took the table back before anybody had decided."""

    kind = "table.withdrawn"
    round: int
    reason: str


@dataclass(frozen=True)
class TableReturned(Event):
    """A reviewer sent the table back to an earlier stage of the round, with the reason."""

    kind = "table.returned"
    node: str
    round: int
    to: str
    mode: str
    reason: str


@dataclass(frozen=True)
class TableReplied(Event):
    """The approved version came into force under a document number, with the year's monitoring plan fixed."""

    kind = "table.replied"
    doc_no: str
    reply: str
    content_hash: str
    windows: tuple[Mapping[str, str | None], ...]
    self_evaluation_opens: str
    self_evaluation_due: str


@dataclass(frozen=True)
class TableRefused(Event):
    """Two persons found that the table must not enter the next step."""

    kind = "table.refused"
    request: str
    reason: str


@dataclass(frozen=True)
class TableVoided(Event):
    """The unit gave the table up before the reply, by two persons."""

    kind = "table.voided"
    request: str
    reason: str


@dataclass(frozen=True)
class TableTerminated(Event):
    """The finance bureau ended the table, by two persons."""

    kind = "table.terminated"
    request: str
    reason: str


@dataclass(frozen=True)
class TableClosed(Event):
    """The year's work on the table is done and filed."""

    kind = "table.closed"
    node: str
    task: str
    opinion: str


@dataclass(frozen=True)
class NodeEntered(Event):
    """A desk received the table: who may act there, as one task, and until when."""

    kind = "node.entered"
    node: str
    stage: str
    round: int
    task: str
    role: str
    organ: str
    person: str | None
    level: str
    due_at: str | None
    provisional: bool
    calendar: str | None


@dataclass(frozen=True)
class NodeCompleted(Event):
    """A desk finished its work of this round."""

    kind = "node.completed"
    node: str
    round: int


@dataclass(frozen=True)
class NodeSuperseded(Event):
    """A desk's work was overtaken: its open task is closed without a decision."""

    kind = "node.superseded"
    node: str
    round: int
    task: str
    reason: str


@dataclass(frozen=True)
class TaskDecided(Event):
    """One person decided on a task, on exactly this content."""

    kind = "task.decided"
    node: str
    task: str
    round: int
    level: str
    outcome: str
    opinion: str
    content_hash: str


@dataclass(frozen=True)
class TaskOverdue(Event):
    """A task's due moment passed without a decision; the system says so, signed with its rule."""

    kind = "task.overdue"
    node: str
    task: str
    round: int
    due_at: str
    rule: str


@dataclass(frozen=True)
class ConfirmationRequested(Event):
    """Somebody asked for a step that needs a second person."""

    kind = "confirmation.requested"
    request: str
    action: str
    reason: str


@dataclass(frozen=True)
class ConfirmationGiven(Event):
    """The second person agreed."""

    kind = "confirmation.given"
    request: str
    opinion: str


@dataclass(frozen=True)
class ConfirmationRefused(Event):
    """The second person declined, or the asker took the request back."""

    kind = "confirmation.refused"
    request: str
    reason: str


@dataclass(frozen=True)
class ReplyIssued(Event):
    """One reply document covers these tables, each bound by its content hash."""

    kind = "reply.issued"
    doc_no: str
    tables: tuple[str, ...]
    content_hashes: tuple[str, ...]
    opinion: str


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
    """The unit filed its figures; what was computed from them is kept beside them. Percentages are decimal strings."""

    kind = "monitoring.filed"
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
    content_hash: str


@dataclass(frozen=True)
class MonitoringAccepted(Event):
    """The department agreed to the figures of a window."""

    kind = "monitoring.accepted"
    node: str
    task: str
    window: str
    opinion: str


@dataclass(frozen=True)
class MonitoringReturned(Event):
    """The department sent the figures of a window back, with the reason."""

    kind = "monitoring.returned"
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
    node: str
    task: str
    level: str
    opinion: str


@dataclass(frozen=True)
class SelfEvaluationReturned(Event):
    """A level sent the self-evaluation back to the unit, with the reason."""

    kind = "selfeval.returned"
    node: str
    task: str
    level: str
    reason: str


@dataclass(frozen=True)
class DocumentFiled(Event):
    """A filing document was taken in: its bytes by hash, its organ and year, its department part and its tables."""

    kind = "document.filed"
    name: str
    bytes_sha256: str
    size: int
    family: str
    bureau: str
    department: str
    unit: str
    year: int
    department_part: str | None
    tables: tuple[str, ...]
    undisclosed_tables: int
    findings: str


@dataclass(frozen=True)
class GrantGiven(Event):
    """A person received a post."""

    kind = "grant.given"
    person: str
    name: str
    role: str
    organ: str


@dataclass(frozen=True)
class GrantRevoked(Event):
    """A person lost a post."""

    kind = "grant.revoked"
    person: str
    role: str
    organ: str
    reason: str


@dataclass(frozen=True)
class DefinitionPublished(Event):
    """A chain definition was published under its hash; the content lies in the content store."""

    kind = "definition.published"
    name: str
    content_hash: str


@dataclass(frozen=True)
class RulePackPublished(Event):
    """A rule pack was published under its hash; the content lies in the content store."""

    kind = "rule_pack.published"
    name: str
    content_hash: str


@dataclass(frozen=True)
class Recorded:
    """An event as it stands in the log, with what the log knows about it; times are UTC."""

    stream: UUID
    subject: str
    version: int
    at: datetime
    actor_id: str
    actor_name: str
    role: Role
    organ: str
    command_id: UUID
    step: int
    fact: Event
    leaf_hash: bytes = b""

    @property
    def kind(self) -> str:
        """Return the stored word of the fact."""
        return self.fact.kind


KINDS: Mapping[str, type[Event]] = {event.kind: event for event in Event.__subclasses__()}
CLOSES_ITS_TASK = frozenset(
    {
        "table.submitted", "task.decided", "node.superseded", "table.closed",
        "monitoring.filed", "monitoring.accepted", "monitoring.returned",
        "selfeval.filed", "selfeval.accepted", "selfeval.returned",
    },
)  # fmt: skip

Lift = Callable[[dict[str, Any]], dict[str, Any]]
LIFTS: Mapping[tuple[str, int], Lift] = {}
"""(kind, older shape) -> function that returns the data in the next shape."""


def frozen(value: Any) -> Any:
    """Turn the lists of a JSON value into tuples, as the event classes hold them."""
    if isinstance(value, list):
        return tuple(frozen(item) for item in value)
    if isinstance(value, dict):
        return {key: frozen(item) for key, item in value.items()}
    return value


def load(kind: str, shape: int, data: dict[str, Any]) -> Event:
    """Make the fact from its stored words, lifting older shapes; an unknown kind raises KeyError."""
    while (kind, shape) in LIFTS:
        data, shape = LIFTS[kind, shape](data), shape + 1
    return KINDS[kind](**frozen(data))
