"""The pages under attack: forged identifiers, values no form would send, foreign subjects, a broker that is away."""

import re
from collections.abc import Iterator
from io import BytesIO
from uuid import uuid4

import pytest
from werkzeug.datastructures import MultiDict

from service import anchor_health
from service.app import Web
from service.demo.city import sample_bytes, shipped_city
from service.demo.planting import security_officer
from service.pages import health
from service.pages.draft_form import content_of
from tests.support.cluster import TEMPLATE, TestCluster, running_broker
from tests.support.compiled_pages import opened
from tests.support.contents import completed, document
from tests.support.web_city import Visitor, field, planted, visitor
from workflows.commands.administering import give_grant
from workflows.commands.drafting import content_in_work, finding_key, findings_of, save_draft, submit_table
from workflows.commands.importing import Filing, import_document
from workflows.commands.recipe import Seen
from workflows.folds.replay import Table
from workflows.store.accounts import account_of_login
from workflows.store.documents import document_row
from workflows.store.journal import PostgresJournal
from workflows.store.queries import all_standings, table_in
from workflows.store.sealing import seal_batch
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Action, Actor, Post, Role


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
        return [table_in(tx, row) for row in all_standings(tx)]


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


def test_an_upload_takes_a_year_of_this_century_only(web: Web) -> None:
    clerk = inside_as(web, "jingban")
    for year in ("²", "٢٠٢٦", "99999999999", "0", "1999", "2101", "-2026", "20 26"):
        answer = uploaded(clerk, year=year)
        assert (year, answer.status_code, "年度须填写2000至2100之间的四位数字" in answer.text) == (year, 422, True)


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


EXAMPLES = {"GET /api/v1/docs", "GET /api/v1/openapi.json"}
"""The specification shows answers that were kept once; they name tables of the made-up city."""


def routes(app: Web, method: str, table: Table) -> list[str]:
    """Every address of the application that takes this method, about somebody's table, document and message."""
    found = []
    for rule in app.url_map.iter_rules():
        names = {"table_id": [table.id], "document_id": [table.document], "message_id": [uuid4()], "attachment": [uuid4()], "erasure": [uuid4()], "size": [1], "number": [1], "ending": ["xlsx"], "version": [1, 2, 10**9], "window": ["w1", "%00"], "action": [each.value for each in Action]}
        if method in rule.methods and rule.endpoint not in ("signing.sign_out", "static"):
            addresses = [re.sub(r"<[^<>]+:", "<", rule.rule)]
            for name in rule.arguments:
                addresses = [each.replace(f"<{name}>", str(value)) for each in addresses for value in names.get(name, [uuid4()])]
            found += addresses
    return found


def fields_for(table: Table) -> dict[str, object]:
    """What an attacker who knows everything of a table would post."""
    return {
        "command_id": str(uuid4()), "version": table.version, "content_hash": table.content_hash, "draft_version": 0, "window": "w1",
        "reason": "我无权办理此表", "opinion": "同意", "to": "draft", "row": "r1", "do": "save", "doc_no": "清财预〔2026〕9号",
        "table": f"{table.id}:{table.version}:{table.content_hash}", "unit": table.unit, "year": "2026",
    }  # fmt: skip


REFUSALS = {302, 303, 400, 401, 403, 404, 405, 409, 415, 422}


def test_no_route_says_or_does_anything_to_a_table_of_others(web: Web) -> None:
    table = next(each for each in tables(web) if each.title == "法律顾问咨询费")
    words = [table.title, draft_of(web, table).content["indicators"][0]["level3"]]
    before = events_of(web, table.id)
    for login in (None, clerk_elsewhere(visitor(web), table).id, "xitong"):
        client = visitor(web, login).client
        proof = {"csrf_token": field(client.get("/work" if login else "/login").text, "csrf_token")}
        answers = {f"GET {each}": client.get(each) for each in routes(web, "GET", table)}
        answers |= {f"POST {each}": client.post(each, data=proof | fields_for(table)) for each in routes(web, "POST", table) if each != "/login"}
        assert {each: answer.status_code for each, answer in answers.items() if answer.status_code >= 500 and each != "GET /readyz"} == {}
        assert [each for each, answer in answers.items() if each not in EXAMPLES and any(word.encode() in answer.data for word in words)] == []
        about = {each: answer.status_code for each, answer in answers.items() if str(table.id) in each or str(table.document) in each}
        assert {each: status for each, status in about.items() if status not in REFUSALS} == {}
        assert len(about) > 25
    assert events_of(web, table.id) == before
    assert draft_of(web, table).version == 0


def test_no_unsafe_route_works_without_the_token(web: Web) -> None:
    table = next(each for each in tables(web) if each.title == "法律顾问咨询费")
    before = events_of(web, table.id)
    for client in (web.test_client(), visitor(web, table.owner).client, visitor(web, "xitong").client):
        addresses = [*routes(web, "POST", table), "/logout"]
        answers = {each: client.post(each, data=fields_for(table) | {"csrf_token": "forged"}).status_code for each in addresses}
        wrong = {each: status for each, status in answers.items() if status not in ((400, 401) if "/api/" in each else (400,))}
        assert wrong == {}
    assert events_of(web, table.id) == before


def submitted_by(app: Web, clerk: Actor, unit: str) -> Table:
    """A table that this clerk filed, completed and handed in."""
    with begin(app.extensions["engine"]) as tx:
        ledger = PostgresJournal(tx)
        (table,) = import_document(
            ledger, uuid4(), filing=Filing("申报.txt", "正文".encode(), document(), ()), homes=(shipped_city().home(unit, clerk.id),),
            year=2026, by=clerk, post=Post(Role.CLERK, unit), command_id=uuid4(),
        )  # fmt: skip
        content = completed(content_in_work(ledger, table).content)
        warned = {finding_key(each): "已核实，情况属实" for each in findings_of(ledger, table, content) if each.severity == "W"}
        save_draft(
            ledger, table.id, seen=Seen(table.version), draft_version=0, content={**content, "explanations": warned}, reasons={},
            by=clerk, command_id=uuid4(),
        )  # fmt: skip
        return submit_table(ledger, table.id, seen=Seen(table.version), by=clerk, command_id=uuid4())


def test_the_worklist_marks_what_segregation_forbids_its_reader(web: Web) -> None:
    city = shipped_city()
    clerk = city.person("kfzc.jingban")
    submitted_by(web, clerk, "qj-kf-zc")
    with begin(web.extensions["engine"]) as tx:
        head = Post(Role.UNIT_HEAD, "qj-kf-zc")
        give_grant(PostgresJournal(tx), person=clerk.id, name=clerk.name, post=head, by=security_officer(city), command_id=uuid4())
    marks = {who: visitor(web, who).sees("/work?kind=unit_review").count("职责分离：须由他人办理") for who in (clerk.id, "kfzc.fuzeren")}
    assert marks == {clerk.id: 1, "kfzc.fuzeren": 0}


def test_readiness_follows_the_broker_and_the_sealer(cluster: TestCluster, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = cluster.new_database(TEMPLATE)
    with running_broker() as broker:
        app = planted(database, tmp_path, broker.redis_url, anew=True)

        def asked() -> tuple[int, dict[str, bool]]:
            answer = app.test_client().get("/readyz")
            return answer.status_code, {name: each["ok"] for name, each in answer.json["checks"].items()}

        every = dict.fromkeys(("database", "migrations", "sealer", "catalog", "checkpoints", "broker"), True)
        assert asked() == (200, every)
        monkeypatch.setattr(health, "LONGEST_LAG", 0.0)
        assert asked() == (503, every | {"sealer": False})
        engine = make_engine(database.sealer_url)
        with begin(engine) as tx:
            while seal_batch(tx) > 0:
                pass
        engine.dispose()
        monkeypatch.setattr(anchor_health, "LONGEST_LAG", 3600.0)
        assert asked() == (200, every)
        broker.kill()
        assert asked() == (503, every | {"broker": False})
        assert app.test_client().get("/healthz").json == {"status": "ok"}
    app.extensions["engine"].dispose()
    cluster.drop(database)
    assert asked()[1] == dict.fromkeys(every, False)
    assert app.test_client().get("/healthz").status_code == 200
    app.extensions["engine"].dispose()


def from_afar(app: Web, address: str = "10.9.8.7") -> Visitor:
    """Somebody at the door at an address that no other test uses, whose limits nobody else feels."""
    somebody = visitor(app)
    somebody.client.environ_base["REMOTE_ADDR"] = address
    return somebody


def refused_until_too_many(app: Web, address: str) -> set[int]:
    """The answers to wrong passwords until one says that they are too many; a minute may end on the way."""
    answers: list[int] = []
    while not answers or answers[-1] != 429:
        assert len(answers) < 200
        answers.append(from_afar(app, address).enters_as(f"niemand{len(answers)}", "x").status_code)
    return set(answers[:-1])


def test_without_the_broker_accounts_remember_failures_and_addresses_are_still_limited(cluster: TestCluster, tmp_path) -> None:
    database = cluster.new_database(TEMPLATE)
    first = planted(database, tmp_path, f"unix://{tmp_path}/nobody.sock")
    guesses = [from_afar(first).enters_as("guicai", "falsch").status_code for _ in range(6)]
    with begin(first.extensions["engine"]) as tx:
        account = account_of_login(tx, "guicai")
    assert (guesses, account["failed_attempts"], account["must_wait"]) == ([401] * 6, 5, True)
    second = opened(first.settings)
    assert "请稍候再试" in from_afar(second).enters_as("guicai").text
    assert from_afar(second).enters_as("jingban").status_code == 303
    assert refused_until_too_many(second, "10.9.8.7") == {401}
    for app in (first, second):
        app.extensions["engine"].dispose()
    cluster.drop(database)


def test_an_office_that_shares_one_address_gets_in_however_many_come_at_once(cluster: TestCluster, tmp_path) -> None:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path, f"unix://{tmp_path}/nobody.sock")
    office = "10.9.8.6"
    assert {from_afar(app, office).enters_as("jingban").status_code for _ in range(45)} == {303}
    assert refused_until_too_many(app, office) == {401}
    app.extensions["engine"].dispose()
