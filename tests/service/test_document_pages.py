"""N1, F3: a filing document lives on its page: amended, reviewed in two offices, versions compared, goals linked."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pytest

from service.app import Web
from service.cli import run
from service.demo.city import shipped_city
from tests.api.asking import SPECIAL_FUNDS, Case, Program, fresh_cases
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.compiled_pages import opened
from tests.support.web_city import counts_no_requests, field, planted, visitor
from workflows.commands.document_clocks import set_review_clock
from workflows.forms.reading import read_document
from workflows.forms.writing_pdf import whats_missing
from workflows.store.journal import PostgresJournal
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.transaction import begin

CLERK, FINANCE, PERFORMANCE, STRANGER = "jingban", "guicai", "jixiaoke", "xc.jingban"


@dataclass
class Paper:
    """A document of its own with the case of its first table."""

    app: Web
    case: Case

    @property
    def address(self) -> str:
        return f"/documents/{self.case.table.document}"

    def edit(self, who: str, reason: str = "", **changed: str):
        """Post the edit form as a browser would, with these fields typed over."""
        somebody = visitor(self.app, who)
        page = somebody.sees(f"{self.address}/part")
        fields = {**form_fields(page), "reason": reason, **changed}
        return somebody.client.post(f"{self.address}/part", data=fields)

    def review(self, who: str, do: str, opinion: str = ""):
        return visitor(self.app, who).sends(self.address, f"{self.address}/review", do=do, opinion=opinion)

    def page(self, who: str = CLERK, query: str = "") -> str:
        return visitor(self.app, who).sees(self.address + query)


def form_fields(page: str) -> dict[str, str]:
    """Every field of the edit form, unescaped, as it stands."""
    form = page.split('action="/documents/', 1)[1]
    names = re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', form)
    names += re.findall(r'<input class="form-control" id="[^"]*" name="([^"]+)" value="([^"]*)"', form)
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    return {name: html.unescape(text) for name, text in (*names, *areas)}


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    first = planted(database, tmp_path_factory.mktemp("data"))
    app = opened(replace(first.settings, tokens_may_decide=True))
    first.extensions["engine"].dispose()
    counts_no_requests(app)
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


@pytest.fixture
def paper(web: Web) -> Paper:
    return Paper(web, fresh_cases(web, document=SPECIAL_FUNDS)[0])


@pytest.fixture(scope="module")
def kept(web: Web) -> Paper:
    """One whose table is submitted, for tests that are refused everything and so change nothing."""
    return submitted(Paper(web, fresh_cases(web, document=SPECIAL_FUNDS)[0]))


def submitted(paper: Paper) -> Paper:
    paper.case.drafted(lambda content: content)
    paper.case.submitted()
    return paper


def test_an_untouched_form_changes_nothing(kept: Paper) -> None:
    answer = kept.edit(CLERK)
    assert (answer.status_code, "内容没有改动" in answer.text) == (422, True)


def test_the_clerk_writes_a_new_version_and_the_old_one_stays(paper: Paper) -> None:
    assert paper.edit(CLERK, **{"overall-0": "改写后的总体目标"}).status_code == 303
    now, before = paper.page(), paper.page(query="?version=1")
    assert ("改写后的总体目标" in now, "改写后的总体目标" in before, "您正在查看部门部分的第1版" in before) == (True, False, True)
    compared = visitor(paper.app, CLERK).sees(f"{paper.address}/differences")
    assert ("1 处不同" in compared, "总体绩效目标 · 第1条" in compared, "<ins>" in compared) == (True, True, True)


def test_a_stale_form_is_refused_and_keeps_what_was_typed(paper: Paper) -> None:
    clerk = visitor(paper.app, CLERK)
    old = form_fields(clerk.sees(f"{paper.address}/part"))
    paper.edit(CLERK, **{"overall-0": "另一窗口先保存的目标"})
    answer = clerk.client.post(f"{paper.address}/part", data={**old, "overall-0": "后保存的目标", "command_id": str(uuid4())})
    assert (answer.status_code, "刚刚被他人修改或审阅过" in answer.text) == (409, True)
    assert ("后保存的目标" in answer.text, "您填写的与现行版本的不同" in answer.text) == (True, True)


def test_both_offices_review_in_turn_and_are_told(paper: Paper) -> None:
    submitted(paper)
    assert "规划财务处" in re.search("下一步：[^<]*", paper.page()).group()
    assert paper.review(FINANCE, "return", "目标没有量化，请补充").status_code == 303
    assert "“目标没有量化，请补充”" in paper.page()
    paper.edit(CLERK, **{"overall-0": "量化后的总体目标"})
    assert paper.review(FINANCE, "pass", "同意").status_code == 303
    assert "绩效科" in re.search("下一步：[^<]*", paper.page()).group()
    assert paper.review(PERFORMANCE, "pass").status_code == 303
    assert "两级均已审阅" in paper.page()
    with begin(paper.app.extensions["engine"]) as tx:
        told = tx.rows("SELECT kind, rendered ->> 'text' AS said FROM desk.outbox WHERE log_stream = :document ORDER BY id", document=paper.case.table.document)
    kinds = {row["kind"] for row in told}
    assert kinds == {"document.returned", "document.amended", "document.reviewed"}
    assert [row["said"] for row in told if ".txt" in row["said"]] == []


def test_b5_the_office_finds_the_review_and_its_due_day_on_its_worklist(paper: Paper) -> None:
    submitted(paper)
    place = f'<a href="{paper.address}#part-state">部门整体部分（第1版）</a>'
    assert (place in visitor(paper.app, FINANCE).sees("/work"), "审阅期限：" in paper.page(FINANCE)) == (False, False)
    with begin(paper.app.extensions["engine"]) as tx:
        set_review_clock(PostgresJournal(tx), UUID(str(paper.case.table.document)), command_id=uuid4())
    assert (place in visitor(paper.app, FINANCE).sees("/work"), "审阅期限：" in paper.page(FINANCE)) == (True, True)
    assert [place in visitor(paper.app, other).sees("/work") for other in (PERFORMANCE, CLERK)] == [False, False]
    assert paper.review(FINANCE, "pass", "同意").status_code == 303
    assert place not in visitor(paper.app, FINANCE).sees("/work")


def test_a_return_without_a_word_is_refused_with_its_sentence(kept: Paper) -> None:
    answer = kept.review(FINANCE, "return")
    assert (answer.status_code, "请填写理由" in answer.text) == (422, True)


def test_who_may_not_review_is_told_why(kept: Paper) -> None:
    shown = {name: field(kept.page(FINANCE), name) for name in ("version", "content_hash")}
    answer = visitor(kept.app, PERFORMANCE).sends(kept.address, f"{kept.address}/review", do="pass", **shown)
    assert (answer.status_code, "待规划财务处审阅" in answer.text) == (403, True)


def test_goals_are_linked_by_a_person_and_left_over_ones_are_listed(paper: Paper) -> None:
    page = paper.page()
    pointer = re.search(r'name="link" value="(/[^":]+):1"', page).group(1)
    assert ("没有对应的表" in page, "张表没有对应的目标" in page) == (True, True)
    clerk = visitor(paper.app, CLERK)
    answer = clerk.sends(paper.address, f"{paper.address}/links", link=f"{pointer}:1")
    assert answer.status_code == 303
    assert f'value="{pointer}:1" checked' in paper.page()
    gone = clerk.sends(paper.address, f"{paper.address}/links")
    assert (gone.status_code, f'value="{pointer}:1" checked' in paper.page()) == (303, False)
    assert clerk.sends(paper.address, f"{paper.address}/links", link=f"{pointer}:x").status_code == 422


def test_a_stranger_finds_no_such_document(kept: Paper) -> None:
    somebody = visitor(kept.app, STRANGER)
    gets = [somebody.client.get(kept.address + tail).status_code for tail in ("", "/part", "/differences", "/form.docx")]
    token = field(somebody.sees("/account"), "csrf_token")
    form = {"csrf_token": token, "command_id": str(uuid4()), "version": "1", "content_hash": "", "do": "pass", "opinion": "同意"}
    posts = [somebody.client.post(f"{kept.address}/{tail}", data=form).status_code for tail in ("part", "links", "review")]
    assert (gets, posts) == ([404] * 4, [404] * 3)


def test_the_printed_document_reads_back_with_its_part_in_force(paper: Paper) -> None:
    clerk = visitor(paper.app, CLERK)
    paper.edit(CLERK, **{"overall-0": "印出来的总体目标", "task-0-name": "年度任务", "task-0-content": "第一项\n第二项"})
    pointer = re.search(r'name="link" value="(/[^":]+):1"', paper.page()).group(1)
    clerk.sends(paper.address, f"{paper.address}/links", link=f"{pointer}:1")
    endings = ["docx", "xlsx", *([] if whats_missing() else ["pdf"])]
    read = [read_document(clerk.client.get(f"{paper.address}/form.{ending}").data, f"印.{ending}").document for ending in endings]
    part = part_in_force(paper)
    assert [each["department"] for each in read] == [part] * len(endings)
    assert part["tasks"] == [{"name": "年度任务", "content": ["第一项", "第二项"]}]
    printed = Program(paper.app, CLERK).get(f"{paper.address}").json
    assert [(len(each["tables"]), each["undisclosed_tables"]) for each in read] == [(len(printed["items"]), 1)] * len(endings)


def part_in_force(paper: Paper) -> dict[str, object]:
    with begin(paper.app.extensions["engine"]) as tx:
        from_log = tx.scalar(
            "SELECT convert_from(c.body, 'UTF8') FROM desk.document d JOIN log.content c ON encode(c.hash, 'hex') = d.department_part"
            " WHERE d.document_id = :document", document=paper.case.table.document,
        )  # fmt: skip
    return json.loads(from_log)


def test_the_list_says_how_each_part_stands_and_rebuilding_gives_the_same(paper: Paper) -> None:
    submitted(paper).edit(CLERK, name="某委员会")
    paper.review(FINANCE, "return", "目标没有量化，请补充")
    listed = visitor(paper.app, CLERK).sees("/documents")
    row = listed.split(paper.case.table.document, 1)[1].split("</tr>", 1)[0]
    assert ("已退回，待修改" in row, "第2版" in row) == (True, True)
    with begin(paper.app.extensions["engine"]) as tx:
        before = caches_as_text(tx)["document"]
        rebuild(tx)
        assert caches_as_text(tx)["document"] == before


def test_a_program_reads_amends_links_and_reviews(paper: Paper) -> None:
    clerk, path = Program(paper.app, CLERK), paper.address
    shown = clerk.get(f"{path}/part").json
    seen = {"version": shown["version"], "content_hash": shown["content_hash"]}
    part = {**shown["part"], "overall_goals": ["由程序改写的目标"]}
    tried = clerk.post(f"{path}/part?dry_run=true", {**seen, "part": part})
    done = clerk.post(f"{path}/part", {**seen, "part": part})
    assert [(each.status_code, each.json["number"], each.json["dry_run"]) for each in (tried, done)] == [(200, 2, True), (200, 2, False)]
    stale = clerk.post(f"{path}/part", {**seen, "part": part})
    wrong = clerk.post(f"{path}/part", {"version": done.json["version"], "content_hash": done.json["content_hash"], "part": {}})
    assert (stale.status_code, wrong.status_code) == (409, 422)
    now = {name: done.json[name] for name in ("version", "content_hash")}
    linked = clerk.post(f"{path}/links", {**now, "links": {"/responsibilities/0/activities/0": [1, 2]}})
    read = clerk.get(f"{path}/part").json
    assert (linked.json["number"], read["part"]["responsibilities"][0]["activities"][0]["links"]) == (3, [1, 2])
    assert clerk.get(f"{path}/part?number=1").json["part"] == shown["part"]
    now = {name: linked.json[name] for name in ("version", "content_hash")}
    assert clerk.post(f"{path}/reviews", {**now, "passed": True}).status_code == 403
    submitted(paper)
    passed = Program(paper.app, FINANCE).post(f"{path}/reviews", {**now, "passed": True, "opinion": "同意"})
    assert (passed.status_code, passed.json["state"]) == (200, "at_finance")
    assert [Program(paper.app, STRANGER).post(f"{path}/reviews", {**now, "passed": True}).status_code] == [404]


def test_the_command_line_does_the_same(paper: Paper, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("GOALTRAIL_DATABASE_URL", paper.app.settings.database_url)
    monkeypatch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
    document, file = paper.case.table.document, tmp_path / "part.json"
    assert run(["document", "show", document, "--login", CLERK]) == 0
    part = json.loads(capsys.readouterr().out)
    file.write_text(json.dumps({**part, "name": "某委员会"}, ensure_ascii=False), encoding="utf-8")
    assert run(["document", "amend", document, "--login", CLERK, "--file", str(file)]) == 0
    assert capsys.readouterr().out == "部门部分第2版：待规划财务处审阅。（申报文本记录2条）\n"
    assert run(["document", "review", document, "--login", CLERK]) == 1
    assert "须由该处室人员或其代理人办理" in capsys.readouterr().err


def test_the_regions_two_columns_stand_on_the_tables_page(web: Web) -> None:
    with begin(web.extensions["engine"]) as tx:
        row = tx.rows("SELECT table_id, owner FROM desk.table_standing WHERE family = 'ningxia-region-project' LIMIT 1")
    tables = [visitor(web, each["owner"]).sees(f"/tables/{each['table_id']}") for each in row]
    assert [("项目总额与本级已分配资金对照" in page, "资金两栏" in page) for page in tables] == [(True, True)]
