"""公开目录: the released packs for everybody without signing in; nothing here reads what was not released."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _

from service.context import journal, transaction
from service.organ_book import organs
from service.pages.attaching import SANDBOX
from service.pages.words import DETAILS
from service.printed_files import NOT_IN_NAMES
from service.security import limiter
from workflows.attachments import MEDIA_TYPES
from workflows.errors import NotFound
from workflows.forms.form import Form
from workflows.forms.writing import docx_of, xlsx_of
from workflows.forms.writing.disclosed_pack import pack_form
from workflows.forms.writing_pdf import pdf_of, whats_missing
from workflows.printing.disclosed_evaluations import Evaluated, evaluations_form
from workflows.state.disclosures import GOALS, KINDS, in_words
from workflows.store.disclosing import PublicPack, public_pack, public_packs

ENDINGS: Mapping[str, Callable[[Form, datetime], bytes]] = {
    "xlsx": lambda form, _day: xlsx_of(form), "docx": lambda form, _day: docx_of(form),
    "pdf": lambda form, day: pdf_of(form, dated=day),
}  # fmt: skip
SHOWN = (
    "title", "budget", "budget_detail", "allocated", "goals", "tasks", "indicators", "amount_unit", "period",
    "fiscal_year", "purpose",
)  # fmt: skip
"""What the pages read of a content; explanations, marks and notes stay inside."""

pages = Blueprint("public", __name__, url_prefix="/public")


@pages.get("/")
def index() -> str:
    """List the released packs."""
    return render_template("public_packs.html", packs=public_packs(transaction()), words=left_out, name=_name)


@pages.get("/packs/<uuid:pack_id>")
def pack(pack_id: UUID) -> str:
    """Show one pack: its tables, what is not disclosed, who reviewed it."""
    found = _pack(pack_id)
    offered = [each for each in ENDINGS if each != "pdf" or not whats_missing()]
    return render_template(
        "public_pack.html", pack=found, name=_name(found), words=left_out(found), endings=offered,
        tables=_tables(found), evaluated=found.fact.what != GOALS,
    )  # fmt: skip


@pages.get("/packs/<uuid:pack_id>/<uuid:table_id>")
def table(pack_id: UUID, table_id: UUID) -> str:
    """Show one public table as it was released."""
    found = _pack(pack_id)
    shown = next((each for each in _tables(found) if each["id"] == str(table_id)), None)
    if shown is None:
        raise NotFound
    page = "public_table.html" if found.fact.what == GOALS else "public_evaluation.html"
    return render_template(page, pack=found, name=_name(found), table=shown, details=DETAILS)


@pages.get("/packs/<uuid:pack_id>.<any(xlsx,docx,pdf):ending>")
@limiter.limit("60/minute")
def download(pack_id: UUID, ending: str) -> Response:
    """Hand a pack out as a file."""
    found = _pack(pack_id)
    name = _name(found)
    response = Response(ENDINGS[ending](_form(found, name), found.released_at), mimetype=MEDIA_TYPES[ending])
    response.headers.set("Content-Disposition", "attachment", filename=f"{name.translate(NOT_IN_NAMES)}.{ending}")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _form(found: PublicPack, name: str) -> Form:
    if found.fact.what != GOALS:
        evaluated = (Evaluated(said, goals, *_organs(found, row)) for row, said, goals in _contents(found))
        return evaluations_form(name, evaluated, left_out=left_out(found), reviewers=found.reviewers)
    contents = [goals for _, _, goals in _contents(found)]
    fact = found.fact
    return pack_form(name, contents, internal=fact.internal, stubs=fact.stubs, reviewers=found.reviewers)


def left_out(found: PublicPack) -> str:
    """Return the sentence that counts what a pack leaves out."""
    fact = found.fact
    return in_words(fact.internal, fact.stubs, fact.what, fact.unfinished)


def _pack(pack_id: UUID) -> PublicPack:
    found = public_pack(transaction(), pack_id)
    if found is None:
        raise NotFound(_("没有这一公开目录。"))
    return found


def _name(found: PublicPack) -> str:
    department = organs().names.get(found.fact.department, found.fact.department)
    return f"{department}{found.fact.year}年度{KINDS[found.fact.what]}公开表"


def _organs(found: PublicPack, row: Mapping[str, str]) -> tuple[str, str]:
    """Return what the unit of a table and the pack's department are called."""
    names = organs().names
    return names.get(found.units[row["table"]], ""), names.get(found.fact.department, "")


def _contents(found: PublicPack) -> Iterator[tuple[Mapping[str, str], Mapping[str, Any], Mapping[str, Any]]]:
    """Yield each table's row, the content that was released, and its goals: the same where goals are disclosed."""
    released = journal().contents_among({row["content_hash"] for row in found.fact.tables})
    named = {said["in_force"] for said in released.values() if "in_force" in said}
    goals = journal().contents_among(named)
    for row in found.fact.tables:
        said = released[row["content_hash"]]
        yield row, said, goals[said["in_force"]] if "in_force" in said else said


def _tables(found: PublicPack) -> list[dict[str, Any]]:
    """Return the pack's tables with only what is shown of them; `said` is what came of a self-evaluation."""
    return [
        {"id": row["table"], "unit": _organs(found, row)[0], "reviewer": row["reviewer_name"],
         "address": url_for("public.table", pack_id=found.pack, table_id=row["table"]),
         "said": said.get("self_evaluation"), "scores": _by_row(said), **{key: goals.get(key) for key in SHOWN}}
        for row, said, goals in _contents(found)
    ]  # fmt: skip


def _by_row(said: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {score["row"]: score for score in said.get("self_evaluation", {}).get("scores", ())}
