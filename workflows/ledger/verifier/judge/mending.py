"""Rectifications: ordered after a window or an evaluation, reported, and looked at."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

from workflows.ledger.verifier.events.amounts import amount
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import expect, left
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.named import at_its_desk, day_to_come, entering_beside, mending_named
from workflows.ledger.verifier.judge.seats import check_post
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.limits import CAUSES
from workflows.ledger.verifier.law.powers import MEASURES, ORDERS_RECTIFICATION


def mending_again(table: Table, event: Event, stage: str) -> Todo:
    """After all desks were left, what is still to be mended or looked at gets its desk again."""
    return [
        to_mend(table, event, each["rectification"], stage) if each["state"] == "ordered" else to_look(table, event, each, stage)
        for each in table.rectifications if each["state"] != "verified"
    ]  # fmt: skip


def to_mend(table: Table, event: Event, key: str, stage: str) -> Tuple[str, Dict[str, Any]]:
    """Return the fact that the clerk receives a rectification."""
    return entering_beside(table, event, f"rectification:{key}", stage, ("clerk", table.unit, "filing"), table.owner)


def to_look(table: Table, event: Event, found: Dict[str, Any], stage: str) -> Tuple[str, Dict[str, Any]]:
    """Return the fact that whoever ordered a rectification receives its report."""
    level = "department" if found["role"] == "department_finance" else "finance"
    return entering_beside(table, event, f"rectification_check:{found['rectification']}", stage, (found["role"], found["organ"], level))


def open_ordered(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A rectification is ordered by the department's finance office or the bureau, for a day to come."""
    data = event.data
    if not any((event.role, event.organ) == (role, getattr(table, of)) for role, of in ORDERS_RECTIFICATION):
        judge.blame("posts", "person", event, "actor.role", event.role, " ".join(role for role, _ in ORDERS_RECTIFICATION))
    check_post(judge, event)
    key = f"r{len(table.rectifications) + 1}"
    expect(event, {"rectification": key, "cause": CAUSES[table.stage]})
    if not data["measures"] or [each for each in MEASURES if each in data["measures"]] != list(data["measures"]):
        judge.blame("steps", "value", event, "data.measures", " ".join(data["measures"]), " ".join(MEASURES))
    if data["window"] and table.window(data["window"]) is None:
        judge.blame("steps", "value", event, "data.window", data["window"], "a window")
    if data["cut"] is not None and (amount(data["cut"]) is None or MEASURES[1] not in data["measures"]):
        judge.blame("steps", "value", event, "data.cut", data["cut"], MEASURES[1])
    day_to_come(judge, event)
    return [to_mend(table, event, key, table.stage)]


def open_mended(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The clerk reports a rectification at its desk."""
    found = mending_named(table, event.data["rectification"])
    at_its_desk(table, event, desk, f"rectification:{found['rectification']}")
    return [left(desk), to_look(table, event, found, table.stage)]


def open_looked_at(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """Who ordered a rectification finds it good, or sends it back with a new day."""
    found, data = mending_named(table, event.data["rectification"]), event.data
    at_its_desk(table, event, desk, f"rectification_check:{found['rectification']}")
    if data["outcome"] not in ("pass", "return") or (data["outcome"] == "pass") != (data["deadline"] is None):
        raise Broken("step", "data.outcome", data["outcome"], "pass, return")
    if data["outcome"] == "pass":
        return [left(desk)]
    day_to_come(judge, event)
    return [left(desk), to_mend(table, event, found["rectification"], table.stage)]


def apply_ordered(judge: Judge, table: Table, event: Event) -> None:
    """A rectification is ordered."""
    data = event.data
    told = {name: data[name] for name in ("rectification", "cause", "window", "measures", "cut", "deadline")}
    table.rectifications = [*table.rectifications, {
        **told, "problem": judge.word(data["problem"]), "state": "ordered", "ordered_by": event.person, "role": event.role,
        "organ": event.organ, "report": "", "done_by": "", "opinion": "", "verified_by": "",
    }]  # fmt: skip


def apply_mended(judge: Judge, table: Table, event: Event) -> None:
    """A rectification is reported."""
    mending_named(table, event.data["rectification"]).update(state="done", report=judge.word(event.data["report"]), done_by=event.person)


def apply_looked_at(judge: Judge, table: Table, event: Event) -> None:
    """A rectification is found good, or asked for again."""
    data, found = event.data, mending_named(table, event.data["rectification"])
    found.update(opinion=judge.word(data["opinion"]), verified_by=event.person)
    found.update({"state": "verified"} if data["outcome"] == "pass" else {"state": "ordered", "deadline": data["deadline"]})


MENDING_OPENERS: Dict[str, Opener] = {
    "rectification.ordered": open_ordered,
    "rectification.done": open_mended,
    "rectification.verified": open_looked_at,
}
MENDING_EFFECTS: Dict[str, Effect] = {
    "rectification.ordered": apply_ordered,
    "rectification.done": apply_mended,
    "rectification.verified": apply_looked_at,
}
