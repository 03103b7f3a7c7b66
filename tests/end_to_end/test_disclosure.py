"""Disclosure at a browser: reviewed by one, released by another, read by everybody without signing in, the rest counted."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from tests.end_to_end.walking import SCREEN, Person, Town
from tests.support.web_story import Story
from workflows.commands import replying
from workflows.commands.disclosing import review_disclosure
from workflows.commands.recipe import Seen
from workflows.store.disclosing import stubs_of, tables_to_review
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Role

pytestmark = pytest.mark.browser
DEPARTMENT, HAND = "qj-xc", {"width": 390, "height": 844}


def replied(town: Town, mark: str) -> Story:
    """A table of the department in force, marked 公开 or 内部, by the verbs."""
    engine = make_engine(town.database.app_url, connections=1)
    story = Story(SimpleNamespace(extensions={"engine": engine}), town.own_draft(DEPARTMENT).title)
    story.drafted(lambda content: {**content, "disclosure": mark}).submitted()
    for role in (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE):
        story.approved(role)
    seen = Seen(story.table.version, story.table.content_hash)
    story.with_journal(lambda journal: replying.issue_reply(
        journal, uuid4(), tables={story.id: seen}, doc_no="清财绩〔2026〕31号", by=story.who(Role.FINANCE_BUDGET), command_id=uuid4()
    ))
    return story


def others_are_reviewed(town: Town, story: Story) -> None:
    """Whatever else of the department waits (other tests' tables) is found fit by the verb."""
    with begin(make_engine(town.database.app_url, connections=1)) as tx:
        waiting = [row["table_id"] for row in tables_to_review(tx, [DEPARTMENT]) if row["year"] == story.table.year]
    for table_id in waiting:
        story.with_journal(lambda journal, table_id=table_id: review_disclosure(
            journal, table_id, seen=Seen(journal.lock_table(table_id).version), outcome="public",
            by=story.who(Role.SECRECY_REVIEWER), command_id=uuid4(),
        ))


def anybody_reads(browser: Any, address: str, shown: Story, kept: Story, counted: str) -> None:
    """Leaf through the public pages on a narrow and a wide screen, without an account."""
    for size in (SCREEN, HAND):
        context = browser.new_context(viewport=size, locale="zh-CN")
        page = context.new_page()
        page.goto(address)
        texts = [page.locator("main").inner_text()]
        somebody = Person(Town(address, None), browser, "", asked=[])  # type: ignore[arg-type]
        somebody.page = page
        for link in (f"a[href*='{shown.id}']", "a[href='/public/']"):
            somebody.pictures(f"public-{len(texts)}-{size['width']}")
            assert somebody.overflow() == 0
            page.click(f"main {link}")
            page.wait_for_load_state()
            texts.append(page.locator("main").inner_text())
        somebody.pictures(f"public-{len(texts)}-{size['width']}")
        assert [counted in texts[0], counted in texts[2], shown.title in texts[1]] == [True, True, True]
        assert [kept.title in each for each in texts] == [False, False, False]
        assert page.goto(f"{address}/{kept.id}").status == 404
        context.close()


def test_n9_a_pack_is_reviewed_released_and_read_by_everybody(town: Town, chromium: object) -> None:
    shown, kept = replied(town, "公开"), replied(town, "内部")
    year = shown.table.year
    with begin(make_engine(town.database.app_url, connections=1)) as tx:
        before = stubs_of(tx, DEPARTMENT, year)
    with Person(town, chromium, shown.table.owner) as clerk:
        clerk.page.goto(f"{town.address}/documents/new")
        clerk.click("#stubs > summary")
        clerk.page.fill("#stub-year", str(year))
        clerk.page.fill("#stub-count", "2")
        clerk.click("#stubs button")
        assert clerk.page.locator(".notice.good").count() == 1
    with Person(town, chromium, shown.who(Role.SECRECY_REVIEWER).id) as keeper:
        keeper.page.goto(f"{town.address}/disclosure?year={year}")
        keeper.pictures("disclosure-waiting")
        keeper.click(f"a[href*='{shown.id}']")
        keeper.click("#disclosure button[value=public]")
        assert "可以公开" in keeper.page.locator("#disclosure").inner_text()
        keeper.pictures("disclosure-reviewed")
        assert (keeper.overflow(), keeper.complaints, keeper.others()) == (0, [], [])
    others_are_reviewed(town, shown)
    internal = len([t for t in town.tables() if (t.department, t.year, t.disclosure) == (DEPARTMENT, year, "内部") and t.in_force])
    with Person(town, chromium, shown.who(Role.DEPARTMENT_FINANCE).id) as office:
        office.page.goto(f"{town.address}/disclosure?year={year}")
        office.pictures("disclosure-before")
        office.click("form[action*='/disclosure'] button.btn-primary")
        assert (office.overflow(), office.complaints, office.others()) == (0, [], [])
        address = office.page.url
    counted = f"不予公开的内部项目绩效目标表{internal}个，不予公开涉密项目绩效目标表{before + 2}个"
    anybody_reads(chromium, address, shown, kept, counted)
