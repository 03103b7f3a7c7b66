"""What happens to one notice: told once, not told when its task is gone, tried again later, buried and visible."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tests.support import roster
from tests.workers.desk import check_inbox
from workers.channels.letter import Letter, LetterRefused, LetterUncertain
from workers.notifications import deliver_waiting
from workflows.store.outbox import lease, sweep_expired
from workflows.store.transaction import begin
from workflows.vocabulary import Stage

STATES = "SELECT state, count(*) AS n FROM desk.outbox WHERE channel = :channel GROUP BY state"


@dataclass
class Door:
    """A way out that answers as told and remembers what went through it."""

    refuses: Exception | None = None
    letters: list[Letter] = field(default_factory=list)
    longest = 1.0

    def send(self, letter: Letter) -> str:
        self.letters.append(letter)
        if self.refuses:
            raise self.refuses
        return "250 kept"


def deliver(bureau, door, lease_seconds=30.0):
    return deliver_waiting(bureau.engine, door, sender="goaltrail@localhost", lease_seconds=lease_seconds)


def states(bureau, channel):
    return {row["state"]: row["n"] for row in bureau.rows(STATES, channel=channel)}


def test_everybody_is_told_once_however_often_it_is_tried(bureau):
    bureau.table("in_unit_review")
    door = Door()
    assert deliver(bureau, door) > 0
    assert deliver(bureau, door) == 0
    check_inbox(bureau)
    assert len({letter.id for letter in door.letters}) == len(door.letters) == states(bureau, "mail")["sent"]


def test_every_letter_carries_the_fingerprint_of_the_record_it_tells_of(bureau):
    table = bureau.table("in_unit_review")
    bureau.acts(table.id, "returned", roster.UNIT_HEAD, Stage.DRAFT)
    door = Door()
    deliver(bureau, door)
    (told,) = [letter for letter in door.letters if "退回" in letter.subject]
    (event,) = bureau.rows("SELECT encode(leaf_hash, 'hex') AS leaf FROM log.event WHERE kind = 'table.returned'")
    assert f"记录指纹：{event['leaf'][:16]}（" in told.text


def test_nobody_is_told_of_a_task_that_is_gone(bureau):
    table = bureau.table("in_unit_review")
    bureau.acts(table.id, "approved", roster.UNIT_HEAD)
    door = Door()
    deliver(bureau, door)
    told = bureau.rows("SELECT recipient FROM desk.inbox WHERE kind = 'task.waiting'")
    assert {row["recipient"] for row in told} == {"planner", "every_hat"}
    assert {letter.recipient.split("@")[0] for letter in door.letters} == {"planner", "every_hat"}
    why = bureau.rows("SELECT DISTINCT answer FROM desk.outbox WHERE state = 'dropped'")
    assert [row["answer"] for row in why] == ["事项已办理，不再通知"]


def test_a_person_without_address_gets_no_mail(bureau):
    with begin(bureau.engine) as tx:
        tx.run("UPDATE desk.account SET email = NULL")
    bureau.table("in_unit_review")
    door = Door()
    deliver(bureau, door)
    assert door.letters == []
    assert set(states(bureau, "mail")) == {"dropped"}
    check_inbox(bureau)


def test_a_refused_mail_is_tried_seven_times_and_then_buried(bureau):
    bureau.table("in_unit_review")
    door = Door(LetterRefused("邮件服务器拒绝：451"))
    waits = []
    for _ in range(8):
        deliver(bureau, door)
        waits += [row["wait"] for row in bureau.rows(
            "SELECT max(next_at - log.now()) AS wait FROM desk.outbox WHERE state = 'pending'") if row["wait"]]  # fmt: skip
        bureau.move_clock(bureau.rows("SELECT log.now() AS now")[0]["now"] + timedelta(hours=13))
    mails = len({letter.id for letter in door.letters})
    assert states(bureau, "mail")["dead"] == mails
    assert len(door.letters) == 7 * mails
    assert [round(wait.total_seconds() + 0.5) // 10 * 10 for wait in waits] == [10, 60, 360, 2160, 12960, 43200]


def test_an_unanswered_mail_is_repeated_once_as_the_same_mail(bureau):
    bureau.table("in_unit_review")
    door = Door(LetterUncertain("没有答复"))
    for _ in range(3):
        deliver(bureau, door)
        expire(bureau)
    times = [letter.id for letter in door.letters]
    assert {times.count(each) for each in times} == {2}
    assert len({letter.as_bytes() for letter in door.letters}) == len(set(times))
    assert set(states(bureau, "mail")) - {"dropped"} == {"dead"}


def test_work_in_hand_of_a_worker_that_vanished_is_done_by_another(bureau):
    bureau.table("in_unit_review")
    with begin(bureau.engine) as tx:
        lease(tx, limit=1000)
    assert deliver(bureau, Door()) == 0
    expire(bureau)
    assert deliver(bureau, Door()) > 0
    check_inbox(bureau)


def test_a_slow_mail_server_does_not_wear_out_the_other_mails(bureau):
    bureau.table("in_unit_review")
    door = Door()
    deliver(bureau, door, lease_seconds=0.9)
    attempts = bureau.rows("SELECT DISTINCT attempts FROM desk.outbox WHERE state IN ('sent', 'dropped')")
    assert [row["attempts"] for row in attempts] == [1]
    expire(bureau)
    deliver(bureau, door)
    assert set(states(bureau, "mail")) <= {"sent", "dropped"}


def expire(bureau):
    with begin(bureau.engine) as tx:
        tx.run("UPDATE desk.outbox SET lease_until = clock_timestamp() - interval '1 s' WHERE lease_until IS NOT NULL")
        sweep_expired(tx)


@pytest.mark.parametrize("channel", ["inbox", "mail"])
def test_what_was_attempted_is_written_down(bureau, channel):
    bureau.table("in_unit_review")
    deliver(bureau, Door())
    logged = bureau.rows("SELECT count(*) AS n FROM desk.notice_log WHERE channel = :channel", channel=channel)
    rows = bureau.rows("SELECT count(*) AS n FROM desk.outbox WHERE channel = :channel", channel=channel)
    assert logged == rows
