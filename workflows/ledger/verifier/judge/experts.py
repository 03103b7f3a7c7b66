"""Experts who were asked to review a table: their relation to it, their scores."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Dict, Optional

from workflows.ledger.verifier.events.amounts import is_points
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.events.roles import ADMINISTRATORS, BUSINESS
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import beijing_day
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import check_pack_named, expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.seats import check_post
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.limits import INTERNAL_MARK, PUBLIC_MARK, SHORTEST_REASON


def open_expert(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A reviewer gives the table that lies at his desk to an expert of the pool: no insider, nobody related, never 内部."""
    data = event.data
    if desk is None or desk.node == "reply":
        raise Broken("step", "data.node", data["node"], "a reviewing desk")
    judge.form(table, event)
    who = data["person"]
    expect(event, {"task": desk.task, "round": table.round, "assignment": derived(table.id, f"expert#{who}#{event.command}")})
    if table.amendment is not None:
        judge.blame("steps", "step", event, "kind", event.kind, "amendment.confirmed, amendment.rejected")
    before = [each for each in table.experts if each["person"] == who]
    roles = judge.posts.roles(who)
    if who in table.authors or roles & (BUSINESS | ADMINISTRATORS) or any(each["state"] == "excluded" for each in before):
        judge.blame("segregation", "S11", event, "data.person", who)
    if judge.bundle.whole and "expert" not in roles:
        judge.blame("posts", "post", event, "data.person", who, "expert")
    if any(each["round"] == table.round and table.desk(each["node"]) for each in before):
        judge.blame("steps", "step", event, "data.person", who, "an expert who was not asked yet")
    if judge.sheet(table.content_hash, event).disclosure == INTERNAL_MARK:
        judge.blame("steps", "step", event, "kind", event.kind, PUBLIC_MARK)
    if data["until"] < beijing_day(event.at):
        judge.blame("steps", "value", event, "data.until", data["until"], f">= {beijing_day(event.at)}")
    return []


def apply_expert(judge: Judge, table: Table, event: Event) -> None:
    """An expert was asked to review the table."""
    data = event.data
    told = {name: data[name] for name in ("assignment", "node", "round", "person", "name", "until")}
    table.experts = [*table.experts, {
        **told, "by": event.person, "state": "assigned", "items": {}, "total": "", "grade": "", "opinion": "", "content_hash": "",
    }]  # fmt: skip
    table.key_by = table.key_by or data["node"]


def assignment_of(judge: Judge, table: Table, event: Event, *states: str) -> Dict[str, Any]:
    """Return the assignment that the event names: the expert's own, of this round, its node open, its day not over."""
    found = next((each for each in table.experts if each["assignment"] == event.data["assignment"]), None)
    if found is None:
        raise Broken("step", "data.assignment", event.data["assignment"], "expert.assigned")
    if event.person != found["person"] or event.role != "expert" or found["state"] not in states:
        judge.blame("segregation", "S11", event, "actor.id", event.person)
    check_post(judge, event)
    if found["round"] != table.round or table.desk(found["node"]) is None:
        raise Broken("step", "data.assignment", event.data["assignment"], "an open node")
    if beijing_day(event.at) > found["until"]:
        judge.blame("steps", "value", event, "at", event.at, f"<= {found['until']}")
    return found


def open_relation(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """An expert declares once, before anything, whether he is related; a relation has its reason."""
    assignment_of(judge, table, event, "assigned")
    word = judge.word(event.data["reason"])
    if event.data["related"] and type(word) is str and len(word.strip()) < SHORTEST_REASON:
        judge.blame("steps", "value", event, "data.reason", word, f">= {SHORTEST_REASON}")
    return []


def apply_relation(judge: Judge, table: Table, event: Event) -> None:
    """An expert declared whether he is related to the table."""
    of_expert(table, event, {"state": "excluded" if event.data["related"] else "unrelated"})


def of_expert(table: Table, event: Event, news: Dict[str, Any]) -> None:
    """Take news of an expert's review down."""
    key = event.data["assignment"]
    table.experts = [{**each, **news} if each["assignment"] == key else each for each in table.experts]


def open_expertise(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """An unrelated expert scores every item of the form inside its points, for the content as it stands."""
    data, form = event.data, judge.form(table, event)
    assignment_of(judge, table, event, "unrelated", "scored")
    expect(event, {"content_hash": table.content_hash})
    check_pack_named(table, event)
    points = {item["code"]: Decimal(item["points"]) for group in form["criteria"] for item in group["items"]}
    right = data["items"].keys() == points.keys() and all(
        type(item) is dict and item.keys() == {"points", "comment"} and is_points(item["points"], points[code])
        for code, item in data["items"].items()
    )  # fmt: skip
    if not right:
        raise Broken("value", "data.items", " ".join(sorted(data["items"])), " ".join(sorted(points)))
    total = sum((Decimal(item["points"]) for item in data["items"].values()), Decimal(0))
    grade = next((band["grade"] for band in form["bands"] if total >= Decimal(band["from"])), "")
    wanted = str(total.quantize(Decimal(1).scaleb(-form["places"]), ROUND_HALF_UP))
    for field, seen, is_so in (("total", data["total"], wanted), ("grade", data["grade"], grade)):
        if seen != is_so:
            judge.blame("steps", "value", event, f"data.{field}", seen, is_so)
    return []


def apply_expertise(judge: Judge, table: Table, event: Event) -> None:
    """An expert's scores stand with his review."""
    data = event.data
    told = {name: data[name] for name in ("items", "total", "grade", "content_hash")}
    of_expert(table, event, {**told, "state": "scored", "opinion": judge.word(data["opinion"])})


EXPERTS_OPENERS: Dict[str, Opener] = {
    "expert.assigned": open_expert,
    "expert.declared": open_relation,
    "expert.scored": open_expertise,
}
EXPERTS_EFFECTS: Dict[str, Effect] = {
    "expert.assigned": apply_expert,
    "expert.declared": apply_relation,
    "expert.scored": apply_expertise,
}
