"""A release over standings that other code folded: lists and pages never show them, and the release makes them anew."""

import pytest
from sqlalchemy import Engine

from service.cli import release
from tests.store.acting import make_table
from tests.support.cluster import Database
from workflows.folds.replay import Table
from workflows.store.erasing import table_guarded
from workflows.store.migrating import upgrade
from workflows.store.queries import all_standings, table_in
from workflows.store.rebuilding import caches_as_text
from workflows.store.refreshing import Refreshed, refresh_standings
from workflows.store.transaction import begin, make_engine

OF_OTHER_CODE = """
UPDATE desk.table_standing SET code = 'another', title = 'of another release', stage = 'closed',
  state = (state - 'attachments') || '{"stage": "closed", "unheard": 1}'"""


@pytest.fixture
def tables(database: Database, app: Engine) -> list[Table]:
    upgrade(database.owner_url, "demo")
    return sorted((make_table(app) for _ in range(5)), key=lambda table: table.id)


def caches(app: Engine) -> dict[str, list[str]]:
    with begin(app) as tx:
        return caches_as_text(tx)


def forge(app: Engine, sql: str = OF_OTHER_CODE, **values: object) -> None:
    with begin(app) as tx:
        tx.run(sql, **values)


def owner(database: Database, app: Engine) -> Engine:
    return make_engine(database.owner_url)


@pytest.mark.parametrize("engine_of", [lambda _database, app: app, owner], ids=["application", "owner"])
def test_standings_of_other_code_become_what_a_replay_gives(database, app, tables, engine_of):
    before, told = caches(app), []
    forge(app)
    forge(app, "DELETE FROM desk.task WHERE table_id = :table", table=tables[0].id)
    assert caches(app) != before
    engine = engine_of(database, app)
    assert refresh_standings(engine, batch=2, tell=told.append) == Refreshed(5, ())
    assert (caches(app), told) == (before, [2, 4, 5])
    assert refresh_standings(engine, batch=2, tell=told.append) == Refreshed(0, ())
    assert told == [2, 4, 5]
    engine.dispose()


def test_a_row_of_other_code_is_never_believed(app, tables):
    forge(app)
    with begin(app) as tx:
        assert sorted((table_in(tx, row) for row in all_standings(tx)), key=lambda table: table.id) == tables
        assert [table_guarded(tx, table.id) for table in tables] == tables


def test_a_row_of_this_code_is_read_from_the_cache(app, tables):
    """The control: a row of today's code is believed, or the test above would prove nothing."""
    forge(app, "UPDATE desk.table_standing SET state = jsonb_set(state, '{stage}', '\"closed\"')")
    with begin(app) as tx:
        assert {table_in(tx, row).stage for row in all_standings(tx)} == {"closed"}


def test_the_release_makes_them_anew_and_says_how_many(database, app, tables, monkeypatch, capsys):
    before = caches(app)
    forge(app)
    monkeypatch.setenv("GOALTRAIL_OWNER_URL", database.owner_url)
    monkeypatch.setenv("GOALTRAIL_MODE", "demo")
    assert release.main(["--keep-owner"]) == 0
    assert caches(app) == before
    assert capsys.readouterr().out == "已按现行程序重新推演 5 张表……\n"
    assert release.main(["--keep-owner"]) == 0
    assert capsys.readouterr().out == ""


def test_a_table_that_cannot_be_folded_stops_nobody_and_stays(database, app, tables):
    """An event of a table's stream that no table has: only a superuser could have put it there."""
    before = caches(app)
    forge(app)
    superuser = make_engine(database.superuser_url)
    broken = tables[2].id
    forge(superuser, "ALTER TABLE log.event DISABLE TRIGGER USER")
    forge(superuser, BREAK, table=broken)
    superuser.dispose()
    assert refresh_standings(app, batch=2) == Refreshed(4, (broken,))
    whole = [line for line in before["table_standing"] if str(broken) not in line]
    assert [line for line in caches(app)["table_standing"] if str(broken) not in line] == whole


BREAK = """
UPDATE log.event SET body = convert_to(replace(convert_from(body, 'UTF8'), '"node":"drafting"', '"knot":"drafting"'), 'UTF8')
WHERE stream_id = :table AND version = 2"""
