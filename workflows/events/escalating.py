"""Facts that time brings about by a chain: a superior is told of a late task or let in, a copy counts as read."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class TaskEscalated(Event):
    """A rung of a task's ladder came: the post `role` in `organ` was told (`do` inform) or may decide too (hand).

    `people` are those who could be told at that moment, {person, name} each; `due_at` is the due moment it counts from.
    """

    kind = "task.escalated"
    node: str
    task: str
    round: int
    rung: str
    do: str
    role: str
    organ: str
    people: tuple[Mapping[str, str], ...]
    due_at: str
    rule: str


@dataclass(frozen=True)
class CopyTermSet(Event):
    """A copy just sent counts as read at a moment (UTC ISO), because the table's chain says so (视同已阅)."""

    kind = "copy.term_set"
    copy: str
    read_at: str
    provisional: bool
    calendar: str
    rule: str


@dataclass(frozen=True)
class CopyDeemedRead(Event):
    """Nobody read a person's copy before its moment: from now on it counts as read, and says so."""

    kind = "copy.deemed_read"
    copy: str
    person: str
    name: str
    rule: str
