"""A chain as values: its nodes, which are first in a stage and which come next."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from workflows.vocabulary import REVIEW_STAGES, Role, Stage


@dataclass(frozen=True)
class Node:
    """One desk of a chain. `of` says whose organ holds it: unit, department or bureau; the clock is in working days."""

    node: str
    title: str
    stage: Stage
    role: Role
    of: str
    level: str
    after: tuple[str, ...]
    working_days: int


@dataclass(frozen=True)
class Chain:
    """A definition: a name and its nodes in reading order."""

    name: str
    title: str
    nodes: tuple[Node, ...]

    def node(self, name: str) -> Node:
        """Return the node of that name; KeyError if the chain has none."""
        return {node.node: node for node in self.nodes}[name]

    def first_of(self, stage: Stage) -> tuple[Node, ...]:
        """Return the nodes at which a stage begins."""
        return tuple(node for node in self.nodes if node.stage == stage and not node.after)

    def next_in(self, stage: Stage, done: Collection[str]) -> tuple[Node, ...]:
        """Return the stage's nodes that open once `done` are complete and that wait for at least one of them."""
        return tuple(
            node for node in self.nodes
            if node.stage == stage and node.after and node.node not in done and set(node.after) <= set(done)
        )  # fmt: skip

    def finished(self, stage: Stage, done: Collection[str]) -> bool:
        """Whether every node of the stage is complete."""
        return all(node.node in done for node in self.nodes if node.stage == stage)

    def review_nodes(self) -> tuple[Node, ...]:
        """Return the desks that decide on the goals, in order: the chain shown before submitting."""
        return tuple(node for node in self.nodes if node.stage in REVIEW_STAGES)


def chain_from(content: Mapping[str, Any]) -> Chain:
    """Make a chain from its JSON content."""
    nodes = tuple(
        Node(
            node=each["node"], title=each["title"], stage=Stage(each["stage"]), role=Role(each["role"]), of=each["of"],
            level=each["level"], after=tuple(each["after"]), working_days=each["working_days"],
        )
        for each in content["nodes"]
    )  # fmt: skip
    return Chain(content["name"], content["title"], nodes)


@cache
def shipped(name: str = "standard") -> dict[str, Any]:
    """Return the JSON content of a chain that ships with the product."""
    text = files("workflows.definitions").joinpath(f"data/{name}.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
