"""Comments on places of a table: opened, answered, resolved."""

from __future__ import annotations

from typing import Dict, Optional

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.events.roles import ROLES_AT_HOME
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.evidence.moments import shown_moment
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.expecting import expect
from workflows.ledger.verifier.judge.judge import Effect, Judge, Opener
from workflows.ledger.verifier.judge.named import comment_named
from workflows.ledger.verifier.judge.seats import check_post, could_sit, sits_at
from workflows.ledger.verifier.judge.table import Table


def open_commented(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A reviewer comments on a place of the content that lies before him."""
    data = event.data
    here = [each for each in table.desks if each.node == data["node"]]
    mine = next((each for each in here if could_sit(event, each) or each.handed(event.role, event.organ)), here[0] if here else None)
    if mine is None or mine.level == "filing":
        raise Broken("step", "data.node", data["node"], "an open reviewing desk")
    sits_at(judge, table, event, mine)
    parts = data["pointer"].split("/")
    row = parts[2] if len(parts) > 2 and parts[1] == "indicators" else ""
    expect(event, {"level": mine.level, "round": table.round, "content_hash": table.content_hash, "row": row,
                   "thread": derived(table.id, f"thread:{event.command}")})  # fmt: skip
    return []


def apply_commented(judge: Judge, table: Table, event: Event) -> None:
    """A comment stands open."""
    data = event.data
    told = {name: data[name] for name in ("thread", "node", "level", "round", "pointer", "row", "criterion")}
    table.threads = [*table.threads, {
        **told, "words": judge.word(data["words"]), "by": event.person, "at": shown_moment(event.at), "answer": "",
        "answered_by": "", "resolved": False,
    }]  # fmt: skip


def open_comment_answered(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """The unit answers a comment; never whoever made it."""
    check_post(judge, event)
    if event.role not in ROLES_AT_HOME["unit"] or event.organ != table.unit or (event.role == "clerk" and event.person != table.owner):
        judge.blame("posts", "person", event, "actor.role", event.role, f"clerk {table.unit}")
    if comment_named(table, event)["by"] == event.person:
        judge.blame("segregation", "S10", event, "actor.id", event.person)
    return []


def apply_comment_answered(judge: Judge, table: Table, event: Event) -> None:
    """A comment has its answer."""
    news = {"answer": judge.word(event.data["words"]), "answered_by": event.person}
    table.threads = [{**each, **news} if each["thread"] == event.data["thread"] else each for each in table.threads]


def open_comment_resolved(judge: Judge, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
    """A comment is resolved at a desk of the level at which it was made."""
    level = comment_named(table, event)["level"]
    here = [each for each in table.desks if each.level == level]
    mine = next((each for each in here if could_sit(event, each) or each.handed(event.role, event.organ)), here[0] if here else None)
    if mine is None:
        raise Broken("step", "data.thread", event.data["thread"], level)
    sits_at(judge, table, event, mine)
    return []


def apply_comment_resolved(judge: Judge, table: Table, event: Event) -> None:
    """A comment is settled."""
    table.threads = [{**each, "resolved": True} if each["thread"] == event.data["thread"] else each for each in table.threads]


COMMENTS_OPENERS: Dict[str, Opener] = {
    "thread.opened": open_commented,
    "thread.answered": open_comment_answered,
    "thread.resolved": open_comment_resolved,
}
COMMENTS_EFFECTS: Dict[str, Effect] = {
    "thread.opened": apply_commented,
    "thread.answered": apply_comment_answered,
    "thread.resolved": apply_comment_resolved,
}
