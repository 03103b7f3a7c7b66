"""The schema goes up from nothing, down again while nothing was recorded, and marks its installation for good."""

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from tests.store.acting import make_table
from tests.support.cluster import Database, TestCluster
from workflows.errors import LedgerRefused
from workflows.store.installation import mode_of, set_virtual_now
from workflows.store.migrating import current, downgrade, newest, upgrade
from workflows.store.transaction import begin, make_engine

NEWEST = newest()


def schemas(database: Database) -> list[str]:
    with psycopg.connect(database.superuser_url.replace("+psycopg", "")) as connection:
        sql = "SELECT nspname FROM pg_namespace WHERE nspname IN ('log', 'desk') ORDER BY 1"
        return [name for (name,) in connection.execute(sql).fetchall()]


def test_up_down_and_up_again_from_empty(empty_database: Database) -> None:
    url = empty_database.owner_url
    assert (current(url), schemas(empty_database)) == (None, [])
    upgrade(url, target="0001")
    assert (current(url), schemas(empty_database)) == ("0001", ["log"])
    upgrade(url)
    upgrade(url)
    assert (current(url), schemas(empty_database)) == (NEWEST, ["desk", "log"])
    downgrade(url)
    assert (current(url), schemas(empty_database)) == (None, [])
    upgrade(url, "simulation")
    assert schemas(empty_database) == ["desk", "log"]


def test_a_log_that_holds_events_is_never_taken_down(database: Database) -> None:
    app = make_engine(database.app_url)
    make_table(app)
    app.dispose()
    with pytest.raises(psycopg.Error, match="never taken down"):
        downgrade(database.owner_url)
    assert schemas(database) == ["desk", "log"]


def may(database: Database, role: str) -> list[bool]:
    with psycopg.connect(database.superuser_url.replace("+psycopg", "")) as connection:
        sql = "SELECT has_database_privilege(%s, current_database(), unnest(ARRAY['CREATE', 'TEMPORARY', 'CONNECT']))"
        return [allowed for (allowed,) in connection.execute(sql, [role]).fetchall()]


def test_an_upgrade_closes_a_database_that_was_left_open(database: Database, cluster: TestCluster) -> None:
    """As PostgreSQL makes them, a database lets everybody make temporary types in it."""
    cluster.run(
        f"GRANT CREATE, TEMPORARY ON DATABASE {database.name} TO PUBLIC",
        f"GRANT TEMPORARY ON DATABASE {database.name} TO gt_app",
    )
    assert may(database, "gt_app") == [True, True, True]
    upgrade(database.owner_url)
    assert [may(database, role) for role in ("gt_app", "gt_sealer", "gt_audit")] == [[False, False, True]] * 3


def test_an_upgrade_leaves_the_database_of_another_owner_as_it_is(database: Database, cluster: TestCluster) -> None:
    cluster.run(
        f"ALTER DATABASE {database.name} OWNER TO postgres",
        f"GRANT TEMPORARY, CONNECT ON DATABASE {database.name} TO PUBLIC",
        f"GRANT CREATE ON DATABASE {database.name} TO gt_owner",
    )
    upgrade(database.owner_url)
    assert may(database, "gt_app") == [False, True, True]


def test_an_installation_is_marked_once(database: Database) -> None:
    upgrade(database.owner_url, "demo")
    upgrade(database.owner_url, "demo")
    with pytest.raises(DBAPIError, match="this installation is demo, not production"):
        upgrade(database.owner_url, "production")


def test_only_a_simulation_moves_its_clock_and_only_forwards(database: Database) -> None:
    app = make_engine(database.app_url)
    with pytest.raises(LedgerRefused), begin(app) as tx:
        set_virtual_now(tx, tx.now() + timedelta(days=1))
    upgrade(database.owner_url, "simulation")
    with begin(app) as tx:
        assert mode_of(tx) == "simulation"
        target = tx.now() + timedelta(days=30)
        assert set_virtual_now(tx, target) >= target
    with begin(app) as tx:
        assert tx.now() >= target
    with pytest.raises(LedgerRefused), begin(app) as tx:
        set_virtual_now(tx, target - timedelta(days=1))
    app.dispose()
