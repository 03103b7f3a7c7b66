"""Signers added to a node, tasks closed without a decision, and decisions that are taken back."""

from __future__ import annotations

from typing import Dict, Optional

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.events.roles import BUSINESS
from workflows.ledger.verifier.events.sheets import shared
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.judge.deciding import tasked_signers
from workflows.ledger.verifier.judge.desks import Desk, Todo, Trail
from workflows.ledger.verifier.judge.expecting import expect, overtaken
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.moving_clocks import check_due
from workflows.ledger.verifier.judge.named import reviewing
from workflows.ledger.verifier.judge.seats import check_for_another, sits_at
from workflows.ledger.verifier.judge.self_evaluation import evaluation_begins
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.judge.tasks import check_fit
from workflows.ledger.verifier.judge.ways import onwards
from workflows.ledger.verifier.law.limits import HARMLESS, LOW, MOST_ADDED, STEP_BY_STEP
from workflows.ledger.verifier.law.signers import fate
from workflows.ledger.verifier.law.stages import REVIEWS


def open_overtaken(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """Monitoring work still open when the self-evaluation begins is overtaken; only the system does that."""
    if table.stage in REVIEWS:
        return open_recalled(judge, table, event, desk)
    first, *others = overtaken(table) or [("selfeval.opened", {})]
    if first[0] != "node.superseded":
        raise Broken("sequence", "kind", event.kind, "selfeval.opened")
    expect(event, first[1])
    return [*others, ("selfeval.opened", {"rule": "self_evaluation.year_end"}), *evaluation_begins(judge, table, event)]


def open_added(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A signer asks one more to sign, who has to pass beside the node's rule; two may hang on one another."""
    data, anchor = event.data, table.task(event.data["anchor"])
    if anchor is None or anchor.node == "reply":
        raise Broken("step", "data.anchor", data["anchor"], "an open task")
    reviewing(event, anchor)
    sits_at(judge, table, event, anchor)
    task = derived(table.id, f"{anchor.node}#added#{data['person']}#{event.command}")
    expect(event, {"node": anchor.node, "round": anchor.round, "depth": anchor.depth + 1, "task": task})
    if data["depth"] > MOST_ADDED or data["how"] not in ("before", "after", "parallel"):
        raise Broken("step", "data.depth", data["depth"], f"<= {MOST_ADDED}")
    check_fit(judge, table, event, anchor, data["person"], "data.person")
    if data["role"] not in BUSINESS - {"clerk"} or data["organ"] not in (table.unit, table.department, table.bureau):
        judge.blame("posts", "person", event, "data.role", data["role"], "a business post of the table")
    if any(data["person"] in (each.person, each.claimed_by) for each in table.desks if each.node == anchor.node):
        raise Broken("step", "data.person", data["person"], "somebody who does not sign here yet")
    if judge.bundle.whole and not judge.posts.holds(data["person"], data["role"], data["organ"], event.at):
        judge.blame("posts", "post", event, "data.person", data["person"], f"{data['role']} {data['organ']}")
    return []


def apply_added(judge: Judge, table: Table, event: Event) -> None:
    """A signer's task stands beside, or before, the one that it was added to."""
    data, anchor = event.data, table.task(event.data["anchor"])
    if anchor is None:
        return
    check_due(judge, event)
    new = Desk({**data, "stage": anchor.stage, "level": anchor.level}, event.at)
    new.group, new.must, new.anchor, new.added_by, new.depth = anchor.group, True, anchor.task, event.behalf or event.person, data["depth"]
    new.waits_for = [anchor.task] if data["how"] == "after" else []
    if data["how"] == "before":
        anchor.waits_for = [*anchor.waits_for, new.task]
    table.desks.append(new)


def open_superseded(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A signer is taken away by whom he was added; or a decision is taken back, with the tasks that followed from it."""
    found = table.task(event.data["task"])
    if found is None or not found.added_by or found.added_by != (event.behalf or event.person):
        return open_recalled(judge, table, event, desk)
    check_for_another(judge, table, event, found.node)
    expect(event, {"node": found.node, "round": found.round})
    left = [signer for signer, task in tasked_signers(table, found.node) if task != found.task]
    decided = fate(judge.definition(table).named(found.node).rule, left)
    if not left:
        raise Broken("step", "data.task", found.task, "more than one signer")
    if table.amendment is not None or (decided == "passed" and table.grade(found.node) in LOW):
        judge.blame("steps", "step", event, "kind", event.kind, f"review.scored {table.grade(found.node)}")
    if decided == "rejected":
        return [("table.returned", {"node": found.node, "round": table.round, "to": "draft", "mode": STEP_BY_STEP})]
    others = [each for each in table.desks if each.node == found.node and each is not found]
    closed = [("task.superseded", {"node": each.node, "task": each.task, "round": each.round}) for each in others]
    return [*closed, ("node.completed", {"node": found.node, "round": table.round}), *onwards(judge, table, event, found.node)] if decided else []


def open_recalled(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A signer takes his own vote back while nobody looked at what followed; that is closed, and his task opens anew."""
    trail = check_recallable(judge, table, event)
    if (event.role, event.organ) != (trail.desk.role, trail.desk.organ) and not trail.desk.handed(event.role, event.organ):
        judge.blame("posts", "person", event, "actor.role", event.role, f"{trail.desk.role} {trail.desk.organ}")
    if trail.behalf != event.behalf:
        judge.blame("posts", "person", event, "actor.on_behalf_of", event.behalf or event.person, trail.behalf)
    if trail.paper:
        judge.blame("segregation", "S10", event, "actor.id", event.person, "paper.entered")
    check_for_another(judge, table, event, trail.desk.node)
    if trail.touched:
        raise Broken("step", "kind", event.kind, "nobody opened or decided what followed")
    node, stage = trail.desk.node, trail.desk.stage
    gone = [each for each in overtaken(table) if each[1]["task"] in trail.opened and each[1]["node"] != node]
    closed = [trail.desk, *trail.closed]
    instead = {each.task: derived(table.id, f"{node}#{each.task}#{event.command}") for each in closed}
    reopened = [{
        "task": instead[each.task], "instead_of": each.task, "role": each.role, "organ": each.organ, "person": each.person,
        "group": each.group, "must": each.must, "anchor": each.anchor, "waits_for": [instead.get(task, task) for task in each.waits_for],
        "added_by": each.added_by, "depth": each.depth, "due_at": each.due_at, "provisional": each.provisional,
    } for each in closed]  # fmt: skip
    todo = [*gone, ("task.recalled", {
        "node": node, "task": instead[trail.desk.task], "recalled": trail.desk.task, "round": table.round, "stage": stage,
        "level": trail.desk.level, "reopened": reopened, "unrouted": trail.passed,
    })]  # fmt: skip
    if todo[0][0] != event.kind:
        raise Broken("sequence", "kind", event.kind, todo[0][0])
    expect(event, todo[0][1])
    return todo[1:]


def check_recallable(judge: Judge, table: Table, event: Event) -> Trail:
    """Return the trail of the person's own vote: at a node still open, or of the round's last decision."""
    mine = [vote for vote in table.votes if vote.person == event.person and vote.stage in REVIEWS]
    open_now = {desk.node for desk in table.desks}
    pending = [vote for vote in mine if vote.node in open_now]
    last = table.deciders[-1] if table.deciders else None
    if not pending and mine and last is not None and (last.person, last.node) == (event.person, mine[-1].node):
        pending = mine[-1:]
    trail = table.trails.get((pending[-1].node, event.person)) if pending else None
    if trail is None:
        raise Broken("step", "kind", event.kind, "one's own last vote")
    if table.amendment is not None:
        judge.blame("steps", "step", event, "kind", event.kind, "amendment.confirmed, amendment.rejected")
    return trail


def apply_recalled(judge: Judge, table: Table, event: Event) -> None:
    """A decision is taken back: what it closed is open again, what it opened is gone."""
    data = event.data
    instead = {each["instead_of"]: each["task"] for each in data["reopened"]}
    for desk in table.desks:
        desk.waits_for = [instead.get(task, task) for task in desk.waits_for]
    for each in data["reopened"]:
        desk = Desk({**each, "node": data["node"], "stage": data["stage"], "round": data["round"], "level": data["level"]}, event.at)
        desk.group, desk.must, desk.anchor, desk.added_by, desk.depth = each["group"], each["must"], each["anchor"], each["added_by"], each["depth"]
        desk.waits_for = each["waits_for"]
        table.desks.append(desk)
    table.votes = [vote for vote in table.votes if (vote.node, vote.person) != (data["node"], event.person)]
    table.passed_over = [node for node in table.passed_over if node not in data["unrouted"]]
    last = table.deciders[-1]
    if table.answered is not None and (last.person, last.node) == (event.person, data["node"]):
        table.returned = table.answered
    table.stage, table.answered = shared(data["stage"]), None
    table.trails.pop((data["node"], event.person), None)


def follow_trails(table: Table, event: Event) -> None:
    """Take down what follows from a decision in its own step, and whether others then laid hands on it."""
    data = event.data
    for trail in table.trails.values():
        if trail.command == event.command:
            if event.kind == "node.entered":
                trail.opened.add(data["task"])
            elif event.kind == "node.shared":
                trail.opened.update(str(task.get("task")) for task in data["tasks"])
            elif event.kind in ("route.chosen", "route.shortened"):
                trail.passed += data["passed_over"]
        elif event.kind not in HARMLESS and (data.get("task") in trail.opened or data.get("anchor") in trail.opened):
            trail.touched = True


RECALLS_OPENERS: Dict[str, Opener] = {
    "node.superseded": open_overtaken,
    "task.signer_added": open_added,
    "task.superseded": open_superseded,
    "task.recalled": open_recalled,
}
RECALLS_EFFECTS: Dict[str, Effect] = {
    "task.signer_added": apply_added,
    "task.recalled": apply_recalled,
}
