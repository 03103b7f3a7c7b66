"""自评抽查: the performance section draws tables from a seed, sees what was drawn and how units evaluate themselves."""

from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.drawing_samples import Draw, bureau_of_the_section, draw_now, rules_now
from service.pages.posted import asked, command_id, subject_id, text, year_of
from workflows.commands.sampling import MOST_CANDIDATES
from workflows.errors import GoaltrailError
from workflows.state.rectifications import WHY_DRAWN
from workflows.store.sampling import results_by_unit, tables_drawn, tables_to_draw_from
from workflows.workdays import beijing_date

pages = Blueprint("sampling", __name__)


@pages.get("/sampling")
def show() -> str:
    """Show what can be drawn and what was drawn."""
    return _page()


def _chosen_year() -> int:
    return year_of(asked("year")) or beijing_date(transaction().now()).year - 1


def _page(refusal: GoaltrailError | None = None) -> str:
    bureau, year, department = bureau_of_the_section(person()), _chosen_year(), asked("department")
    tx = transaction()
    results = results_by_unit(tx, bureau, year)
    return render_template(
        "sampling.html", year=year, department=department, rules=rules_now(), why=WHY_DRAWN, typed=request.form,
        candidates=tables_to_draw_from(tx, bureau, year, department, limit=MOST_CANDIDATES + 1),
        drawn=tables_drawn(tx, bureau, year), results=results,
        departments=sorted({str(each["department"]) for each in results}),
        refused=refusal.sentence if refusal else None,
    )  # fmt: skip


@pages.post("/sampling")
def draw() -> ResponseReturnValue:
    """Draw from what waits now."""
    bureau_of_the_section(person())
    wanted = Draw(_chosen_year(), asked("department"), text("seed"))
    g.back, g.fresh = url_for("sampling.show", year=wanted.year, department=wanted.department), partial(_page)
    drawn = draw_now(
        transaction(), journal(), subject_id("sampling"), asked=wanted, by=person(), command_id=command_id()
    )
    flash(_("抽中%(n)d张，已转入抽查", n=len(drawn)), "good")
    return redirect(g.back, 303)
