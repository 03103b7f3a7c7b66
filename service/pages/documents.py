"""申报文本: the list, and one document with everything read in it."""

from operator import itemgetter
from pathlib import PurePath
from uuid import UUID

from flask import Blueprint, Response, render_template

from service import taking_in
from service.context import journal, person, transaction
from service.pages.attaching import SANDBOX
from service.pages.paging import leafed
from service.pages.words import READING_SORTS
from service.pages.worklist import amount
from workflows.attachments import MEDIA_TYPES
from workflows.forms.writing import document_form, docx_of, xlsx_of
from workflows.store.queries import Filters, document_seen_by, documents_visible_to, tables_visible_to

WRITERS = {"docx": docx_of, "xlsx": xlsx_of}

pages = Blueprint("documents", __name__)


@pages.get("/documents")
def index() -> str:
    """Show the documents of which the person may read a table."""
    documents, here = leafed(
        lambda limit, offset: documents_visible_to(transaction(), person(), limit=limit, offset=offset)
    )
    may_upload = bool(taking_in.units_of(person()))
    return render_template("documents.html", documents=documents, paging=here, may_upload=may_upload)


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


@pages.get("/documents/<uuid:document_id>/form.<any(docx,xlsx):ending>")
def form(document_id: UUID, ending: str) -> Response:
    """Hand out the document as its family's form: the department's part and every table that the person may read."""
    tx, ledger = transaction(), journal()
    filed = document_seen_by(tx, person(), document_id)
    rows = sorted(tables_visible_to(tx, person(), Filters(document=document_id), limit=500), key=itemgetter("ordinal"))
    hashes = [row["in_force"] or row["content_hash"] for row in rows]
    contents = ledger.contents_among(hashes)
    document = {
        "source": filed["name"], "family": filed["family"], "tables": [contents[each] for each in hashes],
        "department": ledger.content(filed["department_part"]) if filed["department_part"] else None,
        "undisclosed_tables": filed["undisclosed"],
    }  # fmt: skip
    response = Response(WRITERS[ending](document_form(document)), mimetype=MEDIA_TYPES[ending])
    name = f"{PurePath(filed['name']).stem}.{ending}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response
