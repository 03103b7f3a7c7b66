"""What people leave behind who come in, get new passwords, are shut out, read for an audit: and who may see that."""

import csv
import io
from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from flask import Flask

from service import security
from service.app import Web
from service.cli import account as accounts
from service.cli import granting, organ
from service.config import Settings
from service.demo.city import shipped_city
from service.owner_use import migrate_and_record
from service.pages import operators_traces
from service.passwords import COMMON, HASHER, made_up_password, refuse_weak
from tests.support.cluster import TEMPLATE, Database, TestCluster
from tests.support.compiled_pages import opened
from tests.support.web_city import planted, visitor
from workflows.commands.tracing import note_catalog_changed, trace_stream
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed
from workflows.events import Recorded
from workflows.store.access import access_at
from workflows.store.journal import PostgresJournal
from workflows.store.organs import put_organ
from workflows.store.queries import all_standings
from workflows.store.streams import history_of
from workflows.store.transaction import begin, make_engine

NEW = "海河滔滔-梧桐九树-7月"


@pytest.fixture(scope="module")
def city(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The planted city, of which each test gets a copy."""
    database = cluster.new_database(TEMPLATE)
    planted(database, tmp_path_factory.mktemp("data")).extensions["engine"].dispose()
    yield database
    cluster.drop(database)


@pytest.fixture
def web(cluster: TestCluster, city: Database, tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    database = cluster.new_database(city.name)
    monkeypatch.setenv("GOALTRAIL_DATABASE_URL", database.app_url)
    monkeypatch.delenv("GOALTRAIL_PASSWORD", raising=False)
    app = opened(Settings(database.app_url, "k" * 40, tmp_path, "demo"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def traces(app: Flask, person: str) -> list[Recorded]:
    with begin(app.extensions["engine"]) as tx:
        return list(history_of(tx, trace_stream(person)))


def kinds(app: Flask, person: str) -> list[str]:
    return [each.kind for each in traces(app, person)]


def grants(app: Flask, person: str) -> list[str]:
    with begin(app.extensions["engine"]) as tx:
        return [row["kind"] for row in tx.rows("SELECT kind FROM log.event WHERE subject = 'person' AND convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'person' = :person ORDER BY event_id", person=person)]


def test_each_sign_in_is_recorded_with_the_session_by_its_hash_and_the_address_as_erasable_words(web: Web) -> None:
    inside = visitor(web, "jingban")
    (entered,) = traces(web, "jingban")
    with inside.client.session_transaction() as session:
        token = session["token"]
    assert (entered.kind, entered.actor_id, entered.subject) == ("account.signed_in", "jingban", "log")
    assert (entered.fact.session_sha256, entered.fact.address) == (sha256(token.encode()).hexdigest(), "127.0.0.1")
    with begin(web.extensions["engine"]) as tx:
        body = bytes(tx.scalar("SELECT body FROM log.event WHERE stream_id = :stream", stream=trace_stream("jingban"))).decode()
    assert (token in body, "127.0.0.1" in body) == (False, False)
    assert grants(web, "jingban") == ["grant.given"]


def test_wrong_passwords_are_recorded_once_for_each_pause_and_strangers_never(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "FIRST_DELAY", security.LONGEST_DELAY)
    guesser = visitor(web)
    for _ in range(6):
        guesser.enters_as("guicai", "falsch")
    (failed,) = traces(web, "guicai")
    assert (failed.kind, failed.actor_id, failed.fact.failures) == ("account.sign_in_failed", "system", 3)
    for _ in range(6):
        guesser.enters_as("niemand-Passwort1", "x")
    with begin(web.extensions["engine"]) as tx:
        assert tx.scalar("SELECT count(*) FROM log.event WHERE position('niemand' IN convert_from(body, 'UTF8')) > 0") == 0
        assert tx.scalar("SELECT count(*) FROM log.event WHERE kind = 'account.sign_in_failed'") == 1


def test_a_wrong_password_at_the_command_line_counts_and_one_for_one_use_opens_nothing(
    web: Web, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("GOALTRAIL_PASSWORD", "falsch")
    for main, command in ((organ.main, ["rename", "qj-jw", "--name", "新名"]), (accounts.main, ["list"])):
        with pytest.raises(NotAllowed, match="账号或密码不正确"):
            main([*command, "--login", "anquan"])
    with begin(web.extensions["engine"]) as tx:
        assert tx.scalar("SELECT failed_attempts FROM desk.account WHERE login = 'anquan'") == 2
    monkeypatch.delenv("GOALTRAIL_PASSWORD")
    assert accounts.main(["reset", "anquan"]) == 0
    monkeypatch.setenv("GOALTRAIL_PASSWORD", capsys.readouterr().out.split("：")[1].split("\n")[0])
    with pytest.raises(NotAllowed, match="您的密码由他人设置"):
        organ.main(["rename", "qj-jw", "--name", "新名", "--login", "anquan"])


def test_a_person_changes_the_own_password_and_every_other_session_ends(web: Web) -> None:
    here, elsewhere = visitor(web, "jingban"), visitor(web, "jingban")
    old = here.city.password
    wrong = here.sends("/account", "/account/password", old="falsch", new=NEW, again=NEW)
    assert (wrong.status_code, "原密码不正确" in wrong.text) == (401, True)
    assert here.sends("/account", "/account/password", old=old, new="kurz", again="kurz").status_code == 422
    assert here.sends("/account", "/account/password", old=old, new=NEW, again=NEW + "x").status_code == 422
    assert kinds(web, "jingban") == ["account.signed_in"] * 2
    assert here.sends("/account", "/account/password", old=old, new=NEW, again=NEW).status_code == 303
    assert "密码已修改" in here.sees("/account")
    assert elsewhere.client.get("/work").status_code == 302
    reset = traces(web, "jingban")[-1]
    assert (reset.kind, reset.fact.by_self, reset.actor_id) == ("account.password_reset", True, "jingban")
    assert visitor(web).enters_as("jingban").status_code == 401
    assert visitor(web).enters_as("jingban", NEW).headers["Location"] == "/work"


@pytest.mark.parametrize("password", ["elf-zeichen", "xx-jingban-2026", "Password1234!", "123456123456", "aaaabbbbaaaabbbb", "1234567890123"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(FieldsInvalid):
        refuse_weak(password, "jingban")


def test_a_made_up_password_is_strong_and_the_list_has_twenty_names() -> None:
    refuse_weak(made_up_password(), "jingban")
    assert (len(set(COMMON)), made_up_password() == made_up_password()) == (20, False)


def test_a_password_is_kept_at_the_cost_of_the_second_choice_of_rfc_9106() -> None:
    """The tests' own city has cheap hashes (tests/support/web_city.py); what the product makes costs this much."""
    assert HASHER.hash("x").split("$")[1:4] == ["argon2id", "v=19", "m=65536,t=3,p=4"]


def test_a_reset_gives_a_password_for_one_use_and_names_the_operator(web: Web, capsys: pytest.CaptureFixture) -> None:
    inside = visitor(web, "guicai")
    assert accounts.main(["reset", "guicai"]) == 0
    password = capsys.readouterr().out.split("：")[1].split("\n")[0]
    assert inside.client.get("/work").status_code == 302
    reset = traces(web, "guicai")[-1]
    assert (reset.kind, reset.fact.by_self, reset.actor_id.startswith("host:")) == ("account.password_reset", False, True)
    again = visitor(web)
    assert again.enters_as("guicai", password).status_code == 303
    for address in ("/work", "/tables", "/inbox"):
        assert again.client.get(address).headers["Location"] == "/account"
    assert "只能使用一次" in again.sees("/account")
    assert again.sends("/account", "/account/password", old=password, new=NEW, again=NEW).status_code == 303
    assert again.client.get("/work").status_code == 200


def test_closing_and_opening_an_account_needs_the_system_administrator_and_a_reason(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = visitor(web, "guicai")
    monkeypatch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
    with pytest.raises(NotAllowed, match="系统管理员"):
        accounts.main(["disable", "guicai", "--reason", "离职后停用", "--login", "anquan"])
    with pytest.raises(GoaltrailError, match="理由"):
        accounts.main(["disable", "guicai", "--login", "xitong"])
    assert inside.client.get("/work").status_code == 200
    assert accounts.main(["disable", "guicai", "--reason", "离职后停用", "--login", "xitong"]) == 0
    assert inside.client.get("/work").status_code == 302
    assert visitor(web).enters_as("guicai").status_code == 401
    assert accounts.main(["enable", "guicai", "--reason", "误停用恢复", "--login", "xitong"]) == 0
    closed, opened = (each for each in traces(web, "guicai") if each.kind in ("account.disabled", "account.enabled"))
    assert (closed.actor_id, closed.fact.reason, opened.kind) == ("xitong", "离职后停用", "account.enabled")
    monkeypatch.setenv("GOALTRAIL_PASSWORD", "falsch")
    with pytest.raises(NotAllowed, match="不正确"):
        accounts.main(["list", "--login", "xitong"])


def test_posts_are_given_by_the_security_administrator_alone_and_never_to_himself(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
    accounts.main(["create", "xinren", "--name", "新人甲", "--login", "xitong"])
    give = ["give", "xinren", "clerk", "qj-kf-zc"]
    for asked, who, said in (
        (give, "xitong", "安全管理员"), (give, None, "安全管理员"), (["give", "anquan", "audit_admin", "qj-czj"], "anquan", "不能给自己"),
        (["give", "xinren", "security_admin", "qj-czj"], None, "已有安全管理员"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match=said):
            granting.main([*asked, *(["--login", who] if who else [])])
    assert granting.main([*give, "--login", "anquan"]) == 0
    assert granting.main(["revoke", "xinren", "clerk", "qj-kf-zc", "--reason", "调离本单位", "--login", "anquan"]) == 0
    assert grants(web, "xinren") == ["grant.given", "grant.revoked"]
    assert kinds(web, "xinren") == ["account.password_reset"]


@pytest.mark.parametrize("other", ["system_admin", "security_admin", "clerk"])
def test_nobody_holds_two_of_the_three_posts_that_check_one_another(web: Web, monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    monkeypatch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
    with pytest.raises(NotAllowed, match=r"三员分立|兼任"):
        granting.main(["give", "shenjiguanli", other, "qj-czj", "--login", "anquan"])
    assert grants(web, "shenjiguanli") == ["grant.given"]


def test_an_observers_reading_is_noted_once_a_day_and_only_the_audit_administrator_sees_it(web: Web) -> None:
    observer = visitor(web, "guancha")
    document = _a_document(web)
    assert observer.client.get("/access").status_code == 200
    assert observer.client.get("/access").status_code == 200
    assert kinds(web, "guancha") == ["account.signed_in", "audit.read"]
    for login in ("guancha", "anquan", "xitong", "jingban"):
        assert visitor(web, login).client.get("/traces").status_code == 403
    auditor = visitor(web, "shenjiguanli")
    page = auditor.sees("/traces?person=guancha")
    assert ("查阅岗位清单" in page, "程守正" in page) == (True, True)
    assert visitor(web, "jingban").client.get(f"/documents/{document}").status_code in (200, 404)
    assert "audit.read" not in kinds(web, "jingban")


def _a_document(app: Web) -> UUID:
    with begin(app.extensions["engine"]) as tx:
        return UUID(str(all_standings(tx)[0]["document"]))


def test_a_table_that_an_observer_opens_is_named(web: Web) -> None:
    with begin(web.extensions["engine"]) as tx:
        table = all_standings(tx)[0]
        tx.run("UPDATE desk.table_standing SET round = 1 WHERE table_id = :table", table=table["table_id"])
    observer = visitor(web, "guancha")
    for _ in range(2):
        assert observer.client.get(f"/tables/{table['table_id']}").status_code == 200
    assert observer.client.get(f"/tables/{uuid4()}").status_code == 404
    (read,) = (each.fact for each in traces(web, "guancha") if each.kind == "audit.read")
    assert (read.what, read.table) == ("绩效目标表", str(table["table_id"]))


def test_the_traces_are_leafed_filtered_and_exported_without_formulas(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = web.extensions["engine"]
    for number in range(60):
        with begin(engine) as tx:
            note_catalog_changed(PostgresJournal(tx), expected="a", found=f"=cmd{number}", after=number)
    auditor = visitor(web, "shenjiguanli")
    first = auditor.sees("/traces?kind=catalog.changed")
    older = first.split('href="/traces?kind=catalog.changed&amp;before=')[1].split('"')[0]
    second = auditor.sees(f"/traces?kind=catalog.changed&before={older}")
    assert [page.count("台账结构与最近一次属主操作后的不同") for page in (first, second)] == [50, 10]
    assert auditor.client.get("/traces?before=x").status_code == 422
    assert auditor.client.get("/traces?since=gestern").status_code == 422
    assert auditor.sees("/traces?until=2001-01-01").count("没有符合条件的记录") == 1
    sheet = auditor.client.get("/traces?form=csv&kind=catalog.changed").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sheet)))
    assert (len(rows), [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]) == (61, [])
    assert kinds(web, "shenjiguanli") == ["account.signed_in", "audit.read", "audit.read"]
    monkeypatch.setattr(operators_traces, "LARGEST_EXPORT", 60)
    assert "未完" not in auditor.client.get("/traces?form=csv&kind=catalog.changed").text
    monkeypatch.setattr(operators_traces, "LARGEST_EXPORT", 59)
    assert auditor.client.get("/traces?form=csv&kind=catalog.changed").text.count("\n") == 61
    assert "未完" in auditor.client.get("/traces?form=csv&kind=catalog.changed").text


def test_a_name_made_to_be_a_formula_is_disarmed_in_the_sheet(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
    accounts.main(["create", "boese", "--name", "=HYPERLINK(1)", "--login", "xitong"])
    granting.main(["give", "boese", "clerk", "qj-kf-zc", "--login", "anquan"])
    sheet = visitor(web, "shenjiguanli").client.get("/access?form=csv").data.decode("utf-8-sig")
    assert [row[1] for row in csv.reader(io.StringIO(sheet)) if row[0] == "boese"] == ["'=HYPERLINK(1)"]


def test_the_first_security_administrator_is_named_by_the_host_and_nobody_after_him(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    migrate_and_record(empty_database.owner_url, "production", purpose="测试")
    monkeypatch.setenv("GOALTRAIL_DATABASE_URL", empty_database.app_url)
    engine = make_engine(empty_database.app_url, connections=1)
    with begin(engine) as tx:
        put_organ(tx, "b", name="某市财政局", kind="bureau", parent=None, code="1")
    for login in ("first", "second"):
        accounts.main(["create", login, "--name", login])
    with pytest.raises(NotAllowed, match="安全管理员"):
        granting.main(["give", "first", "system_admin", "b"])
    assert granting.main(["give", "first", "security_admin", "b"]) == 0
    with pytest.raises(NotAllowed, match="已有安全管理员"):
        granting.main(["give", "second", "security_admin", "b"])
    with begin(engine) as tx:
        assert [(each.person, each.role, each.given_by[:5]) for each in access_at(tx, tx.now())] == [("first", "security_admin", "host:")]
    engine.dispose()
    assert "一次性密码" in capsys.readouterr().out
