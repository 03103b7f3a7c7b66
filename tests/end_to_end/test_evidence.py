"""A file is put to a table, read and erased by people at their browsers, with and without JavaScript."""

from pathlib import Path

import pytest

from tests.end_to_end.walking import Person, Town

pytestmark = pytest.mark.browser
PDF = b"%PDF-1.7 130102199001011234"
GONE = "（内容已依法删除）"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_is_attached_downloaded_and_erased_by_two_persons(town: Town, chromium: object, tmp_path: Path, javascript: bool) -> None:
    table = next(each for each in town.tables() if each.department == "qj-jw" and each.stage == "draft" and not each.attachments)
    file = tmp_path / "王小明身份证明.pdf"
    file.write_bytes(PDF)
    with Person(town, chromium, table.owner, javascript) as clerk:
        clerk.page.goto(f"{town.address}/tables/{table.id}")
        clerk.page.set_input_files("#attachment-file", file)
        clerk.page.check("#attachment-clean")
        clerk.click("#attachments form[enctype] button")
        clerk.pictures("attachments")
        with clerk.page.expect_download() as taken:
            clerk.page.click("#attachments td a")
        assert (Path(taken.value.path()).read_bytes(), taken.value.suggested_filename) == (PDF, file.name)
        assert (clerk.others(), clerk.complaints) == ([], [])
    with Person(town, chromium, "anquan", javascript) as security:
        security.page.goto(f"{town.address}/erasures")
        security.page.fill("#table", f"{town.address}/tables/{table.id}")
        security.click("main form button")
        security.page.check("input[name=piece] >> nth=0")
        security.page.fill("#ground", "个人信息保护法第四十七条")
        security.pictures("erasure-asked")
        security.click("main .btn-danger")
        assert (security.others(), security.complaints) == ([], [])
    with Person(town, chromium, "baomi", javascript) as secrecy:
        secrecy.page.goto(f"{town.address}/erasures")
        secrecy.click("table.grid td a")
        secrecy.pictures("erasure-confirmed")
        secrecy.click("main .btn-danger")
        assert (secrecy.others(), secrecy.complaints) == ([], [])
    with Person(town, chromium, table.owner, javascript) as clerk:
        clerk.page.goto(f"{town.address}/tables/{table.id}")
        assert clerk.page.locator("#attachments tbody td >> nth=0").inner_text() == GONE
        assert clerk.page.locator("main").inner_text().count("王小明") == 0
        clerk.pictures("attachment-erased")
