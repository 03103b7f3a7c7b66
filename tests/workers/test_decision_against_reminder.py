"""H10: a decision and a letter about its task meet; two workers meet at one letter: told or dropped, once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from tests.support import roster
from tests.workers.test_notifications import Door, deliver
from workers.channels.letter import Letter
from workers.notifications import REASON_GONE

OF_THE_HEAD = """
SELECT id, channel, state, answer FROM desk.outbox
WHERE log_stream = :table AND recipient = :person AND kind = 'task.waiting' ORDER BY channel"""


@dataclass
class Gate(Door):
    """A door at which the first letter waits until it is opened."""

    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def send(self, letter: Letter) -> str:
        self.reached.set()
        assert self.opened.wait(30)
        return super().send(letter)


def letters_of(bureau, table):
    return bureau.rows(OF_THE_HEAD, table=table.id, person=roster.UNIT_HEAD.id)


def mails_about(door: Door, rows) -> list[Letter]:
    return [letter for letter in door.letters if letter.id in {row["id"] for row in rows}]


def test_a_decision_before_the_letter_leaves_nothing_to_tell(bureau):
    table, door = bureau.table("in_unit_review"), Door()
    bureau.acts(table.id, "approved", roster.UNIT_HEAD)
    deliver(bureau, door)
    rows = letters_of(bureau, table)
    assert {(row["state"], row["answer"]) for row in rows} == {("dropped", REASON_GONE)}
    assert mails_about(door, rows) == []


def test_a_decision_while_the_letter_is_spoken_waits_for_nobody_and_stops_nothing(bureau):
    table, door = bureau.table("in_unit_review"), Gate()
    with ThreadPoolExecutor(1) as hands:
        delivering = hands.submit(deliver, bureau, door)
        assert door.reached.wait(30)
        bureau.acts(table.id, "approved", roster.UNIT_HEAD)
        door.opened.set()
        delivering.result(60)
    rows = letters_of(bureau, table)
    mails = mails_about(door, rows)
    assert {row["channel"]: row["state"] for row in rows}["inbox"] == "sent"
    assert len(mails) == [row["state"] for row in rows if row["channel"] == "mail"].count("sent")


def race(bureau, rounds: int) -> Counter:
    outcomes: Counter = Counter()
    for _ in range(rounds):
        table, door, start = bureau.table("in_unit_review"), Door(), threading.Barrier(3)

        def together(work, *arguments, start=start):
            start.wait(30)
            return work(*arguments)

        with ThreadPoolExecutor(3) as hands:
            for each in [
                hands.submit(together, deliver, bureau, door), hands.submit(together, deliver, bureau, door),
                hands.submit(together, bureau.acts, table.id, "approved", roster.UNIT_HEAD),
            ]:  # fmt: skip
                each.result(60)
        deliver(bureau, door)
        rows = letters_of(bureau, table)
        told = Counter(letter.id for letter in door.letters)
        assert set(told.values()) <= {1}, "two workers at one letter"
        assert {row["state"] for row in rows} <= {"sent", "dropped"}
        assert {row["id"] for row in rows if row["state"] == "sent" and row["channel"] == "mail"} == {letter.id for letter in mails_about(door, rows)}
        assert {row["answer"] for row in rows if row["state"] == "dropped"} <= {REASON_GONE}
        outcomes.update(row["state"] for row in rows)
    return outcomes


def test_two_workers_and_a_decision_at_once(bureau):
    assert sum(race(bureau, 4).values()) == 8


@pytest.mark.long
def test_two_workers_and_a_decision_at_once_many_times(bureau):
    assert sum(race(bureau, 200).values()) == 400
