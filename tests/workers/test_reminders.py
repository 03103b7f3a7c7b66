"""Timers: a function of the log alone; each fires once, does its deed once, and nothing where its reason is gone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import roster
from tests.support.life import Life
from tests.workers.desk import check_inbox
from tests.workers.test_notifications import Door, deliver
from tests.workflows.test_any_person_any_verb import STARTS, VERBS, likely, start
from workers.reminders import fire, fire_due
from workflows.clocks.timers import DISCLOSE, OPEN_MONITORING, OPEN_SELF_EVALUATION, OVERDUE, PASS_ON, meant, timers_of
from workflows.commands.ending import ask_to_end
from workflows.commands.recipe import Seen
from workflows.errors import GoaltrailError
from workflows.folds.replay import Table, apply, replay
from workflows.store.journal import PostgresJournal
from workflows.store.timers import lease_due, mark_timer_failed, sweep_expired_timers
from workflows.store.transaction import begin
from workflows.vocabulary import ENDED, Action, Stage

OPEN_RUNGS = """
SELECT task, kind, due_at FROM desk.timer WHERE stream_id = :table AND state = 'pending'
UNION ALL
SELECT task, rung ->> 'kind', CAST(rung ->> 'due' AS timestamptz)
FROM desk.timer, jsonb_array_elements(facts -> 'then') AS rung WHERE stream_id = :table AND state = 'pending'"""
AFTER_THE_YEAR = datetime(2027, 3, 1, tzinfo=UTC)
FIRED = "SELECT kind, count(*) AS n, max(fires) AS times FROM desk.timer WHERE state = 'fired' GROUP BY kind"


AS_BEFORE = """
INSERT INTO desk.timer (id, stream_id, task, kind, dedupe_key, facts, due_at, next_at)
VALUES (:id, :stream, :task, :kind, :key, '{"provisional": false}', :due, :due)"""


def kept_by_hand(history) -> set:
    """The timers as a clerk would keep them in a box: cards in when a desk gets its day, out when it is left or loses it."""
    box, table = set(), Table(uuid4())
    for recorded in history:
        after = apply(table, recorded)
        days, now = ({desk.task: (desk.due_at, desk.clock) for desk in each.desks} for each in (table, after))
        changed = {task for task in days.keys() | now.keys() if days.get(task) != now.get(task)}
        box = {card for card in box if meant(card.task) not in changed}
        box |= {card for card in timers_of(after) if card.kind not in (OPEN_MONITORING, OPEN_SELF_EVALUATION)
                and meant(card.task) in changed}  # fmt: skip
        table = after
    return box


def due_after_reply(table: Table) -> set[str]:
    """What is reminded of after a reply though no desk waits for it: passing it on, and disclosure where it is 公开."""
    if table.replied is None or table.stage in ENDED:
        return set()
    disclosed = table.replied.disclose_due and table.disclosure == "公开"
    return ({PASS_ON} if table.replied.waits else set()) | ({DISCLOSE} if disclosed else set())


@given(beginning=st.sampled_from(STARTS), picks=st.lists(st.integers(0, 10_000), min_size=1, max_size=25))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_reminders_are_a_function_of_the_log(beginning, picks):
    life = start(beginning)
    journal, table_id = life.journal, life.table.id
    for number, pick in enumerate(picks, 1):
        table = journal.lock_table(table_id)
        verb, person = (acts := likely(table))[pick % len(acts)]
        try:
            VERBS[verb](
                journal, table_id, seen=Seen(table.version, table.content_hash), by=person,
                command_id=UUID(int=number * 1_000_003 + pick),
            )
        except GoaltrailError:
            continue
        history = journal.history(table_id)
        table = replay(table_id, history)
        wanted = set(timers_of(table))
        terms = {t for t in wanted if meant(t.task) in (PASS_ON, DISCLOSE)}
        of_desks = {t for t in wanted - terms if t.kind not in (OPEN_MONITORING, OPEN_SELF_EVALUATION)}
        assert of_desks == kept_by_hand(history)
        assert {meant(t.task) for t in terms} == due_after_reply(table)
        openings = {meant(t.task) for t in wanted if t.kind == OPEN_MONITORING}
        planned = {w.window for w in table.windows if w.state == "planned" and not table.paused}
        assert openings == (planned if table.stage == Stage.MONITORING else set())
        assert table.stage not in ENDED or wanted == set()


def waiting(bureau, table_id):
    """What waits, and what follows it: no rung is there twice."""
    rows = [(row["task"], row["kind"], row["due_at"]) for row in bureau.rows(OPEN_RUNGS, table=table_id)]
    assert len(rows) == len(set(rows))
    return set(rows)


def test_the_rows_are_the_timers_of_the_table(bureau):
    table = bureau.table("in_finance_approval")
    assert waiting(bureau, table.id) == {(t.task, t.kind, t.due_at) for t in timers_of(table)}
    table = bureau.acts(table.id, "returned", roster.FINANCE_BUSINESS, Stage.DRAFT)
    assert waiting(bureau, table.id) == {(t.task, t.kind, t.due_at) for t in timers_of(table)}
    table = bureau.table("in_monitoring")
    assert waiting(bureau, table.id) == {(t.task, t.kind, t.due_at) for t in timers_of(table)}


def test_each_timer_fires_once(bureau):
    bureau.table("in_unit_review")
    bureau.move_clock(datetime(2026, 1, 30, tzinfo=UTC))
    assert fire_due(bureau.engine, lease_seconds=30) > 0
    assert fire_due(bureau.engine, lease_seconds=30) == 0
    fired = {row["kind"]: (row["n"], row["times"]) for row in bureau.rows(FIRED)}
    assert fired[OVERDUE] == (1, 1)
    assert set(fired) <= {"T-3", "T-1", "T", "T+1", OVERDUE}
    deliver(bureau, Door())
    check_inbox(bureau)


def test_a_year_opens_its_windows_and_its_self_evaluation(bureau):
    table = bureau.table("in_monitoring")
    for window in table.windows:
        bureau.move_clock(datetime.fromisoformat(f"{window.date}T02:00:00+00:00"))
        fire_due(bureau.engine, lease_seconds=30)
    with begin(bureau.engine) as tx:
        opened = PostgresJournal(tx).lock_table(table.id)
    assert {window.state for window in opened.windows} == {"open"}
    bureau.move_clock(AFTER_THE_YEAR)
    while fire_due(bureau.engine, lease_seconds=30):
        pass
    with begin(bureau.engine) as tx:
        journal = PostgresJournal(tx)
        after = journal.lock_table(table.id)
        system = {each.kind for each in journal.history(table.id) if each.actor_id == "system"}
    assert after.stage == Stage.SELF_EVALUATION
    assert {"monitoring.opened", "selfeval.opened", "task.overdue"} <= system


def test_a_timer_whose_task_is_gone_does_nothing(bureau):
    table = bureau.table("in_unit_review")
    bureau.move_clock(datetime(2026, 1, 30, tzinfo=UTC))
    with begin(bureau.engine) as tx:
        leased = lease_due(tx, limit=100)
    before = bureau.acts(table.id, "approved", roster.UNIT_HEAD)
    for timer in leased:
        fire(bureau.engine, timer)
    with begin(bureau.engine) as tx:
        assert PostgresJournal(tx).lock_table(table.id) == before
    assert bureau.rows("SELECT count(*) AS n FROM desk.outbox WHERE kind LIKE 'reminder.%'") == [{"n": 0}]


def test_an_opening_waits_while_two_persons_decide_on_the_end(bureau):
    table = bureau.table("in_monitoring")
    with begin(bureau.engine) as tx:
        journal = PostgresJournal(tx)
        life = Life(journal, journal.lock_table(table.id))
        ask_to_end(
            journal, table.id, action=Action.TERMINATE, seen=life.seen(), by=roster.FINANCE_BUSINESS,
            command_id=uuid4(), reason="项目取消不再实施",
        )  # fmt: skip
    bureau.move_clock(AFTER_THE_YEAR)
    for _ in range(8):
        fire_due(bureau.engine, lease_seconds=30)
        with begin(bureau.engine) as tx:
            tx.run("UPDATE desk.timer SET next_at = due_at WHERE state = 'pending'")
    states = bureau.rows("SELECT DISTINCT state, attempts FROM desk.timer WHERE kind LIKE '%.open'")
    assert [dict(row) for row in states] == [{"state": "pending", "attempts": 0}]


def lease_all(bureau):
    with begin(bureau.engine) as tx:
        return lease_due(tx, limit=100)


def rungs_with_their_moments(bureau, table_id):
    sql = "SELECT task, kind, due_at FROM desk.timer WHERE stream_id = :table AND state <> 'cancelled'"
    return sorted((row["task"], row["kind"], row["due_at"]) for row in bureau.rows(sql, table=table_id))


def test_each_rung_sets_the_next_one_until_the_last(bureau):
    table = bureau.table("in_unit_review")
    wanted = sorted(timers_of(table), key=lambda timer: timer.due_at)
    for number, timer in enumerate(wanted, 1):
        rows = rungs_with_their_moments(bureau, table.id)
        assert rows == sorted((each.task, each.kind, each.due_at) for each in wanted[:number])
        bureau.move_clock(timer.due_at)
        assert fire_due(bureau.engine, lease_seconds=30) == 1
    assert bureau.rows("SELECT count(*) AS n FROM desk.timer WHERE state = 'pending'") == [{"n": 0}]


@pytest.mark.parametrize("failure", ["failed", "lease expired"])
def test_a_rung_that_fails_holds_up_none_after_it(bureau, failure):
    table = bureau.table("in_unit_review")
    first, second, *_ = sorted(timers_of(table), key=lambda timer: timer.due_at)
    bureau.move_clock(second.due_at)
    (leased,) = lease_all(bureau)
    for _ in range(2):
        with begin(bureau.engine) as tx:
            if failure == "failed":
                mark_timer_failed(tx, leased["id"], failure, wait=3_600)
            else:
                tx.run("UPDATE desk.timer SET lease_until = clock_timestamp() WHERE id = :id", id=leased["id"])
                sweep_expired_timers(tx)
    rows = rungs_with_their_moments(bureau, table.id)
    assert rows == sorted((each.task, each.kind, each.due_at) for each in (first, second))
    while fire_due(bureau.engine, lease_seconds=30):
        pass
    bureau.move_clock(AFTER_THE_YEAR)
    while fire_due(bureau.engine, lease_seconds=30):
        pass
    fired = {row["kind"]: (row["n"], row["times"]) for row in bureau.rows(FIRED)}
    assert fired == {timer.kind: (1, 1) for timer in timers_of(table)}


def test_rungs_set_all_at_once_by_an_earlier_release_fire_once_each(bureau):
    table = bureau.table("in_unit_review")
    first, *others = sorted(timers_of(table), key=lambda timer: timer.due_at)
    with begin(bureau.engine) as tx:
        tx.run("UPDATE desk.timer SET facts = facts - 'then'")
        for each in others:
            key = f"{table.id}:{each.task}:{each.kind}"
            tx.run(
                AS_BEFORE, id=UUID(bytes=sha256(key.encode()).digest()[:16]), stream=table.id, task=each.task,
                kind=each.kind, key=key, due=each.due_at,
            )  # fmt: skip
    bureau.move_clock(AFTER_THE_YEAR)
    while fire_due(bureau.engine, lease_seconds=30):
        pass
    fired = {row["kind"]: (row["n"], row["times"]) for row in bureau.rows(FIRED)}
    assert fired == {timer.kind: (1, 1) for timer in (first, *others)}


@pytest.mark.parametrize("times", [2, 3])
def test_the_same_leased_timer_fired_again_changes_nothing(bureau, times):
    table = bureau.table("in_unit_review")
    bureau.move_clock(datetime(2026, 1, 30, tzinfo=UTC))
    while leased := lease_all(bureau):
        for _ in range(times):
            for timer in leased:
                fire(bureau.engine, timer)
    assert {row["times"] for row in bureau.rows(FIRED)} == {1}
    with begin(bureau.engine) as tx:
        marks = [each.kind for each in PostgresJournal(tx).history(table.id) if each.kind == "task.overdue"]
    assert marks == ["task.overdue"]


def test_a_decision_and_a_reminder_at_the_same_moment(bureau):
    """Both go through, in either order, without a deadlock; nobody is reminded of what is decided."""
    tables = [bureau.table("in_unit_review").id for _ in range(20)]
    bureau.move_clock(datetime(2026, 1, 30, tzinfo=UTC))
    with begin(bureau.engine) as tx:
        leased = [timer for timer in lease_due(tx, limit=1000) if timer["stream_id"] in tables]
    with ThreadPoolExecutor(4) as people:
        for table_id in tables:
            mine = [timer for timer in leased if timer["stream_id"] == table_id]
            acts = [people.submit(fire, bureau.engine, timer) for timer in mine * 3]
            acts.insert(1, people.submit(bureau.acts, table_id, "approved", roster.UNIT_HEAD))
            for act in acts:
                act.result()
    while deliver(bureau, Door()) or fire_due(bureau.engine, lease_seconds=30):
        pass
    check_inbox(bureau)
    assert bureau.rows("SELECT count(*) AS n FROM desk.timer WHERE state = 'leased'") == [{"n": 0}]
