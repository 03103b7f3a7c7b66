"""The reading of a table's stream: which event opens a step, which must follow, and what each does."""

from __future__ import annotations

from typing import Dict

from workflows.ledger.verifier.events.event import Event
from workflows.ledger.verifier.events.name_spaces import derived
from workflows.ledger.verifier.evidence.findings import Broken
from workflows.ledger.verifier.judge.desks import Todo
from workflows.ledger.verifier.judge.executions import no_amount_without_its_file
from workflows.ledger.verifier.judge.expecting import check_reason, expect, nothing
from workflows.ledger.verifier.judge.field_rights import check_rights
from workflows.ledger.verifier.judge.judge import Judge
from workflows.ledger.verifier.judge.moving_clocks import follow_clocks
from workflows.ledger.verifier.judge.passing_on import no_table_passed_on_without_its_document
from workflows.ledger.verifier.judge.recalls import follow_trails
from workflows.ledger.verifier.judge.rescoring import no_draw_without_its_event
from workflows.ledger.verifier.judge.returns import after_return
from workflows.ledger.verifier.judge.revisions import no_revision_without_its_end
from workflows.ledger.verifier.judge.rules import EFFECTS, OPENERS
from workflows.ledger.verifier.judge.seats import desk_of
from workflows.ledger.verifier.judge.table import Table, last_place
from workflows.ledger.verifier.law.limits import ASIDE, FILING_TURNS, REASONS, REPEATED, WHILE_SUSPENDED
from workflows.ledger.verifier.law.stages import STEPS


def take_event(judge: Judge, event: Event, words: Dict[str, str]) -> None:
    """Judge one event of a table, with its words by commitment."""
    table = judge.tables.get(event.stream)
    if table is None:
        table = judge.tables[event.stream] = Table(event.stream)
    judge.words = words
    if event.kind in FILING_TURNS:
        judge.turns[event.stream] = (FILING_TURNS[event.kind], event.at)
    if event.kind == "table.submitted":
        judge.firsts.setdefault(event.stream, event.at)
    if not table.broken:
        try:
            take_step(judge, table, event)
        except Broken as broken:
            judge.report.add(broken.check, broken.what, event.place, broken.field, broken.seen, broken.wanted)
            table.broken = True


def take_step(judge: Judge, table: Table, event: Event) -> None:
    """Let an event open a step, or follow within one; then do what it does."""
    if table.todo:
        follow_todo(table, event)
    else:
        table.group = None
        if event.step != 0 and (event.kind, event.command, event.step) != table.run:
            raise Broken("sequence", "step", event.step, 0)
        if event.kind in REPEATED:
            table.run = (event.kind, event.command, event.step + 1)
        table.todo = open_step(judge, table, event)
        table.group = (event.command, event.person, event.name, event.role, event.organ, event.at, event.behalf, event.cover, event.step)
    if table.trails:
        follow_trails(table, event)
    if table.chain is not None and table.chain.rights:
        check_rights(judge, table, event, table.chain.rights)
    EFFECTS.get(event.kind, nothing)(judge, table, event)
    follow_clocks(judge, table, event)
    if event.kind == "table.returned":
        table.todo += after_return(judge, table, event)
        table.listed = tuple(event.data.get("fields") or ()) if event.data["to"] == "draft" else ()
    elif event.kind in ("table.submitted", "table.withdrawn", "admin.intervened"):
        table.listed = ()
    table.completed = table.completed or event.kind == "amendment.confirmed"
    table.version, table.last_at, table.index = event.place.version or 0, event.at, event.place.event
    table.aside = table.aside + 1 if event.kind in ASIDE else 0
    if not table.todo:
        table.group = None
    if event.kind in REASONS:
        check_reason(judge, table, event)


def follow_todo(table: Table, event: Event) -> None:
    """Hold an event against what must follow: same command, same person and moment, the values of the rules."""
    kind, wanted = table.todo.pop(0)
    at = event.at if table.group is None or table.group[5] else ""
    group = (event.command, event.person, event.name, event.role, event.organ, at, event.behalf, event.cover, event.step - 1)
    if event.kind != kind or event.command != (table.group or group)[0]:
        raise Broken("sequence", "kind", event.kind, kind)
    if group != table.group:
        names = ("command_id", "actor.id", "actor.name", "actor.role", "actor.organ", "at", "actor.on_behalf_of", "actor.on_behalf_of", "step")
        field = next(name for name, one, two in zip(names, group, table.group or ()) if one != two)
        raise Broken("sequence", field, group[names.index(field)], (table.group or group)[names.index(field)])
    table.group = (*group[:-1], event.step)
    expect(event, wanted)


def open_step(judge: Judge, table: Table, event: Event) -> Todo:
    """Check that this event may open a step here and now, and return what must follow."""
    if table.stage == "":
        return open_first(table, event)
    rule = STEPS.get(event.kind)
    if rule is None:
        raise Broken("sequence", "kind", event.kind, "an opening event")
    stages, nodes, request = rule
    if table.stage not in stages:
        raise Broken("step", "kind", event.kind, table.stage)
    if (request == "yes" and table.request is None) or (request == "no" and table.request is not None):
        raise Broken("step", "kind", event.kind, "request")
    if table.paper and (event.kind, event.cover) != ("task.decided", table.paper["request"]):
        raise Broken("sequence", "kind", event.kind, "task.decided")
    if table.suspended is not None and event.kind not in WHILE_SUSPENDED:
        raise Broken("step", "kind", event.kind, "table.resumed")
    desk = desk_of(judge, table, event, nodes) if nodes else None
    return OPENERS[event.kind](judge, table, event, desk)


def open_first(table: Table, event: Event) -> Todo:
    """A table begins with its import, and the import is followed by the drafting desk."""
    if table.version == 0:
        if event.kind not in ("table.imported", "table.created"):
            raise Broken("sequence", "kind", event.kind, "table.imported")
        return []
    raise Broken("sequence", "kind", event.kind, "node.entered")


def end_of_log(judge: Judge) -> None:
    """No step is left half recorded, no reply without its document, no named table without its events."""
    for table in judge.tables.values():
        if table.paper and not table.broken:
            table.todo = table.todo or [("task.decided", {})]
        if table.todo and not table.broken:
            judge.report.add("steps", "unfinished", last_place(table), "kind", wanted=table.todo[0][0])
            table.broken = True
    no_draw_without_its_event(judge)
    no_amount_without_its_file(judge)
    no_table_passed_on_without_its_document(judge)
    no_revision_without_its_end(judge)
    for reply, told in judge.replies.items():
        place = min((place for _, _, place, _ in told.values()), key=lambda place: place.event or 0)
        judge.report.add("steps", "reply", place, "data.reply", reply)
    if judge.bundle.manifest["scope"]["kind"] in ("all", "year"):
        for document, (place, _, tables, *_) in judge.documents.items():
            lost = [number for number in range(tables) if derived(document, str(number)) not in judge.tables]
            if lost:
                judge.report.add("steps", "value", place, "data.tables", lost[0] + 1, "table.imported")
