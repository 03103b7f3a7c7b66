"""Word and Excel files from other hands: variants that read the same, and what is refused, each with its sentence."""

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook

from tests.forms.contents import made_up_document
from tests.forms.test_samples import expected
from workflows.errors import GoaltrailError
from workflows.forms.execution_file import read_executions
from workflows.forms.many_files import files_in, is_archive
from workflows.forms.mapped_reading import Columns, grids_of, proposal, read_mapped
from workflows.forms.notebook import Sort
from workflows.forms.reading import read_document
from workflows.forms.refusals import (
    DocumentBroken,
    DocumentEncrypted,
    DocumentHasMacros,
    DocumentIsWord,
    DocumentSwells,
    FamilyUnknown,
    SupplementUnfit,
)
from workflows.forms.writing import document_form, docx_of, table_form, xlsx_of


def packed(**parts: bytes) -> bytes:
    """A ZIP of these parts; __ in a name is a slash."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", part)
    return out.getvalue()


def with_part(data: bytes, name: str, part: bytes) -> bytes:
    """A file with one part more or another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            if entry.filename != name:
                target.writestr(entry.filename, source.read(entry))
        target.writestr(name, part)
    return out.getvalue()


def county_docx() -> bytes:
    """A county's document as Word file."""
    return docx_of(document_form(made_up_document("ningxia-county-project", 1)))


BOMB = packed(word__document=b"0" * (60 * 2**20))
ENTITIES = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><w>&b;</w>'
NO_FORM = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'


@pytest.mark.parametrize(("data", "refusal"), [
    (b"\xd0\xcf\x11\xe0" + b"\0" * 600, DocumentIsWord),
    (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), DocumentEncrypted),
    (BOMB, DocumentSwells),
    (packed(word__document=ENTITIES), DocumentBroken),
    (packed(word__document=b"<w>"), DocumentBroken),
    (packed(other=b"<w/>"), DocumentBroken),
    (packed(word__document=NO_FORM), FamilyUnknown),
])  # fmt: skip
def test_refused_within_seconds(data: bytes, refusal: type[GoaltrailError]) -> None:
    """Old files, passwords, bombs, entities, broken XML, a ZIP that is no document."""
    begin = time.monotonic()
    with pytest.raises(refusal) as caught:
        read_document(data, "x.docx")
    assert caught.value.sentence.endswith("。")
    assert time.monotonic() - begin < 20


@pytest.mark.parametrize("read", [lambda data: read_document(data, "x.xlsx"), read_executions], ids=["form", "amounts"])
def test_a_workbook_whose_properties_are_cut_is_refused(read: Callable[[bytes], object]) -> None:
    """A part that no reader of ours asks for, but the library does: its bytes cannot be inflated."""
    good = xlsx_of(document_form(made_up_document("ningxia-county-project", 1)))
    at = good.index(b"docProps/core.xml") + len("docProps/core.xml") + 4
    with pytest.raises(GoaltrailError):
        read(good[:at] + b"\xff" * 12 + good[at + 12:])


def test_macros_are_refused() -> None:
    """A file with a macro project, and one that only says so."""
    with pytest.raises(DocumentHasMacros):
        read_document(with_part(county_docx(), "word/vbaProject.bin", b"\0"), "x.docm")


def test_a_sheet_merged_without_end_is_refused() -> None:
    """A merged range over the whole sheet would make billions of cells."""
    book = Workbook()
    book.worksheets[0].append(["项目名称", "x"])
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    with pytest.raises(DocumentSwells):
        read_document(with_part(out.getvalue(), "xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", merged)), "x")


def test_a_forged_supplement_is_refused() -> None:
    """A supplement that would put a number where a list stands."""
    content = made_up_document("ningxia-county-project", 2)["tables"][0] | {"其他": 1}
    data = docx_of(table_form(content))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = archive.read("word/document.xml").replace("其他<".encode(), "绩效指标<".encode())
    with pytest.raises(SupplementUnfit):
        read_document(with_part(data, "word/document.xml", body), "x.docx")


def test_bytes_decide_and_not_the_name() -> None:
    """A workbook named .txt is a workbook."""
    document = made_up_document("henan-unit", 3)
    read = read_document(xlsx_of(document_form(document)), document["source"])
    assert read.document == document


def county_grid(rows: int) -> list[list[str]]:
    """A county's form typed by hand: no merged cells, classes printed once, blanks and full-width signs."""
    head = [
        ["项目名称", "乡村饮水设施改造", "", "", ""], ["主管部门及代码", "某县水务局", "", "实施单位", "水务中心"],
        ["项目属性", "经常性项目", "", "项目期", "1年"], ["项目资金（万元）", "年度资金总额：", "", "120.50", ""],
        ["", "其中：财政拨款", "", "120.50", ""], ["", "其他资金", "", "", ""],
        ["年度总体目标", "目标1：改造10处；目标2：验收合格。", "", "", ""],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
    ]  # fmt: skip
    body = [["", "产出指标", "数量指标（必填）", "改造处数", "≥10处"], ["", "", "", "新装水表", "200 只"],
            ["", "", "质量指标（必填）", "验收合格率", "100%"]]  # fmt: skip
    return [*head, *body[:rows]]


def as_docx(rows: list[list[str]], before: str) -> bytes:
    """These cells as a plain Word table behind a paragraph."""
    document = Document()
    document.add_paragraph(before)
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def hiding(data: bytes, hide: Callable[[Workbook], object]) -> bytes:
    """The workbook with something hidden."""
    book = load_workbook(io.BytesIO(data))
    hide(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_sheet(book: Workbook) -> None:
    book.create_sheet("底稿").append(["真实金额", 9])
    book.worksheets[-1].sheet_state = "hidden"


def rows_of(book: Workbook) -> None:
    sheet = book.worksheets[0]
    for number in (sheet.max_row - 1, sheet.max_row):
        sheet.row_dimensions[number].hidden = True


@pytest.mark.parametrize(("hide", "told"), [
    (rows_of, "行，未读取"), (a_sheet, "隐藏的工作表《底稿》，未读取"),
    (lambda book: setattr(book.worksheets[0].column_dimensions["B"], "hidden", True), "隐藏的B至B列，内容照读"),
    (lambda book: setattr(book.worksheets[0].column_dimensions["ZZ"], "hidden", True), None),
], ids=["rows", "sheet", "column", "an empty column"])  # fmt: skip
def test_what_a_workbook_hides_is_told(hide: Callable[[Workbook], object], told: str | None) -> None:
    data = xlsx_of(document_form(made_up_document("ningxia-county-project", 1)))
    found = [each for each in read_document(hiding(data, hide), "x.xlsx").findings if each.sort == Sort.HIDDEN]
    assert [each.guess.endswith(told) for each in found] == ([True] if told else [])
    assert all(each.text for each in found)


def as_xlsx(rows: list[list[str]], before: str) -> bytes:
    """These cells as a plain sheet below a title; amounts as numbers, percentages as fractions with a format."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([before])
    for row in rows:
        sheet.append([None if text == "" else text for text in row])
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.value == "120.50":
                cell.value, cell.number_format = 120.5, "#,##0.00"
            elif cell.value == "100%":
                cell.value, cell.number_format = 1, "0%"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("make", [as_docx, as_xlsx])
def test_a_form_typed_by_hand_is_read(make: object) -> None:
    """Blank class cells take the class above; a number shows as its format prints it."""
    document = read_document(make(county_grid(3), "2027年某县部门项目支出预算绩效目标表"), "x").document  # type: ignore[operator]
    (table,) = document["tables"]
    assert (table["title"], table["fiscal_year"], table["budget"]["total"]) == ("乡村饮水设施改造", 2027, "120.50")
    assert table["goals"] == ["改造10处；", "验收合格。"]
    assert [(row["level1"], row["level2"], row["level3"], row["target"]["raw"]) for row in table["indicators"]] == [
        ("产出指标", "数量指标", "改造处数", "≥10处"), ("产出指标", "数量指标", "新装水表", "200 只"),
        ("产出指标", "质量指标", "验收合格率", "100%"),
    ]  # fmt: skip


def test_a_text_without_a_place_is_reported() -> None:
    """A box that the form does not know is neither read nor dropped."""
    rows = [*county_grid(3)[:3], ["外来栏目", "外来文字", "", "", ""], *county_grid(3)[3:]]
    reading = read_document(as_docx(rows, "部门项目支出预算绩效目标表"), "x")
    told = [finding.text for finding in reading.findings if finding.sort is Sort.UNPLACED]
    assert told == ["外来栏目", "外来文字"]


UNKNOWN = [["巡查类别", "巡查内容", "计划值", "备注"], ["日常", "河道巡查", "≥12次", "每月"], ["专项", "堤防检查", "2次", ""]]


def test_columns_that_a_person_names_are_read() -> None:
    """A grid of no family: guessed heads, named columns, what stays over is reported."""
    data = as_xlsx(UNKNOWN, "巡查计划")
    with pytest.raises(FamilyUnknown):
        read_document(data, "x")
    assert proposal(grids_of(data)).columns == {"target": 2, "description": 3}
    reading = read_mapped(data, "x", Columns(0, 1, {"level1": 0, "level3": 1, "target": 2}, {"title": "河道巡查"}))
    (table,) = reading.document["tables"]
    assert [(row["level1"], row["level3"], row["target"]["value"]) for row in table["indicators"]] == [
        ("日常", "河道巡查", "12"), ("专项", "堤防检查", "2"),
    ]  # fmt: skip
    assert [finding.text for finding in reading.findings if finding.sort is Sort.UNPLACED] == ["每月"]


def test_files_of_an_archive_are_taken_out() -> None:
    """Chinese names of old archives, folders and what systems add."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("目标表/甲.docx", county_docx())
        archive.writestr("__MACOSX/._甲.docx", b"x")
        archive.writestr("目标表/", b"")
        archive.writestr("目标表/乙.txt", "文字".encode())
    assert is_archive(out.getvalue())
    assert [(file.name, len(file.data) > 100) for file in files_in(out.getvalue())] == [("甲.docx", True), ("乙.txt", False)]
    assert not is_archive(county_docx())


def test_shifted_rows_of_a_converted_document_are_set_right() -> None:
    """A row that slid to the left by a lost merged cell is put right and reported."""
    rows = [*county_grid(2), ["", "质量指标（必填）", "验收合格率", "100%", ""]]
    reading = read_document(as_docx(rows, "部门项目支出预算绩效目标表"), "x")
    last = reading.document["tables"][0]["indicators"][-1]
    assert (last["level2"], last["level3"], last["target"]["raw"]) == ("质量指标", "验收合格率", "100%")
    assert [finding.guess for finding in reading.findings] == ["整行错位，已按栏目复位"]


def test_the_same_form_gives_the_same_bytes() -> None:
    """Written twice, at any time, a form is the same file."""
    form = table_form(expected("ningxia-county-projects")["tables"][0])
    assert docx_of(form) == docx_of(form)
    assert xlsx_of(form) == xlsx_of(form)


@pytest.mark.parametrize("write", [docx_of, xlsx_of])
@pytest.mark.parametrize("title", ["坏\x01名", "坏\ufffe名"])
def test_a_title_with_signs_that_no_office_file_holds_is_still_written(write: Callable[..., bytes], title: str) -> None:
    content = made_up_document("ningxia-county-project", 1)["tables"][0] | {"title": title}
    assert read_document(write(table_form(content)), "x").document["tables"][0]["title"] == content["title"]
