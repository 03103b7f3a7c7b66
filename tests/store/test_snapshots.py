"""A snapshot is believed only while the log has its head at its version and today's code made it."""

import json

import pytest

from tests.support import roster
from tests.support.cluster import Database
from tests.workers.desk import BEGINS, Bureau
from workflows.folds.replay import replay
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import upgrade
from workflows.store.snapshots import code_version, table_now, tables_behind, take_snapshot
from workflows.store.transaction import begin
from workflows.vocabulary import Stage

FORGERIES = {
    "another head": "head = sha256('forged')",
    "the head of an earlier version": "head = (SELECT leaf_hash FROM log.event e WHERE e.stream_id = s.stream_id AND e.version = 1)",
    "another code": "code = 'of another release'",
    "a version that the log does not have yet": "version = version + 5",
    "a version and head that the log does not have yet": "version = version + 5, head = sha256('forged')",
    "an earlier version under the later head": "version = version - 1",
    "the head of another stream": "head = (SELECT leaf_hash FROM log.event e WHERE e.stream_id <> s.stream_id LIMIT 1)",
}  # fmt: skip
CLOSED = "state = jsonb_set(state, '{stage}', '\"closed\"')"


@pytest.fixture
def bureau(database: Database, app) -> Bureau:
    upgrade(database.owner_url, "simulation", begins=BEGINS)
    return Bureau(app).settle_in()


def replayed(bureau: Bureau, table_id):
    with begin(bureau.engine) as tx:
        return replay(table_id, PostgresJournal(tx).history(table_id))


def now(bureau: Bureau, table_id):
    with begin(bureau.engine) as tx:
        return table_now(tx, table_id)


def test_a_snapshot_is_what_it_claims_and_is_used(bureau):
    """The control: a snapshot with the right head, version and code is believed, or these tests would prove nothing."""
    table = bureau.table("in_unit_review")
    with begin(bureau.engine) as tx:
        assert take_snapshot(tx, table.id) == table.version
        assert now_state(tx) == [("unit_review", table.head, code_version())]
        tx.run(f"UPDATE desk.snapshot s SET {CLOSED}")
    assert now(bureau, table.id).stage == Stage.CLOSED


def now_state(tx) -> list[tuple]:
    rows = tx.rows("SELECT state, encode(head, 'hex') AS head, code FROM desk.snapshot")
    states = [json.loads(row["state"]) if isinstance(row["state"], str) else row["state"] for row in rows]
    return [(state["stage"], row["head"], row["code"]) for state, row in zip(states, rows, strict=True)]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_or_stale_snapshot_is_ignored_and_the_events_decide(bureau, forgery):
    table = bureau.table("in_unit_review")
    with begin(bureau.engine) as tx:
        take_snapshot(tx, table.id)
        tx.run(f"UPDATE desk.snapshot s SET {CLOSED}, {FORGERIES[forgery]}")
    assert now(bureau, table.id) == replayed(bureau, table.id) == table
    after = bureau.acts(table.id, "approved", roster.UNIT_HEAD)
    assert after == replayed(bureau, table.id)
    assert after.stage == Stage.DEPARTMENT_REVIEW


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_snapshot_that_is_not_believed_is_soon_replaced(bureau, forgery):
    table = bureau.table("in_unit_review")
    with begin(bureau.engine) as tx:
        take_snapshot(tx, table.id)
        tx.run(f"UPDATE desk.snapshot s SET {CLOSED}, {FORGERIES[forgery]}")
    with begin(bureau.engine) as tx:
        assert tables_behind(tx) == [table.id]
        take_snapshot(tx, table.id)
        assert now_state(tx) == [("unit_review", table.head, code_version())]
        assert tables_behind(tx) == []


def test_snapshots_may_be_deleted_at_any_time(bureau):
    table = bureau.table("in_unit_review")
    with begin(bureau.engine) as tx:
        take_snapshot(tx, table.id)
        assert tx.run("DELETE FROM desk.snapshot") == 1
    assert now(bureau, table.id) == table


STANDINGS = {
    "another head": "head = sha256('forged')",
    "the head of an earlier version": "head = (SELECT leaf_hash FROM log.event e WHERE e.stream_id = s.table_id AND e.version = 1)",
    "another code": "code = 'of another release'",
    "a version that the log does not have yet": "version = version + 5",
    "a version and head that the log does not have yet": "version = version + 5, head = sha256('forged')",
    "an earlier version under the later head": "version = version - 1",
}  # fmt: skip


@pytest.mark.parametrize("forgery", STANDINGS)
def test_a_forged_or_stale_standing_decides_nothing(bureau, forgery):
    """A decision reads the table from the desk's cache only where that is the fold of exactly the stream's head."""
    table = bureau.table("in_unit_review")
    with begin(bureau.engine) as tx:
        assert tx.run(f"UPDATE desk.table_standing s SET {CLOSED}, {STANDINGS[forgery]}") == 1
    with begin(bureau.engine) as tx:
        assert PostgresJournal(tx).lock_table(table.id) == replayed(bureau, table.id)
    after = bureau.acts(table.id, "approved", roster.UNIT_HEAD)
    assert after == replayed(bureau, table.id)
    assert after.stage == Stage.DEPARTMENT_REVIEW
