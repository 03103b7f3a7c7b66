"""Files at a table: put, taken back, held, and erased by two persons."""

from __future__ import annotations

from typing import Dict, Optional

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.named import attachment_named
from workflows.ledger.verifier.judge.seats import at_filing_desk, check_guardian, check_post
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.limits import ERASED
from workflows.ledger.verifier.law.powers import PROVED
from workflows.ledger.verifier.law.stages import REVIEWS


def open_attached(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A file is put to a table: at a filing desk, or as the proof of a step that lets it."""
    expect(event, {"attachment": derived(table.id, f"attachment:{event.command}")})
    purpose, _, key = event.data["for_step"].partition(":")
    if purpose in PROVED and table.stage not in REVIEWS:
        kind, field = PROVED[purpose]
        return [(kind, {"attachment": event.data["attachment"], field: key})]
    if table.stage in REVIEWS:
        check_post(judge, event)
        paper = {"request": event.command, "attachment": event.data["attachment"], "node": event.data["for_step"]}
        return [("paper.entered", paper), ("confirmation.requested", {"request": event.command, "action": "enter_paper"})]
    at_filing_desk(judge, table, event, table.desk(event.data["for_step"]))
    return []


def open_taken_back(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A file is taken back at the desk at which it was put."""
    present = attachment_named(table, event)
    at_filing_desk(judge, table, event, table.desk(present["for_step"]))
    return []


def open_erased(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """An erasure carries out a request of another person; the files among its targets are marked with it."""
    data = event.data
    check_guardian(judge, table, event)
    if event.person == table.owner or event.person in table.authors:
        judge.blame("segregation", "S1", event, "actor.id", event.person)
    asked = judge.erasures.get(data["request"])
    if judge.bundle.whole and asked != (table.id, tuple(data["targets"]), data["ground"], data["asked_by"]):
        judge.blame("segregation", "S10", event, "data.request", event.person)
    return [
        ("attachment.redacted", {"attachment": each["attachment"], "request": data["request"]})
        for each in table.attachments if each["commitment"] in data["targets"] and not each["erased"]
    ]  # fmt: skip


def open_hold(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A guardian of the record holds it against erasure, or lets it go."""
    check_guardian(judge, table, event)
    if table.held == (event.kind == "hold.placed"):
        raise Broken("step", "kind", event.kind, "held" if table.held else "not held")
    return []


def apply_attached(judge: Judge, table: Table, event: Event) -> None:
    """A file lies with the table."""
    data = event.data
    table.attachments = [*table.attachments, {**data, "name": judge.word(data["name"]), "by": event.person, "erased": False}]


def apply_taken_back(judge: Judge, table: Table, event: Event) -> None:
    """A file lies with the table no more."""
    table.attachments = [each for each in table.attachments if each["attachment"] != event.data["attachment"]]


def apply_redacted(judge: Judge, table: Table, event: Event) -> None:
    """A file's name and bytes are gone; its place stays."""
    for each in table.attachments:
        if each["attachment"] == event.data["attachment"]:
            each.update(name=ERASED, erased=True)


def apply_hold(judge: Judge, table: Table, event: Event) -> None:
    """The record is held, or not any more."""
    table.held = event.kind == "hold.placed"


def judge_erasure(judge: Judge, event: Event) -> None:
    """A request for an erasure waits for its second person until it is confirmed or declined."""
    data, table = event.data, judge.tables.get(event.data["table"])
    if table is not None and table.stage:
        check_guardian(judge, table, event)
    elif judge.bundle.whole:
        judge.blame("steps", "value", event, "data.table", data["table"], "a table")
    if event.kind == "erasure.requested":
        targets = tuple(target.get("commitment") for target in data["targets"])
        judge.erasures[event.stream] = (data["table"], targets, data["ground"], event.person)
    elif judge.erasures.pop(event.stream, ("",))[0] != data["table"]:
        judge.blame("steps", "step", event, "kind", event.kind, "erasure.requested")


ATTACHMENTS_OPENERS: Dict[str, Opener] = {
    "attachment.added": open_attached,
    "attachment.withdrawn": open_taken_back,
    "payload.erased": open_erased,
    "hold.placed": open_hold,
    "hold.lifted": open_hold,
}
ATTACHMENTS_EFFECTS: Dict[str, Effect] = {
    "attachment.added": apply_attached,
    "attachment.withdrawn": apply_taken_back,
    "attachment.redacted": apply_redacted,
    "hold.placed": apply_hold,
    "hold.lifted": apply_hold,
}
