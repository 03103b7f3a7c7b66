"""Late tasks and tasks that nobody can take: the ladder by which they go up."""

from __future__ import annotations

from typing import Dict, Optional, Sequence, Tuple

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import beijing_day, days_on, later, moment_of
from workflows.ledger.verifier.evidence.witnessed import CLOCKS_APART
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.named import task_named
from workflows.ledger.verifier.judge.seats import check_system
from workflows.ledger.verifier.judge.segregation import check_segregation_of
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.definitions import Rung
from workflows.ledger.verifier.law.limits import REST_DAYS


def open_unassignable(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The system says of a task that nobody can take it, or that a rung of its ladder found nobody."""
    found = task_named(table, event)
    check_system(judge, event)
    if event.data["rule"].startswith("ladder:"):
        check_rung(judge, table, event, found, [rung for rung in ladder_of(judge, table, found) if f"ladder:{rung.at}" == event.data["rule"]])
        expect(event, {"person": None})
        return []
    expect(event, {"role": found.role, "organ": found.organ, "person": found.person})
    return []


def ladder_of(judge: Judge, table: Table, desk: Desk) -> Tuple[Rung, ...]:
    """Return the escalations that the table's chain has for a desk."""
    return next((node.ladder for node in judge.definition(table).nodes if node.name == desk.node.partition(":")[0]), ())


def check_rung(judge: Judge, table: Table, event: Event, desk: Desk, rungs: Sequence[Rung]) -> None:
    """The system acts by a rung of the pinned chain, towards the rung's post, and not before its moment."""
    posts = [(rung.role, getattr(table, rung.of)) for rung in rungs]
    if (event.data["role"], event.data["organ"]) not in posts or desk.due_at is None:
        raise Broken("step", "data.rule", event.data["rule"], " ".join(rung.at for rung in ladder_of(judge, table, desk)) or "no ladder")
    rung = rungs[posts.index((event.data["role"], event.data["organ"]))]
    node = next((each for each in judge.definition(table).nodes if each.name == desk.node.partition(":")[0]), None)
    day, calendar = beijing_day(moment_of(desk.due_at)), judge.calendars.get(desk.calendar)
    if calendar is not None:
        earliest = calendar.beside(day, rung.days, table.bureau)
    else:  # by the calendar that ships, which is not in the bundle: not before as many days, were they all worked
        known = rung.days > 0 and node is not None and node.clock[0] == "working_days"
        earliest = days_on(day, rung.days if known else rung.days - REST_DAYS - abs(rung.days))
    if event.at < later(f"{earliest}T01:00:00.000000Z", -CLOCKS_APART):
        judge.blame("steps", "value", event, "at", event.at, f">= {earliest} 09:00")


def open_escalated(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A superior is told of a late task, or let in beside its holder: by the system, by a rung of the chain, when its moment has come."""
    found, data = task_named(table, event), event.data
    check_system(judge, event)
    check_rung(judge, table, event, found, [rung for rung in ladder_of(judge, table, found) if (rung.at, rung.do) == (data["rung"], data["do"])])
    expect(event, {"due_at": found.due_at, "rule": f"ladder:{data['rung']}"})
    people = [each.get("person") for each in data["people"]]
    if not people or any(each.keys() != {"person", "name"} for each in data["people"]) or people != sorted({str(who) for who in people}):
        raise Broken("value", "data.people", " ".join(map(str, people)), "each receiver once, by id")
    for who in map(str, people):
        if judge.posts.lacks(who, data["role"], data["organ"], event.at):
            judge.blame("posts", "post", event, "data.people", who, f"{data['role']} {data['organ']}")
        if data["do"] == "hand":
            check_segregation_of(judge, table, event, found, who, "data.people")
    forgotten = set(judge.posts.firmly(data["role"], data["organ"], event.at) if judge.bundle.whole and data["do"] == "inform" else ()) - set(people)
    if forgotten:
        judge.blame("steps", "value", event, "data.people", " ".join(map(str, people)), " ".join(sorted(forgotten)))
    return []


def apply_escalated(judge: Judge, table: Table, event: Event) -> None:
    """A rung of the ladder was climbed at this desk."""
    desk, rung = task_named(table, event), [event.data[name] for name in ("rung", "do", "role", "organ")]
    desk.escalated = desk.escalated if rung in desk.escalated else [*desk.escalated, rung]


def apply_unassignable(judge: Judge, table: Table, event: Event) -> None:
    """Nobody can take this task."""
    task_named(table, event).unassignable = True


LADDER_OPENERS: Dict[str, Opener] = {
    "task.unassignable": open_unassignable,
    "task.escalated": open_escalated,
}
LADDER_EFFECTS: Dict[str, Effect] = {
    "task.unassignable": apply_unassignable,
    "task.escalated": apply_escalated,
}
