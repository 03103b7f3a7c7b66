"""Facts about who holds a task: opened, taken back, claimed, handed over, delegated, signers added, nobody left."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.events.fact import Event


@dataclass(frozen=True)
class TaskOpened(Event):
    """Somebody who may act on a task looked at the table; told once for each person and task.

    `ends_withdrawing`: by the chain's rule the submitter can take the table back only with consent from now on.
    """

    kind = "task.opened"
    node: str
    task: str
    round: int
    ends_withdrawing: bool


@dataclass(frozen=True)
class TaskRecalled(Event):
    """A signer took his own vote back: `recalled` was decided, `task` stands in its place.

    `reopened` are all tasks open again, his own first: {task, instead_of, role, organ, person, group, waits_for, must,
    anchor, added_by, depth, due_at, provisional}; `unrouted` are the nodes no longer passed over.
    """

    kind = "task.recalled"
    erasable = ("reason",)
    node: str
    task: str
    recalled: str
    round: int
    stage: str
    level: str
    reopened: tuple[Mapping[str, Any], ...]
    unrouted: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class TaskClaimed(Event):
    """One of those who may act on a task took it on until a moment (UTC); until then nobody else decides it."""

    kind = "task.claimed"
    node: str
    task: str
    round: int
    until: str


@dataclass(frozen=True)
class TaskReleased(Event):
    """A claimed task is free again: the claimer gave it back, or the time was over."""

    kind = "task.released"
    erasable = ("reason",)
    node: str
    task: str
    round: int
    by_time: bool
    reason: str


@dataclass(frozen=True)
class TaskTransferred(Event):
    """A task passed into other hands, from its holder or by whoever leads the level; `giver` is "" for a pool task."""

    kind = "task.transferred"
    erasable = ("reason",)
    node: str
    task: str
    round: int
    giver: str
    receiver: str
    receiver_name: str
    by_lead: bool
    reason: str


@dataclass(frozen=True)
class TaskDelegated(Event):
    """A holder asked somebody to work on a task first; it comes back, and the holder decides."""

    kind = "task.delegated"
    erasable = ("reason",)
    node: str
    task: str
    round: int
    delegate: str
    delegate_name: str
    reason: str


@dataclass(frozen=True)
class TaskDelegationReturned(Event):
    """A delegated task came back: with the delegate's opinion, or because the holder took it back."""

    kind = "task.delegation_returned"
    erasable = ("opinion",)
    node: str
    task: str
    round: int
    taken_back: bool
    opinion: str


@dataclass(frozen=True)
class TaskSignerAdded(Event):
    """A signer asked one more person to sign (加签): before, after or beside his own task `anchor`.

    `depth` is 1 for a signer added by one of the node's own, 2 for one added by an added signer.
    """

    kind = "task.signer_added"
    erasable = ("reason",)
    node: str
    task: str
    round: int
    anchor: str
    how: str
    depth: int
    role: str
    organ: str
    person: str
    name: str
    due_at: str | None
    provisional: bool
    calendar: str | None
    reason: str


@dataclass(frozen=True)
class TaskDueSet(Event):
    """A task got another due moment (UTC): an extension was granted, or a suspended table goes on."""

    kind = "task.due_set"
    node: str
    task: str
    round: int
    due_at: str
    provisional: bool
    calendar: str
    rule: str


@dataclass(frozen=True)
class TaskUnassignable(Event):
    """Nobody may act on an open task: nobody holds its post, or everybody who does is excluded by segregation."""

    kind = "task.unassignable"
    node: str
    task: str
    round: int
    role: str
    organ: str
    person: str | None
    rule: str
