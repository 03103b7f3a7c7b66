"""规则包 pages: every pack with its numbers and sources in words, what waits, what differs between two versions."""

import re
from html import unescape
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.web_city import planted, visitor
from workflows.commands.publishing_packs import propose_pack
from workflows.ledger.hashes import content_hash
from workflows.packs import PACK_NAMES, pack_content
from workflows.packs.words import parts_of
from workflows.store.journal import PostgresJournal
from workflows.store.queries import all_standings, table_in
from workflows.store.transaction import begin
from workflows.vocabulary import Role

AUTHOR = roster.person("process", (Role.PROCESS_ADMIN, roster.BUREAU))


@pytest.fixture
def app(database, tmp_path):
    app = planted(database, tmp_path)
    yield app
    app.extensions["engine"].dispose()


def words(page):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def address(name):
    return f"/packs/{content_hash(pack_content(name))}"


def test_the_list_names_every_pack_and_what_waits(app):
    content = {**pack_content("henan-unit"), "version": 7}
    with begin(app.extensions["engine"]) as tx:
        propose_pack(PostgresJournal(tx), content=content, by=AUTHOR, command_id=uuid4())
    page = visitor(app, "jixiaoke").sees("/packs")
    rows = re.findall(r'<tr><td class="title">.*?</tr>', page, re.DOTALL)
    assert [re.search(r'class="sub">([^<]*)', row)[1] for row in rows if "现行" in row] == list(PACK_NAMES)
    (waiting,) = [row for row in rows if "等待发布" in row]
    assert ("第7版" in waiting, content_hash(content)[:16] in waiting, "河南·单位整体" in waiting) == (True, True, True)


def test_one_pack_shows_every_section_with_its_source_and_no_code(app):
    page = words(visitor(app, "jixiaoke").sees(address("national-2020")))
    parts = parts_of(pack_content("national-2020"))
    assert [part.source for part in parts if part.code != "template" and part.source not in page] == []
    assert "产出指标 50 数量指标、质量指标、时效指标、成本指标" in page
    assert "档次 › 部分达成并具有一定效果 › 起 60" in page


@pytest.mark.parametrize("name", PACK_NAMES)
def test_every_section_and_item_that_ships_has_a_chinese_name(name):
    parts = parts_of(pack_content(name))
    assert [part.code for part in parts if part.name == part.code] == []
    assert [item for part in parts for item, _value in part.rows if re.search("[a-z_]{2}", item)] == []


def test_two_versions_stand_side_by_side_with_what_differs(app):
    base = content_hash(pack_content("national-2015"))
    page = words(visitor(app, "jixiaoke").sees(f"{address('national-2020')}?from={base}"))
    assert "指标体系与分值 › 来源" in page
    assert "定性指标档次 › 档次 › 部分达成 " in page
    same = visitor(app, "jixiaoke").sees(f"{address('national-2020')}?from={content_hash(pack_content('national-2020'))}")
    assert "两个版本没有差异。" in same


def test_an_unknown_version_and_a_content_that_is_no_pack_are_not_found(app):
    client = visitor(app, "jixiaoke").client
    assert client.get(f"/packs/{'0' * 64}").status_code == 404
    assert client.get(f"{address('national-2020')}?from={'0' * 64}").status_code == 404
    with begin(app.extensions["engine"]) as tx:
        other = PostgresJournal(tx).put_content({"name": "national-2020", "secret": "x"})
    assert client.get(f"/packs/{other}").status_code == 404


def test_the_list_says_how_many_tables_are_pinned_to_a_version(app):
    with begin(app.extensions["engine"]) as tx:
        tables = [table_in(tx, row) for row in all_standings(tx)]
    pinned = [table for table in tables if table.pack == "henan-unit"]
    page = words(visitor(app, "jixiaoke").sees(address("henan-unit")))
    assert len(pinned) > 0
    assert f"锁定的表 {len(pinned)}张，其中在办{len(pinned)}张" in page
