"""Facts of the desks: who received the table, who decided, who asked for a second person."""

from dataclasses import dataclass

from workflows.events.fact import Event


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
    shape = 2
    erasable = ("opinion",)
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
    shape = 2
    erasable = ("reason",)
    request: str
    action: str
    reason: str


@dataclass(frozen=True)
class ConfirmationGiven(Event):
    """The second person agreed."""

    kind = "confirmation.given"
    shape = 2
    erasable = ("opinion",)
    request: str
    opinion: str


@dataclass(frozen=True)
class ConfirmationRefused(Event):
    """The second person declined, or the asker took the request back."""

    kind = "confirmation.refused"
    shape = 2
    erasable = ("reason",)
    request: str
    reason: str
