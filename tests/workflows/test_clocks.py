"""Clocks and ladders (B6, B7, B12): what was reminded and escalated equals a plain recount of the list of events."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import roster
from tests.support.chains import standard_but
from tests.support.clockwork import Clockwork, timers_now
from tests.support.hands import act
from tests.support.life import Life
from tests.support.memory_journal import MemoryJournal
from tests.support.notices_by_the_log import works
from workflows.clocks.timers import meant
from workflows.commands import pausing
from workflows.errors import GoaltrailError
from workflows.vocabulary import Stage
from workflows.workdays import is_workday

LEADER = {"role": "finance_leader", "of": "bureau"}
RUNGS = [
    {"at": "T-3", "do": "remind"}, {"at": "T", "do": "remind"}, {"at": "T+1", "do": "remind"},
    {"at": "T+3", "do": "inform", "to": LEADER}, {"at": "T+5", "do": "hand", "to": LEADER},
]  # fmt: skip
BEGINS = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
PEOPLE = tuple(each for each in roster.PEOPLE if each.id != "every_hat")
NODE = "finance_business"


def laddered(**changes) -> tuple[Life, Clockwork]:
    """A table before the bureau's sections on Monday 5 January; five working days each, the business section's ladder."""
    life = Life(MemoryJournal(BEGINS, PEOPLE), definition=standard_but(NODE, ladder=RUNGS, **changes)).in_finance_approval()
    return life, Clockwork(life)


def task_of(life, node=NODE):
    return next((desk for desk in life.table.desks if desk.node == node), None)


# -- a plain recount: nothing of the product but the list of events and the calendar's one question ----------------------


def at_nine(day: date) -> datetime:
    return datetime.combine(day, time(1), UTC)


def step(day: date, count: int, worked=is_workday) -> date:
    """Walk so many working days, one day after another; a day off stands for the last one worked before it."""
    while not worked(day):
        day -= timedelta(days=1)
    while count:
        day += timedelta(days=1 if count > 0 else -1)
        count -= (1 if count > 0 else -1) * worked(day)
    return day


def recount(history, until: datetime, rungs=RUNGS, calendars=None):
    """Which rungs of the node came, as a reader of the list would tell: (task, rung, deed, moment).

    `calendars` are the contents of published ones by their hash: which days are worked there is read from the text.
    """
    still: list[tuple[datetime, datetime | None]] = []
    clocks: list[tuple[str, datetime, date, datetime | None, str]] = []
    running: dict[str, int] = {}

    def stop(task, at):
        if task in running:
            number = running.pop(task)
            clocks[number] = (*clocks[number][:3], at, clocks[number][4])

    def start(task, at, due_at, calendar):
        stop(task, at)
        running[task] = len(clocks)
        clocks.append((task, at, datetime.fromisoformat(due_at).date(), None, calendar or ""))

    def worked_by(calendar):
        content = (calendars or {}).get(calendar)
        return (lambda day: works(day, content)) if content else is_workday

    for each in history:
        data, at = each.fact.data(), each.at
        if (each.kind == "node.entered" and data["node"] == NODE) or (each.kind == "task.due_set" and data["node"] == NODE):
            start(data["task"], at, data["due_at"], data["calendar"])
        elif each.kind == "task.recalled" and data["node"] == NODE:
            for task in data["reopened"]:
                start(task["task"], at, task["due_at"], task.get("calendar"))
        elif each.kind in ("task.decided", "node.completed", "node.superseded") and data["node"] == NODE:
            for task in list(running):
                stop(task, at)
        elif each.kind == "table.suspended":
            still.append((at, None))
        elif each.kind == "table.resumed":
            still[-1] = (still[-1][0], at)
    came, seated = set(), set()
    for task, since, day, ended, calendar in clocks:
        if ended and ended - since < timedelta(seconds=1):  # counted anew in the same breath
            continue
        for rung in rungs:
            moment = at_nine(step(day, int(rung["at"][1:] or 0), worked_by(calendar)))
            if rung["do"] == "hand" and moment <= since and task not in seated:  # late already: handed at once
                came.add((task, rung["at"], rung["do"], at_nine(since.date())))
                seated.add(task)
                continue
            stands = any(first <= moment and (last is None or moment <= last) for first, last in still)
            if since < moment <= until and (ended is None or moment <= ended) and not stands:
                came.add((task, rung["at"], rung["do"], moment))
                seated |= {task} if rung["do"] == "hand" else set()
    return came


def observed(life, clock):
    told = {(task, kind, "remind", moment) for task, kind, moment in clock.told if task in tasks_ever(life)}
    history = life.journal.history(life.table.id)
    raised = [each for each in history if each.kind == "task.escalated"]
    return told | {(each.fact.task, each.fact.rung, each.fact.do, at_nine(each.at.date())) for each in raised}


def tasks_ever(life):
    facts = [each.fact for each in life.journal.history(life.table.id) if getattr(each.fact, "node", "") == NODE]
    return {fact.task for fact in facts if fact.kind in ("node.entered", "task.recalled")}


ACTS = st.lists(st.tuples(
    st.integers(1, 9), st.sampled_from(["wait", "return", "extend", "suspend", "resume", "come back", "approve"]), st.integers(2, 15),
), min_size=1, max_size=7)  # fmt: skip


def do(life, clock, what, days):
    """Try one act on the table as it stands; what is refused does not happen."""
    today = life.journal.at.date()
    try:
        if what == "return" and task_of(life):
            life.returned(roster.FINANCE_BUSINESS, Stage.DRAFT)
        elif what == "come back" and life.table.stage == Stage.DRAFT:
            life.completed().submitted().approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_FINANCE)
        elif what == "extend" and task_of(life):
            act(life, pausing.ask_extension, roster.FINANCE_BUSINESS, task=task_of(life).task, until=today + timedelta(days=days), reason="等待补充材料")
            act(life, pausing.grant_extension, roster.FINANCE_PERFORMANCE, request=life.table.inquiries[-1].id)
        elif what == "suspend":
            act(life, pausing.suspend_table, roster.FINANCE_PERFORMANCE, until=today + timedelta(days=days), reason="等待上级明确口径")
        elif what == "resume" and life.table.suspended:
            act(life, pausing.resume_table, roster.FINANCE_PERFORMANCE)
        elif what == "approve" and task_of(life):
            life.approved(roster.FINANCE_BUSINESS)
    except GoaltrailError:
        life.table = life.journal.lock_table(life.table.id)


def walked(on_return, on_suspend, acts):
    life, clock = laddered(on_return=on_return, on_suspend=on_suspend)
    for days, what, more in acts:
        clock.until(life.journal.at + timedelta(days=days, hours=2))
        do(life, clock, what, more)
    clock.until(life.journal.at + timedelta(days=40))
    return life, clock


RULES = st.sampled_from(["restart", "continue", "pause"])


@given(RULES, RULES, ACTS)
@settings(max_examples=25)
def test_what_came_by_time_is_what_the_list_of_events_says(on_return, on_suspend, acts):
    life, clock = walked(on_return, on_suspend, acts)
    came = observed(life, clock)
    assert came == recount(life.journal.history(life.table.id), life.journal.at)
    assert len(clock.told) == len({(task, kind, moment) for task, kind, moment in clock.told})


@pytest.mark.long
@given(RULES, RULES, ACTS)
@settings(max_examples=400)
def test_what_came_by_time_is_what_many_lists_of_events_say(on_return, on_suspend, acts):
    life, clock = walked(on_return, on_suspend, acts)
    assert observed(life, clock) == recount(life.journal.history(life.table.id), life.journal.at)


# -- named cases -------------------------------------------------------------------------------------------------------


def day(number: int, hour: int = 3) -> datetime:
    return datetime(2026, 1, number, hour, 0, tzinfo=UTC)


def test_a_reminder_lives_after_a_return():
    """RY#1018 退回后提醒失效：退回再提交，新任务照样提醒、升级。"""
    life, clock = laddered()
    clock.until(day(7))
    life.returned(roster.FINANCE_BUSINESS, Stage.DRAFT)
    clock.until(day(14))
    first = set(clock.told)
    do(life, clock, "come back", 0)
    mine = task_of(life).task
    clock.until(datetime(2026, 2, 10, tzinfo=UTC))
    again = [(kind, moment) for task, kind, moment in clock.told if task == mine]
    assert (first & {each for each in clock.told if each[0] == mine}, [kind for kind, _ in again]) == (set(), ["T-3", "T", "T+1"])
    assert [moment.date() for _, moment in again] == [date(2026, 1, 16), date(2026, 1, 21), date(2026, 1, 22)]
    raised = [each.fact.do for each in life.journal.history(life.table.id) if each.kind == "task.escalated"]
    assert raised == ["inform", "hand"]


@pytest.mark.parametrize(("rule", "due"), [("restart", "2026-01-22"), ("continue", "2026-01-12"), ("pause", "2026-01-20")])
def test_a_clock_on_return_begins_anew_runs_on_or_stands_still(rule, due):
    """Returned on Wednesday with three of five days left, back a week later on Thursday."""
    life, clock = laddered(on_return=rule)
    clock.until(day(7))
    life.returned(roster.FINANCE_BUSINESS, Stage.DRAFT)
    clock.until(day(15))
    do(life, clock, "come back", 0)
    assert task_of(life).due_at == f"{due}T10:00:00+00:00"
    assert task_of(life, "finance_performance").due_at == "2026-01-22T10:00:00+00:00"


def test_a_clock_that_stood_still_twice_has_what_two_returns_left():
    life, clock = laddered(on_return="pause")
    clock.until(day(6))
    life.returned(roster.FINANCE_BUSINESS, Stage.DRAFT)
    clock.until(day(12))
    do(life, clock, "come back", 0)
    clock.until(day(14))
    life.returned(roster.FINANCE_PERFORMANCE, Stage.DRAFT)
    clock.until(day(21))
    do(life, clock, "come back", 0)
    assert task_of(life).due_at == "2026-01-23T10:00:00+00:00"


def test_a_late_task_that_comes_back_has_until_the_end_of_that_working_day():
    life, clock = laddered(on_return="pause")
    clock.until(day(14))
    life.returned(roster.FINANCE_BUSINESS, Stage.DRAFT)
    clock.until(day(20))
    do(life, clock, "come back", 0)
    assert (task_of(life).due_at, task_of(life).overdue) == ("2026-01-20T10:00:00+00:00", False)


def test_a_node_that_was_complete_begins_anew_after_a_return():
    """The business section had passed the table when the performance section returned it: it looks at it anew."""
    life, clock = laddered(on_return="pause")
    clock.until(day(8))
    life.approved(roster.FINANCE_BUSINESS)
    life.returned(roster.FINANCE_PERFORMANCE, Stage.DRAFT)
    clock.until(day(15))
    do(life, clock, "come back", 0)
    assert task_of(life).due_at == "2026-01-22T10:00:00+00:00"


def test_calendar_days_stand_still_too_and_a_fixed_date_stays():
    for clock_of, due in (({"working_days": 0, "calendar_days": 10}, "2026-01-23"), ({"working_days": 0, "fixed_date": "02-01"}, "2026-02-01")):
        life, clock = laddered(on_return="pause", **clock_of)
        clock.until(day(7))
        life.returned(roster.FINANCE_BUSINESS, Stage.DRAFT)
        clock.until(day(15))
        do(life, clock, "come back", 0)
        assert task_of(life).due_at == f"{due}T10:00:00+00:00"


@pytest.mark.parametrize(("rule", "due"), [("restart", "2026-01-27"), ("continue", "2026-01-12"), ("pause", "2026-01-22")])
def test_a_clock_on_suspension_begins_anew_runs_on_or_stands_still(rule, due):
    life, clock = laddered(on_suspend=rule)
    clock.until(day(8))
    do(life, clock, "suspend", 12)
    clock.until(day(20))
    assert task_of(life).due_at == f"{due}T10:00:00+00:00"
    assert task_of(life, "finance_performance").due_at == "2026-01-22T10:00:00+00:00"


def test_more_time_moves_the_whole_ladder_the_escalations_too():
    """B12: 延期之后，原时点的提醒和升级都不再来，新时点的照来。"""
    life, clock = laddered()
    clock.until(day(8))
    before = {each.kind: each.due_at for each in timers_now(life) if meant(each.task) == task_of(life).task}
    do(life, clock, "extend", 8)
    after = {each.kind: each.due_at for each in timers_now(life) if meant(each.task) == task_of(life).task}
    assert (before["inform.T+3"].date(), before["hand.T+5"].date()) == (date(2026, 1, 15), date(2026, 1, 19))
    assert (after["inform.T+3"].date(), after["hand.T+5"].date()) == (date(2026, 1, 21), date(2026, 1, 23))
    clock.until(day(20))
    assert [each for each in life.journal.history(life.table.id) if each.kind == "task.escalated"] == []
    clock.until(day(26))
    raised = [(each.fact.do, each.at.date()) for each in life.journal.history(life.table.id) if each.kind == "task.escalated"]
    assert raised == [("inform", date(2026, 1, 21)), ("hand", date(2026, 1, 23))]


def test_a_superior_who_was_let_in_keeps_his_seat_when_more_time_is_granted_and_is_told_anew():
    life, clock = laddered()
    clock.until(day(19))
    do(life, clock, "extend", 10)
    assert [rung[:2] for rung in task_of(life).escalated] == [("T+3", "inform"), ("T+5", "hand")]
    clock.until(datetime(2026, 2, 12, tzinfo=UTC))
    raised = [each.fact.rung for each in life.journal.history(life.table.id) if each.kind == "task.escalated"]
    assert (raised, len(task_of(life).escalated)) == (["T+3", "T+5", "T+3", "T+5"], 2)


def test_the_rules_as_they_are_by_default_change_no_event():
    """Written out or left out, restart on return and pause on suspension are what a chain always did."""
    told = []
    for changes in ({}, {"on_return": "restart", "on_suspend": "pause"}):
        life = Life(MemoryJournal(BEGINS, PEOPLE), definition=standard_but("finance_business", **changes)).in_finance_approval()
        for what, days in (("return", 1), ("come back", 5), ("suspend", 6), ("resume", 0)):
            life.journal.at += timedelta(days=2)
            do(life, None, what, days)
        events = life.journal.history(life.table.id)
        told.append([(each.kind, each.at, each.fact.data().get("due_at"), each.fact.data().get("rule")) for each in events])
    assert told[0] == told[1]
    assert {"table.returned", "table.suspended", "task.due_set"} - {kind for kind, *_ in told[0]} == set()
