"""The pages: what each person sees and may do, what a refusal says, that nothing typed is lost, and no query per row."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from uuid import uuid4

import pytest
from werkzeug.datastructures import MultiDict

from service.app import Web
from service.demo.city import sample_bytes
from service.pages.draft_form import content_of, rearranged
from service.present import spans
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.hearing import statements_heard
from tests.support.web_city import Visitor, field, planted, visitor
from workflows.folds.replay import Table
from workflows.store.queries import all_standings, table_in
from workflows.store.refreshing import refresh_standings
from workflows.store.transaction import begin


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def tables(app: Web) -> list[Table]:
    with begin(app.extensions["engine"]) as tx:
        return [table_in(tx, row) for row in all_standings(tx)]


def table_called(app: Web, title: str) -> Table:
    return next(table for table in tables(app) if table.title == title)


def draft_fields(page: str) -> dict[str, object]:
    """Every field of the draft form as a browser would post it, with row IDs in order."""
    class Form(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.fields: list[tuple[str, str]] = []
            self.area: str | None = None

        def handle_starttag(self, tag, attributes) -> None:
            had = dict(attributes)
            if tag == "input" and "name" in had:
                self.fields.append((had["name"], had.get("value") or ""))
            if tag == "textarea":
                self.area = had["name"]
                self.fields.append((self.area, ""))

        def handle_data(self, data) -> None:
            if self.area:
                self.fields[-1] = (self.area, self.fields[-1][1] + data)

        def handle_endtag(self, tag) -> None:
            if tag == "textarea":
                self.area = None

    form = Form()
    form.feed(page.split('action="/tables/')[1].split("</form>", maxsplit=1)[0])
    found: dict[str, object] = {}
    for name, value in form.fields:
        found[name] = [*found[name], value] if name in ("row", "finding") and name in found else [value] if name in ("row", "finding") else value
    return found


def saved(clerk: Visitor, table: Table, **changed: object):
    page = clerk.sees(f"/tables/{table.id}/draft")
    return clerk.client.post(f"/tables/{table.id}/draft", data={**draft_fields(page), "do": "save", **changed})


def test_the_worklist_counts_what_waits(web: Web) -> None:
    page = visitor(web, "jingban").sees("/work")
    mine = [table for table in tables(web) if table.owner == "jingban"]
    assert page.count('<td class="title">') == len(mine)
    assert f'<span class="count">{len(mine)}</span>' in page


def test_other_units_tables_are_not_found_and_not_said_to_exist(web: Web) -> None:
    foreign = next(table for table in tables(web) if table.unit.startswith("qj-kf"))
    inside = visitor(web, "jingban")
    answers = {inside.client.get(f"/tables/{address}").status_code for address in (foreign.id, uuid4())}
    assert answers == {404}
    assert inside.client.get(f"/documents/{foreign.document}").status_code == 404


def test_the_list_filters_by_stage_amount_and_text(web: Web) -> None:
    head = visitor(web, "fuzeren")
    everything = head.sees("/tables").count('<td class="title">')
    assert head.sees("/tables?stage=closed").count('<td class="title">') == 0
    assert 0 < head.sees("/tables?node=drafting").count('<td class="title">') <= everything
    assert head.sees("/tables?node=reply").count('<td class="title">') == 0
    assert head.sees("/tables?text=法律顾问&year=2022").count('<td class="title">') == 1
    assert head.sees("/tables?least=500&year=2022").count('<td class="title">') < everything
    assert head.client.get("/tables?least=viel").status_code == 422


def test_lists_ask_the_same_number_of_questions_for_few_and_many_rows(web: Web) -> None:
    head = visitor(web, "fuzeren")
    counts = []
    for address in ("/tables?text=法律顾问&year=2022", "/tables"):
        head.sees(address)
        with statements_heard() as statements:
            head.sees(address)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_rows_of_another_release_break_no_page_and_are_not_shown_as_true(web: Web) -> None:
    clerk, table = visitor(web, "jingban"), table_called(web, "法律顾问咨询费")
    addresses = ("/work", "/tables", f"/tables/{table.id}", f"/tables/{table.id}/draft", "/documents")
    before = [plain(clerk.sees(address)) for address in addresses]
    with begin(web.extensions["engine"]) as tx:
        tx.run("UPDATE desk.table_standing SET code = 'another', state = (state - 'attachments') || '{\"stage\": \"closed\"}'")
    try:
        assert [plain(clerk.sees(address)) for address in addresses] == before
        assert refresh_standings(web.extensions["engine"]).tables > 0
        assert [plain(clerk.sees(address)) for address in addresses] == before
    finally:
        refresh_standings(web.extensions["engine"])


def plain(page: str) -> str:
    """A page without what is new each time: tokens and command IDs."""
    return re.sub(r'name="(csrf_token|command_id)" value="[^"]*"|nonce="[^"]*"', "", page)


def test_a_tables_page_shows_the_form_the_machines_view_and_why_steps_are_closed(web: Web) -> None:
    table = table_called(web, "法律顾问咨询费")
    page = visitor(web, table.owner).sees(f"/tables/{table.id}")
    assert [word for word in ("项目支出绩效目标表", "000-9999-JSN-T6X0", "履约情况", "V-X2", "流转历程") if word not in page] == []
    assert 'rowspan="4"' in page
    (folded,) = re.findall(r'<details class="closed-steps">.*?</details>', page, re.DOTALL)
    lines = [re.sub(r"<[^>]+>", "", line) for line in re.findall(r"<li .*?</li>", folded)]
    last = lines[-1].removesuffix("：当前处于“编制”，不能办理。").split("、")
    assert ("批复" in last, "退回" in last, len(lines) == len({line.partition("：")[2] for line in lines})) == (True, False, True)
    assert ("R-STAGE" in re.sub(r'title="[^"]*"', "", folded), 'title="依据规则 R-STAGE"' in folded) == (False, True)


def test_a_draft_is_saved_reparsed_and_its_rows_are_added_moved_and_removed(web: Web) -> None:
    table = table_called(web, "SHCE 专项经费")
    clerk = visitor(web, table.owner)
    assert saved(clerk, table, **{"r1-target": "≥3次", "reason": "核对后更正指标值"}).status_code == 303
    assert '<span class="parsed" id="parsed-r1">≥ 3次</span>' in clerk.sees(f"/tables/{table.id}/draft")
    order = draft_fields(clerk.sees(f"/tables/{table.id}/draft"))["row"]
    new = f"r{len(order) + 1}"
    saved(clerk, table, do="add", reason="补充一个指标")
    assert draft_fields(clerk.sees(f"/tables/{table.id}/draft"))["row"] == [*order, new]
    saved(clerk, table, do=f"up:{new}")
    assert draft_fields(clerk.sees(f"/tables/{table.id}/draft"))["row"] == [*order[:-1], new, order[-1]]
    saved(clerk, table, do=f"remove:{new}", reason="不再需要该指标")
    assert draft_fields(clerk.sees(f"/tables/{table.id}/draft"))["row"] == order


def test_a_correction_without_a_reason_is_refused_and_nothing_typed_is_lost(web: Web) -> None:
    table = table_called(web, "运营经费")
    clerk = visitor(web, table.owner)
    answer = saved(clerk, table, **{"r1-level3": "新的三级指标", "reason": ""})
    assert answer.status_code == 422
    assert ("新的三级指标" in answer.text, "改动理由" in answer.text) == (True, True)
    assert "新的三级指标" not in clerk.sees(f"/tables/{table.id}/draft")


def test_two_editors_the_second_gets_a_fresh_view_beside_his_own_words(web: Web) -> None:
    table = table_called(web, "运营经费")
    first, second = visitor(web, table.owner), visitor(web, table.owner)
    stale = draft_fields(second.sees(f"/tables/{table.id}/draft"))
    assert saved(first, table, purpose="甲写的用途", reason="核对后更正用途").status_code == 303
    answer = second.client.post(f"/tables/{table.id}/draft", data={**stale, "do": "save", "purpose": "乙写的用途", "reason": "核对后更正用途"})
    assert answer.status_code == 409
    assert ("乙写的用途" in answer.text, "<del>甲写的用途</del>" in answer.text) == (True, True)


def test_submitting_with_open_findings_names_them_all(web: Web) -> None:
    table = table_called(web, "法律顾问咨询费")
    clerk = visitor(web, table.owner)
    answer = clerk.sends(f"/tables/{table.id}", f"/tables/{table.id}/submit")
    assert answer.status_code == 422
    assert ("机审发现必须先改正的问题" in answer.text, "没有标明公开或内部" in answer.text) == (True, True)


def test_a_repeated_command_is_harmless_and_a_stale_page_gets_the_fresh_one(web: Web) -> None:
    table = table_called(web, "干部培训费")
    clerk, head = visitor(web, table.owner), visitor(web, "fuzeren")
    page, command = clerk.sees(f"/tables/{table.id}"), str(uuid4())
    form = {"csrf_token": field(page, "csrf_token"), "version": table.version, "content_hash": table.content_hash}
    asked = [clerk.client.post(f"/tables/{table.id}/void", data={**form, "command_id": command, "reason": "项目取消不再实施"}) for _ in range(2)]
    assert [answer.status_code for answer in asked] == [303, 303]
    stale = head.client.post(
        f"/tables/{table.id}/confirm",
        data={**form, "csrf_token": field(head.sees(f"/tables/{table.id}"), "csrf_token"), "command_id": str(uuid4()), "opinion": "同意作废"},
    )
    assert stale.status_code == 409
    assert ("刚刚被他人办理过" in stale.text, "同意作废" in stale.text) == (True, True)
    confirmed = head.sends(f"/tables/{table.id}", f"/tables/{table.id}/confirm", opinion="同意作废")
    assert confirmed.status_code == 303
    assert table_called(web, "干部培训费").stage == "voided"


def test_what_a_person_may_not_do_is_refused_with_the_sentence(web: Web) -> None:
    table = table_called(web, "纪委、监察委、派驻纪检组及大要案业务费")
    answer = visitor(web, "fuzeren").sends(f"/tables/{table.id}", f"/tables/{table.id}/submit")
    assert answer.status_code == 403
    assert "须由本项目经办人办理" in answer.text
    assert visitor(web, "jingban").sends(f"/tables/{table.id}", f"/tables/{table.id}/dance").status_code == 404


def test_a_document_is_taken_in_and_asked_for_its_year(web: Web) -> None:
    clerk = visitor(web, "jingban")
    sample = clerk.city.samples[0]
    def sent(**more: object):
        return clerk.sends("/documents/new", "/documents/new", unit="qj-jw-bj", file=(BytesIO(sample_bytes(sample)), "甲.txt"), **more)

    refused = sent()
    assert (refused.status_code, "请填写" in refused.text) == (422, True)
    taken = sent(year="2027")
    assert taken.status_code == 303
    assert "甲.txt" in clerk.sees(taken.headers["Location"])
    noise = clerk.sends("/documents/new", "/documents/new", unit="qj-jw-bj", year="2027", file=(BytesIO(b"\x00\x01" * 500), "乙.bin"))
    assert noise.status_code == 422


def test_control_signs_in_a_typed_text_do_no_harm(web: Web) -> None:
    table = table_called(web, "SHCE 专项经费")
    clerk = visitor(web, table.owner)
    assert clerk.sends(f"/tables/{table.id}", f"/tables/{table.id}/void", reason="项目\x00取消\x07不再实施").status_code == 303
    assert "项目取消不再实施" in clerk.sees(f"/tables/{table.id}")
    assert clerk.sends(f"/tables/{table.id}", f"/tables/{table.id}/decline", reason="撤销本人申请").status_code == 303


def test_row_ids_that_are_not_ours_are_left_out() -> None:
    content = {
        "budget": {}, "spending_plan": [], "indicators": [], "explanations": {}, "goals": [],
    }  # fmt: skip
    form = MultiDict([("row", "r1"), ("row", "r1"), ("row", "x'--"), ("row", "r0"), ("row", "r2")])
    assert [row["id"] for row in content_of(form, content)["indicators"]] == ["r1", "r2"]


def test_the_unit_of_the_amounts_is_chosen_among_two() -> None:
    """G6: a file without a unit waits for the clerk's word; nothing but 元 and 万元 is taken."""
    content = {"budget": {}, "spending_plan": [], "indicators": [], "explanations": {}, "goals": [], "amount_unit": None}
    said = [content_of(MultiDict([("amount_unit", unit)]), content)["amount_unit"] for unit in ("元", "万元", "", "美元")]
    assert said == ["元", "万元", None, None]


def test_a_client_cannot_choose_the_stream_of_a_new_document(web: Web) -> None:
    table = table_called(web, "运营经费")
    clerk = visitor(web, table.owner)
    sent = {"unit": table.unit, "year": "2027", "command_id": str(table.id), "file": (BytesIO(sample_bytes(clerk.city.samples[0])), "丙.txt")}
    answer = clerk.sends("/documents/new", "/documents/new", **sent)
    assert answer.status_code == 303
    assert str(table.id) not in answer.headers["Location"]
    assert clerk.sees(f"/tables/{table.id}").count("导入第") == 1


def test_the_documents_page_shows_the_department_part_and_the_stubs(web: Web) -> None:
    table = table_called(web, "法律顾问咨询费")
    page = visitor(web, table.owner).sees(f"/documents/{table.document}")
    assert [word for word in ("职责与工作活动", "总体绩效目标", "保障措施", "不予公开", "SHA-256") if word not in page] == []


def test_mails_are_for_the_system_administrator(web: Web) -> None:
    mails = web.settings.mail_folder
    mails.mkdir(exist_ok=True)
    (mails / "1.eml").write_bytes("Subject: test\nTo: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n您好".encode())
    assert "您好" in visitor(web, "xitong").sees("/mails")
    assert visitor(web, "jingban").client.get("/mails").status_code == 403


def test_a_wrong_address_has_a_page_in_chinese(web: Web) -> None:
    answer = visitor(web, "jingban").client.get("/nirgends")
    assert (answer.status_code, "没有找到该页面" in answer.text) == (404, True)


def test_a_typed_target_is_read_while_typing(web: Web) -> None:
    clerk = visitor(web, "jingban")
    token = field(clerk.sees("/work"), "csrf_token")
    answers = [clerk.client.post("/read-target", data={"csrf_token": token, "r1-target": raw}).text for raw in ("不少于5次", "效果显著", "<b>≥1</b>")]
    assert answers[:2] == ["≥ 5次", "定性"]
    assert "<b>" not in answers[2]


def test_row_spans_cover_exactly_the_rows() -> None:
    rows = [{"level1": one, "level2": two} for one, two in (("产出", "数量"), ("产出", "数量"), ("产出", "质量"), ("效益", "社会"), ("产出", "数量"))]
    assert [(each.level1, each.level2) for each in spans(rows)] == [(3, 2), (0, 0), (0, 1), (1, 1), (1, 1)]


def test_rows_at_the_edges_stay_and_ids_are_never_used_again() -> None:
    content = {"indicators": [{"id": "r1"}, {"id": "r2"}]}
    ids = lambda wish, used=(): [row["id"] for row in rearranged(content, wish, used)["indicators"]]  # noqa: E731
    assert (ids("up:r1"), ids("down:r2"), ids("remove:r9")) == (["r1", "r2"],) * 3
    assert ids("add", ("r7",)) == ["r1", "r2", "r8"]
