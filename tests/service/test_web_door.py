"""The door: who gets in, what a stranger and a guesser meet, and what every answer carries."""

import re
from collections.abc import Iterator

import pytest

from service import security
from service.app import Web
from service.config import SettingMissing, Settings, read_settings
from service.errors import STATUS, status_of
from service.security import delay_after
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import field, planted, visitor
from workflows import errors


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def rules(app: Web, method: str) -> list[str]:
    """The pages; what programs meet is tested in tests/api."""
    return [rule for rule in app.url_map.iter_rules() if method in rule.methods and not rule.endpoint.startswith("api.")]


def address_of(rule) -> str:
    values = {
        "window": "w1", "action": "approve", "size": "1", "version": "1", "which": "sheet", "ending": "docx", "number": "1",
    }  # fmt: skip
    somebodys = "330073ba-ac73-58e3-b8e6-f84f96f43eac"
    return re.sub(r"<(?:[^<>:]+:)?(\w+)>", lambda found: values.get(found[1], somebodys), rule.rule)


def test_every_page_but_the_open_ones_sends_a_stranger_to_the_door(web: Web) -> None:
    answers = {rule.rule: web.test_client().get(address_of(rule)) for rule in rules(web, "GET")}
    open_ones = {path for path, answer in answers.items() if not answer.headers.get("Location", "").startswith("/login")}
    released = {path for path in open_ones if path.startswith("/public/")}
    assert open_ones - released == {"/login", "/healthz", "/readyz", "/metrics"}
    assert {answers[path].status_code for path in released - {"/public/"}} == {404}, "what was never released is not there"


def test_every_unsafe_route_refuses_without_the_token(web: Web) -> None:
    inside = visitor(web, "jingban")
    answers = {rule.rule: inside.client.post(address_of(rule)).status_code for rule in rules(web, "POST")}
    assert set(answers.values()) == {400}
    assert len(answers) >= 10


def test_the_right_password_opens_and_a_new_session_is_begun(web: Web) -> None:
    somebody = visitor(web)
    somebody.client.get("/login")
    before = somebody.client.get_cookie("goaltrail").value
    entered = somebody.enters_as("jingban")
    assert (entered.status_code, entered.headers["Location"]) == (303, "/work")
    assert somebody.client.get_cookie("goaltrail").value != before
    assert "林晓雯" in somebody.sees("/work")


def test_signing_out_ends_the_session_on_the_server(web: Web) -> None:
    somebody = visitor(web, "jingban")
    stolen = somebody.client.get_cookie("goaltrail").value
    somebody.client.post("/logout", data={"csrf_token": field(somebody.sees("/work"), "csrf_token")})
    thief = web.test_client()
    thief.set_cookie("goaltrail", stolen)
    assert thief.get("/work").status_code == 302


def test_wrong_passwords_earn_pauses_that_do_not_touch_the_same_person_elsewhere(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security, "FIRST_DELAY", security.LONGEST_DELAY)
    guesser, owner = visitor(web), visitor(web)
    answers = [guesser.enters_as("guicai", "falsch").status_code for _ in range(4)]
    assert answers == [401, 401, 401, 401]
    assert "请稍候再试" in guesser.enters_as("guicai").text
    owner.client.environ_base["REMOTE_ADDR"] = "10.1.2.3"
    assert owner.enters_as("guicai").status_code == 303


def test_an_unknown_account_is_refused_in_the_same_words(web: Web) -> None:
    assert "账号或密码不正确" in visitor(web).enters_as("niemand", "x").text


def test_the_next_address_stays_inside(web: Web) -> None:
    for asked, goes in (("//evil.example/", "/work"), ("https://evil.example", "/work"), ("/tables", "/tables")):
        somebody = visitor(web)
        token = field(somebody.client.get("/login").text, "csrf_token")
        form = {"csrf_token": token, "login": "jingban", "password": somebody.city.password, "next": asked}
        assert somebody.client.post("/login", data=form).headers["Location"] == goes


def test_the_demo_accounts_are_shown_in_a_demo_only(web: Web) -> None:
    shown = web.test_client().get("/login").text
    assert "演示账号" in shown
    settings = web.settings
    try:
        web.settings = Settings(settings.database_url, settings.secret_key, settings.data_directory, "production")
        assert "jingban" not in web.test_client().get("/login").text
    finally:
        web.settings = settings


def test_headers_and_cookie_protect_the_page(web: Web) -> None:
    answer = web.test_client().get("/login")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    cookie = answer.headers["Set-Cookie"]
    assert ("HttpOnly" in cookie, "SameSite=Lax" in cookie) == (True, True)


def test_no_page_holds_anything_inline_or_of_another_host(web: Web) -> None:
    somebody = visitor(web, "jingban")
    for address in ("/work", "/tables", "/documents", "/inbox"):
        page = somebody.sees(address)
        assert [bad for bad in (" style=", " onclick=", "<style", "javascript:", "http://", "https://") if bad in page] == []


def test_the_static_files_come_from_our_own_address(web: Web) -> None:
    for name in ("goaltrail.css", "goaltrail.js", "mark.svg", "bootstrap/bootstrap.min.css", "htmx/htmx.min.js", "icons/bootstrap-icons.min.css"):
        assert web.test_client().get(f"/static/{name}").status_code == 200, name


def test_health_is_alive_and_readiness_names_every_part(web: Web) -> None:
    assert web.test_client().get("/healthz").json == {"status": "ok"}
    answer = web.test_client().get("/readyz")
    assert answer.status_code == 503
    assert {name: each["ok"] for name, each in answer.json["checks"].items()}.items() >= {
        ("database", True), ("migrations", True), ("broker", False),
    }
    assert set(answer.json["checks"]) == {"database", "migrations", "sealer", "catalog", "checkpoints", "broker"}


@pytest.mark.parametrize(("failures", "seconds"), [(1, 0), (2, 0), (3, 10), (4, 20), (5, 40), (9, 640), (12, 900), (40, 900)])
def test_the_pause_doubles_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert delay_after(failures) == seconds


def test_every_refusal_has_its_own_status() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.GoaltrailError)]
    assert [kind for kind in kinds if kind not in STATUS and kind is not errors.ContentDiffers] == []
    assert status_of(errors.ContentDiffers()) == 409


def test_settings_say_what_is_missing(tmp_path) -> None:
    with pytest.raises(SettingMissing, match="GOALTRAIL_DATABASE_URL"):
        read_settings({})
    secret = tmp_path / "key"
    secret.write_text("short")
    with pytest.raises(SettingMissing, match="32"):
        read_settings({"GOALTRAIL_DATABASE_URL": "x", "GOALTRAIL_SECRET_KEY": str(secret), "GOALTRAIL_DATA_DIR": str(tmp_path)})


def test_the_door_works_and_still_counts_failures_while_the_broker_is_away(cluster: TestCluster, tmp_path) -> None:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path, f"unix://{tmp_path}/nobody.sock")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert [visitor(app).enters_as("guicai", "falsch").status_code for _ in range(5)] == [401] * 5
    assert "请稍候再试" in visitor(app).enters_as("guicai").text
    assert visitor(app).enters_as("jingban").status_code == 303
    assert app.test_client().get("/readyz").json["checks"]["broker"]["ok"] is False
    app.extensions["engine"].dispose()
    cluster.drop(database)
