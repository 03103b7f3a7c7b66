"""A new year's table on last year's (G11, G12, L6): copied, flagged, help at the field, a row from the library, saved."""

import os
from types import SimpleNamespace
from uuid import uuid4

import pytest

from service.year import figures
from service.year.dice import Dice
from tests.end_to_end.walking import Person, Town
from tests.support.web_story import Story
from workflows.commands import evaluating, replying
from workflows.commands.curating import add_entry
from workflows.commands.recipe import Seen
from workflows.store.transaction import make_engine
from workflows.vocabulary import SYSTEM, Role

pytestmark = pytest.mark.browser
NARROW = {"width": 390, "height": 844}
PICKED = "档案数字化差错率"


def reported_last_year(town: Town, title: str) -> Story:
    """Last year's table with what its rows reached, told through the verbs."""
    story = Story(SimpleNamespace(extensions={"engine": make_engine(town.database.app_url)}), title).drafted().submitted()
    for role in (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE):
        story.approved(role)
    seen = Seen(story.table.version, story.table.content_hash)
    story.with_journal(lambda journal: replying.issue_reply(
        journal, uuid4(), tables={story.id: seen}, doc_no="清财绩〔2026〕31号", by=story.who(Role.FINANCE_BUDGET), command_id=uuid4()
    ))
    story.with_journal(lambda journal: evaluating.open_self_evaluation(
        journal, story.id, seen=Seen(story.table.version), by=SYSTEM, command_id=uuid4()
    ))
    content, pack = town.content(story.table)
    said = figures.at_the_years_end(content, pack, figures.Fate(10, 85, 96), Dice(7), story.id)
    filled = {**said, "rows": {row: {**filed, "reason": figures.IMPROVEMENT} for row, filed in said["rows"].items()}}
    story.with_journal(lambda journal: evaluating.file_self_evaluation(
        journal, story.id, seen=Seen(story.table.version), figures=filled, by=story.who(Role.CLERK), command_id=uuid4()
    ))
    return story


def test_g12_last_years_table_becomes_this_years(town: Town, chromium: object) -> None:
    story = reported_last_year(town, town.own_draft("qj-jw").title)
    content, pack = town.content(story.table)
    level = next(level for level in pack.tree for each in level.level2 if each.name == "质量指标")
    words = {"level1": level.name, "level2": "质量指标", "level3": f"{PICKED}{uuid4().hex[:4]}", "description": "差错条目数÷抽查条目数×100%", "target": "≤0.5%"}
    office = story.who(Role.FINANCE_PERFORMANCE)
    story.with_journal(lambda journal: add_entry(journal, bureau=story.table.bureau, words=words, by=office, command_id=uuid4()))
    with Person(town, chromium, story.table.owner) as clerk:
        page = clerk.page
        clerk.click("a[href='/tables/new']")
        clerk.pictures("new-table")
        clerk.click(f"#t-{story.id} button")
        clerk.pictures("copied")
        copy = page.url.split("/")[-2]
        assert page.locator("table.edit tr.same").count() == len(content["indicators"])
        assert page.locator("table.edit .before b").count() > 0
        asked = page.locator("#must-change li").count()
        page.fill("#budget-total", "88")
        page.select_option("#disclosure", "公开")
        page.fill("table.edit tbody tr:first-child [data-cell=target]", "≥999项")
        page.wait_for_function("count => document.querySelectorAll('#must-change li').length < count", arg=asked)
        page.wait_for_function("count => document.querySelectorAll('table.edit tr.same').length < count", arg=len(content["indicators"]))
        page.focus("table.edit tbody tr:first-child [data-cell=target]")
        page.keyboard.press("F1")
        assert page.locator("#help-target .help-card").is_visible()
        clerk.pictures("help")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.dataset.cell") == "target"
        page.wait_for_function("() => !unkept() && !draft.sending")
        page.click("button[value=library]")
        page.fill("#library #text", words["level3"])
        page.press("#library #text", "Enter")
        page.wait_for_function("() => document.querySelectorAll('#library section.flush tbody tr').length === 1")
        clerk.pictures("library-choice")
        clerk.click(f"#library button[aria-label*='{words['level3']}']")
        assert page.locator(".notice.good").count() == 1
        assert words["level3"] in page.locator("table.edit [data-cell=level3]").evaluate_all("all => all.map(each => each.value)")
        clerk.click("button[value=close]")
        clerk.pictures("copied-table")
        assert (clerk.overflow(), clerk.complaints, clerk.others()) == (0, [], [])
        if os.environ.get("GOALTRAIL_SHOTS"):
            page.set_viewport_size(NARROW)
            for name, address in (("new", "/tables/new"), ("draft", f"/tables/{copy}/draft"), ("choice", f"/tables/{copy}/draft/library"), ("library", "/library"), ("table", f"/tables/{copy}")):
                page.goto(town.address + address)
                clerk.pictures(f"narrow-{name}")
                print(name, clerk.overflow())
    made = next(table for table in town.tables() if str(table.id) == copy)
    assert (made.origin, made.source) == ("copied", str(story.id))
    if os.environ.get("GOALTRAIL_SHOTS"):
        with Person(town, chromium, office.id) as curator:
            curator.page.goto(town.address + "/library")
            curator.pictures("library")
