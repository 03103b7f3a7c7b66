"""What people do at their browsers, in short sentences: sign in, open a table, type, press a button."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import Engine

from service.demo.city import sample_bytes, shipped_city
from service.demo.planting import filing_of
from service.year import corrections, figures
from service.year.dice import Dice
from tests.support.cluster import Database
from workflows.commands.drafting import content_in_work
from workflows.commands.importing import Filing, Home, import_document
from workflows.commands.recipe import Seen
from workflows.folds.replay import Table
from workflows.forms.reading import read_document
from workflows.packs import Pack, pack_from
from workflows.store.journal import PostgresJournal
from workflows.store.queries import all_standings, table_in
from workflows.store.snapshots import table_now
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Post, Role

SCREEN = {"width": 1366, "height": 768}


@cache
def filed(file: str) -> Filing:
    """A sample document of the demo as it is filed."""
    sample = next(each for each in shipped_city().samples if each.file == file)
    return filing_of(read_document(sample_bytes(sample), file), file, sample_bytes(sample))


@dataclass
class Town:
    """The address of the server, a look into its database for what a person would know by heart, where notes lie."""

    address: str
    database: Database
    anchors: Path = Path()
    entered: dict[str, Any] = field(default_factory=dict)
    windows: dict[tuple[str, bool], Any] = field(default_factory=dict)

    @cached_property
    def engine(self) -> Engine:
        """The way into the database, made when somebody looks; a visitor from outside has a town without one."""
        return make_engine(self.database.app_url)

    def tables(self) -> list[Table]:
        with begin(self.engine) as tx:
            return [table_in(tx, row) for row in all_standings(tx)]

    def own_draft(self, like: str) -> Table:
        """A draft that nobody else touches: the first table of this department or title, filed once more by itself."""
        twin = min((t for t in self.tables() if like in (t.title, t.department)), key=lambda table: table.title)
        filings = [filed(each.file) for each in shipped_city().samples if each.year == twin.year]
        filing = next(each for each in filings if each.document["family"] == twin.family)
        one = next(each for each in filing.document["tables"] if each["title"] == twin.title)
        title = f"{twin.title} {uuid4().hex[:6]}"
        alone = replace(filing, document={**filing.document, "tables": [{**one, "title": title}]}, findings=[])
        with begin(self.engine) as tx:
            (made,) = import_document(
                PostgresJournal(tx), uuid4(), filing=alone, homes=[Home(twin.bureau, twin.department, twin.unit, twin.owner)],
                year=twin.year, by=shipped_city().person(twin.owner), post=Post(Role.CLERK, twin.unit), command_id=uuid4(),
            )  # fmt: skip
        return made

    def table(self, table_id: UUID) -> Table:
        with begin(self.engine) as tx:
            return table_now(tx, table_id)

    def acts(self, table_id: UUID, role: Role, verb: Callable[..., Table], **details: object) -> None:
        """Let whoever holds the role for the table do something without a browser."""
        with begin(self.engine) as tx:
            table = table_now(tx, table_id)
            by, seen = shipped_city().person(self.who(table, role)), Seen(table.version, table.content_hash)
            verb(PostgresJournal(tx), table_id, seen=seen, by=by, command_id=uuid4(), **details)

    def content(self, table: Table) -> tuple[dict[str, Any], Pack]:
        with begin(self.engine) as tx:
            ledger = PostgresJournal(tx)
            content = ledger.content(table.in_force) if table.in_force else content_in_work(ledger, table).content
            return content, pack_from(ledger.content(table.pack_hash))

    def who(self, table: Table, role: Role) -> str:
        """The login of somebody who holds the role for this table."""
        if role == Role.CLERK:
            return table.owner
        organs = {table.unit, table.department, table.bureau}
        people = shipped_city().people
        return next(each.id for each in people if any(p.role == role and p.organ in organs for p in each.posts))


@dataclass
class Person:
    """Somebody at a browser of their own; remembers every address that was asked for and every complaint.

    `comes_to` is the page at which they begin, empty where it is the one that they left.
    """

    town: Town
    browser: Any
    login: str
    javascript: bool = True
    comes_to: str = "/work"
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    clicks: int = 0

    def __enter__(self) -> Self:
        """Sit down: at the window left open the last time, which still knows the person, or at a new browser."""
        known = self.town.windows.get((self.login, self.javascript))
        self.page = known or self._new_window()
        self.context = self.page.context
        self.page.set_viewport_size(SCREEN)
        for what, hears in self._hearing():
            self.page.on(what, hears)
        if self.login not in self.town.entered:
            self._signs_in()
        elif self.comes_to:
            self.page.goto(self.town.address + self.comes_to)
        self.town.windows[self.login, self.javascript] = self.page
        return self

    def _new_window(self) -> Any:
        return self.browser.new_context(
            viewport=SCREEN, java_script_enabled=self.javascript, locale="zh-CN", storage_state=self.town.entered.get(self.login)
        ).new_page()

    def _hearing(self) -> list[tuple[str, Callable[[Any], object]]]:
        """What is heard while the person sits there: addresses asked for, complaints on the console, faults."""
        return [("request", self._asks), ("console", self._complains), ("pageerror", self._fails)]

    def _asks(self, request: Any) -> None:
        self.asked.append(request.url)

    def _complains(self, said: Any) -> None:
        if said.type == "error":
            self.complaints.append(said.text)

    def _fails(self, error: Any) -> None:
        self.complaints.append(str(error))

    def _signs_in(self) -> None:
        """Give name and password, once; the next time the browser still knows the person."""
        self.page.goto(self.town.address + "/login")
        self.page.fill("#login", self.login)
        self.page.fill("#password", shipped_city().password)
        self.page.click("main form button >> nth=0")
        self.page.wait_for_url("**/work")
        self.town.entered[self.login] = self.context.storage_state()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave the window open: a new one costs a second of CPU each time. After a failure nobody sits there again."""
        for what, hears in self._hearing():
            self.page.remove_listener(what, hears)
        for page in self.context.pages:
            if page is not self.page:
                page.close()
        if error is not None:
            del self.town.windows[self.login, self.javascript]
            self.context.close()

    def click(self, selector: str) -> None:
        self.clicks += 1
        self.page.click(selector)
        self.page.wait_for_load_state()

    def opens(self, table: Table) -> None:
        """From the worklist to the table's work, by its title."""
        self.page.goto(self.town.address + "/work")
        self.click(f"td.title a[href*='{table.id}']")

    def goes_to(self, table: Table) -> None:
        self.page.goto(f"{self.town.address}/tables/{table.id}")

    def presses(self, action: str, said: str = "", name: str = "opinion") -> None:
        """Open the small form of an action, say something, send it; the page must say that it was done."""
        form = f"form[action$='/{action}']"
        if not self.page.is_visible(f"{form} button"):
            self.page.click(f"details:has({form}) > summary")
        if said:
            self.page.fill(f"{form} textarea[name={name}]", said)
        self.click(f"{form} button")
        assert self.page.locator(".notice.good").count() == 1, self.page.locator("main").inner_text()[:1600]

    def pictures(self, name: str) -> None:
        """Keep a picture of the screen where GOALTRAIL_SHOTS names a folder, for a person to look at."""
        folder = os.environ.get("GOALTRAIL_SHOTS")
        if folder:
            self.page.screenshot(path=f"{folder}/{name}.png")
            self.page.screenshot(path=f"{folder}/{name}-whole.png", full_page=True)

    def overflow(self) -> int:
        """How many pixels the page is wider than the screen."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def others(self) -> list[str]:
        """Addresses asked for that are not this server's."""
        here = urlsplit(self.town.address).netloc
        return [url for url in self.asked if urlsplit(url).scheme != "data" and urlsplit(url).netloc != here]


def completes_the_draft(clerk: Person, table: Table) -> None:
    """Type everything that the pre-review asks for: rows, corrected texts, weights, mark, explanations, the reason."""
    content, pack = clerk.town.content(table)
    wanted = corrections.corrected(content, year=table.year, pack=pack).content
    page, known = clerk.page, {row["id"] for row in content["indicators"]}
    for _row in [row for row in wanted["indicators"] if row["id"] not in known]:
        page.fill("#reason", "按机审意见补充指标")
        clerk.click("button[value=add]")
    for row in wanted["indicators"]:
        _types_row(page, row)
    for name in ("total", "fiscal", "other", "carryover"):
        page.fill(f"#budget-{name}", wanted["budget"][name] or "")
    for number, point in enumerate(wanted["spending_plan"]):
        page.fill(f"#plan-{number}", point["cumulative_percent"] or "")
    page.select_option("#disclosure", wanted["disclosure"])
    page.fill("#reason", "按机审意见逐项核对更正")
    clerk.click("button[value=save]:not(.visually-hidden)")
    for box in page.locator("input[name^='explain-']").all():
        box.fill("已核实，情况属实，予以说明")
    page.fill("#reason", "逐项说明机审提示")
    clerk.click("button[value=close]")


def _types_row(page: Any, row: dict[str, Any]) -> None:
    for name in ("level1", "level2", "level3", "description", "basis", "weight"):
        page.fill(f"[name='{row['id']}-{name}']", row[name] or "")
    page.fill(f"[name='{row['id']}-target']", row["target"]["raw"] or "")


def window_figures(town: Town, table: Table) -> dict[str, Any]:
    """The figures of the open window as the plan would have them, as a program files them."""
    content, pack = town.content(table)
    window = next(each for each in table.windows if each.state == "open")
    planned = {"date": window.date, "planned_percent": window.planned_percent}
    reported = figures.at_a_checkpoint(content, planned, pack, behind=Decimal(0))
    rows = {row_id: {**filed, "possibility": "certain"} for row_id, filed in reported["rows"].items()}
    return {"executed": reported["executed"], "rows": rows, "cause": "", "measure": "", "person": "", "deadline": ""}


def files_monitoring(clerk: Person, table: Table) -> None:
    """Type the figures of the open window as the plan would have them, measure, then file."""
    content, pack = clerk.town.content(table)
    window = next(each for each in table.windows if each.state == "open")
    reported = figures.at_a_checkpoint(
        content, {"date": window.date, "planned_percent": window.planned_percent}, pack, behind=Decimal(0)
    )
    clerk.page.fill("[name=executed]", reported["executed"])
    for row_id, filed in reported["rows"].items():
        clerk.page.fill(f"[name='{row_id}-actual']", filed.get("actual") or "")
        clerk.page.fill(f"[name='{row_id}-forecast']", filed.get("forecast") or "")
        clerk.page.select_option(f"[name='{row_id}-possibility']", "certain")
        if "explanation" in filed:
            clerk.page.click(f"details:has([name='{row_id}-explanation']) summary")
            clerk.page.fill(f"[name='{row_id}-explanation']", filed["explanation"])
    clerk.click("button[value=measure]")
    clerk.pictures("monitoring")
    _fills_what_is_missing(clerk)
    clerk.click("button[value=file]")


def _fills_what_is_missing(clerk: Person) -> None:
    words = {"cause": figures.CAUSE, "measure": figures.MEASURE, "person": "林晓雯", "compliance": "已核查，资金使用合规"}
    for name, text in words.items():
        if clerk.page.locator(f"#{name}[aria-invalid]").count():
            clerk.page.fill(f"#{name}", text)
    if clerk.page.locator("#deadline[aria-invalid]").count():
        clerk.page.fill("#deadline", date(2026, 12, 1).isoformat())


def files_evaluation(clerk: Person, table: Table) -> None:
    """Type the year's figures as they fell, score, then file."""
    content, pack = clerk.town.content(table)
    reported = figures.at_the_years_end(content, pack, figures.Fate(10, 85, 96), Dice(7), table.id)
    clerk.page.fill("[name=executed]", reported["executed"])
    for row_id, filed in reported["rows"].items():
        for name, text in filed.items():
            box = clerk.page.locator(f"[name='{row_id}-{name}']")
            if box.count():
                box.fill(text or "")
    clerk.click("button[value=score]")
    clerk.pictures("evaluation")
    for box in clerk.page.locator("textarea[name$='-reason'][aria-invalid]").all():
        box.fill(figures.IMPROVEMENT)
    clerk.click("button[value=file]")
