"""The self-evaluation: begun at the year's end, filed, checked, agreed to, and the table closed."""

from __future__ import annotations

from decimal import Decimal
from typing import Dict, Optional

from workflows.ledger.verifier.events.amounts import ratio, rounded
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.sheets import shared
from workflows.ledger.verifier.evidence.canonical import digest_of
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import beijing_day
from workflows.ledger.verifier.judge.campaigns import check_in_time
from workflows.ledger.verifier.judge.desks import NOBODY, Decider, Desk, Todo, Vote
from workflows.ledger.verifier.judge.expecting import check_number, check_pack_named, expect, left
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.mending import mending_again
from workflows.ledger.verifier.judge.named import at_its_desk, check_none_open, entering_beside
from workflows.ledger.verifier.judge.seats import check_issuer
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.judge.ways import entering


def open_evaluation(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The self-evaluation begins, with no monitoring work left open."""
    if table.desks:
        raise Broken("sequence", "kind", event.kind, "node.superseded")
    expect(event, {"rule": "self_evaluation.year_end"})
    return evaluation_begins(judge, table, event)


def evaluation_begins(judge: Judge, table: Table, event: Event) -> Todo:
    """Return what the beginning of a self-evaluation leads to, not before its day."""
    check_issuer(judge, table, event)
    check_none_open(table, event)
    if beijing_day(event.at) < str(table.self_evaluation_opens):
        judge.blame("steps", "value", event, "at", event.at, f">= {table.self_evaluation_opens}")
    if event.person != "system" and any(window.state != "accepted" for window in table.windows):
        judge.blame("steps", "step", event, "kind", event.kind, "monitoring")
    first = judge.definition(table).first("self_evaluation")
    return [*(entering(table, event, each, table.round) for each in first), *mending_again(table, event, "self_evaluation")]


def open_evaluated(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The self-evaluation is filed: of what was in force at the year's end, by its pack, with sums that are right."""
    at_its_desk(table, event, desk, "evaluation_filing")
    expect(event, {"content_hash": table.in_force_on(f"{table.year}-12-31")})
    check_pack_named(table, event)
    if table.evaluation is None or table.evaluation["returned_reason"] is None:
        check_in_time(judge, (table.bureau, table.unit), table.year, event, "self_evaluation", "")
    check_sums(judge, table, event)
    return [left(desk), entering(table, event, judge.definition(table).named("evaluation_unit"), table.round)]


def check_sums(judge: Judge, table: Table, event: Event) -> None:
    """The total is the sum of the rows and the execution points; the grade is the pack's band (domain.md 9)."""
    data, pack = event.data, judge.pack(table, event)
    rows = [(Decimal(row["points"]), Decimal(row["weight"])) for row in data["scores"]]
    rate = ratio(data["figures"], judge.sheet(table.in_force_on(f"{table.year}-12-31"), event))
    weight = Decimal(pack["execution"]["weight"])
    check_number(judge, event, "execution_points", rounded(min(weight, weight * rate)) if rate is not None else Decimal(0))
    check_number(judge, event, "total", sum((points for points, _ in rows), Decimal(data["execution_points"])))
    for number, (points, of) in enumerate(rows):
        if not 0 <= points <= of:
            judge.blame("steps", "value", event, f"data.scores[{number}].points", points, f"0–{of}")
    whole = sum((of for _, of in rows), weight if rate is not None else Decimal(0))
    if whole > 100:
        judge.blame("steps", "value", event, "data.scores", whole, "100")
    check_grade(judge, table, event)


def open_agreed(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The self-evaluation is agreed to at a level; after the last one it is checked no more."""
    at_its_desk(table, event, desk, event.data["node"])
    expect(event, {"level": desk.level if desk else ""})
    node = event.data["node"]
    if node == "evaluation_department" and table.owed:
        judge.blame("steps", "step", event, "kind", event.kind, f"selfeval.rescored {min(table.owed)}")
    if node == "evaluation_department" and table.drawn is not None and not table.drawn["done"]:
        return [left(desk), entering_beside(table, event, "evaluation_sampling", "self_evaluation", ("finance_performance", table.bureau, "finance"))]
    before = "evaluation_department" if node == "evaluation_sampling" else node
    following = next((each for each in judge.definition(table).nodes if before in each.after), None)
    if following is None:
        raise Broken("step", "data.node", event.data["node"], "a next desk")
    return [left(desk), entering(table, event, following, table.round)]


def check_grade(judge: Judge, table: Table, event: Event) -> None:
    """The grade is the pack's band of the total."""
    bands, total = judge.pack(table, event)["bands"]["grades"], Decimal(event.data["total"])
    grade = next((band["grade"] for band in bands if total >= Decimal(band["from"])), None)
    if event.data["grade"] != grade:
        judge.blame("steps", "value", event, "data.grade", event.data["grade"], grade)


def open_evaluation_returned(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The self-evaluation is sent back to its clerk."""
    at_its_desk(table, event, desk, event.data["node"])
    expect(event, {"level": desk.level if desk else ""})
    return [left(desk), entering(table, event, judge.definition(table).named("evaluation_filing"), table.round)]


def open_closing(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A table closes when its evaluation is over and nothing ordered is left open."""
    expect(event, {"round": table.round})
    left_open = [each["rectification"] for each in table.rectifications if each["state"] != "verified"]
    if left_open:
        judge.blame("steps", "step", event, "kind", event.kind, f"rectification.verified {left_open[0]}")
    uses = judge.pack(table, event).get("result_use", {}).get("grades", {})
    if uses.get(table.counted[1], {}).get("rectify") and not any(each["cause"] == "selfeval" for each in table.rectifications):
        judge.blame("steps", "step", event, "kind", event.kind, "rectification.ordered")
    return [("table.closed", {"node": "archiving", "task": desk.task if desk else ""})]


def apply_evaluation_opened(judge: Judge, table: Table, event: Event) -> None:
    """The self-evaluation begins, with nobody's vote."""
    table.stage, table.votes, table.deciders = "self_evaluation", [], []


def apply_evaluated(judge: Judge, table: Table, event: Event) -> None:
    """An evaluation is filed; of figures and scores the hashes are kept."""
    data = event.data
    table.evaluation = {
        "total": data["total"], "grade": data["grade"], "figures": digest_of(data["figures"]), "scores": digest_of(data["scores"]),
        "execution_points": data["execution_points"], "filed_by": event.person, "returned_reason": None,
    }  # fmt: skip
    table.votes, table.deciders, table.rescores, table.counted = [], [], NOBODY, (data["total"], data["grade"])
    table.points = {**{row["row"]: Decimal(row["points"]) for row in data["scores"]}, "execution": Decimal(data["execution_points"])}
    table.own, table.most = table.points, {row["row"]: Decimal(row["weight"]) for row in data["scores"]}
    table.excused = {row["row"] for row in data["scores"] if row["kind"] == "not_applicable"}
    table.owed = {row["row"] for row in data["scores"] if row["kind"] == "not_applicable" or row.get("proposed")}


def apply_agreed(judge: Judge, table: Table, event: Event) -> None:
    """A level agreed to the evaluation."""
    if event.data["node"] == "evaluation_sampling":
        table.drawn = {**table.drawn, "done": True} if table.drawn else None
        return
    node, level = shared(event.data["node"]), shared(event.data["level"])
    vote = Vote(node, "self_evaluation", level, event.person, "pass", table.in_force or "", table.round, behalf=event.behalf)
    table.votes, table.deciders = [*table.votes, vote], [*table.deciders, Decider(event.person, level, node, event.behalf)]


def apply_evaluation_returned(judge: Judge, table: Table, event: Event) -> None:
    """The evaluation is asked for again, with a reason."""
    table.evaluation["returned_reason"] = judge.word(event.data["reason"])
    table.votes = []


SELF_EVALUATION_OPENERS: Dict[str, Opener] = {
    "selfeval.opened": open_evaluation,
    "selfeval.filed": open_evaluated,
    "selfeval.accepted": open_agreed,
    "selfeval.returned": open_evaluation_returned,
    "node.completed": open_closing,
}
SELF_EVALUATION_EFFECTS: Dict[str, Effect] = {
    "selfeval.opened": apply_evaluation_opened,
    "selfeval.filed": apply_evaluated,
    "selfeval.accepted": apply_agreed,
    "selfeval.returned": apply_evaluation_returned,
}
