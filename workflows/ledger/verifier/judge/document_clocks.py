"""The clock of a document's part: until when the office whose turn it is owes its review."""

from __future__ import annotations

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.evidence.moments import beijing_day, days_on, later, moment_of
from workflows.ledger.verifier.evidence.witnessed import CLOCKS_APART
from workflows.ledger.verifier.judge.beside import FiledPart
from workflows.ledger.verifier.judge.judge import Judge
from workflows.ledger.verifier.judge.moving_clocks import check_due
from workflows.ledger.verifier.judge.seats import check_system
from workflows.ledger.verifier.law.definitions import Node
from workflows.ledger.verifier.law.work_calendar import next_day


def part_clock(judge: Judge, event: Event, part: FiledPart) -> None:
    """The system says until when the office whose turn it is owes its review, or that this moment is over."""
    data, (_, department, bureau) = event.data, part.organs
    check_system(judge, event)
    organ = department if part.turn == "department_finance" else bureau
    for field, wanted in (("number", part.number), ("role", part.turn or "nobody's turn"), ("organ", organ)):
        if data[field] != wanted:
            judge.blame("steps", "value", event, f"data.{field}", data[field], str(wanted))
    if event.kind == "document.due_set":
        part_due(judge, event, part)
        judge.parts[event.stream] = part._replace(due=data["due_at"], calendar=data["calendar"], late=False)
        return
    if data["due_at"] != part.due or part.late or data["rule"] != "deadline.passed":
        judge.blame("steps", "value", event, "data.due_at", data["due_at"], part.due or "document.due_set")
    elif event.at < later(moment_of(part.due), -CLOCKS_APART):
        judge.blame("steps", "value", event, "at", event.at, part.due)
    judge.parts[event.stream] = part._replace(late=True)


def part_due(judge: Judge, event: Event, part: FiledPart) -> None:
    """A review is due by the clock of the office's node, from its turn on, not before a first table was submitted."""
    data, tables = event.data, [derived(event.stream, str(number)) for number in range(part.tables)]
    check_due(judge, event, began=data["since"][:10])
    if part.due and (part.calendar == data["calendar"] or moment_of(part.due) <= event.at):
        judge.blame("steps", "value", event, "data.due_at", data["due_at"], part.due)
    known = [judge.firsts[table] for table in tables if table in judge.firsts]
    complete = all(table in judge.tables for table in tables)
    since = max(part.since, min(known)) if known else ""
    if complete and moment_of(data["since"]) != since:
        judge.blame("steps", "value", event, "data.since", data["since"], since or "table.submitted")
    first = judge.tables.get(tables[0])
    node = first.chain.of_office(part.turn) if first is not None and first.chain is not None else None
    if node is None:
        return
    if data["rule"] != f"node:{node.name}":
        judge.blame("steps", "value", event, "data.rule", data["rule"], f"node:{node.name}")
    part_counted(judge, event, node, part.organs[2])


def part_counted(judge: Judge, event: Event, node: Node, bureau: str) -> None:
    """The due day is the node's, counted by the calendar named; by the one that ships, not before as many days."""
    data, (clock, value) = event.data, node.clock
    day, calendar = beijing_day(moment_of(data["since"])), judge.calendars.get(data["calendar"])
    if clock == "working_days" and calendar is None:
        earliest = days_on(day, value)
        if beijing_day(moment_of(data["due_at"])) < earliest:
            judge.blame("steps", "value", event, "data.due_at", data["due_at"], f">= {earliest}")
        return
    if clock == "working_days" and calendar is not None:
        wanted, provisional = calendar.counted(day, value, bureau)
        if data["provisional"] != provisional:
            judge.blame("steps", "value", event, "data.provisional", data["provisional"], str(provisional))
    else:
        wanted = days_on(day, value) if clock == "calendar_days" else next_day(day, value)
    if data["due_at"] != f"{wanted}T10:00:00+00:00":
        judge.blame("steps", "value", event, "data.due_at", data["due_at"], f"{wanted}T10:00:00+00:00")
