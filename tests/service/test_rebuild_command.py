"""J8, D1: the command line holds the read tables against the log, and makes them anew out of it."""

import pytest

from service.cli import rebuild
from tests.store.acting import journal_on
from tests.store.test_verbs_on_postgres import appoint_everybody
from tests.support.cluster import Database
from tests.support.life import Life
from workflows.store.rebuilding import caches_as_text
from workflows.store.transaction import begin, make_engine

SIZES = """
SELECT CAST(oid AS regclass)::text AS read_table, CAST(reltuples AS int) AS rows FROM pg_class
WHERE oid IN (CAST('desk.table_standing' AS regclass), CAST('desk.task' AS regclass)) ORDER BY 1"""
"""What the planner believes."""


def run(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[str]]:
    """The exit code and the lines that were printed."""
    code = rebuild.main([*options])
    return code, capsys.readouterr().out.splitlines()


def test_what_differs_from_the_log_is_told_and_put_right(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GOALTRAIL_DATABASE_URL", database.app_url)
    engine = make_engine(database.app_url)
    appoint_everybody(engine)
    with journal_on(engine) as journal:
        Life(journal).in_unit_review()
    with begin(engine) as tx:
        honest = caches_as_text(tx)
    assert run(capsys, "--dry-run") == (0, ["1 张表的读表已与台账逐行核对，全部一致。"])
    with begin(engine) as tx:
        tx.run("UPDATE desk.table_standing SET title = '改过'")
        changed = caches_as_text(tx)
    told = ["table_standing：1 行与台账不符", "1 张表的读表已与台账逐行核对，有不符之处。"]
    assert run(capsys, "--dry-run") == (1, told)
    with begin(engine) as tx:
        assert caches_as_text(tx) == changed
    told = ["table_standing：1 行与台账不符，已改正", "1 张表的读表已由台账重新生成，有不符之处。"]
    assert run(capsys) == (0, told)
    with begin(engine) as tx:
        assert caches_as_text(tx) == honest
        assert tx.rows(SIZES) == [{"read_table": "desk.table_standing", "rows": 1}, {"read_table": "desk.task", "rows": 1}]
    engine.dispose()
