"""A table is handed in, or taken back by who handed it in."""

from __future__ import annotations

from hashlib import sha256
from typing import Dict, Optional, Sequence

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.sheets import MODULUS, Changes, Sheet
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.judge.appraisals import check_appraised
from workflows.ledger.verifier.judge.campaigns import check_in_time
from workflows.ledger.verifier.judge.desks import NOBODY, Desk, Todo
from workflows.ledger.verifier.judge.expecting import expect, overtaken
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.seats import check_owner, check_signed_under
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.judge.ways import answers_hold, entering, straight_back, way_on
from workflows.ledger.verifier.law.limits import EXPLANATIONS


def open_submitted(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The clerk in charge hands the table in: nothing asked is left unanswered, its content follows from the one before."""
    check_owner(judge, table, event)
    owed = next((thread for thread in table.threads if not thread["resolved"] and not thread["answered_by"]), None)
    if owed is not None:
        judge.blame("steps", "step", event, "kind", event.kind, f"thread.answered {owed['thread']}")
    round_ = table.round + 1
    expect(event, {"round": round_, "node": "drafting", "task": desk.task if desk else ""})
    sheet = judge.sheet(event.data["content_hash"], event)
    for field, wanted in (("title", sheet.title), ("disclosure", sheet.disclosure)):
        if event.data[field] != wanted:
            judge.blame("contents", "content", event, f"data.{field}", event.data[field], wanted)
    check_changes(judge, table, event, sheet)
    check_appraised(judge, table, event)
    if table.origin != "revision" and not (table.round and table.returned_reason is not None):
        check_in_time(judge, (table.bureau, table.unit), table.year, event, "goal_filing", "")
    if table.returned is not None and comes_straight(judge, table, event, sheet):
        following = straight_back(judge, table, event, set(), round_, event.data["content_hash"])
    else:
        following = way_on(judge, table, event, "unit_review", set(), set(), round_, event.data["content_hash"])
    return [("node.completed", {"node": "drafting", "round": table.round}), *following]


def comes_straight(judge: Judge, table: Table, event: Event, sheet: Sheet) -> bool:
    """Whether an answer to a return with 直达 goes straight back: as asked, over nodes that would open as before, with the same files."""
    returned, before = table.returned or {}, judge.sheet(table.content_hash, event)
    if not answers_hold(judge, table, event, set(returned["done"]), event.data["content_hash"]):
        return False
    places = judge.contents.of(event.data["changes"]).places
    return bool(returned["files"] == files_hash(table)) and mends_what_was_asked(returned["fields"], places, before.rows, sheet.rows)


def check_changes(judge: Judge, table: Table, event: Event, sheet: Sheet) -> None:
    """The list of changes leads from the content before to this one and leaves nothing out."""
    changes, before = judge.contents.of(event.data["changes"]), judge.sheet(table.content_hash, event)
    if not isinstance(changes, Changes):
        raise Broken("content", "data.changes", event.data["changes"], "a list of changes", check="contents")
    if changes.number != event.data["changed"]:
        judge.blame("contents", "content", event, "data.changed", event.data["changed"], changes.number)
    if (before.sum + changes.sum - sheet.sum) % MODULUS:
        judge.blame("contents", "content", event, "data.changes", "the list of changes", "every change")


def open_withdrawn(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """Whoever handed the table in takes it back before anybody received it or decided."""
    check_signed_under(judge, event, "clerk", table.unit)
    if event.person != table.submitter:
        judge.blame("posts", "person", event, "actor.id", event.person, table.submitter)
    if table.deciders or table.received or judge.definition(table).withdraw_until == "never":
        raise Broken("step", "kind", event.kind, "nobody decided or opened it yet, and the definition lets it be taken back")
    expect(event, {"round": table.round})
    first = judge.definition(table).first("draft")
    return [*overtaken(table), *(entering(table, event, each, table.round) for each in first)]


def apply_submitted(judge: Judge, table: Table, event: Event) -> None:
    """The content handed in is the table's; what belonged to the round before is put aside."""
    data = event.data
    table.deciders = table.deciders if table.returned else []
    table.passed_over, table.returned, table.received, table.inquiries, table.trails = NOBODY, None, False, NOBODY, {}
    table.round, table.content_hash, table.submitter = data["round"], data["content_hash"], event.person
    table.reviews = [{**each, "void": True} for each in table.reviews if each["round"] == table.round - 1]
    table.amendment, table.amended = None, NOBODY
    table.votes, table.title, table.disclosure = [], data["title"], data["disclosure"]
    table.authors = table.authors | {event.person, *data["editors"]}
    table.returned_reason = table.returned_from = None


def apply_withdrawn(judge: Judge, table: Table, event: Event) -> None:
    """The table is a draft again."""
    table.stage, table.received, table.returned, table.answered = "draft", False, None, None
    table.forms_gone([each["node"] for each in table.reviews])


def files_hash(table: Table) -> str:
    """Return the fingerprint of the files that lie with a table: over their commitments, one a line, the erased ones left out."""
    return sha256("\n".join(each["commitment"] for each in table.attachments if not each["erased"]).encode()).hexdigest()


def mends_what_was_asked(fields: Sequence[str], places: Sequence[str], was: Sequence[str], now: Sequence[str]) -> bool:
    """Whether nothing was changed but what a return is about: places, explanations to findings there, rows where they stand."""
    asked, rows = [each for each in fields if each != EXPLANATIONS], (*now, *was[len(now):])
    for number in range(len(rows)):
        one, two = was[number:number + 1], now[number:number + 1]
        if one != two and not all(lies_in(f"/indicators/{row}", asked) for row in (*one, *two)):
            return False
    return all(
        lies_in(place, asked) or (lies_in(place, (EXPLANATIONS,)) and lies_in(explained_place(place, rows), asked)) for place in places
    )


def lies_in(place: str, asked: Sequence[str]) -> bool:
    """Whether a place is one of those asked, or inside one."""
    return any(place == each or place.startswith(f"{each}/") for each in asked)


def explained_place(place: str, rows: Sequence[str]) -> str:
    """Return what an explanation under its rule and place is about, a row by its id instead of by its number."""
    parts = place[len(EXPLANATIONS) + 1:].partition("@")[2].split("/")
    if len(parts) > 2 and parts[1] == "indicators":
        parts[2] = {str(number): row for number, row in enumerate(rows)}.get(parts[2], "")
    return "/".join(parts)


SUBMITTING_OPENERS: Dict[str, Opener] = {
    "table.submitted": open_submitted,
    "table.withdrawn": open_withdrawn,
}
SUBMITTING_EFFECTS: Dict[str, Effect] = {
    "table.submitted": apply_submitted,
    "table.withdrawn": apply_withdrawn,
}
