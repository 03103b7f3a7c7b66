"""How a table begins: imported from a document, begun here, or taken over from last year."""

from __future__ import annotations

from typing import Dict, Optional, Tuple

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.layouts import is_uuid
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.events.sheets import shared
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.judge.expecting import expect, expect_post
from workflows.ledger.verifier.judge.judge import Effect, Judge
from workflows.ledger.verifier.judge.seats import check_post
from workflows.ledger.verifier.judge.table import BORN, Table
from workflows.ledger.verifier.judge.ways import entering
from workflows.ledger.verifier.law.definitions import Definition
from workflows.ledger.verifier.law.reading_definitions import definition_from


def apply_imported(judge: Judge, table: Table, event: Event) -> None:
    """A table is born of a filed document, pinned to a published definition and pack, and goes to its clerk."""
    data = event.data
    for name in BORN:
        setattr(table, name, shared(data[name]))
    check_post(judge, event)
    document = judge.documents.get(data["document"])
    if document is None:
        judge.blame("steps", "value", event, "data.document", data["document"], "document.filed")
    else:
        born_of(judge, table, event, *document[1:])
    begins(judge, table, event)


def apply_created(judge: Judge, table: Table, event: Event) -> None:
    """A revision is born of the table that it revises, in the same command, with its content in force and its pack."""
    data = event.data
    for name in BORN:
        setattr(table, name, shared(data[name]))
    table.origin, table.source, table.revision_number = shared(data["origin"]), shared(data["source"]), data["number"]
    check_post(judge, event)
    if data["origin"] in ("new", "copied"):
        begun_here(judge, table, event)
        return
    revised = judge.tables.get(data["source"])
    if data["origin"] != "revision" or revised is None or revised.revision != table.id:
        raise Broken("step", "data.source", data["source"], "revision.opened")
    same = [name for name in BORN if name not in ("definition", "definition_hash", "content_hash", "title")]
    expect(event, {**{name: getattr(revised, name) for name in same}, "number": revised.revisions, "content_hash": revised.in_force})
    if event.command != judge.begun.pop(table.id, ""):
        judge.blame("steps", "value", event, "command_id", event.command, "the command of revision.opened")
    begins(judge, table, event, "finance_leader" if data["number"] in revised.late_revisions else "clerk")
    table.authors = {data["owner"]}


def begun_here(judge: Judge, table: Table, event: Event) -> None:
    """A table on a blank form, or on an earlier year's: its clerk's own, of his unit, under an ID that nobody chose."""
    data = event.data
    expect(event, {"number": 0, "ordinal": 0, "document": "", "owner": event.person})
    if table.id != derived(event.command, "table"):
        raise Broken("value", "stream", table.id, derived(event.command, "table"))
    expect_post(event, "clerk", data["unit"], judge)
    if data["origin"] == "new":
        expect(event, {"source": ""})
    elif not is_uuid(data["source"]):
        raise Broken("value", "data.source", data["source"], "a table")
    else:
        taken_over(judge, event, judge.tables.get(data["source"]))
    begins(judge, table, event)


def taken_over(judge: Judge, event: Event, earlier: Optional[Table]) -> None:
    """The earlier table is there, of the same unit, replied to, and every row that was taken from it is one of its rows."""
    data = event.data
    origins = judge.sheet(data["content_hash"], event).origins
    if any(table != data["source"] for table, _ in origins):
        judge.blame("contents", "content", event, "data.content_hash", data["content_hash"], f"rows of {data['source']}")
    if earlier is None:
        if judge.bundle.whole:
            raise Broken("value", "data.source", data["source"], "a table")
        return
    expect(event, {name: getattr(earlier, name) for name in ("family", "scope")})
    if event.data["unit"] not in judge.posts.heirs_of(earlier.unit):
        judge.blame("steps", "value", event, "data.unit", event.data["unit"], earlier.unit)
    if earlier.stage not in ("monitoring", "self_evaluation", "closed") or earlier.in_force is None or earlier.origin == "revision":
        raise Broken("step", "data.source", data["source"], "a table in force")
    if data["year"] <= earlier.year:
        raise Broken("value", "data.year", data["year"], f"> {earlier.year}")
    if tuple(row for _, row in origins) != judge.sheet(earlier.in_force, event).rows:
        judge.blame("contents", "content", event, "data.content_hash", data["content_hash"], "the rows of the earlier table")


def begins(judge: Judge, table: Table, event: Event, role: str = "clerk") -> None:
    """What every new table must hold: a published definition and pack, its title, and the clerk's desk next."""
    data = event.data
    if event.role != role:
        judge.blame("posts", "person", event, "actor.role", event.role, role)
    for field in ("definition_hash", "pack_hash"):
        if data[field] not in judge.published:
            judge.blame("steps", "value", event, f"data.{field}", data[field], "published")
    table.chain = pinned(judge, event, data["definition_hash"])
    if judge.contents.of(data["definition_hash"]).get("name") != data["definition"]:
        judge.blame("contents", "content", event, "data.definition", data["definition"], "the definition's name")
    if judge.pack(table, event).get("name") != data["pack"]:
        judge.blame("contents", "content", event, "data.pack", data["pack"], "the pack's name")
    if judge.sheet(data["content_hash"], event).title != (data["title"] or None) and data["title"]:
        judge.blame("contents", "content", event, "data.title", data["title"], "the content's title")
    table.stage, table.authors = "", {event.person}
    (drafting,) = judge.definition(table).first("draft")[:1]
    enter = derived(event.command, "enter")
    kind, wanted = entering(table, event, drafting, 0)
    table.todo = [(kind, {**wanted, "task": derived(table.id, f"drafting#{enter}")})]
    table.group = (enter, event.person, event.name, event.role, event.organ, "", "", "", -1)


def born_of(judge: Judge, table: Table, event: Event, command: str, tables: int, year: int, family: str, organs: Tuple[str, ...]) -> None:
    """The document came in the same step, names this table at this ordinal, and shares year and family with it."""
    if event.command != command:
        judge.blame("steps", "value", event, "command_id", event.command, command)
    if event.data["unit"] == organs[0] and (event.data["department"], event.data["bureau"]) != organs[1:]:
        judge.blame("steps", "value", event, "data.department", event.data["department"], organs[1])
    if judge.bundle.whole and not judge.posts.holds(event.data["owner"], "clerk", event.data["unit"], event.at):
        judge.blame("posts", "post", event, "data.owner", event.data["owner"], f"clerk {event.data['unit']}")
    for field, value in (("year", year), ("family", family)):
        if event.data[field] != value:
            judge.blame("steps", "value", event, f"data.{field}", event.data[field], value)
    ordinal = event.data["ordinal"]
    if not 0 < ordinal <= tables or table.id != derived(event.data["document"], str(ordinal - 1)):
        judge.blame("steps", "value", event, "data.ordinal", ordinal, "the document's own number")


def pinned(judge: Judge, event: Event, definition_hash: str) -> Optional[Definition]:
    """Return a definition read and linted once; None where it is unsound, which is a finding."""
    if definition_hash not in judge.definitions:
        content = judge.contents.of(definition_hash)
        try:
            judge.definitions[definition_hash] = definition_from(content)
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise Broken("content", "data.definition_hash", str(wrong), "a sound definition", check="contents") from None
    return judge.definitions[definition_hash]


BEGINNINGS_EFFECTS: Dict[str, Effect] = {
    "table.created": apply_created,
    "table.imported": apply_imported,
}
