"""审批链: who may see the chains, which version is in force for how many tables, and what is odd about one."""

import re
from html import unescape

import pytest

from tests.support.web_city import planted, visitor
from workflows.definitions import SHIPPED, Expression, chain_from, shipped
from workflows.definitions.lint import lint
from workflows.definitions.usual_rights import rights_in_force
from workflows.ledger.hashes import content_hash
from workflows.store.definitions import present_roster
from workflows.store.queries import all_standings
from workflows.store.transaction import begin


@pytest.fixture
def app(database, tmp_path):
    app = planted(database, tmp_path)
    yield app
    app.extensions["engine"].dispose()


def words(page):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def test_the_list_names_the_versions_with_who_published_them_and_their_tables(app):
    page = visitor(app, "guancha").sees("/definitions")
    rows = re.findall(r"<tr><td class=\"title\">.*?</tr>", page, re.DOTALL)
    assert [(content_hash(shipped(name))[:16] in row, "现行" in row, "尚未启用" in row) for name, row in zip(
        SHIPPED, rows, strict=True)] == [(True, True, False), (True, False, True), (True, False, True)]
    with begin(app.extensions["engine"]) as tx:
        tables = len(all_standings(tx))
    assert [int(found) for found in re.findall(r"(\d+) 张</td>", "".join(rows))] == [tables, tables, 0, 0, 0, 0]


def test_one_version_shows_picture_nodes_and_remarks(app):
    page = visitor(app, "guancha").sees(f"/definitions/{content_hash(shipped('full'))}")
    assert page.count("<svg ") == 1
    titles = re.findall(r'<tr><td class="title">([^<]*)</td>', page)
    assert titles == [node["title"] for node in shipped("full")["nodes"]]
    leader = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "分管领导审签" in row)
    assert Expression.parse("重点 or 金额 >= 500").in_chinese() in words(leader)
    remarks = lint(chain_from(shipped("full")), roster_of(app))
    assert re.findall(r'<span class="hash">([A-Z]+-?\d*[A-Z0-9-]*)</span></li>', page) == [each.rule for each in remarks]


def roster_of(app):
    with begin(app.extensions["engine"]) as tx:
        return present_roster(tx)


def test_an_unknown_version_is_not_found(app):
    assert visitor(app, "guancha").client.get(f"/definitions/{'0' * 64}").status_code == 404


def test_who_has_no_part_in_the_process_is_refused_and_sees_no_link(app):
    clerk = visitor(app, "jingban")
    assert clerk.client.get("/definitions").status_code == 403
    assert "/definitions" not in clerk.sees("/work")



def matrix_shown(page):
    """The matrix as shown: by stage, role and group, each mark."""
    tables = re.findall(r"<caption>(.*?)</caption>(.*?)</table>", page.partition('id="fields"')[2], re.DOTALL)
    found = {}
    for stage, table in tables:
        groups = re.findall(r'<th scope="col">(.*?)</th>', table)[1:]
        for who, row in re.findall(r'<th scope="row" class="nowrap">(.*?)</th>(.*?)</tr>', table):
            found |= {(stage, who, group): mark for group, mark in zip(groups, re.findall(r"<td[^>]*>(.*?)</td>", row), strict=True)}
    return found


@pytest.mark.parametrize("name", ["standard", "full"])
def test_m3_the_page_shows_who_writes_what_in_which_stage(app, name):
    shown = matrix_shown(visitor(app, "guancha").sees(f"/definitions/{content_hash(shipped(name))}"))
    rights = rights_in_force(chain_from(shipped(name)))
    written = {(each.stage.chinese, each.role.chinese, group.chinese) for each in rights.entries for group in each.write}
    assert {place for place, mark in shown.items() if mark} == written
