"""N5 on the pages: asked for on the approved table, changed in a draft of its own, old beside new, replied to."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from service.app import Web
from tests.api.asking import Case, fresh_cases
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import planted, visitor
from tests.support.web_story import Story, with_purpose
from workflows.commands import replying
from workflows.commands.recipe import Seen
from workflows.vocabulary import Role, Stage

REVIEWERS = (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE)


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def passed(case: Story) -> Story:
    case.submitted()
    for role in REVIEWERS:
        case.approved(role)
    return case


@pytest.fixture(scope="module")
def approved(web: Web) -> Case:
    """A table of a year whose cut-off has not come, under a reply."""
    (story,) = fresh_cases(web, year=datetime.now(UTC).year + 1)
    passed(story.drafted())

    def act(journal):
        table = journal.lock_table(story.id)
        seen = {table.id: Seen(table.version, table.content_hash)}
        by = story.who(Role.FINANCE_BUDGET)
        replying.issue_reply(journal, uuid4(), tables=seen, doc_no="清财预〔2026〕7号", by=by, command_id=uuid4())

    story.with_journal(act)
    return story


def test_n5_a_revision_from_the_page_to_its_reply(web: Web, approved: Case) -> None:
    page, clerk = f"/tables/{approved.id}", visitor(web, approved.table.owner)
    before = approved.table.in_force
    assert "开启调整" not in visitor(web, "jixiaoke").sees(page)
    assert clerk.sends(page, f"{page}/adjustment", trigger="scope", reason="短").status_code == 422
    asked = clerk.sends(page, f"{page}/adjustment", trigger="scope", reason="实施地点改在县城")
    assert asked.status_code == 303, asked.text
    revision = UUID(re.search(r"/tables/([0-9a-f-]{36})", asked.headers["Location"])[1])
    case = Case(web, "", revision)
    mine, listed = f'href="/tables/{revision}"', clerk.sees(f"/tables?year={approved.table.year}")
    assert (mine in listed, f'href="{page}"' in listed) == (False, True), "a revision is no table of its own in a list"
    assert mine in clerk.sees(f"/tables?year={approved.table.year}&revision=1")
    shown = clerk.sees(f"/tables/{revision}")
    assert ("内容与生效版本相同" in shown, "第1次调整" in shown, "实施地点改在县城" in shown) == (True, True, True)
    assert f'href="/tables/{revision}"' in clerk.sees(page)
    passed(case.drafted(with_purpose("在县城举办干部培训")))
    assert (approved.table.in_force, approved.table.stage) == (before, Stage.MONITORING)
    budget = visitor(web, "yusuanke")
    waiting = budget.sees(f"/tables/{revision}")
    assert ("<ins>在县城举办干部培训</ins>" in waiting, "批复调整" in waiting) == (True, True)
    mine = f"/tables/{revision}"
    assert budget.sends(mine, f"{mine}/revision-reply", doc_no="").status_code == 422
    assert budget.sends(mine, f"{mine}/revision-reply", doc_no="清财预调〔2026〕1号").status_code == 303
    after = clerk.sees(page)
    assert ("在县城举办干部培训" in after, "清财预调〔2026〕1号" in after, "首次批复" in after) == (True, True, True)
    assert (approved.table.in_force, case.table.stage) == (case.table.content_hash, Stage.CLOSED)
    assert "第1次调整获批复" in after


def test_a_stranger_neither_sees_nor_opens_a_revision(web: Web, approved: Case) -> None:
    stranger = next(
        each for each in visitor(web).city.people
        if each.holds(Role.CLERK) and not any(post.organ in (approved.table.unit, approved.table.department) for post in each.posts)
    )  # fmt: skip
    inside = visitor(web, stranger.id)
    token = inside.sees("/account")
    csrf = re.search(r'name="csrf_token" value="([^"]*)"', token)[1]
    sent = {"csrf_token": csrf, "command_id": str(uuid4()), "version": "1", "trigger": "scope", "reason": "与我无关的调整"}
    for name in ("adjustment", "revision-reply"):
        assert inside.client.post(f"/tables/{approved.id}/{name}", data=sent).status_code == 404
