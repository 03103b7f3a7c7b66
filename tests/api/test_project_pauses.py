"""Domain 8.4 on the pages: the department asks, the bureau stops the project in red, and lets it go on."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from service.app import Web
from tests.api.asking import Case, Program, fresh_cases
from tests.support.web_city import visitor
from workflows.commands import replying
from workflows.commands.recipe import Seen
from workflows.vocabulary import Role

REVIEWERS = (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE)
WHY, AGAIN, RED = "支出严重偏离目标，先行止损", "问题已经纠正，可以继续", '<span class="tag red">项目已暂停</span>'


@pytest.fixture(scope="module")
def watched(city: Web) -> Case:
    (story,) = fresh_cases(city, year=datetime.now(UTC).year + 1)
    story.drafted().submitted()
    for role in REVIEWERS:
        story.approved(role)

    def act(journal):
        table = journal.lock_table(story.id)
        seen = {table.id: Seen(table.version, table.content_hash)}
        by = story.who(Role.FINANCE_BUDGET)
        replying.issue_reply(journal, uuid4(), tables=seen, doc_no="清财预〔2026〕8号", by=by, command_id=uuid4())

    story.with_journal(act)
    return story


def test_a_project_is_paused_by_two_resumed_and_its_standing_shown(city: Web, watched: Case) -> None:
    page, listed = f"/tables/{watched.id}", f"/tables?year={watched.table.year}"
    acts = f"{page}/others/"
    department, bureau = (visitor(city, watched.who(role).id) for role in (Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS))
    shown = department.sees(page)
    assert (f"{acts}ask_pause" in shown, f"{acts}pause_project" in shown) == (True, False)
    assert department.sends(page, f"{acts}ask_pause", reason="停").status_code == 422
    assert department.sends(page, f"{acts}ask_pause", reason=WHY).status_code == 303
    assert watched.table.paused is None
    program = Program(city, watched.who(Role.FINANCE_BUSINESS).id)
    assert program.acts(watched.id, "confirm", {"opinion": "同意"}).status_code == 200
    assert watched.table.paused.why == WHY
    seen = department.sees(page)
    assert (RED in seen, WHY in seen, RED in department.sees(listed)) == (True, True, True)
    assert program.get(f"/tables/{watched.id}").json["paused"]["reason"] == WHY
    assert department.sends(page, f"{acts}resume_project", reason=AGAIN).status_code in (403, 409)
    now = watched.table.version
    assert "项目暂停 · 第1次" in department.sees(f"{page}/differences?from={now - 1}&to={now}")
    assert bureau.sends(page, f"{acts}resume_project", reason=AGAIN).status_code == 303
    after = department.sees(page)
    assert (RED in after, AGAIN in after, RED in department.sees(listed)) == (False, True, False)
    assert program.get(f"/tables/{watched.id}").json["paused"] is None
