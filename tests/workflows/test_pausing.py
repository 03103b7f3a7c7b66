"""Clocks: urging at most every four hours, more time asked and granted, a table suspended and going on."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.hands import ACCOUNTANT, REASON, SECOND_PERFORMANCE, act, in_review, kinds, task_of
from workflows.clocks.timers import DISCLOSE, OVERDUE, PASS_ON, RESUME, meant, timers_of
from workflows.commands import drafting, holding, pausing, reviewing
from workflows.commands.administering import mark_overdue
from workflows.errors import FieldsInvalid, NotAllowed, NotOpenNow
from workflows.folds.replay import from_json, to_json
from workflows.rights.lifecycle import STEPS, decide, step_for
from workflows.vocabulary import SYSTEM, WHILE_SUSPENDED, Action, Stage
from workflows.workdays import official_calendar


def urged(life, by=roster.CLERK):
    return act(life, pausing.urge_task, by, task=task_of(life), note="请尽快办理")


def test_a_task_is_urged_at_most_once_in_four_hours():
    life = urged(in_review())
    first = datetime.fromisoformat(life.table.desks[0].urged_at)
    life.journal.at = first + timedelta(hours=3, minutes=59)
    with pytest.raises(NotOpenNow) as refused:
        urged(life, by=ACCOUNTANT)
    assert refused.value.facts["at"] == (first + timedelta(hours=4)).isoformat()
    assert refused.value.sentence == "此任务刚刚催办过，2026-01-05 13:00之后才能再次催办。"
    life.journal.at = first + timedelta(hours=4)
    assert kinds(urged(life))[-2:] == ["task.urged", "task.urged"]


def test_urging_takes_nobody_his_sight_of_the_table():
    life = in_review()
    seen = life.seen()
    urged(life)
    table = reviewing.approve_table(life.journal, life.table.id, seen=seen, by=roster.UNIT_HEAD, command_id=uuid4())
    assert table.stage == Stage.DEPARTMENT_REVIEW


def later(life, until=date(2026, 1, 16), by=roster.UNIT_HEAD):
    return act(life, pausing.ask_extension, by, task=task_of(life), until=until, reason=REASON)


def granted(life, by=roster.FINANCE_PERFORMANCE):
    return act(life, pausing.grant_extension, by, request=life.table.inquiries[-1].id)


def test_more_time_is_granted_by_the_next_level_up_or_the_performance_section():
    life = later(in_review())
    allowed = {p.id for p in (*roster.PEOPLE, SYSTEM) if decide(p, life.table, Action.GRANT_EXTENSION).allowed}
    assert allowed == {"planner", "performance", "every_hat"}
    granted(life, by=roster.DEPARTMENT_FINANCE)
    assert life.table.desks[0].due_at == datetime(2026, 1, 16, 10, 0, tzinfo=UTC).isoformat()


def test_more_time_until_a_day_that_is_over_is_not_granted_any_more():
    """It would set a task due in the past; on the day itself it is still worth something, and refusing stays open."""
    life = later(in_review())
    life.journal.at = datetime(2026, 1, 18, 1, 0, tzinfo=UTC)
    with pytest.raises(NotOpenNow) as refused:
        granted(life)
    assert refused.value.sentence == "申请延至的2026-01-16已经过去，不能再同意；请不予同意，由申请人重新提出。"
    life.journal.at = datetime(2026, 1, 16, 1, 0, tzinfo=UTC)
    assert granted(life).table.desks[0].due_at == datetime(2026, 1, 16, 10, 0, tzinfo=UTC).isoformat()


def test_nobody_grants_himself_more_time():
    life = in_review().approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_FINANCE).approved(roster.FINANCE_BUSINESS)
    later(life, by=roster.FINANCE_PERFORMANCE, until=date(2026, 3, 2))
    assert decide(roster.FINANCE_PERFORMANCE, life.table, Action.GRANT_EXTENSION).rule == "R-ROLE"
    assert granted(life, by=SECOND_PERFORMANCE).table.inquiries[0].state == "granted"


def test_the_reminders_follow_the_new_date_and_none_of_the_old_ones_is_left_episciences_118():
    life = in_review()
    old = {(timer.task, timer.kind) for timer in timers_of(life.table)}
    granted(later(life))
    new = timers_of(life.table)
    assert old & {(timer.task, timer.kind) for timer in new} == set(), "a rung fires once for each key: the keys are new"
    assert max(timer.due_at for timer in new if timer.kind == OVERDUE) == datetime(2026, 1, 16, 10, 0, tzinfo=UTC)


def test_an_overdue_task_with_more_time_is_overdue_no_more_pkp_2687():
    life = in_review()
    life.journal.at = datetime(2026, 1, 12, 1, 0, tzinfo=UTC)
    life.table = mark_overdue(life.journal, life.table.id, task=task_of(life), command_id=uuid4())
    assert life.table.desks[0].overdue
    assert granted(later(life)).table.desks[0].overdue is False


def test_a_request_for_more_time_is_refused_and_may_be_made_again():
    life = later(in_review())
    assert decide(roster.UNIT_HEAD, life.table, Action.ASK_EXTENSION).rule == "G-EXTENSION"
    due = life.table.desks[0].due_at
    act(life, pausing.refuse_extension, roster.FINANCE_PERFORMANCE, request=life.table.inquiries[0].id, reason=REASON)
    assert (life.table.desks[0].due_at, life.table.inquiries[0].state) == (due, "refused")
    assert later(life).table.inquiries[-1].state == "open"


def test_more_time_means_a_later_date():
    with pytest.raises(FieldsInvalid):
        later(in_review(), until=date(2026, 1, 7))


def suspended(life, until=date(2026, 1, 19), by=roster.DEPARTMENT_FINANCE):
    return act(life, pausing.suspend_table, by, until=until, reason="等待上级文件下达")


def test_a_suspended_table_is_only_read():
    life = suspended(in_review())
    people = (*roster.PEOPLE, SYSTEM)
    for action in {step.action for step in STEPS if step.start == life.table.stage}:
        answers = [decide(person, life.table, action) for person in people]
        if action not in WHILE_SUSPENDED and step_for(action, life.table.stage):
            assert [answer for answer in answers if answer.allowed] == [], action
            assert {answer.rule for answer in answers} <= {"G-SUSPENDED", "R-READ", "R-ROLE"}
    with pytest.raises(NotAllowed, match="已挂起"):
        act(life, reviewing.approve_table, roster.UNIT_HEAD)


def test_no_clock_runs_while_a_table_is_suspended_but_that_of_its_end():
    life = suspended(in_review())
    (timer,) = timers_of(life.table)
    assert (timer.kind, timer.due_at) == (RESUME, datetime(2026, 1, 19, 1, 0, tzinfo=UTC))


def test_a_table_goes_on_with_its_due_moments_moved_by_the_working_days_it_stood_still():
    life = suspended(in_review())
    assert life.table.desks[0].due_at == "2026-01-08T10:00:00+00:00"
    life.journal.at = datetime(2026, 1, 12, 2, 0, tzinfo=UTC)
    act(life, pausing.resume_table, roster.FINANCE_PERFORMANCE)
    assert official_calendar().workdays_within(date(2026, 1, 5), date(2026, 1, 12)) == 5
    assert (life.table.suspended, life.table.desks[0].due_at) == (None, "2026-01-15T10:00:00+00:00")
    assert act(life, reviewing.approve_table, roster.UNIT_HEAD).table.stage == Stage.DEPARTMENT_REVIEW


def test_a_pause_within_a_day_sets_every_timer_anew():
    life = in_review()
    old = {(timer.task, timer.kind) for timer in timers_of(life.table)}
    act(suspended(life), pausing.resume_table, roster.DEPARTMENT_FINANCE)
    new = {(timer.task, timer.kind) for timer in timers_of(life.table)}
    assert (len(new), old & new) == (len(old), set()), "those of before were cancelled for good"


def test_the_windows_of_a_year_are_opened_after_a_pause_too():
    life = in_review().approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_FINANCE)
    life = life.approved(roster.FINANCE_BUSINESS).approved(roster.FINANCE_PERFORMANCE).replied()
    before = {timer.task for timer in timers_of(life.table)}
    act(suspended(life, by=roster.FINANCE_PERFORMANCE), pausing.resume_table, roster.FINANCE_PERFORMANCE)
    assert {timer.task for timer in timers_of(life.table)} == {f"{task}#1" for task in before}
    assert life.window_opened().table.window("w1").state == "open"


def test_what_is_due_after_the_reply_and_a_completion_are_reminded_of_after_a_pause_too():
    """No timer is set twice: under its old key a reminder that the pause took away would never come back."""
    life = in_review().approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_FINANCE)
    life = life.approved(roster.FINANCE_BUSINESS).approved(roster.FINANCE_PERFORMANCE).replied()
    before = {(meant(timer.task), timer.kind, timer.due_at) for timer in timers_of(life.table)}
    assert {task for task, _kind, _due in before} >= {PASS_ON, DISCLOSE}
    act(suspended(life, by=roster.FINANCE_PERFORMANCE), pausing.resume_table, roster.FINANCE_PERFORMANCE)
    after = timers_of(life.table)
    assert {(meant(timer.task), timer.kind, timer.due_at) for timer in after} == before
    assert [timer.task for timer in after if not timer.task.endswith("#1")] == []


def test_the_system_lets_a_table_go_on_when_its_date_has_come_and_not_before():
    life = suspended(in_review())
    for at, still in ((datetime(2026, 1, 18, 1, 0, tzinfo=UTC), True), (datetime(2026, 1, 19, 1, 0, tzinfo=UTC), False)):
        life.journal.at = at
        life.table = pausing.resume_expired(life.journal, life.table.id, command_id=uuid4())
        assert (life.table.suspended is not None) == still


def test_units_do_not_suspend_and_the_end_lies_ahead():
    life = in_review()
    assert decide(roster.UNIT_HEAD, life.table, Action.SUSPEND).rule == "R-ROLE"
    with pytest.raises(FieldsInvalid):
        suspended(life, until=date(2026, 1, 5))
    suspended(life)
    assert decide(roster.DEPARTMENT_FINANCE, life.table, Action.SUSPEND).rule == "G-SUSPENDED"


def test_a_claim_that_ran_out_during_a_pause_is_released_after_it():
    life = in_review()
    act(life, holding.claim_task, roster.UNIT_HEAD, task=task_of(life))
    suspended(life)
    life.journal.at = datetime(2026, 1, 7, 1, 0, tzinfo=UTC)
    life.table = holding.release_expired(life.journal, life.table.id, task=task_of(life), command_id=uuid4())
    assert life.table.desks[0].claimed_by == "unit_head"
    act(life, pausing.resume_table, roster.DEPARTMENT_FINANCE)
    life.table = holding.release_expired(life.journal, life.table.id, task=task_of(life), command_id=uuid4())
    assert life.table.desks[0].claimed_by == ""


def test_a_state_with_a_pause_is_written_and_read_back_and_the_draft_cannot_be_kept():
    life = suspended(in_review())
    assert from_json(to_json(life.table)) == life.table
    with pytest.raises(NotAllowed, match="已挂起"):
        act(life, drafting.withdraw_table, roster.CLERK, reason=REASON)
