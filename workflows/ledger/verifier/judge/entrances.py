"""What happens when a node receives the table: desks open, for one or for several signers."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.events.sheets import shared
from workflows.ledger.verifier.evidence.canonical import WRITTEN
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import beijing_day, moment_of
from workflows.ledger.verifier.judge.desks import Desk
from workflows.ledger.verifier.judge.judge import Effect, Judge
from workflows.ledger.verifier.judge.moving_clocks import check_due, cut_off_of
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.definitions import Group
from workflows.ledger.verifier.law.signers import vacancies


def apply_entered(judge: Judge, table: Table, event: Event) -> None:
    """A desk opens; a stage begins with its first."""
    name, _, key = event.data["node"].partition(":")
    mended = next((each for each in table.rectifications if each["rectification"] == key), None) if name == "rectification" else None
    cut = cut_off_of(judge, table, event.data["node"])
    check_due(judge, event, mended["deadline"] if mended is not None else beijing_day(moment_of(cut[1])) if cut is not None else None)
    table.desks.append(Desk(event.data, event.at))
    table.stage = shared(event.data["stage"])
    note_answers(table, [event.data["node"]], entered=True)


def note_answers(table: Table, nodes: Sequence[str], *, entered: bool) -> None:
    """Keep of a chain with conditions which nodes were entered last time, and which passed over."""
    if table.chain is not None and table.chain.conditional:
        table.answers = {**table.answers, **dict.fromkeys(nodes, entered)}


def apply_shared_out(judge: Judge, table: Table, event: Event) -> None:
    """A node opens for several signers: one task for each post, or for each holder, in order, none left out."""
    data = event.data
    node, tasks = judge.definition(table).named(data["node"]), list(data["tasks"])
    cut = cut_off_of(judge, table, data["node"])
    check_due(judge, event, beijing_day(moment_of(cut[1])) if cut is not None else None)
    opened: List[Desk] = []
    named = {
        group.name: [task["person"] for task in tasks if group.each and task.get("group") == group.name and task.get("person") is not None] or [None]
        for group in node.groups
    }  # fmt: skip
    vacant = vacancies(node, {name: len(people) for name, people in named.items()})
    if len(tasks) != sum(map(len, named.values())) + sum(vacant.values()):
        raise Broken("value", "data.tasks", f"{len(tasks)} tasks", f"{sum(map(len, named.values()))} + {sum(vacant.values())}")
    for group in node.groups:
        organ = getattr(table, group.of)
        like = {"role": group.role, "organ": organ, "group": group.name}
        people = named[group.name]
        mine = tasks[: len(people) + vacant.get(group.name, 0)]
        del tasks[: len(mine)]
        check_holders(judge, table, event, group, organ, people)
        for number, task in enumerate(mine):
            before = [opened[-1].task] if node.ordered and opened else []
            wanted = {**like, "task": derived(table.id, f"{node.name}#{len(opened)}#{event.command}"), "person": (*people, *[None] * len(mine))[number], "waits_for": before}
            if task != wanted:
                raise Broken("value", f"data.tasks[{len(opened)}]", WRITTEN.encode(task), WRITTEN.encode(wanted))
            opened.append(Desk({**data, **task}, event.at))
            opened[-1].group, opened[-1].waits_for = shared(task["group"]), before
    table.desks += opened
    table.stage = shared(data["stage"])
    note_answers(table, [data["node"]], entered=True)


def check_holders(judge: Judge, table: Table, event: Event, group: Group, organ: str, named: List[Any]) -> None:
    """A post has one task for anybody; `each` names every holder who did not write the table, by id, or nobody."""
    if not group.each or named == [None]:
        wanted: List[Any] = [None]
        if group.each and judge.bundle.whole:
            wanted = [who for who in judge.posts.firmly(group.role, organ, event.at) if who not in table.authors] or [None]
        if named != wanted:
            raise Broken("value", "data.tasks", " ".join(map(str, named)), " ".join(map(str, wanted)))
        return
    if not named or not all(type(who) is str for who in named) or named != sorted(set(named)):
        raise Broken("value", "data.tasks", " ".join(map(str, named)), "each holder once, by id")
    for who in named:
        if who in table.authors:
            judge.blame("segregation", "S1", event, "data.tasks", who)
        if judge.posts.lacks(who, group.role, organ, event.at):
            judge.blame("posts", "post", event, "data.tasks", who, f"{group.role} {organ}")
    forgotten = set(judge.posts.firmly(group.role, organ, event.at) if judge.bundle.whole else ()) - set(named) - table.authors
    if forgotten:
        judge.blame("steps", "value", event, "data.tasks", " ".join(named), " ".join(sorted({*named, *forgotten})))


def apply_left_behind(judge: Judge, table: Table, event: Event) -> None:
    """A node is left, with all its tasks."""
    table.desks = [desk for desk in table.desks if desk.node != event.data["node"]]


def apply_task_over(judge: Judge, table: Table, event: Event) -> None:
    """One task is closed without a decision."""
    table.desks = [desk for desk in table.desks if desk.task != event.data["task"]]


def apply_passed_by(judge: Judge, table: Table, event: Event) -> None:
    """Nodes need no visit in this round; a straight way back keeps its promise."""
    table.passed_over = [*table.passed_over, *event.data["passed_over"]]
    if event.kind == "route.shortened":
        table.returned, table.answered = None, table.returned
    else:
        note_answers(table, event.data["passed_over"], entered=False)


ENTRANCES_EFFECTS: Dict[str, Effect] = {
    "node.entered": apply_entered,
    "node.completed": apply_left_behind,
    "node.shared": apply_shared_out,
    "task.superseded": apply_task_over,
    "route.chosen": apply_passed_by,
    "route.shortened": apply_passed_by,
    "node.superseded": apply_left_behind,
}
