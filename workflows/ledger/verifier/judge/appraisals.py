"""Appraisals before the budget: filed, checked or waived before a table may come in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Dict, Optional

from workflows.ledger.verifier.events.amounts import rounded
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import shown_moment
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import check_number, check_pack_named, expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.named import appraisal_named
from workflows.ledger.verifier.judge.seats import check_owner, check_post, check_signed_under
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.judge.ways import inputs_of
from workflows.ledger.verifier.law.limits import GRADES, SHORTEST_REASON
from workflows.ledger.verifier.law.powers import SUPPORT, WAIVES_APPRAISALS


def sheet_of_appraisals(judge: Judge, table: Table, event: Event) -> Dict[str, Any]:
    """Return the appraisal sheet of the pack that the table is pinned to; an event about appraisals needs one."""
    found = judge.pack(table, event).get("appraisal")
    if not isinstance(found, dict):
        raise Broken("step", "kind", event.kind, "a pack with an appraisal sheet")
    return found


def open_appraised(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The clerk files an appraisal of a new project: every item graded, a result no better than the total, a report that is there."""
    data, sheet = event.data, sheet_of_appraisals(judge, table, event)
    check_owner(judge, table, event)
    check_signed_under(judge, event, "clerk", table.unit)
    expect(event, {"appraisal": event.command})
    check_pack_named(table, event)
    points = {item["code"]: Decimal(item["points"]) for aspect in sheet["aspects"] for item in aspect["items"]}
    if data["items"].keys() != points.keys() or not set(data["items"].values()) <= set(GRADES):
        raise Broken("value", "data.items", " ".join(sorted(data["items"])), " ".join(sorted(points)))
    total = sum((points[code] * Decimal(sheet["shares"][grade]) / 100 for code, grade in data["items"].items()), Decimal(0))
    check_number(judge, event, "total", rounded(total))
    allowed = [band["result"] for band in sheet["bands"] if total >= Decimal(band["from"])]
    if data["result"] not in allowed:
        judge.blame("steps", "value", event, "data.result", data["result"], f"<= {total}")
    if data["attachment"] not in {each["attachment"] for each in table.attachments}:
        raise Broken("step", "data.attachment", data["attachment"], "an attachment of the table")
    if table.source and table.origin == "revision":
        judge.blame("steps", "step", event, "kind", event.kind, "a new project")
    return []


def apply_appraised(judge: Judge, table: Table, event: Event) -> None:
    """An appraisal lies with the table."""
    data = event.data
    told = {name: data[name] for name in ("appraisal", "result", "total", "items", "amount", "attachment")}
    table.appraisal = {
        **told, "opinion": judge.word(data["opinion"]), "by": event.person, "name": event.name, "at": shown_moment(event.at),
        "state": "filed", "checked_by": "", "answer": "", "doc_no": "", "waived_by": "",
    }  # fmt: skip


def open_appraisal_checked(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The department's finance office says once whether it agrees, never somebody who filed the table."""
    found, outcome = appraisal_named(table, event), event.data["outcome"]
    check_signed_under(judge, event, "department_finance", table.department)
    if found["state"] != "filed":
        raise Broken("step", "data.appraisal", found["state"], "filed")
    if event.person in table.authors:
        judge.blame("segregation", "S1", event, "actor.id", event.person)
    if outcome not in ("pass", "return"):
        raise Broken("value", "data.outcome", outcome, "pass, return")
    word = judge.word(event.data["opinion"])
    if outcome == "return" and type(word) is str and len(word.strip()) < SHORTEST_REASON:
        judge.blame("steps", "value", event, "data.opinion", word, f">= {SHORTEST_REASON}")
    return []


def apply_appraisal_checked(judge: Judge, table: Table, event: Event) -> None:
    """The appraisal was confirmed, or sent back with an answer."""
    state = "confirmed" if event.data["outcome"] == "pass" else "returned"
    table.appraisal = {**(table.appraisal or {}), "state": state, "checked_by": event.person, "answer": judge.word(event.data["opinion"])}


def open_appraisal_waived(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The bureau lets a project in by a document with a number, where its appraisal does not."""
    found = appraisal_named(table, event)
    check_post(judge, event)
    if event.role not in WAIVES_APPRAISALS or event.organ != table.bureau:
        judge.blame("posts", "person", event, "actor.role", event.role, " ".join(WAIVES_APPRAISALS))
    if found["doc_no"] or (found["state"], found["result"]) == ("confirmed", SUPPORT[0]):
        judge.blame("steps", "step", event, "kind", event.kind, "an appraisal that falls short")
    if not event.data["doc_no"].strip():
        judge.blame("steps", "value", event, "data.doc_no", "", "a number")
    return []


def apply_appraisal_waived(judge: Judge, table: Table, event: Event) -> None:
    """The table may come in without an appraisal, under a document number."""
    table.appraisal = {**(table.appraisal or {}), "doc_no": event.data["doc_no"], "waived_by": event.person}


def check_appraised(judge: Judge, table: Table, event: Event) -> None:
    """A new project of the pack's amount is handed in with a confirmed, positive appraisal of that amount, or by document."""
    rules = judge.pack(table, event).get("appraisal")
    if not isinstance(rules, dict) or table.origin == "revision":
        return
    said, found = inputs_of(judge, table, event.data["content_hash"], event), table.appraisal or {}
    new, total = any(word in said["属性"] for word in rules["new_words"]), said["金额"]
    if not new or total is None or total < Decimal(rules["threshold"]) or found.get("doc_no"):
        return
    filed = {each["attachment"] for each in table.attachments}
    positive = (found.get("state"), found.get("result")) == ("confirmed", SUPPORT[0]) and found["attachment"] in filed
    if not positive or not found["amount"] or total > Decimal(found["amount"]):
        judge.blame("steps", "step", event, "kind", event.kind, "appraisal.checked")


APPRAISALS_OPENERS: Dict[str, Opener] = {
    "appraisal.filed": open_appraised,
    "appraisal.checked": open_appraisal_checked,
    "appraisal.waived": open_appraisal_waived,
}
APPRAISALS_EFFECTS: Dict[str, Effect] = {
    "appraisal.filed": apply_appraised,
    "appraisal.checked": apply_appraisal_checked,
    "appraisal.waived": apply_appraisal_waived,
}
