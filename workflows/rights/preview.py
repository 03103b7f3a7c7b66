"""The way a table still has before it: each node to come with people, deputies, rule and due date (features L2)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from workflows.definitions import Chain, Node, Opening, Signers
from workflows.rights.permissions import covers_amount, covers_desk
from workflows.rights.segregation import refusal_at
from workflows.state.signoff import Rule, Signer, shortfall
from workflows.state.standing import Desk, Returned, Table, changed
from workflows.vocabulary import MAIN_LINE, REVIEW_STAGES, Actor, Cover, Post, Role, Stage
from workflows.workdays import Calendar, beijing_date, official_calendar

Inputs = Mapping[str, Any]
Holders = Callable[[Role, str], Sequence[Actor]]


@dataclass(frozen=True)
class Deputy:
    """Somebody who may act for an absent person from one moment to another (the end does not belong to it)."""

    by: Actor
    cover: Cover
    from_at: datetime
    to_at: datetime


Deputies = Callable[[str], Sequence[Deputy]]
"""Person's ID -> who may act for him, now or later."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who may sign, and who may sign for him while he is absent."""

    id: str
    name: str
    deputies: tuple[Deputy, ...] = ()


@dataclass(frozen=True)
class PlannedTask:
    """One task of a node to come: for anybody who holds the post, or (`person`) for one by name."""

    group: str
    role: Role
    organ: str
    person: str | None
    people: tuple[Candidate, ...]


@dataclass(frozen=True)
class Planned:
    """One node to come: when it is entered and due if everybody takes the whole time, who signs, by which rule.

    A node with a `reason` is not entered: its condition is false, or it was complete before a return that comes
    straight back.
    """

    node: str
    title: str
    stage: Stage
    rule: Rule
    working_days: int
    tasks: tuple[PlannedTask, ...] = ()
    enters: date | None = None
    due: date | None = None
    provisional: bool = False
    reason: str = ""

    @property
    def skipped(self) -> bool:
        """Whether the table does not come here."""
        return bool(self.reason)

    @property
    def unmanned(self) -> tuple[PlannedTask, ...]:
        """Return the tasks that nobody may take as things stand."""
        return tuple(task for task in self.tasks if not task.people)

    @property
    def lacking(self) -> int:
        """Return how many signers the rule wants beyond the different people who may sign (0 = it can be passed)."""
        able = [Signer(str(number), self.tasks[number].group) for number in _manned(self.tasks)]
        return 0 if self.skipped else shortfall(self.rule, able)


def _manned(tasks: Sequence[PlannedTask]) -> tuple[int, ...]:
    """Return which tasks can be taken by different people, as many as can be, by their number."""
    taken: dict[str, int] = {}

    def finds(number: int, asked: set[str]) -> bool:
        for person in {each.id for each in tasks[number].people} - asked:
            asked.add(person)
            if person not in taken or finds(taken[person], asked):
                taken[person] = number
                return True
        return False

    return tuple(number for number in range(len(tasks)) if finds(number, set()))


def nobody(_person: str) -> Sequence[Deputy]:
    """Nobody covers for anybody."""
    return ()


def preview(
    chain: Chain, table: Table, inputs: Inputs, holders: Holders, now: datetime, *, deputies: Deputies = nobody,
    straight: bool = False, editors: Collection[str] = (), calendar: Calendar | None = None,
) -> tuple[Planned, ...]:  # fmt: skip
    """Return the review nodes still to come, in the order in which they come if each is done when it is due.

    `inputs` are what conditions are weighed with (see commands/routing.inputs_from). A draft is shown as if it were
    submitted now, with its `editors` among its authors; `straight` says that it answers a return with the mode 直达
    and may pass over what was complete. Nodes that hold the table now are not told again; after the reply: nothing.
    Due days are counted by `calendar`, the shipped one where none is given.
    """
    people = _People(_as_submitted(table, editors), holders, deputies, inputs.get("金额"))
    walk = _Walk(chain, inputs, people, now, calendar or official_calendar())
    if table.stage == Stage.DRAFT:
        walk.submitted(table.returned if straight else None)
    elif table.stage in REVIEW_STAGES:
        walk.goes_on(table)
    return tuple(walk.planned)


def _as_submitted(table: Table, editors: Collection[str]) -> Table:
    if table.stage != Stage.DRAFT:
        return table
    return changed(table, votes=(), deciders=(), authors=table.authors | {table.owner, *editors})


def why_skipped(node: Node, inputs: Inputs) -> str:
    """Say in Chinese why a node's condition lets the table pass it by."""
    if node.when is None:
        return ""
    asked = "，".join(f"{name}：{_value(inputs.get(name))}" for name in sorted(node.when.names))
    return f"条件“{node.when.in_chinese()}”不成立（{asked}）"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None or value == "":
        return "未填"
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True)
class _People:
    """Who may sign, as things stand: holders of the post whom segregation does not keep away, and their deputies.

    No deputy goes beyond the amount (万元) of his cover.
    """

    table: Table
    holders: Holders
    deputies: Deputies
    amount: Decimal | None

    def tasks(self, node: Node, person: str | None, enters: date, due: date) -> tuple[PlannedTask, ...]:
        if not node.shared:
            named = self.table.owner if node.role == Role.CLERK else person
            return (self._task(node, node.signers[0], named, (enters, due)),)
        seats = node.seats(self._named)
        named_here = {named for _signers, named in seats if named}
        return tuple(self._task(node, signers, named, (enters, due), named_here) for signers, named in seats)

    def is_holder(self, person: str, role: Role, of: str) -> bool:
        return any(each.id == person for each in self.holders(role, getattr(self.table, of)))

    def _named(self, signers: Signers) -> tuple[str | None, ...]:
        held = self.holders(signers.role, getattr(self.table, signers.of)) if signers.each else ()
        return tuple(each.id for each in held if each.id not in self.table.authors) or (None,)

    def _task(
        self, node: Node, signers: Signers, person: str | None, days: tuple[date, date],
        elsewhere: Collection[str] = (),
    ) -> PlannedTask:  # fmt: skip
        organ = getattr(self.table, signers.of)
        desk = Desk(
            node.node, node.stage, self.table.round, "", signers.role, organ, person, node.level, "", None,
            provisional=False, group=signers.group,
        )  # fmt: skip
        held = (
            each for each in self.holders(signers.role, organ)
            if person == each.id or (person is None and each.id not in elsewhere)
        )  # fmt: skip
        found = (self._candidate(each, desk, days) for each in held)
        return PlannedTask(signers.group, signers.role, organ, person, tuple(each for each in found if each))

    def _candidate(self, holder: Actor, desk: Desk, days: tuple[date, date]) -> Candidate | None:
        deputies = tuple(each for each in self.deputies(holder.id) if self._may_stand_in(each, desk, days))
        himself = refusal_at(holder, self.table, desk) is None
        return Candidate(holder.id, holder.name, deputies) if himself else None

    def _may_stand_in(self, deputy: Deputy, desk: Desk, days: tuple[date, date]) -> bool:
        enters, due = days
        over = deputy.to_at - timedelta(microseconds=1)
        there = beijing_date(deputy.from_at) <= due and beijing_date(over) >= enters
        sits = Post(Role(desk.role), desk.organ) in deputy.cover.posts and covers_desk(deputy.cover, self.table, desk)
        sits = sits and covers_amount(deputy.cover, self.amount)
        return there and sits and refusal_at(deputy.by, self.table, desk, deputy.cover) is None


def _awaited(table: Table) -> Returned | None:
    """Return the return that an open node still answers directly: it went there, and nothing was completed since."""
    returned, at = table.returned, {desk.node for desk in table.desks}
    kept = returned is not None and (returned.to in at) and returned.content_hash == table.content_hash
    return returned if kept and table.stage != Stage.DRAFT else None


class _Walk:
    """The chain walked ahead: the node that is due first is done first, on its due day."""

    def __init__(self, chain: Chain, inputs: Inputs, people: _People, now: datetime, calendar: Calendar) -> None:
        self.chain, self.inputs, self.people, self.calendar = chain, inputs, people, calendar
        self.day = self.today = beijing_date(now)
        self.stage = Stage.UNIT_REVIEW
        self.waiting_for_answer = _awaited(people.table)
        self.done: set[str] = set()
        self.open: dict[str, date] = {}
        self.planned: list[Planned] = []

    def submitted(self, returned: Returned | None) -> None:
        if returned:
            self._straight_back(returned)
        else:
            self._enter_from(Stage.UNIT_REVIEW)
        self._to_the_end()

    def goes_on(self, table: Table) -> None:
        self.stage = table.stage
        self.done = {node for stage in REVIEW_STAGES for node in table.done_in(stage)}
        for desk in table.desks:
            due = beijing_date(datetime.fromisoformat(desk.due_at)) if desk.due_at else self.today
            self.open[desk.node] = max(due, self.today)
        self._to_the_end()

    def _to_the_end(self) -> None:
        while self.open:
            node, self.day = min(self.open.items(), key=lambda item: item[1])
            del self.open[node]
            self.done.add(node)
            if self.waiting_for_answer:
                returned, self.waiting_for_answer = self.waiting_for_answer, None
                self._straight_back(returned)
            else:
                self._enter_from(self.stage)

    def _enter_from(self, stage: Stage) -> None:
        opening = Opening()
        while stage in REVIEW_STAGES:
            opening = self.chain.opening(stage, self.done, self.inputs)
            self._skip(opening.skipped)
            if opening.entered or not self.chain.finished(stage, self.done):
                break
            stage = MAIN_LINE[MAIN_LINE.index(stage) + 1]
        for node in opening.entered:
            if node.node not in self.open:
                self._enter(node)

    def _straight_back(self, returned: Returned) -> None:
        back = self.chain.node(returned.node)
        self._pass_over(returned, back)
        self.done |= set(returned.done)
        entered = self.chain.opening(back.stage, self.done, self.inputs).entered
        by = returned.by if self.people.is_holder(returned.by, back.role, back.of) else None
        self._enter(back, by)
        for node in entered:
            if node != back:
                self._enter(node)

    def _pass_over(self, returned: Returned, back: Node) -> None:
        told = [node for node in self.chain.review_nodes() if node.node in set(returned.done) - self.done]
        why = f"退回前已办理，直达“{back.title}”时不再重复"
        self.planned += [
            replace(_bare(node), reason=why if node.opens_for(self.inputs) else why_skipped(node, self.inputs))
            for node in told
        ]

    def _skip(self, nodes: Sequence[Node]) -> None:
        self.planned += [replace(_bare(node), reason=why_skipped(node, self.inputs)) for node in nodes]
        self.done |= {node.node for node in nodes}

    def _enter(self, node: Node, person: str | None = None) -> None:
        due = node.due(self.day, self.calendar)
        self.stage, self.open[node.node] = node.stage, due.date
        tasks = self.people.tasks(node, person, self.day, due.date)
        self.planned.append(
            replace(_bare(node), tasks=tasks, enters=self.day, due=due.date, provisional=due.provisional)
        )


def _bare(node: Node) -> Planned:
    return Planned(node.node, node.title, node.stage, node.rule, node.working_days)
