"""The reply is passed on, the budget approved and corrected, each within its days."""

from __future__ import annotations

from typing import Dict, Optional

from workflows.ledger.verifier.events.amounts import amount
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import BUDGETS, derived
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import beijing_day, days_on
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.judge import Beside, Effect, Judge, Opener
from workflows.ledger.verifier.judge.seats import check_post, check_signed_under, stands_in
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.judge.ways import inputs_of
from workflows.ledger.verifier.law.limits import REST_DAYS


def open_passed_on(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The department's finance office passes a reply on once, of what is in force, to a unit below it; who filed it does not."""
    data = event.data
    check_signed_under(judge, event, "department_finance", table.department)
    if event.behalf:
        stands_in(judge, table, event, "pass_on")
    if {event.person, event.behalf} & {*table.authors, table.owner}:
        judge.blame("segregation", "S1", event, "actor.id", event.person)
    if not table.in_force or data["content_hash"] != table.in_force:
        raise Broken("content", "data.content_hash", data["content_hash"], str(table.in_force))
    if table.origin == "revision" or table.unit == table.department or (table.replied or {}).get("passed_on"):
        raise Broken("step", "kind", event.kind, "a reply not passed on yet")
    if not str(data["doc_no"]).strip():
        judge.blame("steps", "value", event, "data.doc_no", data["doc_no"], "a number")
    found = inputs_of(judge, table, table.in_force, event)["金额"]
    if (None if data["amount"] is None else amount(data["amount"])) != found:
        judge.blame("steps", "value", event, "data.amount", data["amount"], found)
    return []


def apply_passed_on(judge: Judge, table: Table, event: Event) -> None:
    """The reply was passed on."""
    data = event.data
    before = table.replied or dict.fromkeys(("reply", "on", "pass_on_due", "disclose_due"), "")
    table.replied = {**before, "passed_on": beijing_day(event.at), "doc_no": data["doc_no"], "document": data["document"]}
    row = {"table": table.id, "unit": table.unit, "content_hash": data["content_hash"], "amount": data["amount"]}
    said = (data["doc_no"], table.bureau, table.department, event.command, event.person, event.role, event.organ, event.behalf)
    judge.passings.setdefault(data["document"], {})[table.id] = (row, event.command, event.place, said)


def judge_passing(judge: Judge, event: Event) -> None:
    """A document names exactly the tables that were passed on under it, each with its hash and frozen amount."""
    data, told = event.data, judge.passings.pop(event.stream, {})
    check_signed_under(judge, event, "department_finance", data["department"])
    said = (data["doc_no"], data["bureau"], data["department"], event.command, event.person, event.role, event.organ, event.behalf)
    named = {str(row.get("table")): row for row in data["tables"]}
    if not named or len(named) != len(data["tables"]) or (event.place.version or 0) != 1:
        judge.blame("steps", "reply", event, "data.tables", len(data["tables"]))
    for table, (row, _, _, there) in told.items():
        if named.get(table) != row or there != said:
            judge.blame("steps", "reply", event, "data.tables", table)
    missing = sorted(set(named) - set(told))
    if missing and (judge.bundle.whole or set(missing) & set(judge.tables)):
        judge.blame("steps", "reply", event, "data.tables", missing[0])


def judge_budget(judge: Judge, event: Event) -> None:
    """The budget section says once for its bureau and a year when the congress approved; the term is counted from that day."""
    data = event.data
    check_signed_under(judge, event, "finance_budget", data["bureau"])
    if event.stream != derived(BUDGETS, f"{data['bureau']}#{data['year']}") or event.place.version != 1:
        judge.blame("steps", "value", event, "stream", event.stream, "once")
    judge.budgets[event.stream] = {"now": (data["approved_on"], data["doc_no"])}
    finance_has_its_days(judge, event)


def judge_budget_amiss(judge: Judge, event: Event) -> None:
    """The budget section asks that the congress's day or number read otherwise than it does now."""
    data, kept = event.data, judge.budgets.get(event.stream)
    check_signed_under(judge, event, "finance_budget", data["bureau"])
    stands = kept is not None and event.stream == derived(BUDGETS, f"{data['bureau']}#{data['year']}")
    if kept is None or not stands or kept["now"] != (data["instead_of"], data["instead_of_no"]):
        judge.blame("steps", "value", event, "data.instead_of", data["instead_of"], kept["now"][0] if kept else "budget.approved")
        return
    kept["asked"] = (event.command, (data["approved_on"], data["doc_no"]), {event.person, event.behalf} - {""})


def judge_budget_corrected(judge: Judge, event: Event) -> None:
    """Another of the budget section, or the bureau's leader, agrees to exactly what was asked for last."""
    data, kept = event.data, judge.budgets.get(event.stream)
    if event.role not in ("finance_budget", "finance_leader") or event.organ != data["bureau"]:
        judge.blame("posts", "person", event, "actor.role", event.role, f"finance_budget finance_leader {data['bureau']}")
    check_post(judge, event)
    if event.stream != derived(BUDGETS, f"{data['bureau']}#{data['year']}"):
        judge.blame("steps", "value", event, "stream", event.stream, f"{data['bureau']} {data['year']}")
    command, wanted, people = (kept or {}).get("asked", ("", None, set()))
    if kept is None or (data["asked"], (data["approved_on"], data["doc_no"]), data["instead_of"]) != (command, wanted, kept["now"][0]):
        judge.blame("steps", "value", event, "data.asked", data["asked"], command or "budget.correction_asked")
        return
    if people & {event.person, event.behalf}:
        judge.blame("segregation", "S10", event, "actor.id", event.person)
    judge.budgets[event.stream] = {"now": wanted}
    finance_has_its_days(judge, event)


def finance_has_its_days(judge: Judge, event: Event) -> None:
    """The congress's day is past, and finance's last day follows from it."""
    data = event.data
    try:
        wanted = days_on(data["approved_on"], data["days"])
    except ValueError:
        judge.blame("steps", "value", event, "data.approved_on", data["approved_on"], "a day")
        return
    if data["approved_on"] > beijing_day(event.at):
        judge.blame("steps", "value", event, "data.approved_on", data["approved_on"], f"<= {beijing_day(event.at)}")
    if not wanted <= data["due"] <= days_on(wanted, REST_DAYS):
        judge.blame("steps", "value", event, "data.due", data["due"], wanted)


def no_table_passed_on_without_its_document(judge: Judge) -> None:
    """Every table that says its reply was passed on is named by that document's own event."""
    for document, told in judge.passings.items():
        place = min((place for _, _, place, _ in told.values()), key=lambda place: place.event or 0)
        judge.report.add("steps", "reply", place, "data.document", document)


PASSING_ON_OPENERS: Dict[str, Opener] = {
    "table.passed_on": open_passed_on,
}
PASSING_ON_EFFECTS: Dict[str, Effect] = {
    "table.passed_on": apply_passed_on,
}
PASSING_ON_BESIDE: Dict[str, Beside] = {
    "reply.passed_on": judge_passing,
    "budget.approved": judge_budget,
    "budget.correction_asked": judge_budget_amiss,
    "budget.corrected": judge_budget_corrected,
}
