"""PDFs of other programs: tables over pages, rows cut by a page break, plain lines; what cannot be read is refused."""

import io

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.forms.comparing import without_blanks
from tests.forms.pdfs import drawn, lines_drawn, locked, picture_drawn, text_of, written
from tests.forms.test_samples import NAMES, SAMPLES, expected
from workflows.forms.form import Box, Boxes, Form, Line, Place, label
from workflows.forms.page_cells import Grid, Paragraph
from workflows.forms.pdf_blocks import pdf_blocks
from workflows.forms.pdf_pages import pdf_pages
from workflows.forms.reading import WITHOUT_LINES, read_document
from workflows.forms.refusals import DocumentEncrypted, DocumentIsPicture, FamilyUnknown, PdfBroken

READ_BY_LINES = ("hebei-special-funds", "ningxia-region-project")
"""The samples whose text tells cells apart without tabs."""
COUNTY_HEAD = """
#align(center)[部门项目支出预算绩效目标表]
#align(center)[(2023 年度)]
#table(columns: (20%, 30%, 20%, 30%),
  [项目名称], table.cell(colspan: 3)[河道堤防养护], [主管部门及代码], [某县水务局], [实施单位], [某县河道中心],
  [项目属性], [经常性项目], [项目期], [1 年],
  table.cell(rowspan: 3)[项目资金 (万元)], [年度资金总额:], table.cell(colspan: 2)[66], [其中: 财政拨款],
  table.cell(colspan: 2)[66], [其他资金], table.cell(colspan: 2)[],
  [年度总体目标], table.cell(colspan: 3)[完成堤防养护 12 公里。])
"""


def county(rows: str) -> bytes:
    """A county's table as another program would draw it: heads not repeated, rows cut where the page ends."""
    head = "[名称], [一级指标], [二级指标], [三级指标], [指标值]"
    table = f"#table(columns: (10%, 15%, 20%, 35%, 20%), {head}, {rows})"
    return drawn(COUNTY_HEAD + table)


def grids(data: bytes) -> list[Grid]:
    return [block for block in pdf_blocks(pdf_pages(data)) if isinstance(block, Grid)]


def test_a_table_over_pages_is_one_grid() -> None:
    data = drawn("#table(columns: (1fr, 2fr), ..range(120).map(n => ([名#n], [值#n])).flatten())")
    (grid,) = grids(data)
    assert (grid.width, grid.height) == (2, 120)
    assert [cell.text for cell in grid.cells][-2:] == ["名119", "值119"]


def test_repeated_heads_and_page_numbers_are_left_out() -> None:
    source = """#set page(numbering: "第 1 页 共 1 页")
#table(columns: (1fr, 2fr), table.header([登记项], [登记内容]), ..range(120).map(n => ([名#n], [值#n])).flatten())"""
    blocks = pdf_blocks(pdf_pages(drawn(source)))
    assert [type(block) for block in blocks] == [Grid]
    assert [cell.text for cell in blocks[0].cells].count("登记项") == 1


def test_a_row_cut_by_the_page_break_is_put_together() -> None:
    """The description flows over to the next page; name and value stand on the first."""
    long = "维护" * 600
    data = county(f"[绩效指标], [产出指标], [数量指标（必填）], [{long}公里数], [≥12公里], [], [], [质量指标（必填）], [合格率], [≥98%]")
    assert len(pypdfium2.PdfDocument(data)) == 2
    rows = read_document(data, "x").document["tables"][0]["indicators"]
    assert [(row["level1"], row["level2"], row["target"]["raw"]) for row in rows] == [
        ("产出指标", "数量指标", "≥12公里"), ("产出指标", "质量指标", "≥98%"),
    ]  # fmt: skip
    assert rows[0]["level3"] == f"{long}公里数"


def test_a_class_over_a_page_break_goes_on() -> None:
    """A first-level class that covers rows on both pages; the second page repeats nothing."""
    rows = "".join(f"[名称{n}], [≥{n}次], " for n in range(1, 60))
    data = county(f"table.cell(rowspan: 59)[绩效指标], table.cell(rowspan: 59)[产出指标], table.cell(rowspan: 59)[数量指标（必填）], {rows}")
    found = read_document(data, "x").document["tables"][0]["indicators"]
    assert [(row["level1"], row["level2"], row["level3"]) for row in found] == [
        ("产出指标", "数量指标", f"名称{n}") for n in range(1, 60)
    ]  # fmt: skip


def test_lines_of_a_full_box_are_one_text_and_items_stay_apart() -> None:
    source = "#table(columns: (40mm, 60mm), [年度总体目标], [1、深化拓展纪检监察宣传辐射面和影响力，为全面从严治党营造良好舆论氛围；\\ 2、规范建设信访接待室。])"
    (grid,) = grids(drawn(source))
    assert grid.cells[1].text == "1、深化拓展纪检监察宣传辐射面和影响力，为全面从严治党营造良好舆论氛围；\n2、规范建设信访接待室。"


def test_paragraphs_stand_between_tables() -> None:
    blocks = pdf_blocks(pdf_pages(drawn("#table(columns: 2, [甲], [乙])\n附：说明\n#table(columns: 2, [丙], [丁])")))
    assert [type(block) for block in blocks] == [Grid, Paragraph, Grid]


@pytest.mark.parametrize("name", NAMES)
def test_plain_lines_of_a_family_are_read_or_refused(name: str) -> None:
    """A PDF without ruled tables is read by its lines, or a sentence says why not; it is never read as something else."""
    printed = (SAMPLES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    data = lines_drawn(printed)
    if name in READ_BY_LINES:
        found = read_document(data, f"{name}.txt").document
        assert without_blanks(found) == without_blanks(expected(name))
    else:
        with pytest.raises(FamilyUnknown) as refused:
            read_document(data, f"{name}.txt")
        assert refused.value.sentence.endswith(WITHOUT_LINES)


def test_a_scan_without_text_is_refused() -> None:
    data = picture_drawn()
    assert not text_of(data).strip()
    with pytest.raises(DocumentIsPicture):
        read_document(data, "scan.pdf")


def test_a_pdf_of_something_else_is_refused() -> None:
    with pytest.raises(FamilyUnknown) as caught:
        read_document(drawn("#table(columns: 2, [姓名], [张三], [电话], [123])"), "x.pdf")
    assert caught.value.sentence.endswith("。")


def test_a_broken_pdf_is_refused() -> None:
    whole = drawn("#table(columns: 2, [甲], [乙])")
    for data in (b"%PDF-1.7\n", whole[: len(whole) // 3], b"%PDF-1.7" + bytes(range(256)) * 40):
        with pytest.raises((PdfBroken, DocumentIsPicture)):
            read_document(data, "x.pdf")


def test_a_locked_pdf_is_refused() -> None:
    """A password is needed to open it."""
    data = locked()
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(io.BytesIO(data))
    with pytest.raises(DocumentEncrypted):
        read_document(data, "x.pdf")


@settings(max_examples=25)
@given(texts=st.lists(st.tuples(st.text(max_size=40), st.text(max_size=1500)), min_size=1, max_size=6), landscape=st.booleans())
def test_any_words_are_drawn_and_found(texts: list[tuple[str, str]], landscape: bool) -> None:
    """Whatever people type is drawn, sideways or upright, and gives back as many rows as went in."""
    rows = tuple((label(f"第{at}项{name}"), Box(said)) for at, (name, said) in enumerate(texts, 1))
    form = Form("任意", (Line("任意", Place.TITLE), Boxes((20, 80), (tuple(map(label, ("登记项", "登记内容"))), *rows), heads=1)), landscape)
    blocks = pdf_blocks(pdf_pages(written(form)))
    found = [block for block in blocks if isinstance(block, Grid)]
    assert [grid.width for grid in found] == [2]
    assert sum(cell.column == 1 for grid in found for cell in grid.cells) == 1 + len(texts)
