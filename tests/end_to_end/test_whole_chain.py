"""One table walks from draft to closed, each step clicked by the person whose turn it is."""

import os
from pathlib import Path

import pytest

from tests.end_to_end.walking import (
    Person,
    Town,
    completes_the_draft,
    files_evaluation,
    files_monitoring,
    window_figures,
)
from workflows.commands import monitoring
from workflows.folds.replay import Table
from workflows.vocabulary import Role, Stage

pytestmark = pytest.mark.browser


class Walk:
    """A table on its way, and what every browser on the way asked for and complained of."""

    def __init__(self, town: Town, browser: object, table: Table, *, javascript: bool) -> None:
        self.town, self.browser, self.id, self.javascript = town, browser, table.id, javascript
        self.strangers: list[str] = []
        self.complaints: list[str] = []

    @property
    def table(self) -> Table:
        return self.town.table(self.id)

    def person(self, role: Role, comes_to: str = "") -> Person:
        return Person(self.town, self.browser, self.town.who(self.table, role), self.javascript, comes_to)

    def ends(self, person: Person) -> None:
        self.strangers += person.others()
        self.complaints += person.complaints

    def act(self, role: Role, action: str, said: str = "", name: str = "opinion", picture: str = "") -> None:
        with self.person(role) as person:
            person.goes_to(self.table)
            if picture:
                person.pictures(picture)
            person.presses(action, said, name)
            self.ends(person)

    def drafts(self) -> None:
        with self.person(Role.CLERK, "/work") as clerk:
            clerk.pictures("worklist")
            clerk.opens(self.table)
            clerk.pictures("draft")
            completes_the_draft(clerk, self.table)
            clerk.presses("submit", "请审核")
            self.ends(clerk)

    def files(self, filing) -> None:
        with self.person(Role.CLERK) as clerk:
            clerk.opens(self.table)
            filing(clerk, self.table)
            assert clerk.page.locator(".notice.good").count() == 1, clerk.page.locator("main").inner_text()[:1500]
            self.ends(clerk)

    def window_clicked(self) -> None:
        self.act(Role.FINANCE_PERFORMANCE, "open_monitoring")
        self.files(files_monitoring)
        self.act(Role.DEPARTMENT_FINANCE, "accept_monitoring", "同意", picture="table-monitoring")

    def window_passed(self, window: str) -> None:
        """The same three acts without a browser."""
        self.town.acts(self.id, Role.FINANCE_PERFORMANCE, monitoring.open_monitoring, window=window)
        filed = window_figures(self.town, self.table)
        self.town.acts(self.id, Role.CLERK, monitoring.file_monitoring, window=window, figures=filed)
        self.town.acts(self.id, Role.DEPARTMENT_FINANCE, monitoring.accept_monitoring, window=window, opinion="同意")

    def replied(self) -> None:
        with self.person(Role.FINANCE_BUDGET) as budget:
            budget.goes_to(self.table)
            budget.click("a[href*='/replies/new']")
            budget.pictures("reply")
            budget.page.fill("#doc_no", "清财预〔2026〕12号")
            budget.click("form[action$='/replies'] button")
            self.ends(budget)


def walked(town: Town, browser: object, title: str, *, javascript: bool, windows: int = 4) -> Walk:
    """Lead the table to its end; `windows` of its monitoring windows by clicking, those that are like them by the verbs."""
    walk = Walk(town, browser, next(t for t in town.tables() if t.title == title), javascript=javascript)
    walk.drafts()
    walk.act(Role.UNIT_HEAD, "approve", "同意", picture="table-unit-head")
    walk.act(Role.DEPARTMENT_FINANCE, "return", "数量指标与资金不匹配，请核实", "reason", picture="table-department")
    assert walk.table.stage in (Stage.DRAFT, Stage.UNIT_REVIEW)
    if walk.table.stage == Stage.UNIT_REVIEW:
        walk.act(Role.UNIT_HEAD, "return", "请按部门意见核实", "reason")
    with walk.person(Role.CLERK) as clerk:
        clerk.goes_to(walk.table)
        clerk.presses("submit", "已核实")
    walk.act(Role.UNIT_HEAD, "approve", "同意")
    walk.act(Role.DEPARTMENT_FINANCE, "approve", "同意")
    walk.act(Role.FINANCE_BUSINESS, "approve", "同意")
    walk.act(Role.FINANCE_PERFORMANCE, "approve", "同意")
    walk.replied()
    assert walk.table.doc_no == "清财预〔2026〕12号"
    for number, window in enumerate(walk.table.windows):
        walk.window_clicked() if number < windows else walk.window_passed(window.window)
    assert {window.state for window in walk.table.windows} == {"accepted"}
    walk.act(Role.FINANCE_PERFORMANCE, "open_self_evaluation")
    walk.files(files_evaluation)
    walk.act(Role.UNIT_HEAD, "accept_self_evaluation", "同意")
    walk.act(Role.DEPARTMENT_FINANCE, "accept_self_evaluation", "同意")
    walk.act(Role.FINANCE_PERFORMANCE, "close", "归档", picture="table-before-closing")
    return walk


def test_a_table_walks_the_whole_chain_by_clicking(town: Town, chromium: object) -> None:
    walk = walked(town, chromium, "干部培训费", javascript=True)
    assert walk.table.stage == Stage.CLOSED
    assert walk.strangers == []
    assert walk.complaints == []


def test_a_table_walks_the_whole_chain_without_javascript(town: Town, chromium: object) -> None:
    walk = walked(town, chromium, "法律顾问咨询费", javascript=False, windows=1)
    assert walk.table.stage == Stage.CLOSED
    assert walk.strangers == []


def test_no_page_is_wider_than_a_small_screen_and_every_picture_has_its_place(town: Town, chromium: object) -> None:
    table = next(each for each in town.tables() if each.title == "法律顾问咨询费")
    with Person(town, chromium, table.owner) as clerk:
        wide = []
        draft = next(each for each in town.tables() if each.stage == Stage.DRAFT and each.owner == table.owner)
        pages = {
            "list": "/tables", "documents": "/documents", "document": f"/documents/{table.document}", "inbox": "/inbox",
            "upload": "/documents/new", "table-closed": f"/tables/{table.id}", "draft-2": f"/tables/{draft.id}/draft",
            "table-draft": f"/tables/{draft.id}",
        }  # fmt: skip
        for name, address in pages.items():
            clerk.page.goto(town.address + address)
            clerk.pictures(name)
            wide += [(address, clerk.overflow())] if clerk.overflow() > 0 else []
        clerk.page.goto(f"{town.address}/tables/{table.id}")
        printed = clerk.page.pdf(format="A4", prefer_css_page_size=True)
        if os.environ.get("GOALTRAIL_SHOTS"):
            Path(os.environ["GOALTRAIL_SHOTS"], "print.pdf").write_bytes(printed)
        assert wide == []
        assert printed.startswith(b"%PDF")
        assert clerk.complaints == []


def test_three_clicks_lead_from_signing_in_to_a_decision(town: Town, chromium: object) -> None:
    table = next(each for each in town.tables() if each.stage == Stage.DRAFT and each.family == "hebei-project")
    with Person(town, chromium, table.owner) as clerk:
        clerk.opens(table)
        completes_the_draft(clerk, table)
        clerk.presses("submit")
    with Person(town, chromium, town.who(table, Role.UNIT_HEAD)) as head:
        head.opens(table)
        head.presses("approve")
        assert head.clicks == 2
    assert town.table(table.id).stage == Stage.DEPARTMENT_REVIEW
