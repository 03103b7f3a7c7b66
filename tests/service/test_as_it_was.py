"""`?as_of=`: a table's content, stage, desks and rights as they were at a version, a place in the log or a time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest

from service.app import Web
from service.demo.planting import security_officer
from tests.support import roster
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.life import Life, memory
from tests.support.web_city import planted, visitor
from tests.support.web_story import Story, with_purpose
from workflows.as_of import LogIndex, content_hash_at, moment_asked, replay_until, version_at
from workflows.commands.administering import revoke_grant
from workflows.errors import MomentUnclear, NoSuchMoment
from workflows.store.journal import PostgresJournal
from workflows.store.moments import places_of
from workflows.store.sealing import seal_batch
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Post, Role, Stage
from workflows.workdays import BEIJING


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    app.sealer_url = database.sealer_url
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


@pytest.fixture(scope="module")
def story(web: Web) -> Story:
    """Submitted, passed by the unit, returned by the department, submitted again with another purpose."""
    told = Story(web, "干部培训费").drafted(with_purpose("原来的用途")).submitted().approved(Role.UNIT_HEAD)
    told.returned(Role.DEPARTMENT_FINANCE).drafted(with_purpose("后来的用途")).submitted()
    engine = make_engine(web.sealer_url, connections=1)
    with begin(engine) as tx:
        seal_batch(tx)
    engine.dispose()
    return told


def version_of(story: Story, kind: str, number: int = 0) -> int:
    return [each.version for each in story.history if each.kind == kind][number]


def test_moments_are_read_as_versions_places_days_and_times() -> None:
    day = datetime(2026, 3, 2, tzinfo=BEIJING) - timedelta(microseconds=1)
    noon = datetime(2026, 3, 1, 12, tzinfo=BEIJING)
    said = ["7", " #12 ", "2026-03-01", "2026-03-01T12:00", "2026-03-01 12:00:00", "2026-03-01T04:00Z", "2026-03-01T12:00:00 08:00"]
    assert [moment_asked(each) for each in said] == [7, LogIndex(12), day, noon, noon, noon, noon]


@pytest.mark.parametrize("text", ["", "x", "-1", "#", "1.5", "2026-02-30", "2026-13-01T00:00", "2026-03-01T25:00", "9999-12-31", "9999-12-31T23:59-08:00", "0001-01-01", "２026-03-01", "2026-03-01T1２:00", "2026-03-01T12:00+99:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(MomentUnclear):
        moment_asked(text)


def test_a_moment_names_the_last_version_that_stood_then() -> None:
    life = Life(memory()).in_unit_review()
    history, places = life.journal.history(life.table.id), {1: 0, 2: 1, 3: 5}
    now, born = history[-1].at, history[0].at
    at = lambda asked: version_at(asked, history, places, size=9, now=now)  # noqa: E731
    assert [at(3), at(LogIndex(0)), at(LogIndex(4)), at(LogIndex(8)), at(now), at(born)] == [3, 1, 2, 3, len(history), 1]
    for asked in (0, len(history) + 1, LogIndex(9), born - timedelta(microseconds=1), now + timedelta(days=2)):
        with pytest.raises(NoSuchMoment):
            at(asked)


def test_the_replay_until_a_version_is_the_table_of_that_version() -> None:
    life = Life(memory()).in_unit_review().approved(roster.UNIT_HEAD)
    history = life.journal.history(life.table.id)
    tables = [replay_until(life.table.id, history, version) for version in range(1, len(history) + 1)]
    assert [table.version for table in tables] == list(range(1, len(history) + 1))
    assert tables[-1] == life.table
    assert tables[0].stage == Stage.DRAFT
    assert tables[0].content_hash == content_hash_at(history[:1])


def test_the_page_shows_the_content_the_stage_and_the_desk_of_that_version(web: Web, story: Story) -> None:
    version = version_of(story, "task.decided")
    page = visitor(web, "guicai").sees(f"/tables/{story.id}?as_of={version}")
    moment = story.history[version - 1].at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    assert f"您看到的是 {moment} 时的样子" in page
    assert ("原来的用途" in page, "后来的用途" in page) == (True, False)
    assert "单位审核 孙国平：通过" in page
    assert ('action="/tables/' in page, "回到现在" in page) == (False, True)


def test_the_same_moment_by_version_by_place_and_by_time(web: Web, story: Story) -> None:
    version = version_of(story, "table.returned")
    last = max(each.version for each in story.history if each.at == story.history[version - 1].at)
    with begin(web.extensions["engine"]) as tx:
        place = places_of(tx, story.id)[last]
    inside = visitor(web, "guicai")
    asked = [str(last), f"#{place}", story.history[version - 1].at.isoformat()]
    pages = [inside.sees(f"/tables/{story.id}?as_of={quote(each)}") for each in asked]
    heads = {page[page.index("您看到的是"):page.index("上一条")] for page in pages}
    assert len(heads) == 1
    assert (f"第 {last} 条记录" in pages[0], f"#{place}" in pages[0]) == (True, True)


def test_a_plain_plus_in_the_address_is_understood(web: Web, story: Story) -> None:
    at = story.history[-1].at.astimezone(BEIJING).isoformat()
    assert f"第 {len(story.history)} 条记录" in visitor(web, "guicai").sees(f"/tables/{story.id}?as_of={at}")


def test_bad_moments_get_a_sentence_and_the_way_back(web: Web, story: Story) -> None:
    inside = visitor(web, "guicai")
    answers = {each: inside.client.get(f"/tables/{story.id}?as_of={quote(each)}") for each in ("", "gestern", "999", "0", "#99999", "2099-01-01", "2001-01-01")}
    assert [answer.status_code for answer in answers.values()] == [400, 400, 404, 404, 404, 404, 404]
    assert "看不懂这个时刻" in answers["gestern"].text
    assert "没有第999条" in answers["999"].text
    assert "还没有登入台账" in answers["2001-01-01"].text
    assert f'href="/tables/{story.id}"' in answers["2099-01-01"].text


def test_who_may_not_read_the_table_learns_nothing_of_its_past(web: Web, story: Story) -> None:
    stranger = visitor(web, "kf.jingban")
    assert {stranger.client.get(f"/tables/{address}?as_of=1").status_code for address in (story.id, uuid4())} == {404}


def test_rights_are_those_of_the_moment_not_of_today(web: Web, story: Story) -> None:
    returned = version_of(story, "table.returned")
    before = returned - 2
    inside = visitor(web, "guicai")
    page = inside.sees(f"/tables/{story.id}?as_of={before}")
    assert "徐慧敏" in page[page.index("当时由谁办理"):page.index("当时的状态")]
    rights = page[page.index("您当时的权限"):page.index("当时不能办理")]
    assert ("规划财务处" in rights, "通过" in rights, "退回（编制）" in rights) == (True, True, True)
    now = inside.sees(f"/tables/{story.id}?as_of={len(story.history)}")
    assert "没有" in now[now.index("您当时的权限"):now.index("当时不能办理")]


def test_a_post_taken_away_later_still_stood_then(web: Web, story: Story) -> None:
    head, officer = story.who(Role.UNIT_HEAD), security_officer(visitor(web).city)
    asked, when = len(story.history), datetime.now(UTC)
    with begin(web.extensions["engine"]) as tx:
        revoke_grant(
            PostgresJournal(tx), person=head.id, post=Post(Role.UNIT_HEAD, story.table.unit), reason="岗位调整交接",
            by=officer, command_id=uuid4(),
        )  # fmt: skip
    holders = lambda page: page[page.index("当时由谁办理"):page.index("当时的状态")]  # noqa: E731
    page = visitor(web, story.table.owner).sees(f"/tables/{story.id}?as_of={asked}")
    assert story.history[asked - 1].at <= when
    assert head.name in holders(page)


def test_looking_back_is_bookkept_nowhere_in_the_log(web: Web, story: Story) -> None:
    before = len(story.history)
    visitor(web, "guicai").sees(f"/tables/{story.id}?as_of=1")
    assert len(story.history) == before
