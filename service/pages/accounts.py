"""决算批复: whose final accounts are approved, until when self-evaluations are disclosed, who has done it."""

from functools import partial
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.department_accounts import bureau_of_accounts, bureau_of_correction, refuse_unknown, standing_of
from service.pages.posted import asked, cleaned, command_id, refuse_long_texts, text, year_of
from workflows.commands.approving_accounts import approve_accounts
from workflows.commands.correcting_accounts import ask_accounts_correction, confirm_accounts_correction
from workflows.errors import GoaltrailError, NotAllowed
from workflows.workdays import beijing_date

pages = Blueprint("accounts", __name__)


@pages.get("/accounts")
def show() -> str:
    """Show the final accounts of a year, to whoever oversees a department."""
    return _page()


def _year() -> int:
    return year_of(asked("year")) or beijing_date(transaction().now()).year - 1


def _page(refusal: GoaltrailError | None = None) -> str:
    year = _year()
    return render_template(
        "accounts.html", year=year, lines=standing_of(transaction(), journal(), person(), year), approves=_approves(),
        refused=refusal.sentence if refusal else None, typed=request.form, ticked=request.form.getlist("department"),
    )  # fmt: skip


def _approves() -> bool:
    try:
        bureau_of_accounts(person())
    except NotAllowed:
        return False
    return True


@pages.post("/accounts")
def approve() -> ResponseReturnValue:
    """Record that the final accounts of departments were approved."""
    bureau, year = bureau_of_accounts(person()), _year()
    g.back, g.fresh = url_for("accounts.show", year=year), partial(_page)
    refuse_long_texts()
    departments = [cleaned(each) for each in request.form.getlist("department")]
    refuse_unknown(transaction(), bureau, departments)
    facts = approve_accounts(
        journal(), bureau=bureau, departments=departments, year=year, approved_on=text("approved_on"),
        doc_no=text("doc_no"), congress_on=text("congress_on"), by=person(), command_id=command_id(),
    )  # fmt: skip
    flash(_("已登记%(n)d个部门的决算批复", n=len(facts)), "good")
    return redirect(url_for("accounts.show", year=year), 303)


@pages.post("/accounts/correction")
def correct() -> ResponseReturnValue:
    """Ask that the approval of a department's accounts read otherwise, or agree as the second person (`do=confirm`)."""
    year, department = year_of(text("year")) or _year(), text("department")
    g.back, g.fresh = url_for("accounts.show", year=year), partial(_page)
    refuse_long_texts()
    bureau = bureau_of_correction(person())
    refuse_unknown(transaction(), bureau, [department])
    who: dict[str, Any] = {"bureau": bureau, "department": department, "year": year, "by": person()}
    who |= {"command_id": command_id(), "approved_on": text("corrected_on")}
    if text("do") == "confirm":
        fact = confirm_accounts_correction(journal(), asked_by=text("asked"), **who)
        flash(_("已更正决算批复，自评结果公开期限：%(day)s", day=fact.disclose_due), "good")
    else:
        ask_accounts_correction(
            journal(), doc_no=text("doc_no"), congress_on=text("congress_on"), reason=text("reason"), **who
        )
        flash(_("已提出更正，待预算科的另一人或财政分管领导确认。"), "good")
    return redirect(url_for("accounts.show", year=year), 303)
