"""The worker after a calendar was published: each open table once, in batches, whatever crashes; reminders follow."""

from datetime import datetime
from uuid import uuid4

import pytest

from tests.support import roster
from tests.workers.test_reminders import waiting
from tests.workflows.test_publishing_calendars import ONE, OTHER
from tests.workflows.test_recounting import TWO_DAYS, notice
from workers import recounting
from workers.recounting import recount_open, waiting_tables
from workflows.calendars import shipped_content
from workflows.clocks.timers import timers_of
from workflows.commands.administering import give_grant
from workflows.commands.publishing_calendars import propose_calendar, publish_calendar
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin

DUE_SET = "SELECT count(*) FROM log.event WHERE kind = 'task.due_set' AND stream_id = :table"


def published(bureau, content) -> str:
    with begin(bureau.engine) as tx:
        journal = PostgresJournal(tx)
        for person in (ONE, OTHER):
            give_grant(journal, person=person.id, name=person.name, post=person.posts[0], by=roster.SECURITY_ADMIN, command_id=uuid4())
        version = propose_calendar(journal, content=content, by=ONE, command_id=uuid4()).content_hash
        publish_calendar(journal, content_hash=version, by=OTHER, command_id=uuid4())
    return version


def counted(bureau, table) -> int:
    with begin(bureau.engine) as tx:
        return tx.scalar(DUE_SET, table=table)


def left(bureau) -> int:
    with begin(bureau.engine) as tx:
        return len(waiting_tables(tx, 100))


def test_every_open_table_is_looked_at_once_and_its_reminders_follow(bureau):
    tables = [bureau.table("in_unit_review") for _ in range(2)] + [bureau.table("in_monitoring")]
    assert (left(bureau), recount_open(bureau.engine)) == (0, 0)
    version = published(bureau, notice(TWO_DAYS))
    assert left(bureau) == 2
    assert (recount_open(bureau.engine), recount_open(bureau.engine), left(bureau)) == (2, 0, 0)
    assert [counted(bureau, table.id) for table in tables] == [1, 1, 0]
    with begin(bureau.engine) as tx:
        journal = PostgresJournal(tx)
        after = journal.lock_table(tables[0].id)
        wanted = {(each.task, each.kind, each.due_at) for each in timers_of(after, journal.calendar)}
    assert [(desk.calendar, desk.due_at) for desk in after.desks] == [(version, "2026-01-10T10:00:00+00:00")]
    assert waiting(bureau, after.id) == wanted


def test_back_to_the_version_before_counts_back(bureau):
    table = bureau.table("in_unit_review")
    published(bureau, notice(TWO_DAYS))
    recount_open(bureau.engine)
    published(bureau, shipped_content())
    recount_open(bureau.engine)
    published(bureau, notice(TWO_DAYS))
    assert (recount_open(bureau.engine), counted(bureau, table.id)) == (1, 3)
    with begin(bureau.engine) as tx:
        assert [desk.due_at for desk in PostgresJournal(tx).lock_table(table.id).desks] == ["2026-01-10T10:00:00+00:00"]


def test_a_crash_between_event_and_mark_leaves_nothing_half_done(bureau, monkeypatch):
    tables = [bureau.table("in_unit_review") for _ in range(3)]
    published(bureau, notice(TWO_DAYS))
    seen, mark = [], recounting.mark_recounted

    def dies(tx, table, version, calendar):
        seen.append(table)
        if len(seen) == 2:
            raise RuntimeError("killed")
        mark(tx, table, version, calendar)

    monkeypatch.setattr(recounting, "mark_recounted", dies)
    assert recount_open(bureau.engine) == 2
    assert (sorted(counted(bureau, table.id) for table in tables), left(bureau)) == ([0, 1, 1], 1)
    assert recount_open(bureau.engine) == 1
    assert ([counted(bureau, table.id) for table in tables], left(bureau)) == ([1, 1, 1], 0)


@pytest.mark.parametrize("batch", [1, 2])
def test_many_batches_reach_every_table(bureau, monkeypatch, batch):
    monkeypatch.setattr(recounting, "BATCH", batch)
    tables = [bureau.table("in_unit_review") for _ in range(3)]
    published(bureau, notice(TWO_DAYS))
    assert recount_open(bureau.engine) == 3
    assert [counted(bureau, table.id) for table in tables] == [1, 1, 1]


def test_a_table_filed_while_the_clock_stands_after_the_notice_is_only_looked_at(bureau):
    published(bureau, notice(TWO_DAYS))
    bureau.move_clock(datetime.fromisoformat("2026-01-12T02:00:00+00:00"))
    table = bureau.table("in_unit_review")
    assert (recount_open(bureau.engine), counted(bureau, table.id), left(bureau)) == (1, 0, 0)
