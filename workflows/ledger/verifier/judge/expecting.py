"""Holding an event against the values that must stand there, and its reason against the shortest one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Dict, Optional, Tuple

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.evidence.canonical import WRITTEN
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.judge.desks import Desk, Todo
from workflows.ledger.verifier.judge.judge import Judge
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.limits import REASONS, SHORTEST_REASON


def check_reason(judge: Judge, table: Table, event: Event) -> None:
    """A reason that can be read has at least five characters."""
    word = judge.word(event.data[REASONS[event.kind]])
    if type(word) is str and len(word.strip()) < SHORTEST_REASON:
        judge.blame("steps", "value", event, f"data.{REASONS[event.kind]}", word, f">= {SHORTEST_REASON}")


def check_number(judge: Judge, event: Event, field: str, wanted: Optional[Decimal]) -> None:
    """A number of the event is the one that was reckoned, or none where there is none."""
    found = event.data[field]
    if (found is None) != (wanted is None) or (found is not None and Decimal(found) != wanted):
        judge.blame("steps", "value", event, f"data.{field}", found, str(wanted))


def check_pack_named(table: Table, event: Event) -> None:
    """A score names the rule pack that the table is pinned to; older shapes named none."""
    if "pack" in event.data:
        expect(event, {"pack": table.pack, "pack_hash": table.pack_hash})


def nothing(_judge: Judge, _table: Table, _event: Event) -> None:
    """Some events change no state."""


def expect(event: Event, wanted: Dict[str, Any]) -> None:
    """The event's data hold these values; a frozenset holds the values of which one must stand there."""
    data = event.data
    for field, value in wanted.items():
        found = data[field]
        if type(value) is frozenset:
            if found not in value:
                raise Broken("value", f"data.{field}", found, " / ".join(sorted(map(str, value))))
        elif found != value or type(found) is not type(value) or (type(value) is list and WRITTEN.encode(found) != WRITTEN.encode(value)):
            raise Broken("value", f"data.{field}", found, value)


def expect_post(event: Event, role: str, organ: str, judge: Judge) -> None:
    """The event is signed under this very post."""
    if (event.role, event.organ) != (role, organ):
        judge.blame("posts", "person", event, "actor.role", event.role, f"{role} {organ}")


def left(desk: Optional[Desk]) -> Tuple[str, Dict[str, Any]]:
    """Return the fact that a desk finished its work."""
    return "node.completed", {"node": desk.node, "round": desk.round} if desk else {}


def overtaken(table: Table, but: str = "") -> Todo:
    """Return the facts that every active node (but one) is overtaken: each task is closed, the node with its last."""
    desks = [desk for desk in table.desks if desk.node != but]
    last = {desk.node: desk for desk in desks}
    return [
        ("node.superseded" if last[desk.node] is desk else "task.superseded", {"node": desk.node, "round": desk.round, "task": desk.task})
        for desk in desks
    ]  # fmt: skip
