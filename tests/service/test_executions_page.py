"""N6: a file of executed amounts is previewed row by row, taken in, and stands prefilled in the monitoring form."""

import re
from html import unescape
from io import BytesIO
from uuid import uuid4

import pytest
from openpyxl import Workbook

from tests.service.test_evaluation_pages import person_at
from tests.support.web_city import counts_no_requests, planted
from tests.support.web_story import Story
from workflows.commands import monitoring, project_pausing, replying
from workflows.commands.recipe import Seen
from workflows.vocabulary import SYSTEM, Role

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


def first_day(story: Story) -> str:
    """The day of the table's first checkpoint, which is long gone."""
    return story.table.windows[0].date


def file_of(story: Story, amount: str) -> bytes:
    rows = f"单位,项目名称,年度,截止日期,执行数（万元）\n{story.table.unit},{TITLE},{story.table.year},{first_day(story)},{amount}\n{story.table.unit},没有这个项目,,,7\n合计,,,,{amount}\n"
    return rows.encode("gb18030")


def sends_file(story, visitor, amount):
    return visitor.sends("/executions", "/executions", file=(BytesIO(file_of(story, amount)), "执行数.csv"))


def test_a_file_is_previewed_with_its_sums_and_taken_in(app, story):
    office = person_at(app, story, Role.DEPARTMENT_FINANCE)
    sent = sends_file(story, office, "12.5")
    assert sent.status_code == 303, unescape(sent.text)
    page = sent.headers["Location"]
    shown = unescape(office.sees(page))
    assert [word for word in ("没有这个项目", "无对应", TITLE, "19.5", "12.5", "不一致，请先核对文件。") if word not in shown] == []
    assert story.table.executions == ()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', shown)[1]
    assert office.sends(page, page, seen=seen).status_code == 303
    assert [(each.executed, each.date, each.row) for each in story.table.executions] == [("12.5", first_day(story), 2)]
    assert "12.5" in unescape(office.sees(f"/tables/{story.id}"))


@pytest.mark.parametrize("role", [Role.CLERK, Role.FINANCE_BUDGET])
def test_nobody_else_takes_files_in(app, story, role):
    assert person_at(app, story, role).client.get("/executions").status_code == 403


def test_the_monitoring_form_has_the_official_columns_and_stands_prefilled(app, story):
    window = story.table.windows[0].window
    office = person_at(app, story, Role.UNIT_FINANCE)
    page = sends_file(story, office, "12.5").headers["Location"]
    office.sends(page, page, seen=re.search(r'name="seen" value="([0-9a-f]{64})"', office.sees(page))[1])
    story.with_journal(lambda journal: monitoring.open_monitoring(
        journal, story.id, seen=Seen(story.table.version), window=window, by=SYSTEM, command_id=uuid4()
    ))  # fmt: skip
    clerk, form = person_at(app, story, Role.CLERK), f"/tables/{story.id}/monitoring/{window}"
    shown = unescape(clerk.sees(form))
    words = ("年初预算数", "执行率", "全年预计执行数", "其中：本年一般公共预算拨款", "其他资金", "经费保障", "制度保障", "人员保障",
             "硬件条件保障", "原因说明", "备注", "完成目标可能性")  # fmt: skip
    assert [word for word in words if word not in shown] == []
    assert re.search(r'name="executed"[^>]*value="12.5"', shown)
    assert ("12.5 万元" in shown, "文件第2行" in shown) == (True, True)
    content = story.with_journal(lambda journal: journal.content(story.table.in_force))
    first = content["indicators"][0]["id"]
    typed = {f"{row['id']}-possibility": "certain" for row in content["indicators"]} | {f"{first}-possibility": "impossible"}
    typed |= {f"{row['id']}-explanation": "尚未统计" for row in content["indicators"]}
    refused = clerk.sends(form, form, do="file", executed="12.5", **typed)
    assert refused.status_code == 422
    answer = unescape(refused.text)
    asked = ("请勾选偏差原因", "请说明偏差原因", "红色预警须填写整改措施", "红色预警须填写责任人", "红色预警须填写整改完成日期")
    assert [word for word in asked if word not in answer] == []
    more = {"cause": "因招标流标导致合同签订推迟，资金未能按计划支付。", "measure": "加快招标", "person": "李某",
            "deadline": "2030-09-30", "compliance": "已核查", f"{first}-causes": ["经费保障", "其他"]}  # fmt: skip
    filed = clerk.sends(form, form, do="file", executed="12.5", **typed, **more)
    assert filed.status_code == 303, unescape(filed.text)[:3000]
    point = story.table.windows[0]
    assert (point.colour, point.figures["rows"][first]["causes"]) == ("red", ("经费保障", "其他"))
    assert "经费保障、其他" in unescape(clerk.sees(f"/tables/{story.id}"))


def test_hidden_rows_and_merged_units_are_said_on_the_preview(app, story):
    office, out, book = person_at(app, story, Role.DEPARTMENT_FINANCE), BytesIO(), Workbook()
    for row in (["单位", "项目名称", "执行数（万元）"], [story.table.unit, TITLE, 3], [None, "没有这个项目", 4]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.active.row_dimensions[2].hidden = True
    book.save(out)
    file = (BytesIO(out.getvalue()), "执行数.xlsx")
    sent = office.sends("/executions", "/executions", file=file, date=first_day(story), year=str(story.table.year))
    assert sent.status_code == 303, unescape(sent.text)
    shown = unescape(office.sees(sent.headers["Location"]))
    wanted = ("工作簿中有1行是隐藏的（第2行）", "隐藏行", "第3行的单位取自合并单元格的首行")
    assert [word for word in wanted if word not in shown] == []


def test_the_page_of_a_moment_says_that_the_project_was_paused(app, story):
    """8.4, D6: paused then, going on now; before the pause nothing of it."""
    bureau, before, why = person_at(app, story, Role.FINANCE_PERFORMANCE), len(story.history), "项目用地没有落实"

    def does(verb, reason):
        seen, by = Seen(story.table.version, story.table.content_hash), story.who(Role.FINANCE_PERFORMANCE)
        story.with_journal(lambda journal: verb(journal, story.id, seen=seen, by=by, command_id=uuid4(), reason=reason))

    does(project_pausing.pause_project, why)
    paused = len(story.history)
    does(project_pausing.resume_project, "用地已经落实")
    pages = [unescape(bureau.sees(f"/tables/{story.id}{asked}")) for asked in (f"?as_of={before}", f"?as_of={paused}", "")]
    words = ("项目已暂停</span>", f"理由：{why}。")
    assert [[each in page for each in words] for page in pages] == [[False, False], [True, True], [False, True]], "now: the timeline"
    assert "项目当时已暂停，停止拨付：" in pages[1]
