"""A22, L3, C9 on the pages: asked for on the table's page, shown to the second person in full, marked when done."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest

from service.app import Web
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import planted, visitor
from tests.support.web_story import Story
from workflows.commands import replying
from workflows.commands.recipe import Seen
from workflows.vocabulary import Role, Stage


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def in_finance(web: Web, title: str) -> Story:
    return Story(web, title).drafted().submitted().approved(Role.UNIT_HEAD).approved(Role.DEPARTMENT_FINANCE)


def replied(web: Web, title: str) -> Story:
    story = in_finance(web, title).approved(Role.FINANCE_BUSINESS).approved(Role.FINANCE_PERFORMANCE)

    def act(journal):
        table = journal.lock_table(story.id)
        seen = {table.id: Seen(table.version, table.content_hash)}
        replying.issue_reply(journal, table.id.__class__(int=7), tables=seen, doc_no="清财预〔2026〕7号",
                             by=story.who(Role.FINANCE_BUDGET), command_id=table.id)  # fmt: skip

    story.with_journal(act)
    return story


def test_a_correction_is_asked_for_shown_in_full_and_confirmed(web: Web) -> None:
    story = replied(web, "干部培训费")
    page, asker = f"/tables/{story.id}", visitor(web, "jixiaoke")
    assert 'name="correct/title"' in asker.sees(page)
    assert 'name="correct/title"' not in visitor(web, story.table.owner).sees(page)
    was = dict(re.findall(r'name="(was/[a-z_]+)" value="([^"]*)"', asker.sees(page)))
    kept = {name.replace("was", "correct"): value for name, value in was.items()}
    sent = asker.sends(page, f"{page}/correction", **was, **{**kept, "correct/title": "干部教育培训费"}, reason="名称漏写二字")
    assert sent.status_code == 303, sent.text
    second = visitor(web, "yusuanke")
    shown = second.sees(page)
    assert ("申请更正1处" in shown, "<del>干部培训费</del>" in shown, "<ins>干部教育培训费</ins>" in shown) == (True, True, True)
    assert second.sends(page, f"{page}/confirm", opinion="同意").status_code == 303
    assert "<h1>干部教育培训费</h1>" in second.sees(page)


def test_an_intervention_is_marked_in_red_on_the_page_and_in_the_history(web: Web) -> None:
    story = in_finance(web, "法律顾问咨询费")
    page, admin = f"/tables/{story.id}", visitor(web, "liucheng")
    assert "卡住的环节" in admin.sees(page)
    sent = admin.sends(
        page, f"{page}/intervention", node="finance_business", to_node="department_finance", reason="原签署人调离，无人办理"
    )
    assert sent.status_code == 303, sent.text
    second = visitor(web, "liucheng2")
    assert "申请管理干预：由“业务科审核”退到“规划财务处审核”，从该环节起重新办理" in second.sees(page)
    assert second.sends(page, f"{page}/confirm", opinion="").status_code == 303
    shown = visitor(web, story.table.owner).sees(page)
    assert '<span class="tag red">管理干预</span>' in shown
    assert re.search(r'<li class="back">.{0,400}实施管理干预：由“业务科审核”退到“规划财务处审核”，从该环节起重新办理，理由：原签署人调离，无人办理', shown, re.DOTALL)
    assert story.table.stage == Stage.DEPARTMENT_REVIEW


def test_a_paper_is_entered_with_its_scan_and_shown_as_such(web: Web) -> None:
    story = in_finance(web, "运营经费")
    page, clerk = f"/tables/{story.id}", visitor(web, "yewuke2")
    leader = re.search(r'<option value="([0-9a-f-]+\|yewuke)">', clerk.sees(page)).group(1)
    sent = clerk.sends(
        page, f"{page}/paper", leader=leader, to="", signed_on="2026-01-05", opinion="同意上报",
        file=(BytesIO(b"%PDF-1.7 signed"), "批示.pdf"), no_secret="1",
    )  # fmt: skip
    assert sent.status_code == 303, sent.text
    second = visitor(web, "fenguan")
    assert "线下批示补录：陈志强于2026-01-05在纸质件上批示“通过”" in second.sees(page)
    assert second.sends(page, f"{page}/confirm", opinion="").status_code == 303
    shown = second.sees(page)
    assert "刘振华 代 陈志强（财政业务科）：审核结论：通过，意见：线下批示补录：同意上报" in shown
    assert [desk.node for desk in story.table.desks] == ["finance_performance"]


def test_a_paper_without_a_day_or_scan_comes_back_with_the_sentence(web: Web) -> None:
    story = in_finance(web, "SHCE 专项经费")
    page, clerk = f"/tables/{story.id}", visitor(web, "yewuke2")
    leader = re.search(r'<option value="([0-9a-f-]+\|yewuke)">', clerk.sees(page)).group(1)
    without = clerk.sends(page, f"{page}/paper", leader=leader, signed_on="2026-01-05")
    undated = clerk.sends(page, f"{page}/paper", leader=leader, signed_on="昨天", file=(BytesIO(b"%PDF-1.7 x"), "a.pdf"), no_secret="1")
    assert [(each.status_code, said in each.text) for each, said in ((without, "请选择扫描件"), (undated, "请填写批示日期"))] == [(422, True)] * 2
