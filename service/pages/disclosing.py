"""公开: secrecy reviews that wait, the department's pack before its release, and classified projects by number."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service import taking_in
from service.context import journal, person, transaction
from service.disclosing_packs import department_of, release_now, standing_now
from service.pages.posted import asked, command_id, refuse_long_texts, seen, subject_id, text, year_of
from service.pages.table_view import table_page
from workflows.accounts.disclosed import is_finished
from workflows.commands.disclosing import review_disclosure
from workflows.commands.stubs import register_stubs
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed
from workflows.folds.replay import Table
from workflows.rights.disclosing import filed_no_self_evaluation
from workflows.rights.lifecycle import decide
from workflows.state.disclosures import FIT, GOALS, KINDS, OUTCOMES, SHEETS
from workflows.store.disclosing import public_packs, tables_to_review
from workflows.store.queries import refuse_unseen
from workflows.vocabulary import Action, Role
from workflows.workdays import beijing_date

OFFICES = frozenset({Role.DEPARTMENT_FINANCE, Role.SECRECY_REVIEWER})
LONGEST_COUNT = 9

pages = Blueprint("disclosing", __name__)


@pages.get("/disclosure")
def show() -> str:
    """Show what waits for its secrecy review and, to the department's finance office, the pack of a year."""
    return _page()


def _year() -> int:
    return year_of(asked("year")) or beijing_date(transaction().now()).year


def _page(refusal: GoaltrailError | None = None) -> str:
    by, year = person(), _year()
    organs = [post.organ for post in by.posts if post.role in OFFICES]
    if not organs:
        raise NotAllowed(_("公开由主管部门规划财务处和保密审查员办理。"))
    releases = by.holds(Role.DEPARTMENT_FINANCE)
    standings = [
        standing_now(transaction(), journal(), department_of(by), year, what) for what in KINDS if releases
    ]  # fmt: skip
    return render_template(
        "disclosure.html", year=year, standings=standings, kinds=KINDS,
        to_review=[(what, each) for what in KINDS for each in tables_to_review(transaction(), organs, what)],
        packs=[each for each in public_packs(transaction()) if each.fact.department in organs],
        refused=refusal.sentence if refusal else None,
    )  # fmt: skip


@pages.post("/disclosure")
def release() -> ResponseReturnValue:
    """Release the pack of a year."""
    department_of(person())
    year, what = _year(), text("what") or GOALS
    if what not in KINDS:
        raise FieldsInvalid(_("表单不完整，请刷新页面后重试。"))
    g.back, g.fresh = url_for("disclosing.show", year=year), partial(_page)
    pack = subject_id("disclosure")
    fact = release_now(
        transaction(), journal(), pack, year=year, by=person(), command_id=command_id(), what=what
    )
    flash(_("已公开%(n)d张%(sheet)s", n=len(fact.tables), sheet=SHEETS[fact.what]), "good")
    return redirect(url_for("public.pack", pack_id=pack), 303)


@pages.post("/tables/<uuid:table_id>/disclosure")
def review(table_id: UUID) -> ResponseReturnValue:
    """Record a secrecy review."""
    g.back, g.fresh = url_for("tables.show", table_id=table_id), partial(table_page, table_id)
    refuse_unseen(transaction(), person(), table_id)
    refuse_long_texts()
    review_disclosure(
        journal(), table_id, seen=seen(), outcome=text("outcome"), reason=text("reason"), by=person(),
        command_id=command_id(), what=text("what") or GOALS,
    )  # fmt: skip
    flash(_("已记录保密审查结论"), "good")
    return redirect(url_for("tables.show", table_id=table_id, _anchor="disclosure"), 303)


@pages.post("/documents/stubs")
def stubs() -> ResponseReturnValue:
    """Register how many classified tables a unit has: the number alone."""
    unit, typed, year = text("unit"), text("count"), year_of(text("year"))
    g.back = url_for("uploading.new")
    if unit not in taking_in.units_of(person()):
        raise NotAllowed(_("您不是该单位的项目经办人。"))
    if year is None or not typed.isdecimal() or len(typed) > LONGEST_COUNT:
        raise FieldsInvalid(_("请填写预算年度和张数。"))
    filed = register_stubs(
        journal(), subject_id("document"), home=taking_in.home_of(transaction(), unit, person()), year=year,
        count=int(typed), by=person(), command_id=command_id(),
    )  # fmt: skip
    said = {"year": filed.year, "n": filed.undisclosed_tables}
    flash(_("已登记%(year)d年度涉密项目绩效目标表%(n)d张（仅张数）", **said), "good")
    return redirect(url_for("documents.index"), 303)


def may_review(table: Table) -> bool:
    """Whether this person may review the table's secrecy now."""
    return decide(person(), table, Action.REVIEW_DISCLOSURE).allowed


def may_review_evaluation(table: Table) -> bool:
    """Whether this person may review the secrecy of the table's finished self-evaluation now."""
    goals = table.secrecy
    fit = goals is not None and (goals.outcome, goals.content_hash) == (FIT, table.in_force)
    return fit and is_finished(table) and filed_no_self_evaluation(person(), table) and may_review(table)


@pages.app_context_processor
def _for_the_page() -> dict[str, object]:
    return {
        "may_review_disclosure": may_review, "may_review_evaluation": may_review_evaluation,
        "disclosure_outcomes": OUTCOMES,
    }  # fmt: skip
