"""Claims, extensions and pauses on a real database: their timers are set anew, fire once, and races have one winner."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from tests.support import roster
from tests.support.hands import REASON
from tests.workers.test_reminders import waiting
from workers.reminders import fire_due
from workflows.clocks.timers import RELEASE, RESUME, timers_of
from workflows.commands import holding, pausing
from workflows.commands.recipe import Seen
from workflows.errors import GoaltrailError
from workflows.store.journal import PostgresJournal
from workflows.store.rebuilding import rebuild
from workflows.store.transaction import begin

TASK = "SELECT claimed_by FROM desk.task WHERE table_id = :table"
REMINDED = "SELECT kind FROM desk.outbox WHERE kind LIKE 'reminder.%' AND channel = 'inbox' ORDER BY kind"


def act(bureau, table_id: UUID, verb, by, **words):
    with begin(bureau.engine) as tx:
        journal = PostgresJournal(tx)
        table = journal.lock_table(table_id)
        return verb(journal, table_id, seen=Seen(table.version), by=by, command_id=uuid4(), **words)


def as_rows(table):
    return {(timer.task, timer.kind, timer.due_at) for timer in timers_of(table)}


def now(bureau, table_id):
    with begin(bureau.engine) as tx:
        return PostgresJournal(tx).lock_table(table_id)


def test_of_two_who_claim_at_the_same_moment_one_has_the_task(bureau):
    table = bureau.table("in_unit_review")
    task = table.desks[0].task

    def claim(by):
        try:
            return act(bureau, table.id, holding.claim_task, by, task=task).desks[0].claimed_by
        except GoaltrailError:
            return None

    with ThreadPoolExecutor(2) as pool:
        won = [each for each in pool.map(claim, (roster.UNIT_HEAD, roster.EVERY_HAT)) if each]
    assert len(won) == 1
    assert bureau.rows(TASK, table=table.id) == [{"claimed_by": won[0]}]


def test_a_claim_runs_out_once_and_the_next_claim_has_a_timer_of_its_own(bureau):
    table = bureau.table("in_unit_review")
    task = table.desks[0].task
    for _round in range(2):
        claimed = act(bureau, table.id, holding.claim_task, roster.UNIT_HEAD, task=task)
        assert waiting(bureau, table.id) == as_rows(claimed)
        bureau.move_clock(datetime.fromisoformat(claimed.desks[0].claimed_until) + timedelta(seconds=1))
        fire_due(bureau.engine, lease_seconds=30)
        released = now(bureau, table.id)
        assert (released.desks[0].claimed_by, waiting(bureau, table.id)) == ("", as_rows(released))
    with begin(bureau.engine) as tx:
        kinds = [each.kind for each in PostgresJournal(tx).history(table.id)]
    assert (kinds.count("task.claimed"), kinds.count("task.released")) == (2, 2)
    assert RELEASE not in {timer.kind for timer in timers_of(released)}


def test_the_ladder_is_climbed_again_after_an_extension_b12(bureau):
    table = bureau.table("in_unit_review")
    bureau.move_clock(datetime(2026, 1, 7, 2, 0, tzinfo=UTC))
    fire_due(bureau.engine, lease_seconds=30)
    before = [row["kind"] for row in bureau.rows(REMINDED)]
    asked = act(
        bureau, table.id, pausing.ask_extension, roster.UNIT_HEAD, task=table.desks[0].task, until=date(2026, 1, 16),
        reason=REASON,
    )  # fmt: skip
    granted = act(bureau, table.id, pausing.grant_extension, roster.FINANCE_PERFORMANCE, request=asked.inquiries[0].id)
    assert waiting(bureau, table.id) == as_rows(granted)
    bureau.move_clock(datetime(2026, 1, 13, 2, 0, tzinfo=UTC))
    fire_due(bureau.engine, lease_seconds=30)
    after = {row["kind"] for row in bureau.rows(REMINDED)} - set(before)
    assert after == {"reminder.T-3.1"}
    assert not now(bureau, table.id).desks[0].overdue, "the old due moment is gone"


def test_a_suspended_table_reminds_nobody_and_goes_on_by_itself(bureau):
    table = bureau.table("in_unit_review")
    paused = act(
        bureau, table.id, pausing.suspend_table, roster.DEPARTMENT_FINANCE, until=date(2026, 1, 19), reason=REASON
    )
    ((_task, kind, _due),) = waiting(bureau, table.id)
    assert (kind, waiting(bureau, table.id)) == (RESUME, as_rows(paused))
    bureau.move_clock(datetime(2026, 1, 19, 1, 0, 1, tzinfo=UTC))
    fire_due(bureau.engine, lease_seconds=30)
    going = now(bureau, table.id)
    assert going.suspended is None
    assert {kind for _, kind, _ in as_rows(going) - waiting(bureau, table.id)} <= {"T-3"}, "due at that very moment"
    assert {row["kind"] for row in bureau.rows(REMINDED)} <= {"reminder.T-3.1"}
    assert going.desks[0].due_at == "2026-01-22T10:00:00+00:00", "ten working days later"


def test_read_tables_made_anew_say_the_same(bureau):
    table = bureau.table("in_unit_review")
    act(bureau, table.id, holding.claim_task, roster.UNIT_HEAD, task=table.desks[0].task)
    act(bureau, table.id, holding.delegate_task, roster.UNIT_HEAD, task=table.desks[0].task, person="deputy_head", reason=REASON)
    rows = "SELECT to_jsonb(k) AS task, t.state FROM desk.task k JOIN desk.table_standing t USING (table_id)"
    before = [dict(row) for row in bureau.rows(rows)]
    with begin(bureau.engine) as tx:
        rebuild(tx)
    assert [dict(row) for row in bureau.rows(rows)] == before
