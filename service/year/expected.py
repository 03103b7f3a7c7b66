"""Which notices and reminders the exported events ask for: the same rules, but no database and no worker in between."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from workflows.calendars.deadlines import ladder
from workflows.clocks.timers import DISCLOSE, PASS_ON, timers_of
from workflows.events import Recorded
from workflows.filings import BY_TIME, document_from
from workflows.folds.replay import Desk, Table, apply, instant, to_json
from workflows.ledger.canonical import canonical
from workflows.store.event_rows import recorded_from
from workflows.words.document_sentences import notices_of_document
from workflows.words.notices import Addressee, reminder, told_of
from workflows.words.reply_sentences import disclosure_reminder, pass_on_reminder
from workflows.words.review_clock_sentences import notices_of_clock, part_reminder
from workflows.workdays import Due, beijing_date

AFTER_REPLY = {PASS_ON: pass_on_reminder, DISCLOSE: disclosure_reminder}
Key = tuple[UUID, str, str, str]
"""Whose message: table, task or version, template, person."""


@dataclass
class Expectation:
    """Everything that had to be told, and the tables as a replay from nothing leaves them."""

    notices: set[Key] = field(default_factory=set)
    reminders: set[Key] = field(default_factory=set)
    tables: dict[UUID, Table] = field(default_factory=dict)
    documents: dict[UUID, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
    holders: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def rebuilt(self) -> dict[str, str]:
        """Return each table's state as canonical JSON text, by table id."""
        return {str(table_id): canonical(to_json(table)).decode() for table_id, table in self.tables.items()}


def expected_from(lines: Iterable[str], until: datetime) -> Expectation:
    """Replay a JSONL export from nothing; reminders count up to the log's time `until`."""
    said = Expectation()
    for recorded in map(_recorded, lines):
        if recorded.subject == "person":
            _grant(said, recorded)
        elif recorded.subject == "document":
            _of_part(said, recorded)
        elif recorded.subject == "table":
            before = said.tables.get(recorded.stream, Table(recorded.stream))
            after = apply(before, recorded)
            said.tables[recorded.stream] = after
            _left(said, before, after, recorded.at)
            _after_reply(said, before, after, recorded.at)
            said.notices.update(_told(said, recorded, before, after))
    for history in said.documents.values():
        _part_left(said, history, until)
    for table in said.tables.values():
        _left(said, table, Table(table.id), until)
        _after_reply(said, table, Table(table.id), until)
    return said


def _recorded(line: str) -> Recorded:
    said: Mapping[str, Any] = json.loads(line)
    return recorded_from(canonical(said["body"]), texts=said.get("words"))


def _grant(said: Expectation, recorded: Recorded) -> None:
    fact: Any = recorded.fact
    people = said.holders[str(fact.role), fact.organ]
    (people.add if recorded.kind == "grant.given" else people.discard)(fact.person)


def _people(said: Expectation, to: Addressee) -> set[str]:
    return {to.person} if to.person else said.holders[str(to.role), to.organ or ""]


def _told(said: Expectation, recorded: Recorded, before: Table, after: Table) -> Iterator[Key]:
    task = getattr(recorded.fact, "task", None) if recorded.kind in ("node.entered", "task.overdue") else None
    for notice in told_of(recorded, before, after):
        for person in _people(said, notice.to):
            yield recorded.stream, str(task or recorded.version), notice.template, person


def _left(said: Expectation, before: Table, after: Table, at: datetime) -> None:
    """Count the ladder of every desk that was left at a moment: the rungs that fired while it was held."""
    staying = {desk.task for desk in after.desks}
    for desk in before.desks:
        if desk.task not in staying:
            for code in _fired(desk, at):
                notice = reminder(before, desk, code)
                said.reminders.update((before.id, desk.task, notice.template, who) for who in _people(said, notice.to))


def _after_reply(said: Expectation, before: Table, after: Table, at: datetime) -> None:
    """Count what a table was reminded of after its reply when a term ended: once for the reply, not for each table."""
    ending, running = before.replied, {timer.task for timer in timers_of(after)}
    over = [timer for timer in timers_of(before) if timer.task in AFTER_REPLY and timer.task not in running]
    for timer in over:
        if ending and timer.due_at <= at:
            notice = AFTER_REPLY[timer.task](before, ending, timer.kind)
            said.reminders.update((UUID(ending.reply), "1", notice.template, who) for who in _people(said, notice.to))


def _of_part(said: Expectation, recorded: Recorded) -> None:
    """Count what is told of a document's department part, and the rungs of the clock that an event ends."""
    history = said.documents[recorded.stream]
    if history:
        _part_left(said, history, recorded.at)
    history.append(recorded)
    tell = notices_of_clock if recorded.kind in BY_TIME else notices_of_document
    for notice in tell(recorded, document_from(tuple(history))):
        said.notices.update((recorded.stream, str(recorded.version), notice.template, who)
                            for who in _people(said, notice.to))


def _part_left(said: Expectation, history: Sequence[Recorded], at: datetime) -> None:
    """Count the rungs of a review's clock that rang up to a moment."""
    document = document_from(tuple(history))
    if (clock := document.clock) is None:
        return
    began = next(each.at for each in history if each.version == clock.version)
    for rung in ladder(Due(beijing_date(clock.due_at), clock.provisional, "")):
        if began < rung.fires_at <= at and (notice := part_reminder(document, rung.code)):
            said.reminders.update((document.id, str(clock.version), notice.template, who)
                                  for who in _people(said, notice.to))


def _fired(desk: Desk, left: datetime) -> Iterator[str]:
    if desk.due_at is None:
        return
    entered = instant(desk.entered_at)
    for rung in ladder(Due(beijing_date(instant(desk.due_at)), desk.provisional, "")):
        if entered < rung.fires_at <= left:
            yield rung.code
