"""The fingerprint of the ledger's guards: each way to loosen one changes it, a migration that changes it is recorded."""

import psycopg
import pytest

from service.host_operator import host_operator
from service.owner_use import migrate_and_record, record_use, refuse_loosened
from tests.support.cluster import Database
from workflows.commands.tracing import INSTALLATION
from workflows.store.guards import guards_of
from workflows.store.migrating import current, newest, upgrade
from workflows.store.transaction import Transaction, begin, make_engine


def released(tx: Transaction) -> None:
    record_use(tx, purpose="此前的发布", by=host_operator())


LOOSENED = {
    "column grant": "GRANT UPDATE (body) ON log.event TO gt_app",
    "membership": "GRANT gt_owner TO gt_app",
    "rule": "CREATE RULE hide AS ON INSERT TO log.checkpoint DO INSTEAD NOTHING",
    "row security": "ALTER TABLE log.leaf ENABLE ROW LEVEL SECURITY",
    "policy": "CREATE POLICY few ON log.leaf USING (log_index < 5)",
    "role setting": "ALTER ROLE gt_app SET session_replication_role = replica",
    "attribute createdb": "ALTER ROLE gt_app CREATEDB",
    "attribute replication": "ALTER ROLE gt_app REPLICATION",
    "unlogged": "ALTER TABLE log.payload SET UNLOGGED",
    "event trigger": (
        "CREATE FUNCTION public.quiet() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
        "CREATE EVENT TRIGGER quiet ON ddl_command_start EXECUTE FUNCTION public.quiet()"
    ),
    "foreign keys asleep": "ALTER TABLE log.leaf DISABLE TRIGGER ALL; ALTER TABLE log.leaf ENABLE ALWAYS TRIGGER append_only",
    "cleaning replaced": (
        "CREATE OR REPLACE FUNCTION desk.clean(days integer, OUT sessions bigint, OUT messages bigint, OUT deliveries bigint)"
        " SECURITY DEFINER LANGUAGE plpgsql AS 'BEGIN DELETE FROM log.payload; END'"
    ),
    "one officer dropped": "DROP TRIGGER one_officer ON desk.post",
    "one officer emptied": (
        "CREATE OR REPLACE FUNCTION desk.one_officer() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
    ),
    "inheritance": "CREATE TABLE public.child () INHERITS (log.leaf)",
    "default privileges": "ALTER DEFAULT PRIVILEGES FOR ROLE gt_owner IN SCHEMA log GRANT ALL ON TABLES TO gt_app",
    "index": "CREATE INDEX more ON log.leaf (leaf_hash)",
}  # fmt: skip


@pytest.mark.parametrize("loosened", LOOSENED.values(), ids=LOOSENED)
def test_whoever_loosens_a_guard_changes_the_fingerprint(loosened: str, database: Database) -> None:
    with psycopg.connect(database.superuser_url.replace("+psycopg", "")) as connection:
        before = connection.execute("SELECT log.fingerprint()").fetchone()
        connection.execute(loosened)
        after = connection.execute("SELECT log.fingerprint()").fetchone()
        connection.rollback()
        again = connection.execute("SELECT log.fingerprint()").fetchone()
    assert (before == again, after == before) == (True, False)


def test_a_migration_that_changes_the_fingerprint_is_recorded_and_not_refused(empty_database: Database) -> None:
    url = empty_database.owner_url

    upgrade(url, "demo", target="0011", then=released)
    migrate_and_record(url, "demo", purpose="发布")
    refuse_loosened(empty_database.app_url)
    engine = make_engine(empty_database.app_url)
    with begin(engine) as tx:
        guards = guards_of(tx, INSTALLATION)
    engine.dispose()
    assert (current(url), guards.intact, guards.news, guards.held_against) == (newest(), True, False, 2)
