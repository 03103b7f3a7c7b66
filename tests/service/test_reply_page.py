"""One document number over many tables on the pages: tried first, all or none, kept as it was issued (F5, J9)."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from werkzeug.datastructures import MultiDict

from service.app import Web
from service.demo.city import shipped_city
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.many_tables import many_waiting, passed_by_all
from tests.support.web_city import field, planted, visitor
from workflows.folds.replay import Table
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Role, Stage


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def awaiting_the_reply(app: Web, number: int) -> list[Table]:
    """Tables of one unit that every reviewer of the city has passed."""
    city, engine = shipped_city(), app.extensions["engine"]
    head = next(each for each in city.people if each.holds(Role.UNIT_HEAD))
    unit = next(post.organ for post in head.posts if post.role == Role.UNIT_HEAD)
    clerk = city.clerks_of(unit)[0]
    return passed_by_all(engine, many_waiting(engine, number, home=city.home(unit, clerk.id), clerk=clerk))


def stages(app: Web, tables: list[Table]) -> list[Stage]:
    with begin(app.extensions["engine"]) as tx:
        journal = PostgresJournal(tx)
        return [journal.lock_table(each.id).stage for each in tables]


def budget(app: Web):
    return visitor(app, next(each.id for each in shipped_city().people if each.holds(Role.FINANCE_BUDGET)))


def form_of(page: str, tables: list[Table], **typed: str) -> MultiDict[str, str]:
    ticked = [("table", f"{each.id}:{each.version}:{each.content_hash}") for each in tables]
    fixed = {name: field(page, name) for name in ("csrf_token", "command_id")}
    return MultiDict([*ticked, *(fixed | {"doc_no": "清财预〔2026〕7号", "opinion": "同意批复"} | typed).items()])


def test_a_reply_is_tried_then_issued_and_kept(web: Web) -> None:
    tables = awaiting_the_reply(web, 3)
    clerk = budget(web)
    page = clerk.sees("/replies/new")
    assert "一份批复最多400张表" in page
    tried = clerk.client.post("/replies", data=form_of(page, tables, do="try"))
    assert (tried.status_code, "预演结果：可以一并批复 3 张表。" in tried.text) == (200, True)
    assert stages(web, tables) == [Stage.FINANCE_APPROVAL] * 3
    form = form_of(page, tables)
    sent = clerk.client.post("/replies", data=form)
    assert sent.status_code == 303
    shown = clerk.sees(sent.location)
    assert ("清财预〔2026〕7号" in shown, "共 3 张表，同时生效" in shown, "同意批复" in shown) == (True, True, True)
    assert set(re.findall(r'class="hash"[^>]*>([0-9a-f]{16})<', shown)) == {each.content_hash[:16] for each in tables}
    assert stages(web, tables) == [Stage.MONITORING] * 3
    again = clerk.client.post("/replies", data=form)
    assert (again.status_code, again.location) == (303, sent.location)
    stranger = next(each.id for each in shipped_city().people if each.holds(Role.CLERK) and each.posts[0].organ != tables[0].unit)
    assert visitor(web, stranger).client.get(sent.location).status_code == 404
    assert clerk.client.get(f"/replies/{uuid4()}").status_code == 404


def test_one_table_in_the_way_stops_all_and_is_named(web: Web) -> None:
    tables = awaiting_the_reply(web, 3)
    clerk = budget(web)
    page = clerk.sees("/replies/new")
    changed = visitor(web, next(each.id for each in shipped_city().people if each.holds(Role.FINANCE_BUDGET)))
    sent = changed.sends(
        f"/tables/{tables[1].id}", f"/tables/{tables[1].id}/return", reason="金额与预算批复不符", to="draft"
    )
    assert sent.status_code == 303
    for typed in ({}, {"do": "try"}):
        refused = clerk.client.post("/replies", data=form_of(page, tables, **typed))
        assert refused.status_code == 409
        assert "有1张表不能批复，所以一张也没有批复。" in refused.text
        assert re.findall(r'<li><a href="/tables/([0-9a-f-]+)">项目2</a>：', refused.text) == [str(tables[1].id)]
    assert stages(web, tables) == [Stage.FINANCE_APPROVAL, Stage.DRAFT, Stage.FINANCE_APPROVAL]
