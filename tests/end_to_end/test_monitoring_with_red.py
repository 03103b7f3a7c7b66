"""Monitoring with red at a browser: the amount is there, red forces its words, a rectification is ordered and ended."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from tests.end_to_end.walking import Person, Town
from tests.support.web_story import Story
from workflows.commands import monitoring, replying
from workflows.commands.recipe import Seen
from workflows.store.transaction import make_engine
from workflows.vocabulary import SYSTEM, Role
from workflows.workdays import beijing_date

pytestmark = pytest.mark.browser
CAUSE = "因招标流标导致合同签订推迟，资金未能按计划支付。"


def in_force(town: Town) -> Story:
    """A table in force whose first checkpoint is open, by the verbs."""
    engine = make_engine(town.database.app_url, connections=1)
    story = Story(SimpleNamespace(extensions={"engine": engine}), town.own_draft("qj-jw").title)
    story.drafted().submitted()
    for role in (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE):
        story.approved(role)

    def reply(journal) -> None:
        table = journal.lock_table(story.id)
        (replied,) = replying.issue_reply(
            journal, uuid4(), tables={table.id: Seen(table.version, table.content_hash)}, doc_no="清财绩〔2026〕9号",
            by=story.who(Role.FINANCE_BUDGET), command_id=uuid4(),
        )  # fmt: skip
        monitoring.open_monitoring(
            journal, table.id, seen=Seen(replied.version), window=replied.windows[0].window, by=SYSTEM, command_id=uuid4()
        )

    story.with_journal(reply)
    return story


def takes_a_file_in(office: Person, story: Story) -> None:
    """Choose a file with one good row and one that fits nothing, look at the preview, take it in."""
    day = story.table.windows[0].date
    rows = f"单位,项目名称,截止日期,执行数（万元）\n{story.table.unit},{story.title},{day},0.5\n{story.table.unit},没有这个项目,,7\n"
    office.page.goto(office.town.address + "/executions")
    office.page.set_input_files("#file", {"name": "执行数.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    office.click("main form button")
    assert "没有这个项目" in office.page.locator("main").inner_text()
    office.pictures("execution-preview")
    office.click("main form button")
    assert (office.page.locator(".notice.good").count(), office.overflow()) == (1, 0)


@pytest.mark.parametrize("javascript", [True, pytest.param(False, marks=pytest.mark.long)])
def test_n6_red_is_explained_ordered_reported_and_verified(town: Town, chromium: object, javascript: bool) -> None:
    story = in_force(town)
    first = story.with_journal(lambda journal: journal.content(story.table.in_force))["indicators"][0]["id"]
    office = story.who(Role.DEPARTMENT_FINANCE).id
    with Person(town, chromium, office, javascript) as department:
        takes_a_file_in(department, story)
    with Person(town, chromium, story.table.owner, javascript) as clerk:
        clerk.page.goto(f"{town.address}/tables/{story.id}/monitoring/{story.table.windows[0].window}")
        assert clerk.page.input_value("[name=executed]") == "0.5"
        for box in clerk.page.locator("select[name$='-possibility']").all():
            box.select_option("certain")
        clerk.page.select_option(f"[name='{first}-possibility']", "impossible")
        clerk.click("button[value=file]")
        for box in clerk.page.locator("[name$='-explanation']:visible").all():
            box.fill("尚未统计")
        asked = clerk.page.locator("[role=alert]").inner_text()
        assert [word for word in ("勾选偏差原因", "偏差原因（不少于", "整改措施", "责任人", "完成日期") if word not in asked] == []
        clerk.page.check(f"[name='{first}-causes'][value=其他]")
        for name, words in (("cause", CAUSE), ("measure", "加快招标"), ("person", "李某"), ("deadline", "2030-09-30")):
            clerk.page.fill(f"#{name}", words)
        if clerk.page.locator("#compliance[aria-invalid]").count():
            clerk.page.fill("#compliance", "已核查，资金使用合规")
        clerk.pictures("monitoring-red")
        assert clerk.overflow() == 0
        clerk.click("button[value=file]")
        assert clerk.page.locator(".notice.good").count() == 1
        assert [each for each in clerk.complaints if "422" not in each] == []
    assert story.table.windows[0].colour == "red"
    day = (beijing_date(story.with_journal(lambda journal: journal.now())) + timedelta(days=30)).isoformat()
    with Person(town, chromium, office, javascript) as department:
        department.goes_to(story.table)
        department.pictures("curves")
        department.page.click("#rectifications details > summary")
        department.page.fill("#problem", "资金未支付，请加快招标")
        department.page.fill("#deadline", day)
        department.click("#rectifications details form button")
        assert (department.page.locator(".notice.good").count(), department.overflow()) == (1, 0)
    with Person(town, chromium, story.table.owner, javascript) as clerk:
        clerk.goes_to(story.table)
        clerk.page.fill("#report-r1", "已完成招标并支付首付款")
        clerk.click("form[action$='/r1/report'] button")
    with Person(town, chromium, office, javascript) as department:
        department.goes_to(story.table)
        department.click("form[action$='/r1/verify'] button[value=yes]")
        point = story.table.windows[0]
        department.page.goto(f"{town.address}/monitoring/summary?year={story.table.year}&until={point.date}")
        assert story.title in department.page.locator("main").inner_text()
        department.pictures("monitoring-summary")
        assert (department.overflow(), department.others(), department.complaints) == (0, [], [])
    (order,) = story.table.rectifications
    assert (order.cause, order.window, order.state) == ("monitoring", point.window, "verified")
