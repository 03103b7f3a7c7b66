"""申报文本: the list, one document with everything read in it and what became of it, and the whole of it on paper."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, render_template, url_for
from sqlalchemy import RowMapping

from service import taking_in
from service.context import journal, person, transaction
from service.pages.attaching import SANDBOX
from service.pages.document_shown import own_rows, shown
from service.pages.paging import leafed
from service.pages.posted import asked
from service.pages.words import READING_SORTS
from service.pages.worklist import amount
from service.present import moment
from workflows.attachments import MEDIA_TYPES
from workflows.errors import GoaltrailError
from workflows.filings import PartState
from workflows.forms.form import Form
from workflows.forms.writing import document_form, docx_of, xlsx_of
from workflows.forms.writing_pdf import pdf_of, whats_missing
from workflows.printing.filing_document import printed_document
from workflows.store.queries import Filters, document_seen_by, documents_visible_to, tables_visible_to
from workflows.vocabulary import Stage

MOST_TABLES = 500
OFF_PAPER = frozenset({Stage.VOIDED, Stage.REFUSED, Stage.TERMINATED})
"""Tables that ended are no part of the document on paper."""
LONGEST_VERSION = 4

pages = Blueprint("documents", __name__)


@pages.get("/documents")
def index() -> str:
    """Show the documents of which the person may read a table."""
    documents, here = leafed(
        lambda limit, offset: documents_visible_to(transaction(), person(), limit=limit, offset=offset)
    )
    may_upload = bool(taking_in.units_of(person()))
    states = {each.value: each for each in PartState}
    return render_template("documents.html", documents=documents, paging=here, may_upload=may_upload, states=states)


@pages.get("/documents/<uuid:document_id>")
def show(document_id: UUID) -> str:
    """Show one document: its tables, the department's part in force (or in `version`), what found no place."""
    return document_page(document_id)


def document_page(document_id: UUID, refused: GoaltrailError | None = None) -> str:
    """Return the page of a document; after a refusal with its sentence."""
    document, rows = _readable(document_id)
    return render_template(
        "document.html", document=document, of=shown(document, rows, _version()), sorts=READING_SORTS,
        findings=journal().content(document["findings"])["findings"], refused=refused.sentence if refused else None,
        rows=[dict(row) | {"amount": amount(row["amount_wan"])} for row in rows], pdf=not whats_missing(),
    )  # fmt: skip


def _readable(document_id: UUID) -> tuple[RowMapping, list[RowMapping]]:
    """Return a document with those of its own tables that the person may read; NotFound where that is none."""
    tx = transaction()
    document = document_seen_by(tx, person(), document_id)
    rows = tables_visible_to(tx, person(), Filters(document=document_id), limit=MOST_TABLES)
    return document, own_rows(document, rows)


def _version() -> int | None:
    typed = asked("version")
    usable = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_VERSION
    return int(typed) if usable else 0 if typed else None


@pages.get("/documents/<uuid:document_id>/form.<any(pdf,docx,xlsx):ending>")
def form(document_id: UUID, ending: str) -> Response:
    """Hand out the document on paper: the department's part in force and every table that the person may read."""
    g.back = url_for("documents.show", document_id=document_id)
    filed, rows = _readable(document_id)
    hashes = {
        row["ordinal"]: row["in_force"] or row["content_hash"] for row in rows if Stage(row["stage"]) not in OFF_PAPER
    }
    contents = journal().contents_among(tuple(hashes.values()))
    document = printed_document(
        source=filed["name"], family=filed["family"], undisclosed=filed["undisclosed"],
        part=journal().content(filed["department_part"]) if filed["department_part"] else None,
        tables={number: contents[each] for number, each in hashes.items()},
    )  # fmt: skip
    made = replace(document_form(document), foot=_foot(filed))
    last = max(filed["filed_at"], *(row["changed_at"] for row in rows))
    response = Response(WRITERS[ending](made, document, last), mimetype=MEDIA_TYPES[ending])
    response.headers.set("Content-Disposition", "attachment", filename=f"{PurePath(filed['name']).stem}.{ending}")
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


def _foot(filed: Mapping[Any, Any]) -> str:
    """Return the line at the foot of every page: which version of the part this is, who printed it and when (M12)."""
    part = filed["department_part"]
    version = f"部门整体部分第{filed['part_number']}版（{part[:16]}）　" if part else ""
    return f"{version}{person().name} {moment(transaction().now())} 打印"


WRITERS: Mapping[str, Callable[[Form, Mapping[str, Any], datetime], bytes]] = {
    "pdf": lambda made, document, last: pdf_of(made, dated=last, said=document),
    "docx": lambda made, _document, _last: docx_of(made),
    "xlsx": lambda made, _document, _last: xlsx_of(made),
}  # fmt: skip
