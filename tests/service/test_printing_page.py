"""Printing from the pages and the command line: every form as a file, only for readers, nothing written but the trail."""

import io
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from openpyxl import load_workbook

from service.app import Web
from service.cli import printing as command
from service.cli import run
from service.demo.city import shipped_city
from tests.forms.comparing import without_blanks
from tests.forms.pdfs import text_of, visible_alone
from tests.support.cluster import TEMPLATE, Database, TestCluster
from tests.support.web_city import planted, visitor
from tests.support.web_story import Story
from workflows.errors import NotFound
from workflows.folds.replay import Table
from workflows.forms.reading import read_document
from workflows.forms.writing_pdf import drawing
from workflows.printing import FormKind
from workflows.store.journal import PostgresJournal
from workflows.store.posts import actor_of
from workflows.store.queries import all_standings, table_in
from workflows.store.transaction import begin

TITLE = "法律顾问咨询费"
COUNT = "SELECT count(*) FROM log.event"


@pytest.fixture(scope="module")
def place(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Database]]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app, database
    app.extensions["engine"].dispose()
    cluster.drop(database)


@pytest.fixture
def web(place: tuple[Web, Database]) -> Web:
    return place[0]


@pytest.fixture
def table(web: Web) -> Table:
    with begin(web.extensions["engine"]) as tx:
        return next(table_in(tx, row) for row in all_standings(tx) if row["title"] == TITLE)


def events(app: Web, kind: str = "%") -> int:
    with begin(app.extensions["engine"]) as tx:
        return int(tx.scalar(f"{COUNT} WHERE kind LIKE :kind", kind=kind))


def test_the_page_offers_the_forms(web: Web, table: Table) -> None:
    page = visitor(web, table.owner).sees(f"/tables/{table.id}")
    for which in ("sheet", "form", "review"):
        for ending in ("pdf", "docx", "xlsx"):
            assert f'href="/tables/{table.id}/{which}.{ending}"' in page
    assert f"/tables/{table.id}/evaluation.pdf" not in page


@pytest.mark.parametrize("which", ["sheet", "form", "review"])
def test_a_form_is_downloaded_as_pdf_and_writes_nothing(web: Web, table: Table, which: str) -> None:
    clerk = visitor(web, table.owner)
    before = events(web)
    answer = clerk.client.get(f"/tables/{table.id}/{which}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Cache-Control"] == "no-store"
    assert TITLE in text_of(answer.data)
    assert events(web) == before


def test_the_goal_table_reads_back_from_the_downloaded_pdf(web: Web, table: Table) -> None:
    data = visitor(web, table.owner).client.get(f"/tables/{table.id}/form.pdf").data
    with begin(web.extensions["engine"]) as tx:
        content = PostgresJournal(tx).content(table.content_hash)
    (found,) = read_document(visible_alone(data), "x").document["tables"]
    assert without_blanks(found) == without_blanks(content)


def test_word_and_excel_open(web: Web, table: Table) -> None:
    client = visitor(web, table.owner).client
    word = Document(io.BytesIO(client.get(f"/tables/{table.id}/sheet.docx").data))
    assert word.tables[0].cell(0, 1).text == TITLE
    book = load_workbook(io.BytesIO(client.get(f"/tables/{table.id}/sheet.xlsx").data))
    assert TITLE in [cell.value for row in book.worksheets[0].iter_rows() for cell in row]


@pytest.mark.parametrize("path", ["sheet.pdf", "form.docx", "review.xlsx", "windows/w1.pdf"])
def test_a_clerk_of_another_unit_gets_nothing(web: Web, table: Table, path: str) -> None:
    assert table.unit == "qj-jw-bj"
    assert visitor(web, "xc.jingban").client.get(f"/tables/{table.id}/{path}").status_code == 404
    assert visitor(web).client.get(f"/tables/{table.id}/{path}").status_code == 302


def test_an_observer_leaves_a_trace(web: Web) -> None:
    """Reading for an audit is recorded as every page of the table records it."""
    story = Story(web, "干部培训费").drafted().submitted()
    before = events(web, "audit.read")
    assert visitor(web, "guancha").client.get(f"/tables/{story.id}/sheet.pdf").status_code == 200
    assert events(web, "audit.read") == before + 1


def test_unknown_windows_and_unopened_evaluations_are_not_found(web: Web, table: Table) -> None:
    client = visitor(web, table.owner).client
    paths = ("windows/w9.pdf", "evaluation.pdf", "windows/w1.exe")
    assert {path: client.get(f"/tables/{table.id}/{path}").status_code for path in paths} == dict.fromkeys(paths, 404)


def test_without_typst_the_page_says_so_and_everything_else_works(
    web: Web, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "NEEDED", ("a_package_that_is_not_there",))
    clerk = visitor(web, table.owner)
    page = clerk.sees(f"/tables/{table.id}")
    assert "PDF 打印已关闭：没有安装 a_package_that_is_not_there。" in page
    assert f"/tables/{table.id}/sheet.pdf" not in page
    assert clerk.client.get(f"/tables/{table.id}/sheet.docx").status_code == 200
    refused = clerk.client.get(f"/tables/{table.id}/sheet.pdf")
    assert refused.status_code == 503
    assert "打印PDF的功能已关闭" in refused.get_data(as_text=True)


def test_the_command_prints_for_readers_alone(web: Web, table: Table) -> None:
    with begin(web.extensions["engine"]) as tx:
        owner = actor_of(tx, table.owner, "经办人")
        file = command.printed(tx, owner, table.id, kind=FormKind.SHEET, ending="pdf")
        assert file.name == f"审批单-{TITLE}.pdf"
        assert len(pypdfium2.PdfDocument(file.data)) == 2
        with pytest.raises(NotFound):
            command.printed(tx, actor_of(tx, "nobody", "路人"), table.id, kind=FormKind.GOALS, ending="pdf")


def test_the_command_refuses_other_kinds_of_files(capsys: pytest.CaptureFixture[str], table: Table) -> None:
    assert run(["print", str(table.id), "--as", "x", "--to", "sheet.odt"]) == 1
    assert capsys.readouterr().err == "文件名须以 .pdf、.docx、.xlsx 结尾。\n"


def test_the_command_signs_in_and_writes_the_file(
    place: tuple[Web, Database], table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("GOALTRAIL_DATABASE_URL", place[1].app_url)
    monkeypatch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
    target = tmp_path / "审批单.pdf"
    asked = ["print", str(table.id), "--form", "sheet", "--to", str(target), "--as", table.owner]
    assert run(asked) == 0
    assert TITLE in text_of(target.read_bytes())
    assert run(asked) == 1
    assert "已存在，未作任何改动" in capsys.readouterr().err
    assert run([*asked[:6], "--as", "xc.jingban", "--force"]) == 1
    assert capsys.readouterr().err == "没有找到该事项，或者您无权查看。\n"
