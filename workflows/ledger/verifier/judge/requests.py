"""What needs two persons: somebody asks, another confirms or declines."""

from __future__ import annotations

from typing import Any, Dict, Optional

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import expect, expect_post, overtaken
from workflows.ledger.verifier.judge.interventions import check_measure
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.mending import mending_again
from workflows.ledger.verifier.judge.named import check_goes_on, check_none_open
from workflows.ledger.verifier.judge.review_forms import check_amender, check_grade_allows
from workflows.ledger.verifier.judge.revisions import revision_over
from workflows.ledger.verifier.judge.seats import check_owner, check_post, check_signed_under, could_sit, sits_at
from workflows.ledger.verifier.judge.segregation import vouches
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.judge.ways import entering
from workflows.ledger.verifier.law.limits import PROPOSALS
from workflows.ledger.verifier.law.powers import ASKERS, CONFIRMERS
from workflows.ledger.verifier.law.stages import ENDED_AS, ENDINGS, REVIEWS


def open_requested(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """Somebody asks for what needs two persons."""
    action = event.data["action"]
    expect(event, {"request": event.command})
    if action == "refuse":
        ask_to_refuse(judge, table, event)
    elif action in ASKERS:
        stages, organ, roles = ASKERS[action]
        if table.stage not in stages or (action == "void" and table.in_force is not None):
            raise Broken("step", "data.action", action, table.stage)
        if event.role not in roles or event.organ != getattr(table, organ):
            judge.blame("posts", "person", event, "actor.role", event.role, " ".join(roles))
        if event.role == "clerk":
            check_owner(judge, table, event)
        if action == "terminate":
            check_none_open(table, event)
        if action == "pause_project":
            check_goes_on(table, event)
        check_post(judge, event)
    elif action == "withdraw":
        ask_to_withdraw(judge, table, event)
    else:
        raise Broken("step", "data.action", action, ", ".join((*ENDINGS, "withdraw")))
    return []


def carried_out(judge: Judge, table: Table, event: Event, request: Dict[str, Any]) -> Todo:
    """What a second person's word brings about beside the ends: a correction, an intervention, a decision on paper."""
    asked = table.proposal
    if asked.get("request") != request["id"] or asked.get("action") != request["action"]:
        raise Broken("step", "data.request", request["id"], PROPOSALS[request["action"]])
    if request["action"] == "correct":
        told = {name: asked[name] for name in ("request", "base", "content_hash", "changes", "changed")}
        if asked["base"] != table.in_force:
            raise Broken("step", "data.request", asked["base"], table.in_force)
        return [("correction.applied", {**told, "title": judge.sheet(asked["content_hash"], event).title})]
    if request["action"] == "adjust_late":
        if (asked["base"], asked["number"]) != (table.in_force, table.revisions + 1):
            raise Broken("step", "data.request", asked["base"], table.in_force)
        same = {name: asked[name] for name in ("number", "trigger", "base")}
        return [("revision.opened", {**same, "revision": derived(table.id, f"revision#{asked['number']}")})]
    if request["action"] == "enter_paper":
        desk = table.task(asked["task"])
        if desk is None or event.person == asked["leader"]:
            raise Broken("step", "data.request", asked["leader"], "an open task, another person")
        table.paper = {**asked, "by": event.person, "command": event.command}
        return []
    chain, (node, _, window), back = judge.definition(table), asked["node"].partition(":"), asked["to_node"]
    check_measure(table, asked)
    if back is None:
        gone, leaving, entered = [asked["node"]], [each for each in overtaken(table) if each[1]["node"] == asked["node"]], chain.named(node)
    else:
        entered, window = chain.named(back), ""
        gone, leaving = chain.overtaken_from(entered.stage, back, {desk.node for desk in table.desks}), overtaken(table)
    told = {name: asked[name] for name in ("request", "measure", "node", "to_node")}
    return [
        ("admin.intervened", {**told, "asked_by": request["by"], "overtaken": gone}), *leaving,
        entering(table, event, entered, table.round, window), *(mending_again(table, event, table.stage) if back else ()),
    ]  # fmt: skip


def ask_to_withdraw(judge: Judge, table: Table, event: Event) -> None:
    """The submitter asks for the table back where he cannot take it back himself any more."""
    check_signed_under(judge, event, "clerk", table.unit)
    if event.person != table.submitter:
        judge.blame("posts", "person", event, "actor.id", event.person, table.submitter)
    direct = table.stage == "unit_review" and not table.deciders and not table.received
    if table.stage not in REVIEWS or (direct and judge.definition(table).withdraw_until != "never"):
        raise Broken("step", "data.action", "withdraw", table.stage)


def ask_to_refuse(judge: Judge, table: Table, event: Event) -> None:
    """A refusal is asked for from a reviewing desk of department or bureau."""
    desks = [desk for desk in table.desks if (desk.role, desk.organ) == (event.role, event.organ) and desk.node != "reply"]
    if table.stage not in REVIEWS[1:] or not desks:
        raise Broken("step", "data.action", "refuse", table.stage)
    open_tasks = {desk.task for desk in table.desks}
    mine = [desk for desk in desks if desk.person in (None, event.person, event.behalf) and not open_tasks.intersection(desk.waits_for)]
    mine = sorted(mine or desks, key=lambda desk: table.grade(desk.node) != "poor")
    sits_at(judge, table, event, mine[0])
    check_grade_allows(judge, table, event, mine[0], "refuse")
    check_amender(judge, table, event, mine[0], "refuse", {event.person, event.behalf})


def open_given(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The second person agrees; what was asked for follows at once."""
    request = table.request
    expect(event, {"request": request["id"]})
    if event.person in (request["by"], request.get("behalf")):
        judge.blame("segregation", "S10", event, "actor.id", event.person)
    second_person(judge, table, event)
    if request["action"] == "withdraw":
        again = [entering(table, event, each, table.round) for each in judge.definition(table).first("draft")]
        return [("table.withdrawn", {"round": table.round}), *overtaken(table), *again]
    if request["action"] == "pause_project":
        return [("project.paused", {})]
    if request["action"] in PROPOSALS:
        return carried_out(judge, table, event, request)
    if request["action"] == "refuse":
        levels = {each.level for each in table.desks}
        if any(event.person in (each.person, each.behalf) and each.level not in levels for each in table.deciders):
            judge.blame("segregation", "S2", event, "actor.id", event.person)
    return [*overtaken(table), (ENDINGS[request["action"]], {"request": request["id"]})]


def second_person(judge: Judge, table: Table, event: Event) -> None:
    """Who confirms or declines holds a post that may, and did not write the table."""
    action = table.request["action"]
    if event.person in table.authors:
        judge.blame("segregation", "S1", event, "actor.id", event.person)
    check_post(judge, event)
    if action == "withdraw":
        seats = [desk for desk in table.desks if could_sit(event, desk)]
        if not seats:
            judge.blame("posts", "person", event, "actor.role", event.person, " ".join(f"{desk.role} {desk.organ}" for desk in table.desks))
        wrong = [vouches(judge, table, event, desk) for desk in seats] if event.kind == "confirmation.given" else []
        if wrong and all(wrong) and event.person not in table.authors:
            judge.blame("segregation", wrong[0], event, "actor.id", event.person)
        return
    organ, roles = CONFIRMERS[table.stage if action in ("refuse", "enter_paper") else action]
    if event.role not in roles or event.organ != getattr(table, organ):
        judge.blame("posts", "person", event, "actor.role", event.role, " ".join(sorted(roles)))


def open_declined(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The second person says no, or whoever asked takes it back."""
    request = table.request
    expect(event, {"request": request["id"]})
    if event.person == request["by"] and request.get("behalf"):
        expect_post(event, request["role"], request["organ"], judge)
    elif event.person == request["by"]:
        check_signed_under(judge, event, request["role"], request["organ"])
    else:
        second_person(judge, table, event)
    return []


def apply_ended(judge: Judge, table: Table, event: Event) -> None:
    """The table's life is over."""
    reason = event.data.get("reason")
    table.stage, table.ended_reason = ENDED_AS[event.kind], None if reason is None else judge.word(reason)
    table.amendment = None
    table.request = None
    if event.kind != "table.closed":
        revision_over(judge, table, event, "revision.abandoned" if event.kind == "table.voided" else "revision.refused")


def apply_requested(judge: Judge, table: Table, event: Event) -> None:
    """Something waits for its second person."""
    table.request = {
        "id": event.data["request"], "action": event.data["action"], "reason": judge.word(event.data["reason"]),
        "by": event.person, "role": event.role, "organ": event.organ, **({"behalf": event.behalf} if event.behalf else {}),
    }  # fmt: skip


def apply_request_over(judge: Judge, table: Table, event: Event) -> None:
    """Nothing waits for a second person any more."""
    table.request = None


REQUESTS_OPENERS: Dict[str, Opener] = {
    "confirmation.requested": open_requested,
    "confirmation.given": open_given,
    "confirmation.refused": open_declined,
}
REQUESTS_EFFECTS: Dict[str, Effect] = {
    "table.refused": apply_ended,
    "table.voided": apply_ended,
    "table.terminated": apply_ended,
    "table.closed": apply_ended,
    "confirmation.requested": apply_requested,
    "confirmation.given": apply_request_over,
    "confirmation.refused": apply_request_over,
}
