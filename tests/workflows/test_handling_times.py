"""B13: what the report says of handling times equals a plain recount of the events, minute by minute where it matters."""

import statistics
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import roster
from tests.support.life import Life, memory
from tests.workflows.test_clocks import ACTS, RULES, walked
from workflows.calendars.work_time import work_time_between
from workflows.handling.efficiency import IN_TIME, LATE, UNTIMED, lines_of, packed, tables_behind
from workflows.handling.visits import Visit, visits_in
from workflows.vocabulary import Stage
from workflows.workdays import is_workday, official_calendar


def official(_at, _bureau):
    return official_calendar()


# -- a plain recount ------------------------------------------------------------------------------------------------------


def worked(since: datetime, until: datetime) -> int:
    """Count the office seconds between two moments, an hour of each day after another."""
    seconds, hour = 0.0, since.replace(minute=0, second=0, microsecond=0)
    while hour < until:
        there = (hour + timedelta(hours=8)).replace(tzinfo=None)
        if 9 <= there.hour < 18 and is_workday(there.date()):
            seconds += max((min(until, hour + timedelta(hours=1)) - max(since, hour)).total_seconds(), 0)
        hour += timedelta(hours=1)
    return int(seconds)


def recount(history):
    """(node, day, minutes, late) of every task that somebody handled, from the list alone."""
    open_now, still, found, since = {}, [], {}, None
    for each in history:
        data, at = each.fact.data(), each.at
        if each.kind == "node.entered":
            open_now[data["task"]] = [data["node"].partition(":")[0], at, data["due_at"]]
        elif each.kind == "task.due_set":
            open_now[data["task"]][2] = data["due_at"]
        elif each.kind == "table.suspended":
            since = at
        elif each.kind == "table.resumed":
            still.append((since, at))
        elif each.kind in ("task.superseded", "node.superseded"):
            open_now.pop(data["task"], None)
        elif each.kind == "task.decided":
            found[data["task"]] = (*open_now.pop(data["task"]), at)
        elif each.kind == "node.completed":
            for task in [task for task, (node, *_) in open_now.items() if node == data["node"].partition(":")[0]]:
                found[task] = (*open_now.pop(task), at)
    told = []
    for node, entered, due, left in found.values():
        seconds = worked(entered, left) - sum(worked(max(first, entered), last) for first, last in still if entered < last <= left)
        day = (left + timedelta(hours=8)).date().isoformat()
        told.append((node, day, seconds, left > datetime.fromisoformat(due) if due else None))
    return told


def close(minutes: int, seconds: int) -> bool:
    """The recount cuts each stretch to whole seconds: it may be a few seconds short of a full minute."""
    return -5 <= minutes * 60 - seconds <= 5 or seconds // 60 == minutes


@given(RULES, RULES, ACTS)
@settings(max_examples=15)
def test_visits_are_what_a_plain_recount_of_the_events_finds(on_return, on_suspend, acts):
    life, _ = walked(on_return, on_suspend, acts)
    history = life.journal.history(life.table.id)
    visits, plain = visits_in(life.table.id, history, official), recount(history)
    assert [(each.node, each.day, each.late) for each in visits] == [(node, day, late) for node, day, _, late in plain]
    assert [each for each, (*_, seconds, _late) in zip(visits, plain, strict=True) if not close(each.minutes, seconds)] == []


VISITS = st.lists(st.lists(st.tuples(
    st.sampled_from(["unit_head", "reply"]), st.sampled_from(["2026-01-05", "2026-02-01", "2026-03-09"]), st.integers(0, 6_000),
    st.sampled_from([None, False, True]),
).map(lambda fields: Visit(*fields)), max_size=4), max_size=8)  # fmt: skip


@given(VISITS, st.sampled_from(["", "2026-02-01"]), st.sampled_from(["", "2026-02-01"]), st.booleans())
@settings(max_examples=60)
def test_the_report_equals_a_plain_recount(tables, first, last, by_organ):
    rows = [(f"t{number}", f"d{number % 2}", packed(visits)) for number, visits in enumerate(tables)]
    plain = defaultdict(list)
    for number, visits in enumerate(tables):
        for each in visits:
            if (not first or first <= each.day) and (not last or each.day <= last):
                plain[each.node, f"d{number % 2}" if by_organ else ""].append((each.minutes, each.late, f"t{number}"))
    lines = lines_of(rows, first, last)[by_organ]
    assert {(line.node, line.organ) for line in lines} == set(plain)
    for line in lines:
        told = plain[line.node, line.organ]
        minutes, timed = sorted(each[0] for each in told), [late for _, late, _ in told if late is not None]
        hours = [Decimal(value) / 60 for value in (statistics.median(minutes), minutes[max(0, -(-9 * len(minutes) // 10)) - 1])]
        assert (line.median, line.p90) == tuple(value.quantize(Decimal("0.1"), ROUND_HALF_UP) for value in hours)
        assert (line.number, line.timed, line.late) == (len(told), len(timed), sum(timed))
        share = Decimal(timed.count(False) * 100) / len(timed) if timed else None
        assert line.on_time == (share.quantize(Decimal("0.1"), ROUND_HALF_UP) if share is not None else None)
        behind = sorted(tables_behind(rows, (line.node, line.organ), first, last))
        assert behind == sorted((table, {None: UNTIMED, True: LATE, False: IN_TIME}[late]) for _, late, table in told)


# -- named cases ----------------------------------------------------------------------------------------------------------


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+08:00")


@pytest.mark.parametrize(("since", "until", "hours"), [
    ("2026-01-05T09:00", "2026-01-05T18:00", 9), ("2026-01-05T07:00", "2026-01-05T23:00", 9), ("2026-01-05T17:00", "2026-01-06T10:30", 2.5),
    ("2026-01-10T09:00", "2026-01-11T18:00", 0), ("2026-02-13T17:00", "2026-02-14T10:00", 2), ("2026-02-14T17:00", "2026-02-24T10:00", 2),
    ("2026-01-06T09:00", "2026-01-05T09:00", 0),
], ids=["a day", "only office hours", "over night", "a weekend", "a make-up Saturday", "Spring Festival", "backwards"])  # fmt: skip
def test_work_time_between_two_moments(since, until, hours):
    assert work_time_between(at(since), at(until), official_calendar()) == timedelta(hours=hours)


def test_a_tables_own_visits_in_working_hours():
    """Entered on Monday at nine; the head passes it on Tuesday at noon: nine hours of the first day and three of the second, less a moment."""
    life = Life(memory()).in_unit_review()
    life.journal.at = datetime(2026, 1, 6, 4, 0, tzinfo=UTC)
    life.approved(roster.UNIT_HEAD)
    life.journal.at = datetime(2026, 1, 20, 4, 0, tzinfo=UTC)
    life.returned(roster.DEPARTMENT_FINANCE, Stage.DRAFT)
    visits = visits_in(life.table.id, life.journal.history(life.table.id), official)
    (head, planner) = [each for each in visits if each.node in ("unit_head", "department_finance")]
    assert (head.day, head.minutes // 60, head.late) == ("2026-01-06", 11, False)
    assert (planner.day, planner.minutes // 60, planner.late) == ("2026-01-20", 90, True)


def test_what_was_overtaken_was_not_handled_and_what_was_taken_back_ended_nothing():
    life = Life(memory()).in_finance_approval().returned(roster.FINANCE_BUSINESS, Stage.DRAFT)
    nodes = [each.node for each in visits_in(life.table.id, life.journal.history(life.table.id), official)]
    assert nodes == ["drafting", "unit_head", "department_finance", "finance_business"]
    assert date.fromisoformat(life.table.last_at[:10]) == date(2026, 1, 5)
