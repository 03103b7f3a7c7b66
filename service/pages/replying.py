"""批复: the budget section puts one document number over the tables that passed both sections."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.posted import command_id, refuse_long_texts, subject_id, text
from service.pages.worklist import AT_MOST, amount
from workflows.commands.recipe import Seen
from workflows.commands.replying import issue_reply
from workflows.errors import FieldsInvalid, GoaltrailError
from workflows.store.queries import standing_seen_by, tables_waiting_for

pages = Blueprint("replying", __name__)


@pages.get("/replies/new")
def form() -> str:
    """Show what waits for a reply."""
    return reply_page(None)


def reply_page(refusal: GoaltrailError | None) -> str:
    """Return the form; after a refusal with its sentence and what was typed and ticked."""
    rows: list[dict[str, Any]] = [
        dict(row) | {"amount": amount(row["amount_wan"])}
        for row in tables_waiting_for(transaction(), person(), limit=AT_MOST) if row["node"] == "reply"
    ]  # fmt: skip
    ticked = {each.partition(":")[0] for each in request.form.getlist("table")} | {request.args.get("table", "")}
    return render_template(
        "reply.html", rows=rows, chosen=ticked, doc_no=text("doc_no"), opinion=text("opinion"),
        refused=refusal.sentence if refusal else None,
    )  # fmt: skip


@pages.post("/replies")
def issue() -> ResponseReturnValue:
    """Issue the reply over the ticked tables: all of them or none."""
    g.fresh = reply_page
    tables = dict(_ticked(each) for each in request.form.getlist("table"))
    if not tables:
        raise FieldsInvalid(_("请勾选列入批复的绩效目标表。"))
    refuse_long_texts()
    for table_id in tables:
        standing_seen_by(transaction(), person(), table_id)
    done = issue_reply(
        journal(), subject_id("reply"), tables=tables, doc_no=text("doc_no"), by=person(), command_id=command_id(),
        opinion=text("opinion"),
    )  # fmt: skip
    flash(_("已印发批复%(number)s，共%(n)d张表", number=text("doc_no"), n=len(done)), "good")
    return redirect(url_for("worklist.show"), 303)


def _ticked(posted: str) -> tuple[UUID, Seen]:
    """Read one ticked table: its ID, the version and the content hash that stood on the page."""
    try:
        table_id, version, content_hash = posted.split(":")
        return UUID(table_id), Seen(int(version), content_hash)
    except ValueError as error:
        raise FieldsInvalid(_("表单不完整，请刷新页面后重试。")) from error
