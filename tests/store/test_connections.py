"""A connection that the server has hung up on is replaced before anybody notices."""

import time

from sqlalchemy import Engine

from workflows.store.transaction import begin, make_engine

MINE = "SELECT pg_backend_pid()"


def end_every_connection_of_the_application(database) -> None:
    """Hang up as a restart of the server does, and wait until they are gone."""
    superuser = make_engine(database.superuser_url, connections=1)
    others = "FROM pg_stat_activity WHERE usename = 'gt_app' AND datname = current_database()"
    with begin(superuser) as tx:
        tx.rows(f"SELECT pg_terminate_backend(pid) {others}")
    until = time.monotonic() + 60
    left = 1
    while left and time.monotonic() < until:
        with begin(superuser) as tx:
            left = tx.scalar(f"SELECT count(*) {others}")
    superuser.dispose()
    assert left == 0


def test_the_first_statement_after_a_restart_works(app: Engine, database) -> None:
    with begin(app) as tx:
        first = tx.scalar(MINE)
    with begin(app) as tx:
        assert tx.scalar(MINE) == first
    end_every_connection_of_the_application(database)
    with begin(app) as tx:
        assert tx.call(MINE)[0][0] != first


def test_a_connection_that_rested_long_is_asked_whether_it_lives(app: Engine, monkeypatch) -> None:
    monkeypatch.setattr("workflows.store.transaction.RESTED_LONG", -1.0)
    pids = set()
    for _ in range(2):
        with begin(app) as tx:
            pids.add(tx.scalar(MINE))
    assert len(pids) == 1
