"""全国表样: a table of any family in the national form (财预〔2015〕88号 annexes 1 and 2), as Word or Excel."""

from uuid import UUID

from flask import Blueprint, Response, g, url_for

from service.context import journal, person, transaction
from service.organ_book import organs
from service.pages.attaching import SANDBOX
from workflows.attachments import MEDIA_TYPES
from workflows.commands.printing import paper_of
from workflows.forms.cell_families import NATIONAL_PROJECT, NATIONAL_UNIT
from workflows.forms.writing import docx_of, table_form, xlsx_of
from workflows.printing import FormKind
from workflows.store.queries import table_seen_by

WRITERS = {"docx": docx_of, "xlsx": xlsx_of}

pages = Blueprint("national_forms", __name__)


@pages.get("/tables/<uuid:table_id>/national.<any(docx,xlsx):ending>")
def form(table_id: UUID, ending: str) -> Response:
    """Hand out the national form: a project's annex 1, a unit's or department's annex 2."""
    g.back = url_for("tables.show", table_id=table_id)
    table = table_seen_by(transaction(), person(), table_id)
    book = organs()
    paper = paper_of(journal(), table, FormKind.GOALS, reader=person(), organs=book.names, codes=book.codes)
    content = {**paper.content, "supervising_department": paper.coded_department}
    layout = NATIONAL_PROJECT if paper.content["scope"] == "project" else NATIONAL_UNIT
    response = Response(WRITERS[ending](table_form(content, layout=layout)), mimetype=MEDIA_TYPES[ending])
    response.headers.set("Content-Disposition", "attachment", filename=f"全国申报表样-{table.year}.{ending}")
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response
