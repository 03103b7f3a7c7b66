"""Whether what an event writes lies in fields that the definition gives to its role."""

from __future__ import annotations

from typing import Sequence

from workflows.ledger.verifier.events.amounts import amount
from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.sheets import Changes
from workflows.ledger.verifier.judge.judge import Judge
from workflows.ledger.verifier.judge.table import Table
from workflows.ledger.verifier.law.powers import FILING_DESKS
from workflows.ledger.verifier.law.rights import FIELDS_CHANGED, FORM_FIELDS, Right, field_group


def may_write(table: Table, rights: Sequence[Right], role: str, group: str, pointer: str = "") -> bool:
    """Whether the matrix lets a role write a place, or a whole form, of a table as it stands."""
    mine = [each for each in rights if (each.stage, each.role) == (table.stage, role)]
    listed = any(pointer == each or pointer.startswith(f"{each}/") for each in table.listed) if pointer else bool(table.listed)
    for each in mine:
        holds = {"": False, "returned": bool(table.listed), "completed": table.completed}[each.once]
        if holds and group not in each.write and not (listed and "returned" in each.write):
            return False
    return any(group in each.write for each in mine if not each.once)


def check_rights(judge: Judge, table: Table, event: Event, rights: Sequence[Right]) -> None:
    """What an event writes lies in fields that the definition gives to the role under which it is signed, at this time."""
    if event.kind in FIELDS_CHANGED:
        changes = judge.contents.of(event.data["changes"])
        for place in changes.places if isinstance(changes, Changes) else ():
            if not may_write(table, rights, event.role, field_group(place), place):
                judge.blame("steps", "value", event, "data.changes", place, f"fields of {event.role} in {table.stage}")
                return
    group = FORM_FIELDS.get(event.kind)
    if event.kind == "attachment.added" and event.data["for_step"].partition(":")[0] not in FILING_DESKS:
        return
    if group is not None and not may_write(table, rights, event.role, group):
        judge.blame("steps", "value", event, "actor.role", group, f"fields of {event.role} in {table.stage}")
    if event.kind in ("monitoring.filed", "selfeval.filed") and not may_write(table, rights, event.role, "executed"):
        window = table.window(event.data["window"]) if event.kind == "monitoring.filed" else None
        day = window.date if window is not None else f"{table.year}-12-31"
        said, known = amount(event.data["figures"].get("executed")), [each for each in table.executions if each["date"] <= day]
        newest = [each for each in known if each["date"] == max(every["date"] for every in known)][-1:]
        if said is not None and [said] != [amount(each["executed"]) for each in newest]:
            judge.blame("steps", "value", event, "data.figures", said, "execution.recorded")
