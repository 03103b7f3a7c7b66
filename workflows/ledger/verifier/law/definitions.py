"""A definition of the chain: its nodes, their signers and rules, and what opens next."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Set, Tuple

from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.law.conditions import Condition
from workflows.ledger.verifier.law.rights import Right
from workflows.ledger.verifier.law.stages import LINE, REVIEWS


class Group(NamedTuple):
    """One group of signers at a node: `each` of its holders by name, or one task for anybody of the post."""

    name: str
    role: str
    of: str
    each: bool


class Rung(NamedTuple):
    """One escalation of a node's ladder: when (T+3, as working days after the due day), what it does, to whose post."""

    at: str
    days: int
    do: str
    role: str
    of: str


class Node(NamedTuple):
    """One desk of a definition; `rule` is how many have to pass, the number for it, and what a vote against does."""

    name: str
    stage: str
    role: str
    of: str
    level: str
    after: Tuple[str, ...]
    when: Optional[Condition]
    groups: Tuple[Group, ...]
    rule: Tuple[str, int, str]
    ordered: bool
    review: bool
    clock: Tuple[str, Any]
    ladder: Tuple[Rung, ...] = ()
    on_return: str = "restart"
    on_suspend: str = "pause"

    @property
    def shared(self) -> bool:
        """Whether others sign here than anybody who holds the node's own post, or several of them."""
        counted = self.rule[0] in ("count", "per_group") and self.rule[1] > 1
        return counted or self.groups != (Group(self.role, self.role, self.of, each=False),)


class Definition(NamedTuple):
    """A definition: its nodes in reading order, whether any has a condition, and until when a table may be taken back."""

    nodes: Tuple[Node, ...]
    conditional: bool
    withdraw_until: str
    copies_read_after: int = 0
    rights: Tuple[Right, ...] = ()

    @property
    def goes_on(self) -> bool:
        """Whether any node's clock does not begin anew when a returned table comes back."""
        return any(node.on_return != "restart" for node in self.nodes)

    def named(self, name: str) -> Node:
        found = next((node for node in self.nodes if node.name == name), None)
        if found is None:
            raise Broken("step", "data.node", name, "a node of the definition")
        return found

    def first(self, stage: str) -> List[Node]:
        return [node for node in self.nodes if node.stage == stage and not node.after]

    def of(self, stage: str) -> List[Node]:
        return [node for node in self.nodes if node.stage == stage]

    def of_office(self, role: str) -> Optional[Node]:
        """Return the reviewing node whose clock counts for an office: its own, one of its organ, else the outermost."""
        nodes, home = [node for node in self.nodes if node.stage in REVIEWS], "department" if role == "department_finance" else "bureau"
        own = [node for node in nodes if (node.role, node.of) == (role, home)] or [node for node in nodes if node.of == home]
        return next(iter(own or (nodes if home == "department" else nodes[::-1])), None)

    def opening(self, stage: str, done: Set[str], inputs: Dict[str, Any]) -> Tuple[List[Node], List[Node]]:
        """Return the nodes of a stage that open once `done` are left behind, and those passed over on the way there."""
        opened: Set[str] = set()
        passed: Set[str] = set()
        grown = True
        while grown:
            grown = False
            for node in self.of(stage):
                if node.name in done or node.name in opened or node.name in passed:
                    continue
                if all(name in done or name in passed for name in node.after):
                    (opened if node.when is None or node.when.holds(inputs) else passed).add(node.name)
                    grown = True
        return [node for node in self.nodes if node.name in opened], [node for node in self.nodes if node.name in passed]

    def before(self, name: str) -> Set[str]:
        """Return the nodes of the same stage that come before a node, directly or not."""
        earlier: Set[str] = set()
        for _ in self.nodes:
            earlier |= {after for node in self.nodes if node.name == name or node.name in earlier for after in node.after}
        return earlier

    def overtaken_from(self, stage: str, node: Optional[str], open_now: Set[str]) -> List[str]:
        """Return the nodes whose decisions a return takes away: the target, what waits for it, later stages, what is open."""
        gone = {each.name for each in self.nodes if each.stage in REVIEWS and LINE.index(each.stage) > LINE.index(stage)}
        gone |= {each.name for each in self.of(stage)} if node is None else {node, *open_now}
        for _ in self.nodes:
            gone |= {each.name for each in self.of(stage) if gone.intersection(each.after)}
        return [each.name for each in self.nodes if each.stage in REVIEWS and each.name in gone]
