"""N11, I4, I5: the statistics page, the lists behind its numbers and the files, each within the data scope."""

import io
from datetime import timedelta
from html import unescape

from openpyxl import load_workbook

from tests.service.test_evaluation_pages import person_at
from tests.service.test_executions_page import app, story  # noqa: F401 - the same city and table
from tests.service.test_monitoring_sums import filed_red
from workflows.store.queries import Filters
from workflows.store.tallies import keep_tallies, tallies_at, tallies_behind, tallies_for
from workflows.store.transaction import begin
from workflows.vocabulary import SYSTEM, Role
from workflows.workdays import beijing_date


def address(told, **more) -> str:
    words = {"year": told.table.year, "department": told.table.department, "as_of": "", **more}
    return "?" + "&".join(f"{name}={value}" for name, value in words.items() if value)


def test_the_bureau_sees_the_year_its_lists_and_its_files(app, story):  # noqa: F811
    filed_red(story)
    office = person_at(app, story, Role.FINANCE_PERFORMANCE)
    shown = unescape(office.sees(f"/statistics{address(story)}"))
    words = ("绩效目标编制完成率", "绩效监控完成率", "应实施监控的项目数", "退回原因", "靶子移动率", "规范完整性")
    assert [word for word in words if word not in shown] == []
    listed = unescape(office.sees(f"/statistics/tables{address(story)}&of=loop::compiled:above"))
    assert story.title in listed
    assert office.client.get(f"/statistics/tables{address(story)}&of=loop::compiled:beyond").status_code == 404
    assert office.client.get("/statistics?as_of=yesterday").status_code == 422
    then = office.client.get(f"/statistics.csv{address(story, as_of='2001-01-01')}").data.decode("utf-8-sig")
    assert "整体比率,合计 绩效目标编制完成率,分母,0" in then.splitlines()


def test_a_department_is_told_how_many_are_not_submitted_never_which(app, story):  # noqa: F811
    office, clerk = person_at(app, story, Role.DEPARTMENT_FINANCE), person_at(app, story, Role.CLERK)
    asked = ("/statistics", "/statistics/tables?of=moved", "/statistics.xlsx", "/statistics.csv")
    assert [clerk.client.get(each).status_code for each in asked] == [403] * 4
    with begin(app.extensions["engine"]) as tx:
        told = tallies_for(tx, SYSTEM, Filters(year=story.table.year, department=story.table.department)).tallies
        drafts = [each.table for each in told if each.project and each.stage == "draft"]
        titles = {row["title"] for row in tx.rows("SELECT title FROM desk.table_standing WHERE table_id = ANY(:all)", all=drafts)}
    listed = unescape(office.sees(f"/statistics/tables{address(story)}&of=loop::compiled:below"))
    assert len(titles) > 0
    assert [title for title in titles if title in listed] == []
    assert f"另有{len(drafts)}张尚未提交，只计数，不列名" in listed
    book = load_workbook(io.BytesIO(office.client.get(f"/statistics.xlsx{address(story)}").data))
    assert book.sheetnames == ["整体比率", "自评等级", "监控预警", "退回原因", "得分分布", "可疑情形"]
    totals = [[cell.value for cell in row] for row in book["整体比率"].iter_rows(min_row=3) if row[0].value == "合计"]
    projects = [each for each in told if each.project]
    assert totals[0][3] - totals[0][2] == len(projects) - sum(each.left_unit for each in projects)


def test_kept_tallies_are_those_of_the_replay_and_follow_the_table(app, story):  # noqa: F811
    """I8: equal to replay; a table that changed since is counted anew."""
    with begin(app.extensions["engine"]) as tx:
        behind = tallies_behind(tx)
        assert keep_tallies(tx, behind) == len(behind)
        assert tallies_behind(tx) == []
    filed_red(story)
    with begin(app.extensions["engine"]) as tx:
        assert tallies_behind(tx) == [story.id]
        now = {each.table: each for each in tallies_for(tx, SYSTEM, Filters()).tallies}
        (one,) = tallies_at(tx, [story.id])
        assert now[str(story.id)] == one
        keep_tallies(tx, [story.id])
        assert tallies_behind(tx) == []
        assert {each.table: each for each in tallies_for(tx, SYSTEM, Filters()).tallies} == now


def test_an_evaluation_and_its_recommendation_walk_over_the_page(app, story):  # noqa: F811
    office, head = person_at(app, story, Role.FINANCE_PERFORMANCE), person_at(app, story, Role.UNIT_HEAD)
    page = f"/tables/{story.id}"
    day = (story.with_journal(lambda journal: beijing_date(journal.now())) + timedelta(days=30)).isoformat()
    assert office.sends(page, f"{page}/evaluations", reason="列入重点评价计划", deadline=day).status_code == 303
    report = {"score": "86", "opinion": "总体较好，个别指标偏低", "file": (io.BytesIO(b"%PDF-1.7 report"), "评价报告.pdf"), "no_secret": "1"}
    assert office.sends(page, f"{page}/evaluations/e1", **report).status_code == 303
    assert office.sends(page, f"{page}/recommendations", words="提前启动招标工作", to="unit", evaluation="e1", deadline=day).status_code == 303
    shown = unescape(head.sees(page))
    assert [word for word in ("财政重点绩效评价", "提前启动招标工作", "待答复", "采纳") if word not in shown] == []
    assert head.sends(page, f"{page}/recommendations/s1/answer", adopted="yes", opinion="明年起执行").status_code == 303
    assert head.sends(page, f"{page}/recommendations/s1/implement", report="已修订招标制度").status_code == 303
    assert [each.state for each in story.table.recommendations] == ["implemented"]
    listed = unescape(office.sees("/evaluations"))
    assert [word for word in ("财政重点绩效评价", "提前启动招标工作", "已落实", story.title) if word not in listed] == []
    totals = office.client.get(f"/statistics.csv{address(story)}").data.decode("utf-8-sig").splitlines()
    assert "整体比率,合计 评价结果应用率,比率（%）,100.00" in totals
    assert "整体比率,合计 部门绩效评价完成率,比率（%）,100.00" in totals
