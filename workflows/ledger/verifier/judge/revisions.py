"""An approved table is revised: proposed, approved with its new plan, or given up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Dict, Optional

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.events.sheets import shared
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import beijing_day
from workflows.ledger.verifier.judge.desks import Desk, Todo, Window
from workflows.ledger.verifier.judge.expecting import expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.named import check_none_open
from workflows.ledger.verifier.judge.seats import check_owner, check_signed_under
from workflows.ledger.verifier.judge.table import Table, last_place
from workflows.ledger.verifier.judge.terms import check_pass_on
from workflows.ledger.verifier.law.limits import TRIGGERS
from workflows.ledger.verifier.law.plans import plan_of


def open_revision(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The clerk in charge opens one revision at a time of the version in force, not after the pack's cut-off."""
    data, number = event.data, table.revisions + 1
    check_signed_under(judge, event, "clerk", table.unit)
    check_owner(judge, table, event)
    check_none_open(table, event)
    expect(event, {"revision": derived(table.id, f"revision#{number}"), "number": number, "base": table.in_force})
    if table.in_force != table.content_hash or data["trigger"] not in TRIGGERS:
        raise Broken("step", "data.trigger", data["trigger"], " ".join(TRIGGERS))
    last = judge.pack(table, event).get("adjustment")
    if last is not None and beijing_day(event.at) > f"{table.year}-{last['cut_off']}":
        judge.blame("steps", "value", event, "at", event.at, f"<= {table.year}-{last['cut_off']}")
    return []


def open_late_revision(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """After the cut-off the performance section asks for a revision of the version in force; the leader has to confirm."""
    data = event.data
    check_signed_under(judge, event, "finance_performance", table.bureau)
    check_none_open(table, event)
    expect(event, {"request": event.command, "number": table.revisions + 1, "base": table.in_force})
    if table.in_force != table.content_hash or data["trigger"] not in TRIGGERS:
        raise Broken("step", "data.trigger", data["trigger"], " ".join(TRIGGERS))
    last = judge.pack(table, event).get("adjustment")
    if last is None or beijing_day(event.at) <= f"{table.year}-{last['cut_off']}":
        judge.blame("steps", "value", event, "at", event.at, f"> {table.year}-{last['cut_off']}" if last else "a cut-off")
    return [("confirmation.requested", {"request": event.command, "action": "adjust_late"})]


def apply_revision_opened(judge: Judge, table: Table, event: Event) -> None:
    """A revision of the table is under way, on a table of its own."""
    table.revision, table.revisions = shared(event.data["revision"]), event.data["number"]
    if event.role == "finance_leader":
        table.late_revisions = [*table.late_revisions, event.data["number"]]
    judge.begun[table.revision] = event.command


def revised_by(judge: Judge, table: Table, event: Event) -> Dict[str, Any]:
    """Return what the reply to a revision says: it rests on what is in force, and counts from the same day."""
    revised = judge.tables.get(table.source)
    if revised is None or revised.revision != table.id:
        raise Broken("step", "data.node", table.source, "revision.opened")
    return {
        "revision": table.id, "table": table.source, "number": table.revision_number, "base": revised.in_force,
        "content_hash": table.content_hash, "effective_from": beijing_day(event.at), "title": judge.sheet(table.content_hash, event).title,
    }  # fmt: skip


def open_approved(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """On the revised table stands the very fact that its revision's reply recorded."""
    check_answers_revision(judge, table, event, event.data)
    return []


def open_unrevised(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A revision ended without a reply: refused or ended by the bureau, or given up by the unit."""
    expect(event, {"revision": table.revision, "number": table.revisions})
    check_answers_revision(judge, table, event, event.kind)
    return []


def check_answers_revision(judge: Judge, table: Table, event: Event, said: Any) -> None:
    """The same person says on the revised table, in the same command, how its revision ended."""
    who = (event.command, event.person, event.role, event.organ, event.behalf, event.cover)
    revision, by, told, _ = judge.over.pop(table.id, ("", (), None, event.place))
    if revision != table.revision or not revision or (by, told) != (who, said):
        raise Broken("step", "data.revision", table.revision, f"the end of {revision or 'a revision'}")


def revision_over(judge: Judge, table: Table, event: Event, said: Any) -> None:
    """Remember on which table the end of this revision has to be told."""
    if table.source:
        who = (event.command, event.person, event.role, event.organ, event.behalf, event.cover)
        judge.over[table.source] = (table.id, who, said, event.place)


def apply_revision_approved(judge: Judge, table: Table, event: Event) -> None:
    """The revision is over, and what it says is in force from its day."""
    data = event.data
    if table.source:
        table.stage, table.doc_no, table.votes, table.deciders, table.passed_over = "closed", data["doc_no"], [], [], []
        table.trails = {}
        check_later_plan(judge, table, event)
        if event.shape > 1:
            terms = judge.pack(table, event).get("reply") if table.unit != table.department else None
            check_pass_on(judge, event, terms)
        revision_over(judge, table, event, data)
        return
    first = {"number": 0, "content_hash": data["base"], "effective_from": "", "doc_no": table.doc_no or "", "table": ""}
    new = {"number": data["number"], "content_hash": data["content_hash"], "effective_from": data["effective_from"],
           "doc_no": data["doc_no"], "table": data["revision"]}  # fmt: skip
    table.versions = [*(table.versions or [first]), new]
    table.content_hash = table.in_force = data["content_hash"]
    table.title, table.revision = shared(data["title"]), ""
    if data.get("pass_on_due"):
        before = table.replied or {}
        began = str(before.get("first_on") or before.get("on") or "")
        table.replied = {
            "reply": data["revision"], "on": data["effective_from"], "pass_on_due": data["pass_on_due"],
            "disclose_due": before.get("disclose_due", ""), "passed_on": "", "doc_no": "", "document": "",
            "revision": data["number"], **({"first_on": began} if began else {}),
        }  # fmt: skip
    table.windows = [*(each for each in table.windows if each.state != "planned"), *(Window(each) for each in data["windows"])]


def check_later_plan(judge: Judge, table: Table, event: Event) -> None:
    """The new plan holds the new content's checkpoints after every window that was opened, numbered onwards."""
    begun = [each for each in judge.tables[table.source].windows if each.state != "planned"]
    last = max((each.date for each in begun), default="")
    plan = [each for each in plan_of(judge.sheet(table.content_hash, event), judge.pack(table, event), table.year) if each[1] > last]
    wanted = [(f"w{number}", *each) for number, each in enumerate(plan, len(begun) + 1)]
    found = [
        (each["window"], each["name"], each["date"], None if each["planned_percent"] is None else Decimal(each["planned_percent"]))
        for each in event.data["windows"]
    ]  # fmt: skip
    if found != wanted:
        judge.blame("steps", "value", event, "data.windows", len(found), len(wanted))


def apply_revision_ended(judge: Judge, table: Table, event: Event) -> None:
    """No revision is under way any more."""
    table.revision = ""


def no_revision_without_its_end(judge: Judge) -> None:
    """What a revision became is told on the table that it revises, and an open one has its own table."""
    for revised, (revision, _, _, place) in judge.over.items():
        judge.report.add("steps", "unfinished", place, "data.table", revised, f"the end of {revision}")
    for table in judge.tables.values():
        if table.revision and table.revision not in judge.tables:
            judge.report.add("steps", "unfinished", last_place(table), "data.revision", table.revision, "table.created")


REVISIONS_OPENERS: Dict[str, Opener] = {
    "revision.asked": open_late_revision,
    "revision.opened": open_revision,
    "revision.approved": open_approved,
    "revision.refused": open_unrevised,
    "revision.abandoned": open_unrevised,
}
REVISIONS_EFFECTS: Dict[str, Effect] = {
    "revision.opened": apply_revision_opened,
    "revision.approved": apply_revision_approved,
    "revision.refused": apply_revision_ended,
    "revision.abandoned": apply_revision_ended,
}
