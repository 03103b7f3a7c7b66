"""移送: the referrals that the person may read, one of them, those about a table, and the two forms (8.4)."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.audit_reads import note_audit_read
from service.context import journal, person, transaction
from service.pages.posted import command_id, refuse_long_texts, subject_id, text
from workflows.commands.referring import answer_referral, make_referral, receivers
from workflows.errors import FieldsInvalid, GoaltrailError, NotFound
from workflows.folds.replay import Table
from workflows.referrals.reading import READS, answering_post, concerned, looks_for_referrals, referring_post
from workflows.referrals.referral import OUTCOMES, REFERRED_TO
from workflows.store.queries import table_seen_by
from workflows.store.referrals import Seen, referral_read_by, referrals_read_by

WHAT = "移送"

pages = Blueprint("referring", __name__)


@pages.get("/referrals")
def index() -> str:
    """List the referrals that the person may read; there is no such page for anybody without a post that could."""
    if not looks_for_referrals(person()):
        raise NotFound
    found = referrals_read_by(transaction(), person())
    note_audit_read(transaction(), person(), WHAT)
    return render_template("referrals.html", seen=found, table=None, to=REFERRED_TO)


@pages.get("/referrals/<uuid:referral_id>")
def show(referral_id: UUID) -> str:
    """Show one referral with its words, and what became of it."""
    return _referral(referral_id)


def _referral(referral_id: UUID, refused: GoaltrailError | None = None) -> str:
    found = referral_read_by(transaction(), person(), referral_id)
    note_audit_read(transaction(), person(), WHAT)
    return render_template(
        "referral.html", seen=found, to=REFERRED_TO, outcomes=OUTCOMES, may_answer=_may_answer(found),
        refused=refused.sentence if refused else None, typed=request.form,
    )  # fmt: skip


def _may_answer(found: Seen) -> bool:
    return found.referral.open and answering_post(person(), found.referral, found.table) is not None


@pages.post("/referrals/<uuid:referral_id>/answers")
def answer(referral_id: UUID) -> ResponseReturnValue:
    """Record what became of a referral."""
    referral_read_by(transaction(), person(), referral_id)
    g.back, g.fresh = url_for("referring.show", referral_id=referral_id), partial(_referral, referral_id)
    refuse_long_texts()
    answer_referral(
        journal(), referral_id, seen=_version(), outcome=text("outcome"), words=text("words"), doc_no=text("doc_no"),
        by=person(), command_id=command_id(),
    )  # fmt: skip
    flash(_("已登记移送结果"), "good")
    return redirect(url_for("referring.show", referral_id=referral_id), 303)


def _version() -> int:
    try:
        return int(text("version"))
    except ValueError as error:
        raise FieldsInvalid(_("表单不完整，请刷新页面后重试。")) from error


@pages.get("/tables/<uuid:table_id>/referrals")
def of_table(table_id: UUID) -> str:
    """Show the referrals about a table that the person may read, and the form for another."""
    return _of_table(table_id)


def _of_table(table_id: UUID, refused: GoaltrailError | None = None) -> str:
    table = _table(table_id)
    post = referring_post(person(), table)
    return render_template(
        "referrals.html", seen=referrals_read_by(transaction(), person(), table_id), table=table, to=REFERRED_TO,
        receivers=receivers(journal(), table) if post else (), may_make=post is not None,
        refused=refused.sentence if refused else None, typed=request.form,
    )  # fmt: skip


def _table(table_id: UUID) -> Table:
    """Return the table; NotFound, as for a table that there is not, for whom its referrals are not."""
    table = table_seen_by(transaction(), person(), table_id)
    if not shows_referrals(table):
        raise NotFound(table=str(table_id))
    return table


@pages.post("/tables/<uuid:table_id>/referrals")
def make(table_id: UUID) -> ResponseReturnValue:
    """Refer a violation seen at the table."""
    _table(table_id)
    g.back, g.fresh = url_for("referring.of_table", table_id=table_id), partial(_of_table, table_id)
    refuse_long_texts()
    made = make_referral(
        journal(), subject_id("referral"), table_id=table_id, to=text("to"), words=text("words"),
        receiver=text("receiver"), doc_no=text("doc_no"), by=person(), command_id=command_id(),
    )  # fmt: skip
    flash(_("已移送。除有权查看的人以外，任何页面和消息都不会提到它。"), "good")
    return redirect(url_for("referring.show", referral_id=made.id), 303)


def shows_referrals(table: Table) -> bool:
    """Whether the person may refer this table, or read what was referred of it."""
    by = person()
    reads = any(post.role in READS and post.organ == table.bureau for post in by.posts) and not concerned(by, table)
    return reads or referring_post(by, table) is not None


@pages.app_context_processor
def _for_the_page() -> dict[str, Any]:
    return {"shows_referrals": shows_referrals, "looks_for_referrals": looks_for_referrals}
