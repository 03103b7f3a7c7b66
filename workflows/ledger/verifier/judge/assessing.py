"""Evaluations of finance and departments: their scores, recommendations and what came of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Dict, Optional

from workflows.ledger.verifier.events.amounts import amount
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import shown_moment
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.named import day_to_come, recommendation_named
from workflows.ledger.verifier.judge.seats import check_office, check_post
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.powers import ADDRESSED, ENTERS_COMPONENTS, ORDERS_RECTIFICATION


def open_assessment(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """An evaluation is opened, or something recommended, by an office that filed nothing here; for a day to come."""
    check_office(judge, table, event, ORDERS_RECTIFICATION)
    if event.person in table.authors or event.person == table.owner:
        judge.blame("segregation", "S1", event, "actor.id", event.person)
    if not table.in_force or table.revision_number:
        raise Broken("step", "kind", event.kind, "table.replied")
    day_to_come(judge, event)
    if event.kind == "recommendation.made":
        expect(event, {"recommendation": f"s{len(table.recommendations) + 1}"})
        told = [each["evaluation"] for each in table.assessments] + [""]
        if event.data["to"] not in ADDRESSED or event.data["evaluation"] not in told:
            judge.blame("steps", "value", event, "data.to", event.data["to"], " ".join(ADDRESSED))
        return []
    sort = "department" if event.role == "department_finance" else "finance"
    expect(event, {"evaluation": f"e{len(table.assessments) + 1}", "sort": sort})
    if any(not each["reported_by"] and each["organ"] == event.organ for each in table.assessments):
        judge.blame("steps", "step", event, "kind", event.kind, "evaluation.reported")
    return []


def apply_assessment(judge: Judge, table: Table, event: Event) -> None:
    """An evaluation of the table was begun."""
    data = event.data
    table.assessments = [*table.assessments, {
        "evaluation": data["evaluation"], "sort": data["sort"], "deadline": data["deadline"], "reason": judge.word(data["reason"]),
        "by": event.person, "role": event.role, "organ": event.organ, "score": "", "grade": "", "attachment": "", "opinion": "",
        "reported_by": "",
    }]  # fmt: skip


def apply_recommended(judge: Judge, table: Table, event: Event) -> None:
    """A recommendation is made, to an organ, with a day."""
    told = {name: event.data[name] for name in ("recommendation", "evaluation", "to", "deadline")}
    table.recommendations = [*table.recommendations, {
        **told, "words": judge.word(event.data["words"]), "by": event.person, "state": "made", "answer": "", "answered_by": "",
        "report": "", "attachment": "",
    }]  # fmt: skip


def apply_assessed(judge: Judge, table: Table, event: Event) -> None:
    """A report comes from the office that opened the evaluation, with a score and the grade that the pack gives it."""
    data = event.data
    found = next((each for each in table.assessments if each["evaluation"] == data["evaluation"] and not each["reported_by"]), None)
    if found is None:
        raise Broken("step", "data.evaluation", data["evaluation"], "an evaluation that is not reported")
    if (event.role, event.organ) != (found["role"], found["organ"]):
        judge.blame("posts", "person", event, "actor.role", event.role, found["role"])
    check_post(judge, event)
    if event.person in table.authors or event.person == table.owner:
        judge.blame("segregation", "S1", event, "actor.id", event.person)
    score = amount(data["score"])
    if score is None or not 0 <= score <= 100:
        raise Broken("step", "data.score", data["score"], "0 to 100")
    bands = judge.pack(table, event)["bands"]["grades"]
    grade = next((band["grade"] for band in bands if score >= Decimal(band["from"])), None)
    if data["grade"] != grade:
        judge.blame("steps", "value", event, "data.grade", data["grade"], str(grade))
    found.update({name: data[name] for name in ("score", "grade", "attachment")}, opinion=judge.word(data["opinion"]), reported_by=event.person)


def open_recommendation_answered(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """Whom it was made to answers it, and not the person who made it."""
    found = recommendation_named(table, event, "made")
    check_office(judge, table, event, ADDRESSED[found["to"]])
    if event.person == found["by"]:
        judge.blame("segregation", "S1", event, "actor.id", event.person)
    return []


def apply_recommendation_answered(judge: Judge, table: Table, event: Event) -> None:
    """A recommendation was accepted or rejected, with a word."""
    adopted = event.kind == "recommendation.accepted"
    word = judge.word(event.data["opinion" if adopted else "reason"])
    recommendation_named(table, event, "made").update(state="accepted" if adopted else "rejected", answer=word, answered_by=event.person)


def open_implemented(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A recommendation is carried out; whose it is to say so is checked with what it does."""
    return []


def apply_implemented(judge: Judge, table: Table, event: Event) -> None:
    """An adopted recommendation was carried out by whom it was made to; the clerk in charge may say so too."""
    found = recommendation_named(table, event, "accepted")
    clerk = (("clerk", "unit"),) if found["to"] == "unit" and event.person == table.owner else ()
    check_office(judge, table, event, (*ADDRESSED[found["to"]], *clerk))
    check_proved(judge, table, event, allow_none=True)
    found.update(state="implemented", report=judge.word(event.data["report"]), attachment=event.data["attachment"])


def check_proved(judge: Judge, table: Table, event: Event, *, allow_none: bool = False) -> None:
    """The file that an event names came in the same command."""
    wanted = derived(table.id, f"attachment:{event.command}")
    if event.data["attachment"] != wanted and not (allow_none and event.data["attachment"] == ""):
        judge.blame("steps", "value", event, "data.attachment", event.data["attachment"], wanted)


def apply_component(judge: Judge, table: Table, event: Event) -> None:
    """Components stand on a table of overall spending, are entered by its finance, and the pack knows their ratio."""
    data = event.data
    check_office(judge, table, event, ENTERS_COMPONENTS)
    if table.scope not in ("unit", "department") or not table.in_force:
        raise Broken("step", "kind", event.kind, "a table of overall spending in force")
    names = [each["name"] for each in judge.pack(table, event).get("unit_loop", {}).get("imported", ())]
    if data["indicator"] not in names:
        judge.blame("steps", "value", event, "data.indicator", data["indicator"], " ".join(names))
    above, below = amount(data["numerator"]), amount(data["denominator"])
    if above is None or below is None or above < 0 or below <= 0:
        judge.blame("steps", "value", event, "data.numerator", data["numerator"], f"over {data['denominator']}")
    told = {name: data[name] for name in ("indicator", "numerator", "denominator", "counted_in", "attachment")}
    table.components = [*table.components, {**told, "note": judge.word(data["note"]), "by": event.person, "at": shown_moment(event.at)}]


ASSESSING_OPENERS: Dict[str, Opener] = {
    "evaluation.opened": open_assessment,
    "recommendation.made": open_assessment,
    "recommendation.accepted": open_recommendation_answered,
    "recommendation.rejected": open_recommendation_answered,
    "recommendation.implemented": open_implemented,
}
ASSESSING_EFFECTS: Dict[str, Effect] = {
    "evaluation.opened": apply_assessment,
    "evaluation.reported": apply_assessed,
    "recommendation.made": apply_recommended,
    "recommendation.accepted": apply_recommendation_answered,
    "recommendation.rejected": apply_recommendation_answered,
    "recommendation.implemented": apply_implemented,
    "component.recorded": apply_component,
}
