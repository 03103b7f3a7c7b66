"""What replies must and may have reminded of: passing them on and disclosing; once for a whole reply, by their own days."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tests.support.notices_by_the_log import BEIJING, USUAL, Said, World, counted, put, works
from workflows.events import Recorded
from workflows.folds.replay import Table, apply
from workflows.words.reply_sentences import disclosure_reminder, pass_on_reminder

LATER = dt.datetime.max.replace(tzinfo=dt.UTC)
REMINDERS = {"pass_on": pass_on_reminder, "disclose": disclosure_reminder}


@dataclass(frozen=True)
class Stretch:
    """A time in which a table neither stood still nor had ended, as it was then."""

    table: Table
    first: dt.datetime
    last: dt.datetime


def tell_of_replies(tables: Mapping[UUID, Sequence[Recorded]], world: World, said: Said) -> set[UUID]:
    """Add what is reminded of after replies; return the replies."""
    found: set[UUID] = set()
    for stream, events in tables.items():
        stretches = _stretches(stream, events)
        replied = next((each.table.replied for each in reversed(stretches) if each.table.replied), None)
        if replied is None:
            continue
        found.add(UUID(replied.reply))
        for what, due in (("pass_on", replied.pass_on_due), ("disclose", replied.disclose_due)):
            for code, moment in _rungs(due, replied.on, world):
                _tell((what, code, moment), stretches, world, said)
    return found


def _tell(rung: tuple[str, str, dt.datetime], stretches: Sequence[Stretch], world: World, said: Said) -> None:
    """A rung comes at its moment, or when the table goes on after it; while it still waits for what it is about."""
    what, code, moment = rung
    for each in stretches:
        if each.last <= moment or each.table.replied is None:
            continue
        come = max(moment, each.first)
        step = world.step_of(come)
        if step is None:
            return
        first = max(come, step.began)
        if each.last <= first or not _waits(what, each.table):
            continue
        lasts = each.last > step.drained
        notice, reply = REMINDERS[what](each.table, each.table.replied, code), UUID(each.table.replied.reply)
        put(said.must if lasts else said.may, (reply, "1"), notice, world.reached(notice, first))
        if lasts:
            return


def _waits(what: str, table: Table) -> bool:
    if what == "pass_on":
        return bool(table.replied and table.replied.pass_on_due and not table.replied.passed_on)
    return table.disclosure == "公开"


def _stretches(stream: UUID, events: Sequence[Recorded]) -> list[Stretch]:
    """Cut a table's time at every event; a stretch that stands still or comes after the end is left out."""
    table, found = Table(stream), list[Stretch]()
    for number, recorded in enumerate(events):
        table = apply(table, recorded)
        last = events[number + 1].at if number + 1 < len(events) else LATER
        if not table.suspended and not table.ended:
            same = found and found[-1].last == recorded.at and _alike(found[-1].table, table)
            found = [*found[:-1], Stretch(found[-1].table, found[-1].first, last)] if same else [*found, Stretch(table, recorded.at, last)]
    return found


def _alike(one: Table, other: Table) -> bool:
    return (one.replied, one.disclosure, one.doc_no) == (other.replied, other.disclosure, other.doc_no)


def _rungs(due: str, replied_on: str, world: World) -> Iterator[tuple[str, dt.datetime]]:
    """Yield code and moment of the usual rungs of a day, by the calendar that ships."""
    if not due:
        return
    day = dt.date.fromisoformat(due)
    last = day if works(day, world.shipped) else counted(day, -1, world.shipped)
    for rung in USUAL:
        found = counted(last, int(rung["at"][1:] or 0), world.shipped)
        if found.isoformat() > replied_on:
            yield rung["at"], dt.datetime.combine(found, dt.time(9), BEIJING).astimezone(dt.UTC)
