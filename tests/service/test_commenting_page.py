"""G9 on the pages: a comment stands at its row, is answered there, is counted in the lists, stops the submission."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest

from service.app import Web
from service.demo.city import shipped_city
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import Visitor, field, planted, visitor
from tests.support.web_story import Story, with_purpose
from workflows.vocabulary import Role


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def commented(web: Web, title: str) -> tuple[Story, Visitor]:
    story = Story(web, title).drafted(with_purpose("原来的用途")).submitted()
    head = visitor(web, story.who(Role.UNIT_HEAD).id)
    page = f"/tables/{story.id}"
    row = story.with_journal(lambda journal: journal.content(story.table.content_hash))["indicators"][0]["id"]
    answer = head.sends(
        page, f"{page}/comments", pointer=f"/indicators/{row}/target", criterion="indicators", words="请说明<b>依据</b>"
    )
    assert answer.status_code == 303
    return story, head


def row_of(page: str, row: str) -> str:
    """The HTML of one indicator row."""
    start = page.index(f'<tr id="{row}">')
    return page[start:page.index('<td class="num">', start)]


def test_a_comment_stands_at_its_row_with_the_unit_s_form_and_is_answered_there(web: Web) -> None:
    story, head = commented(web, "干部培训费")
    page, (thread,) = f"/tables/{story.id}", story.table.threads
    shown = row_of(head.sees(page), thread.row)
    assert ("请说明&lt;b&gt;依据&lt;/b&gt;" in shown, "指标科学性" in shown, "待答复" in shown) == (True, True, True)
    assert (f"{thread.thread}/resolve" in shown, f"{thread.thread}/answer" in shown) == (True, False)
    clerk = visitor(web, story.table.owner)
    shown = row_of(clerk.sees(page), thread.row)
    assert (f"{thread.thread}/resolve" in shown, f"{thread.thread}/answer" in shown) == (False, True)
    assert clerk.sends(page, f"{page}/comments/{thread.thread}/answer", words="依据为《公路养护定额》").status_code == 303
    shown = row_of(clerk.sees(page), thread.row)
    assert ("依据为《公路养护定额》" in shown, "已答复" in shown) == (True, True)
    assert head.sends(page, f"{page}/comments/{thread.thread}/resolve").status_code == 303
    assert "已销号" in row_of(head.sees(page), thread.row)


def counted(page: str, table_id) -> bool:
    """Whether a list counts one comment in the row of this table."""
    (row,) = [each for each in page.split("<tr") if str(table_id) in each]
    return "批注 1" in row


def test_the_lists_count_what_waits_for_an_answer_and_submitting_stops_until_then(web: Web) -> None:
    story, head = commented(web, "法律顾问咨询费")
    page, (thread,) = f"/tables/{story.id}", story.table.threads
    assert head.sends(page, f"{page}/return", to="draft", reason="请按批注修改").status_code == 303
    clerk = visitor(web, story.table.owner)
    assert [counted(clerk.sees(address), story.id) for address in ("/work", "/tables")] == [True, True]
    assert "有1条批注待答复，答复后才能提交" in clerk.sees(f"{page}/draft")
    refused = clerk.sends(page, f"{page}/submit")
    assert (refused.status_code, "还有1条批注没有答复" in refused.text) == (403, True)
    assert clerk.sends(page, f"{page}/comments/{thread.thread}/answer", words="已补充").status_code == 303
    assert [counted(clerk.sees(address), story.id) for address in ("/work", "/tables")] == [False, False]
    assert clerk.sends(page, f"{page}/submit").status_code == 303
    assert story.table.round == 2


def test_an_older_view_and_the_page_as_it_was_offer_no_form(web: Web) -> None:
    story, head = commented(web, "运营经费")
    (thread,) = story.table.threads
    was = head.sees(f"/tables/{story.id}?as_of={story.table.version}")
    assert (thread.thread[:8] in was, "/comments" in was) == (True, False)


def test_a_place_that_there_is_not_comes_back_with_what_was_typed(web: Web) -> None:
    story, head = commented(web, "SHCE 专项经费")
    page = f"/tables/{story.id}"
    refused = head.sends(page, f"{page}/comments", pointer="/nowhere", criterion="money", words="资金过大")
    assert (refused.status_code, "请选择要批注的位置" in refused.text, "资金过大" in refused.text) == (422, True, True)
    assert len(re.findall('class="comment"', head.sees(page))) == 1


def test_strangers_find_nothing_to_comment_on(web: Web) -> None:
    story = Story(web, "干部培训费")
    clerks = ((each.id, post.organ) for each in shipped_city().people for post in each.posts if post.role == Role.CLERK)
    stranger = visitor(web, next(who for who, organ in clerks if organ != story.table.unit))
    token = {"csrf_token": field(stranger.sees("/account"), "csrf_token")}
    answer = stranger.client.post(
        f"/tables/{story.id}/comments",
        data={**token, "command_id": str(uuid4()), "version": story.table.version, "pointer": "/goals",
              "criterion": "form", "words": "不清楚"},
    )  # fmt: skip
    assert answer.status_code == 404

