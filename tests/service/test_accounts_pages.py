"""N9: final accounts approved on a page, the evaluation's secrecy review, its pack for everybody, and what stays inside."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from uuid import UUID

import pdfplumber
import pytest
from docx import Document
from openpyxl import load_workbook

from service.app import Web
from service.cli import disclosing as disclose_verb
from service.demo.city import shipped_city
from tests.api.asking import SPECIAL_FUNDS, Program
from tests.api.test_sampling import YEAR, waiting_to_be_closed
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.compiled_pages import opened
from tests.support.web_city import counts_no_requests, planted, visitor
from workflows.commands import evaluating
from workflows.forms.writing_pdf import whats_missing
from workflows.store.transaction import begin
from workflows.vocabulary import Role

KEEPER, FINANCE, BUDGET = "baomi", "guicai", "yusuanke"
DEPARTMENT = "qj-jw"
APPROVED, DUE = f"{YEAR + 1}-08-10", f"{YEAR + 1}-08-30"
WHY = "自评中涉及内部工作安排，不宜公开"


class World:
    """A closed table with public goals; the accounts approved by the budget section, the evaluation reviewed, released."""

    def __init__(self, app: Web) -> None:
        self.app = app
        self.case = waiting_to_be_closed(app, SPECIAL_FUNDS)
        self.case._does(Role.FINANCE_PERFORMANCE, evaluating.close_table)
        self.page = f"/tables/{self.case.id}"
        self.early = visitor(app, FINANCE).sends(f"/disclosure?year={YEAR}", f"/disclosure?year={YEAR}", what="self_evaluation")
        self.goals = self.review("goals")
        self.listed = visitor(app, KEEPER).sees("/disclosure")
        self.reviewed = self.review("self_evaluation")
        address = f"/accounts?year={YEAR}"
        self.approved = visitor(app, BUDGET).sends(
            address, address, department=DEPARTMENT, approved_on=APPROVED, doc_no="清财决〔2025〕3号", congress_on=f"{YEAR + 1}-07-30"
        )
        self.released = visitor(app, FINANCE).sends(f"/disclosure?year={YEAR}", f"/disclosure?year={YEAR}", what="self_evaluation")
        self.pack = f"/public/packs/{UUID(self.released.location.rsplit('/', 1)[-1])}"

    def review(self, what: str, outcome: str = "public", reason: str = ""):
        return visitor(self.app, KEEPER).sends(self.page, f"{self.page}/disclosure", outcome=outcome, reason=reason, what=what)


@pytest.fixture(scope="module")
def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    database = cluster.new_database(TEMPLATE)
    first = planted(database, tmp_path_factory.mktemp("accounts"))
    app = opened(replace(first.settings, tokens_may_decide=True))
    first.extensions["engine"].dispose()
    counts_no_requests(app)
    yield World(app)
    app.extensions["engine"].dispose()
    cluster.drop(database)


def test_the_way_from_the_review_to_the_public_page(world: World) -> None:
    statuses = [each.status_code for each in (world.early, world.goals, world.reviewed, world.approved, world.released)]
    assert statuses == [403, 303, 303, 303, 303]
    assert "决算尚未批复" in world.early.text
    assert world.case.table.title in world.listed
    shown = visitor(world.app, FINANCE).sees(f"/accounts?year={YEAR}")
    assert (DUE in shown, world.pack in shown) == (True, True)


def test_everybody_reads_the_points_that_count_without_signing_in(world: World) -> None:
    client, table = world.app.test_client(), world.case.table
    listed, pack = client.get("/public/").text, client.get(world.pack).text
    assert (world.pack in listed, "单位自评结果公开表" in listed) == (True, True)
    assert (table.result.total in pack, "不予公开涉密项目绩效自评表" in pack) == (True, True)
    page = client.get(f"{world.pack}/{world.case.id}").text
    filed = table.evaluation.figures
    assert (table.result.total in page, filed["executed"] in page, "佐证" in page) == (True, True, False)


def test_the_files_hold_the_official_form_of_each(world: World) -> None:
    client = world.app.test_client()
    book = load_workbook(BytesIO(client.get(f"{world.pack}.xlsx").data))
    told = {str(cell.value) for sheet in book for row in sheet for cell in row if cell.value}
    assert {"项目支出绩效自评表", world.case.table.result.total} <= told
    paper = Document(BytesIO(client.get(f"{world.pack}.docx").data))
    assert "项目支出绩效自评表" in "\n".join(each.text for each in paper.paragraphs)
    if not whats_missing():
        with pdfplumber.open(BytesIO(client.get(f"{world.pack}.pdf").data)) as pages:
            assert "自评" in "".join(page.extract_text() for page in pages.pages)


def test_the_department_is_told_of_its_term(world: World) -> None:
    told = "SELECT count(*) FROM desk.outbox WHERE recipient = :who AND rendered ->> 'text' LIKE :said"
    with begin(world.app.extensions["engine"]) as tx:
        assert int(tx.scalar(told, who=FINANCE, said=f"%部门决算已于{APPROVED}批复%{DUE}前随同决算公开%")) >= 1


def test_only_the_budget_section_approves_and_only_once(world: World) -> None:
    address = f"/accounts?year={YEAR}"
    client = visitor(world.app, FINANCE)
    assert "登记所选部门" not in client.sees(address)
    sent = visitor(world.app, BUDGET).sends(address, address, department=DEPARTMENT, approved_on=APPROVED, doc_no="", congress_on="")
    assert (sent.status_code, "不能重复登记" in sent.text) == (403, True)
    sent = visitor(world.app, BUDGET).sends(address, address, department="qj-jw-bj", approved_on=APPROVED, doc_no="", congress_on="")
    assert (sent.status_code, "不全是本级财政的部门" in sent.text) == (422, True)
    assert visitor(world.app, "jingban").client.get(address).status_code == 403


def test_a_program_approves_and_releases(world: World) -> None:
    body = {"year": YEAR + 1, "departments": [DEPARTMENT], "approved_on": f"{YEAR + 2}-08-10"}
    done = Program(world.app, BUDGET).post("/accounts?dry_run=1", body)
    assert (done.status_code, done.json["departments"][0]["disclose_due"]) == (200, f"{YEAR + 2}-08-30")
    again = Program(world.app, FINANCE).post("/disclosures?dry_run=1", {"year": YEAR, "what": "self_evaluation"})
    assert (again.json["what"], again.json["tables"], again.json["due"]) == ("self_evaluation", 1, DUE)
    assert Program(world.app, FINANCE).post("/accounts", body).status_code == 403


def test_the_command_line_only_tries(world: World) -> None:
    options = disclose_verb._options([str(YEAR), "--login", FINANCE, "--what", "self_evaluation", "--dry-run"])
    with begin(world.app.extensions["engine"]) as tx:
        told = disclose_verb.done(tx, shipped_city().person(FINANCE), options)
    assert told.startswith(f"可以公开1张，待审查0张；期限{DUE}。")


def test_what_is_found_internal_afterwards_leaves_the_public_pages_at_once(world: World) -> None:
    """Its goals stay public; the evaluation goes, is counted, and comes back when it is found fit again."""
    taken = world.review("self_evaluation", "internal", WHY)
    assert taken.status_code == 303
    client = world.app.test_client()
    pack = client.get(world.pack).text
    assert (world.case.table.title in pack, "不予公开的内部项目绩效自评表1个" in pack) == (False, True)
    assert client.get(f"{world.pack}/{world.case.id}").status_code == 404
    assert world.case.table.disclosure == "公开"
    assert world.review("self_evaluation").status_code == 303
