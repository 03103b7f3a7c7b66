"""A return that names its places: mended there alone it goes straight back, with anything else step by step (A13)."""

from types import SimpleNamespace

import pytest

from tests.end_to_end.walking import Person, Town
from tests.support.web_story import Story
from workflows.folds.replay import Table
from workflows.store.transaction import make_engine
from workflows.vocabulary import Role, Stage

pytestmark = pytest.mark.browser


def in_finance(town: Town) -> Story:
    """A table that unit and department have passed, by the verbs."""
    engine = make_engine(town.database.app_url, connections=1)
    story = Story(SimpleNamespace(extensions={"engine": engine}), town.own_draft("qj-jw").title)
    return story.drafted().submitted().approved(Role.UNIT_HEAD).approved(Role.DEPARTMENT_FINANCE)


def returns_with_two_places(town: Town, chromium: object, story: Story, javascript: bool) -> list[str]:
    """The reviewer ticks the goals and the first row and chooses 直达; what he ticked."""
    with Person(town, chromium, "yewuke", javascript) as reviewer:
        reviewer.goes_to(story.table)
        form = "form[action$='/return']"
        reviewer.page.click(f"details:has({form}) > summary")
        reviewer.page.check(f"{form} input[name=mode][value=直达]")
        reviewer.page.click(f"{form} .places > summary")
        rows = reviewer.page.locator(f"{form} input[name=fields][value^='/indicators/']")
        ticked = ["/goals", str(rows.nth(0).get_attribute("value"))]
        for place in ticked:
            reviewer.page.check(f"{form} input[name=fields][value='{place}']")
        reviewer.pictures("return-form")
        reviewer.presses("return", "目标与第一项指标对应不上，请修改", "reason")
        reviewer.pictures("returned")
        assert (reviewer.others(), reviewer.complaints) == ([], [])
    return ticked


def mends(clerk: Person, table: Table, row: str, **heads: str) -> None:
    """Edit the goals, the row's description and these fields of the head, and save."""
    clerk.page.goto(f"{clerk.town.address}/tables/{table.id}/draft")
    clerk.page.fill("#goals", clerk.page.input_value("#goals") + "\n补充：按季度核对完成情况。")
    clerk.page.fill(f"[name='{row}-description']", "按审核意见重新核定的口径")
    for name, said in heads.items():
        clerk.page.fill(f"#{name}", said)
    clerk.page.fill("#reason", "按退回意见修改")
    clerk.click("button[value=save]:not(.visually-hidden)")
    for box in clerk.page.locator("input[name^='explain-']").all():
        box.fill(box.input_value() or "已核实，情况属实，予以说明")
    clerk.page.fill("#reason", "按退回意见修改")
    clerk.click("button[value=close]")


def where(table: Table) -> list[tuple[str, str | None]]:
    return sorted((desk.node, desk.person) for desk in table.desks)


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a13_mending_the_ticked_places_leads_straight_back(town: Town, chromium: object, javascript: bool) -> None:
    story = in_finance(town)
    ticked = returns_with_two_places(town, chromium, story, javascript)
    with Person(town, chromium, story.table.owner, javascript) as clerk:
        clerk.goes_to(story.table)
        asked = clerk.page.locator(".asked")
        assert [asked.locator("a").get_attribute("href"), "目标与第一项指标对应不上" in asked.inner_text()] == [
            f"#{ticked[1].split('/')[2]}", True
        ]
        clerk.pictures("asked-back")
        mends(clerk, story.table, ticked[1].split("/")[2])
        assert "提交后直达“业务科审核”" in clerk.page.locator(".goes").inner_text()
        clerk.pictures("straight")
        clerk.presses("submit", "已按退回意见修改")
        assert (clerk.others(), clerk.complaints) == ([], [])
    assert (story.table.stage, where(story.table)) == (
        Stage.FINANCE_APPROVAL, [("finance_business", "yewuke"), ("finance_performance", None)]
    )


def test_a13_changing_the_title_too_leads_step_by_step_and_says_why(town: Town, chromium: object) -> None:
    story = in_finance(town)
    ticked = returns_with_two_places(town, chromium, story, javascript=True)
    with Person(town, chromium, story.table.owner) as clerk:
        table = story.table
        mends(clerk, table, ticked[1].split("/")[2], title=table.title + "（修订）")
        told = clerk.page.locator(".goes").inner_text()
        assert ("提交后须逐级重新审核" in told, "退回时没有列明的位置：名称。" in told) == (True, True)
        clerk.pictures("step-by-step")
        clerk.presses("submit", "名称一并更正")
        (after,) = [each for each in town.tables() if each.id == table.id]
    assert (after.stage, where(after)) == (Stage.UNIT_REVIEW, [("unit_head", None)])
