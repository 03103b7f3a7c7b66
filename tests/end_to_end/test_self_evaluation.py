"""A table from its self-evaluation to closing at people's browsers: scored, given other points, drawn, mended, closed."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from tests.end_to_end.walking import Person, Town, files_evaluation
from tests.support.web_story import Story
from workflows.commands import evaluating, replying
from workflows.commands.recipe import Seen
from workflows.store.transaction import make_engine
from workflows.vocabulary import SYSTEM, Role, Stage

pytestmark = pytest.mark.browser


def brought_to_self_evaluation(town: Town, title: str) -> Story:
    """The year up to its end, told through the verbs."""
    story = Story(SimpleNamespace(extensions={"engine": make_engine(town.database.app_url)}), title).drafted().submitted()
    for role in (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE):
        story.approved(role)
    seen = Seen(story.table.version, story.table.content_hash)
    story.with_journal(lambda journal: replying.issue_reply(
        journal, uuid4(), tables={story.id: seen}, doc_no="清财绩〔2026〕21号", by=story.who(Role.FINANCE_BUDGET), command_id=uuid4()
    ))
    story.with_journal(lambda journal: evaluating.open_self_evaluation(
        journal, story.id, seen=Seen(story.table.version), by=SYSTEM, command_id=uuid4()
    ))
    return story


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_self_evaluation_is_filed_checked_drawn_mended_and_closed(town: Town, chromium: object, javascript: bool) -> None:
    story = brought_to_self_evaluation(town, town.own_draft("qj-jw").title)
    tag = "js" if javascript else "plain"

    def person(role: Role) -> Person:
        return Person(town, chromium, town.who(story.table, role), javascript)

    with person(Role.CLERK) as clerk:
        clerk.opens(story.table)
        clerk.pictures(f"eval-form-{tag}")
        files_evaluation(clerk, story.table)
        assert (clerk.overflow(), clerk.complaints, clerk.others()) == (0, [], [])
    with person(Role.UNIT_HEAD) as head:
        head.goes_to(story.table)
        head.presses("accept_self_evaluation", "同意")
    row = next(each for each in story.table.evaluation.scores if each["weight"] != "0.00")
    with person(Role.DEPARTMENT_FINANCE) as planner:
        planner.goes_to(story.table)
        planner.click("a[href$='/rescoring']")
        planner.page.fill(f"[name='{row['row']}-points']", "1.50")
        planner.page.fill(f"[name='{row['row']}-reason']", "佐证材料只能证明部分完成")
        planner.pictures(f"eval-rescoring-{tag}")
        planner.click(".bar.foot button")
        planner.pictures(f"eval-rescored-{tag}")
        planner.presses("accept_self_evaluation", "同意")
        assert (planner.overflow(), planner.complaints, planner.others()) == (0, [], [])
    with person(Role.FINANCE_PERFORMANCE) as section:
        section.page.goto(f"{town.address}/sampling?year={story.table.year}")
        section.page.fill("#seed", f"开奖号码{tag}")
        section.click("form[action*='/sampling'] button:has-text('抽取')")
        section.pictures(f"eval-sampling-{tag}")
        assert [desk.node for desk in story.table.desks] == ["evaluation_sampling"]
        section.goes_to(story.table)
        section.click("#rectifications details > summary")
        section.page.fill("#problem", "产出未达标，须补建台账")
        section.page.fill("#deadline", _soon(section))
        section.click("#rectifications details form button")
        section.presses("accept_self_evaluation", "抽查无其他问题")
        assert (section.overflow(), section.complaints, section.others()) == (0, [], [])
    with person(Role.CLERK) as clerk:
        clerk.goes_to(story.table)
        clerk.page.fill("#report-r1", "台账已补建并复核")
        clerk.pictures(f"eval-mending-{tag}")
        clerk.click("form[action$='/report'] button")
    with person(Role.FINANCE_PERFORMANCE) as section:
        section.goes_to(story.table)
        section.pictures(f"eval-looking-{tag}")
        section.click("button[name=passed][value=yes]")
        section.presses("close", "归档")
        section.pictures(f"eval-closed-{tag}")
    assert story.table.stage == Stage.CLOSED


def _soon(someone: Person) -> str:
    """A day that lies ahead of the clock that the page shows."""
    shown = someone.page.locator(".mode").inner_text()
    year = int(shown.partition("台账时间")[2].strip()[:4])
    return f"{year + 1}-01-15" if "-12" in shown else f"{year}-12-28"
