"""Segregation of duties (S1 to S6 of domain.md 17.3), for whoever decides and for whom he stands in."""

from __future__ import annotations

from typing import List

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.judge.desks import Decider, Desk
from workflows.ledger.verifier.judge.judge import Judge
from workflows.ledger.verifier.judge.named import mending_named
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.powers import RESCORING_DESKS
from workflows.ledger.verifier.law.stages import REVIEWS


def check_segregation(judge: Judge, table: Table, event: Event, desk: Desk) -> None:
    """S1, S2, S4, S5, S6 of domain.md 17.3, for whoever decides at a desk; for the absent person too (S7)."""
    check_segregation_of(judge, table, event, desk, event.person, "actor.id")
    if event.behalf:
        check_segregation_of(judge, table, event, desk, event.behalf, "actor.on_behalf_of")


def check_segregation_of(judge: Judge, table: Table, event: Event, desk: Desk, person: str, field: str) -> None:
    """One person's duties are apart: as the one who acts, or as the one for whom he acts."""
    if desk.node.startswith("rectification_check:"):
        check_segregation_in_mending(judge, table, event, desk, person, field)
        return
    if desk.node in RESCORING_DESKS and any(each["node"] != desk.node and person in (each["by"], each.get("behalf")) for each in table.rescores):
        judge.blame("segregation", "S5", event, field, person)
    if desk.stage in REVIEWS and (person in table.authors or person in (table.owner, table.submitter)):
        judge.blame("segregation", "S1", event, field, person)
    if desk.stage == "self_evaluation" and table.evaluation is not None and table.evaluation["filed_by"] == person:
        judge.blame("segregation", "S5", event, field, person)
    window = table.window(desk.node.partition(":")[2])
    if desk.stage == "monitoring" and window is not None and window.filed_by == person:
        judge.blame("segregation", "S6", event, field, person)
    mine = decided_before(judge, table, event, desk, person)
    if any(each.level != desk.level for each in mine):
        judge.blame("segregation", "S2", event, field, person)
    if any(each.level == desk.level and each.node != desk.node for each in mine):
        judge.blame("segregation", "S4", event, field, person)
    if any(vote.node == desk.node and person in (vote.person, vote.behalf) for vote in table.votes):
        judge.blame("segregation", "S4", event, field, person)


def decided_before(judge: Judge, table: Table, event: Event, desk: Desk, person: str) -> List[Decider]:
    """Return what a person decided in this round, nothing where a waiver lets him sit at two desks of a small unit (S12)."""
    mine = [each for each in table.deciders if person in (each.person, each.behalf)]
    if mine and person == event.person and desk.stage == "unit_review" and all(each.level.partition("_")[0] == "unit" for each in mine):
        return [] if judge.posts.waived(person, table.unit, table.department, event.at) else mine
    return mine


def vouches(judge: Judge, table: Table, event: Event, desk: Desk) -> str:
    """Return what keeps a person from vouching for what others decide at a desk: S1 where he filed, S2 where he decided elsewhere."""
    if event.person in table.authors or event.person in (table.owner, table.submitter):
        return "S1"
    return "S2" if any(each.level != desk.level for each in decided_before(judge, table, event, desk, event.person)) else ""


def check_segregation_in_mending(judge: Judge, table: Table, event: Event, desk: Desk, person: str, field: str) -> None:
    """Who filed the self-evaluation or reported the rectification does not look at it; levels do not count there."""
    filed = table.evaluation["filed_by"] if table.evaluation is not None and desk.stage == "self_evaluation" else None
    found = mending_named(table, desk.node.partition(":")[2])
    if filed == person:
        judge.blame("segregation", "S5", event, field, person)
    if found["done_by"] == person:
        judge.blame("segregation", "S6", event, field, person)
