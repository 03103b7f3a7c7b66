"""The pages under attack: forged identifiers, values no form would send, foreign subjects, a broker that is away."""

from collections.abc import Iterator
from io import BytesIO
from uuid import uuid4

import pytest
from werkzeug.datastructures import MultiDict

from service.app import Web
from service.demo.city import sample_bytes
from service.pages.draft_form import content_of
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import Visitor, field, planted, visitor
from workflows.commands.drafting import content_in_work
from workflows.replay import Table
from workflows.store.documents import document_row
from workflows.store.journal import PostgresJournal
from workflows.store.queries import all_standings, table_in
from workflows.store.transaction import begin
from workflows.vocabulary import Actor, Role


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def tables(app: Web) -> list[Table]:
    with begin(app.extensions["engine"]) as tx:
        return [table_in(row) for row in all_standings(tx)]


def events_of(app: Web, stream) -> int:
    with begin(app.extensions["engine"]) as tx:
        return len(PostgresJournal(tx).history(stream))


def clerk_elsewhere(somebody: Visitor, table: Table) -> Actor:
    """A clerk of another unit than the table's."""
    return next(
        each for each in somebody.city.people
        if each.holds(Role.CLERK) and not any(post.organ in (table.unit, table.department) for post in each.posts)
    )  # fmt: skip


def uploaded(inside: Visitor, **fields: object):
    unit = next(post.organ for post in inside.city.person(who(inside)).posts if post.role == Role.CLERK)
    form = {"csrf_token": token(inside), "command_id": str(uuid4()), "unit": unit, "year": "2026", **fields}
    return inside.client.post("/documents/new", data=form | {"file": (BytesIO(form.pop("data", sample(inside))), form.pop("name", "甲.txt"))})


def sample(inside: Visitor) -> bytes:
    return sample_bytes(inside.city.samples[0])


def who(inside: Visitor) -> str:
    return inside.login


def token(inside: Visitor) -> str:
    return field(inside.sees("/work"), "csrf_token")


def inside_as(app: Web, login: str) -> Visitor:
    entered = visitor(app, login)
    entered.login = login
    return entered


def test_an_upload_cannot_write_into_a_stream_that_exists(web: Web) -> None:
    victim = tables(web)[0]
    attacker = inside_as(web, clerk_elsewhere(visitor(web), victim).id)
    before = events_of(web, victim.id)
    taken = [uploaded(attacker, command_id=str(victim.id)) for _ in range(2)]
    assert [answer.status_code for answer in taken] == [303, 303]
    assert taken[0].headers["Location"] == taken[1].headers["Location"]
    assert str(victim.id) not in taken[0].headers["Location"]
    assert events_of(web, victim.id) == before
    assert visitor(web, victim.owner).client.get(f"/tables/{victim.id}").status_code == 200


def test_the_same_command_of_two_people_makes_two_documents(web: Web) -> None:
    victim, command = tables(web)[0], str(uuid4())
    people = (victim.owner, clerk_elsewhere(visitor(web), victim).id)
    made = {uploaded(inside_as(web, each), command_id=command).headers["Location"] for each in people}
    assert len(made) == 2
    with begin(web.extensions["engine"]) as tx:
        assert {document_row(tx, address.rsplit("/", 1)[1])["name"] for address in made} == {"甲.txt"}


def draft_of(app: Web, table: Table):
    with begin(app.extensions["engine"]) as tx:
        return content_in_work(PostgresJournal(tx), table)


def draft_form(app: Web, clerk: Visitor, table: Table, **more: object) -> dict[str, object]:
    """What the browser would post of a draft whose weights alone are touched, beside `more`."""
    draft, page = draft_of(app, table), clerk.sees(f"/tables/{table.id}/draft")
    hidden = {name: field(page, name) for name in ("csrf_token", "version", "content_hash", "draft_version")}
    plain = {name: draft.content[name] or "" for name in ("title", "purpose", "disclosure")}
    rows = [row["id"] for row in draft.content["indicators"]]
    return {**hidden, **plain, "command_id": str(uuid4()), "row": rows, "reason": "核对后更正内容", "do": "save", **more}


@pytest.fixture
def clerk_and_table(web: Web) -> tuple[Visitor, Table]:
    table = next(each for each in tables(web) if each.title == "运营经费")
    return visitor(web, table.owner), table


def test_row_numbers_come_from_the_server(web: Web, clerk_and_table: tuple[Visitor, Table]) -> None:
    clerk, table = clerk_and_table
    rows = [row["id"] for row in draft_of(web, table).content["indicators"]]
    forged = ["r1", "r1", "r0", "r٣", "r²", "../r1", "", "r1\x00", "r99999", "r" + "9" * 3000, *rows]
    form = draft_form(web, clerk, table, row=forged, **{"r99999-level3": "新的一行"})
    assert clerk.client.post(f"/tables/{table.id}/draft", data=form).status_code == 303
    kept = draft_of(web, table).content["indicators"]
    assert sorted(row["id"] for row in kept) == sorted([*rows, f"r{len(rows) + 1}"])
    assert [row["level3"] for row in kept if row["id"] not in rows] == ["新的一行"]


def test_a_new_row_takes_no_number_that_a_recorded_row_has_had() -> None:
    base = {"budget": {}, "spending_plan": [], "indicators": [{"id": "r2", "target": {"raw": None}}]}
    content = content_of(MultiDict([("row", "r7"), ("row", "r2"), ("row", "r8")]), base, used=("r5",))
    assert [row["id"] for row in content["indicators"]] == ["r6", "r2", "r7"]


def test_a_stale_form_is_told_so_before_it_is_asked_for_reasons(web: Web, clerk_and_table: tuple[Visitor, Table]) -> None:
    clerk, table = clerk_and_table
    form = draft_form(web, clerk, table)
    assert clerk.client.post(f"/tables/{table.id}/draft", data=form | {"purpose": "甲写的用途"}).status_code == 303
    late = clerk.client.post(f"/tables/{table.id}/draft", data=form | {"purpose": "乙写的用途", "reason": ""})
    assert (late.status_code, "<del>甲写的用途</del>" in late.text) == (409, True)


def test_what_is_submitted_is_the_draft_that_was_seen(web: Web, clerk_and_table: tuple[Visitor, Table]) -> None:
    clerk, table = clerk_and_table
    page = clerk.sees(f"/tables/{table.id}")
    form = {name: field(page, name) for name in ("csrf_token", "version", "content_hash", "draft_version")}
    assert form["draft_version"] == str(draft_of(web, table).version)
    assert clerk.client.post(f"/tables/{table.id}/draft", data=draft_form(web, clerk, table, purpose="后来改的用途")).status_code == 303
    for stale in (form, {**form, "draft_version": ""}, {**form, "draft_version": "²"}):
        answer = clerk.client.post(f"/tables/{table.id}/submit", data={**stale, "command_id": str(uuid4())})
        assert (answer.status_code, "您看到的内容与现在的内容不一致" in answer.text) == (409, True)
        assert field(answer.text, "draft_version") == str(draft_of(web, table).version)
    fresh = clerk.sends(f"/tables/{table.id}", f"/tables/{table.id}/submit")
    assert (fresh.status_code, "机审发现必须先改正的问题" in fresh.text) == (422, True)


def test_addresses_with_senseless_values_are_answered_in_words(web: Web) -> None:
    head = visitor(web, "fuzeren")
    wrong = ["year=99999999999", "year=²", "year=abc", "least=NaN", "least=Infinity", "most=1e999999999", "least=-1", "most=²"]
    assert {each: head.client.get(f"/tables?{each}").status_code for each in wrong} == dict.fromkeys(wrong, 422)
    assert "年度须填写2000至2100之间的四位数字" in head.client.get("/tables?year=1999").text
    harmless = [
        "/tables?text=%00", "/tables?text=%ed%a0%80", "/tables?stage=%00", "/tables?stage=dance", "/tables?unit=%00&department=%00",
        "/tables?page=99999999999999999999", "/tables?page=-1", "/tables?page=²", "/tables?order=%00", "/work?kind=%00",
        "/documents?page=99999999999999999999", "/inbox?page=99999999999999999999", "/login?next=%00",
    ]  # fmt: skip
    answers = {each: head.client.get(each).status_code for each in harmless}
    assert answers == dict.fromkeys(harmless, 200) | {"/login?next=%00": 302}
    assert head.sees("/tables?text=%00法律顾问&year=2022").count('<td class="title">') == 1


@pytest.mark.parametrize("year", ["²", "٢٠٢٦", "99999999999", "0", "1999", "2101", "-2026", "20 26"])
def test_an_upload_takes_a_year_of_this_century_only(web: Web, year: str) -> None:
    answer = uploaded(inside_as(web, "jingban"), year=year)
    assert (answer.status_code, "年度须填写2000至2100之间的四位数字" in answer.text) == (422, True)


def test_uploads_of_noise_are_refused_in_words(web: Web) -> None:
    clerk = inside_as(web, "jingban")
    good = sample(clerk)
    files = [b"", b"\x00", b"\xff\xfe" * 300, b"PK\x03\x04" + b"\x00" * 400, b"%PDF-1.7\n", "表".encode() * 2000, good[:200]]
    assert [uploaded(clerk, data=each).status_code for each in files] == [422] * len(files)
    assert uploaded(clerk, data=good.replace("绩效".encode(), "绩\x00效".encode(), 3)).status_code in (303, 422)
    assert uploaded(clerk, name="\x07" + "甲" * 300 + ".txt").status_code in (303, 422)


def test_control_signs_never_reach_the_database(web: Web) -> None:
    table = next(each for each in tables(web) if each.title == "SHCE 专项经费")
    clerk = visitor(web, table.owner)
    odd = draft_form(web, clerk, table, purpose="甲\x00乙\x1b丙\r\n丁\t戊", **{"r1-level3": "\x00"})
    assert clerk.client.post(f"/tables/{table.id}/draft", data=odd).status_code == 303
    assert draft_of(web, table).content["purpose"] == "甲乙丙\n丁\t戊"
    assert clerk.sends(f"/tables/{table.id}", f"/tables/{table.id}/void", reason="\x00\x00\x00\x00\x00\x00").status_code == 422
    assert visitor(web).enters_as("jing\x00ban\x00", "\x00").status_code == 401


def test_the_id_of_a_document_is_no_table(web: Web) -> None:
    table = tables(web)[0]
    clerk = visitor(web, table.owner)
    for step in ("withdraw", "submit", "void", "approve", "return", "close", "open_monitoring"):
        answer = clerk.sends("/work", f"/tables/{table.document}/{step}", reason="没有这张表", to="draft", version=1)
        assert (step, answer.status_code) == (step, 404)
    budget = next(each for each in clerk.city.people if each.holds(Role.FINANCE_BUDGET))
    answer = visitor(web, budget.id).sends("/work", "/replies", doc_no="清财预〔2026〕1号", table=f"{table.document}:1:{'0' * 64}")
    assert answer.status_code == 404


def test_nothing_is_scored_before_a_version_is_in_force(web: Web) -> None:
    table = tables(web)[0]
    clerk = visitor(web, table.owner)
    for do in ("score", "file"):
        answer = clerk.sends("/work", f"/tables/{table.id}/evaluation", do=do, version=table.version, executed="1")
        assert (answer.status_code, "当前处于“编制”，不能填报自评" in answer.text) == (409, True)


def test_a_text_that_is_too_long_is_named_and_not_lost(web: Web) -> None:
    table = next(each for each in tables(web) if each.title == "SHCE 专项经费")
    clerk = visitor(web, table.owner)
    before = draft_of(web, table)
    form = draft_form(web, clerk, table, purpose="长" * 4001, **{"r1-level3": "短而新的指标"})
    answer = clerk.client.post(f"/tables/{table.id}/draft", data=form)
    assert (answer.status_code, "“资金用途”超过4000字" in answer.text) == (422, True)
    assert ("长" * 4001 in answer.text, "短而新的指标" in answer.text) == (True, True)
    assert draft_of(web, table) == before
    assert clerk.client.post(f"/tables/{table.id}/draft", data=form | {"purpose": "长" * 4000}).status_code == 303
    refused = clerk.sends(f"/tables/{table.id}", f"/tables/{table.id}/void", reason="长" * 4001)
    assert (refused.status_code, "“理由”超过4000字" in refused.text, "长" * 4001 in refused.text) == (422, True, True)
