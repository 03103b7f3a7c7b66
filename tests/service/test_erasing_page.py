"""Erasure and holds on the pages: two persons of different posts, strangers, forged forms, what the table's page says."""

import re
from collections.abc import Iterator
from io import BytesIO
from uuid import UUID, uuid4

import pytest

from service.app import Web
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import Visitor, field, planted, visitor
from workflows.folds.replay import Table
from workflows.store.erasing import waiting_erasures
from workflows.store.journal import PostgresJournal
from workflows.store.queries import all_standings, table_in
from workflows.store.transaction import begin

WORDS = "王小明身份证号130102199001011234"
GROUND = "个人信息保护法第四十七条"
PDF = b"%PDF-1.7 130102199001011234"
GONE = "（内容已依法删除）"


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def tables(app: Web) -> list[Table]:
    with begin(app.extensions["engine"]) as tx:
        return [table_in(tx, row) for row in all_standings(tx) if row["department"] == "qj-jw" and row["stage"] == "draft"]


@pytest.fixture
def table(web: Web) -> Table:
    """A draft of the discipline commission's with a file about a person and a request to void it that names him."""
    drafted = next(each for each in tables(web) if not each.request and not each.attachments and not each.held)
    clerk, page = visitor(web, drafted.owner), f"/tables/{drafted.id}"
    assert clerk.sends(page, f"{page}/attachments", file=(BytesIO(PDF), "王小明.pdf"), no_secret="1").status_code == 303
    assert clerk.sends(page, f"{page}/void", reason=WORDS).status_code == 303
    return next(each for each in tables(web) if each.id == drafted.id)


def pieces(page: str) -> list[str]:
    return re.findall(r'name="piece" value="([0-9a-f]{64})"', page)


def ask(guard: Visitor, table: Table, **more: object):
    address = f"/erasures/tables/{table.id}"
    return guard.sends(address, address, **{"piece": pieces(guard.sees(address)), "ground": GROUND} | more)


def waiting(app: Web, table: Table) -> list[UUID]:
    with begin(app.extensions["engine"]) as tx:
        return [each.stream for each in waiting_erasures(tx) if each.fact.table == str(table.id)]


def left(app: Web, table: Table) -> list[str | None]:
    with begin(app.extensions["engine"]) as tx:
        return [each.words for each in PostgresJournal(tx).erasable(table.id)]


def test_one_asks_another_confirms_and_the_table_says_so(web: Web, table: Table) -> None:
    security, secrecy = visitor(web, "anquan"), visitor(web, "baomi")
    assert security.client.get(f"/erasures?table=http://x/tables/{table.id}%23top").headers["Location"] == f"/erasures/tables/{table.id}"
    assert ask(security, table).status_code == 303
    (erasure,) = waiting(web, table)
    shown = secrecy.sees(f"/erasures/{erasure}")
    assert [each in shown for each in (WORDS, "王小明.pdf", GROUND, "董立军")] == [True] * 4
    assert f'href="/erasures/{erasure}"' in secrecy.sees("/erasures")
    assert secrecy.sends(f"/erasures/{erasure}", f"/erasures/{erasure}/confirm").status_code == 303
    assert left(web, table) == []
    page = visitor(web, table.owner).sees(f"/tables/{table.id}")
    assert (WORDS in page, "王小明" in page, GONE in page, "依法删除3处个人信息，依据：个人信息保护法第四十七条" in page) == (False, False, True, True)
    assert visitor(web, table.owner).client.get(f"/tables/{table.id}/attachments/{table.attachments[0].attachment}").status_code == 404
    assert secrecy.client.get(f"/erasures/{erasure}").status_code == 409


def test_the_second_person_is_told_how_many_wait_for_his_word(web: Web, table: Table) -> None:
    assert ask(visitor(web, "anquan"), table).status_code == 303
    with begin(web.extensions["engine"]) as tx:
        everything = len(waiting_erasures(tx))
    counted = {login: re.findall(r'信息删除与保全 <span class="count[^"]*">(\d+)<', visitor(web, login).sees("/work")) for login in ("baomi", "fenguan", "anquan", "xc.baomi")}
    assert counted == {"baomi": [str(everything)], "fenguan": [str(everything)], "anquan": ["0"], "xc.baomi": ["0"]}


def test_who_asked_finds_no_button_and_no_way_round_it(web: Web, table: Table) -> None:
    security = visitor(web, "anquan")
    assert ask(security, table).status_code == 303
    (erasure,) = waiting(web, table)
    page = security.sees(f"/erasures/{erasure}")
    assert ("/confirm" in page, "撤销申请" in page) == (False, True)
    forced = security.sends(f"/erasures/{erasure}", f"/erasures/{erasure}/confirm")
    assert (forced.status_code, "申请人本人不能作为第二人确认删除" in forced.text) == (403, True)
    assert security.sends(f"/erasures/{erasure}", f"/erasures/{erasure}/decline", reason="申请有误，撤回").status_code == 303
    assert (waiting(web, table), WORDS in left(web, table)) == ([], True)


def test_refused_requests_come_back_with_what_was_typed(web: Web, table: Table) -> None:
    security = visitor(web, "anquan")
    nothing = ask(security, table, piece=[])
    assert (nothing.status_code, "请勾选要删除的内容" in nothing.text, GROUND in nothing.text) == (422, True, True)
    short = ask(security, table, ground="法")
    assert (short.status_code, short.text.count(" checked") > 0) == (422, True)
    assert visitor(web, "anquan").client.get("/erasures?table=abc").status_code == 422


def test_a_hold_closes_the_request_and_is_lifted_again(web: Web, table: Table) -> None:
    auditor, security, address = visitor(web, "shenjiguanli"), visitor(web, "anquan"), f"/erasures/tables/{table.id}"
    page = auditor.sees(address)
    assert (WORDS in page, "设为保全" in page) == (False, True)
    assert auditor.sends(address, f"{address}/hold", reason="审计期间保全").status_code == 303
    assert "此表处于保全之中" in auditor.sees(address)
    refused = ask(security, table)
    assert (refused.status_code, "此表已被保全，解除保全之前不得删除任何内容" in refused.text) == (403, True)
    assert security.sends(address, f"{address}/lift", reason="审计已经结束").status_code == 303
    assert ask(security, table).status_code == 303


def test_guards_of_another_department_and_strangers_learn_nothing(web: Web, table: Table) -> None:
    assert ask(visitor(web, "anquan"), table).status_code == 303
    (erasure,) = waiting(web, table)
    expected = {"xc.baomi": 404, table.owner: 403, "xitong": 403, "guancha": 403}
    for login, status in expected.items():
        client = visitor(web, login).client
        proof = {"csrf_token": field(client.get("/work").text, "csrf_token"), "reason": "我无权办理此表", "ground": GROUND}
        about = f"/erasures/tables/{table.id}"
        answers = [client.get(each) for each in (about, f"/erasures/{erasure}")]
        answers += [
            client.post(each, data=proof | {"command_id": str(uuid4())})
            for each in (about, f"{about}/hold", f"{about}/lift", f"/erasures/{erasure}/confirm", f"/erasures/{erasure}/decline")
        ]  # fmt: skip
        assert [answer.status_code for answer in answers] == [status] * 7, login
        assert [answer for answer in answers if WORDS in answer.text or "王小明" in answer.text] == []
    index = {login: visitor(web, login).client.get("/erasures") for login in expected}
    assert {login: answer.status_code for login, answer in index.items()} == {login: 200 if code == 404 else 403 for login, code in expected.items()}
    assert str(erasure) not in index["xc.baomi"].text
    assert web.test_client().get(f"/erasures/{erasure}").status_code == 302
    assert WORDS in left(web, table)


def test_the_forms_refuse_without_the_token(web: Web, table: Table) -> None:
    security = visitor(web, "anquan")
    about, forged = f"/erasures/tables/{table.id}", {"csrf_token": "forged", "command_id": str(uuid4()), "reason": "没有令牌", "ground": GROUND}
    addresses = [about, f"{about}/hold", f"{about}/lift", f"/erasures/{uuid4()}/confirm", f"/erasures/{uuid4()}/decline"]
    assert [security.client.post(each, data=forged).status_code for each in addresses] == [400] * 5


def test_only_guards_see_the_place_in_the_navigation(web: Web) -> None:
    seen = {login: "/erasures" in visitor(web, login).sees("/work") for login in ("anquan", "baomi", "fenguan", "shenjiguanli", "jingban", "xitong")}
    assert seen == {"anquan": True, "baomi": True, "fenguan": True, "shenjiguanli": True, "jingban": False, "xitong": False}
