"""B13: the report on handling times: who reads it, that its numbers are those of the log, what one takes along."""

import io
from html import unescape
from uuid import UUID

from openpyxl import load_workbook

from tests.service.test_evaluation_pages import person_at
from tests.service.test_executions_page import app, story  # noqa: F401 - the same city and table
from tests.support.web_city import visitor
from workflows.handling.efficiency import lines_of, packed
from workflows.handling.visits import visits_in
from workflows.store.calendars_then import calendars_then
from workflows.store.journal import PostgresJournal
from workflows.store.queries import Filters
from workflows.store.tallies import keep_tallies, tallies_behind
from workflows.store.transaction import begin
from workflows.store.visits import visits_of
from workflows.vocabulary import SYSTEM, Role


def rows_now(app, story):  # noqa: F811
    with begin(app.extensions["engine"]) as tx:
        return visits_of(tx, SYSTEM, Filters(year=story.table.year, department=story.table.department))


def from_the_log(app, found):  # noqa: F811
    """The same rows from the histories alone."""
    with begin(app.extensions["engine"]) as tx:
        journal, then = PostgresJournal(tx), calendars_then(tx)
        return {
            table: packed(visits_in(UUID(table), journal.history(UUID(table)), then)) for table, *_ in found.tables
        }


def test_what_is_kept_is_what_the_log_says_and_follows_it(app, story):  # noqa: F811
    with begin(app.extensions["engine"]) as tx:
        keep_tallies(tx, tallies_behind(tx))
    kept = rows_now(app, story)
    assert {table: visits for table, _, _, visits in kept.tables} == from_the_log(app, kept)
    with begin(app.extensions["engine"]) as tx:
        tx.run("UPDATE desk.tally SET code = 'older', visits = '[]' WHERE table_id = :table", table=story.table.id)
    anew = rows_now(app, story)
    assert sorted(map(tuple, anew.tables)) == sorted(map(tuple, kept.tables))
    assert (anew.late, kept.late) == (0, 0)


def test_the_bureau_sees_each_node_its_tables_and_its_files(app, story):  # noqa: F811
    office, found = person_at(app, story, Role.FINANCE_PERFORMANCE), rows_now(app, story)
    lines, _ = lines_of((table, "", visits) for table, _, _, visits in found.tables)
    asked = f"?year={story.table.year}&department={story.table.department}"
    shown = unescape(office.sees(f"/statistics/efficiency{asked}"))
    assert [head for head in ("办理时效", "按期办结率（%）", "九成不超过（工作小时）", "单位负责人审核") if head not in shown] == []
    listed = unescape(office.sees(f"/statistics/efficiency/tables{asked}&of=reply::all"))
    assert listed.count(f"/tables/{story.table.id}") == 1
    assert office.client.get(f"/statistics/efficiency/tables{asked}&of=nowhere::all").status_code == 404
    sheet = office.client.get(f"/statistics/efficiency.csv{asked}").data.decode("utf-8-sig").splitlines()
    total = sorted(line.split(",")[2:] for line in sheet if line.split(",")[1] == "合计")
    assert total == sorted([str(each.number), str(each.timed), str(each.late), str(each.on_time), str(each.median), str(each.p90)] for each in lines)
    book = load_workbook(io.BytesIO(office.client.get(f"/statistics/efficiency.xlsx{asked}").data))
    assert (book.sheetnames, book.active.max_row) == (["办理时效"], 1 + len(sheet))


def test_a_period_counts_what_ended_in_it(app, story):  # noqa: F811
    office = person_at(app, story, Role.FINANCE_PERFORMANCE)
    for period in ("&last=2001-01-01", "&first=2099-01-01"):
        shown = office.sees(f"/statistics/efficiency?year={story.table.year}{period}")
        assert "这一范围内还没有办结的任务" in shown
    assert office.client.get("/statistics/efficiency?first=yesterday").status_code == 422
    turned = office.client.get("/statistics/efficiency?first=2026-12-01&last=2026-01-01")
    assert (turned.status_code, "办结日期的起日不能晚于止日。" in turned.text) == (422, True)


def test_auditors_and_departments_read_it_clerks_do_not(app, story):  # noqa: F811
    asked = ("/statistics/efficiency", "/statistics/efficiency.csv", "/statistics/efficiency.xlsx", "/statistics/efficiency/tables?of=reply::all")
    clerk, planner = person_at(app, story, Role.CLERK), person_at(app, story, Role.DEPARTMENT_FINANCE)
    auditor = visitor(app, "guancha")
    assert [clerk.client.get(address).status_code for address in asked] == [403] * 4
    for reader in (planner, auditor):
        assert [reader.client.get(f"{address}{'&' if '?' in address else '?'}year={story.table.year}").status_code for address in asked] == [200] * 4
    assert "办理时效" in auditor.sees("/statistics/efficiency")
