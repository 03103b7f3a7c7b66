"""自评抽查: the performance section draws tables from a seed, sees what was drawn and how units evaluate themselves."""

from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.posted import asked, command_id, subject_id, text, year_of
from workflows.commands.sampling import MOST_CANDIDATES, draw_sample
from workflows.errors import GoaltrailError, NotAllowed
from workflows.packs import SamplingRules, load_pack
from workflows.rectifications import WHY_DRAWN
from workflows.store.sampling import results_by_unit, tables_drawn, tables_to_draw_from
from workflows.vocabulary import Role
from workflows.workdays import beijing_date

pages = Blueprint("sampling", __name__)
NATIONAL = "national-2021"


def rules_now() -> SamplingRules:
    """Return the rules by which the bureau draws: those of the national pack as shipped."""
    rules = load_pack(NATIONAL).sampling
    if rules is None:
        raise NotAllowed(_("规则包没有规定抽查。"), rule="G-PACK")
    return rules


def bureau_of_the_section() -> str:
    """Return the bureau in whose performance section the person sits; NotAllowed for everybody else."""
    found = next((post.organ for post in person().posts if post.role == Role.FINANCE_PERFORMANCE), None)
    if found is None:
        raise NotAllowed(_("自评抽查由财政绩效科办理。"), rule="R-ROLE")
    return found


@pages.get("/sampling")
def show() -> str:
    """Show what can be drawn and what was drawn."""
    return _page()


def _chosen_year() -> int:
    return year_of(asked("year")) or beijing_date(transaction().now()).year - 1


def _page(refusal: GoaltrailError | None = None) -> str:
    bureau, year, department = bureau_of_the_section(), _chosen_year(), asked("department")
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
    bureau, year, department = bureau_of_the_section(), _chosen_year(), asked("department")
    g.back, g.fresh = url_for("sampling.show", year=year, department=department), partial(_page)
    candidates = tables_to_draw_from(transaction(), bureau, year, department, limit=MOST_CANDIDATES + 1)
    drawn = draw_sample(
        journal(), subject_id("sampling"), bureau=bureau, year=year, department=department, candidates=candidates,
        seed=text("seed"), rules=rules_now(), by=person(), command_id=command_id(),
    )  # fmt: skip
    flash(_("抽中%(n)d张，已转入抽查", n=len(drawn)), "good")
    return redirect(g.back, 303)
