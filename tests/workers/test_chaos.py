"""The broker is flushed or away, workers die, schedulers double: nothing is lost, nothing in the inbox is doubled."""

from datetime import UTC, datetime

import pytest

from tests.support import roster
from tests.workers.desk import address_of, check_inbox, check_mailed
from tests.workers.processes import wait_until
from workflows.store.settling import unsettled
from workflows.store.transaction import begin

LATER = datetime(2026, 1, 30, 4, 0, tzinfo=UTC)


def settled(bureau) -> bool:
    with begin(bureau.engine) as tx:
        return not [what for what in unsettled(tx) if what != "unsealed"]


def busy_desks(bureau, tables: int = 6) -> None:
    """Tables that move on and then lie still, so that notices, reminders and overdue marks all arise."""
    for _ in range(tables):
        table = bureau.table("in_unit_review")
        bureau.acts(table.id, "approved", roster.UNIT_HEAD)


def check_mail(bureau, sink, crashes: int = 0) -> None:
    """Every notice that went by mail came once; after a crash at most one of them came a second time, as the same mail.

    Instead, the one mail that the crash let go unmarked may have lost its reason by the time it was looked at again.
    """
    told = sink[0].told()
    rows = bureau.rows("SELECT id, recipient, rendered, state FROM desk.outbox WHERE channel = 'mail'")
    known = {f"<{row['id']}@goaltrail.invalid>": (address_of(row["recipient"]), row["rendered"]["subject"], row["state"]) for row in rows}
    came = {key: (mails[0][0], mails[0][1], "sent") for key, mails in told.items()}
    unmarked = {key for key in came if key in known and known[key][2] != "sent"}
    assert {key: each for key, each in came.items() if key not in unmarked} == {key: each for key, each in known.items() if each[2] == "sent"}
    assert all(len(set(mails)) == 1 for mails in told.values()), "a repeated mail is the same mail"
    doubled = [key for key, mails in told.items() if len(mails) > 1]
    assert len(doubled) + len(unmarked) <= crashes
    assert all(len(told[key]) == 2 for key in doubled)
    check_mailed(bureau)


def dead(bureau):
    return bureau.rows("SELECT kind, last_error FROM desk.outbox WHERE state = 'dead'")


def test_everybody_is_told_what_the_log_says(bureau, hands, sink):
    hands.start("worker")
    dispatch, beat = hands.start("dispatch"), hands.start("beat")
    busy_desks(bureau)
    bureau.move_clock(LATER)
    wait_until(lambda: settled(bureau), 30)
    check_inbox(bureau)
    check_mail(bureau, sink)
    assert bureau.rows("SELECT count(*) AS n FROM desk.inbox WHERE kind LIKE 'reminder.%'")[0]["n"] > 0
    assert bureau.rows("SELECT count(*) AS n FROM desk.task WHERE overdue")[0]["n"] == 6
    assert (hands.stop(dispatch), hands.stop(beat), hands.stop(hands.running[0])) == (0, 0, 0), hands.said()


def test_a_flushed_broker_loses_nothing(bureau, hands, sink, broker):
    hands.start("worker")
    hands.start("dispatch")
    for _ in range(4):
        busy_desks(bureau, tables=2)
        broker.flushall()
    bureau.move_clock(LATER)
    broker.flushall()
    wait_until(lambda: settled(bureau), 45)
    check_inbox(bureau)
    check_mail(bureau, sink)


def test_without_a_broker_the_dispatcher_does_the_work(bureau, hands, sink, broker):
    """Stopped in the middle of the work: those that ran before go on, and one that never saw it starts."""
    hands.start("worker")
    hands.start("dispatch")
    busy_desks(bureau, tables=3)
    broker.kill()
    hands.start("dispatch")
    busy_desks(bureau, tables=3)
    bureau.move_clock(LATER)
    wait_until(lambda: settled(bureau), 30)
    check_inbox(bureau)
    check_mail(bureau, sink)


def test_two_of_everything_do_no_harm(bureau, hands, sink):
    for name in ("worker", "dispatch", "beat", "worker", "dispatch", "beat"):
        hands.start(name)
    busy_desks(bureau, tables=8)
    bureau.move_clock(LATER)
    wait_until(lambda: settled(bureau), 40)
    check_inbox(bureau)
    check_mail(bureau, sink)


def test_a_worker_killed_while_a_mail_is_under_way(bureau, hands, sink):
    sink[0].held = True
    worker = hands.start("worker")
    hands.start("dispatch")
    busy_desks(bureau, tables=3)
    wait_until(sink[0].taken.is_set, 20)
    hands.kill(worker)
    sink[0].held = False
    hands.start("worker")
    bureau.move_clock(LATER)
    wait_until(lambda: settled(bureau), 40)
    assert dead(bureau) == []
    check_inbox(bureau)
    check_mail(bureau, sink, crashes=1)
    assert max(len(mails) for mails in sink[0].told().values()) == 2


@pytest.mark.parametrize("pause", [0.3, 1.0])
def test_a_worker_killed_anywhere(bureau, hands, sink, pause):
    worker = hands.start("worker")
    hands.start("dispatch")
    busy_desks(bureau, tables=4)
    bureau.move_clock(LATER)
    count = "SELECT count(*) AS n FROM desk.outbox WHERE state = 'sent'"
    wait_until(lambda: bureau.rows(count)[0]["n"] > pause * 10, 20)
    hands.kill(worker)
    hands.start("worker")
    wait_until(lambda: settled(bureau), 40)
    assert dead(bureau) == []
    check_inbox(bureau)
    check_mail(bureau, sink, crashes=1)


def test_the_dispatcher_survives_a_restart_of_the_database(bureau, hands, sink, cluster):
    hands.start("worker")
    dispatch = hands.start("dispatch")
    cluster.stop()
    cluster.start()
    bureau.engine.dispose()
    busy_desks(bureau, tables=2)
    wait_until(lambda: settled(bureau), 30)
    check_inbox(bureau)
    check_mail(bureau, sink)
    assert hands.stop(dispatch) == 0
