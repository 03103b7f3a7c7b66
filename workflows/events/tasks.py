"""Facts of nodes with several signers and of the way through the chain: shared, superseded, chosen, shortened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.events.fact import Event


@dataclass(frozen=True)
class NodeShared(Event):
    """A node received the table for several signers: `tasks` are {task, role, organ, person, group, waits_for}."""

    kind = "node.shared"
    node: str
    stage: str
    round: int
    level: str
    tasks: tuple[Mapping[str, Any], ...]
    due_at: str | None
    provisional: bool
    calendar: str | None


@dataclass(frozen=True)
class TaskSuperseded(Event):
    """One task of a node was overtaken without a decision: the others had decided, or its signer was removed."""

    kind = "task.superseded"
    node: str
    task: str
    round: int
    reason: str


@dataclass(frozen=True)
class RouteChosen(Event):
    """Conditions were weighed on the way: what they were given, and the nodes passed over because theirs is false.

    `inputs` are {name, value}, ordered by name: the names are Chinese, and no key of an event is.
    """

    kind = "route.chosen"
    round: int
    stage: str
    inputs: tuple[Mapping[str, Any], ...]
    passed_over: tuple[str, ...]


@dataclass(frozen=True)
class RouteShortened(Event):
    """A return came back directly to whom it came from: the nodes passed over had been complete before it (直达)."""

    kind = "route.shortened"
    round: int
    to: str
    passed_over: tuple[str, ...]
