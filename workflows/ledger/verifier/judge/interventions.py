"""Corrections, an administrator's intervention and decisions on paper: what they may touch."""

from __future__ import annotations

from typing import Any, Dict, Optional

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.roles import BUSINESS
from workflows.ledger.verifier.events.sheets import MODULUS, Changes, shared
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import beijing_day
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.named import check_none_open
from workflows.ledger.verifier.judge.review_forms import check_amender, check_grade_allows
from workflows.ledger.verifier.judge.seats import check_signed_under
from workflows.ledger.verifier.judge.segregation import check_segregation_of, vouches
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.limits import CORRECTABLE, PROPOSALS
from workflows.ledger.verifier.law.stages import LINE


def check_measure(table: Table, asked: Dict[str, Any]) -> None:
    """An intervention enters a node anew where the table stands, or goes back to one that was complete; never forward."""
    complete = {vote.node for vote in table.votes} - {desk.node for desk in table.desks}
    right = asked["to_node"] is None if asked["measure"] == "reenter" else asked["measure"] == "move_back" and asked["to_node"] in complete
    if not right or table.desk(asked["node"]) is None:
        raise Broken("step", "data.to_node", asked["to_node"], " ".join(sorted(complete)))


def open_correction(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A correction touches words that say no goal, names every change, and waits for a second person."""
    data = event.data
    check_signed_under(judge, event, "finance_performance", table.bureau)
    check_none_open(table, event)
    expect(event, {"request": event.command, "base": table.in_force})
    changes, before, after = judge.contents.of(data["changes"]), judge.sheet(data["base"], event), judge.sheet(data["content_hash"], event)
    if not isinstance(changes, Changes) or changes.number != data["changed"] or not changes.number:
        raise Broken("content", "data.changes", data["changes"], "a list of changes", check="contents")
    if (before.sum + changes.sum - after.sum) % MODULUS:
        judge.blame("contents", "content", event, "data.changes", "the list of changes", "every change")
    if not CORRECTABLE.intersection(data["fields"]).issuperset(changes.places):
        judge.blame("steps", "value", event, "data.fields", " ".join(changes.places), " ".join(sorted(CORRECTABLE)))
    return [("confirmation.requested", {"request": event.command, "action": "correct"})]


def open_intervention(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A process administrator asks for a table to be sent elsewhere; a second person has to agree."""
    check_signed_under(judge, event, "process_admin", table.bureau)
    expect(event, {"request": event.command})
    check_measure(table, event.data)
    return [("confirmation.requested", {"request": event.command, "action": "intervene"})]


def apply_proposed(judge: Judge, table: Table, event: Event) -> None:
    """What exactly is asked for is kept until the second person's word."""
    table.proposal = {**event.data, "action": next(action for action, kind in PROPOSALS.items() if kind == event.kind)}
    if event.kind == "paper.entered":
        check_paper(judge, table, event)


def check_paper(judge: Judge, table: Table, event: Event) -> None:
    """What a leader decided on paper is entered by another of the office, for an open task that the leader could decide."""
    data, desk = event.data, table.task(event.data["task"])
    if desk is None or desk.node == "reply" or any(each.task in desk.waits_for for each in table.desks):
        raise Broken("step", "data.task", data["task"], "an open task whose turn it is")
    expect(event, {"node": desk.node, "round": desk.round})
    if data["leader"] == event.person:
        judge.blame("segregation", "S10", event, "data.leader", event.person)
    if event.organ != desk.organ or event.role not in BUSINESS:
        judge.blame("posts", "person", event, "actor.organ", event.organ, desk.organ)
    wrong = vouches(judge, table, event, desk)
    if wrong:
        judge.blame("segregation", wrong, event, "actor.id", event.person)
    if desk.delegated_to or desk.claimed_by not in ("", data["leader"]):
        raise Broken("step", "data.task", data["task"], f"{desk.delegated_to or desk.claimed_by} acts first")
    if desk.person not in (None, data["leader"]) or judge.posts.lacks(data["leader"], desk.role, desk.organ, event.at):
        judge.blame("posts", "post", event, "data.leader", data["leader"], f"{desk.role} {desk.organ}")
    check_segregation_of(judge, table, event, desk, data["leader"], "data.leader")
    check_grade_allows(judge, table, event, desk, data["outcome"])
    check_amender(judge, table, event, desk, data["outcome"], {data["leader"]})
    returns = data["outcome"] == "return" and data["to"] in LINE and LINE.index(data["to"]) < LINE.index(table.stage)
    if not returns and (data["outcome"], data["to"]) != ("pass", None):
        raise Broken("step", "data.outcome", data["outcome"], "pass, return")
    if not data["signed_on"] <= beijing_day(event.at):
        judge.blame("steps", "value", event, "data.signed_on", data["signed_on"], f"<= {beijing_day(event.at)}")


def apply_corrected(judge: Judge, table: Table, event: Event) -> None:
    """The content in force is the corrected one."""
    table.content_hash = table.in_force = event.data["content_hash"]
    table.title = shared(event.data["title"])
    if table.versions:
        table.versions = [*table.versions[:-1], {**table.versions[-1], "content_hash": event.data["content_hash"]}]


def apply_intervened(judge: Judge, table: Table, event: Event) -> None:
    """Decisions from where the table was sent on are gone, with their forms and trails."""
    gone = set(event.data["overtaken"])
    table.forms_gone([*gone])
    table.votes = [vote for vote in table.votes if vote.node not in gone]
    table.passed_over = [node for node in table.passed_over if node not in gone]
    table.intervened, table.trails = True, {key: trail for key, trail in table.trails.items() if key[0] not in gone}
    if event.data["to_node"] is not None:
        table.returned = None


INTERVENTIONS_OPENERS: Dict[str, Opener] = {
    "correction.opened": open_correction,
    "admin.proposed": open_intervention,
}
INTERVENTIONS_EFFECTS: Dict[str, Effect] = {
    "correction.opened": apply_proposed,
    "revision.asked": apply_proposed,
    "correction.applied": apply_corrected,
    "admin.proposed": apply_proposed,
    "admin.intervened": apply_intervened,
    "paper.entered": apply_proposed,
}
