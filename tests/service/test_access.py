"""Who held which post at a moment: from the log's grants, on the command line and on the page."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from service.access_list import csv_of, moment_meant, safe_cell
from service.cli import access
from service.config import Settings
from service.demo.city import shipped_city
from service.demo.planting import plant_people
from tests.support.cluster import Database
from tests.support.compiled_pages import opened
from tests.support.web_city import visitor
from workflows.commands.granting import grant_post, withdraw_post
from workflows.commands.tracing import note_disabled
from workflows.errors import FieldsInvalid
from workflows.store.access import access_at
from workflows.store.installation import set_virtual_now
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import upgrade
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Post, Role

BEGINS = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
POST = Post(Role.UNIT_HEAD, "qj-kf-zc")
CITY = shipped_city()
OFFICER = CITY.person("anquan")


@pytest.fixture
def moved(database: Database) -> Database:
    """A city in which somebody held a post from February to April; the clock stands in June."""
    upgrade(database.owner_url, "demo", begins=BEGINS)
    engine = make_engine(database.app_url, connections=2)
    plant_people(engine, CITY, may_sign_in=True)

    def at(moment: datetime, act) -> None:
        with begin(engine) as tx:
            set_virtual_now(tx, moment)
        with begin(engine) as tx:
            act(PostgresJournal(tx))

    clerk = CITY.person("jingban")
    at(datetime(2026, 2, 10, tzinfo=UTC), lambda j: grant_post(j, person=clerk.id, name=clerk.name, post=POST, by=OFFICER, command_id=uuid4()))
    at(datetime(2026, 4, 10, tzinfo=UTC), lambda j: withdraw_post(j, person=clerk.id, post=POST, reason="调任其他岗位", by=OFFICER, command_id=uuid4()))
    at(datetime(2026, 5, 10, tzinfo=UTC), lambda j: note_disabled(j, person=clerk.id, reason="长期休假停用", by=OFFICER, command_id=uuid4()))
    at(datetime(2026, 6, 10, tzinfo=UTC), lambda _: None)
    engine.dispose()
    return database


def printed(database: Database, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], *asked: str) -> str:
    monkeypatch.setenv("GOALTRAIL_DATABASE_URL", database.app_url)
    assert access.main(list(asked)) == 0
    return capsysbinary.readouterr().out.decode("utf-8-sig")


def test_a_post_counts_from_its_grant_to_its_end_and_names_the_giver(moved: Database, monkeypatch, capsysbinary) -> None:
    held = {}
    for day in ("2026-02-09", "2026-02-10", "2026-04-09", "2026-04-10"):
        said = json.loads(printed(moved, monkeypatch, capsysbinary, "--as-of", day, "--json"))
        held[day] = [(each["since"][:10], each["given_by"], each["disabled"]) for each in said["posts"] if each["person"] == "jingban" and each["role"] == "unit_head"]
    given = [("2026-02-10", "anquan", False)]
    assert held == {"2026-02-09": [], "2026-02-10": given, "2026-04-09": given, "2026-04-10": []}


def test_today_agrees_with_the_posts_in_force(moved: Database, monkeypatch, capsysbinary) -> None:
    said = json.loads(printed(moved, monkeypatch, capsysbinary, "--json"))
    found = {(each["person"], each["role"], each["organ"]) for each in said["posts"]}
    assert found == {(person.id, post.role, post.organ) for person in CITY.people for post in person.posts}
    assert {each["person"] for each in said["posts"] if each["disabled"]} == {"jingban"}
    text = printed(moved, monkeypatch, capsysbinary)
    assert text.count("\n") == len(found) + 1
    rows = list(csv.reader(io.StringIO(printed(moved, monkeypatch, capsysbinary, "--csv"))))
    assert len(rows) == len(found) + 1


def test_before_the_first_grant_nobody_held_anything(moved: Database, monkeypatch, capsysbinary) -> None:
    assert json.loads(printed(moved, monkeypatch, capsysbinary, "--as-of", "2026-01-04", "--json"))["posts"] == []


def test_the_page_shows_the_moment_to_those_who_grant_and_audit_alone(moved: Database, tmp_path: Path) -> None:
    app = opened(Settings(moved.app_url, "k" * 40, tmp_path, "demo"))
    answers = {login: visitor(app, login).client.get("/access?as_of=2026-03-01").status_code for login in ("anquan", "shenjiguanli", "guancha", "xitong", "guicai")}
    assert answers == {"anquan": 200, "shenjiguanli": 200, "guancha": 200, "xitong": 403, "guicai": 403}
    officer = visitor(app, "anquan")
    assert [officer.sees(f"/access?as_of={day}").count("2026-02-10 08:00:00") for day in ("2026-02-09", "2026-03-01", "2026-05-01")] == [0, 1, 0]
    assert officer.client.get("/access?as_of=gestern").status_code == 422
    app.extensions["engine"].dispose()


def test_a_name_as_it_was_then(moved: Database) -> None:
    engine = make_engine(moved.app_url, connections=1)
    with begin(engine) as tx:
        names = {each.person: each.name for each in access_at(tx, BEGINS + timedelta(days=1))}
    engine.dispose()
    assert names == {person.id: person.name for person in CITY.people}


def test_a_date_means_its_last_moment_in_beijing() -> None:
    assert moment_meant("2026-03-01") == datetime(2026, 3, 1, 15, 59, 59, 999999, tzinfo=UTC)
    assert moment_meant("2026-03-01T12:00") == datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
    assert moment_meant("2026-03-01T12:00:00Z") == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    for typed in ("", "gestern", "2026-13-01", "9999-12-31"):
        with pytest.raises(FieldsInvalid):
            moment_meant(typed)


def test_no_cell_is_a_formula() -> None:
    assert [safe_cell(cell) for cell in ("=1", "+1", "-1", "@x", "\t=1", " =1", "a\nb", "甲")] == [
        "'=1", "'+1", "'-1", "'@x", "'=1", "'=1", "a b", "甲",
    ]  # fmt: skip
    assert csv_of(("甲",), [("=x",)]) == "\ufeff甲\r\n'=x\r\n".encode()
