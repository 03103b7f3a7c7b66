"""The table's page when it goes back and when it is given on: targets, ways, places; who may receive a task; looks kept."""

import re
from html import unescape
from uuid import uuid4

import pytest

from tests.support.web_city import field, planted, visitor
from tests.support.web_story import Story
from workflows.commands import attaching, drafting
from workflows.commands.recipe import Seen
from workflows.vocabulary import Role, Stage

TITLE = "纪委大要案准备金"


@pytest.fixture
def app(database, tmp_path):
    app = planted(database, tmp_path)
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def story(app):
    """A table that its department has just passed on to the finance bureau."""
    return Story(app, TITLE).drafted().submitted().approved(Role.UNIT_HEAD).approved(Role.DEPARTMENT_FINANCE)


def form_of(page, action):
    (found,) = re.findall(rf'<form method="post" action="[^"]*/{action}">.*?</form>', page, re.DOTALL)
    return found


def options(form, name):
    select = re.search(rf'<select[^>]* name="{name}">(.*?)</select>', form, re.DOTALL).group(1)
    return re.findall(r'<option value="([^"]*)"', select)


def posts(somebody, story, kind, action, **fields):
    page = somebody.sees(f"/tables/{story.id}")
    hidden = {name: field(page, name) for name in ("csrf_token", "version", "content_hash", "attachments_hash")}
    address = f"/tables/{story.id}/{kind}{action}"
    return somebody.client.post(address, data={**hidden, "command_id": str(uuid4()), **fields})


def test_a12_the_targets_are_drafting_and_the_nodes_of_this_round_from_the_nearest_back(app, story):
    form = form_of(visitor(app, "yewuke").sees(f"/tables/{story.id}"), "return")
    assert options(form, "to") == ["draft", "department_review/department_finance", "unit_review/unit_head"]
    assert "规划财务处审核（徐慧敏）" in form


def test_a12_a_return_to_a_node_leaves_what_lay_before_it(app, story):
    sent = posts(visitor(app, "yewuke"), story, "", "return", to="department_review/department_finance",
                 mode="逐级", reason="请部门重新核定资金")  # fmt: skip
    assert (sent.status_code, [desk.node for desk in story.table.desks]) == (303, ["department_finance"])
    assert [vote.node for vote in story.table.votes] == ["unit_head"]


def test_a13_straight_back_without_a_place_is_asked_again_with_the_words_kept(app, story):
    sent = posts(visitor(app, "yewuke"), story, "", "return", to="draft", mode="直达", reason="请修改指标值")
    assert (sent.status_code, story.table.stage) == (422, Stage.FINANCE_APPROVAL)
    form = form_of(sent.text, "return")
    assert ["请勾选须修改的位置" in sent.text, "请修改指标值" in form, 'value="直达" checked' in form] == [True] * 3


def test_a13_the_clerk_reads_what_is_asked_and_where_it_leads(app, story):
    posts(visitor(app, "yewuke"), story, "", "return", to="draft", mode="直达", reason="请修改年度目标", fields=["/goals"])
    clerk = visitor(app, story.table.owner)
    (asked,) = re.findall(r'<div class="notice bad asked">.*?</div>', clerk.sees(f"/tables/{story.id}"), re.DOTALL)
    words = " ".join(unescape(re.sub(r"<[^>]+>", "", asked)).split())
    assert words == (
        "退回理由：请修改年度目标 陈志强 · 业务科审核 须修改：年度绩效目标 "
        "提交后直达“业务科审核”，已办理过的环节不再重复。退回时选择了直达。"
    )


def test_a13_the_clerk_reads_everything_that_keeps_the_table_from_the_straight_way(app, story):
    posts(visitor(app, "yewuke"), story, "", "return", to="draft", mode="直达", reason="请修改年度目标", fields=["/goals"])
    said = {"seen": Seen(story.table.version), "by": story.who(Role.CLERK)}

    def act(journal):
        draft = drafting.content_in_work(journal, story.table)
        one, two, *rest = draft.content["indicators"]
        explained = {**draft.content["explanations"], "V-T5@/indicators/0/target": "参照上年实际完成值"}
        changes = {"title": TITLE + "（修订）", "indicators": [two, one, *rest], "explanations": explained}
        drafting.save_draft(
            journal, story.id, draft_version=draft.version, content={**draft.content, **changes},
            reasons={"": "按退回意见修改"}, command_id=uuid4(), **said,
        )  # fmt: skip
        attaching.attach_file(journal, story.id, name="说明.pdf", data=b"%PDF-1.7 more", command_id=uuid4(), **said)
        return f"1. {two['level3']}（{two['target']['raw']}） · 指标值"

    row = Story(app, TITLE).with_journal(act)
    page = visitor(app, story.table.owner).sees(f"/tables/{story.id}")
    (goes,) = set(re.findall(r"<b>(提交后[^<]*)</b><br>([^<]*)<", page))
    why = (
        "您还改动了退回时没有列明的位置：名称。改回原样后即可直达。"
        f"您还改动了机审说明，涉及退回时没有列明的位置：{row}。改回原样后即可直达。"
        "退回时没有列明的指标行次序有变动。改回原样后即可直达。退回之后附件有变动，须由各环节重新查看。"
    )
    assert tuple(map(unescape, goes)) == ("提交后须逐级重新审核，不能直达“业务科审核”。", why)


def test_a13_a_step_by_step_return_says_so(app, story):
    story.returned(Role.FINANCE_BUSINESS)
    page = visitor(app, story.table.owner).sees(f"/tables/{story.id}")
    assert ["提交后逐级重新审核。" in page, "退回时选择了逐级重审。" in page] == [True, True]


def test_c1_only_who_may_take_a_task_over_is_offered_and_he_gets_it(app, story):
    reviewer = visitor(app, "yewuke")
    assert options(form_of(reviewer.sees(f"/tables/{story.id}"), "transfer"), "person") == ["yewuke2"]
    form = form_of(reviewer.sees(f"/tables/{story.id}"), "transfer")
    sent = posts(reviewer, story, "others/", "transfer", task=field(form, "task"), person="yewuke2", reason="外出开会三天")
    assert (sent.status_code, story.table.desk("finance_business").person) == (303, "yewuke2")
    assert 'action="/tables/' + str(story.id) + '/others/transfer"' not in reviewer.sees(f"/tables/{story.id}")


def test_c1_a_person_outside_the_list_is_refused_by_the_verb_too(app, story):
    reviewer = visitor(app, "yewuke")
    form = form_of(reviewer.sees(f"/tables/{story.id}"), "transfer")
    sent = posts(reviewer, story, "others/", "transfer", task=field(form, "task"), person="jixiaoke", reason="外出开会三天")
    assert (sent.status_code, story.table.desk("finance_business").person) == (403, None)


def test_a14_whoever_opens_the_page_has_opened_the_task_once(app, story):
    reviewer, reader = visitor(app, "yewuke"), visitor(app, "guancha")
    for _look in range(2):
        reviewer.sees(f"/tables/{story.id}")
        reader.sees(f"/tables/{story.id}")
    opened = [each.actor_id for each in story.history if each.kind == "task.opened"]
    assert (opened, story.table.desk("finance_business").opened_by) == (["yewuke"], ("yewuke",))


def test_an_unknown_act_and_a_foreign_table_are_not_found(app, story):
    assert posts(visitor(app, "yewuke"), story, "others/", "dance").status_code == 404
    stranger = visitor(app, "kf.jingban")
    page = stranger.sees("/work")
    sent = stranger.client.post(
        f"/tables/{story.id}/others/urge",
        data={"csrf_token": field(page, "csrf_token"), "version": "1", "command_id": str(uuid4()), "task": "x"},
    )
    assert sent.status_code == 404
