"""Review with grade 良 and completion to the end: filled in, proposed, confirmed side by side, passed by another (T8)."""

from types import SimpleNamespace

import pytest

from tests.end_to_end.walking import Person, Town
from tests.support.web_story import Story
from workflows.store.transaction import make_engine
from workflows.vocabulary import Role

pytestmark = pytest.mark.browser
FORM = "form[data-review]"


def in_finance(town: Town) -> Story:
    """A table that unit and department have passed, by the verbs."""
    engine = make_engine(town.database.app_url, connections=1)
    story = Story(SimpleNamespace(extensions={"engine": engine}), town.own_draft("qj-jw").title)
    return story.drafted().submitted().approved(Role.UNIT_HEAD).approved(Role.DEPARTMENT_FINANCE)


def fills_in(reviewer: Person, story: Story, grades: list[str], overall: str) -> None:
    """Grade the eight items one after another by keyboard alone, then the whole."""
    reviewer.goes_to(story.table)
    if not reviewer.page.is_visible(f"{FORM} select >> nth=0"):
        reviewer.page.click("#fill-review > summary")
    reviewer.page.focus(f"{FORM} select >> nth=0")
    for number, grade in enumerate(grades):
        reviewer.page.locator(f"{FORM} tbody select").nth(number).select_option(label=grade)
    reviewer.page.fill(f"{FORM} [name=comment-money]", "资金与工作量基本匹配")
    reviewer.page.select_option(f"{FORM} #overall", label=overall)
    reviewer.page.fill(f"{FORM} #review-opinion", "总体可行，个别指标表述需完善")


def reads(person: Person, story: Story) -> str:
    person.goes_to(story.table)
    return str(person.page.locator("#review").inner_text())


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.long)])
def test_t8_a_table_graded_good_is_completed_confirmed_and_passed_by_another(
    town: Town, chromium: object, javascript: bool
) -> None:
    story = in_finance(town)
    with Person(town, chromium, "yewuke", javascript) as reviewer:
        fills_in(reviewer, story, ["良"] * 7 + ["优"], "良")
        if javascript:
            assert reviewer.page.inner_text(f"{FORM} [data-total]") == "86.50"
        reviewer.pictures("review-form")
        reviewer.click(f"{FORM} button")
        assert "86.50" in reviewer.page.locator(".notice.good").inner_text()
        reviewer.page.click("#amend > summary")
        row = reviewer.page.locator("#amend tr", has=reviewer.page.locator("input[value$='/level3']")).nth(0)
        old = row.locator("td.pre").inner_text()
        row.locator("textarea[name=new]").fill(old + "（完善）")
        row.locator("textarea[name=reason]").fill("与目标文字的表述一致")
        reviewer.pictures("completion")
        reviewer.click("#amend button")
        assert (reviewer.page.locator(".notice.good").count(), reviewer.overflow()) == (1, 0)
        assert (reviewer.others(), reviewer.complaints) == ([], [])
    with Person(town, chromium, story.table.owner, javascript) as clerk:
        clerk.page.goto(town.address + "/work")
        assert clerk.page.locator("main a", has_text=story.title).count() > 0
        side_by_side = reads(clerk, story)
        assert (old + "（完善）" in side_by_side, "与目标文字的表述一致" in side_by_side) == (True, True)
        clerk.pictures("side-by-side")
        clerk.click("form[action$='/confirm'] button")
        assert (clerk.page.locator(".notice.good").count(), clerk.complaints) == (1, [])
    assert story.table.amendment is None
    with Person(town, chromium, "yewuke", javascript) as reviewer:
        reviewer.goes_to(story.table)
        assert "不能一人通过" in reviewer.page.locator("#steps").inner_text()
    with Person(town, chromium, "yewuke2", javascript) as second:
        second.goes_to(story.table)
        second.presses("approve", "完善后同意")
    with Person(town, chromium, "jixiaoke", javascript) as section:
        fills_in(section, story, ["优"] * 8, "优")
        section.click(f"{FORM} button")
        section.presses("approve", "同意")
        assert (section.others(), section.complaints) == ([], [])
    assert [desk.node for desk in story.table.desks] == ["reply"]
