"""What is new since my own last look: it stays over reloads, goes when I act, and never hides a changed content."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from service.app import Web
from tests.support import roster
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.life import Life, memory
from tests.support.web_city import planted, visitor
from tests.support.web_story import Story, with_purpose
from workflows.as_of import content_hash_at
from workflows.last_look import Look, look_at, version_acted, version_seen
from workflows.store.looks import keep_look, look_of
from workflows.store.transaction import begin
from workflows.vocabulary import Role, Stage


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def walked() -> tuple:
    life = Life(memory()).in_unit_review().approved(roster.UNIT_HEAD).returned(roster.DEPARTMENT_FINANCE, Stage.DRAFT).submitted()
    return life.journal.history(life.table.id)


def test_the_first_look_has_nothing_behind_it_but_what_stands() -> None:
    history = walked()
    assert look_at(history, None) == Look(len(history), content_hash_at(history), history[-1].at)


def test_looking_again_without_news_moves_nothing() -> None:
    history = walked()
    first = look_at(history[:3], None)
    second = look_at(history, first)
    assert second.version == version_seen(history, first)
    assert look_at(history, second) == second


def test_newer_records_put_what_was_seen_behind_the_reader() -> None:
    history = walked()
    ends = [number for number in range(1, len(history)) if history[number].at > history[number - 1].at]
    looks = [look_at(history[: ends[0]], None)]
    for end in ends[1:]:
        looks.append(look_at(history[:end], looks[-1]))
    assert [look.version for look in looks[1:]] == ends[:-1]


def test_where_records_share_a_moment_a_changed_content_is_never_taken_for_seen() -> None:
    history = walked()
    submitted = next(each.version for each in history if each.kind == "table.submitted")
    look = Look(1, content_hash_at(history[:1]), history[submitted - 1].at + timedelta(days=1))
    assert content_hash_at(history[: version_seen(history, look)]) == look.content_hash


def test_ones_own_act_puts_everything_before_it_behind() -> None:
    history = walked()
    mine = [each.version for each in history if each.actor_id == roster.UNIT_HEAD.id]
    assert version_acted(history, roster.UNIT_HEAD.id) == mine[-1]
    assert version_acted(history, "nobody") == 0


def test_a_look_is_kept_once_and_an_older_one_does_not_replace_it(web: Web) -> None:
    story = Story(web, "运营经费")
    old, new = (Look(version, "aa", story.history[0].at + timedelta(hours=version)) for version in (1, 2))
    with begin(web.extensions["engine"]) as tx:
        for each in (new, old):
            keep_look(tx, "tester", story.id, each)
        assert look_of(tx, "tester", story.id) == new
        assert look_of(tx, "somebody else", story.id) is None


def test_the_page_begins_with_what_is_new_since_my_last_look_and_a_reload_keeps_it(web: Web) -> None:
    story = Story(web, "干部培训费").drafted(with_purpose("原来的用途")).submitted().approved(Role.UNIT_HEAD)
    leader = visitor(web, "fenguan")
    address = f"/tables/{story.id}"
    assert "自您上次" not in leader.sees(address)
    assert "自您上次" not in leader.sees(address)
    story.returned(Role.DEPARTMENT_FINANCE).drafted(with_purpose("后来的用途"), **{"/purpose": "按退回意见补充"}).submitted()
    pages = [leader.sees(address) for _ in range(3)]
    said = [page[page.index("自您上次查看以来"):page.index("逐项比较")] for page in pages]
    assert said[0] == said[1] == said[2]
    assert [word for word in ("改动 1 处，新记录 3 条", "<del>原来的用途</del>", "<ins>后来的用途</ins>", "按退回意见补充") if word not in said[0]] == []
    story.approved(Role.UNIT_HEAD)
    page = leader.sees(address)
    assert ("改动 0 处，新记录 1 条" in page, "后来的用途</ins>" in page) == (True, False)


def test_after_my_own_decision_nothing_is_new_until_somebody_else_acts(web: Web) -> None:
    story = Story(web, "法律顾问咨询费").drafted(with_purpose("原来的用途")).submitted()
    head = visitor(web, story.who(Role.UNIT_HEAD).id)
    address = f"/tables/{story.id}"
    head.sees(address)
    assert head.sends(address, f"{address}/approve", opinion="同意").status_code == 303
    assert "自您上次" not in head.sees(address)
    story.returned(Role.DEPARTMENT_FINANCE).drafted(with_purpose("后来的用途")).submitted()
    head.sees(address)
    page = head.sees(address)
    assert "自您上次审核以来" in page
    assert "<ins>后来的用途</ins>" in page[page.index("自您上次审核以来"):]


def test_who_looked_after_his_decision_still_finds_all_changes_since_it(web: Web) -> None:
    story = Story(web, "SHCE 专项经费").drafted(with_purpose("原来的用途")).submitted().approved(Role.UNIT_HEAD)
    planner = visitor(web, story.who(Role.DEPARTMENT_FINANCE).id)
    address = f"/tables/{story.id}"
    story.returned(Role.DEPARTMENT_FINANCE).drafted(with_purpose("后来的用途")).submitted()
    planner.sees(address)
    story.approved(Role.UNIT_HEAD)
    page = planner.sees(address)
    first, second = page.index("自您上次审核以来"), page.index("自您上次查看以来")
    assert first < second < page.index("official-title"), "his decision comes first, whatever he looked at since"
    assert ("<ins>后来的用途</ins>" in page[first:second], "<ins>" in page[second:page.index("official-title")]) == (True, False)
