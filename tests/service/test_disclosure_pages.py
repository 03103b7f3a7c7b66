"""N9, M8, INV20: packs that anybody may read, and what is internal or classified on no public page and in no notice."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pdfplumber
import pytest
from docx import Document
from openpyxl import load_workbook

from service.app import Web
from service.demo.city import sample_bytes, shipped_city
from tests.api.asking import SPECIAL_FUNDS, Case, Program, fresh_cases
from tests.service.test_every_route_every_role import ARGUMENT, ROLES, stranger
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import counts_no_requests, planted, visitor
from tests.support.web_city import field as hidden
from workflows.commands import replying
from workflows.commands.recipe import Seen
from workflows.forms.writing_pdf import whats_missing
from workflows.state.disclosures import STUBS_NAME
from workflows.store.transaction import begin
from workflows.vocabulary import Role

PUBLIC, INSIDE, WORDS = "清江农田巡护经费甲", "清江专项值守经费乙", "仅供审核人看的说明丙"
KEEPER, FINANCE, CLERK = "baomi", "guicai", "jingban"
COUNTED = "不予公开涉密项目绩效目标表4个"
"""Three registered by number, and the one that the department's own sample document prints."""


class World:
    """One released pack with a public table; an internal table and three classified ones beside it."""

    def __init__(self, app: Web) -> None:
        self.app = app
        self.shown, self.inside = fresh_cases(app, document=SPECIAL_FUNDS)[0], fresh_cases(app, document=SPECIAL_FUNDS)[0]
        for case, title, mark in ((self.shown, PUBLIC, "公开"), (self.inside, INSIDE, "内部")):
            case.drafted(_named(title, mark))
            case.submitted()
            _replied(case)
        self.register("3")
        self.review(self.shown, "public")
        self.released = self.release()
        self.pack = UUID(self.released.location.rsplit("/", 1)[-1])

    def register(self, count: str):
        clerk = visitor(self.app, CLERK)
        return clerk.sends("/documents/new", "/documents/stubs", unit="qj-jw-bj", year="2026", count=count)

    def review(self, case: Case, outcome: str, reason: str = ""):
        page = f"/tables/{case.id}"
        return visitor(self.app, KEEPER).sends(page, f"{page}/disclosure", outcome=outcome, reason=reason)

    def release(self):
        return visitor(self.app, FINANCE).sends("/disclosure?year=2026", "/disclosure?year=2026")

    @property
    def ids(self) -> dict[str, str]:
        return {"pack_id": str(self.pack), "table_id": str(self.shown.id), "ending": "xlsx"}


def _named(title: str, mark: str):
    def change(content):
        explained = dict.fromkeys(content.get("explanations") or {}, WORDS)
        total = content["budget"]["total"]
        detail = {"sources": {"政府预算资金": total, "单位资金": None}, "structure": {"基本支出": None, "项目支出": total}}
        allocated = {"total": "0.37", "fiscal": "0.37", "other": None, "carryover": None, "goals": ["本级先行完成一处"]}
        return {
            **content, "title": title, "disclosure": mark, "explanations": explained, "budget_detail": detail,
            "allocated": allocated,
        }  # fmt: skip

    return change


def _replied(case: Case) -> None:
    for role in (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE):
        case.approved(role)
    seen = Seen(case.table.version, case.table.content_hash)
    case.with_journal(lambda j: replying.issue_reply(
        j, uuid4(), tables={case.id: seen}, doc_no="清财预〔2026〕78号", by=case.who(Role.FINANCE_BUDGET), command_id=uuid4(),
    ))  # fmt: skip


@pytest.fixture(scope="module")
def world(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("disclosure"))
    counts_no_requests(app)
    yield World(app)
    app.extensions["engine"].dispose()
    cluster.drop(database)


def test_a_released_pack_is_read_without_signing_in(world: World) -> None:
    anybody = world.app.test_client()
    index, pack = anybody.get("/public/"), anybody.get(f"/public/packs/{world.pack}")
    table = anybody.get(f"/public/packs/{world.pack}/{world.shown.id}")
    assert [each.status_code for each in (index, pack, table)] == [200, 200, 200]
    said = f"不予公开的内部项目绩效目标表1个，{COUNTED}。"
    assert [said in each.text for each in (index, pack)] == [True, True]
    assert [PUBLIC in each.text for each in (pack, table)] == [True, True]
    assert shipped_city().person(KEEPER).name in pack.text


def test_the_page_shows_where_the_money_comes_from_what_it_is_for_and_the_second_column(world: World) -> None:
    page = world.app.test_client().get(f"/public/packs/{world.pack}/{world.shown.id}").text
    for said in ("按资金来源", "政府预算资金", "按支出结构", "项目支出", "其中：本级已分配资金", "0.37", "本级先行完成一处"):
        assert said in page, said


def test_the_pack_as_workbook_and_word_file_prints_the_counts(world: World) -> None:
    anybody = world.app.test_client()
    book = load_workbook(BytesIO(anybody.get(f"/public/packs/{world.pack}.xlsx").data))
    cells = "".join(str(cell.value or "") for sheet in book for row in sheet for cell in row)
    paper = Document(BytesIO(anybody.get(f"/public/packs/{world.pack}.docx").data))
    text = "".join(each.text for each in paper.paragraphs)
    for said in (cells, text):
        assert COUNTED in said
        assert (INSIDE in said, WORDS in said) == (False, False)
    assert PUBLIC in cells


@pytest.mark.skipif(bool(whats_missing()), reason="PDF needs typst and its fonts")
def test_the_pack_as_pdf_prints_the_counts(world: World) -> None:
    answer = world.app.test_client().get(f"/public/packs/{world.pack}.pdf")
    with pdfplumber.open(BytesIO(answer.data)) as book:
        said = "".join(page.extract_text() for page in book.pages)
    assert (answer.status_code, COUNTED in "".join(said.split()), INSIDE in said) == (200, True, False)


def test_a_stranger_sees_nothing_internal_on_any_route(world: World) -> None:
    """INV20: every address, asked by nobody in particular, with the IDs of the public and of the internal table."""
    anybody, wrong, opened = world.app.test_client(), [], set()
    for rule in world.app.url_map.iter_rules():
        for table in (world.shown.id, world.inside.id):
            ids = {**dict.fromkeys(rule.arguments, "1"), **world.ids, "table_id": str(table), "document_id": world.inside.table.document}
            if "GET" in rule.methods:
                answer = anybody.get(ARGUMENT.sub(lambda found, ids=ids: ids[found[1]], rule.rule))
                opened |= {rule.endpoint} if answer.status_code == 200 and PUBLIC.encode() in answer.data else set()
                wrong += [rule.rule for word in (INSIDE, WORDS) if word.encode() in answer.data]
    assert wrong == []
    assert opened == {"public.pack", "public.table"}


def test_the_internal_table_has_no_public_page(world: World) -> None:
    assert world.app.test_client().get(f"/public/packs/{world.pack}/{world.inside.id}").status_code == 404
    assert world.app.test_client().get(f"/public/packs/{uuid4()}").status_code == 404


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_people_of_elsewhere_find_no_internal_table_and_no_stub_in_any_list(world: World, role: Role) -> None:
    """INV20: every list, search and export that takes no ID, for somebody who holds the role elsewhere."""
    somebody, wrong = visitor(world.app, stranger(role)).client, []
    reads_all = {Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE, Role.FINANCE_BUDGET, Role.FINANCE_LEADER, Role.OBSERVER, Role.PROCESS_ADMIN}
    for rule in world.app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and not rule.rule.startswith(("/api", "/audit")):
            page = somebody.get(rule.rule).data
            wrong += [rule.rule for word in (INSIDE, STUBS_NAME) if word.encode() in page and (word == STUBS_NAME or role not in reads_all)]
    assert wrong == []


def test_stubs_are_on_no_list_of_programs(world: World) -> None:
    clerk = Program(world.app, CLERK)
    for path in ("/documents", "/tables", "/work", "/inbox"):
        assert STUBS_NAME not in clerk.get(path).text


def test_a_stub_holds_count_department_and_year_and_no_title(world: World) -> None:
    with begin(world.app.extensions["engine"]) as tx:
        (row,) = tx.rows("SELECT * FROM desk.document WHERE name = :name", name=STUBS_NAME)
    said = (row["undisclosed"], row["department"], row["year"], list(row["tables"]), row["department_part"])
    assert said == (3, "qj-jw", 2026, [], None)


@pytest.mark.parametrize("count", ["9" * 5000, "1000000000", "²", "-1", ""])
def test_a_count_of_stubs_that_is_none_is_refused(world: World, count: str) -> None:
    assert world.register(count).status_code == 422


def test_notices_never_name_what_is_internal(world: World) -> None:
    with begin(world.app.extensions["engine"]) as tx:
        rows = tx.rows("SELECT subject || sentence AS said FROM desk.inbox")
    assert [row["said"] for row in rows if INSIDE in row["said"] or STUBS_NAME in row["said"]] == []


def test_only_the_finance_office_and_the_secrecy_reviewer_see_the_page(world: World) -> None:
    found = {who: visitor(world.app, who).client.get("/disclosure").status_code for who in (FINANCE, KEEPER, CLERK, "jixiaoke")}
    assert found == {FINANCE: 200, KEEPER: 200, CLERK: 403, "jixiaoke": 403}


def test_the_due_day_is_twenty_days_after_the_reply(world: World) -> None:
    replied = next(each.at for each in world.shown.history if each.kind == "table.replied")
    day = (replied + timedelta(hours=8)).date() + timedelta(days=20)
    assert day.isoformat() in visitor(world.app, FINANCE).sees("/disclosure?year=2026")


@pytest.mark.parametrize("words", ["秘密★10年", "密级：机密", "绝密"])
def test_a_file_with_a_mark_of_classification_is_refused_and_not_kept(world: World, words: str) -> None:
    clerk = visitor(world.app, CLERK)
    page = clerk.sees("/documents/new")
    data = {"csrf_token": hidden(page, "csrf_token"), "command_id": str(uuid4()), "unit": "qj-jw-bj", "year": "2026",
            "file": (BytesIO(_marked(words)), "申报.txt")}  # fmt: skip
    answer = clerk.client.post("/documents/new", data=data, content_type="multipart/form-data")
    assert (answer.status_code, "密级标志" in answer.text, "只登记张数" in answer.text) == (422, True, True)


def _marked(words: str) -> bytes:


    return f"{words}\n".encode() + sample_bytes(shipped_city().samples[0])


def test_what_is_found_internal_after_the_release_leaves_the_public_pages(world: World) -> None:
    """It brings the table back, so that the order of tests means nothing."""
    world.review(world.shown, "internal", "发现涉及内部工作安排")
    anybody = world.app.test_client()
    gone = anybody.get(f"/public/packs/{world.pack}")
    statuses = gone.status_code, anybody.get(f"/public/packs/{world.pack}/{world.shown.id}").status_code
    world.review(world.shown, "public")
    assert statuses == (200, 404)
    assert (PUBLIC in gone.text, "内部项目绩效目标表2个" in gone.text) == (False, True)
    assert PUBLIC in anybody.get(f"/public/packs/{world.pack}").text
