"""Campaigns on a real PostgreSQL: the cut-off by the database's clock alone, races at it, coverage, reminders."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from tests.store.acting import journal_on
from tests.store.test_verbs_on_postgres import appoint_everybody
from tests.support import roster
from tests.support.campaigns import SCOPE, closed, extended, opened
from tests.support.cluster import Database
from tests.support.life import Life
from workflows.campaigns import Campaign, Purpose
from workflows.campaigns.coverage import Standing, counted
from workflows.commands import drafting
from workflows.commands.campaign_units import declare_complete, urge_missing
from workflows.commands.recipe import Seen
from workflows.commands.stubs import register_stubs
from workflows.errors import GoaltrailError
from workflows.folds.replay import Table
from workflows.store.campaign_coverage import coverage_of, is_missing
from workflows.store.campaign_news import recount_reminders, reminder_named, waiting_campaigns
from workflows.store.campaign_sums import standings_of
from workflows.store.campaigns import campaign_at, campaigns_of_year, hold_year
from workflows.store.installation import set_virtual_now
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import upgrade
from workflows.store.transaction import begin
from workflows.vocabulary import Stage

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
TIMERS = "SELECT task, kind, due_at, state FROM desk.timer WHERE stream_id = :stream AND task LIKE 'campaign:%' ORDER BY due_at"
TOLD = "SELECT recipient, kind FROM desk.outbox WHERE log_stream = :stream AND channel = 'inbox' ORDER BY kind, recipient"


@pytest.fixture
def town(app: Engine, database: Database) -> Engine:
    """Everybody appointed, and the log's clock on the morning of the 5th of January 2026."""
    upgrade(database.owner_url, "simulation", begins=START)
    appoint_everybody(app)
    return app


def clock(engine: Engine, moment: str) -> None:
    with begin(engine) as tx:
        set_virtual_now(tx, datetime.fromisoformat(f"{moment}+00:00"))


def done(engine: Engine, act: Callable[..., object], *words, **named):
    with journal_on(engine) as journal:
        return act(journal, *words, **named)


def draft(engine: Engine) -> Table:
    with journal_on(engine) as journal:
        return Life(journal).imported().completed().table


def submit(engine: Engine, table: Table) -> str:
    try:
        with journal_on(engine) as journal:
            drafting.submit_table(journal, table.id, seen=Seen(table.version, table.content_hash), by=roster.CLERK, command_id=uuid4())
    except GoaltrailError as refusal:
        return getattr(refusal, "rule", type(refusal).__name__)
    return "done"


def board(engine: Engine, campaign: Campaign):
    """How the units stand, table by table; the sums alone say the same of every campaign at every moment asked."""
    with begin(engine) as tx:
        found = coverage_of(tx, campaign_at(tx, campaign.id))
        assert standings_of(tx, campaign_at(tx, campaign.id)) == tuple(replace(each, tables=()) for each in found)
        return found


def test_b3_the_database_says_when_it_is_over_though_no_worker_runs(town):
    first, second = draft(town), draft(town)
    done(town, opened)
    clock(town, "2026-01-09T15:59:59")
    assert submit(town, first) == "done"
    clock(town, "2026-01-09T16:00:00")
    assert submit(town, second) == "G-CUTOFF"


def test_b3_who_waits_for_the_end_is_refused_when_the_end_was_recorded_first(town):
    """An early end holds the year alone; a submission that began before it waits, and then finds it on record."""
    table, campaign = draft(town), done(town, opened)
    with ThreadPoolExecutor(1) as pool:
        with journal_on(town) as journal:
            closed(journal, campaign)
            waiting = pool.submit(submit, town, table)
            _until_somebody_waits(town)
        assert waiting.result(30) == "G-CUTOFF"


def test_b3_who_waits_for_more_time_is_taken_when_it_was_granted_first(town):
    table, campaign = draft(town), done(town, opened)
    clock(town, "2026-01-09T16:00:01")
    with ThreadPoolExecutor(1) as pool:
        with journal_on(town) as journal:
            extended(journal, campaign, "2026-01-12")
            waiting = pool.submit(submit, town, table)
            _until_somebody_waits(town)
        assert waiting.result(30) == "done"


def test_b3_an_end_waits_for_a_submission_that_came_first(town):
    table, campaign = draft(town), done(town, opened)
    with ThreadPoolExecutor(1) as pool:
        with journal_on(town) as journal:
            drafting.submit_table(journal, table.id, seen=Seen(table.version, table.content_hash), by=roster.CLERK, command_id=uuid4())
            waiting = pool.submit(done, town, closed, campaign)
            _until_somebody_waits(town)
        ended = waiting.result(30)
    with begin(town) as tx:
        places = tx.rows("SELECT kind, event_id FROM log.event WHERE kind IN ('table.submitted', 'campaign.closed') ORDER BY event_id")
    assert [row["kind"] for row in places] == ["table.submitted", "campaign.closed"]
    assert ended.closed_at is not None


def _until_somebody_waits(engine: Engine) -> None:
    """Come back once another connection waits for the year's lock; the test's own timeout is the database's (10 s)."""
    while True:
        with begin(engine) as tx:
            if tx.scalar("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
                return


def test_many_file_at_once_under_one_campaign(town):
    """Whoever files holds the year with all others who file: nobody waits for anybody."""
    tables, _ = [draft(town) for _ in range(4)], done(town, opened)
    barrier = Barrier(4)

    def press(table: Table) -> str:
        barrier.wait(30)
        return submit(town, table)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(press, tables)) == ["done"] * 4
    with begin(town) as one, begin(town) as other:
        hold_year(one, roster.BUREAU, 2026, alone=False)
        hold_year(other, roster.BUREAU, 2026, alone=False)


def test_two_at_once_open_one_campaign_for_a_unit(town):
    barrier = Barrier(2)

    def press(_) -> str:
        barrier.wait(30)
        try:
            done(town, opened)
        except GoaltrailError as refusal:
            return type(refusal).__name__
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == ["FieldsInvalid", "done"]
    with begin(town) as tx:
        assert [each.number for each in campaigns_of_year(tx, roster.BUREAU, 2026)] == [1]


def test_i3_the_board_is_read_from_the_log(town):
    """By hand: one filed in time, one late, one taken back, one voided never counted; the other unit has only stubs."""
    with journal_on(town) as journal:
        campaign = opened(journal, enforcing=False)
        lives = [Life(journal).imported().completed() for _ in range(4)]
        lives[0].submitted().returned(roster.UNIT_HEAD, Stage.DRAFT)
        lives[1].submitted()
        drafting.withdraw_table(
            journal, lives[1].table.id, seen=lives[1].seen(), by=roster.CLERK, command_id=uuid4(), reason="金额有误，须更正"
        )
        register_stubs(
            journal, uuid4(), home=type(roster.HOME)(roster.BUREAU, roster.DEPARTMENT, roster.OTHER_UNIT, "other_clerk"),
            year=2026, count=2, by=roster.OTHER_CLERK, command_id=uuid4(),
        )  # fmt: skip
    clock(town, "2026-01-10T00:00:00")
    assert submit(town, lives[2].table) == "done"
    mine, other = board(town, campaign)
    assert (mine.standing, mine.filed, mine.late, mine.missing) == (Standing.MISSING, 1, 1, 2)
    assert (other.standing, other.filed, other.stubs) == (Standing.FILED, 2, 2)
    sums = counted((mine, other))
    assert (sums.filed, sums.late, sums.missing, sums.share) == (3, 1, 2, "50%")


def test_i3_windows_of_the_month_are_owed_once_they_are_planned(town):
    with journal_on(town) as journal:
        life = Life(journal).in_monitoring()
        month = life.table.windows[0].date[:7]
        campaign = opened(journal, purpose=Purpose.MONITORING, window=month, closes=f"{month}-28T10:00")
        elsewhere = opened(journal, purpose=Purpose.MONITORING, window="2029-01", closes="2029-02-01")
        results = opened(journal, purpose=Purpose.SELF_EVALUATION, closes="2027-02-28")
    mine, other = board(town, campaign)
    assert (mine.standing, mine.missing, other.standing) == (Standing.MISSING, 1, Standing.NOTHING)
    assert [each.standing for each in board(town, elsewhere)] == [Standing.NOTHING] * 2
    assert [each.standing for each in board(town, results)] == [Standing.MISSING, Standing.NOTHING]


def test_its_reminders_are_rows_that_follow_its_closings(town):
    campaign = done(town, opened, closes="2026-02-27")
    with begin(town) as tx:
        first = [(row["kind"], row["state"]) for row in tx.rows(TIMERS, stream=campaign.id)]
    assert first == [(rung, "pending") for rung in ("T-7", "T-3", "T-1", "T")]
    done(town, extended, campaign, "2026-03-31")
    with begin(town) as tx:
        rows = tx.rows(TIMERS, stream=campaign.id)
        assert [row["state"] for row in rows] == ["cancelled"] * 4 + ["pending"] * 4
        assert waiting_campaigns(tx) == (campaign.id,)
        now = campaign_at(tx, campaign.id)
        calendar = _calendar(tx)
        last = rows[-1]
        assert reminder_named(now, last["task"], "T", calendar, last["due_at"]).closes == now.last_closing
        assert reminder_named(now, rows[0]["task"], "T-7", calendar, rows[0]["due_at"]) is None
        assert not recount_reminders(tx, campaign.id, calendar, tx.now()), "nothing changed"
    done(town, closed, campaign)
    with begin(town) as tx:
        assert {row["state"] for row in tx.rows(TIMERS, stream=campaign.id)} == {"cancelled"}


def _calendar(tx):
    return PostgresJournal(tx).calendar()


def test_its_units_are_told_and_urged_and_a_reason_that_is_gone_is_known(town):
    campaign = done(town, opened)
    with journal_on(town) as journal:
        units = coverage_of(journal.tx, campaign)
        assert urge_missing(journal, campaign, units=units, by=roster.FINANCE_PERFORMANCE, command_id=uuid4()) == tuple(SCOPE)
        stands = next(each for each in units if each.unit == roster.OTHER_UNIT)
        declare_complete(journal, campaign, stands=stands, by=roster.OTHER_CLERK, command_id=uuid4(), note="本年度没有项目支出")
    with begin(town) as tx:
        told = [(row["recipient"], row["kind"]) for row in tx.rows(TOLD, stream=campaign.id)]
        missing = [is_missing(tx, campaign.id, unit) for unit in sorted(SCOPE)]
    everybody = ["clerk", "every_hat", "other_clerk", "unit_head"]
    assert told == [(who, kind) for kind in ("campaign.opened", "campaign.urged.2") for who in everybody]
    assert missing == [True, False]


def test_a_campaign_of_another_stream_is_none(town):
    with begin(town) as tx, pytest.raises(GoaltrailError):
        campaign_at(tx, UUID(int=7))


def test_more_campaigns_than_are_looked_for_first_are_all_found(town):
    with journal_on(town) as journal:
        for number in range(5):
            opened(journal, scope={f"unit-{number}": roster.DEPARTMENT})
        opened(journal, purpose=Purpose.SELF_EVALUATION)
    with begin(town) as tx:
        found = [(each.purpose, each.number) for each in campaigns_of_year(tx, roster.BUREAU, 2026)]
    assert found == [*((Purpose.GOAL_FILING, number) for number in range(1, 6)), (Purpose.SELF_EVALUATION, 1)]
