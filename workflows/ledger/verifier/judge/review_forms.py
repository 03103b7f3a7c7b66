"""Review forms: the scores a reviewer gives, and what their grade lets him decide."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Dict, Optional, Set

from workflows.ledger.verifier.events.amounts import is_points
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import shown_moment
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import check_pack_named, expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.limits import GRADE_ALLOWS, GRADES


def check_grade_allows(judge: Judge, table: Table, event: Event, desk: Desk, outcome: str) -> None:
    """The node's review form allows this; the definition may demand one; nobody decides while the unit is asked."""
    grade = table.grade(desk.node)
    demanded = outcome != "return" and judge.definition(table).named(desk.node).review
    if (grade and grade not in GRADE_ALLOWS[outcome]) or (not grade and (demanded or outcome == "amend")):
        judge.blame("steps", "step", event, "data.node", f"{desk.node} {grade or 'no review.scored'}", " ".join(GRADE_ALLOWS[outcome]))
    if table.amendment is not None and outcome != "return":
        judge.blame("steps", "step", event, "kind", event.kind, "amendment.confirmed, amendment.rejected")


def check_amender(judge: Judge, table: Table, event: Event, desk: Desk, outcome: str, people: Set[str]) -> None:
    """S3: who completed a content does not pass that node alone, and decides at no other one of the round."""
    people = people - {""}
    for each in table.amended:
        if each["round"] != table.round or not people & {each["person"], each.get("behalf")}:
            continue
        others = any(vote.node == desk.node and vote.outcome == "pass" and vote.content_hash == table.content_hash
                     and not people & {vote.person, vote.behalf} for vote in table.votes)  # fmt: skip
        if each["node"] != desk.node or (outcome == "pass" and not others):
            judge.blame("segregation", "S3", event, "actor.id", event.person, f"another than {each['person']}")


def open_scored(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A reviewer fills the form in at his desk: every item, inside its points; total and grade follow from them."""
    data, form = event.data, judge.form(table, event)
    if desk is None or desk.node == "reply":
        raise Broken("step", "data.node", data["node"], "a reviewing desk")
    expect(event, {"task": desk.task, "round": table.round, "content_hash": table.content_hash})
    check_pack_named(table, event)
    check_amender(judge, table, event, desk, "review", {event.person, event.behalf})
    if table.amendment is not None:
        judge.blame("steps", "step", event, "kind", event.kind, "amendment.confirmed, amendment.rejected")
    points = {item["code"]: Decimal(item["points"]) for group in form["criteria"] for item in group["items"]}
    said = {"scored": "points", "qualitative": "grade"}.get(data["mode"])
    right = data["items"].keys() == points.keys() and all(
        type(item) is dict and item.keys() == {said, "comment"} and type(item["comment"]) is str for item in data["items"].values()
    )  # fmt: skip
    if not right:
        raise Broken("value", "data.items", " ".join(sorted(data["items"])), " ".join(sorted(points)))
    check_form(judge, table, event, form, points)
    return []


def check_form(judge: Judge, table: Table, event: Event, form: Dict[str, Any], points: Dict[str, Decimal]) -> None:
    """The total is the sum of the items, the grade its band; in the qualitative mode it lies between worst and best."""
    data = event.data
    if data["mode"] == "scored":
        given = {code: item["points"] for code, item in data["items"].items()}
        wrong = next((code for code, text in given.items() if not is_points(text, points[code])), None)
        if wrong is not None:
            raise Broken("value", f"data.items.{wrong}", given[wrong], f"0–{points[wrong]}")
        total = sum((Decimal(text) for text in given.values()), Decimal(0))
        grades = [next((band["grade"] for band in form["bands"] if total >= Decimal(band["from"])), "")]
    else:
        graded = {code: item["grade"] for code, item in data["items"].items()}
        if not set(graded.values()) <= set(GRADES):
            raise Broken("value", "data.items", " ".join(map(str, graded.values())), " ".join(GRADES))
        total = sum((points[code] * Decimal(form["shares"][grade]) / 100 for code, grade in graded.items()), Decimal(0))
        order = sorted(map(GRADES.index, graded.values()))
        grades = list(GRADES[order[0]:order[-1] + 1])
        if judge.sheet(table.content_hash, event).key or table.key_by not in ("", data["node"]):
            judge.blame("steps", "value", event, "data.mode", data["mode"], "scored")
    wanted = str(total.quantize(Decimal(1).scaleb(-form["places"]), ROUND_HALF_UP))
    for field, seen, right in (("total", data["total"], [wanted]), ("grade", data["grade"], grades)):
        if seen not in right:
            judge.blame("steps", "value", event, f"data.{field}", seen, " ".join(right))


def apply_scored(judge: Judge, table: Table, event: Event) -> None:
    """A review form stands for this content, in place of the same person's one before."""
    data, desk = event.data, table.task(event.data["task"])
    told = {name: data[name] for name in ("node", "round", "mode", "items", "total", "grade", "content_hash")}
    mine = (data["node"], event.person, data["round"])
    table.reviews = [each for each in table.reviews if (each["node"], each["person"], each["round"]) != mine] + [{
        **told, "level": desk.level if desk else "", "person": event.person, "name": event.name, "opinion": judge.word(data["opinion"]),
        "at": shown_moment(event.at), **({"behalf": event.behalf} if event.behalf else {}),
    }]  # fmt: skip
    if data["mode"] == "scored":
        table.key_by = table.key_by or data["node"]
    elif table.key_by == data["node"]:
        table.key_by = ""


REVIEW_FORMS_OPENERS: Dict[str, Opener] = {
    "review.scored": open_scored,
}
REVIEW_FORMS_EFFECTS: Dict[str, Effect] = {
    "review.scored": apply_scored,
}
