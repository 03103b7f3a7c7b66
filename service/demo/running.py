"""Projects of the made-up city that are under way: replied goals, figures due for last month, last year's results."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5

from service.demo.city import City
from service.demo.planting import DEMO
from workflows.commands import drafting, evaluating, monitoring, replying, reviewing
from workflows.commands.beginning import create_table
from workflows.commands.recipe import Seen
from workflows.folds.replay import Table
from workflows.store.journal import PostgresJournal
from workflows.vocabulary import SYSTEM, Actor, Role, Stage
from workflows.workdays import beijing_date

APPROVERS = ("unit_head", "department_finance", "finance_business", "finance_performance")


@dataclass(frozen=True)
class Project:
    """One project: `filed` is missing, in_time or late (last month's figures), or result (last year's)."""

    key: str
    reply: str
    unit: str
    owner: str
    title: str
    total: str
    years_ago: int
    filed: str


@dataclass(frozen=True)
class Month:
    """The month up to which this year's projects are monitored now."""

    year: int
    month: int

    @property
    def window(self) -> str:
        """Return it as a campaign names it (YYYY-MM)."""
        return f"{self.year}-{self.month:02}"


def month_before(today: date) -> Month | None:
    """Return the last full month of this year, None in January: then last year's results are due, no figures."""
    last = today.replace(day=1) - timedelta(days=1)
    return Month(last.year, last.month) if last.year == today.year else None


def shipped_projects() -> tuple[tuple[Project, ...], Mapping[str, Any]]:
    """Return the projects, and the content and figures that all of them share."""
    data: dict[str, Any] = json.loads((files("service.demo") / "projects.json").read_text(encoding="utf-8"))
    return tuple(Project(**project) for project in data["projects"]), data


@dataclass(frozen=True)
class Acting:
    """One transaction in which the city's people act."""

    journal: PostgresJournal
    city: City
    data: Mapping[str, Any]

    @property
    def now(self) -> datetime:
        """Return the log's time."""
        return self.journal.now()

    def begun(self, project: Project) -> Table:
        """Return a project's table, begun on its blank form if it was not begun before."""
        clerk, home = self.city.person(project.owner), self.city.home(project.unit, project.owner)
        return create_table(
            self.journal, home=home, family=self.data["content"]["family"], scope="project", title=project.title,
            year=beijing_date(self.now).year - project.years_ago, names=self._names(project), by=clerk,
            command_id=self._steps(project)("begin"),
        )  # fmt: skip

    def lead_to_monitoring(self, project: Project, month: int) -> Table:
        """Lead a project from its blank form to its reply, each desk by the first who may."""
        table, clerk, step = self.begun(project), self.city.person(project.owner), self._steps(project)
        if table.stage != Stage.DRAFT:
            return table
        version = drafting.content_in_work(self.journal, table).version
        drafting.save_draft(
            self.journal, table.id, seen=_seen(table), draft_version=version, by=clerk, command_id=step("save"),
            content=self.filled(project, table.year, month), reasons={},
        )  # fmt: skip
        table = drafting.submit_table(self.journal, table.id, seen=_seen(table), by=clerk, command_id=step("submit"))
        return self._replied(project, table)

    def _replied(self, project: Project, table: Table) -> Table:
        """Let every desk agree, and the budget section reply."""
        step = self._steps(project)
        for node in APPROVERS:
            table = reviewing.approve_table(
                self.journal, table.id, seen=_seen(table), by=self._at(table, node), command_id=step(node),
                opinion="同意。", node=node,
            )  # fmt: skip
        reply, doc_no = step("reply"), f"清财绩〔{table.year}〕{project.reply}号"
        (table,) = replying.issue_reply(
            self.journal, reply, tables={table.id: Seen(table.version, table.content_hash)}, doc_no=doc_no,
            opinion="同意批复。", by=self._at(table, "reply"), command_id=reply,
        )  # fmt: skip
        return table

    def called_for_figures(self, project: Project, table: Table, window: str) -> Table:
        """Open a table's window of a month, as the system does once its day has come."""
        key = _window(table, window)
        return monitoring.open_monitoring(
            self.journal, table.id, seen=_seen(table), window=key, by=SYSTEM, command_id=self._steps(project)("open"),
        )  # fmt: skip

    def filed_figures(self, project: Project, window: str) -> Table:
        """File a month's figures for a project."""
        table, figures = self.begun(project), self.data["midyear"]
        executed = _share(project, figures["share"])
        return monitoring.file_monitoring(
            self.journal, table.id, seen=_seen(table), window=_window(table, window),
            figures={"executed": executed, "rows": figures["rows"]}, by=self.city.person(project.owner),
            command_id=self._steps(project)("figures"),
        )  # fmt: skip

    def filed_result(self, project: Project, table: Table) -> Table:
        """Open the year's self-evaluation, as the system does at New Year, and file it."""
        step, said = self._steps(project), self.data["result"]
        table = evaluating.open_self_evaluation(
            self.journal, table.id, seen=_seen(table), by=SYSTEM, command_id=step("year end")
        )
        executed = _share(project, said["share"])
        rows = json.loads(json.dumps(said["rows"], ensure_ascii=False).replace("{支出}", executed))
        figures = {"executed": executed, "summary": said["summary"], "rows": rows}
        return evaluating.file_self_evaluation(
            self.journal, table.id, seen=_seen(table), by=self.city.person(project.owner), figures=figures,
            command_id=step("result"),
        )  # fmt: skip

    def filled(self, project: Project, year: int, month: int) -> dict[str, Any]:
        """Return what a project's clerk writes into its form, with a checkpoint at the end of a month."""
        text = json.dumps(self.data["content"], ensure_ascii=False)
        for word, value in (("{年}", str(year)), ("{月}", str(month)), ("{总额}", project.total)):
            text = text.replace(word, value)
        budget = {"total": project.total, "fiscal": project.total, "other": None, "carryover": None}
        department, unit = self._names(project)
        names = {"supervising_department": department, "implementing_unit": unit}
        return {**json.loads(text), **names, "title": project.title, "budget": budget}

    def _names(self, project: Project) -> tuple[str, str]:
        home = self.city.home(project.unit, project.owner)
        return self.city.organ(home.department).name, self.city.organ(home.unit).name

    def _at(self, table: Table, node: str) -> Actor:
        """Return the first person who holds the post of an open desk."""
        desk = next(each for each in table.desks if each.node == node)
        return next(iter(self.journal.holders(Role(desk.role), desk.organ)))

    def _steps(self, project: Project) -> "Steps":
        return Steps(project.key)


@dataclass(frozen=True)
class Steps:
    """The command IDs of a project's steps: planting twice repeats the same commands."""

    key: str

    def __call__(self, step: str) -> UUID:
        """Return the ID of one step."""
        return uuid5(DEMO, f"project:{self.key}:{step}")


def _seen(table: Table) -> Seen:
    return Seen(table.version, table.content_hash)


def _window(table: Table, month: str) -> str:
    return next(each.window for each in table.windows if each.date[:7] == month)


def _share(project: Project, percent: str) -> str:
    return str((Decimal(project.total) * Decimal(percent) / 100).quantize(Decimal("0.01")))
