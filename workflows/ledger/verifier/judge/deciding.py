"""A task is decided: in its turn, with a return's aim or the node's rule, and what that leads to."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.sheets import shared
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.judge.desks import Decider, Desk, Todo, Trail, Vote
from workflows.ledger.verifier.judge.expecting import expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.review_forms import check_amender, check_grade_allows
from workflows.ledger.verifier.judge.revisions import revised_by
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.judge.ways import onwards
from workflows.ledger.verifier.law.limits import LOW, STEP_BY_STEP
from workflows.ledger.verifier.law.signers import Signer, fate


def open_decided(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A task is decided in its turn; what follows is a return, or what the node's rule makes of all votes."""
    data = event.data
    if desk is None:
        raise Broken("step", "data.node", data["node"])
    expect(event, {"task": desk.task, "round": table.round, "level": desk.level, "content_hash": table.content_hash})
    if data["outcome"] not in ("pass", "return"):
        raise Broken("step", "data.outcome", data["outcome"], "pass, return")
    check_turn(judge, table, event, desk)
    if desk.node != "reply":
        check_grade_allows(judge, table, event, desk, data["outcome"])
    check_amender(judge, table, event, desk, data["outcome"], {event.person, event.behalf})
    decided = fate(judge.definition(table).named(desk.node).rule, signers_of(table, desk, data["outcome"]))
    if decided == "passed" and table.grade(desk.node) in LOW:
        decided = "rejected"
    to = table.paper.get("to")
    table.paper = {}
    if decided == "rejected":
        aim = {"node": desk.node, "round": table.round}
        if data["outcome"] == "pass" or to is not None:
            aim.update(to="draft" if data["outcome"] == "pass" else to, mode=STEP_BY_STEP)
        return [("table.returned", aim)]
    left = ("node.completed", {"node": desk.node, "round": table.round})
    if desk.node == "reply" and table.source:
        return [("revision.approved", revised_by(judge, table, event)), left]
    if desk.node == "reply":
        return [("table.replied", {"content_hash": table.content_hash}), left]
    others = [each for each in table.desks if each.node == desk.node and each.task != desk.task]
    closed = [("task.superseded", {"node": each.node, "task": each.task, "round": each.round}) for each in others]
    return [*closed, left, *onwards(judge, table, event, desk.node)] if decided else []


def check_turn(judge: Judge, table: Table, event: Event, desk: Desk) -> None:
    """Nobody decides before those whom his task waits for (顺签, 前加签)."""
    before = next((each for each in table.desks if each.task in desk.waits_for), None)
    if before is not None or desk.delegated_to:
        judge.blame("steps", "step", event, "data.task", desk.task, f"after {before.task if before else desk.delegated_to}")


def apply_decided(judge: Judge, table: Table, event: Event) -> None:
    """A vote counts in this round, its desk is closed, and its trail is kept for as long as it may be taken back."""
    data = event.data
    node, level, outcome = shared(data["node"]), shared(data["level"]), shared(data["outcome"])
    desk = table.task(data["task"])
    signed = (desk.group, desk.must) if desk else ("", False)
    table.votes = [*table.votes, Vote(node, table.stage, level, event.person, outcome, table.content_hash, data["round"], *signed, event.behalf)]
    table.deciders = [*table.deciders, Decider(event.person, level, node, event.behalf)]
    table.desks, table.answered = [each for each in table.desks if each is not desk], None
    if desk is not None and desk.node != "reply":
        open_now = {each.node for each in table.desks}
        closed = [each for each in table.desks if each.node == desk.node] if table.todo else []
        waiting = {each.task for each in table.desks if desk.task in each.waits_for}
        table.trails = {key: trail for key, trail in table.trails.items() if key[0] in open_now}
        on_paper = event.behalf != "" and event.cover not in judge.posts.covers
        table.trails[node, event.person] = Trail(desk, event.command, closed, waiting, event.behalf, on_paper)


def signers_of(table: Table, desk: Desk, outcome: str) -> List[Signer]:
    """Return a node's signers as they stand once the one at this desk has voted."""
    now = "pass" if outcome == "pass" else "against"
    return [Signer(signer.group, now, signer.added) if task == desk.task else signer for signer, task in tasked_signers(table, desk.node)]


def tasked_signers(table: Table, node: str) -> List[Tuple[Signer, str]]:
    """Return a node's signers as they stand, each with the task that is open for him."""
    cast = [(Signer(vote.group, "pass" if vote.outcome == "pass" else "against", vote.must), "") for vote in table.votes if vote.node == node]
    return cast + [(Signer(desk.group, "", desk.must), desk.task) for desk in table.desks if desk.node == node]


DECIDING_OPENERS: Dict[str, Opener] = {
    "task.decided": open_decided,
}
DECIDING_EFFECTS: Dict[str, Effect] = {
    "task.decided": apply_decided,
}
