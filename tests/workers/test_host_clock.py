"""The host's own clock goes back or forward: nothing is lost, in-app nothing comes twice, a letter once more at most."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from tests.support import roster
from tests.support.cluster import Database
from tests.support.host_clock import HostClock
from tests.workers.desk import Bureau
from tests.workers.test_decision_against_reminder import Gate
from tests.workers.test_hands import act
from tests.workers.test_notifications import Door, deliver
from workers.reminders import fire_due
from workflows.commands import holding
from workflows.store.outbox import lease, sweep_expired
from workflows.store.timers import MOST_ATTEMPTS, lease_due, sweep_expired_timers
from workflows.store.transaction import begin

DAY = 86_400.0
CLOCKS = "SELECT extract(epoch FROM clock_timestamp() - statement_timestamp()) AS host, log.now() AS log"
TOLD = "SELECT recipient, kind, sentence FROM desk.inbox"
STATES = "SELECT DISTINCT state FROM desk.outbox WHERE channel = 'inbox'"


@pytest.fixture
def clock(database: Database, bureau: Bureau) -> HostClock:
    made = HostClock(database)
    bureau.engine.dispose()
    return made


def told(bureau: Bureau) -> Counter:
    return Counter(tuple(row.values()) for row in bureau.rows(TOLD))


def rungs(bureau: Bureau) -> list[str]:
    rows = bureau.rows("SELECT kind FROM desk.inbox WHERE kind LIKE 'reminder.%' AND recipient = :who ORDER BY kind", who=roster.UNIT_HEAD.id)
    return [row["kind"] for row in rows]


def all_done(bureau: Bureau, door: Door) -> None:
    """What the workers do until nothing is due."""
    while True:
        with begin(bureau.engine) as tx:
            released = sweep_expired(tx) + sweep_expired_timers(tx)
        if not (released + fire_due(bureau.engine, lease_seconds=30) + deliver(bureau, door)):
            return


def test_a_lease_from_before_the_clock_went_back_is_released_like_one_that_ran_out(bureau: Bureau, clock: HostClock) -> None:
    """The holder died; by the clock as it is a day later his lease would last a day and half a minute."""
    bureau.table("in_unit_review")
    bureau.move_clock(datetime(2026, 1, 8, 2, tzinfo=UTC))
    with begin(bureau.engine) as tx:
        letters, timers = len(lease(tx, limit=100)), len(lease_due(tx))
    before = bureau.rows(CLOCKS)[0]
    clock.leaps(-2)
    with begin(bureau.engine) as tx:
        assert sweep_expired(tx) == 0, "a lease that runs is left to its holder"
    clock.leaps(2 - DAY)
    after = bureau.rows(CLOCKS)[0]
    assert (round(float(after["host"])), round((after["log"] - before["log"]).total_seconds() / 60)) == (-DAY, -1440)
    with begin(bureau.engine) as tx:
        assert (sweep_expired(tx), sweep_expired_timers(tx)) == (letters, timers)
    clock.leaps(DAY)
    all_done(bureau, Door())
    assert set(told(bureau).values()) == {1}
    assert rungs(bureau) == ["reminder.T", "reminder.T-1"]


def test_each_rung_is_told_once_wherever_the_clock_goes(bureau: Bureau, clock: HostClock) -> None:
    """Due on Thursday the 8th; on Wednesday morning T-1 is told, then the host's clock leaps to and fro."""
    bureau.table("in_unit_review")
    bureau.move_clock(datetime(2026, 1, 7, 2, tzinfo=UTC))
    door = Door()
    all_done(bureau, door)
    assert rungs(bureau) == ["reminder.T-1"]
    for leap in (-DAY, DAY, 3 * DAY, -4 * DAY, DAY):
        clock.leaps(leap)
        all_done(bureau, door)
    clock.leaps(5 * DAY)
    all_done(bureau, door)
    assert rungs(bureau) == ["reminder.T", "reminder.T+1", "reminder.T-1"]
    assert set(told(bureau).values()) == {1}
    assert set(Counter(letter.id for letter in door.letters).values()) == {1}
    assert {row["state"] for row in bureau.rows(STATES)} <= {"sent", "dropped"}


def test_an_overdue_mark_waits_until_the_clock_has_passed_the_last_record(bureau: Bureau, clock: HostClock) -> None:
    """A record was written while the clock ran a day ahead; then it went back, and what fell due meanwhile is refused."""
    table = bureau.table("in_unit_review")
    bureau.move_clock(datetime(2026, 1, 8, 11, tzinfo=UTC))
    clock.leaps(DAY)
    act(bureau, table.id, holding.claim_task, roster.UNIT_HEAD, task=table.desks[0].task)
    clock.leaps(-DAY)
    for _ in range(MOST_ATTEMPTS + 1):
        fire_due(bureau.engine, lease_seconds=30)
        clock.leaps(3_600)
    clock.leaps(DAY)
    all_done(bureau, Door())
    assert bureau.rows("SELECT DISTINCT overdue FROM desk.task WHERE table_id = :table", table=table.id) == [{"overdue": True}]


def test_a_leap_while_a_letter_is_spoken_repeats_it_once_at_most(bureau: Bureau, clock: HostClock) -> None:
    bureau.table("in_unit_review")
    slow, other = Gate(), Door()
    with ThreadPoolExecutor(1) as hands:
        speaking = hands.submit(deliver, bureau, slow)
        assert slow.reached.wait(30)
        clock.leaps(DAY)
        all_done(bureau, other)
        slow.opened.set()
        speaking.result(60)
    clock.leaps(-DAY)
    all_done(bureau, other)
    came = Counter(letter.id for letter in (*slow.letters, *other.letters))
    assert max(came.values()) <= 2
    assert sum(count > 1 for count in came.values()) <= 1
    assert set(told(bureau).values()) == {1}
    sent = bureau.rows("SELECT id FROM desk.outbox WHERE channel = 'mail' AND state = 'sent'")
    assert {row["id"] for row in sent} == set(came)
