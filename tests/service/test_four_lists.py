"""H1: 待办、已办、已阅、我发起 hold what a naive reading of the whole log gives, for everybody in the city."""

import re
from collections import defaultdict

import pytest

from service.demo.city import shipped_city
from tests.api.asking import fresh_cases
from tests.support.cluster import TEMPLATE
from tests.support.web_city import counts_no_requests, planted, visitor
from workflows.folds.replay import replay
from workflows.rights.permissions import may_read
from workflows.store.dealings import KINDS, count_dealt_with, dealt_with
from workflows.store.journal import PostgresJournal
from workflows.store.queries import tables_waiting_for
from workflows.store.transaction import begin
from workflows.vocabulary import Role


@pytest.fixture(scope="module")
def web(cluster, tmp_path_factory):
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("lists"))
    counts_no_requests(app)
    one, two, three = fresh_cases(app, 3)
    one.drafted().submitted().approved(Role.UNIT_HEAD).approved(Role.DEPARTMENT_FINANCE)
    two.drafted().submitted()
    three.drafted()
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def by_the_log(web):
    """Every table replayed, and who recorded which kinds on it."""
    with begin(web.extensions["engine"]) as tx:
        journal = PostgresJournal(tx)
        streams = [row["stream_id"] for row in tx.rows("SELECT DISTINCT stream_id FROM log.event WHERE subject = 'table'")]
        histories = {stream: journal.history(stream) for stream in streams}
    return {stream: (replay(stream, history), history) for stream, history in histories.items()}


def test_h1_the_lists_hold_what_the_log_says(web):
    log, found, wanted = by_the_log(web), defaultdict(set), defaultdict(set)
    people = shipped_city().people
    with begin(web.extensions["engine"]) as tx:
        for who in people:
            found[who.id, "todo"] = {(row["table_id"], row["task"]) for row in tables_waiting_for(tx, who, limit=1000)}
            for which in KINDS:
                rows = dealt_with(tx, who, which, limit=1000)
                found[who.id, which] = {row["table_id"] for row in rows}
                assert count_dealt_with(tx, who, which) == len(rows) == len(found[who.id, which])
    for who in people:
        for stream, (table, history) in log.items():
            wanted[who.id, "todo"] |= {
                (stream, desk.task) for desk in table.desks
                if desk.person in (None, who.id) and who.holds(Role(desk.role), desk.organ)
            }  # fmt: skip
            for which, kinds in KINDS.items():
                if any(each.kind in kinds and each.actor_id == who.id for each in history) and may_read(who, table):
                    wanted[who.id, which].add(stream)
    assert {key: rows for key, rows in found.items() if rows} == {key: rows for key, rows in wanted.items() if rows}
    assert {which for (_who, which), rows in found.items() if rows} >= {"todo", "done", "begun"}


@pytest.mark.parametrize(("who", "which", "count"), [("fuzeren", "done", 1), ("fuzeren", "read", 0), ("jingban", "read", 0)])
def test_h1_a_page_says_how_many(web, who, which, count):
    page = visitor(web, who).sees(f"/work/{which}")
    assert re.search(r"共 (\d+) 张表", page).group(1) == str(count)
