"""Urging, opinions asked for and given, and extensions of a term."""

from __future__ import annotations

from typing import Dict, Optional

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import beijing_day, later, moment_of, shown_moment
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.named import task_named
from workflows.ledger.verifier.judge.seats import check_part_in, check_post
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.limits import URGES_APART
from workflows.ledger.verifier.law.powers import GRANTS


def open_urged(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """Whoever has a part in the table urges a task, not again within the time in which it is left in peace."""
    found = task_named(table, event)
    check_part_in(judge, table, event)
    if found.urged_at and event.at < later(moment_of(found.urged_at), URGES_APART):
        judge.blame("steps", "step", event, "at", event.at, f"{found.urged_at} + {URGES_APART} s")
    return []


def apply_urged(judge: Judge, table: Table, event: Event) -> None:
    """The task was urged now."""
    task_named(table, event).urged_at = shown_moment(event.at)


def open_asked(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """Whose task it is asks somebody's opinion, or for more time."""
    found, data = task_named(table, event), event.data
    expect(event, {"request": event.command})
    if event.kind == "opinion.asked":
        twice = any((each["kind"], each["task"], each["to"], each["state"]) == ("opinion", found.task, data["person"], "open") for each in table.inquiries)
        if twice or data["person"] == event.person:
            raise Broken("step", "data.person", data["person"], "somebody who was not asked yet")
    elif found.due_at is None or data["until"] <= beijing_day(moment_of(found.due_at)):
        raise Broken("step", "data.until", data["until"], f"> {found.due_at}")
    elif any((each["kind"], each["task"], each["state"]) == ("extension", found.task, "open") for each in table.inquiries):
        raise Broken("step", "data.task", found.task, "no other request")
    return []


def apply_asked(judge: Judge, table: Table, event: Event) -> None:
    """A question stands open: for an opinion, or for more time."""
    data, opinion = event.data, event.kind == "opinion.asked"
    table.inquiries = [*table.inquiries, {
        "id": data["request"], "kind": "opinion" if opinion else "extension", "task": data["task"], "by": event.person,
        "to": data["person"] if opinion else "", "words": judge.word(data["question" if opinion else "reason"]),
        "until": (data["answer_by"] or "") if opinion else data["until"], "state": "open", "answer": "",
    }]  # fmt: skip


def open_answered(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """An opinion comes from whoever was asked; more time from the level above, or the performance section, not from oneself."""
    kind = "opinion" if event.kind == "opinion.given" else "extension"
    asked = next((each for each in table.inquiries if (each["id"], each["kind"], each["state"]) == (event.data["request"], kind, "open")), None)
    found = table.task(asked["task"]) if asked else None
    if asked is None or found is None:
        raise Broken("step", "data.request", event.data["request"], "an open request")
    check_post(judge, event)
    if kind == "opinion":
        if event.person != asked["to"]:
            judge.blame("posts", "person", event, "actor.id", event.person, asked["to"])
        return []
    expect(event, {"task": found.task})
    if event.person == asked["by"]:
        judge.blame("segregation", "S10", event, "actor.id", event.person)
    level = next((of for of in GRANTS if getattr(table, of) == found.organ), "bureau")
    role, of = GRANTS[level]
    if (event.role, event.organ) not in {(role, getattr(table, of)), ("finance_performance", table.bureau)}:
        judge.blame("posts", "person", event, "actor.role", event.role, role)
    if event.kind == "extension.refused":
        return []
    return [("task.due_set", {"node": found.node, "task": found.task, "round": found.round, "rule": "extension.granted"})]


def apply_answered(judge: Judge, table: Table, event: Event) -> None:
    """A question has its answer."""
    state, field = {"opinion.given": ("given", "opinion"), "extension.granted": ("granted", "opinion"), "extension.refused": ("refused", "reason")}[event.kind]
    news = {"state": state, "answer": judge.word(event.data[field])}
    table.inquiries = [{**each, **news} if each["id"] == event.data["request"] else each for each in table.inquiries]


INQUIRIES_OPENERS: Dict[str, Opener] = {
    "task.urged": open_urged,
    "opinion.asked": open_asked,
    "extension.asked": open_asked,
    "opinion.given": open_answered,
    "extension.granted": open_answered,
    "extension.refused": open_answered,
}
INQUIRIES_EFFECTS: Dict[str, Effect] = {
    "task.urged": apply_urged,
    "opinion.asked": apply_asked,
    "extension.asked": apply_asked,
    "opinion.given": apply_answered,
    "extension.granted": apply_answered,
    "extension.refused": apply_answered,
}
