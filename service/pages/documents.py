"""申报文本: the list, and one document with everything read in it."""

from operator import itemgetter
from uuid import UUID

from flask import Blueprint, render_template

from service import taking_in
from service.context import journal, person, transaction
from service.pages.paging import leafed
from service.pages.words import READING_SORTS
from service.pages.worklist import amount
from workflows.store.queries import Filters, document_seen_by, documents_visible_to, tables_visible_to

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
