"""The owner's rights leave a trace, and a schema that somebody loosened meanwhile is found before anything is changed."""

import psycopg
import pytest

from service.cli import release
from service.owner_use import ACCEPT, GuardsLoosened, migrate_and_record
from tests.support.cluster import Database
from workflows.commands.tracing import INSTALLATION
from workflows.store.guards import Guards, guards_of
from workflows.store.migrating import newest
from workflows.store.streams import history_of
from workflows.store.transaction import begin, make_engine

ASLEEP = "ALTER TABLE log.event DISABLE TRIGGER append_only"
AWAKE = "ALTER TABLE log.event ENABLE ALWAYS TRIGGER append_only"


def tampered(database: Database, *statements: str) -> None:
    with psycopg.connect(database.superuser_url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def told(database: Database) -> list[str]:
    engine = make_engine(database.app_url, connections=1)
    with begin(engine) as tx:
        kinds = [each.kind for each in history_of(tx, INSTALLATION)]
    engine.dispose()
    return kinds


def guards(database: Database) -> Guards:
    engine = make_engine(database.app_url, connections=1)
    with begin(engine) as tx:
        found = guards_of(tx, INSTALLATION)
    engine.dispose()
    return found


def released(database: Database, **more: str) -> None:
    migrate_and_record(database.owner_url, "demo", purpose="测试", **more)


def test_a_release_is_recorded_once_for_each_state_of_the_schema(empty_database: Database) -> None:
    released(empty_database)
    released(empty_database)
    engine = make_engine(empty_database.app_url, connections=1)
    with begin(engine) as tx:
        (used,) = history_of(tx, INSTALLATION)
    engine.dispose()
    assert (used.kind, used.fact.revision, used.fact.fingerprint) == ("owner.used", newest(), guards(empty_database).found)
    assert used.actor_id.startswith("host:")


def test_a_trigger_put_to_sleep_is_recorded_once_and_stops_every_release(empty_database: Database) -> None:
    released(empty_database)
    tampered(empty_database, ASLEEP)
    for _ in range(2):
        with pytest.raises(GuardsLoosened, match=r"event\.append_only"):
            released(empty_database)
    assert told(empty_database) == ["owner.used", "catalog.changed"]
    tampered(empty_database, AWAKE)
    released(empty_database)
    assert told(empty_database) == ["owner.used", "catalog.changed", "catalog.changed"]
    assert guards(empty_database).intact is True


def test_a_dropped_trigger_and_a_new_right_are_found_too(empty_database: Database) -> None:
    released(empty_database)
    for statement in ("GRANT UPDATE ON log.event TO gt_app", "DROP TRIGGER append_only ON log.leaf"):
        tampered(empty_database, statement)
        with pytest.raises(GuardsLoosened):
            released(empty_database)
    assert told(empty_database) == ["owner.used", "catalog.changed", "catalog.changed"]
    assert guards(empty_database).asleep == ("leaf",)


def test_an_accepted_change_goes_on_the_record_with_its_reason(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(empty_database)
    tampered(empty_database, "ALTER TABLE log.event SET (autovacuum_enabled = on)", "GRANT SELECT ON log.turn TO gt_audit")
    monkeypatch.setenv("GOALTRAIL_OWNER_URL", empty_database.owner_url)
    monkeypatch.setenv("GOALTRAIL_MODE", "demo")
    with pytest.raises(GuardsLoosened, match=ACCEPT):
        release.main(["--keep-owner"])
    monkeypatch.setenv(ACCEPT, "审计处要求查看封存表")
    assert release.main(["--keep-owner"]) == 0
    assert told(empty_database) == ["owner.used", "catalog.changed", "owner.used"]
    assert guards(empty_database).intact is True


def test_a_database_that_nobody_released_is_held_against_its_triggers_only(database: Database) -> None:
    assert (guards(database).expected, guards(database).intact) == (None, True)
    tampered(database, ASLEEP)
    assert guards(database).intact is False
    tampered(database, AWAKE)
