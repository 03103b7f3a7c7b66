"""Two moments of a table side by side: every field of content and state, rows by their identity, in the form's words."""

from collections.abc import Iterator

import pytest
from flask import Flask, g
from flask_babel import Babel

from service.app import Web
from service.organ_book import OrganBook
from service.pages.differences import choices_in, default_start
from service.pages.differences_shown import content_differences
from service.pages.state_shown import state_differences, state_facts
from tests.support import roster
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.contents import printed_table
from tests.support.life import Life, memory
from tests.support.web_city import planted, visitor
from tests.support.web_story import Story, with_purpose
from workflows.as_of import replay_until
from workflows.vocabulary import Role, Stage


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


@pytest.fixture(scope="module")
def story(web: Web) -> Story:
    told = Story(web, "干部培训费").drafted(with_purpose("原来的用途")).submitted().approved(Role.UNIT_HEAD)
    return told.returned(Role.DEPARTMENT_FINANCE).drafted(with_purpose("后来的用途"), **{"/purpose": "按退回意见补充用途"}).submitted()


@pytest.fixture
def words() -> Iterator[None]:
    app = Flask("test")
    Babel(app, default_locale="zh_Hans_CN")
    with app.test_request_context():
        g.organ_book = OrganBook("", ())
        yield


def content(**fields: object) -> dict:
    made = printed_table()
    rows = [{"id": f"r{number}", "weight": "10", **row} for number, row in enumerate(made["indicators"], 1)]
    return made | {"indicators": rows, "explanations": {}} | fields


def found(old: dict, new: dict, **reasons: str) -> list[tuple]:
    return [(each.place, each.old, each.new, each.reason, each.sort) for each in content_differences(old, new, reasons)]


def test_equal_contents_have_no_difference(words) -> None:
    assert found(content(), content()) == []


def test_every_changed_field_is_named_in_the_words_of_the_form(words) -> None:
    old, new = content(), content(purpose="修补路面", goals=["维护道路12公里。", "建立台账。"])
    new["budget"] = {**new["budget"], "total": "70"}
    assert found(old, new, **{"/purpose": "补充用途"}) == [
        ("资金 · 总额", "66", "70", "", "changed"),
        ("资金用途", None, "修补路面", "补充用途", "changed"),
        ("年度绩效目标 · 第1条", "维护道路12公里，保障5000名居民出行。", "维护道路12公里。", "", "changed"),
        ("年度绩效目标 · 第2条", None, "建立台账。", "", "changed"),
    ]


def test_a_row_keeps_its_identity_and_a_target_is_shown_as_printed_and_as_read(words) -> None:
    old, new = content(), content()
    new["indicators"][0] = {**new["indicators"][0], "weight": "12", "target": {"raw": "≥15公里", "op": ">=", "value": "15", "unit": "公里"}}
    assert found(old, new) == [
        ("指标“维护道路里程” · 指标值", "≥12公里", "≥15公里", "", "changed"),
        ("指标“维护道路里程” · 分值", "10", "12", "", "changed"),
    ]


def test_a_target_that_the_machine_reads_in_other_words_is_still_one_difference(words) -> None:
    old, new = content(), content()
    row = new["indicators"][0]
    new["indicators"][0] = {**row, "target": {"raw": "不少于十五公里", "op": ">=", "value": "15", "unit": "公里"}}
    assert found(old, new) == [
        ("指标“维护道路里程” · 指标值", "≥12公里", "不少于十五公里（机器读作 ≥ 15公里）", "", "changed"),
    ]


def test_a_target_that_is_only_read_otherwise_says_so(words) -> None:
    old, new = content(), content()
    row = new["indicators"][0]
    new["indicators"][0] = {**row, "target": {**row["target"], "value": "120"}}
    assert found(old, new) == [("指标“维护道路里程” · 机器读出的指标值", "≥ 12公里", "≥ 120公里", "", "changed")]


def test_added_and_removed_rows_are_one_difference_each_and_moved_rows_one_together(words) -> None:
    old, new = content(), content()
    added = {**old["indicators"][1], "id": "r9", "level3": "新指标"}
    new["indicators"] = [new["indicators"][1], new["indicators"][0], *new["indicators"][2:-1], added]
    shown = found(old, new)
    assert [(place, sort) for place, _old, _new, _reason, sort in shown] == [
        ("指标的顺序", "changed"), ("新增的指标“新指标”", "added"), ("删除的指标“沿线居民满意度”", "removed"),
    ]
    assert shown[1][2] == "一级指标：产出指标；二级指标：质量指标；三级指标：新指标；指标值：≥98%；要求：必填；分值：10"
    assert shown[2][2] is None


def test_explanations_of_the_pre_review_are_named_by_their_rule_and_place(words) -> None:
    new = content(explanations={"V-T1@/indicators/2": "已核实", "V-X2@": "情况属实"})
    assert found(content(), new) == [
        ("机审说明 V-T1 · 指标“完工时间”", None, "已核实", "", "changed"), ("机审说明 V-X2", None, "情况属实", "", "changed"),
    ]  # fmt: skip


def test_the_state_is_compared_fact_by_fact(words) -> None:
    life = Life(memory()).in_unit_review().approved(roster.UNIT_HEAD)
    history = life.journal.history(life.table.id)
    names = {each.actor_id: each.actor_name for each in history}
    before = replay_until(life.table.id, history, 2)
    changed = state_differences(state_facts(before, names), state_facts(life.table, names))
    assert [(each["place"], each["old"], each["new"]) for each in changed if each["place"] in ("阶段", "轮次", "本轮结论")] == [
        ("阶段", Stage.DRAFT.chinese, Stage.DEPARTMENT_REVIEW.chinese), ("轮次", "尚未提交", "第 1 轮"),
        ("本轮结论", "", "单位审核 unit_head同志：通过"),
    ]


def test_the_moments_to_choose_are_the_ends_of_acts_and_the_start_is_the_content_before(words) -> None:
    life = Life(memory()).in_unit_review().returned(roster.UNIT_HEAD, Stage.DRAFT).completed().submitted().approved(roster.UNIT_HEAD)
    history = life.journal.history(life.table.id)
    choices = choices_in(history)
    assert choices[0].version == len(history)
    assert len(choices) == len({each.command_id for each in history}) - 1  # the import enters its desk by a command of its own
    assert default_start(history, choices) == choices[-1].version  # the second round submitted the same content


def test_the_page_shows_what_was_changed_with_its_reason(web: Web, story: Story) -> None:
    page = visitor(web, story.table.owner).sees(f"/tables/{story.id}/differences")
    assert ("<del>原来的用途</del>" in page, "<ins>后来的用途</ins>" in page, "按退回意见补充用途" in page) == (True,) * 3
    assert ("<del>第 1 轮</del>" in page, "<ins>第 2 轮</ins>" in page) == (True, True)


def test_moments_are_put_in_order_and_equal_moments_differ_in_nothing(web: Web, story: Story) -> None:
    inside, newest = visitor(web, story.table.owner), len(story.history)
    forwards = inside.sees(f"/tables/{story.id}/differences?from=1&to={newest}")
    backwards = inside.sees(f"/tables/{story.id}/differences?from={newest}&to=1")
    body = lambda page: page[page.index("<main"):]  # noqa: E731
    assert body(forwards) == body(backwards)
    same = inside.sees(f"/tables/{story.id}/differences?from={newest}&to={newest}")
    assert [word for word in ("内容逐字相同", "状态相同", "没有新的记录") if word not in same] == []


def test_a_moment_between_two_acts_can_be_asked_for_and_stays_chosen(web: Web, story: Story) -> None:
    quiet = next(each.version for each in story.history if each.kind == "node.completed")
    page = visitor(web, story.table.owner).sees(f"/tables/{story.id}/differences?from={quiet}&to=5")
    assert f'<option value="{quiet}" selected>' in page


def test_bad_moments_and_strangers_are_refused(web: Web, story: Story) -> None:
    inside, stranger = visitor(web, story.table.owner), visitor(web, "kf.jingban")
    asked = ("?from=x", "?to=2099-01-01", "?from=0", "?from=%2399999999")
    assert [inside.client.get(f"/tables/{story.id}/differences{each}").status_code for each in asked] == [400, 404, 404, 404]
    assert stranger.client.get(f"/tables/{story.id}/differences").status_code == 404
