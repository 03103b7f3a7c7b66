"""An auditor at the browser: from a table's history back in time, to what differed, to its proof and the evidence."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.walking import Person, Town, completes_the_draft
from tests.support.anchoring import anchor, seal
from tests.support.bundles import Opened
from workflows.folds.replay import Table
from workflows.store.transaction import make_engine
from workflows.vocabulary import Role

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def decided(town: Town, chromium: object) -> Table:
    """A table that was submitted, returned by the unit's head and submitted again."""
    table = next(each for each in town.tables() if each.family == "ningxia-county-project")
    with Person(town, chromium, table.owner) as clerk:
        clerk.opens(table)
        completes_the_draft(clerk, table)
        clerk.presses("submit", "请审核")
    with Person(town, chromium, town.who(table, Role.UNIT_HEAD)) as head:
        head.goes_to(table)
        head.presses("return", "请核实数量指标后再报", "reason")
    with Person(town, chromium, table.owner) as clerk:
        clerk.page.goto(f"{town.address}/tables/{table.id}/draft")
        clerk.page.fill("#purpose", "按退回意见补充的用途")
        clerk.page.fill("#reason", "按退回意见补充用途")
        clerk.click("button[value=close]")
        clerk.presses("submit", "已核实")
    return town.table(table.id)


@pytest.fixture
def anchors(town: Town, decided: Table) -> Iterator[Path]:
    """The log sealed and signed as it stands when a test begins: in any order, as reading a task is an event too."""
    sealer = make_engine(town.database.sealer_url, connections=1)
    seal(sealer)
    yield anchor(sealer, town.anchors)
    sealer.dispose()


@pytest.mark.parametrize("javascript", [True, False])
def test_an_auditor_walks_through_the_past_and_takes_the_evidence_along(
    town: Town, chromium: object, decided: Table, anchors: Path, tmp_path: Path, *, javascript: bool
) -> None:
    with Person(town, chromium, "guancha", javascript) as auditor:
        auditor.goes_to(decided)
        auditor.pictures("auditor-table")
        auditor.click(".timeline li:not(.quiet) .then a >> nth=-2")
        assert "时的样子" in auditor.page.inner_text(".notice.past")
        assert auditor.page.locator("main form").count() == 0
        auditor.pictures("as-it-was")
        auditor.click("text=回到现在")
        auditor.click("text=比较两个时刻")
        assert "按退回意见补充的用途" in auditor.page.inner_text("ins >> nth=0")
        auditor.pictures("differences")
        auditor.click("nav a[href='/audit']")
        assert auditor.page.locator(".code svg").count() == 1
        assert "一致" in auditor.page.inner_text("main")
        auditor.pictures("audit")
        auditor.page.fill("#table", str(decided.id))
        auditor.click("form.filters .btn-primary")
        assert auditor.page.locator(".checks .tag.red").count() == 0
        assert auditor.page.locator(".checks .tag.green").count() >= 9
        auditor.pictures("verified")
        with auditor.page.expect_download() as taken:
            auditor.page.click("text=下载此表的审计包")
        bundle = tmp_path / "evidence.zip"
        taken.value.save_as(bundle)
        assert (auditor.others(), auditor.complaints, auditor.overflow()) == ([], [], 0)
    (tmp_path / "verify.py").write_bytes(Opened(bundle.read_bytes()).members["verify.py"])
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "evidence.zip", "--anchor", str(anchors)], cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_who_decided_takes_his_receipt_home(town: Town, chromium: object, decided: Table, anchors: Path, tmp_path: Path) -> None:
    with Person(town, chromium, town.who(decided, Role.UNIT_HEAD), javascript=False) as head:
        head.goes_to(decided)
        with head.page.expect_download() as taken:
            head.page.click("text=下载回执 >> nth=0")
        taken.value.save_as(tmp_path / "receipt.zip")
    assert Opened((tmp_path / "receipt.zip").read_bytes()).manifest["scope"]["stream"] == str(decided.id)


def test_what_is_new_since_the_last_look_comes_first(town: Town, chromium: object, decided: Table) -> None:
    with Person(town, chromium, town.who(decided, Role.UNIT_HEAD), javascript=False) as head:
        for _reload in range(2):
            head.goes_to(decided)
            first = head.page.inner_text("main .two .body section >> nth=0")
            assert ("自您上次" in first, "按退回意见补充的用途" in first) == (True, True)
        head.pictures("news")
