"""A clerk sends files of many kinds at once, names the columns of one that nobody knows, and puts a reading right (F3)."""

import os
from pathlib import Path

import pytest

from tests.end_to_end.walking import Person, Town
from tests.forms.contents import made_up_document
from tests.forms.test_office_files import UNKNOWN, as_xlsx
from workflows.forms.writing import document_form, docx_of, xlsx_of

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("GOALTRAIL_TEST_PICTURES")


def pictured(person: Person, name: str) -> None:
    """Keep a picture of the page where somebody asked for it."""
    if PICTURES:
        person.page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def test_files_of_many_kinds_are_sent_at_once(town: Town, chromium: object, tmp_path: Path) -> None:
    """One list of results; the unknown form waits for its columns; a corrected reading is marked."""
    sent = {
        "县.docx": docx_of(document_form(made_up_document("ningxia-county-project", 31))),
        "单位.xlsx": xlsx_of(document_form(made_up_document("henan-unit", 32))),
        "坏.docx": b"PK\x03\x04broken", "巡查.xlsx": as_xlsx(UNKNOWN, "巡查计划"),
    }  # fmt: skip
    for name, data in sent.items():
        (tmp_path / name).write_bytes(data)
    with Person(town, chromium, "jingban") as clerk:
        clerk.page.goto(f"{town.address}/documents/new")
        pictured(clerk, "upload")
        clerk.page.set_input_files("#file", [tmp_path / name for name in sent])
        clerk.page.fill("#year", "2028")
        clerk.page.click("main form[enctype] button")
        pictured(clerk, "results")
        assert "共4份文件，已导入2份" in clerk.page.inner_text("main")
        clerk.page.click("text=指明各列后导入")
        clerk.page.select_option('[name="column-1"]', "level3")
        clerk.page.select_option('[name="column-0"]', "level1")
        clerk.page.fill("#field-title", "河道巡查计划")
        pictured(clerk, "columns")
        clerk.page.click("main form button.btn-primary")
        pictured(clerk, "document")
        clerk.page.click("text=核对识别结果")
        clerk.page.fill('[name="r1-unit"]', "次每年")
        clerk.page.fill("#reason", "原文为每年次数")
        clerk.page.click("text=保存更正")
        pictured(clerk, "parsed")
        assert clerk.page.locator("text=人工更正").count() == 1
        assert clerk.page.locator("td b").first.inner_text() == "≥12次"
