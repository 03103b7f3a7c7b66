"""新建绩效目标表: on an earlier year's table of the unit, or on a blank form (T1, G12)."""

from uuid import UUID

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.beginning_tables import begin_blank, begin_on, forms_offered, usual_year
from service.context import person, transaction
from service.organ_book import organs
from service.pages.beside_shown import last_year_of
from service.pages.posted import asked, command_id, refuse_long_texts, text, year_of
from service.taking_in import units_of
from workflows.commands.beginning import may_be_copied
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed, NotFound
from workflows.folds.replay import Table
from workflows.store.beginnings import earlier_tables
from workflows.store.queries import table_seen_by

pages = Blueprint("beginning", __name__)


@pages.get("/tables/new")
def new() -> str:
    """Show both ways to begin."""
    return _page(None)


def _page(refusal: GoaltrailError | None) -> str:
    units = units_of(person())
    if not units:
        raise NotAllowed(_("须由项目经办人新建绩效目标表。"))
    return render_template(
        "new_table.html", units=units, forms=forms_offered(), earlier=earlier_tables(transaction(), units),
        year=text("year") or usual_year(transaction().now()), unit=text("unit"), chosen=text("form"),
        title=text("title"), source=text("source") or asked("source"), wrong=refusal.sentence if refusal else None,
    )  # fmt: skip


@pages.post("/tables/new")
def begin() -> ResponseReturnValue:
    """Begin a table on a blank form and go to its draft."""
    g.fresh = _page
    refuse_long_texts()
    family, _colon, scope = text("form").partition(":")
    table = begin_blank(
        transaction(), unit=text("unit"), family=family, scope=scope, title=text("title"), year=_year(),
        chain=_chain(), by=person(), command_id=command_id(),
    )  # fmt: skip
    flash(_("已新建，指标表已按表式列出应设的指标并建议分值，请逐项填写。"), "good")
    return redirect(url_for("drafting.form", table_id=table.id), 303)


@pages.post("/tables/copies")
def copy() -> ResponseReturnValue:
    """Begin a later year's table on one of the unit and go to its draft."""
    g.fresh = _page
    table = begin_on(
        transaction(), table_seen_by(transaction(), person(), _source()), year=_year(), chain=_chain(), by=person(),
        command_id=command_id(),
    )  # fmt: skip
    flash(_("已以上年的表为底稿新建。资金、支出计划和公开属性已清空，请按“还须改动”所列逐项改写。"), "good")
    return redirect(url_for("drafting.form", table_id=table.id), 303)


def _year() -> int:
    year = year_of(text("year"))
    if year is None:
        raise FieldsInvalid(_("请填写预算年度。"), field="year")
    return year


def _source() -> UUID:
    try:
        return UUID(text("source"))
    except ValueError as error:
        raise NotFound from error


def _chain() -> str:
    chain: str = current_app.settings.chain  # type: ignore[attr-defined]
    return chain


def may_begin_on(table: Table) -> bool:
    """Whether the person may begin a later year's table on this one."""
    return organs().tree.heir(table.unit) in units_of(person()) and may_be_copied(table)


@pages.app_context_processor
def words() -> dict[str, object]:
    """Give the pages what they ask: who may begin a table, and on which."""
    return {"may_begin_on": may_begin_on, "may_begin": lambda: bool(units_of(person())), "last_year_of": last_year_of}
