"""N4: a wrong day of the congress is put right by two on the page, by a program, from the command line; timers follow."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from service.app import Web
from service.cli import disclosing as disclose_verb
from service.cli import replies as command_line
from service.demo.city import shipped_city
from tests.api.asking import Program
from tests.support import roster
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.compiled_pages import opened
from tests.support.web_city import planted, visitor
from workflows.commands.approving_accounts import accounts_stream
from workflows.commands.approving_budget import approve_budget, budget_stream
from workflows.commands.correcting_budget import ask_budget_correction, confirm_budget_correction
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Role
from workflows.workdays import beijing_date

BUDGET, LEADER, DEPARTMENT = "yusuanke", "fenguan", "qj-jw"
LAST = datetime.now(UTC).year - 1
"""A year whose every day lies behind."""
WHY = "录入时写错了一天"


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    first = planted(database, tmp_path_factory.mktemp("data"))
    app = opened(replace(first.settings, tokens_may_decide=True))
    first.extensions["engine"].dispose()
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def test_on_the_page_the_section_asks_and_the_leader_agrees(web: Web) -> None:
    budget, leader, page = visitor(web, BUDGET), visitor(web, LEADER), f"/reply-terms?year={LAST}"
    correction = f"/reply-terms/correction?year={LAST}"
    assert budget.sends(page, page, year=str(LAST), approved_on=f"{LAST}-01-20").status_code == 303
    assert budget.sends(page, correction, year=str(LAST), corrected_on=f"{LAST}-01-21", reason="错").status_code == 422
    assert budget.sends(page, correction, year=str(LAST), corrected_on=f"{LAST}-01-21", reason=WHY).status_code == 303
    assert ("更正待确认" in budget.sees(page), "确认更正</button>" in budget.sees(page)) == (True, False)
    assert budget.sends(page, correction, year=str(LAST), corrected_on=f"{LAST}-01-21", do="confirm").status_code == 403
    shown = leader.sees(page)
    assert (WHY in shown, "确认更正</button>" in shown, f"{LAST}-02-09" in shown) == (True, True, True)
    assert leader.sends(page, correction, year=str(LAST), corrected_on=f"{LAST}-01-21", do="confirm").status_code == 303
    after = leader.sees(page)
    assert ("更正待确认" in after, f"{LAST}-02-10" in after, f"{LAST}-02-09" in after) == (False, True, False)


def test_a_program_asks_and_the_command_line_agrees(web: Web) -> None:
    year, program = LAST - 1, Program(web, BUDGET)
    assert program.post("/budgets", {"year": year, "approved_on": f"{year}-01-20"}).status_code == 201
    wish = {"year": year, "approved_on": f"{year}-01-22", "reason": WHY}
    assert program.post("/budgets/corrections", {**wish, "reason": "错"}).status_code == 422
    assert program.post("/budgets/corrections", wish).json["approved_on"] == f"{year}-01-20"
    agree = {"year": year, "approved_on": f"{year}-01-22"}
    assert program.post("/budgets/corrections/confirmed", agree).json["rule"] == "S10"
    with begin(web.extensions["engine"]) as tx:
        leader = shipped_city().person(LEADER)
        options = command_line.options_of([str(year), "--login", LEADER, "--confirm-correction", f"{year}-01-22"])
        said = command_line.done(tx, leader, options)
    assert said == f"已更正{year}年度预算的人大批准日期：{year}-01-22，批复期限{year}-02-11。"
    assert Program(web, LEADER).post("/budgets/corrections/confirmed", agree).status_code == 403


def test_an_approval_of_accounts_is_put_right_by_two_on_the_page(web: Web) -> None:
    year = LAST - 1
    budget, leader, page = visitor(web, BUDGET), visitor(web, LEADER), f"/accounts?year={year}"
    correction, wish = f"/accounts/correction?year={year}", {"year": str(year), "department": DEPARTMENT}
    assert budget.sends(page, page, department=DEPARTMENT, approved_on=f"{LAST}-08-10").status_code == 303
    assert budget.sends(page, correction, **wish, corrected_on=f"{LAST}-08-12", reason="错").status_code == 422
    assert budget.sends(page, correction, **wish, corrected_on=f"{LAST}-08-12", reason=WHY).status_code == 303
    assert ("更正待确认" in budget.sees(page), "确认更正</button>" in budget.sees(page)) == (True, False)
    assert budget.sends(page, correction, **wish, corrected_on=f"{LAST}-08-12", do="confirm").status_code == 403
    shown = leader.sees(page)
    assert (WHY in shown, "确认更正</button>" in shown, f"{LAST}-08-30" in shown) == (True, True, True)
    seen = re.search(r'name="asked" value="([0-9a-f-]{36})"', leader.sees(page))[1]
    assert leader.sends(page, correction, **wish, corrected_on=f"{LAST}-08-12", do="confirm", asked=str(uuid4())).status_code == 403
    assert leader.sends(page, correction, **wish, corrected_on=f"{LAST}-08-12", do="confirm", asked=seen).status_code == 303
    after = leader.sees(page)
    assert ("更正待确认" in after, f"{LAST}-09-01" in after, f"{LAST}-08-30" in after) == (False, True, False)


def test_a_program_asks_to_put_accounts_right_and_the_command_line_agrees(web: Web) -> None:
    year, program = LAST - 2, Program(web, BUDGET)
    assert program.post("/accounts", {"year": year, "departments": [DEPARTMENT], "approved_on": f"{year + 1}-08-10"}).status_code == 201
    wish = {"year": year, "department": DEPARTMENT, "approved_on": f"{year + 1}-08-13", "reason": WHY}
    assert program.post("/accounts/corrections", wish).json["departments"][0]["approved_on"] == f"{year + 1}-08-10"
    agree = {"year": year, "department": DEPARTMENT, "approved_on": f"{year + 1}-08-13"}
    assert program.post("/accounts/corrections/confirmed", agree).json["rule"] == "S10"
    with begin(web.extensions["engine"]) as tx:
        options = disclose_verb._options([str(year), "--login", LEADER, "--department", DEPARTMENT, "--confirm-correction", f"{year + 1}-08-13"])
        said = disclose_verb.done(tx, shipped_city().person(LEADER), options)
        assert said == f"{DEPARTMENT}：已更正决算批复，自评结果公开期限{year + 1}-09-02。"
        kinds = [each.kind for each in PostgresJournal(tx).history(accounts_stream(DEPARTMENT, year))]
    assert kinds == ["accounts.approved", "accounts.correction_asked", "accounts.corrected"]


def test_the_reminders_follow_the_corrected_day(web: Web) -> None:
    section, leader = (roster.person(name, (role, "bureau-x")) for name, role in (("x", Role.FINANCE_BUDGET), ("y", Role.FINANCE_LEADER)))
    with begin(web.extensions["engine"]) as tx:
        journal = PostgresJournal(tx)
        today = beijing_date(journal.now())
        where, earlier = {"bureau": "bureau-x", "year": today.year}, (today - timedelta(days=8)).isoformat()
        approve_budget(journal, **where, approved_on=today.isoformat(), by=section, command_id=uuid4())
        ask_budget_correction(journal, **where, approved_on=earlier, reason=WHY, by=section, command_id=uuid4())
        assert states(tx, today.year) == ["pending"]
        confirm_budget_correction(journal, **where, approved_on=earlier, by=leader, command_id=uuid4())
        assert states(tx, today.year) == ["pending", "cancelled"], "the earlier day is due first"


def states(tx, year: int) -> list[str]:
    rows = tx.rows(
        "SELECT state FROM desk.timer WHERE stream_id = :stream ORDER BY due_at", stream=budget_stream("bureau-x", year)
    )
    return [row["state"] for row in rows]
