"""N6, the department's report: coverage, colours, the red list with causes and measures, as a page and a workbook."""

import io
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


def filed_red(story: Story) -> None:
    window = story.table.windows[0].window

    def act(journal) -> None:
        table = monitoring.open_monitoring(
            journal, story.id, seen=Seen(story.table.version), window=window, by=SYSTEM, command_id=uuid4()
        )
        rows = {row["id"]: {"possibility": "impossible", "causes": ["其他"]} for row in journal.content(table.in_force)["indicators"]}
        figures = {"executed": "0", "rows": rows, "cause": "因招标流标导致合同签订推迟，资金未能按计划支付。", "measure": "=加快招标",
                   "person": "李某", "deadline": "2030-09-30"}  # fmt: skip
        monitoring.file_monitoring(
            journal, table.id, seen=Seen(table.version), window=window, figures=figures, by=story.who(Role.CLERK),
            command_id=uuid4(),
        )  # fmt: skip

    story.with_journal(act)


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
