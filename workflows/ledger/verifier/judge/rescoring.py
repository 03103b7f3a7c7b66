"""Scores given again, and the draw of tables for it."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import Any, Dict, List, Optional, Tuple

from workflows.ledger.verifier.events.amounts import rounded
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.evidence.canonical import digest_of
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import check_number, check_pack_named, expect
from workflows.ledger.verifier.judge.judge import Beside, Effect, Judge, Opener
from workflows.ledger.verifier.judge.named import at_its_desk, entering_beside
from workflows.ledger.verifier.judge.seats import check_post, check_signed_under
from workflows.ledger.verifier.judge.self_evaluation import check_grade
from workflows.ledger.verifier.judge.table import Table, spoken
from workflows.ledger.verifier.law.limits import SHORTEST_REASON


def open_rescored(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """Points given anew lie within the row's own, stand beside what counted before, have a reason; the total is their sum."""
    data = event.data
    at_its_desk(table, event, desk, data["node"])
    expect(event, {"level": desk.level if desk else ""})
    check_pack_named(table, event)
    most = {**table.most, "execution": Decimal(judge.pack(table, event)["execution"]["weight"])}
    rows = {row["row"]: row for row in data["rows"]}
    if len(rows) != len(data["rows"]) or not rows or not set(rows) <= set(table.points):
        raise Broken("value", "data.rows", " ".join(sorted(map(str, rows))), " ".join(sorted(table.points)))
    for number, row in enumerate(data["rows"]):
        check_row(judge, event, number, row, (table.own[row["row"]], table.points[row["row"]], most[row["row"]], row["row"] in table.excused))
    points = {**table.points, **{name: Decimal(row["points"]) for name, row in rows.items()}}
    check_number(judge, event, "total", sum(points.values(), Decimal(0)))
    check_grade(judge, table, event)
    return []


def check_row(judge: Judge, event: Event, number: int, row: Dict[str, Any], known: Tuple[Decimal, Decimal, Decimal, bool]) -> None:
    """A row's new points lie in its bounds, stand beside what was given before, and say why."""
    own, before, most, excused = known
    points = Decimal(row["points"])
    said = "rescored" if points != before else "consented" if excused else "kept"
    for field, seen, right, wanted in (
        ("points", points, 0 <= points <= most and points == rounded(points), f"0–{most}"), ("self", row["self"], Decimal(row["self"]) == own, own),
        ("before", row["before"], Decimal(row["before"]) == before, before), ("decision", row["decision"], row["decision"] == said, said),
        ("reason", row["reason"], len(str(row["reason"]).strip()) >= SHORTEST_REASON, f">= {SHORTEST_REASON}"),
    ):  # fmt: skip
        if not right:
            judge.blame("steps", "value", event, f"data.rows[{number}].{field}", seen, wanted)


def apply_rescored(judge: Judge, table: Table, event: Event) -> None:
    """Rows have other points, and the table another total."""
    data = event.data
    table.points = {**table.points, **{row["row"]: Decimal(row["points"]) for row in data["rows"]}}
    table.owed = table.owed - {row["row"] for row in data["rows"]}
    table.counted = (data["total"], data["grade"])
    told = {"node": data["node"], "level": data["level"], "by": event.person, "rows": digest_of(data["rows"]),
            "total": data["total"], "grade": data["grade"], "behalf": event.behalf}  # fmt: skip
    table.rescores = [*table.rescores, spoken(told)]


def open_drawn(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A table that waits to be closed is drawn for the bureau's check, once."""
    check_signed_under(judge, event, "finance_performance", table.bureau)
    waiting = table.desk("archiving")
    if waiting is None or table.drawn is not None:
        raise Broken("step", "data.sampling", event.data["sampling"], "archiving")
    judge.draws.setdefault(event.data["sampling"], {})[table.id] = (event.data["why"], table.counted, event.place, event.command)
    return [
        ("node.superseded", {"node": "archiving", "round": waiting.round, "task": waiting.task}),
        entering_beside(table, event, "evaluation_sampling", "self_evaluation", ("finance_performance", table.bureau, "finance")),
    ]  # fmt: skip


def apply_drawn(judge: Judge, table: Table, event: Event) -> None:
    """The table was drawn to be scored again."""
    table.drawn = {"sampling": event.data["sampling"], "why": event.data["why"], "done": False}


def judge_sampling(judge: Judge, event: Event) -> None:
    """A draw names exactly the tables that were drawn, and its seed draws exactly these among its candidates."""
    data, told = event.data, judge.draws.pop(event.stream, {})
    check_post(judge, event)
    if event.role != "finance_performance":
        judge.blame("posts", "person", event, "actor.role", event.role, "finance_performance")
    wanted = drawn_by(data)
    if [(each["table"], each["why"]) for each in data["drawn"]] != wanted:
        judge.blame("steps", "value", event, "data.drawn", " ".join(each["table"] for each in data["drawn"]), " ".join(table for table, _ in wanted))
    totals = {each["table"]: (each["total"], each["grade"]) for each in data["candidates"]}
    for table, (why, counted, _, command) in told.items():
        if command != event.command or (table, why) not in wanted or totals.get(table) != counted:
            judge.blame("steps", "value", event, "data.candidates", table, str(counted))
    missing = sorted({table for table, _ in wanted} - set(told))
    if missing and (judge.bundle.whole or set(missing) & set(judge.tables)):
        judge.blame("steps", "value", event, "data.drawn", missing[0], "selfeval.drawn")


def no_draw_without_its_event(judge: Judge) -> None:
    """Every table that says it was drawn is named by the draw itself."""
    for sampling, drawn in judge.draws.items():
        place = min((place for _, _, place, _ in drawn.values()), key=lambda place: place.event or 0)
        judge.report.add("steps", "value", place, "data.sampling", sampling, "sampling.drawn")


def drawn_by(data: Dict[str, Any]) -> List[Tuple[str, str]]:
    """Draw again: whatever stands out, then by lot from the seed a share of the rest, rounded up (domain.md 9.6)."""
    rules: Dict[str, Any] = data["rules"]
    named: List[Tuple[str, str]] = []
    rest: List[str] = []
    totals = {Decimal(each) for each in rules["totals"]}
    for each in data["candidates"]:
        total, last = Decimal(each["total"]), each["last"]
        jumped = last is not None and abs(total - Decimal(last)) > Decimal(rules["jump"])
        why = "grade" if each["grade"] in rules["grades"] else "total" if total in totals else "jump" if jumped else ""
        if why:
            named.append((each["table"], why))
        else:
            rest.append(each["table"])
    rest.sort(key=lambda table: sha256(f"{data['seed']}\n{table}".encode()).hexdigest())
    whole, more = divmod(Decimal(data["percent"]) * len(rest), 100)
    share = int(whole) + (1 if more else 0)
    return [*sorted(named), *((table, "lot") for table in rest[:share])]


RESCORING_OPENERS: Dict[str, Opener] = {
    "selfeval.rescored": open_rescored,
    "selfeval.drawn": open_drawn,
}
RESCORING_EFFECTS: Dict[str, Effect] = {
    "selfeval.rescored": apply_rescored,
    "selfeval.drawn": apply_drawn,
}
RESCORING_BESIDE: Dict[str, Beside] = {
    "sampling.drawn": judge_sampling,
}
