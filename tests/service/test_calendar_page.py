"""工作日历 page, command line and interface: twelve months, a diff, two persons; nothing in force before the second."""

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.app import Web
from service.cli import calendar as verb
from service.demo.city import shipped_city
from tests.api.asking import Program
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import field, planted, visitor
from tests.workflows.test_publishing_calendars import CSV
from workflows.errors import NotAllowed
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin

NUMBER, DATED = "国办发明电〔2026〕9号", "2026-11-05"


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """One city for all tests: each brings in a year of its own, whichever comes first."""
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("city"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOALTRAIL_DATABASE_URL", database.app_url)
        patch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
        yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def in_force(web: Web) -> str:
    with begin(web.extensions["engine"]) as tx:
        return PostgresJournal(tx).calendar().version


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def sent(client: FlaskClient, page: str, **form: object) -> TestResponse:
    data = {"csrf_token": field(page, "csrf_token"), "command_id": str(uuid4()), **form}
    return client.post("/calendar/publish" if "content_hash" in form else "/calendar", data=data)


def notice(year: str = "2027", text: str = CSV) -> dict[str, object]:
    return {"year": year, "notice": NUMBER, "dated": DATED, "organ": "", "file": (BytesIO(text.encode()), "2027.csv")}


def test_one_proposes_by_file_sees_the_diff_and_another_publishes(web: Web) -> None:
    author, other = visitor(web, "liucheng"), visitor(web, "liucheng2")
    page = author.sees("/calendar?year=2027")
    assert ("暂定：该年度通知尚未导入" in page, page.count('<table class="month">')) == (True, 12)
    answer = sent(author.client, page, **notice())
    assert answer.status_code == 303
    page = author.sees(answer.location)
    assert words(page).count("照常 调休上班") == 2
    assert ("由您提出，须由另一名流程管理员发布。" in page, "发布此版本" in page) == (True, False)
    page = other.sees(answer.location)
    version = field(page, "content_hash")
    assert in_force(web) != version
    assert sent(author.client, author.sees(answer.location), content_hash=version, year="2027").status_code == 403
    assert sent(other.client, page, content_hash=version, year="2027").status_code == 303
    assert in_force(web) == version
    page = other.sees("/calendar?year=2027")
    assert ("暂定：" in page, NUMBER in page, "黄嘉欣" in page, "罗思远" in page) == (False, True, True, True)
    assert '<td class="made_up" title="2027-01-03 调休上班">3<sup>班</sup></td>' in page


def test_a_faulty_file_is_refused_with_what_was_typed_and_a_clerk_may_only_read(web: Web) -> None:
    author, clerk = visitor(web, "liucheng"), visitor(web, "jingban")
    page = author.sees("/calendar")
    answer = sent(author.client, page, **notice(text="2027-02-10,调休上班\n"))
    assert answer.status_code == 422
    assert ("星期三" in answer.text, NUMBER in answer.text) == (True, True)
    page = clerk.sees("/calendar?year=2026")
    assert "导入一年的放假通知" not in page
    assert sent(clerk.client, page, **notice()).status_code == 403
    assert clerk.client.get(f"/calendar?version={'0' * 64}").status_code == 404


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> list[str]:
    assert verb.main(list(arguments)) == code
    return capsys.readouterr().out.splitlines()


def test_the_command_line_imports_shows_compares_and_confirms(
    web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "2028.csv"
    file.write_text("2028-01-02,调休上班\n2028-05-01,放假\n2028-10-02,放假\n2028-10-03,放假\n", encoding="utf-8")
    asked = ("import", str(file), "--year", "2028", "--notice", NUMBER, "--dated", "2027-11-05")
    dry = told(capsys, *asked)
    assert (dry[0], dry[-1][:4]) == (f"2028年 依据：（无） → {NUMBER} 2027-11-05", "尚未提出")
    assert told(capsys, "show", "--year", "2028")[-1] == "2028年没有正式通知，期限按暂定计算。"
    version = told(capsys, *asked, "--login", "liucheng")[-1].partition("版本 ")[2][:64]
    assert told(capsys, "show")[-1].startswith(f"等待发布  {version}")
    assert told(capsys, "diff", version)[0] == dry[0]
    with pytest.raises(NotAllowed, match="工作日历须由提出人之外的另一名流程管理员发布"):
        verb.main(["confirm", version, "--login", "liucheng"])
    told(capsys, "confirm", version, "--login", "liucheng2")
    assert in_force(web) == version
    assert told(capsys, "show", "--year", "2028")[1] == f"2028年  {NUMBER} 2027-11-05  放假3天，调休上班1天"
    file.write_text("2028-01-05,调休上班\n", encoding="utf-8")
    assert [line[:4] for line in told(capsys, *asked, code=1) if line.startswith("C-0")] == ["C-02", "C-05", "C-05", "C-05", "C-06"]


def test_programs_read_propose_and_publish(web: Web) -> None:
    author, other = Program(web, "liucheng"), Program(web, "liucheng2")
    off = ["2029-01-01", "2029-05-01", "2029-10-01", "2029-10-02", "2029-10-03"]
    body = {"year": 2029, "notice": NUMBER, "dated": "2028-11-05", "days_off": off, "make_up_days": ["2029-01-06"]}
    assert author.post("/calendar", {**body, "make_up_days": ["2029-01-05"]}).status_code == 422
    proposed = author.post("/calendar", body)
    assert proposed.status_code == 201, proposed.text
    version = proposed.json["version"]
    shown = author.get(f"/calendar?version={version}&year=2029").json
    assert (shown["state"], shown["years"], len(shown["changes"])) == ("waiting", [{**body, "organ": ""}], 7)
    assert author.post("/calendar/publications", {"version": version}).status_code == 403
    assert other.post("/calendar/publications", {"version": version}).status_code == 201
    assert author.get("/calendar").json["version"] == version
    assert Program(web, "jingban").post("/calendar", body).status_code == 403
