"""Bulk approval on the pages: ticked, seen once more, carried out once, a line for each, kept under the order (F1, F6)."""

import csv
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from werkzeug.datastructures import MultiDict

from service.app import Web
from service.demo.city import shipped_city
from tests.support.cluster import TEMPLATE, Database, TestCluster
from tests.support.hearing import statements_heard
from tests.support.many_tables import many_waiting
from tests.support.web_city import Visitor, field, planted, visitor
from workflows.folds.replay import Table
from workflows.store.queries import all_standings, table_in
from workflows.store.transaction import begin
from workflows.vocabulary import Role, Stage


class Office:
    """A unit of the city whose head has tables waiting."""

    def __init__(self, app: Web, number: int, **more: object) -> None:
        city = shipped_city()
        self.app, self.engine = app, app.extensions["engine"]
        self.head = next(each for each in city.people if each.holds(Role.UNIT_HEAD))
        unit = next(post.organ for post in self.head.posts if post.role == Role.UNIT_HEAD)
        clerk = city.clerks_of(unit)[0]
        self.tables = many_waiting(self.engine, number, home=city.home(unit, clerk.id), clerk=clerk, **more)

    def enters(self) -> Visitor:
        return visitor(self.app, self.head.id)

    def stages(self) -> list[Stage]:
        with begin(self.engine) as tx:
            known = {row["table_id"]: table_in(tx, row).stage for row in all_standings(tx)}
        return [known[each.id] for each in self.tables]

    def events(self) -> int:
        with begin(self.engine) as tx:
            return int(tx.scalar("SELECT count(*) FROM log.event WHERE subject = 'table'"))


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


@pytest.fixture
def empty_web(database: Database, tmp_path: Path) -> Iterator[Web]:
    app = planted(database, tmp_path)
    yield app
    app.extensions["engine"].dispose()


def form_of(page: str, **typed: str) -> MultiDict[str, str]:
    """The form of the confirmation page with every box left ticked."""
    items = re.findall(r'name="item" value="([^"]+)" checked', page)
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    fixed = {name: field(page, name) for name in ("csrf_token", "command_id")}
    return MultiDict([*(("item", each) for each in items), *(("shown", each) for each in shown),
                      *(fixed | {"action": "approve", "mode": "each"} | typed).items()])


def chosen(head: Visitor, tables: list[Table]) -> str:
    return head.sees("/work/bulk?choose=ticked&" + "&".join(f"t={each.id}" for each in tables))


def results(page: str) -> dict[UUID, str]:
    lines = re.findall(r'<tr[^>]*><td class="title">(.*?)</td>.*?data-name="结果">.*?>(\w+)</span>', page, re.DOTALL)
    return {UUID(re.search(r"[0-9a-f-]{36}", title)[0]): said for title, said in lines}


def test_ticked_tables_are_seen_once_more_and_passed(web: Web) -> None:
    office = Office(web, 4, key={3})
    head = office.enters()
    worklist = head.sees("/work")
    boxes = [f'class="tick" form="many" name="t" value="{each.id}"' for each in office.tables]
    assert [each in worklist for each in boxes] == [True] * 4
    page = chosen(head, office.tables)
    assert page.count('name="item"') == 3
    for table in office.tables[:3]:
        assert f"{table.id}:{table.version}:{table.content_hash}:{table.attachments_hash}" in page
        assert table.content_hash[:16] in page
    assert "重点项目须单独审核" in page
    assert page.count("您还没有打开过此表") == 3
    sent = head.client.post("/work/bulk", data=form_of(page, opinion="同意上报"))
    assert sent.status_code == 303
    shown = head.sees(sent.location)
    assert "已办理 3 张，未办理 0 张。" in shown
    assert results(shown) == {each.id: "已办理" for each in office.tables[:3]}
    assert office.stages() == [Stage.DEPARTMENT_REVIEW] * 3 + [Stage.UNIT_REVIEW]


def test_the_same_form_again_records_nothing_and_shows_the_same_results(web: Web) -> None:
    office = Office(web, 3)
    head = office.enters()
    form = form_of(chosen(head, office.tables))
    first = head.client.post("/work/bulk", data=form)
    events, page = office.events(), head.sees(first.location)
    again = head.client.post("/work/bulk", data=form)
    assert (again.status_code, again.location) == (303, first.location)
    assert (office.events(), head.sees(again.location)) == (events, page)
    form.setlist("item", form.getlist("item")[:1])
    other = head.client.post("/work/bulk", data=form)
    assert (other.status_code, "同一操作编号已用于另一项操作" in other.text) == (409, True)
    assert office.events() == events


def test_what_changed_meanwhile_is_refused_alone_or_stops_all(web: Web) -> None:
    office = Office(web, 3)
    head = office.enters()
    page = chosen(head, office.tables)
    assert head.sends(f"/tables/{office.tables[1].id}", f"/tables/{office.tables[1].id}/approve").status_code == 303
    before = office.events()
    together = head.client.post("/work/bulk", data=form_of(page, mode="together", command_id=str(uuid4())))
    shown = head.sees(together.location)
    assert "已办理 0 张，未办理 3 张。" in shown
    assert "没有任何一张被办理" in shown
    assert office.events() == before
    each = head.client.post("/work/bulk", data=form_of(page))
    assert "已办理 2 张，未办理 1 张。" in head.sees(each.location)
    assert results(head.sees(each.location))[office.tables[1].id] == "未办理"
    assert office.stages() == [Stage.DEPARTMENT_REVIEW] * 3
    left = head.sees(f"/work/bulk?choose=refused&of={each.location.rsplit('/', 1)[1]}")
    assert (left.count('name="item"'), "不在此次批量办理之内（1）" in left) == (0, True)


def test_a_rehearsal_says_what_would_happen_and_records_nothing(web: Web) -> None:
    office = Office(web, 4, key={3})
    head = office.enters()
    page = chosen(head, office.tables)
    head.sends(f"/tables/{office.tables[1].id}", f"/tables/{office.tables[1].id}/approve")
    before = office.events()
    tried = head.client.post("/work/bulk", data=form_of(page, do="try"))
    assert (tried.status_code, "重点项目须单独审核" in tried.text) == (200, True)
    assert "预演结果：将办理 2 张，1 张不能办理。" in tried.text
    assert (office.events(), office.stages().count(Stage.DEPARTMENT_REVIEW)) == (before, 1)


def test_a_bulk_return_wants_one_reason_and_keeps_what_was_typed_and_ticked(web: Web) -> None:
    office = Office(web, 3)
    head = office.enters()
    form = form_of(chosen(head, office.tables), action="return", reason="不妥", target="draft")
    form.setlist("item", form.getlist("item")[:2])
    refused = head.client.post("/work/bulk", data=form)
    assert refused.status_code == 422
    assert "请填写理由（不少于5个字）" in refused.text
    assert (refused.text.count(" checked"), ">不妥</textarea>" in refused.text) == (2 + 2, True)
    form["reason"] = "指标值与绩效目标不匹配"
    sent = head.client.post("/work/bulk", data=form)
    assert "现处于“编制”" in head.sees(sent.location)
    assert office.stages() == [Stage.DRAFT, Stage.DRAFT, Stage.UNIT_REVIEW]


def test_what_is_new_since_my_last_look_stands_beside_each_table(web: Web) -> None:
    office = Office(web, 2)
    head = office.enters()
    head.sees(f"/tables/{office.tables[0].id}")
    page = chosen(head, office.tables)
    assert (page.count("上次查看后没有变动"), page.count("您还没有打开过此表")) == (1, 1)


def test_the_page_asks_as_often_for_three_tables_as_for_one(web: Web) -> None:
    office = Office(web, 3)
    head = office.enters()
    head.sees(f"/tables/{office.tables[0].id}")
    chosen(head, office.tables)
    numbers = []
    for tables in (office.tables[:1], office.tables):
        with statements_heard() as statements:
            chosen(head, tables)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]


def test_results_are_the_askers_own_and_a_sheet_hands_them_out(web: Web) -> None:
    office = Office(web, 2, name="=项目")
    head = office.enters()
    sent = head.client.post("/work/bulk", data=form_of(chosen(head, office.tables)))
    stranger = visitor(web, "jingban2")
    for address in (sent.location, sent.location + "/results.csv", f"/work/bulk?choose=refused&of={uuid4()}"):
        assert stranger.client.get(address).status_code == 404
    sheet = head.client.get(sent.location + "/results.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert sorted((row["绩效目标表"], row["结果"], row["现处阶段"]) for row in rows) == [
        ("'=项目1", "已办理", "主管部门审核"), ("'=项目2", "已办理", "主管部门审核"),
    ]  # fmt: skip


@pytest.mark.parametrize("broken", [
    {"item": []}, {"item": ["nonsense"]}, {"item": [f"{uuid4()}:x:y:z"]}, {"action": ["void"]}, {"action": []},
    {"target": ["moon"]}, {"command_id": ["no"]}, {"item": [f"{uuid4()}:1:a:b"] * 1001},
])  # fmt: skip
def test_a_broken_form_is_a_sentence_and_nothing_is_recorded(web: Web, broken) -> None:
    office = Office(web, 1)
    head = office.enters()
    before, form = office.events(), form_of(chosen(head, office.tables))
    for name, values in broken.items():
        form.setlist(name, values)
    sent = head.client.post("/work/bulk", data=form)
    assert (sent.status_code, office.events()) == (422, before)


def test_tables_of_others_are_neither_named_nor_decided(web: Web) -> None:
    office = Office(web, 2)
    stranger = next(each for each in shipped_city().people if each.holds(Role.UNIT_HEAD) and each.id != office.head.id)
    other = visitor(web, stranger.id)
    page = chosen(other, office.tables)
    assert [str(each.id) in page for each in office.tables] == [False, False]
    form = form_of(chosen(office.enters(), office.tables))
    token = field(other.sees("/work"), "csrf_token")
    form["csrf_token"] = token
    sent = other.client.post("/work/bulk", data=form)
    shown = other.sees(sent.location)
    assert results(shown) == {each.id: "未办理" for each in office.tables}
    assert "项目1" not in shown
    assert office.stages() == [Stage.UNIT_REVIEW] * 2


@pytest.mark.long
def test_a_thousand_through_the_pages(empty_web: Web) -> None:
    """F1: the confirmation and the act on 1,000 tables; the time is printed, not judged."""
    office = Office(empty_web, 1000)
    head = office.enters()
    began = time.monotonic()
    page = head.sees("/work/bulk?choose=all")
    looked = time.monotonic()
    sent = head.client.post("/work/bulk", data=form_of(page))
    acted = time.monotonic()
    shown = head.sees(sent.location)
    print(f"看 {looked - began:.2f} 秒，办 {acted - looked:.2f} 秒，结果 {time.monotonic() - acted:.2f} 秒")
    assert "已办理 1000 张，未办理 0 张。" in shown
    assert set(office.stages()) == {Stage.DEPARTMENT_REVIEW}
