"""A chain as values: its nodes, who signs at each and by which rule, and which of them open next."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from workflows.definitions.conditions import Inputs
from workflows.definitions.expressions import Expression
from workflows.definitions.field_rights import Rights, rights_from
from workflows.definitions.ladders import PAUSE, REMINDED, RESTART, Step, steps_from
from workflows.state.signoff import Against, Kind, Rule, vacancies
from workflows.vocabulary import REVIEW_STAGES, Role, Stage
from workflows.workdays import Calendar, Due

ANY_ONE = Rule()
SHIPPED = ("standard", "full", "full_escalating")
"""The chains that come with the product."""


@dataclass(frozen=True)
class Signers:
    """Who signs at a node: one task for anybody who holds the post, or with `each` one named task for every holder."""

    group: str
    role: Role
    of: str
    each: bool = False


@dataclass(frozen=True)
class Node:
    """One desk of a chain. `of` says whose organ holds it: unit, department or bureau.

    Its clock is one of three: so many working days, so many calendar days, or a fixed date (MM-DD, the next one).
    Where `when` is false of the table the node is skipped. Without `signers` the node's own role and organ sign.
    With `review` nobody passes or refuses here before a review form (审核表) was filled in.
    `ladder` says who is told when around the due day; `on_return` what its clock does while a returned table is away,
    `on_suspend` what it does while the table is suspended: restart, continue, pause.
    """

    node: str
    title: str
    stage: Stage
    role: Role
    of: str
    level: str
    after: tuple[str, ...]
    working_days: int
    when: Expression | None = None
    signers: tuple[Signers, ...] = ()
    rule: Rule = ANY_ONE
    review: bool = False
    calendar_days: int = 0
    fixed_date: str = ""
    ladder: tuple[Step, ...] = REMINDED
    on_return: str = RESTART
    on_suspend: str = PAUSE

    def __post_init__(self) -> None:
        """Let the node's own role sign where nobody is named."""
        if not self.signers:
            object.__setattr__(self, "signers", (self._own,))

    @property
    def _own(self) -> Signers:
        return Signers(self.role.value, self.role, self.of)

    @property
    def shared(self) -> bool:
        """Whether the node may have several tasks, or others than its own role's one for anybody of the post."""
        counted = self.rule.kind in (Kind.COUNT, Kind.PER_GROUP) and self.rule.need > 1
        return counted or self.signers != (self._own,)

    def due(self, day: date, calendar: Calendar) -> Due:
        """Return when a task is due that opened that day; only working days keep off days off (INV15)."""
        if self.fixed_date:
            return calendar.next_date(day, self.fixed_date)
        if self.calendar_days:
            return calendar.add_days(day, self.calendar_days)
        return calendar.add_workdays(day, self.working_days)

    @property
    def clock(self) -> str:
        """Return the clock in words."""
        if self.fixed_date:
            month, day = self.fixed_date.split("-")
            return f"{int(month)}月{int(day)}日前"
        return f"{self.calendar_days}日（自然日）" if self.calendar_days else f"{self.working_days}个工作日"

    def seats(self, signing: Callable[[Signers], tuple[str | None, ...]]) -> tuple[tuple[Signers, str | None], ...]:
        """Return the node's tasks in order, each with its group and, where it is by name, its person.

        `signing` says who signs for a group (None: anybody of the post). Where they are fewer than the rule needs,
        seats for anybody of the post are added: nobody may take them yet (C8), nothing is decided by their absence.
        """
        found = [(each, signing(each)) for each in self.signers]
        growing = [each.group for each in self.signers if each.each] or [each.group for each in self.signers]
        vacant = vacancies(self.rule, [each.group for each, people in found for _ in people], growing[-1])
        return tuple(
            (each, person) for each, people in found for person in (*people, *[None] * vacant.get(each.group, 0))
        )

    def opens_for(self, inputs: Inputs) -> bool:
        """Whether the node has no condition or one that holds."""
        return self.when is None or self.when.evaluate(inputs)


@dataclass(frozen=True)
class Opening:
    """What opens now: the nodes that a table enters and those that its values let it skip, in reading order."""

    entered: tuple[Node, ...] = ()
    skipped: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Chain:
    """A definition: a name and its nodes in reading order; withdrawing ends once a reviewer opened, or decided.

    `withdraw_until` "never": from submitting on, a table is taken back only with the consent of whoever holds it.
    A copy sent for information counts as read so many working days later (视同已阅); 0: never by itself.
    `rights` says who may write which fields in which stage; None: what the steps themselves allow (usual_rights).
    """

    name: str
    title: str
    nodes: tuple[Node, ...]
    withdraw_until: str = "decided"
    copies_read_after: int = 0
    rights: Rights | None = None

    def node(self, name: str) -> Node:
        """Return the node of that name; KeyError if the chain has none."""
        return {node.node: node for node in self.nodes}[name]

    def of_stage(self, stage: Stage) -> tuple[Node, ...]:
        """Return the stage's nodes in reading order."""
        return tuple(node for node in self.nodes if node.stage == stage)

    def first_of(self, stage: Stage) -> tuple[Node, ...]:
        """Return the nodes at which a stage begins, whatever their conditions."""
        return tuple(node for node in self.of_stage(stage) if not node.after)

    def ladder_of(self, name: str) -> tuple[Step, ...]:
        """Return the ladder of the node of that name, the usual reminders for one that the chain does not have."""
        return next((node.ladder for node in self.nodes if node.node == name), REMINDED)

    def next_in(self, stage: Stage, done: Collection[str]) -> tuple[Node, ...]:
        """Return the stage's nodes that wait for at least one other and open once `done` are complete."""
        return tuple(node for node in self._ready(stage, done) if node.after)

    def opening(self, stage: Stage, done: Collection[str], inputs: Inputs) -> Opening:
        """Return what a stage opens once the nodes `done` are complete: conditions asked, through skipped ones on.

        A node of `done` opens no more: those skipped before may be named there, else they are asked and told again.
        Nodes that are open already are told again too, for the chain does not know of them.
        """
        passed, entered, skipped = set(done), dict[str, Node](), dict[str, Node]()
        while news := [node for node in self._ready(stage, passed) if node.node not in entered]:
            for node in news:
                (entered if node.opens_for(inputs) else skipped)[node.node] = node
            passed |= skipped.keys()
        return Opening(self._in_order(entered), self._in_order(skipped))

    def finished(self, stage: Stage, done: Collection[str]) -> bool:
        """Whether every node of the stage is complete (name the skipped ones among `done`)."""
        return all(node.node in done for node in self.of_stage(stage))

    def review_nodes(self) -> tuple[Node, ...]:
        """Return the desks that decide on the goals, in order: the chain shown before submitting."""
        return tuple(node for node in self.nodes if node.stage in REVIEW_STAGES)

    def demands_form(self, name: str) -> bool:
        """Whether the node of that name asks for a review form; a node of another chain does not."""
        return any(node.review for node in self.nodes if node.node == name)

    def before(self, name: str) -> frozenset[str]:
        """Return the nodes of the same stage that come before a node, directly or not."""
        earlier, seen = set(self.node(name).after), frozenset[str]()
        while earlier - seen:
            seen |= earlier
            earlier = {after for node in self.nodes if node.node in seen for after in node.after}
        return seen

    def _ready(self, stage: Stage, done: Collection[str]) -> list[Node]:
        return [node for node in self.of_stage(stage) if node.node not in done and set(node.after) <= set(done)]

    def _in_order(self, names: Iterable[str]) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.node in set(names))


def chain_from(content: Mapping[str, Any]) -> Chain:
    """Make a chain from its JSON content, format 1 or 2, checked when it was published (see `reading.py`)."""
    return Chain(
        content["name"], content["title"], tuple(_node(each) for each in content["nodes"]),
        content.get("withdraw_until", "decided" if content["format"] == 1 else "opened"),
        content.get("copies_read_after", 0), rights_from(content["fields"]) if "fields" in content else None,
    )  # fmt: skip


def _node(each: Mapping[str, Any]) -> Node:
    when = each.get("when")
    return Node(
        node=each["node"], title=each["title"], stage=Stage(each["stage"]), role=Role(each["role"]), of=each["of"],
        level=each["level"], after=tuple(each["after"]), working_days=each.get("working_days", 0),
        calendar_days=each.get("calendar_days", 0), fixed_date=each.get("fixed_date", ""),
        when=None if when is None else Expression.parse(when),
        signers=tuple(_signers(group) for group in each.get("signers", ())),
        rule=_rule(each.get("rule", {}), ordered=each.get("ordered", False)),
        review=each.get("review", "") == "form",
        ladder=steps_from(each["ladder"]) if "ladder" in each else REMINDED,
        on_return=each.get("on_return", RESTART), on_suspend=each.get("on_suspend", PAUSE),
    )  # fmt: skip


def _signers(group: Mapping[str, Any]) -> Signers:
    return Signers(group["group"], Role(group["role"]), group["of"], group["take"] == "each")


def _rule(rule: Mapping[str, Any], *, ordered: bool) -> Rule:
    return Rule(Kind(rule.get("kind", "any")), rule.get("need", 1), Against(rule.get("against", "veto")), ordered)


@cache
def shipped(name: str = "standard") -> dict[str, Any]:
    """Return the JSON content of a chain that ships with the product."""
    text = files("workflows.definitions").joinpath(f"data/{name}.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
