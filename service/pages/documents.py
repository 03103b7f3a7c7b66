"""申报文本: the list, one document with everything read in it, and taking a new one in."""

from operator import itemgetter
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service import taking_in
from service.context import journal, person, transaction
from service.pages.paging import leafed
from service.pages.posted import cleaned, command_id, subject_id, text, year_of
from service.pages.words import READING_SORTS
from service.pages.worklist import amount
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed
from workflows.store.queries import Filters, document_seen_by, documents_visible_to, tables_visible_to

pages = Blueprint("documents", __name__)


@pages.get("/documents")
def index() -> str:
    """Show the documents of which the person may read a table."""
    documents, here = leafed(
        lambda limit, offset: documents_visible_to(transaction(), person(), limit=limit, offset=offset)
    )
    return render_template("documents.html", documents=documents, paging=here, may_upload=bool(_units()))


@pages.get("/documents/<uuid:document_id>")
def show(document_id: UUID) -> str:
    """Show one document: its tables, the department's part, what found no place."""
    tx, ledger = transaction(), journal()
    document = document_seen_by(tx, person(), document_id)
    rows = tables_visible_to(tx, person(), Filters(document=document_id), limit=500)
    part = ledger.content(document["department_part"]) if document["department_part"] else None
    return render_template(
        "document.html", document=document, part=part, findings=ledger.content(document["findings"])["findings"],
        rows=[dict(row) | {"amount": amount(row["amount_wan"])} for row in sorted(rows, key=itemgetter("ordinal"))],
        sorts=READING_SORTS,
    )  # fmt: skip


def _units() -> list[str]:
    return taking_in.units_of(person())


@pages.get("/documents/new")
def upload() -> str:
    """Show the form that takes a document in."""
    return upload_page(None)


def upload_page(refusal: GoaltrailError | None) -> str:
    """Return the form, after a refusal with its sentence."""
    if not _units():
        raise NotAllowed(_("须由项目经办人导入申报文本。"))
    return render_template(
        "upload.html", units=_units(), unit=text("unit"), year=text("year"),
        wrong=refusal.sentence if refusal else None,
    )  # fmt: skip


@pages.post("/documents/new")
def take_in() -> ResponseReturnValue:
    """Read the file and make its tables drafts of the person's unit."""
    g.fresh = upload_page
    unit, sent = text("unit"), request.files.get("file")
    if unit not in _units():
        raise NotAllowed(_("您不是该单位的项目经办人。"))
    if sent is None or not sent.filename:
        raise FieldsInvalid(_("请选择要导入的文件。"))
    name, data = cleaned(sent.filename), sent.read()
    document_id = subject_id("document")
    _reading, tables = taking_in.take_in(
        transaction(), document_id, name=name, data=data, unit=unit, year=year_of(text("year")), by=person(),
        command_id=command_id(),
    )  # fmt: skip
    flash(_("已导入%(n)d张绩效目标表，请逐张核对。", n=len(tables)), "good")
    return redirect(url_for("documents.show", document_id=document_id), 303)
