"""N6, the department's report: coverage, colours, the red list with causes and measures, as a page and a workbook."""

import io
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from tests.service.test_evaluation_pages import person_at
from tests.service.test_executions_page import app, story  # noqa: F401 - the same city and table
from tests.support.web_story import Story
from workflows.commands import monitoring
from workflows.commands.recipe import Seen
from workflows.vocabulary import SYSTEM, Role
from workflows.workdays import beijing_date


def filed_red(told: Story) -> None:
    window = told.table.windows[0].window

    def act(journal) -> None:
        table = monitoring.open_monitoring(
            journal, told.id, seen=Seen(told.table.version), window=window, by=SYSTEM, command_id=uuid4()
        )
        rows = {row["id"]: {"possibility": "impossible", "causes": ["其他"], "explanation": "尚未开展"} for row in journal.content(table.in_force)["indicators"]}
        figures = {"executed": "0", "rows": rows, "cause": "因招标流标导致合同签订推迟，资金未能按计划支付。", "measure": "=加快招标",
                   "person": "李某", "deadline": "2030-09-30"}  # fmt: skip
        monitoring.file_monitoring(
            journal, table.id, seen=Seen(table.version), window=window, figures=figures, by=told.who(Role.CLERK),
            command_id=uuid4(),
        )  # fmt: skip

    told.with_journal(act)


def test_the_department_sees_its_red_tables_and_takes_them_along(app, story):  # noqa: F811
    filed_red(story)
    point = story.table.windows[0]
    asked = f"?year={story.table.year}&until={point.date}&department={story.table.department}"
    office = person_at(app, story, Role.DEPARTMENT_FINANCE)
    shown = unescape(office.sees(f"/monitoring/summary{asked}"))
    words = ("应监控1项，已填报1项，已审核0项", "100.00%", story.title, "因招标流标", "=加快招标", "李某", "未下达", "红色预警项目（1）")
    assert [word for word in words if word not in shown] == []
    book = load_workbook(io.BytesIO(office.client.get(f"/monitoring/summary.xlsx{asked}").data))
    assert book.sheetnames == ["汇总", "红色预警", "全部项目"]
    sums = [cell.value for cell in book["汇总"][3]][1:]
    assert sums == [1, 1, 0, 0, 0, 0, 1]
    red = book["红色预警"][3]
    assert [cell.value for cell in red][1:9] == [
        story.title, point.name, "0.00", point.deviation, "因招标流标导致合同签订推迟，资金未能按计划支付。", "=加快招标", "李某", "2030-09-30"]  # fmt: skip
    assert red[6].data_type == "s"


@pytest.mark.parametrize("role", [Role.CLERK, Role.UNIT_FINANCE])
def test_a_unit_sees_no_summary(app, story, role):  # noqa: F811
    assert person_at(app, story, role).client.get("/monitoring/summary").status_code == 403


def test_the_page_draws_the_year_and_red_leads_to_a_rectification_that_is_followed_up(app, story):  # noqa: F811
    filed_red(story)
    point, page = story.table.windows[0], f"/tables/{story.id}"
    office, clerk = person_at(app, story, Role.DEPARTMENT_FINANCE), person_at(app, story, Role.CLERK)
    shown = unescape(office.sees(page))
    assert "全年运行曲线" in shown
    assert f"{point.name}：计划{point.planned_percent}%，执行率0.00%，目标实现程度" in shown
    assert f'<option value="{point.window}" selected>{point.name}（红）' in shown
    day = (beijing_date(story.with_journal(lambda journal: journal.now())) + timedelta(days=30)).isoformat()
    ordered = office.sends(page, f"{page}/rectifications", measures="整改", problem="资金未支付，请加快招标", deadline=day, window=point.window)
    assert ordered.status_code == 303
    (order,) = story.table.rectifications
    assert (order.cause, order.window, order.state) == ("monitoring", point.window, "ordered")
    assert "1项未销号" in unescape(office.sees(f"/monitoring/summary?year={story.table.year}&until={point.date}"))
    assert clerk.sends(page, f"{page}/rectifications/r1/report", report="已完成招标并支付首付款").status_code == 303
    assert office.sends(page, f"{page}/rectifications/r1/verify", passed="yes", opinion="已核实").status_code == 303
    assert story.table.rectifications[0].state == "verified"
    assert "已销号" in unescape(office.sees(f"/monitoring/summary?year={story.table.year}&until={point.date}"))
