"""Uploading many files, a ZIP, and a form that nobody knows: each file for itself, every result on one page (F3)."""

import io
import re
import zipfile
from collections.abc import Iterator
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from service.app import Web
from tests.forms.contents import made_up_document
from tests.forms.test_office_files import UNKNOWN, as_xlsx
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import Visitor, counts_no_requests, field, planted, visitor
from workflows.forms.reading import read_document
from workflows.forms.writing import document_form, docx_of, xlsx_of

UNIT = "qj-jw-bj"


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The city of its own for this module."""
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("uploading"))
    counts_no_requests(app)
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def sent(clerk: Visitor, *files: tuple[bytes, str]) -> TestResponse:
    """Send files of the unit for 2027."""
    shown = clerk.sees("/documents/new")
    data = {"csrf_token": field(shown, "csrf_token"), "command_id": str(uuid4()), "unit": UNIT, "year": "2027"}
    return clerk.client.post("/documents/new", data={**data, "file": [(io.BytesIO(data), name) for data, name in files]})


def county(seed: int) -> bytes:
    """A county's document as Word file."""
    return docx_of(document_form(made_up_document("ningxia-county-project", seed)))


def test_many_files_and_a_zip_each_for_itself(web: Web) -> None:
    """One Word file, one broken one, and two inside a ZIP: three are taken in, the broken one says why."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("某县/二.xlsx", xlsx_of(document_form(made_up_document("henan-unit", 5))))
        archive.writestr("某县/三.docx", county(6))
    clerk = visitor(web, "jingban")
    answer = sent(clerk, (county(4), "一.docx"), (b"PK\x03\x04broken", "坏.docx"), (out.getvalue(), "打包.zip"))
    assert answer.status_code == 303
    page = clerk.sees(answer.location)
    assert "共4份文件，已导入3份" in page
    assert "文件已损坏" in page
    assert re.findall(r'class="title">(?:<a [^>]*>)?([^<]+)', page) == ["坏.docx", "一.docx", "二.xlsx", "三.docx"]
    assert visitor(web, "fuzeren").client.get(answer.location).status_code == 404


def test_a_word_file_leads_to_its_document(web: Web) -> None:
    """A single file goes straight to what was read of it."""
    clerk = visitor(web, "jingban")
    answer = sent(clerk, (county(7), "单份.docx"))
    assert (answer.status_code, "/documents/" in answer.location) == (303, True)
    assert "单份.docx" in clerk.sees(answer.location)


def test_columns_are_named_by_the_person(web: Web) -> None:
    """An unknown form is shown with its rows; named columns make it a draft; a missing column is asked for."""
    clerk = visitor(web, "jingban")
    answer = sent(clerk, (as_xlsx(UNKNOWN, "巡查计划"), "巡查.xlsx"))
    assert answer.status_code == 303
    page = clerk.sees(answer.location)
    assert [text for text in ("河道巡查", "指标从第几行开始", "不认识的表格格式") if text not in page] == []
    hidden = {name: field(page, name) for name in ("csrf_token", "command_id", "grid")}
    typed = {**hidden, "first_row": "2", "year": "2027", "column-1": "level3", "field-title": "河道巡查计划"}
    asked = clerk.client.post(answer.location, data=typed)
    assert (asked.status_code, "请指明“指标值”所在的列" in asked.text) == (422, True)
    taken = clerk.client.post(answer.location, data={**typed, "column-2": "target", "column-0": "level1"})
    assert taken.status_code == 303
    assert "河道巡查计划" in clerk.sees(taken.location)
    again = clerk.client.post(answer.location, data={**typed, "column-2": "target"})
    assert again.location == taken.location


def test_fifty_megabytes_of_noise_are_refused(web: Web) -> None:
    """Too much is refused before it is read."""
    clerk = visitor(web, "jingban")
    assert sent(clerk, (b"\1" * 50_000_000, "大.docx")).status_code == 413


def test_a_reading_is_put_right_and_the_print_stays(web: Web) -> None:
    """A target whose reading the clerk corrects: a reason is needed, the raw text is untouched, the row is marked."""
    clerk = visitor(web, "jingban")
    answer = sent(clerk, (county(8), "更正.docx"))
    table = re.findall(r'href="(/tables/[0-9a-f-]+)/parsed"', clerk.sees(answer.location))[0]
    page = clerk.sees(f"{table}/parsed")
    raw = re.findall(r"<b>([^<]+)</b></td>", page)
    typed = {"r1-op": ">=", "r1-value": "123.5", "r1-unit": "公里"}
    assert clerk.sends(f"{table}/parsed", f"{table}/parsed", **typed).status_code == 422
    wrong = clerk.sends(f"{table}/parsed", f"{table}/parsed", **{**typed, "r1-value": "许多"}, reason="原文为约数")
    assert (wrong.status_code, "不是数字" in wrong.text) == (422, True)
    for value, unit in (("NaN", "公里"), ("1e999999", "公里"), ("12月底", "date"), ("2026-02-30", "date")):
        odd = clerk.sends(f"{table}/parsed", f"{table}/parsed", **{**typed, "r1-value": value, "r1-unit": unit}, reason="原文为约数")
        assert odd.status_code == 422
    stretched = {**typed, "r1-value": "1,023.5"}
    assert clerk.sends(f"{table}/parsed", f"{table}/parsed", **stretched, reason="原文有千分位").status_code == 303
    assert 'name="r1-value" value="1023.5"' in clerk.sees(f"{table}/parsed")
    assert clerk.client.get(table).status_code == 200
    assert clerk.sends(f"{table}/parsed", f"{table}/parsed", **typed, reason="原文为约数").status_code == 303
    national = clerk.client.get(f"{table}/national.docx")
    assert read_document(national.data, "x").document["tables"][0]["indicators"][0]["target"]["value"] == "123.5"
    after = clerk.sees(f"{table}/parsed")
    assert 'name="r1-value" value="123.5"' in after
    assert re.findall(r"<b>([^<]+)</b></td>", after) == raw
    assert after.count("人工更正") == 1
    assert visitor(web, "fuzeren").client.post(f"{table}/parsed", data=typed).status_code in (400, 403)


def test_the_summary_has_one_workbook_for_each_department(web: Web) -> None:
    """Every table of the filters with its indicators and sums; several departments or years: a ZIP; none: not found."""
    clerk = visitor(web, "jingban")
    sent(clerk, (county(9), "汇总.docx"))
    one = clerk.client.get("/tables/summary.xlsx?year=2027&department=qj-jw")
    assert one.status_code == 200
    sheet = load_workbook(io.BytesIO(one.data)).worksheets[0]
    assert sheet["A1"].value.endswith("绩效目标汇总表")
    titles = [cell.value for (cell,) in sheet.iter_rows(min_row=3, min_col=2, max_col=2)]
    assert [t["title"] for t in made_up_document("ningxia-county-project", 9)["tables"] if t["title"] not in titles] == []
    every = clerk.client.get("/tables/summary.xlsx")
    assert (every.status_code, every.mimetype) == (200, "application/zip")
    assert clerk.client.get("/tables/summary.xlsx?year=2031").status_code == 404


def test_a_document_is_handed_out_as_its_family_prints_it(web: Web) -> None:
    """The form of what was taken in reads back to the same tables, with the rows' ids; strangers do not get it."""
    clerk = visitor(web, "jingban")
    document = made_up_document("ningxia-county-project", 11)
    where = sent(clerk, (docx_of(document_form(document)), "原件.docx")).location
    for ending in ("docx", "xlsx"):
        handed_out = clerk.client.get(f"{where}/form.{ending}")
        assert handed_out.status_code == 200
        read = read_document(handed_out.data, "made-up.txt").document
        assert [table["title"] for table in read["tables"]] == [table["title"] for table in document["tables"]]
        assert [row["id"] for row in read["tables"][0]["indicators"]][:2] == ["r1", "r2"]
    assert visitor(web, "xc.jingban").client.get(f"{where}/form.docx").status_code == 404
