"""What follows from an evaluation, on a table's page: points given anew, the draw, rectifications and their forms."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.posted import cleaned, command_id, refuse_long_texts, seen, text
from service.pages.state_shown import names_in
from service.pages.table_view import table_page
from service.pages.words import RECTIFICATION_STATES
from service.present import organ_name, word
from workflows.commands.evaluating import use_of
from workflows.commands.rectifying import order_rectification, report_rectification, verify_rectification
from workflows.errors import FieldsInvalid
from workflows.folds.replay import Table
from workflows.measures.row_points import FULL
from workflows.rights.lifecycle import decide
from workflows.rights.rescoring import EXECUTION, distortion, rows_to_decide
from workflows.state.rectifications import MEASURES, WHY_DRAWN, Rectification
from workflows.store.queries import refuse_unseen
from workflows.store.streams import history_of
from workflows.vocabulary import Action, Role

pages = Blueprint("rectifying", __name__)
CAUSES = {"monitoring": "运行监控", "selfeval": "绩效自评"}
DECISIONS = {"rescored": "改分", "kept": "认可", "consented": "同意不适用"}


@dataclass(frozen=True)
class Mending:
    """One rectification as the page shows it, and what the person may do with it."""

    item: Rectification
    state: str
    cause: str
    by: str
    may_report: bool
    may_verify: bool


@dataclass(frozen=True)
class Results:
    """What the section on a table's page shows."""

    rescored: tuple[dict[str, Any], ...]
    off: str
    may_rescore: bool
    owed: int
    why_drawn: str
    use: str
    rectifications: tuple[Mending, ...]
    may_order: bool
    measures: tuple[str, ...] = MEASURES


def results_of(table: Table, *, live: bool = True) -> Results:
    """Return what follows from the table's evaluation, and what this person may do about it (`live`: as it stands)."""
    names = names_in(history_of(transaction(), table.id)) if table.rescores or table.rectifications else {}
    use = use_of(journal(), table)
    return Results(
        _rescored(table, names), str(distortion(table)), live and _may(table, Action.RESCORE),
        len(rows_to_decide(table)),
        _(WHY_DRAWN[table.drawn.why]) if table.drawn else "", _(use.use) if use else "",
        tuple(_mending(table, each, names, live=live) for each in table.rectifications),
        live and _may(table, Action.ORDER_RECTIFICATION),
    )  # fmt: skip


def _may(table: Table, action: Action, node: str | None = None) -> bool:
    return decide(person(), table, action, node=node).allowed


def _rescored(table: Table, names: Any) -> tuple[dict[str, Any], ...]:
    if not table.rescores:
        return ()
    content = journal().content(table.evaluated)
    called = {row["id"]: row["level3"] for row in content["indicators"]} | {EXECUTION: _("预算执行率")}
    return tuple(
        {"row": row, "name": called.get(row["row"], row["row"]), "who": names.get(each.by, each.by),
         "word": _(DECISIONS[row["decision"]])}
        for each in table.rescores for row in each.rows
    )  # fmt: skip


def _mending(table: Table, each: Rectification, names: Any, *, live: bool) -> Mending:
    window, key = table.window(each.window), each.rectification
    cause = _(CAUSES.get(each.cause, each.cause)) + (f"（{window.name}）" if window else "")
    by = f"{names.get(each.ordered_by, each.ordered_by)}（{organ_name(each.organ)} {word(Role(each.role))}）"
    return Mending(
        each, _(RECTIFICATION_STATES[each.state]), cause, by,
        live and _may(table, Action.REPORT_RECTIFICATION, f"rectification:{key}"),
        live and _may(table, Action.VERIFY_RECTIFICATION, f"rectification_check:{key}"),
    )  # fmt: skip


def execution_weight_of(table: Table) -> str:
    """Return how many points the execution of the budget could earn: what the rows as filed leave of 100."""
    rows = table.evaluation.scores if table.evaluation else ()
    return f"{(FULL - sum(Decimal(row['weight'] or '0') for row in rows)).normalize():f}"


@pages.app_context_processor
def _for_the_page() -> dict[str, object]:
    return {"results_of": results_of, "execution_weight_of": execution_weight_of}


@pages.post("/tables/<uuid:table_id>/rectifications")
def order(table_id: UUID) -> ResponseReturnValue:
    """Order a rectification."""
    _begins(table_id)
    order_rectification(
        journal(), table_id, **_subject(), problem=text("problem"), deadline=_day(required=True), cut=text("cut"),
        measures=tuple(map(cleaned, request.form.getlist("measures"))), window=text("window"),
    )  # fmt: skip
    return _done(table_id, _("已下达整改"))


@pages.post("/tables/<uuid:table_id>/rectifications/<key>/report")
def report(table_id: UUID, key: str) -> ResponseReturnValue:
    """Report what was done."""
    _begins(table_id)
    report_rectification(journal(), table_id, **_subject(), rectification=key, report=text("report"))
    return _done(table_id, _("已报告整改，等待核实"))


@pages.post("/tables/<uuid:table_id>/rectifications/<key>/verify")
def verify(table_id: UUID, key: str) -> ResponseReturnValue:
    """End a rectification, or send it back with another day."""
    _begins(table_id)
    verify_rectification(
        journal(), table_id, **_subject(), rectification=key, passed=text("passed") == "yes", opinion=text("opinion"),
        deadline=_day(),
    )  # fmt: skip
    return _done(table_id, _("已核实整改"))


def _begins(table_id: UUID) -> None:
    g.back, g.fresh = url_for("tables.show", table_id=table_id), partial(table_page, table_id)
    refuse_unseen(transaction(), person(), table_id)
    refuse_long_texts()


def _subject() -> dict[str, Any]:
    return {"seen": seen(), "by": person(), "command_id": command_id()}


def _day(*, required: bool = False) -> Any:
    typed = text("deadline")
    try:
        return date.fromisoformat(typed) if typed or required else None
    except ValueError as wrong:
        raise FieldsInvalid(_("请填写完成期限（年-月-日）。"), field="deadline") from wrong


def _done(table_id: UUID, words: str) -> ResponseReturnValue:
    flash(words, "good")
    return redirect(url_for("tables.show", table_id=table_id, _anchor="rectifications"), 303)
