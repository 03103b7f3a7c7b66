"""新任务: the form with which the performance section asks units to file, and its preview of who is meant."""

from functools import partial
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.campaigns import Typed, bureau_of_the_section, terms_from
from service.context import journal, person, transaction
from service.pages.posted import command_id, text, year_of
from service.request_transaction import part_of_it
from workflows.campaigns import Purpose
from workflows.commands.campaigns import MOST_UNITS, Terms, open_campaign
from workflows.commands.rehearsal import rehearsal
from workflows.errors import FieldsInvalid, GoaltrailError
from workflows.store.campaigns import monitored_months, units_by_department
from workflows.workdays import beijing_date

pages = Blueprint("campaign_form", __name__)


@pages.get("/campaigns/new")
def new() -> str:
    """Show the empty form."""
    return _page()


def _page(refusal: GoaltrailError | None = None, tried: Terms | None = None) -> str:
    bureau_of_the_section(person())
    now, tx = beijing_date(transaction().now()), transaction()
    departments = units_by_department(tx)
    return render_template(
        "campaign_new.html", departments=departments, months=_months(now.year), today=now, tried=tried,
        typed=request.form, purposes=list(Purpose), most=MOST_UNITS,
        chosen={*request.form.getlist("department")}, units={*request.form.getlist("unit")},
        refused=refusal.sentence if refusal else None,
        where=refusal.facts.get("field", "") if refusal else "",
    )  # fmt: skip


def _months(year: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in (year - 1, year, year + 1):
        found |= monitored_months(transaction(), each)
    return found


@pages.post("/campaigns/new")
def open_one() -> ResponseReturnValue:
    """Open the campaign; with `do=try` only show which units would be asked."""
    g.back, g.fresh = url_for("campaign_form.new"), partial(_page)
    bureau, terms = bureau_of_the_section(person()), terms_from(transaction(), _typed())
    if text("do") == "try":
        with rehearsal(part_of_it) as ledger:
            open_campaign(ledger, bureau=bureau, terms=terms, by=person(), command_id=command_id())
        return _page(tried=terms)
    campaign = open_campaign(journal(), bureau=bureau, terms=terms, by=person(), command_id=command_id())
    flash(_("已布置“%(title)s”，共%(n)d个单位", title=campaign.title, n=len(campaign.scope)), "good")
    return redirect(url_for("campaigns.show", campaign_id=campaign.id), 303)


def _typed() -> Typed:
    year = year_of(text("year"))
    if year is None:
        raise FieldsInvalid(_("请填写年度。"), field="year")
    purpose = text("purpose")
    return Typed(
        year, purpose, text("title"), _moment("opens"), _moment("closes"), text("enforcing") != "no",
        text("window") if purpose == Purpose.MONITORING else "", tuple(request.form.getlist("department")),
        tuple(request.form.getlist("unit")), _least(), text("basis"),
    )  # fmt: skip


def _moment(name: str) -> str:
    day, hour = text(name), text(f"{name}_at")
    return f"{day}T{hour}" if hour else day


def _least() -> int:
    typed: Any = text("least") or "1"
    if not (typed.isascii() and typed.isdigit()) or len(typed) > len("999"):
        raise FieldsInvalid(_("每个单位应报张数须为数字。"), field="least")
    return int(typed)
