"""公开目录: the released packs for everybody without signing in; nothing here reads what was not released."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _

from service.context import journal, transaction
from service.organ_book import organs
from service.pages.attaching import SANDBOX
from service.printed_files import NOT_IN_NAMES
from service.security import limiter
from workflows.attachments import MEDIA_TYPES
from workflows.disclosures import in_words
from workflows.errors import NotFound
from workflows.forms.form import Form
from workflows.forms.writing import docx_of, xlsx_of
from workflows.forms.writing.disclosed_pack import pack_form
from workflows.forms.writing_pdf import pdf_of, whats_missing
from workflows.store.disclosing import PublicPack, public_pack, public_packs

ENDINGS: Mapping[str, Callable[[Form, datetime], bytes]] = {
    "xlsx": lambda form, _day: xlsx_of(form), "docx": lambda form, _day: docx_of(form),
    "pdf": lambda form, day: pdf_of(form, dated=day),
}  # fmt: skip
SHOWN = ("title", "budget", "goals", "indicators", "amount_unit", "period", "fiscal_year", "purpose")
"""What the pages read of a content; explanations, marks and notes stay inside."""

pages = Blueprint("public", __name__, url_prefix="/public")


@pages.get("/")
def index() -> str:
    """List the released packs."""
    return render_template("public_packs.html", packs=public_packs(transaction()), words=in_words, name=_name)


@pages.get("/packs/<uuid:pack_id>")
def pack(pack_id: UUID) -> str:
    """Show one pack: its tables, what is not disclosed, who reviewed it."""
    found = _pack(pack_id)
    offered = [each for each in ENDINGS if each != "pdf" or not whats_missing()]
    return render_template(
        "public_pack.html", pack=found, name=_name(found), words=in_words, endings=offered, tables=_tables(found),
    )  # fmt: skip


@pages.get("/packs/<uuid:pack_id>/<uuid:table_id>")
def table(pack_id: UUID, table_id: UUID) -> str:
    """Show one public table as it was released."""
    found = _pack(pack_id)
    shown = next((each for each in _tables(found) if each["id"] == str(table_id)), None)
    if shown is None:
        raise NotFound
    return render_template("public_table.html", pack=found, name=_name(found), table=shown)


@pages.get("/packs/<uuid:pack_id>.<any(xlsx,docx,pdf):ending>")
@limiter.limit("60/minute")
def download(pack_id: UUID, ending: str) -> Response:
    """Hand a pack out as a file."""
    found = _pack(pack_id)
    name, fact = _name(found), found.fact
    contents = [journal().content(row["content_hash"]) for row in fact.tables]
    form = pack_form(name, contents, internal=fact.internal, stubs=fact.stubs, reviewers=found.reviewers)
    response = Response(ENDINGS[ending](form, found.released_at), mimetype=MEDIA_TYPES[ending])
    response.headers.set("Content-Disposition", "attachment", filename=f"{name.translate(NOT_IN_NAMES)}.{ending}")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _pack(pack_id: UUID) -> PublicPack:
    found = public_pack(transaction(), pack_id)
    if found is None:
        raise NotFound(_("没有这一公开目录。"))
    return found


def _name(found: PublicPack) -> str:
    department = organs().names.get(found.fact.department, found.fact.department)
    return f"{department}{found.fact.year}年度绩效目标公开表"


def _tables(found: PublicPack) -> list[dict[str, Any]]:
    """Return the pack's tables with only what is shown of them."""
    names = organs().names
    contents = journal().contents_among({row["content_hash"] for row in found.fact.tables})
    return [
        {"id": row["table"], "unit": names.get(found.units[row["table"]], ""), "reviewer": row["reviewer_name"],
         "address": url_for("public.table", pack_id=found.pack, table_id=row["table"]),
         **{key: contents[row["content_hash"]].get(key) for key in SHOWN}}
        for row in found.fact.tables
    ]  # fmt: skip
