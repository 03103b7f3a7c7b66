"""What is published of a table: reviewed for secrecy, released by somebody else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Dict, Optional

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.judge import Beside, Effect, Judge, Opener
from workflows.ledger.verifier.judge.seats import check_post, check_signed_under
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.limits import (
    DISCLOSED,
    FIT,
    GOALS,
    INTERNAL_MARK,
    PUBLIC_MARK,
    SELF_EVALUATION,
    SHORTEST_REASON,
    UNFIT,
)
from workflows.ledger.verifier.law.powers import REVIEWS_SECRECY


def open_secrecy(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A secrecy reviewer of the unit or department, who did not file it, looked at the version in force; 内部 is never found fit."""
    data = event.data
    if event.role != "secrecy_reviewer" or event.organ not in [getattr(table, of) for of in REVIEWS_SECRECY]:
        judge.blame("posts", "person", event, "actor.role", event.role, "secrecy_reviewer")
    check_post(judge, event)
    if event.person in table.authors:
        judge.blame("segregation", "S1", event, "actor.id", event.person)
    if data["outcome"] not in (FIT, UNFIT):
        raise Broken("step", "data.outcome", data["outcome"], f"{FIT}, {UNFIT}")
    disclosed = judge.contents.of(data["content_hash"])
    if isinstance(disclosed, dict) and SELF_EVALUATION in disclosed:
        check_disclosed(judge, table, event, disclosed)
    elif not table.in_force or data["content_hash"] != table.in_force:
        raise Broken("content", "data.content_hash", data["content_hash"], str(table.in_force))
    elif data["outcome"] == FIT and judge.sheet(table.in_force, event).disclosure != PUBLIC_MARK:
        judge.blame("steps", "value", event, "data.outcome", FIT, UNFIT)
    word = judge.word(data["reason"])
    if data["outcome"] == UNFIT and type(word) is str and len(word.strip()) < SHORTEST_REASON:
        judge.blame("steps", "value", event, "data.reason", word, f">= {SHORTEST_REASON}")
    return []


def check_disclosed(judge: Judge, table: Table, event: Event, disclosed: Dict[str, Any]) -> None:
    """A self-evaluation is reviewed once it is over, its goals being fit, with the points that count, and not by whoever filed it."""
    said, goals = disclosed[SELF_EVALUATION], table.secrecy or {}
    if table.stage != "closed" or not table.evaluation or (goals.get("outcome"), goals.get("content_hash")) != (FIT, table.in_force):
        raise Broken("step", "data.content_hash", SELF_EVALUATION, "closed, public goals")
    if event.person == table.evaluation["filed_by"]:
        judge.blame("segregation", "S1", event, "actor.id", event.person)
    points = {**{row["row"]: Decimal(row["points"]) for row in said["scores"]}, "execution": Decimal(said["execution_points"])}
    seen = (disclosed.get("table"), disclosed.get("in_force"), (said["total"], said["grade"]), points)
    if seen != (table.id, table.in_force, tuple(table.counted), table.points):
        raise Broken("content", "data.content_hash", event.data["content_hash"], "the points that count")


def apply_secrecy(judge: Judge, table: Table, event: Event) -> None:
    """A review for secrecy stands with the table, beside the one of its goals where it is of the evaluation."""
    data = event.data
    if data["content_hash"] != table.in_force and table.secrecy:
        table.secrecy = {**table.secrecy, "evaluated": [data["outcome"], data["content_hash"], event.person, event.name]}
        return
    table.disclosure = PUBLIC_MARK if data["outcome"] == FIT else INTERNAL_MARK
    evaluated = {name: value for name, value in (table.secrecy or {}).items() if name == "evaluated"}
    table.secrecy = {"outcome": data["outcome"], "content_hash": data["content_hash"], "by": event.person, "name": event.name, **evaluated}


def judge_release(judge: Judge, event: Event) -> None:
    """A pack is released by the department's finance office and holds versions in force that somebody else found fit; its counts add up."""
    data = event.data
    check_signed_under(judge, event, "department_finance", data["department"])
    if data["undisclosed"] != data["internal"] + data["stubs"] or min(data["internal"], data["stubs"]) < 0:
        judge.blame("steps", "value", event, "data.undisclosed", data["undisclosed"], str(data["internal"] + data["stubs"]))
    named = [row.get("table") for row in data["tables"]]
    if not named or len(set(map(str, named))) != len(named):
        judge.blame("steps", "value", event, "data.tables", len(named), "each once")
    what, unfinished = data.get("what", GOALS), data.get("unfinished", 0)
    if what not in (GOALS, SELF_EVALUATION) or unfinished < 0 or (what == GOALS and unfinished):
        judge.blame("steps", "value", event, "data.what", what, f"{GOALS}, {SELF_EVALUATION}")
    due = judge.accounts.get((data["department"], data["year"]), "")
    if what == SELF_EVALUATION and data["due"] != due:
        judge.blame("steps", "value", event, "data.due", data["due"], due or "accounts.approved")
    for row in data["tables"]:
        check_releasable(judge, event, row)


def check_releasable(judge: Judge, event: Event, row: Dict[str, Any]) -> None:
    """One table of a released pack, against its own state at that moment."""
    table = judge.tables.get(str(row.get("table")))
    if sorted(row) != sorted(DISCLOSED):
        judge.blame("steps", "value", event, "data.tables", " ".join(sorted(row)), " ".join(DISCLOSED))
    elif row["reviewer"] == event.person:
        judge.blame("segregation", "S1", event, "data.tables", row["reviewer"])
    elif table is None or not table.stage:
        if judge.bundle.whole:
            judge.blame("steps", "value", event, "data.tables", row["table"], "a table")
    else:
        found = table.secrecy or {}
        goals = tuple(found.get(name) for name in ("outcome", "content_hash", "by", "name"))
        said = goals if event.data.get("what", GOALS) == GOALS else tuple(found.get("evaluated", ()))
        own = event.data["department"] in judge.posts.heirs_of(table.department)
        seen = (*said, event.data["department"] if own else table.department, table.year)
        wanted = (FIT, row["content_hash"], row["reviewer"], row["reviewer_name"], event.data["department"], event.data["year"])
        if seen != wanted or table.in_force != goals[1] or goals[0] != FIT:
            judge.blame("steps", "value", event, "data.tables", row["table"], "disclosure.reviewed")


DISCLOSURES_OPENERS: Dict[str, Opener] = {
    "disclosure.reviewed": open_secrecy,
}
DISCLOSURES_EFFECTS: Dict[str, Effect] = {
    "disclosure.reviewed": apply_secrecy,
}
DISCLOSURES_BESIDE: Dict[str, Beside] = {
    "disclosure.released": judge_release,
}
