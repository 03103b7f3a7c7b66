"""N6: a file of executed amounts is previewed row by row, taken in, and stands prefilled in the monitoring form."""

import re
from html import unescape
from io import BytesIO

import pytest

from service.app import Web
from service.demo.city import shipped_city
from tests.service.test_evaluation_pages import person_at
from tests.support.web_city import counts_no_requests, planted
from tests.support.web_story import Story
from workflows.commands import monitoring, replying
from workflows.commands.recipe import Seen
from workflows.store.transaction import begin
from workflows.vocabulary import SYSTEM, Role
from workflows.workdays import beijing_date

TITLE = "纪委大要案准备金"


@pytest.fixture
def app(database, tmp_path):
    made = planted(database, tmp_path)
    counts_no_requests(made)
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def story(app) -> Story:
    """A table in force."""
    from uuid import uuid4

    told = Story(app, TITLE).drafted().submitted()
    for role in (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE):
        told.approved(role)

    def reply(journal) -> None:
        table = journal.lock_table(told.id)
        replying.issue_reply(
            journal, uuid4(), tables={table.id: Seen(table.version, table.content_hash)}, doc_no="清财绩〔2026〕7号",
            by=told.who(Role.FINANCE_BUDGET), command_id=uuid4(),
        )  # fmt: skip

    told.with_journal(reply)
    return told


def today(app: Web) -> str:
    with begin(app.extensions["engine"]) as tx:
        return beijing_date(tx.now()).isoformat()


def file_of(app: Web, story: Story, amount: str) -> bytes:
    rows = f"单位,项目名称,年度,截止日期,执行数（万元）\n{story.table.unit},{TITLE},{story.table.year},{today(app)},{amount}\n{story.table.unit},没有这个项目,,,7\n合计,,,,{amount}\n"
    return rows.encode("gb18030")


def sends_file(app, story, visitor, amount):
    return visitor.sends("/executions", "/executions", file=(BytesIO(file_of(app, story, amount)), "执行数.csv"))


def test_a_file_is_previewed_with_its_sums_and_taken_in(app, story):
    office = person_at(app, story, Role.DEPARTMENT_FINANCE)
    sent = sends_file(app, story, office, "12.5")
    assert sent.status_code == 303, unescape(sent.text)
    page = sent.headers["Location"]
    shown = unescape(office.sees(page))
    assert [word for word in ("没有这个项目", "无对应", TITLE, "19.5", "12.5", "不一致，请先核对文件。") if word not in shown] == []
    assert story.table.executions == ()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', shown)[1]
    assert office.sends(page, page, seen=seen).status_code == 303
    assert [(each.executed, each.date, each.row) for each in story.table.executions] == [("12.5", today(app), 2)]
    assert "12.5" in unescape(office.sees(f"/tables/{story.id}"))


@pytest.mark.parametrize("role", [Role.CLERK, Role.FINANCE_BUDGET])
def test_nobody_else_takes_files_in(app, story, role):
    assert person_at(app, story, role).client.get("/executions").status_code == 403
