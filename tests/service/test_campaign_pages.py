"""Campaigns on the pages: opened with a preview, watched, extended, urged, ended; what a unit sees and says."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from service.app import Web
from service.cli import campaign as command_line
from service.demo.city import shipped_city
from tests.api.asking import SPECIAL_FUNDS, Case, Program, fresh_cases
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import Visitor, field, planted, visitor
from workflows.store.transaction import begin
from workflows.workdays import beijing_date

SECTION, DEPARTMENT, CLERK, HEAD, ELSEWHERE = "jixiaoke", "guicai", "jingban", "fuzeren", "kf.guicai"
UNIT, OTHER = "qj-jw-bj", "qj-jw-lz"
TODAY = beijing_date(datetime.now(UTC))
LATER, LATEST = ((TODAY + timedelta(days=days)).isoformat() for days in (20, 40))


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def opens(web: Web, year: int, login: str = SECTION, **more):
    """Post the form of a new campaign for one department of a year that no other test uses."""
    who = visitor(web, login)
    said = {
        "purpose": "goal_filing", "year": str(year), "title": f"{year}年度绩效目标申报", "opens": TODAY.isoformat(),
        "closes": LATER, "enforcing": "yes", "least": "1", "department": "qj-jw",
    }  # fmt: skip
    return posts(who, "/campaigns/new", "/campaigns/new", **{**said, **more})


def posts(who: Visitor, address: str, page: str, **typed):
    shown = who.client.get(page).get_data(as_text=True)
    proof = {"csrf_token": field(shown, "csrf_token"), "command_id": field(shown, "command_id") or str(uuid4())}
    return who.client.post(address, data={**proof, **typed})


def opened(web: Web, year: int, **more) -> str:
    answer = opens(web, year, **more)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def page_of(web: Web, login: str, address: str) -> str:
    answer = visitor(web, login).client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def draft(web: Web, year: int) -> Case:
    case = fresh_cases(web, year=year, document=SPECIAL_FUNDS)[0]
    case.drafted()
    return case


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_preview_names_the_units_and_records_nothing(web):
    answer = opens(web, 2031, do="try")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "预演结果：可以布置，共3个单位" in page
    assert f'value="{LATER}"' in page, "what was typed stays"
    assert "2031年度绩效目标申报" not in page_of(web, SECTION, "/campaigns?year=2031")


def test_who_may_not_open_is_told_so_and_a_wrong_form_keeps_what_was_typed(web):
    assert visitor(web, DEPARTMENT).client.get("/campaigns/new").status_code == 403
    answer = opens(web, 2032, closes="2020-01-01")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "截止时间须晚于开始时间。" in page, 'value="2032年度绩效目标申报"' in page) == (422, True, True)


def test_the_board_goes_from_departments_to_units_to_tables(web):
    address = opened(web, 2033)
    case = draft(web, 2033)
    case.submitted()
    left = draft(web, 2033)
    top = words(page_of(web, SECTION, address))
    assert "3个单位，报齐0%" in top
    unit = page_of(web, SECTION, f"{address}?department=qj-jw&unit={UNIT}")
    assert f"/tables/{case.id}" in unit
    assert (f"/tables/{left.id}" in unit, "（编制中）" in unit) == (False, True), "a draft is named to its unit alone"
    own = page_of(web, CLERK, f"{address}?unit={UNIT}")
    assert f"/tables/{left.id}" in own
    assert OTHER not in own, "a unit sees itself"
    assert visitor(web, ELSEWHERE).client.get(address).status_code == 404


def test_the_clerk_reads_the_working_days_left_on_the_worklist(web):
    """Only near years are asked about there, so that this campaign is of this year, for one unit."""
    opened(web, TODAY.year, department=[], unit="qj-xc-bz", closes=TODAY.isoformat())
    mine = words(page_of(web, "xcfw.jingban", "/work"))
    assert f"{TODAY.year}年度绩效目标申报" in mine
    assert "今天截止" in mine
    assert "我的任务" not in page_of(web, "kf.jingban", "/work")


def test_the_section_urges_extends_and_ends(web):
    address = opened(web, 2034)
    section = visitor(web, SECTION)
    assert posts(section, f"{address}/urging", address).status_code == 303
    again = posts(section, f"{address}/urging", address)
    assert (again.status_code, "4小时内都已催办过" in again.get_data(as_text=True)) == (409, True)
    none = posts(section, f"{address}/extension", address, whom="ticked", closes=LATEST, reason="个别单位延期")
    assert (none.status_code, "请勾选要延期的单位" in none.get_data(as_text=True)) == (422, True)
    some = {"whom": "ticked", "unit": UNIT, "closes": LATEST, "reason": "口径调整，个别延期", "department": "qj-jw"}
    assert posts(section, f"{address}/extension", address, **some).status_code == 303
    assert posts(section, f"{address}/closing", address, reason="各单位均已报齐").status_code == 303
    page = words(page_of(web, SECTION, address))
    assert "提前结束" in page
    assert "将1个单位的截止时间延至" in page
    assert posts(visitor(web, DEPARTMENT), f"{address}/closing", address, reason="越权提前结束").status_code == 403


def test_a_unit_says_that_it_has_nothing_to_file(web):
    address = opened(web, 2035)
    clerk = visitor(web, CLERK)
    short = posts(clerk, f"{address}/declaration", address, unit=UNIT, note="无")
    assert short.status_code == 422
    assert posts(clerk, f"{address}/declaration", address, unit=UNIT, note="本年度没有项目支出").status_code == 303
    assert "零申报：本年度没有项目支出" in words(page_of(web, SECTION, f"{address}?department=qj-jw")).replace(" ", "")
    assert posts(clerk, f"{address}/declaration", address, unit=OTHER, note="替别人零申报").status_code == 404


def test_after_the_cut_off_the_tables_page_and_the_command_say_the_same(web):
    address = opened(web, 2036)
    case = draft(web, 2036)
    posts(visitor(web, SECTION), f"{address}/closing", address, reason="提前结束本年申报")
    page = page_of(web, CLERK, f"/tables/{case.id}")
    assert "“2036年度绩效目标申报”已于" in words(page)
    assert "提前结束，不能再提交" in words(page)
    with pytest.raises(Exception, match="提前结束，不能再提交"):
        case.submitted()


def test_the_files_hold_what_the_page_shows(web):
    address = opened(web, 2037)
    draft(web, 2037).submitted()
    draft(web, 2037)
    section = visitor(web, SECTION).client
    rows = list(csv.reader(io.StringIO(section.get(f"{address}/coverage.csv").get_data().decode("utf-8-sig"))))
    none = ["未报", "0", "0", "0", "0"]
    assert [row[2:7] for row in rows[1:]] == [["未报", "2", "0", "13", "1"], none, none], "the document prints a stub"
    book = load_workbook(io.BytesIO(section.get(f"{address}/coverage.xlsx").get_data()))
    assert book.sheetnames == ["单位", "绩效目标表"]
    titles = [row[2] for row in book["绩效目标表"].iter_rows(min_row=3, values_only=True)]
    assert [titles.count("（编制中）"), len(titles)] == [13, 14]
    assert visitor(web, ELSEWHERE).client.get(f"{address}/coverage.csv").status_code == 404


def test_its_notices_lead_to_the_campaign(web):
    address = opened(web, 2038)
    with begin(web.extensions["engine"]) as tx:
        told = tx.rows("SELECT id, recipient FROM desk.outbox WHERE log_stream = :it", it=address.rpartition("/")[2])
    assert {"jingban", "fuzeren", "lz.jingban"} <= {row["recipient"] for row in told}
    letter = next(row["id"] for row in told if row["recipient"] == CLERK)
    answer = visitor(web, CLERK).client.get(f"/n/{letter}")
    assert (answer.status_code, answer.location) == (302, address)


def test_a_program_opens_extends_and_reads_the_same_board(web):
    section, clerk = Program(web, SECTION), Program(web, CLERK)
    terms = {
        "year": 2039, "purpose": "goal_filing", "title": "2039年度绩效目标申报", "opens": TODAY.isoformat(), "closes": LATER,
        "units": [UNIT, OTHER], "least": 2,
    }  # fmt: skip
    assert clerk.post("/campaigns", terms).status_code == 403
    tried = section.post("/campaigns?dry_run=true", terms)
    assert (tried.status_code, tried.json["dry_run"], tried.json["missing_units"]) == (200, True, 2)
    opened = section.post("/campaigns", terms)
    address = f"/campaigns/{opened.json['campaign']}"
    draft(web, 2039).submitted()
    assert section.post(f"{address}/extensions", {"closes": f"{LATEST}T17:30", "reason": "口径调整，统一延期"}).status_code == 200
    assert section.post(f"{address}/urgings").json["units"] == [UNIT, OTHER]
    assert [each["unit"] for each in clerk.get(address).json["coverage"]] == [UNIT]
    said = clerk.post(f"{address}/declarations", {"unit": UNIT, "note": "其余项目结转下年"})
    assert (said.status_code, said.json["type"].rpartition("#")[2]) == (409, "problem-not-open-now")
    assert address.rpartition("/")[2] in {each["campaign"] for each in clerk.get("/campaigns?year=2039").json["items"]}
    assert section.post(f"{address}/closings", {"reason": "各单位均已报齐"}).json["phase"] == "over"


def test_the_command_line_tries_opens_and_shows(web):
    by = shipped_city().person(SECTION)
    asked = ["open", "--login", SECTION, "--year", "2040", "--title", "2040年度绩效目标申报", "--opens", TODAY.isoformat(),
             "--closes", LATER, "--unit", UNIT]  # fmt: skip
    with begin(web.extensions["engine"]) as tx:
        shown = command_line.done(tx, by, command_line.options_of(asked))
    number = shown.partition(" ")[0]
    with begin(web.extensions["engine"]) as tx:
        listed = command_line.done(tx, by, command_line.options_of(["list", "--login", SECTION, "--year", "2040"]))
        ended = command_line.done(tx, by, command_line.options_of(["close", number, "--login", SECTION, "--reason", "各单位均已报齐"]))
    assert listed.partition(" ")[0] == number
    assert ended.splitlines()[1] == "已报0，迟报0，未报1，共1个单位"
