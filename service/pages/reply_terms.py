"""批复与下达: a year's terms, the congress's approval, and replies that a department passes on to its units."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.paging import SIZE, paging
from service.pages.posted import asked, command_id, refuse_long_texts, subject_id, text, year_of
from service.pages.replying import ticked_tables
from service.pages.worklist import amount
from service.reply_standing import Line, Standing, bureau_of_budget, bureau_of_correction, standing_of
from service.request_transaction import part_of_it
from service.usual_year import year_asked
from workflows.commands.approving_budget import approve_budget
from workflows.commands.correcting_budget import (
    ask_budget_correction,
    confirm_budget_correction,
    confirming_post,
    waiting_correction,
)
from workflows.commands.passing_on import MOST_TABLES, listed, pass_on_reply, refused_in_passing
from workflows.commands.recipe import Seen
from workflows.commands.rehearsal import rehearsal
from workflows.errors import FieldsInvalid, GoaltrailError, NotFound
from workflows.events import BudgetApproved, Recorded, ReplyPassedOn
from workflows.folds.replay import Table
from workflows.state.disclosures import PUBLIC_MARK
from workflows.state.reply_terms import Term, term
from workflows.store.choosing import standings_among
from workflows.store.queries import standing_seen_by
from workflows.store.replies import released_on
from workflows.vocabulary import Role
from workflows.workdays import beijing_date

VIEWS = {"": "全部", "to_pass_on": "待下达", "overdue": "已超期", "unreplied": "未批复"}

pages = Blueprint("reply_terms", __name__)


@pages.get("/reply-terms")
def show() -> str:
    """Show how the terms of a year stand."""
    return _page(_year())


def _year() -> int:
    return year_asked()


def _page(year: int, refusal: GoaltrailError | None = None, *, tried: int = 0) -> str:
    found, view = standing_of(transaction(), journal(), person(), year), asked("show")
    lines = [line for line in found.lines if _shown(line, view)]
    here = paging(len(lines))
    against = _against() if refusal else {}
    return render_template(
        "reply_terms.html", standing=found, year=year, view=view, views=VIEWS, paging=here, amount=amount,
        lines=lines[here.offset : here.offset + SIZE], passes=any(line.may_pass_on for line in lines),
        approves=person().holds(Role.FINANCE_BUDGET) and not _recorded(found), most=MOST_TABLES,
        refused=refusal.sentence if refusal else None, against=against, tried=tried, corrections=_corrections(found),
        ticked={each.partition(":")[0] for each in request.form.getlist("table")}, doc_no=text("doc_no"),
        opinion=text("opinion"),
    )  # fmt: skip


def _corrections(found: Standing) -> dict[str, tuple[BudgetApproved, Recorded | None, bool, bool]]:
    """Return for each bureau its approval, the correction that waits, and whether the person may ask and agree."""
    shown = {}
    for bureau, budget in found.budgets.items():
        waits = waiting_correction(journal(), bureau, found.year)
        agrees = waits is not None and waits.actor_id != person().id and confirming_post(person(), bureau) is not None
        shown[bureau] = (budget, waits, person().holds(Role.FINANCE_BUDGET, bureau), agrees)
    return shown


def _recorded(found: Standing) -> bool:
    return bureau_of_budget(person()) in found.budgets


def _shown(line: Line, view: str) -> bool:
    if view == "to_pass_on":
        return line.may_pass_on
    if view == "overdue":
        return Term.OVERDUE in (line.finance, line.passing, line.disclosing)
    return not line.doc_no if view == "unreplied" else True


@pages.post("/reply-terms")
def approve() -> ResponseReturnValue:
    """Record when the congress approved the year's budget."""
    year = year_of(text("year")) or _year()
    g.back, g.fresh = url_for("reply_terms.show", year=year), partial(_page, year)
    refuse_long_texts()
    fact = approve_budget(
        journal(), bureau=bureau_of_budget(person()), year=year, approved_on=text("approved_on"),
        doc_no=text("doc_no"), by=person(), command_id=command_id(),
    )  # fmt: skip
    flash(_("已登记人大批准日期，财政批复期限：%(day)s", day=fact.due), "good")
    return redirect(url_for("reply_terms.show", year=year), 303)


@pages.post("/reply-terms/correction")
def correct() -> ResponseReturnValue:
    """Ask that the congress's day read otherwise, or agree as the second person (`do=confirm`)."""
    year = year_of(text("year")) or _year()
    g.back, g.fresh = url_for("reply_terms.show", year=year), partial(_page, year)
    refuse_long_texts()
    who: dict[str, Any] = {"bureau": bureau_of_correction(person()), "year": year}
    who |= {"by": person(), "command_id": command_id()}
    if text("do") == "confirm":
        fact = confirm_budget_correction(journal(), approved_on=text("corrected_on"), **who)
        flash(_("已更正人大批准日期，财政批复期限：%(day)s", day=fact.due), "good")
    else:
        ask_budget_correction(
            journal(), approved_on=text("corrected_on"), doc_no=text("doc_no"), reason=text("reason"), **who
        )
        flash(_("已提出更正，待预算科的另一人或财政分管领导确认。"), "good")
    return redirect(url_for("reply_terms.show", year=year), 303)


@pages.post("/replies/passed-on")
def pass_on() -> ResponseReturnValue:
    """Pass the ticked replies on, all or none; with `do=try` only say whether that would be done."""
    year = year_of(text("year")) or _year()
    g.back, g.fresh = url_for("reply_terms.show", year=year), partial(_page, year)
    tables = ticked_tables()
    if not tables:
        raise FieldsInvalid(_("请勾选要下达的绩效目标表。"))
    refuse_long_texts()
    for table_id in tables:
        standing_seen_by(transaction(), person(), table_id)
    if text("do") == "try":
        with rehearsal(part_of_it) as ledger:
            number = len(_passed(ledger, tables))
        return _page(year, tried=number)
    done = _passed(journal(), tables)
    flash(_("已以%(number)s下达批复，共%(n)d张表", number=text("doc_no"), n=len(done)), "good")
    return redirect(url_for("reply_terms.document", document_id=subject_id("passing")), 303)


def _passed(ledger: Any, tables: Mapping[UUID, Seen]) -> tuple[Table, ...]:
    return pass_on_reply(
        ledger, subject_id("passing"), tables=tables, doc_no=text("doc_no"), by=person(), command_id=command_id(),
        opinion=text("opinion"),
    )  # fmt: skip


def _against() -> dict[str, str]:
    """Return the sentence of every ticked table that stands in the way; nothing where the form cannot be read."""
    try:
        refused = refused_in_passing(journal(), tables=ticked_tables(), by=person(), command_id=command_id())
    except GoaltrailError:
        return {}
    return {str(table_id): each.sentence for table_id, each in refused.items()}


@pages.get("/replies/passed-on/<uuid:document_id>")
def document(document_id: UUID) -> str:
    """Show a document of 下达 as the ledger holds it: number, tables, content and frozen amounts."""
    issued = next((each for each in journal().history(document_id) if isinstance(each.fact, ReplyPassedOn)), None)
    if issued is None:
        raise NotFound
    fact: Any = issued.fact
    known = standings_among(transaction(), person(), listed(fact))
    if not known:
        raise NotFound
    rows = [dict(row) | {"title": _title(known, row["table"])} for row in fact.tables]
    return render_template("reply_passed_on.html", fact=fact, issued=issued, rows=rows, total=_total(rows))


def _title(known: Mapping[UUID, Any], table: str) -> str:
    row = known.get(UUID(table))
    return row["title"] if row else ""


def _total(rows: list[dict[str, Any]]) -> int:
    return sum(bool(row["title"]) for row in rows)


@pages.app_context_processor
def _words() -> dict[str, object]:
    return {"terms_of": terms_of}


def terms_of(table: Table) -> list[tuple[str, str, str, Term]]:
    """Return what a table's page says of its terms: name, last day, day of the deed, how it stands."""
    replied, today = table.replied, beijing_date(transaction().now()).isoformat()
    if replied is None or table.revises:
        return []
    found = []
    if replied.pass_on_due or replied.passed_on:
        state = term(replied.pass_on_due, replied.passed_on, today)
        again = _("主管部门下达所属单位（第%(n)d次调整）", n=replied.revision)
        name = again if replied.revision else _("主管部门下达所属单位")
        found.append((name, replied.pass_on_due, replied.passed_on, state))
    if replied.disclose_due and table.disclosure == PUBLIC_MARK:
        reviewed = table.secrecy is not None and table.secrecy.content_hash == table.in_force
        released = released_on(transaction(), table.year).get(table.department) if reviewed else None
        done = beijing_date(released).isoformat() if released else ""
        found.append((_("公开"), replied.disclose_due, done, term(replied.disclose_due, done, today)))
    return found
