"""Bulk approval at a browser: twelve rows ticked by keyboard, confirmed, the results read, the page loaded once more."""

import pytest

from service.demo.city import shipped_city
from tests.end_to_end.walking import Person, Town
from tests.support.many_tables import many_waiting, passed_by_all
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Role, Stage

pytestmark = pytest.mark.browser
TICKED = 12


def waiting_for_a_head(town: Town, name: str):
    """A head of a unit of the city, and fifteen tables that wait there; one of them is a key project."""
    city = shipped_city()
    head = next(each for each in city.people if each.holds(Role.UNIT_HEAD))
    unit = next(post.organ for post in head.posts if post.role == Role.UNIT_HEAD)
    clerk = city.clerks_of(unit)[0]
    engine = make_engine(town.database.app_url, connections=1)
    tables = many_waiting(engine, 15, home=city.home(unit, clerk.id), clerk=clerk, key={12}, name=name)
    engine.dispose()
    return head, tables


def events(town: Town) -> int:
    engine = make_engine(town.database.app_url, connections=1)
    with begin(engine) as tx:
        number = int(tx.scalar("SELECT count(*) FROM log.event WHERE subject = 'table'"))
    engine.dispose()
    return number


@pytest.mark.parametrize("javascript", [True, False])
def test_twelve_rows_are_ticked_by_keyboard_confirmed_and_read(town: Town, chromium: object, javascript: bool) -> None:
    head, tables = waiting_for_a_head(town, f"批量{'脚本' if javascript else '无脚本'}")
    with Person(town, chromium, head.id, javascript) as person:
        page = person.page
        for table in tables[: TICKED + 1]:
            page.focus(f"input.tick[value='{table.id}']")
            page.keyboard.press("Space")
        person.pictures("bulk-worklist")
        page.focus("#many button[value=ticked]")
        page.keyboard.press("Enter")
        page.wait_for_url("**/work/bulk?*")
        assert page.locator("input[name=item]:checked").count() == TICKED
        assert page.locator("text=重点项目须单独审核").count() == 1
        page.focus("input[name=action][value=approve]")
        page.keyboard.press("Space")
        page.fill("#opinion", "同意上报")
        person.pictures("bulk-confirm")
        page.focus("button[value=try]")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=预演结果：将办理 12 张，0 张不能办理。")
        assert page.input_value("#opinion") == "同意上报"
        person.pictures("bulk-rehearsed")
        before = events(town)
        page.focus("button[value=carry]")
        page.keyboard.press("Enter")
        page.wait_for_url("**/work/bulk/*-*")
        assert page.locator("text=已办理 12 张，未办理 0 张。").count() == 1
        person.pictures("bulk-results")
        after, shown = events(town), page.inner_text("main")
        assert after == before + 3 * TICKED
        page.reload()
        assert (events(town), page.inner_text("main")) == (after, shown)
        assert (person.others(), person.complaints) == ([], [])
    stages = [town.table(table.id).stage for table in tables]
    assert stages == [Stage.DEPARTMENT_REVIEW] * TICKED + [Stage.UNIT_REVIEW] * 3


def test_the_pages_fit_a_phone(town: Town, chromium: object) -> None:
    head, tables = waiting_for_a_head(town, "手机")
    with Person(town, chromium, head.id) as person:
        page = person.page
        page.set_viewport_size({"width": 390, "height": 844})
        widths = []
        for address in ("/work", "/work/bulk?choose=ticked&" + "&".join(f"t={each.id}" for each in tables[11:])):
            page.goto(town.address + address)
            widths.append(person.overflow())
            assert page.evaluate("getComputedStyle(document.querySelector('.grid.cards td')).display") == "block"
            person.pictures(f"bulk-phone{len(widths)}")
        page.check("input[name=action][value=return]")
        page.fill("#reason", "指标值与绩效目标不匹配")
        person.click("button[value=carry]")
        widths.append(person.overflow())
        person.pictures("bulk-phone3")
        assert widths == [0, 0, 0]
        assert page.locator("text=已办理 3 张，未办理 0 张。").count() == 1


def test_one_number_over_three_tables_is_tried_issued_and_read(town: Town, chromium: object) -> None:
    """F5 at a browser, on a desk and on a phone."""
    _head, tables = waiting_for_a_head(town, "批复")
    engine = make_engine(town.database.app_url, connections=1)
    tables = passed_by_all(engine, tables[:3])
    engine.dispose()
    budget = next(each for each in shipped_city().people if each.holds(Role.FINANCE_BUDGET))
    with Person(town, chromium, budget.id) as person:
        page = person.page
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(town.address + "/replies/new")
        for table in tables:
            page.check(f"#t-{table.id}")
        page.fill("#doc_no", "清财预〔2026〕31号")
        person.click("button[value=try]")
        assert page.locator("text=预演结果：可以一并批复 3 张表。").count() == 1
        person.pictures("reply-tried")
        person.click("form[action$='/replies'] button >> nth=0")
        assert page.locator("h1", has_text="清财预〔2026〕31号").count() == 1
        person.pictures("reply-issued")
        page.set_viewport_size({"width": 390, "height": 844})
        widths = [person.overflow()]
        person.pictures("reply-issued-phone")
        page.goto(town.address + "/replies/new")
        widths.append(person.overflow())
        assert (widths, person.others(), person.complaints) == ([0, 0], [], [])
    assert [town.table(each.id).stage for each in tables] == [Stage.MONITORING] * 3
