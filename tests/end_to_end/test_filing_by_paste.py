"""Filing by paste (G1, G3, G7): a block from Excel becomes rows, is kept by itself, its faults are named, then filed."""

from typing import Any

import pytest

from service.year import corrections
from tests.end_to_end.walking import Person, Town
from workflows.folds.replay import Table
from workflows.vocabulary import Stage

pytestmark = pytest.mark.browser
PASTE = """(box, text) => { const data = new DataTransfer(); data.setData("text/plain", text); box.focus();
  box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""
NAMES = ("level1", "level2", "level3", "description", "target", "basis", "weight")


def fresh_table(town: Town) -> Table:
    """A table nobody else touches, small enough to type."""
    return town.own_draft("qj-kf")


def as_excel(rows: list[list[str]]) -> str:
    """Cells as Excel puts them on the clipboard: tabs, CRLF, quotes around what holds a line break or a quote."""
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in '\t\n"') else text

    return "".join("\t".join(map(cell, row)) + "\r\n" for row in rows)


def opened(clerk: Person, table: Table) -> Any:
    clerk.page.goto(f"{clerk.town.address}/tables/{table.id}/draft")
    return clerk.page


def pasted(page: Any, row: int, column: str, rows: list[list[str]]) -> None:
    page.locator(f"table.edit tbody [data-cell={column}]").nth(row).evaluate(PASTE, as_excel(rows))


def cells(page: Any, column: str) -> list[str]:
    return page.locator(f"table.edit tbody [data-cell={column}]").evaluate_all("all => all.map(each => each.value)")


def wait_until_kept(page: Any) -> None:
    page.wait_for_function("() => !unkept() && !draft.sending && document.getElementById('kept').dataset.state !== 'unkept'")


def test_g1_a_block_from_excel_is_pasted_kept_checked_and_filed(town: Town, chromium: object) -> None:
    table = fresh_table(town)
    content, pack = town.content(table)
    wanted = corrections.corrected(content, year=table.year, pack=pack).content
    rows = [[row[n] or "" if n != "target" else row["target"]["raw"] or "" for n in NAMES] for row in wanted["indicators"]]
    rows[0][3] = '含"质量"两字\n分两行说明'
    with Person(town, chromium, table.owner) as clerk:
        page = opened(clerk, table)
        clerk.pictures("grid-before")
        pasted(page, 0, "level1", rows)
        assert [cells(page, name) for name in NAMES] == [list(column) for column in zip(*rows, strict=True)]
        for name in ("total", "fiscal", "other", "carryover"):
            page.fill(f"#budget-{name}", wanted["budget"][name] or "")
        for number, point in enumerate(wanted["spending_plan"]):
            page.fill(f"#plan-{number}", point["cumulative_percent"] or "")
        for group, boxes in (wanted.get("budget_detail") or {}).items():
            for name, amount in boxes.items():
                page.fill(f"#detail-{group}-{name}", amount or "")
        wait_until_kept(page)
        clerk.pictures("grid-kept")
        page.click("#findings a[href='#disclosure']")
        assert page.evaluate("document.activeElement.id") == "disclosure"
        page.select_option("#disclosure", wanted["disclosure"])
        wait_until_kept(page)
        assert page.locator("#findings li.B").count() == 0
        for box in page.locator("input[name^='explain-']").all():
            box.fill("已核实，情况属实，予以说明")
        wait_until_kept(page)
        assert "尚未说明理由" in page.locator("#findings").inner_text()
        page.fill("#reason", "按单位汇总的表格填写")
        clerk.click("button[value=close]")
        clerk.presses("submit", "请审核")
        assert (clerk.others(), clerk.complaints) == ([], [])
    filed, _pack = town.content(town.table(table.id))
    assert (town.table(table.id).stage, filed["indicators"][0]["description"]) == (Stage.UNIT_REVIEW, rows[0][3])
    before = [row["id"] for row in content["indicators"]]
    assert [row["id"] for row in filed["indicators"]][: len(before)] == before


def test_g1_too_many_rows_undo_keys_and_two_windows(town: Town, chromium: object) -> None:
    table = fresh_table(town)
    with Person(town, chromium, table.owner) as clerk:
        page = opened(clerk, table)
        start = [cells(page, name) for name in NAMES]
        pasted(page, 0, "level3", [[f"指标{number}"] for number in range(201)])
        assert "超过最多 200 行，没有粘贴" in page.locator("#grid-notice").inner_text()
        pasted(page, 0, "level1", [["产出指标", "数量指标", "甲"], ["", "", "乙"], ["效益指标", "", "丙"]])
        assert [cells(page, name)[:3] for name in NAMES[:3]] == [
            ["产出指标", "产出指标", "效益指标"], ["数量指标", "数量指标", ""], ["甲", "乙", "丙"]
        ]
        page.keyboard.press("Control+z")
        assert [cells(page, name) for name in NAMES] == start
        page.focus("table.edit tbody [data-cell=level3] >> nth=0")
        page.keyboard.press("Enter")
        here = page.evaluate("[document.activeElement.dataset.cell, placeOf(document.activeElement).row]")
        page.keyboard.press("Control+Enter")
        count = len(cells(page, "level3"))
        page.keyboard.press("Alt+Delete")
        assert (here, count, len(cells(page, "level3"))) == (["level3", 1], len(start[0]) + 1, len(start[0]))
        wait_until_kept(page)
        two_windows(clerk, table)
        assert clerk.complaints == ["Failed to load resource: the server responded with a status of 409 (CONFLICT)"]


def two_windows(clerk: Person, table: Table) -> None:
    """The other window keeps two texts; this one changed one of them too and chooses the other's."""
    page, other = opened(clerk, table), clerk.context.new_page()
    other.goto(f"{clerk.town.address}/tables/{table.id}/draft")
    page.wait_for_selector("#elsewhere:not([hidden])")
    other.fill("#purpose", "另一窗口写的用途")
    other.fill("#goals", "另一窗口写的目标")
    wait_until_kept(other)
    page.fill("#purpose", "本窗口写的用途")
    page.wait_for_selector("#newer:not([hidden])")
    clerk.pictures("grid-two-windows")
    assert page.locator("#newer fieldset").count() == 1
    page.check("#newer input[value=theirs]")
    page.click("#newer button")
    wait_until_kept(page)
    assert (page.input_value("#purpose"), page.input_value("#goals")) == ("另一窗口写的用途", "另一窗口写的目标")
    other.close()


def test_g1_the_grid_is_usable_on_a_phone(town: Town, chromium: object) -> None:
    table = fresh_table(town)
    with Person(town, chromium, table.owner) as clerk:
        clerk.page.set_viewport_size({"width": 390, "height": 800})
        opened(clerk, table)
        clerk.pictures("grid-phone")
        assert (clerk.overflow(), clerk.complaints) == (0, [])


def test_g1_g3_rows_the_other_window_made_and_removed_are_merged_and_ids_stay(town: Town, chromium: object) -> None:
    table = fresh_table(town)
    with Person(town, chromium, table.owner) as clerk:
        page, other = opened(clerk, table), clerk.context.new_page()
        other.goto(f"{clerk.town.address}/tables/{table.id}/draft")
        before = page.locator("table.edit tbody tr").evaluate_all("all => all.map(each => each.id)")
        for window, said in ((other, "另一窗口的新行"), (page, "本窗口的新行")):
            window.click("button[value=add]")
            window.locator("table.edit tbody [data-cell=level3]").last.fill(said)
            if window is other:
                window.click(f"button[value='remove:{before[0]}']")
            wait_until_kept(window)
        ids = page.locator("table.edit tbody tr").evaluate_all("all => all.map(each => each.id)")
        assert (ids[:-2], len(set(ids)), cells(page, "level3")[-2:]) == (before[1:], len(ids), ["另一窗口的新行", "本窗口的新行"])
        page.reload()
        assert page.locator("table.edit tbody tr").evaluate_all("all => all.map(each => each.id)") == ids
        rows = copied(page)
        assert rows == [cells(page, "level3")[1:3], cells(page, "description")[1:3]]


def copied(page: Any) -> list[list[str]]:
    """What Ctrl+C puts on the clipboard of four cells drawn with Shift and arrows, read back column by column."""
    page.focus("table.edit tbody [data-cell=level3] >> nth=0")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    text = page.evaluate("""() => { const data = new DataTransfer(); document.activeElement.dispatchEvent(
        new ClipboardEvent("copy", {clipboardData: data, bubbles: true, cancelable: true})); return data.getData("text/plain"); }""")
    found: list[list[str]] = page.evaluate("text => readBlock(text)", text)
    return [list(column) for column in zip(*found, strict=True)]
