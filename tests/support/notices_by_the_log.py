"""Whom the log says must and may have been told, worked out apart from the product: keys, days, holders and covers."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from workflows.events import Recorded
from workflows.folds.replay import Desk, Table, apply
from workflows.vocabulary import Actor, Stage
from workflows.words.notices import Notice, reminder, told_of

DAY = dt.timedelta(days=1)
BEIJING = dt.timezone(dt.timedelta(hours=8))
ABOUT_A_TASK = ("node.entered", "task.overdue", "task.escalated")
USUAL = ({"at": "T-3"}, {"at": "T-1"}, {"at": "T"}, {"at": "T+1"})
GUESSED_HOLIDAYS = {"01-01", "05-01", "05-02", "05-03", "10-01", "10-02", "10-03"}
Key = tuple[str, str, str, str]
"""Stream, what it is about (the task, or the version of the event), template, receiver."""


@dataclass(frozen=True)
class Cover:
    """Who acts for whom, from when to when."""

    principal: Actor
    deputy: str
    from_at: dt.datetime
    to_at: dt.datetime


@dataclass(frozen=True)
class Step:
    """A leap of the log's clock: to where, and how far it had run on when all work that was due was done."""

    began: dt.datetime
    drained: dt.datetime


@dataclass
class Clock:
    """A due moment that held for a task: since which step, until which (None: it holds still)."""

    table: Table
    desk: Desk
    since: dt.datetime
    until: dt.datetime | None = None

    def holds(self, step: "Step", moment: dt.datetime) -> str:
        """Say "must" for a moment at the end of whose step it held, "may" where it ended while work drained, or ""."""
        if self.until is None or self.until > step.drained:
            return "must"
        return "may" if self.until >= max(moment, step.began) else ""


@dataclass
class Said:
    """What the log says: key → the texts it may have, for what must have arrived and for what may; deeds left undone."""

    must: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    may: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    undone: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class World:
    """What stands beside the tables' events: the steps of the clock, people, covers, calendars and ladders by hash."""

    steps: Sequence[Step]
    people: Sequence[Actor]
    covers: Sequence[Cover]
    content: Callable[[str], Any]
    shipped: Any
    calendars: Sequence[tuple[dt.datetime, Any]] = ()
    """When which calendar was published, the oldest first."""

    def calendar_at(self, moment: dt.datetime) -> Any:
        """Return the calendar in force at a moment."""
        return next((content for at, content in reversed(self.calendars) if at <= moment), self.shipped)

    def step_of(self, moment: dt.datetime) -> Step | None:
        """Return the step in which a moment came; None where the clock never came to it."""
        return next((each for each in self.steps if each.drained >= moment), None)

    def reached(self, notice: Notice, at: dt.datetime) -> Iterator[tuple[str, str]]:
        """Yield who gets a notice at a moment, and in which words."""
        to = notice.to
        holders = [p for p in self.people if p.id == to.person] if to.person else [
            p for p in self.people if any((post.role, post.organ) == (to.role, to.organ) for post in p.posts)
        ]  # fmt: skip
        for each in holders:
            yield each.id, notice.text
        for cover in self.covers:
            covered = any((post.role, post.organ) == (to.role, to.organ) for post in cover.principal.posts)
            if covered and cover.from_at <= at < cover.to_at and (to.person in (None, cover.principal.id)):
                yield cover.deputy, f"{notice.text}（您是代理人，此件由您代{cover.principal.name}办理。）"

    def rungs(self, desk: Desk, definition: str) -> Iterator[tuple[str, str, dt.datetime]]:
        """Yield do, code and moment of every rung of a desk's due day, by its own counting of days."""
        calendar = self.content(desk.calendar) if desk.calendar else self.shipped
        due = dt.datetime.fromisoformat(desk.due_at or "").astimezone(BEIJING).date()
        last = due if works(due, calendar) else counted(due, -1, calendar)
        nodes: Any = self.content(definition)["nodes"]
        own = next((each.get("ladder") for each in nodes if each["node"] == desk.node.partition(":")[0]), None)
        for rung in own or USUAL:
            day = counted(last, int(rung["at"][1:] or 0), calendar)
            nine = dt.datetime.combine(day, dt.time(9), BEIJING).astimezone(dt.UTC)
            yield rung.get("do", "remind"), rung["at"], nine


def works(day: dt.date, calendar: Mapping[str, Any]) -> bool:
    """Whether people work that day, by a calendar's content."""
    year = next((each for each in calendar["years"] if each["year"] == day.year), None)
    if year is None:
        return day.weekday() < 5 and day.strftime("%m-%d") not in GUESSED_HOLIDAYS
    said = day.isoformat()
    return said in year["make_up_days"] or (day.weekday() < 5 and said not in year["days_off"])


def counted(day: dt.date, number: int, calendar: Mapping[str, Any]) -> dt.date:
    """Return the number-th working day after (before) a day; 0 is itself or the next one."""
    step = dt.timedelta(days=-1 if number < 0 else 1)
    left = abs(number)
    if left == 0:
        while not works(day, calendar):
            day += step
    while left:
        day += step
        left -= works(day, calendar)
    return day


def said_by(tables: Mapping[UUID, Sequence[Recorded]], world: World) -> Said:
    """Return what the events of all tables say."""
    said = Said()
    for stream, events in tables.items():
        _of_table(stream, events, world, said)
    return said


def _of_table(stream: UUID, events: Sequence[Recorded], world: World, said: Said) -> None:
    table, clocks, running = Table(stream), list[Clock](), dict[str, Clock]()
    told: list[tuple[Recorded, Notice]] = []
    ended: dict[str, dt.datetime] = {}
    for recorded in events:
        after = apply(table, recorded)
        told += [(recorded, notice) for notice in told_of(recorded, table, after)]
        clocks += _clocks_after(after, running, recorded.at)
        closed = {each.task for each in table.desks} - {each.task for each in after.desks}
        ended |= dict.fromkeys(closed, recorded.at)
        table = after
    for recorded, notice in told:
        fact: Any = recorded.fact
        task = fact.task if recorded.kind in ABOUT_A_TASK else None
        step = world.step_of(recorded.at)
        gone = bool(task and step and recorded.at <= ended.get(task, step.drained + DAY) <= step.drained)
        chosen = said.may if gone else said.must
        put(chosen, (stream, task or str(recorded.version)), notice, world.reached(notice, recorded.at))
    for clock in clocks:
        _of_clock(stream, clock, events, world, said)
    said.undone += [(str(stream), *each) for each in _still_open(table, world)]


def _still_open(table: Table, world: World) -> Iterator[tuple[str, str]]:
    """Yield what a table still waits for though the clock has come to it: the end of a pause, a window, a copy's term."""
    if table.ended:
        return
    if table.suspended:
        if world.step_of(_morning(table.suspended.until)):
            yield "resume", table.suspended.until
        return
    for copy in table.copies:
        if copy.read_due and not copy.read_at and world.step_of(dt.datetime.fromisoformat(copy.read_due)):
            yield "deem read", copy.copy
    if table.stage == Stage.MONITORING:
        for window in table.windows:
            if window.state == "planned" and world.step_of(_morning(window.date)):
                yield "open the window", window.window
        if world.step_of(_morning(table.self_evaluation_opens or "9999-12-31")):
            yield "open the self-evaluation", table.self_evaluation_opens or ""


def _clocks_after(after: Table, running: dict[str, Clock], at: dt.datetime) -> list[Clock]:
    """End the clocks that hold no more after an event, begin the new ones; `running` is by task."""
    stands_still = after.suspended is not None or after.ended
    now = {} if stands_still else {each.task: each for each in after.desks if each.due_at}
    for task, clock in list(running.items()):
        kept = now.get(task)
        if kept is None or (kept.due_at, kept.clock) != (clock.desk.due_at, clock.desk.clock):
            clock.until = at
            del running[task]
    new = {task: Clock(after, desk, at) for task, desk in now.items() if task not in running}
    running |= new
    return list(new.values())


def _of_clock(stream: UUID, clock: Clock, events: Sequence[Recorded], world: World, said: Said) -> None:
    desk = clock.desk
    known = max(clock.since, dt.datetime.fromisoformat(desk.due_set_at or desk.entered_at))
    for do, code, moment in world.rungs(desk, clock.table.definition_hash):
        step = world.step_of(moment)
        strength = clock.holds(step, moment) if step and moment > known else ""
        if strength and step and do == "remind":
            notice, chosen = reminder(clock.table, desk, code), said.must if strength == "must" else said.may
            put(chosen, (stream, desk.task), notice, world.reached(notice, max(moment, step.began)))
        elif strength == "must" and step and not _escalated(events, desk, (do, code), step):
            said.undone.append((str(stream), f"{do}.{code}", desk.task))
    moment = max(clock.since, dt.datetime.fromisoformat(desk.due_at or ""))
    due = world.step_of(moment)
    if due and clock.holds(due, moment) == "must" and not _done(events, "task.overdue", desk, due):
        said.undone.append((str(stream), "overdue", desk.task))


def _done(events: Sequence[Recorded], kind: str, desk: Desk, step: Step) -> bool:
    found: list[Any] = [each.fact for each in events if each.kind == kind and each.at <= step.drained]
    return any(fact.task == desk.task for fact in found)


def _escalated(events: Sequence[Recorded], desk: Desk, rung: tuple[str, str], step: Step) -> bool:
    """Whether the superior was told or let in for this due moment, or the alarm went off that there is nobody to tell."""
    facts: list[Any] = [each.fact for each in events if each.kind == "task.escalated" and each.at <= step.drained]
    told = any((fact.task, fact.do, fact.rung, fact.due_at) == (desk.task, *rung, desk.due_at) for fact in facts)
    return told or desk.unassignable or _done(events, "task.unassignable", desk, step)


def put(
    chosen: dict[Key, tuple[str, ...]], about: tuple[UUID, str], notice: Notice, reached: Iterator[tuple[str, str]]
) -> None:
    for person, text in reached:
        chosen.setdefault((str(about[0]), about[1], notice.template, person), (text,))


def _morning(day: str) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day[:10]), dt.time(9), BEIJING)
