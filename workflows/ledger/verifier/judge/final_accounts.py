"""The approval of a department's final accounts, put right by two persons, and the terms that run from it."""

from __future__ import annotations

from typing import Dict

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.evidence.moments import beijing_day, is_day
from workflows.ledger.verifier.judge.judge import Beside, Judge
from workflows.ledger.verifier.judge.seats import check_post, check_signed_under
from workflows.ledger.verifier.law.powers import ACCOUNTS


def judge_accounts(judge: Judge, event: Event) -> None:
    """The budget section says once for a department and a year when its final accounts were approved; terms run from that day."""
    check_signed_under(judge, event, "finance_budget", event.data["bureau"])
    if event.stream != own_stream(event) or event.place.version != 1:
        judge.blame("steps", "value", event, "stream", event.stream, "once")
    accounts_terms(judge, event)


def own_stream(event: Event) -> str:
    """The only stream on which a department's final accounts of a year may stand."""
    return derived(ACCOUNTS, f"{event.data['department']}#{event.data['year']}")


def check_whose(judge: Judge, event: Event) -> None:
    """What puts an approval right is about the same department, year and bureau as the approval."""
    kept, bureau = judge.settled.get(event.stream), event.data["bureau"]
    if event.stream != own_stream(event):
        judge.blame("steps", "value", event, "stream", event.stream, own_stream(event))
    if kept is not None and kept["bureau"] != bureau:
        judge.blame("steps", "value", event, "data.bureau", bureau, kept["bureau"])


def judge_accounts_amiss(judge: Judge, event: Event) -> None:
    """The budget section asks that an approval of final accounts read otherwise than it does now."""
    data, kept = event.data, judge.settled.get(event.stream)
    check_signed_under(judge, event, "finance_budget", data["bureau"])
    check_whose(judge, event)
    if kept is None or kept["now"] != (data["instead_of"], data["instead_of_no"], data["instead_of_congress"]):
        judge.blame("steps", "value", event, "data.instead_of", data["instead_of"], kept["now"][0] if kept else "accounts.approved")
        return
    wanted = tuple(data[name] for name in ("approved_on", "doc_no", "congress_on"))
    kept["asked"] = (event.command, wanted, {event.person, event.behalf} - {""})


def judge_accounts_corrected(judge: Judge, event: Event) -> None:
    """Another of the budget section, or the bureau's leader, agrees to exactly what was asked for last; the terms follow."""
    data, kept = event.data, judge.settled.get(event.stream)
    if event.role not in ("finance_budget", "finance_leader") or event.organ != data["bureau"]:
        judge.blame("posts", "person", event, "actor.role", event.role, f"finance_budget finance_leader {data['bureau']}")
    check_post(judge, event)
    check_whose(judge, event)
    command, wanted, people = (kept or {}).get("asked", ("", None, set()))
    seen = tuple(data[name] for name in ("approved_on", "doc_no", "congress_on"))
    if kept is None or (data["asked"], seen, data["instead_of"]) != (command, wanted, kept["now"][0]):
        judge.blame("steps", "value", event, "data.asked", data["asked"], command or "accounts.correction_asked")
        return
    if people & {event.person, event.behalf}:
        judge.blame("segregation", "S10", event, "actor.id", event.person)
    accounts_terms(judge, event)


def accounts_terms(judge: Judge, event: Event) -> None:
    """The days of an approval of final accounts can be, and disclosure is due by the last one recorded."""
    data = event.data
    now = tuple(data[name] for name in ("approved_on", "doc_no", "congress_on"))
    judge.settled[event.stream] = {"now": now, "bureau": data["bureau"]}
    days = [data[name] for name in ("approved_on", "pass_on_due", "disclose_due")]
    asked = [data[name] for name in ("congress_on", "finance_due") if data[name]]
    if not all(map(is_day, days + asked)) or len(asked) == 1:
        judge.blame("steps", "value", event, "data.approved_on", " ".join(days + asked), "days")
    elif not (asked[:1] or days[:1])[0] <= days[0] <= beijing_day(event.at) or min(days[1:]) <= days[0]:
        judge.blame("steps", "value", event, "data.approved_on", days[0], f"<= {beijing_day(event.at)}")
    judge.accounts[data["department"], data["year"]] = data["disclose_due"]


FINAL_ACCOUNTS_BESIDE: Dict[str, Beside] = {
    "accounts.approved": judge_accounts,
    "accounts.correction_asked": judge_accounts_amiss,
    "accounts.corrected": judge_accounts_corrected,
}
