"""J3, J9: a command counts once, on what was seen; a dry run decides everything and keeps nothing."""

from base64 import b64encode
from uuid import uuid4

import pytest

from service.api.registry import ACTIONS
from service.app import Web
from service.demo.city import sample_bytes, shipped_city
from tests.api.asking import Case, Program, fresh_cases
from tests.support.web_city import field, visitor
from workflows.rights.lifecycle import WITHOUT_BUTTON
from workflows.store.transaction import begin
from workflows.vocabulary import Role

TABLES = """
SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('log', 'desk') AND c.relkind = 'r' AND has_table_privilege(c.oid, 'SELECT')
  AND c.relname NOT IN ('token', 'session') ORDER BY 1"""


def rows_of(app: Web) -> dict[str, tuple[int, str]]:
    """How many rows every table of the database holds, and what they say; but for when a token was last used."""
    with begin(app.extensions["engine"]) as tx:
        names = [row["name"] for row in tx.rows(TABLES)]
        digest = "SELECT count(*) AS n, md5(string_agg(t::text, ';' ORDER BY t::text)) AS said FROM {} t"
        return {name: tuple(tx.rows(digest.format(name))[0].values()) for name in names}


@pytest.fixture
def drafted(city: Web) -> Case:
    """A draft that the pre-review lets pass."""
    case = fresh_cases(city)[0]
    case.drafted()
    return case


@pytest.fixture(scope="module")
def clerk(city: Web) -> Program:
    return Program(city, "jingban")


def test_a_double_click_gets_the_same_answer_and_one_event(drafted: Case, clerk: Program) -> None:
    etag, key = clerk.etag(drafted.id), str(uuid4())
    first, second = (clerk.acts(drafted.id, "submit", {"note": "请审"}, etag=etag, key=key) for _ in range(2))
    assert (first.status_code, second.status_code, first.text) == (200, 200, second.text)
    assert (first.headers["ETag"], second.headers["Idempotency-Replayed"]) == (second.headers["ETag"], "true")
    assert [each.kind for each in drafted.history].count("table.submitted") == 1
    assert first.json["table"]["stage"] == "unit_review"


def test_a_key_serves_one_request(drafted: Case, clerk: Program) -> None:
    key = str(uuid4())
    drafted.submitted()
    assert clerk.acts(drafted.id, "withdraw", {"reason": "补充一份材料"}, key=key).status_code == 200
    other = clerk.acts(drafted.id, "withdraw", {"reason": "另一个理由了"}, key=key)
    assert (other.status_code, other.json["type"]) == (422, "/api/v1/docs#problem-key-reused")


def test_of_two_decisions_on_one_view_the_second_gets_the_fresh_one(city: Web, drafted: Case) -> None:
    drafted.submitted()
    head = Program(city, drafted.who(Role.UNIT_HEAD).id)
    seen = head.etag(drafted.id)
    assert head.acts(drafted.id, "approve", {"opinion": "同意"}, etag=seen).status_code == 200
    late = head.acts(drafted.id, "return", {"to": "draft", "reason": "指标值须核对"}, etag=seen)
    assert (late.status_code, late.json["table"]["stage"]) == (412, "department_review")
    assert late.headers["ETag"] == late.json["table"]["etag"] == head.etag(drafted.id)


def test_a_decision_needs_to_say_what_was_seen(drafted: Case, clerk: Program) -> None:
    blind = clerk.post(f"/tables/{drafted.id}/actions/withdraw", {"reason": "补充一份材料"})
    assert (blind.status_code, blind.json["type"]) == (428, "/api/v1/docs#problem-match-missing")
    strange = clerk.post(f"/tables/{drafted.id}/actions/withdraw", {"reason": "补充一份材料"}, etag="*")
    assert (strange.status_code, strange.json["type"]) == (400, "/api/v1/docs#problem-match-unreadable")
    keyless = clerk.client.post(f"/api/v1/tables/{drafted.id}/actions/withdraw", headers={"Authorization": f"Bearer {clerk.secret}"})
    assert (keyless.status_code, keyless.json["type"]) == (400, "/api/v1/docs#problem-key-missing")


def test_all_flaws_of_a_body_are_told_at_once(drafted: Case, clerk: Program) -> None:
    told = clerk.acts(drafted.id, "return", {"to": "nowhere", "reason": "短", "more": 1})
    assert (told.status_code, sorted(each["pointer"] for each in told.json["errors"])) == (422, ["/more", "/reason", "/to"])


def test_findings_come_all_at_once_with_their_pointers(city: Web, clerk: Program) -> None:
    table = fresh_cases(city, 3)[2].table
    refused = clerk.acts(table.id, "submit")
    assert (refused.status_code, refused.json["type"]) == (422, "/api/v1/docs#problem-blocked-by-findings")
    shown = clerk.get(f"/tables/{table.id}").json["findings"]
    blocking = [(each["rule"], each["pointer"]) for each in shown if each["severity"] == "B"]
    assert [(each["rule"], each["pointer"]) for each in refused.json["errors"]] == blocking
    assert len(blocking) >= 2


@pytest.mark.parametrize("action", ["submit", "void", "save"])
def test_j9_a_dry_run_changes_no_row_and_says_what_would_happen(city: Web, clerk: Program, drafted: Case, action: str) -> None:
    body = {"void": {"reason": "项目已取消"}, "save": {"title": "新的名称", "reason": "更正名称文字"}}.get(action, {})
    etag, before = clerk.etag(drafted.id), rows_of(city)
    tried = clerk.acts(drafted.id, action, body, etag=etag, query="?dry_run=1")
    assert (tried.status_code, tried.json["dry_run"]) == (200, True)
    assert (rows_of(city), clerk.etag(drafted.id)) == (before, etag)
    expected = {"submit": "unit_review", "void": "draft", "save": "draft"}[action]
    assert tried.json["table"]["stage"] == expected
    done = clerk.acts(drafted.id, action, body, etag=etag)
    assert [each["kind"] for each in done.json["events"]] == [each["kind"] for each in tried.json["events"]]


def test_a_dry_run_refuses_as_in_earnest(drafted: Case, clerk: Program) -> None:
    drafted.submitted()
    etag = clerk.etag(drafted.id)
    tried, real = (clerk.acts(drafted.id, "approve", etag=etag, query=query) for query in ("?dry_run=1", ""))
    assert (tried.status_code, tried.json) == (real.status_code, real.json)
    assert real.json["rule"] == "R-ROLE"


def test_j2_the_answers_are_those_of_the_page(city: Web, drafted: Case, clerk: Program) -> None:
    drafted.submitted()
    page = visitor(city, "jingban").sees(f"/tables/{drafted.id}")
    told = {each["action"]: each for each in clerk.get(f"/tables/{drafted.id}/actions").json["items"]}
    nothing_asked = {"confirm", "decline"}
    steps = {action: each for action, each in told.items() if action not in {*WITHOUT_BUTTON, *nothing_asked} - {"return"}}
    closed = [each for each in steps.values() if not each["allowed"]]
    here = "当前处于“单位审核”，不能办理。"
    said = {each["action"]: here if each["rule"] == "R-STAGE" else each["sentence"] for each in closed}
    assert [each["action"] for each in closed if said[each["action"]] not in page or each["rule"] not in page] == []
    assert [action for action in steps if steps[action]["allowed"] and f"/tables/{drafted.id}/{action}" not in page] == []
    assert set(told) == set(ACTIONS)
    assert len(closed) >= 5


def test_a_session_may_read_and_with_its_token_write(city: Web) -> None:
    inside = visitor(city, "jingban")
    assert inside.client.get("/api/v1/me").json["signed_in_by"] == "session"
    sent = {"Idempotency-Key": str(uuid4())}
    assert inside.client.post("/api/v1/inbox/read", json={}, headers=sent).json["type"] == "/api/v1/docs#problem-cross-site"
    sent["X-CSRFToken"] = field(inside.sees("/work"), "csrf_token")
    assert inside.client.post("/api/v1/inbox/read", json={}, headers=sent).status_code == 200


def test_many_tables_get_a_result_each_and_repeat_it(city: Web, clerk: Program) -> None:
    stories = fresh_cases(city, 3)
    stories[0].drafted()
    items = [{"table": str(each.id), "etag": clerk.etag(each.id)} for each in (stories[0], stories[2])]
    items.append({"table": str(uuid4()), "etag": items[0]["etag"]})
    key = str(uuid4())
    first, second = (clerk.post("/bulk/submit", {"items": items, "details": {}}, key=key) for _ in range(2))
    assert [each["done"] for each in first.json["items"]] == [True, False, False]
    assert [each["problem"] and each["problem"]["status"] for each in first.json["items"]] == [None, 422, 404]
    assert (first.text, first.json["done"], first.json["refused"]) == (second.text, 1, 2)


def test_a_document_is_taken_in_once(city: Web, clerk: Program) -> None:
    sample = shipped_city().samples[0]
    body = {"name": sample.file, "data": b64encode(sample_bytes(sample)).decode(), "unit": "qj-jw-bj", "year": 2026}
    key = str(uuid4())
    tried = clerk.post("/documents?dry_run=1", body, key=key)
    first, second = (clerk.post("/documents", body, key=key) for _ in range(2))
    assert (tried.status_code, first.status_code, first.text) == (200, 201, second.text)
    shown = clerk.get(first.headers["Location"].removeprefix("/api/v1"))
    assert [each["table"] for each in shown.json["items"]] == [each["table"] for each in first.json["tables"]]
    assert len(tried.json["tables"]) == len(first.json["tables"]) == shown.json["tables"]
    stranger = Program(city, "guicai").post("/documents", body)
    assert (stranger.status_code, stranger.json["detail"]) == (403, "您不是该单位的项目经办人。")
