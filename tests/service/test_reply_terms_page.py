"""N4 on the pages and for programs: the congress's day, terms kept or missed, replies passed on, late revisions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from werkzeug.datastructures import MultiDict

from service.app import Web
from service.cli import replies as command_line
from tests.api.asking import Case, Program, fresh_cases
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.compiled_pages import opened
from tests.support.web_city import field, planted, visitor
from workers.reminders import fire
from workflows.commands import replying
from workflows.commands.recipe import Seen
from workflows.store.transaction import begin
from workflows.vocabulary import Role, Stage

REVIEWERS = (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE)
BUDGET, DEPARTMENT, ELSEWHERE, CLERK = "yusuanke", "guicai", "kf.guicai", "jingban"
NUMBER = "清纪财〔2026〕3号"
NOW = datetime.now(UTC).year


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    first = planted(database, tmp_path_factory.mktemp("data"))
    app = opened(replace(first.settings, tokens_may_decide=True))
    first.extensions["engine"].dispose()
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


@pytest.fixture(scope="module")
def drafts(web: Web) -> list[Case]:
    """Drafts that no other test touches: each test takes one away."""
    return fresh_cases(web, 5, year=NOW)


def replied(case: Case) -> Case:
    case.drafted().submitted()
    for role in REVIEWERS:
        case.approved(role)

    def act(journal):
        table = journal.lock_table(case.id)
        seen = {table.id: Seen(table.version, table.content_hash)}
        by = case.who(Role.FINANCE_BUDGET)
        replying.issue_reply(journal, uuid4(), tables=seen, doc_no="清财预〔2026〕7号", by=by, command_id=uuid4())

    case.with_journal(act)
    return case


def ticked(case: Case) -> str:
    table = case.table
    return f"{table.id}:{table.version}:{table.content_hash}"


def passing(who, case: Case, **typed: str):
    page = who.sees(f"/reply-terms?year={NOW}")
    fixed = {name: field(page, name) for name in ("csrf_token", "command_id")}
    data = MultiDict([("table", ticked(case)), *(fixed | {"year": str(NOW), "doc_no": NUMBER} | typed).items()])
    return who.client.post("/replies/passed-on", data=data)


def test_the_budget_section_records_the_congress_once_and_everybody_concerned_sees_the_term(web: Web) -> None:
    budget, page = visitor(web, BUDGET), f"/reply-terms?year={NOW}"
    assert "人大批准日期还没有登记" in budget.sees(page)
    assert budget.sends(page, page, year=str(NOW), approved_on="明天").status_code == 422
    sent = budget.sends(page, page, year=str(NOW), approved_on=f"{NOW}-01-20", doc_no="清人发〔2026〕2号")
    assert sent.status_code == 303
    shown = budget.sees(page)
    assert (f"{NOW}-01-20" in shown, f"{NOW}-02-09" in shown, 'name="approved_on"' in shown) == (True, True, False)
    assert f"{NOW}-02-09" in visitor(web, DEPARTMENT).sees(page)
    assert budget.sends(page, page, year=str(NOW), approved_on=f"{NOW}-01-21").status_code == 403
    assert visitor(web, CLERK).client.get(page).status_code == 403


def test_a_department_tries_then_passes_on_and_the_unit_sees_it(web: Web, drafts: list[Case]) -> None:
    case, finance = replied(drafts.pop()), visitor(web, DEPARTMENT)
    table = f"/tables/{case.id}"
    assert (case.table.replied.pass_on_due in visitor(web, CLERK).sees(table), str(case.id) in finance.sees("/reply-terms?show=to_pass_on")) == (True, True)
    assert "可以一并下达 1 张表" in passing(finance, case, do="try").text
    assert case.table.replied.passed_on == ""
    refused = passing(finance, case, doc_no="")
    assert (refused.status_code, "请填写下达文号" in refused.text) == (422, True)
    sent = passing(finance, case, opinion="请遵照执行")
    assert sent.status_code == 303, sent.text
    document = finance.sees(sent.headers["Location"])
    assert (NUMBER in document, "请遵照执行" in document, case.table.title in document) == (True, True, True)
    assert (NUMBER in visitor(web, CLERK).sees(table), case.table.replied.doc_no) == (True, NUMBER)
    again = passing(finance, case)
    assert (again.status_code, "一张表只下达一次" in again.text) == (403, True)
    assert visitor(web, ELSEWHERE).client.get(sent.headers["Location"]).status_code == 404
    assert finance.client.get(f"/replies/passed-on/{uuid4()}").status_code == 404


def test_another_department_neither_sees_nor_passes_on(web: Web, drafts: list[Case]) -> None:
    case, stranger = replied(drafts.pop()), visitor(web, ELSEWHERE)
    assert str(case.id) not in stranger.sees(f"/reply-terms?year={NOW}")
    page = stranger.sees("/account")
    data = {"csrf_token": field(page, "csrf_token"), "command_id": str(uuid4()), "table": ticked(case), "doc_no": NUMBER}
    assert stranger.client.post("/replies/passed-on", data=data).status_code == 404
    assert case.table.replied.passed_on == ""


def test_a_program_passes_on_and_reads_the_terms(web: Web, drafts: list[Case]) -> None:
    case, finance = replied(drafts.pop()), Program(web, DEPARTMENT)
    etag = finance.get(f"/tables/{case.id}").headers["ETag"]
    wanted = {"doc_no": "清纪财〔2026〕5号", "tables": [{"table": str(case.id), "etag": etag}]}
    tried = finance.post("/passed-on?dry_run=true", wanted)
    assert (tried.status_code, tried.json["dry_run"], case.table.replied.passed_on) == (200, True, "")
    done = finance.post("/passed-on", wanted)
    assert (done.status_code, case.table.replied.document) == (201, done.json["reply"])
    said = finance.get(f"/reply-terms?year={NOW}").json
    (mine,) = [each for each in said["tables"] if each["table_id"] == str(case.id)]
    assert (mine["pass_on_no"], mine["passing"]) == ("清纪财〔2026〕5号", "in_time")
    assert said["passing"]["in_time"] >= 1
    assert Program(web, CLERK).get(f"/reply-terms?year={NOW}").status_code == 403


def test_a_program_of_the_budget_section_records_the_congress(web: Web) -> None:
    wanted = {"year": NOW - 1, "approved_on": f"{NOW - 1}-01-15"}
    assert Program(web, DEPARTMENT).post("/budgets", wanted).status_code == 403
    done = Program(web, BUDGET).post("/budgets", wanted)
    assert done.status_code == 201, done.text
    assert (done.status_code, done.json["due"]) == (201, f"{NOW - 1}-02-04")


def test_after_the_cut_off_the_performance_section_asks_and_the_leader_opens(web: Web) -> None:
    (draft_of_last_year,) = fresh_cases(web, year=NOW - 1)
    case, section, leader = replied(draft_of_last_year), visitor(web, "jixiaoke"), visitor(web, "fenguan")
    page = f"/tables/{case.id}"
    assert "开启调整" not in visitor(web, CLERK).sees(page)
    asked = section.sends(page, f"{page}/late-adjustment", trigger="budget", reason="上级追减经费，确需调整")
    assert asked.status_code == 303, asked.text
    shown = leader.sees(page)
    assert ("申请截止后开启第1次调整" in shown, "上级追减经费" in shown) == (True, True)
    assert leader.sends(page, f"{page}/confirm", opinion="同意").status_code == 303
    draft = UUID(case.table.revision)
    assert f'href="/tables/{draft}"' in visitor(web, CLERK).sees(page)
    assert Case(web, "", draft).table.stage == Stage.DRAFT


def test_the_command_line_tries_passes_on_and_counts(web: Web, drafts: list[Case], tmp_path) -> None:
    case, told_of = replied(drafts.pop()), tmp_path / "list.csv"
    told_of.write_text(f"table\n{case.id}\n", encoding="utf-8")
    asked = [str(NOW), "--login", DEPARTMENT, "--pass-on", str(told_of), "--doc-no", "清纪财〔2026〕9号"]
    said = []
    for more in (["--dry-run"], [], ["--dry-run"]):
        with begin(web.extensions["engine"]) as tx:
            said.append(command_line.done(tx, case.who(Role.DEPARTMENT_FINANCE), command_line.options_of([*asked, *more])))
    assert said[0] == "预演，未作记录：可以下达1张，不能下达0张。"
    assert said[1] == "已以清纪财〔2026〕9号下达批复1张。"
    assert "可以下达0张，不能下达1张" in said[2]
    with begin(web.extensions["engine"]) as tx:
        counted = command_line.done(tx, case.who(Role.DEPARTMENT_FINANCE), command_line.options_of(asked[:3]))
    assert "部门下达：按期" in counted


TIMERS = "SELECT * FROM desk.timer WHERE stream_id = :stream AND task = :task AND state = 'pending'"
TOLD = "SELECT count(*) FROM desk.outbox WHERE log_stream = :stream AND kind = :kind AND channel = 'inbox'"
LEASED = "UPDATE desk.timer SET state = 'leased', lease_until = clock_timestamp() + interval '1 minute' WHERE id = :id"


def fired(app: Web, stream: UUID, task: str) -> None:
    engine = app.extensions["engine"]
    with begin(engine) as tx:
        timer = tx.row(TIMERS, stream=stream, task=task)
        tx.run(LEASED, id=timer["id"])
    fire(engine, timer)


def told(app: Web, stream: UUID, kind: str) -> int:
    with begin(app.extensions["engine"]) as tx:
        return int(tx.scalar(TOLD, stream=stream, kind=kind))


def test_a_reply_is_reminded_of_once_however_many_tables_it_has(web: Web, drafts: list[Case]) -> None:
    case = replied(drafts.pop())
    reply = UUID(case.table.replied.reply)
    assert told(web, reply, "reminder.pass_on.T-3") == 0
    fired(web, case.id, "pass_on")
    assert told(web, reply, "reminder.pass_on.T-3") == 1
    passing(visitor(web, DEPARTMENT), case, doc_no="清纪财〔2026〕8号")
    with begin(web.extensions["engine"]) as tx:
        assert tx.row(TIMERS, stream=case.id, task="pass_on") is None
