"""After a calendar was published: open clocks are counted anew by events of the system, once, and reminders follow."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from tests.workflows.test_publishing_calendars import published
from workflows.calendars import shipped_content
from workflows.calendars.deadlines import ladder
from workflows.calendars.notice import Notice, read_notice, with_entry
from workflows.clocks.timers import OVERDUE, timers_of
from workflows.commands import pausing, recalling
from workflows.commands.administering import mark_overdue
from workflows.commands.recounting import recount_due
from workflows.events import TaskDueSet
from workflows.vocabulary import SYSTEM
from workflows.workdays import Due, official_calendar

MOVED = Notice(2026, "国办发明电〔2026〕1号", "2026-01-04")
"""A made-up notice: the Wednesday and Thursday after the submission are off, Saturday and Sunday are worked."""
TWO_DAYS = "2026-01-07,放假\n2026-01-08,放假\n2026-01-10,调休上班\n2026-01-11,调休上班\n"


def notice(text: str, organ: str = "") -> dict:
    entry = read_notice(text.encode(), Notice(2026, MOVED.number, MOVED.dated, organ))
    if organ:
        return with_entry(shipped_content(), entry)
    shipped = next(each for each in shipped_content()["years"] if each["year"] == 2026)
    merged = {field: sorted({*shipped[field], *entry[field]}) for field in ("days_off", "make_up_days")}
    return with_entry(shipped_content(), {**entry, **merged})


def in_review() -> Life:
    """A table that the unit's head has had since Monday, 5 January 2026: due on Thursday the 8th."""
    return Life(memory()).in_unit_review()


def recount(life: Life) -> list[TaskDueSet]:
    before = len(life.journal.history(life.table.id))
    life.table = recount_due(life.journal, life.table.id)
    return [each.fact for each in life.journal.history(life.table.id)[before:]]


def test_nothing_is_counted_anew_where_nothing_was_published():
    life = in_review()
    assert recount(life) == []
    assert [(desk.due_at, desk.calendar) for desk in life.table.desks] == [("2026-01-08T10:00:00+00:00", "")]


def test_a_notice_moves_an_open_deadline_by_an_event_of_the_system_once():
    life = in_review()
    version = published(life.journal, notice(TWO_DAYS)).content_hash
    (fact,) = recount(life)
    assert (fact.due_at, fact.provisional, fact.calendar) == ("2026-01-10T10:00:00+00:00", False, version)
    assert fact.rule == f"calendar.published:{official_calendar().version}"
    last = life.journal.history(life.table.id)[-1]
    assert (last.actor_id, last.role, last.organ) == (SYSTEM.id, SYSTEM.posts[0].role, SYSTEM.posts[0].organ)
    (desk,) = life.table.desks
    assert (desk.due_at, desk.calendar, desk.clock) == (fact.due_at, version, 1)
    assert recount(life) == []


def test_reminders_after_are_the_ladder_from_scratch():
    life = in_review()
    published(life.journal, notice(TWO_DAYS))
    recount(life)
    (desk,) = life.table.desks
    scratch = ladder(Due(date(2026, 1, 10), desk.provisional, ""), life.journal.calendar())
    known = datetime.fromisoformat(desk.due_set_at)
    wanted = {(f"{desk.task}#1", rung.code, rung.fires_at) for rung in scratch if rung.fires_at > known}
    wanted.add((f"{desk.task}#1", OVERDUE, datetime(2026, 1, 10, 10, tzinfo=UTC)))
    assert {(each.task, each.kind, each.due_at) for each in timers_of(life.table, life.journal.calendar)} == wanted
    assert [rung.fires_at.date().isoformat() for rung in scratch] == ["2026-01-05", "2026-01-09", "2026-01-10", "2026-01-11"]


def test_a_reminder_that_moves_alone_is_told_too():
    """The due day stays Wednesday, but a Sunday came to be worked and a Thursday off: T-3 falls on another day."""
    life = in_review()
    life.journal.at = datetime(2026, 1, 21, 1, tzinfo=UTC)
    life.approved(roster.UNIT_HEAD)
    (desk,) = life.table.desks
    assert desk.due_at == "2026-01-28T10:00:00+00:00"
    published(life.journal, notice("2026-01-22,放假\n2026-01-25,调休上班\n"))
    (fact,) = recount(life)
    assert fact.due_at == desk.due_at


def test_undoing_the_notice_gives_the_first_day_back():
    life = in_review()
    published(life.journal, notice(TWO_DAYS))
    first = recount(life)[0]
    published(life.journal, shipped_content())
    (fact,) = recount(life)
    assert (fact.due_at, fact.rule) == ("2026-01-08T10:00:00+00:00", f"calendar.published:{first.calendar}")


def test_nobody_becomes_late_by_a_notice():
    life = in_review()
    life.journal.at = datetime(2026, 1, 8, 9, tzinfo=UTC)
    life.approved(roster.UNIT_HEAD)
    (desk,) = life.table.desks
    assert desk.due_at == "2026-01-15T10:00:00+00:00"
    published(life.journal, notice("2026-01-10,调休上班\n2026-01-11,调休上班\n"))
    life.journal.at = datetime(2026, 1, 14, tzinfo=UTC)
    assert recount(life) == []


def test_a_task_that_was_late_is_so_no_more_where_the_notice_gives_it_time():
    life = in_review()
    life.journal.at = datetime(2026, 1, 8, 11, tzinfo=UTC)
    (desk,) = life.table.desks
    life.table = mark_overdue(life.journal, life.table.id, task=desk.task, command_id=uuid4())
    published(life.journal, notice(TWO_DAYS))
    recount(life)
    assert [each.overdue for each in life.table.desks] == [False]


def test_local_days_move_only_their_bureaus_deadlines():
    life = in_review()
    published(life.journal, notice("2026-01-06,放假\n", organ="elsewhere"))
    assert recount(life) == []
    other = in_review()
    published(other.journal, notice("2026-01-06,放假\n", organ=roster.BUREAU))
    assert [fact.due_at for fact in recount(other)] == ["2026-01-09T10:00:00+00:00"]


def test_a_desk_entered_after_publishing_is_counted_by_the_calendar_of_that_moment():
    life = in_review()
    version = published(life.journal, notice(TWO_DAYS)).content_hash
    life.approved(roster.UNIT_HEAD)
    (desk,) = life.table.desks
    assert (desk.calendar, desk.due_at) == (version, "2026-01-12T10:00:00+00:00")
    assert recount(life) == []


def test_an_extension_keeps_the_day_that_was_granted():
    life = in_review()
    (desk,) = life.table.desks
    life.table = pausing.ask_extension(
        life.journal, life.table.id, seen=life.seen(), by=roster.UNIT_HEAD, command_id=uuid4(), task=desk.task,
        until=date(2026, 1, 14), reason="单位负责人出差",
    )  # fmt: skip
    (asked,) = [each for each in life.table.inquiries if each.kind == "extension"]
    life.table = pausing.grant_extension(
        life.journal, life.table.id, seen=life.seen(), by=roster.DEPARTMENT_FINANCE, command_id=uuid4(), request=asked.id,
    )  # fmt: skip
    published(life.journal, notice("2026-01-12,放假\n2026-01-14,放假\n2026-01-17,调休上班\n"))
    assert [fact.due_at for fact in recount(life)] == ["2026-01-15T10:00:00+00:00"]


def test_a_suspended_tables_clocks_stand_still():
    life = in_review()
    life.table = pausing.suspend_table(
        life.journal, life.table.id, seen=life.seen(), by=roster.DEPARTMENT_FINANCE, command_id=uuid4(),
        until=date(2026, 1, 19), reason="等待上级文件",
    )  # fmt: skip
    version = published(life.journal, notice(TWO_DAYS)).content_hash
    assert recount(life) == []
    life.table = pausing.resume_table(
        life.journal, life.table.id, seen=life.seen(), by=roster.DEPARTMENT_FINANCE, command_id=uuid4()
    )
    assert [each.calendar for each in life.table.desks] == [version]


@pytest.mark.parametrize("days", range(1, 6))
def test_the_recount_of_any_day_of_entry_is_the_count_from_scratch(days):
    life = Life(memory())
    life.journal.at += timedelta(days=days)
    life.in_unit_review()
    published(life.journal, notice(TWO_DAYS))
    recount(life)
    (desk,) = life.table.desks
    entered = datetime.fromisoformat(desk.entered_at).date()
    assert desk.due_at == life.journal.calendar().add_workdays(entered, 3).moment.isoformat()


def test_a_task_opened_again_by_its_signer_is_counted_anew_by_the_calendar_in_force():
    """拿回: the new task's rungs are those of the calendar that counted the one before, once the worker has looked."""
    life = in_review()
    version = published(life.journal, notice(TWO_DAYS)).content_hash
    recount(life)
    due = life.table.desks[0].due_at
    life.approved(roster.UNIT_HEAD)
    life.table = recalling.recall_decision(
        life.journal, life.table.id, seen=life.seen(), by=roster.UNIT_HEAD, command_id=uuid4(), reason="附件须再核对一次"
    )
    recount(life)
    (desk,) = life.table.desks
    assert (desk.due_at, desk.calendar) == (due, version)
    moments = {each.kind: each.due_at for each in timers_of(life.table, life.journal.calendar)}
    assert moments["T+1"] == datetime(2026, 1, 11, 1, 0, tzinfo=UTC), "a Sunday that is worked"
