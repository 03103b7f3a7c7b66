"""A table is returned: to which stage or node, about which places, and whose decisions are gone."""

from __future__ import annotations

from typing import Dict

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.judge.desks import Todo
from workflows.ledger.verifier.judge.expecting import expect, overtaken
from workflows.ledger.verifier.judge.judge import Effect, Judge
from workflows.ledger.verifier.judge.submitting import files_hash
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.judge.ways import entering, way_on
from workflows.ledger.verifier.law.limits import DIRECT, STEP_BY_STEP
from workflows.ledger.verifier.law.stages import LINE, REVIEWS


def after_return(judge: Judge, table: Table, event: Event) -> Todo:
    """What a return leads to: all desks are left, and the stage or node that it went to begins again."""
    to, node, aim = event.data["to"], event.data["node"], event.data.get("to_node")
    others = [("task.superseded", {"node": each.node, "task": each.task, "round": each.round}) for each in table.desks if each.node == node]
    if aim is not None:
        entered = [entering(table, event, judge.definition(table).named(aim), table.round)]
    elif to in REVIEWS:
        entered = way_on(judge, table, event, to, set(), set(), table.round, table.content_hash)
    else:
        entered = [entering(table, event, each, table.round) for each in judge.definition(table).first(to)]
    return [*others, ("node.completed", {"node": node, "round": table.round}), *overtaken(table, but=node), *entered]


def check_aim(judge: Judge, table: Table, event: Event) -> None:
    """A return goes to an earlier stage, or to a node that was complete in this round; it says whose decisions are gone."""
    to, node, aim = event.data["to"], event.data["node"], event.data.get("to_node")
    here = LINE.index(table.stage)
    if to not in LINE or LINE.index(to) > here or (aim is None and LINE.index(to) == here):
        raise Broken("step", "data.to", to, table.stage)
    if event.data["mode"] not in (STEP_BY_STEP, DIRECT) or (event.data["mode"] == DIRECT and aim is None and to != "draft"):
        raise Broken("step", "data.mode", event.data["mode"], STEP_BY_STEP)
    open_now = {desk.node for desk in table.desks} | {node}
    complete = {vote.node for vote in table.votes} - open_now
    if aim is not None and (aim not in complete or judge.definition(table).named(aim).stage != to):
        raise Broken("step", "data.to_node", aim, " ".join(sorted(complete)))
    if event.shape >= 3:
        check_places(judge, table, event)
        expect(event, {"overtaken": judge.definition(table).overtaken_from(to, aim, open_now)})


def check_places(judge: Judge, table: Table, event: Event) -> None:
    """A return is about every place with an open comment; one that came of counting has the sentence that says so."""
    counted = bool(table.votes) and table.votes[-1].outcome == "pass"
    missing = [each["pointer"] for each in table.threads if not each["resolved"] and each["pointer"] not in event.data["fields"]]
    if missing and not counted:
        judge.blame("steps", "value", event, "data.fields", " ".join(event.data["fields"]), missing[0])


def apply_returned(judge: Judge, table: Table, event: Event) -> None:
    """A return takes the votes away that it overtakes; one with 直达 remembers what was complete, to come straight back."""
    data = event.data
    check_aim(judge, table, event)
    gone = data.get("overtaken")
    if gone is None:
        gone = [vote.node for vote in table.votes if LINE.index(vote.stage) >= LINE.index(data["to"])]
    complete = {name for stage in REVIEWS for name in table.done(stage)} - {data["node"]}
    table.forms_gone([*gone, data["node"]])
    table.votes = [vote for vote in table.votes if vote.node not in gone]
    table.passed_over = [node for node in table.passed_over if node not in gone]
    table.returned_reason, table.returned_from, table.returned = judge.word(data["reason"]), data["node"], None
    if data["mode"] == DIRECT:
        table.returned = {"node": data["node"], "by": event.person, "mode": DIRECT, "fields": data.get("fields", []),
                          "done": sorted(complete), "files": files_hash(table), "to": data.get("to_node") or "",
                          "content_hash": table.content_hash}  # fmt: skip


RETURNS_EFFECTS: Dict[str, Effect] = {
    "table.returned": apply_returned,
}
