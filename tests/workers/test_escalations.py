"""Escalations on a real database: once for each task, rung, receiver and channel, whatever dies or beats twice (B7, B9)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.chains import standard_but
from tests.support.life import Life
from workers.reminders import fire_due
from workflows.clocks.timers import timers_of
from workflows.commands.recipe import Seen
from workflows.commands.reviewing import approve_table
from workflows.definitions import chain_from
from workflows.store.journal import PostgresJournal
from workflows.store.queries import tables_waiting_for
from workflows.store.rebuilding import rebuild
from workflows.store.timers import lease_due, sweep_expired_timers
from workflows.store.transaction import begin
from workflows.vocabulary import Cover, Post, Role

UNIT = {"role": "unit_head", "of": "unit"}
RUNGS = [
    {"at": "T-1", "do": "remind"}, {"at": "T+1", "do": "remind"}, {"at": "T+2", "do": "inform", "to": UNIT},
    {"at": "T+2", "do": "hand", "to": UNIT},
]  # fmt: skip
DEFINITION = standard_but("unit_head", role="unit_business", working_days=3, ladder=RUNGS)
SENT = "SELECT recipient, kind, channel, count(*) AS n FROM desk.outbox WHERE kind LIKE :kind GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
LATER = datetime(2026, 3, 2, tzinfo=UTC)


def laddered(bureau):
    """A table before the unit's business lead, whose head is told and let in two working days after the due day."""
    with begin(bureau.engine) as tx:
        life = Life(PostgresJournal(tx), definition=DEFINITION).in_unit_review()
    return life.table


def all_fired(bureau):
    while fire_due(bureau.engine, lease_seconds=30):
        pass


def told(bureau, kind="task.escalated%"):
    return {(row["recipient"], row["kind"], row["channel"]): row["n"] for row in bureau.rows(SENT, kind=kind)}


def once_each(bureau):
    heads = [person.id for person in roster.PEOPLE if person.holds(Role.UNIT_HEAD, roster.UNIT)]
    channels = {channel for _, _, channel in told(bureau)}
    return {(head, f"task.escalated.{do}.T+2", channel): 1 for head in heads for do in ("inform", "hand") for channel in channels}


def test_the_rows_are_the_timers_of_the_table_by_its_own_chain(bureau):
    table = laddered(bureau)
    wanted = {each.kind for each in timers_of(table, chains=lambda _hash: chain_from(DEFINITION))}
    all_fired(bureau)
    rows = bureau.rows("SELECT kind, facts -> 'then' AS rest FROM desk.timer WHERE stream_id = :table AND state = 'pending'", table=table.id)
    assert {each["kind"] for each in rows} | {rest["kind"] for each in rows for rest in each["rest"]} == wanted
    assert wanted == {"T-1", "T+1", "inform.T+2", "hand.T+2", "overdue"}


@pytest.mark.parametrize("mishap", ["none", "died with the lease", "two beats at once"])
def test_each_receiver_is_told_of_a_rung_once(bureau, mishap):
    table = laddered(bureau)
    bureau.move_clock(LATER)
    if mishap == "died with the lease":
        with begin(bureau.engine) as tx:
            leased = lease_due(tx, limit=1)
            tx.run("UPDATE desk.timer SET lease_until = clock_timestamp() - interval '1 second' WHERE id = :id", id=leased[0]["id"])
            assert sweep_expired_timers(tx) == 1
    if mishap == "two beats at once":
        with ThreadPoolExecutor(2) as beats:
            list(beats.map(lambda _: all_fired(bureau), range(2)))
    all_fired(bureau)
    escalated = [each.fact.do for each in history(bureau, table.id) if each.kind == "task.escalated"]
    assert sorted(escalated) == ["hand", "inform"]
    assert set(told(bureau).values()) == {1}
    assert told(bureau) == once_each(bureau)


def history(bureau, table_id):
    with begin(bureau.engine) as tx:
        return PostgresJournal(tx).history(table_id)


def test_a_handed_task_stands_on_the_superiors_worklist_until_one_of_the_two_decides(bureau):
    table = laddered(bureau)
    assert waits_for(bureau, roster.UNIT_HEAD, table) == []
    bureau.move_clock(LATER)
    all_fired(bureau)
    (business,) = [person for person in roster.PEOPLE if person.id == "deputy_head"]
    task = table.desks[0].task
    assert [waits_for(bureau, person, table) for person in (roster.UNIT_HEAD, business)] == [[task], [task]]
    with begin(bureau.engine) as tx:
        rebuild(tx)
    assert waits_for(bureau, roster.UNIT_HEAD, table) == [task]
    with begin(bureau.engine) as tx:
        journal = PostgresJournal(tx)
        now = journal.lock_table(table.id)
        approve_table(journal, table.id, seen=Seen(now.version, now.content_hash), by=roster.UNIT_HEAD, command_id=uuid4(), opinion="同意")
    assert [waits_for(bureau, person, table) for person in (roster.UNIT_HEAD, business)] == [[], []]


def test_a_handed_task_stands_on_the_worklist_of_the_superiors_deputy_once(bureau):
    table = laddered(bureau)
    head, business, deputy = roster.UNIT_HEAD, Post(Role.UNIT_BUSINESS, roster.UNIT), roster.person("stand_in")
    of_head = Cover("grant-1", head.id, head.name, (Post(Role.UNIT_HEAD, roster.UNIT),))
    covering = replace(deputy, covers=(of_head,))
    both = replace(deputy, covers=(of_head, Cover("grant-2", "deputy_head", "deputy_head同志", (business,))))
    elsewhere = replace(deputy, covers=(replace(of_head, units=("another-unit",)),))
    assert waits_for(bureau, covering, table) == []
    bureau.move_clock(LATER)
    all_fired(bureau)
    task = table.desks[0].task
    assert [waits_for(bureau, person, table) for person in (covering, both, elsewhere)] == [[task], [task], []]
    with begin(bureau.engine) as tx:
        (row,) = [row for row in tables_waiting_for(tx, covering) if row["table_id"] == table.id]
    assert row["behalf"] == head.name


def waits_for(bureau, person, table):
    with begin(bureau.engine) as tx:
        return [row["task"] for row in tables_waiting_for(tx, person) if row["table_id"] == table.id]
