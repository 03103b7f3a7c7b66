"""Executed amounts: recorded at a table, or imported from a file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Dict, List, Optional

from workflows.ledger.verifier.events.amounts import amount
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.payloads import Files
from workflows.ledger.verifier.evidence.moments import beijing_day, shown_moment
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.seats import check_post
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.powers import IMPORTS_EXECUTIONS


def open_execution(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """An executed amount comes by a file that an office of the table's own unit, department or bureau took in."""
    data = event.data
    if not any((event.role, event.organ) == (role, getattr(table, of)) for role, of in IMPORTS_EXECUTIONS):
        judge.blame("posts", "person", event, "actor.role", event.role, " ".join(role for role, _ in IMPORTS_EXECUTIONS))
    check_post(judge, event)
    executed = amount(data["executed"])
    if executed is None or executed < 0:
        judge.blame("steps", "value", event, "data.executed", data["executed"], ">= 0")
    if str(data["date"]) > beijing_day(event.at):
        judge.blame("steps", "value", event, "data.date", data["date"], f"<= {beijing_day(event.at)}")
    judge.batches.setdefault(data["batch"], {})[table.id] = (data, event.place, event.command)
    return []


def apply_executes(judge: Judge, table: Table, event: Event) -> None:
    """An executed amount stands with the table."""
    told = {name: event.data[name] for name in ("batch", "row", "executed", "budget", "date")}
    table.executions = [*table.executions, {**told, "by": event.person, "at": shown_moment(event.at)}]


def judge_batch(judge: Judge, event: Event, files: Files) -> None:
    """A file of executed amounts names exactly the tables that it was recorded on, each with its row's amount; its sums agree."""
    data, told = event.data, judge.batches.pop(event.stream, {})
    check_post(judge, event)
    files.wanted.setdefault(data["bytes_sha256"], (event.place, data["size"]))
    content = judge.contents.of(data["content_hash"])
    lines, rest = executed_lines(content, "lines"), executed_lines(content, "rest")
    by_table = {each.get("table"): each for each in lines}
    if sorted(map(str, by_table)) != list(data["tables"]) or len(by_table) != len(lines):
        judge.blame("steps", "value", event, "data.tables", " ".join(data["tables"]), " ".join(sorted(map(str, by_table))))
    matched, left = executed_sum(lines), executed_sum(rest)
    for field, wanted in (("matched", matched), ("rest", left), ("total", matched + left)):
        if amount(data[field]) != wanted:
            judge.blame("steps", "value", event, f"data.{field}", data[field], str(wanted))
    for table, (said, _, command) in told.items():
        line = by_table.get(table, {})
        wanted_line = (line.get("row"), line.get("amount"), line.get("budget"), data["date"], event.command)
        if (said["row"], said["executed"], said["budget"], said["date"], command) != wanted_line:
            judge.blame("steps", "value", event, "data.content_hash", table, str(said["executed"]))
    missing = sorted(set(data["tables"]) - set(told))
    if missing and (judge.bundle.whole or set(missing) & set(judge.tables)):
        judge.blame("steps", "value", event, "data.tables", missing[0], "execution.recorded")


def no_amount_without_its_file(judge: Judge) -> None:
    """Every table that says an amount came by a file is named by that file's own event."""
    for batch, told in judge.batches.items():
        place = min((place for _, place, _ in told.values()), key=lambda place: place.event or 0)
        judge.report.add("steps", "value", place, "data.batch", batch, "execution.imported")


def executed_lines(content: Any, part: str) -> List[Dict[str, Any]]:
    """Return the lines of a file of executed amounts: those that found a table, or the rest."""
    lines = content.get(part) if isinstance(content, dict) else None
    return [each for each in lines if isinstance(each, dict)] if isinstance(lines, list) else []


def executed_sum(lines: List[Dict[str, Any]]) -> Decimal:
    """Return what lines of a file say was executed, in the file's unit; what is no number counts nothing."""
    return sum((amount(str(each.get("executed"))) or Decimal(0) for each in lines), Decimal(0))


EXECUTIONS_OPENERS: Dict[str, Opener] = {
    "execution.recorded": open_execution,
}
EXECUTIONS_EFFECTS: Dict[str, Effect] = {
    "execution.recorded": apply_executes,
}
