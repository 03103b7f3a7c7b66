"""申报文本: the list, one document with everything read in it, and taking a new one in."""

from operator import itemgetter
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.paging import leafed
from service.pages.posted import cleaned, command_id, subject_id, text, year_of
from service.pages.words import READING_SORTS
from service.pages.worklist import amount
from workflows.commands.importing import Filing, Home, import_document
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed
from workflows.forms.reading import Reading, read_document
from workflows.store.organs import organ_of
from workflows.store.queries import Filters, document_seen_by, documents_visible_to, tables_visible_to
from workflows.vocabulary import Post, Role

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
    return [post.organ for post in person().posts if post.role == Role.CLERK]


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
    reading, document_id = read_document(data, name), subject_id("document")
    tables = reading.document["tables"]
    import_document(
        journal(), document_id, filing=Filing(name, data, reading.document, _found(reading)),
        homes=[_home(unit)] * len(tables), year=_year(reading), by=person(), post=Post(Role.CLERK, unit),
        command_id=command_id(),
    )  # fmt: skip
    flash(_("已导入%(n)d张绩效目标表，请逐张核对。", n=len(tables)), "good")
    return redirect(url_for("documents.show", document_id=document_id), 303)


def _found(reading: Reading) -> list[dict[str, object]]:
    return [
        {"line": each.line, "text": each.text, "guess": each.guess, "sort": each.sort.value}
        for each in reading.findings
    ]  # fmt: skip


def _year(reading: Reading) -> int:
    """Return the fiscal year typed, else the one printed; FieldsInvalid where there is neither."""
    printed = {str(table["fiscal_year"]) for table in reading.document["tables"] if table["fiscal_year"]}
    year = year_of(text("year") or (printed.pop() if len(printed) == 1 else ""))
    if year is None:
        raise FieldsInvalid(_("文本中没有印明预算年度，请填写。"))
    return year


def _home(unit: str) -> Home:
    """Return whose tables they are: the unit, the department above it, the bureau above that."""
    own = organ_of(transaction(), unit)
    department = own["parent"] if own and own["parent"] else unit
    above = organ_of(transaction(), department)
    return Home(above["parent"] if above and above["parent"] else department, department, unit, person().id)
