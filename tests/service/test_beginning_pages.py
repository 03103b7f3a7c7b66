"""新建, last year beside this one, the indicator library and the help at each field, on the pages (T1, G11, G12, L6)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from openpyxl import load_workbook

from service.app import Web
from tests.api.asking import SPECIAL_FUNDS, fresh_cases, token_for
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import field, planted, visitor
from workflows.commands import replying
from workflows.commands.recipe import Seen
from workflows.folds.replay import Table
from workflows.forms.reading import read_document
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Role, Stage

REVIEWERS = (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE)
YEAR = datetime.now(UTC).year


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


@pytest.fixture(scope="module")
def approved(web: Web) -> "Approved":
    """A table of this year under a reply."""
    (story,) = fresh_cases(web, year=YEAR, document=SPECIAL_FUNDS)
    story.drafted()
    story.submitted()
    for role in REVIEWERS:
        story.approved(role)

    def act(journal):
        table = journal.lock_table(story.id)
        seen = {table.id: Seen(table.version, table.content_hash)}
        replying.issue_reply(
            journal, uuid4(), tables=seen, doc_no="清财预〔2026〕7号", by=story.who(Role.FINANCE_BUDGET), command_id=uuid4()
        )

    story.with_journal(act)
    return Approved(story.table)


@dataclass(frozen=True)
class Approved:
    """The table as it stood then: later ones may have its title."""

    table: Table

    @property
    def id(self) -> UUID:
        return self.table.id


def posted(somebody, page: str, address: str, **fields):
    return somebody.client.post(address, data={"csrf_token": field(somebody.sees(page), "csrf_token"), "command_id": str(uuid4()), **fields})


def table_at(web: Web, address: str) -> tuple[Table, dict]:
    with begin(make_engine(web.settings.database_url)) as tx:
        journal = PostgresJournal(tx)
        table = journal.lock_table(UUID(re.search("[0-9a-f-]{36}", address)[0]))
        draft = journal.draft(table.id)
        return table, draft.content if draft else journal.content(table.content_hash)


def test_t1_a_clerk_begins_a_table_on_a_blank_form(web: Web, approved: "Approved") -> None:
    clerk = visitor(web, approved.table.owner)
    assert "新建绩效目标表" in clerk.sees("/work")
    asked = {"unit": approved.table.unit, "year": str(YEAR + 1), "title": "村卫生室设备更新"}
    made = posted(clerk, "/tables/new", "/tables/new", form="ningxia-county-project:project", **asked)
    assert made.status_code == 303, made.text
    table, content = table_at(web, made.location)
    assert (table.stage, table.title, table.year, table.document) == (Stage.DRAFT, "村卫生室设备更新", YEAR + 1, "")
    assert content["implementing_unit"] in clerk.sees(f"/tables/{table.id}")
    form = clerk.sees(f"/tables/{table.id}/draft")
    assert 'id="help-target"' in form
    assert "≥12公里" in form
    assert '<label class="nowrap" for="reason">' not in form
    kept = clerk.sends(f"/tables/{table.id}/draft", f"/tables/{table.id}/draft", row="r1", title="村卫生室设备更新", goals="更新设备20套", do="save")
    assert kept.status_code == 303, kept.text


@pytest.mark.parametrize(
    "wrong", [{"form": "none:project"}, {"form": "henan-unit:project"}, {"title": " "}, {"year": "26"}, {"year": ""}]
)
def test_t1_what_is_wrong_is_said_and_what_was_typed_stays(web: Web, approved: "Approved", wrong) -> None:
    clerk = visitor(web, approved.table.owner)
    asked = {"unit": approved.table.unit, "year": str(YEAR + 1), "title": "乡村道路", "form": "national-project:project"} | wrong
    refused = posted(clerk, "/tables/new", "/tables/new", **asked)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text


def test_t1_nobody_else_begins_a_table(web: Web, approved: "Approved") -> None:
    head = visitor(web, "jixiaoke")
    assert head.client.get("/tables/new").status_code == 403
    asked = {"unit": approved.table.unit, "year": str(YEAR + 1), "title": "乡村道路", "form": "national-project:project"}
    assert posted(head, "/work", "/tables/new", **asked).status_code == 403
    assert posted(head, "/work", "/tables/copies", source=str(approved.id), year=str(YEAR + 1)).status_code == 403


def test_g12_a_copy_shows_last_year_beside_each_row_and_what_must_change(web: Web, approved: "Approved") -> None:
    clerk = visitor(web, approved.table.owner)
    assert approved.table.title in clerk.sees("/tables/new")
    made = posted(clerk, "/tables/new", "/tables/copies", source=str(approved.id), year=str(YEAR + 1))
    assert made.status_code == 303, made.text
    table, content = table_at(web, made.location)
    assert (table.origin, table.source) == ("copied", str(approved.id))
    form = clerk.sees(f"/tables/{table.id}/draft")
    rows = len(content["indicators"])
    assert form.count('class="before"') == rows
    assert len(re.findall(r'<tr id="r\d+" class="[^"]*\bsame\b', form)) == rows
    assert "还须改动" in form
    assert f'href="/tables/{approved.id}"' in clerk.sees(f"/tables/{table.id}")
    printed = clerk.client.get(f"/tables/{table.id}/form.xlsx")
    assert printed.status_code == 200
    heads = {cell.value: cell.comment.text for row in load_workbook(BytesIO(printed.data)).active.iter_rows() for cell in row if cell.comment}
    assert "正例：≥12公里" in next(text for head, text in heads.items() if head.startswith(("指标值", "目标值")))
    (back,) = read_document(printed.data, "表.xlsx").document["tables"]
    assert [row["origin"] for row in back["indicators"]] == [row["origin"] for row in content["indicators"]]
    assert "已有新表" in clerk.sees("/tables/new")


def test_g12_a_stranger_finds_nothing_to_copy(web: Web, approved: "Approved") -> None:
    stranger = next(
        visitor(web, each.id) for each in visitor(web).city.people
        if any(post.role == Role.CLERK and post.organ != approved.table.unit for post in each.posts)
    )  # fmt: skip
    assert approved.table.title not in stranger.sees("/tables/new")
    answer = posted(stranger, "/tables/new", "/tables/copies", source=str(approved.id), year=str(YEAR + 1))
    assert answer.status_code == 404


def test_g11_an_indicator_is_recommended_picked_with_its_origin_and_retired(web: Web, approved: "Approved") -> None:
    office, clerk = visitor(web, "jixiaoke"), visitor(web, approved.table.owner)
    tree = {"level1": "产出指标", "level2": "质量指标", "level3": "设备验收一次合格率", "description": "一次合格台数÷验收台数"}
    assert posted(office, "/library", "/library", **tree).status_code == 303
    assert posted(clerk, "/library", "/library", **tree).status_code == 403
    listed = clerk.sees("/library?text=设备验收")
    assert "设备验收一次合格率" in listed
    asked = {"unit": approved.table.unit, "year": str(YEAR + 1), "title": "设备更新", "form": "ningxia-county-project:project"}
    address = posted(clerk, "/tables/new", "/tables/new", **asked).location.partition("#")[0]
    entry = re.search('name="entry" value="([^"]+)"', clerk.sees(f"{address}/library?text=设备验收"))[1]
    before = len(table_at(web, address)[1]["indicators"])
    picked = clerk.sends(f"{address}/library?text=设备验收", f"{address}/library", entry=entry)
    assert picked.status_code == 303, picked.text
    rows = table_at(web, address)[1]["indicators"]
    (mine,) = [row for row in rows if row.get("origin") == {"entry": entry}]
    assert (len(rows), mine["level3"], mine["target"]["raw"]) == (before, "设备验收一次合格率", None)
    assert clerk.sends(f"{address}/library", f"{address}/library", entry=str(uuid4())).status_code == 404
    gone = posted(office, "/library", f"/library/{entry}/retirement", reason="口径不一，改用合格率")
    assert gone.status_code == 303
    assert "设备验收一次合格率" not in clerk.sees(f"{address}/library?text=设备验收")


def test_g11_what_public_tables_in_force_use_is_counted(web: Web, approved: "Approved") -> None:
    content = table_at(web, str(approved.id))[1]
    name = next(row["level3"] for row in content["indicators"] if row["level3"])
    shown = visitor(web, "jixiaoke").sees(f"/library?text={name}")
    assert ("1 张表" in shown) == (content["disclosure"] == "公开")


def test_g11_the_library_is_closed_to_administrators(web: Web) -> None:
    assert visitor(web, "xitong").client.get("/library").status_code == 403


def test_g11_g12_programs_begin_tables_and_read_the_library(web: Web, approved: "Approved") -> None:
    heads = {"Authorization": f"Bearer {token_for(web, approved.table.owner)}"}
    client = web.test_client(use_cookies=False)

    def said(address: str, **body):
        return client.post(f"/api/v1{address}", json=body, headers={**heads, "Idempotency-Key": str(uuid4())})

    new = {"unit": approved.table.unit, "family": "henan-unit", "scope": "unit", "title": "公路养护中心", "year": YEAR + 1}
    made = said("/tables", **new)
    assert (made.status_code, made.json["table"]["stage"]) == (201, "draft"), made.text
    shown = client.get(made.headers["Location"], headers=heads).json
    assert (shown["document"], shown["content"]["amount_unit"]) == (None, "元")
    copy = said(f"/tables/{approved.id}/copies", year=YEAR + 1)
    assert copy.status_code == 201, copy.text
    assert said(f"/tables/{approved.id}/copies", year=YEAR).status_code == 422
    assert said(f"/tables/{uuid4()}/copies", year=YEAR + 1).status_code == 404
    assert said("/library", level1="产出指标", level2="数量指标", level3="里程").status_code == 403
    found = client.get("/api/v1/library?text=没有这样的指标名称", headers=heads).json
    assert found == {"items": [], "found": 0}
