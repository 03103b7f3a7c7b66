"""The system's word after a calendar was published: open tasks are due by the one in force, an event for each (B4)."""

from uuid import UUID, uuid5

from workflows import events as e
from workflows.clocks.recounting import Clocks, Recounted, recounted
from workflows.commands.recipe import Seen, begin
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.vocabulary import SYSTEM, Action
from workflows.workdays import published_version

RECOUNTS = UUID("4b0e6a1d-6c0f-5f36-8f0e-6a8d1f6b7c25")
"""Namespace of the system's command ids: a calendar and a table as it stands always give the same command."""


def recount_due(journal: Journal, table_id: UUID) -> Table:
    """Set the due moments of a table's open tasks anew by the calendar in force; nothing where none changes.

    The command is derived from the calendar and from the table as it stood: a repeat after a crash finds it recorded,
    or nothing left to change. The calendar is read after the table was locked: whoever comes later counts by it too.
    """
    table = journal.lock_table(table_id)
    calendar = journal.calendar()
    if not published_version(calendar.version):
        return table
    command_id = uuid5(RECOUNTS, f"{calendar.version}:{table_id}:{table.version}")
    work = begin(journal, table_id, SYSTEM, command_id, Action.RECOUNT)
    if work.done:
        return work.table
    clocks = Clocks(work.table, journal.history(table_id), work.chain, work.calendar, journal.calendar)
    found = recounted(clocks, journal.now())
    if not found:
        return work.table
    work.ask(Action.RECOUNT, Seen(work.table.version))
    return work.record([_fact(each) for each in found], SYSTEM.posts[0])


def _fact(found: Recounted) -> e.TaskDueSet:
    desk, due = found.desk, found.due
    return e.TaskDueSet(
        desk.node, desk.task, desk.round, due.moment.isoformat(), due.provisional, due.calendar_version, found.rule
    )
