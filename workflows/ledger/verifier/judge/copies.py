"""Copies of a table: sent, given a term, read or deemed read."""

from __future__ import annotations

from typing import Dict, Optional

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import beijing_day, days_on, later, moment_of, shown_moment
from workflows.ledger.verifier.evidence.witnessed import CLOCKS_APART
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.seats import check_part_in, check_post, check_system
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.work_calendar import published_calendar


def open_copied(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """Whoever has a part in the table sends copies, to each person once."""
    check_part_in(judge, table, event)
    expect(event, {"copy": event.command})
    people = [each.get("person") for each in event.data["people"]]
    if not people or len(set(map(str, people))) < len(people) or any(each.keys() != {"person", "name"} for each in event.data["people"]):
        raise Broken("value", "data.people", " ".join(map(str, people)), "each once")
    days = judge.definition(table).copies_read_after
    return [("copy.term_set", {"copy": event.command, "rule": f"copies_read_after:{days}"})] if days else []


def apply_term_set(judge: Judge, table: Table, event: Event) -> None:
    """A copy counts as read so many working days after it was sent, as the chain says."""
    data, day = event.data, beijing_day(event.at)
    days, calendar = judge.definition(table).copies_read_after, judge.calendars.get(published_calendar(data["calendar"]))
    due = beijing_day(moment_of(data["read_at"]))
    wanted = calendar.counted(day, days, table.bureau)[0] if calendar is not None else max(due, days_on(day, days))
    if data["read_at"] != f"{wanted}T10:00:00+00:00":
        judge.blame("steps", "value", event, "data.read_at", data["read_at"], f"{wanted}T10:00:00+00:00")
    table.copies = [{**each, "read_due": data["read_at"]} if each["copy"] == data["copy"] else each for each in table.copies]


def open_deemed(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A copy that nobody opened counts as read: by the system, by the chain's rule, when its term is over."""
    check_system(judge, event)
    mine = [each for each in table.copies if (each["copy"], each["person"], each["read_at"]) == (event.data["copy"], event.data["person"], "")]
    if not mine or not mine[0].get("read_due"):
        raise Broken("step", "data.copy", event.data["copy"], "an unread copy with a term")
    expect(event, {"rule": f"copies_read_after:{judge.definition(table).copies_read_after}"})
    if event.at < later(moment_of(mine[0]["read_due"]), -CLOCKS_APART):
        judge.blame("steps", "value", event, "at", event.at, mine[0]["read_due"])
    return []


def apply_deemed_read(judge: Judge, table: Table, event: Event) -> None:
    """A copy counts as read by the rule."""
    mine, read = (event.data["copy"], event.data["person"]), {"read_at": shown_moment(event.at), "read_by_rule": event.data["rule"]}
    table.copies = [{**each, **read} if (each["copy"], each["person"]) == mine else each for each in table.copies]


def apply_copied(judge: Judge, table: Table, event: Event) -> None:
    """Copies are on their way."""
    copies = [{"copy": event.data["copy"], "person": each["person"], "by": event.person, "read_at": ""} for each in event.data["people"]]
    table.copies = [*table.copies, *copies]


def open_read(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """Whoever got a copy says that he read it."""
    check_post(judge, event)
    mine = (event.data["copy"], event.person, "")
    if not any((each["copy"], each["person"], each["read_at"]) == mine for each in table.copies):
        raise Broken("step", "data.copy", event.data["copy"], "an unread copy")
    return []


def apply_copy_read(judge: Judge, table: Table, event: Event) -> None:
    """A copy was read."""
    mine, at = (event.data["copy"], event.person), shown_moment(event.at)
    table.copies = [{**each, "read_at": at} if (each["copy"], each["person"]) == mine else each for each in table.copies]


COPIES_OPENERS: Dict[str, Opener] = {
    "copy.sent": open_copied,
    "copy.read": open_read,
    "copy.deemed_read": open_deemed,
}
COPIES_EFFECTS: Dict[str, Effect] = {
    "copy.sent": apply_copied,
    "copy.read": apply_copy_read,
    "copy.term_set": apply_term_set,
    "copy.deemed_read": apply_deemed_read,
}
