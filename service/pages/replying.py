"""批复: the budget section puts one document number over the tables that passed both sections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.posted import command_id, refuse_long_texts, subject_id, text
from service.pages.worklist import AT_MOST, amount
from service.request_transaction import part_of_it
from workflows.commands.recipe import Seen
from workflows.commands.rehearsal import rehearsal
from workflows.commands.replying import MOST_TABLES, issue_reply, refused_in_reply
from workflows.errors import FieldsInvalid, GoaltrailError, NotFound
from workflows.events import ReplyIssued
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.store.choosing import standings_among
from workflows.store.queries import standing_seen_by, tables_waiting_for

pages = Blueprint("replying", __name__)


@dataclass(frozen=True)
class Line:
    """One table of a reply document as the reader sees it; without a title where it lies outside his scope."""

    table_id: str
    content_hash: str
    title: str
    unit: str
    amount: str


@pages.get("/replies/new")
def form() -> str:
    """Show what waits for a reply."""
    return reply_page(None)


def reply_page(refusal: GoaltrailError | None, *, tried: int = 0) -> str:
    """Return the form; after a refusal or a rehearsal with what was said of each table, typed and ticked."""
    rows: list[dict[str, Any]] = [
        dict(row) | {"amount": amount(row["amount_wan"])}
        for row in tables_waiting_for(transaction(), person(), limit=AT_MOST) if row["node"] == "reply"
    ]  # fmt: skip
    ticked = {each.partition(":")[0] for each in request.form.getlist("table")} | {request.args.get("table", "")}
    against = _against() if refusal else {}
    gone = [UUID(each) for each in against if each not in {str(row["table_id"]) for row in rows}]
    return render_template(
        "reply.html", rows=rows, chosen=ticked, doc_no=text("doc_no"), opinion=text("opinion"),
        refused=refusal.sentence if refusal else None, against=against, tried=tried,
        most=MOST_TABLES, gone=standings_among(transaction(), person(), gone) if gone else {},
    )  # fmt: skip


def _against() -> dict[str, str]:
    """Return the sentence of every ticked table that stands in the way; nothing where the form cannot be read."""
    try:
        refused = refused_in_reply(journal(), tables=ticked_tables(), by=person(), command_id=command_id())
    except GoaltrailError:
        return {}
    return {str(table_id): each.sentence for table_id, each in refused.items()}


@pages.post("/replies")
def issue() -> ResponseReturnValue:
    """Issue the reply over the ticked tables, all or none; with `do=try` only say whether that would be done."""
    g.fresh = reply_page
    tables = ticked_tables()
    if not tables:
        raise FieldsInvalid(_("请勾选列入批复的绩效目标表。"))
    refuse_long_texts()
    for table_id in tables:
        standing_seen_by(transaction(), person(), table_id)
    if text("do") == "try":
        with rehearsal(part_of_it) as ledger:
            number = len(_issued(ledger, tables))
        return reply_page(None, tried=number)
    done = _issued(journal(), tables)
    flash(_("已印发批复%(number)s，共%(n)d张表", number=text("doc_no"), n=len(done)), "good")
    return redirect(url_for("replying.show", reply_id=subject_id("reply")), 303)


def _issued(ledger: Journal, tables: Mapping[UUID, Seen]) -> Sequence[Table]:
    return issue_reply(
        ledger, subject_id("reply"), tables=tables, doc_no=text("doc_no"), by=person(), command_id=command_id(),
        opinion=text("opinion"),
    )  # fmt: skip


@pages.get("/replies/<uuid:reply_id>")
def show(reply_id: UUID) -> str:
    """Show a reply document as the ledger holds it: its number, its tables, the content that each was bound to."""
    issued = next((each for each in journal().history(reply_id) if isinstance(each.fact, ReplyIssued)), None)
    if issued is None:
        raise NotFound
    fact: Any = issued.fact
    lines = _lines(fact)
    if not any(each.title for each in lines):
        raise NotFound
    return render_template("reply_shown.html", fact=fact, issued=issued, lines=lines)


def _lines(fact: ReplyIssued) -> list[Line]:
    rows = standings_among(transaction(), person(), [UUID(each) for each in fact.tables])
    found = []
    for table_id, content_hash in zip(fact.tables, fact.content_hashes, strict=True):
        row = rows.get(UUID(table_id))
        said = (row["title"], row["unit"], amount(row["amount_wan"])) if row else ("", "", "")
        found.append(Line(table_id, content_hash, *said))
    return sorted(found, key=lambda line: (not line.title, line.title))


def ticked_tables() -> dict[UUID, Seen]:
    """Return the tables that a form has ticked, each as it stood on the page."""
    return dict(_ticked(each) for each in request.form.getlist("table"))


def _ticked(posted: str) -> tuple[UUID, Seen]:
    """Read one ticked table: its ID, the version and the content hash that stood on the page."""
    try:
        table_id, version, content_hash = posted.split(":")
        return UUID(table_id), Seen(int(version), content_hash)
    except ValueError as error:
        raise FieldsInvalid(_("表单不完整，请刷新页面后重试。")) from error
