"""What a reviewer completes himself, and what the unit answers to it."""

from __future__ import annotations

from typing import Any, Dict, Optional

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.roles import ROLES_AT_HOME
from workflows.ledger.verifier.events.sheets import MODULUS, Changes
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import shown_moment
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import expect, expect_post
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.moving_clocks import check_due
from workflows.ledger.verifier.judge.review_forms import check_amender, check_grade_allows
from workflows.ledger.verifier.judge.seats import check_post, check_signed_under
from workflows.ledger.verifier.judge.table import Table, speaks_of


def open_proposed(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """At grade 良 a reviewer asks the unit to agree to changes of goals and rows, before anybody of the stage signed."""
    data, rules, chain = event.data, judge.form(table, event)["amendment"], judge.definition(table)
    if desk is None or desk.node == "reply":
        raise Broken("step", "data.node", data["node"], "a reviewing desk")
    expect(event, {"amendment": event.command, "task": desk.task, "round": table.round, "base": table.content_hash})
    check_grade_allows(judge, table, event, desk, "amend")
    check_amender(judge, table, event, desk, "amend", {event.person, event.behalf})
    before = chain.before(desk.node)
    late = next((vote.node for vote in table.votes if vote.stage == desk.stage and vote.node not in before), None)
    if late is not None:
        judge.blame("steps", "step", event, "kind", event.kind, f"before task.decided at {late}")
    changes, was, now = judge.contents.of(data["changes"]), judge.sheet(data["base"], event), judge.sheet(data["content_hash"], event)
    if not isinstance(changes, Changes) or changes.number != data["changed"] or not changes.number:
        raise Broken("content", "data.changes", data["changes"], "a list of changes", check="contents")
    if (was.sum + changes.sum - now.sum) % MODULUS or was.rows != now.rows:
        judge.blame("contents", "content", event, "data.changes", "the list of changes", "every change")
    beyond = next((place for place in changes.places if not may_be_completed(place, rules)), None)
    if beyond is not None:
        judge.blame("steps", "value", event, "data.changes", beyond, " ".join(rules["fields"]))
    check_due(judge, event)
    return []


def apply_proposes(judge: Judge, table: Table, event: Event) -> None:
    """A completion waits for the unit's word."""
    data, desk = event.data, table.task(event.data["task"])
    told = {name: data[name] for name in ("amendment", "node", "base", "content_hash", "changes", "changed", "due_at", "provisional")}
    table.amendment = {
        **told, "level": desk.level if desk else "", "person": event.person, "name": event.name, "role": event.role, "organ": event.organ,
        "opinion": judge.word(data["opinion"]), "proposed_at": shown_moment(event.at), **({"behalf": event.behalf} if event.behalf else {}),
    }  # fmt: skip


def open_amended(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The unit agrees to exactly what waits for it; never whoever proposed it."""
    asked = waits_for_unit(table, event)
    check_of_the_unit(judge, table, event)
    if event.person in (asked["person"], asked.get("behalf")):
        judge.blame("segregation", "S3", event, "actor.id", event.person)
    expect(event, {**{name: asked[name] for name in ("amendment", "node", "base", "content_hash", "changes", "changed")}, "round": table.round})
    return []


def waits_for_unit(table: Table, event: Event) -> Dict[str, Any]:
    """Return the completion that waits for the unit's word, if it is the one that the event names."""
    asked = table.amendment
    if asked is None or asked["amendment"] != event.data["amendment"]:
        raise Broken("step", "data.amendment", event.data["amendment"], "amendment.proposed")
    return asked


def check_of_the_unit(judge: Judge, table: Table, event: Event) -> None:
    """The act is the clerk's in charge, or that of another post of the unit."""
    check_post(judge, event)
    if event.role not in ROLES_AT_HOME["unit"] or event.organ != table.unit or (event.role == "clerk" and event.person != table.owner):
        judge.blame("posts", "person", event, "actor.role", event.role, f"clerk {table.unit}")


def apply_amends(judge: Judge, table: Table, event: Event) -> None:
    """The completed content is the table's; forms filled in for the one before hold for it too."""
    asked, new = table.amendment or {}, event.data["content_hash"]
    table.reviews = [
        {**each, "completed": new} if each["node"] == asked["node"] and speaks_of(each, asked["base"]) else each for each in table.reviews
    ]
    who = {"person": asked["person"], "node": asked["node"], "round": table.round}
    table.amended = [*table.amended, {**who, **({"behalf": asked["behalf"]} if asked.get("behalf") else {})}]
    table.content_hash, table.amendment = new, None


def open_unamended(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The unit does not agree, or whoever proposed it takes it back."""
    asked = waits_for_unit(table, event)
    expect(event, {"taken_back": event.person == asked["person"]})
    if event.person != asked["person"]:
        check_of_the_unit(judge, table, event)
    elif asked.get("behalf"):
        expect_post(event, asked["role"], asked["organ"], judge)
    else:
        check_signed_under(judge, event, asked["role"], asked["organ"])
    return []


def apply_unamended(judge: Judge, table: Table, event: Event) -> None:
    """No completion waits any more."""
    table.amendment = None


def may_be_completed(place: str, rules: Dict[str, Any]) -> bool:
    """Whether the pack lets a reviewer complete this place: a goal, or a named field of a row."""
    parts = place.split("/")[1:]
    if parts[0] == "goals":
        return bool(rules["goals"]) and len(parts) == 2
    return parts[0] == "indicators" and len(parts) > 2 and parts[2] in rules["fields"]


AMENDMENTS_OPENERS: Dict[str, Opener] = {
    "amendment.proposed": open_proposed,
    "amendment.confirmed": open_amended,
    "amendment.rejected": open_unamended,
}
AMENDMENTS_EFFECTS: Dict[str, Effect] = {
    "amendment.proposed": apply_proposes,
    "amendment.confirmed": apply_amends,
    "amendment.rejected": apply_unamended,
}
