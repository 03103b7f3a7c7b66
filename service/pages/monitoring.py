"""The monitoring form of one window: measured before it is filed, refused fields marked."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.figures_form import posted, rows_posted, wrong_places
from service.pages.posted import command_id, refuse_long_texts, seen, text
from service.pages.words import POSSIBILITIES
from workflows.commands.monitoring import file_monitoring, measure_window
from workflows.errors import GoaltrailError, NotFound, NotOpenNow
from workflows.folds.replay import Table, Window
from workflows.journal import Content
from workflows.measures.money_progress import PARTS, money_rows
from workflows.measures.row_progress import CAUSES
from workflows.rights.lifecycle import decide
from workflows.store.queries import table_seen_by
from workflows.store.streams import history_of
from workflows.vocabulary import Action

TEXTS = (
    ("cause", "偏差原因"), ("measure", "整改措施"), ("person", "责任人"), ("deadline", "完成日期"),
    ("compliance", "合规性核查情况（紫色）"),
)  # fmt: skip

pages = Blueprint("monitoring", __name__)


@pages.get("/tables/<uuid:table_id>/monitoring/<window>")
def form(table_id: UUID, window: str) -> str:
    """Show the form, with what was filed before where it came back."""
    table, content, planned = _opened(table_id, window)
    answer = decide(person(), table, Action.FILE_MONITORING, node=f"monitoring_filing:{window}")
    if not answer.allowed:
        raise NotOpenNow(answer.sentence, rule=answer.rule)
    return _page(table, content, planned, _prefilled(table, planned) | dict(planned.figures or {}))


def _prefilled(table: Table, window: Window) -> dict[str, Any]:
    """Return the amounts that a file brought for the window, where one did."""
    brought = table.executed_on(window.date)
    if brought is None:
        return {"rows": {}}
    return {"rows": {}, "executed": brought.executed, "adjusted_budget": brought.budget or ""}


def _opened(table_id: UUID, window: str) -> tuple[Table, Content, Window]:
    table = table_seen_by(transaction(), person(), table_id)
    planned = table.window(window)
    if planned is None:
        raise NotFound
    return table, journal().content(table.watched(planned)), planned


def _page(table: Table, content: Content, window: Window, figures: dict[str, Any], **more: Any) -> str:
    shown = {"wrong": set(), "problems": (), "measure": None, "refused": None} | more
    brought = table.executed_on(window.date)
    return render_template(
        "monitoring.html", table=table, content=content, window=window, figures=figures, texts=TEXTS,
        possibilities=POSSIBILITIES, causes=CAUSES, money=money_rows(content, figures),
        brought=brought, brought_by=_name_of(table, brought.by) if brought else "", **shown,
    )  # fmt: skip


def _name_of(table: Table, person_id: str) -> str:
    """Return the name under which somebody acted on the table."""
    names = {each.actor_id: each.actor_name for each in history_of(transaction(), table.id)}
    return names.get(person_id, person_id)


def figures_posted(content: Content) -> dict[str, Any]:
    """Return the typed figures."""
    rows = rows_posted(content, ("actual", "forecast", "possibility", "explanation", "remark"))
    ticked = {row: request.form.getlist(f"{row}-causes") for row in rows}
    parts = {key: posted(f"{key}-", ("executed", "forecast")) for key in PARTS}
    said = posted("", ("executed", "adjusted_budget", "forecast", *(name for name, _label in TEXTS)))
    return said | {
        "rows": {row: {**typed, "causes": ticked[row]} if ticked[row] else typed for row, typed in rows.items()},
        **({"parts": {key: part for key, part in parts.items() if part}} if any(parts.values()) else {}),
    }  # fmt: skip


@pages.post("/tables/<uuid:table_id>/monitoring/<window>")
def file(table_id: UUID, window: str) -> ResponseReturnValue:
    """Measure the figures, or file them."""
    if text("do") == "measure":
        return _measured(table_id, window)
    g.back, g.fresh = url_for("tables.show", table_id=table_id), partial(_measured, table_id, window)
    _table, content, _planned = _opened(table_id, window)
    refuse_long_texts()
    file_monitoring(
        journal(), table_id, seen=seen(), window=window, figures=figures_posted(content), by=person(),
        command_id=command_id(),
    )  # fmt: skip
    flash(_("已上报，等待主管部门审核。"), "good")
    return redirect(g.back, 303)


def _measured(table_id: UUID, window: str, refusal: GoaltrailError | None = None) -> str:
    """Return the form with what was typed, what it measures to, and what is still to fill."""
    table, content, planned = _opened(table_id, window)
    figures = figures_posted(content)
    found = measure_window(journal(), table, planned, figures)
    return _page(
        table, content, planned, figures, measure=found, problems=found.missing, wrong=wrong_places(found.missing),
        refused=refusal.sentence if refusal else (_("还有须填写的内容：") if found.missing else None),
    )  # fmt: skip
