"""打印与下载: a table's official forms as files, for everybody who may read the table."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, Response, g, url_for

from service.context import journal, person, transaction
from service.organ_book import organs
from service.pages.attaching import SANDBOX
from service.present import word
from service.printed_files import ENDINGS, PrintedFile, drawn
from workflows.commands.printing import paper_of
from workflows.errors import NotFound
from workflows.folds.replay import Table
from workflows.forms.writing_pdf import whats_missing
from workflows.printing import FormKind
from workflows.store.covers import waivers_for
from workflows.store.queries import table_seen_by

NAMES = {"sheet": FormKind.SHEET, "form": FormKind.GOALS, "review": FormKind.REVIEW, "evaluation": FormKind.EVALUATION}

pages = Blueprint("printing", __name__)


@pages.get("/tables/<uuid:table_id>/<any(sheet,form,review,evaluation):which>.<any(pdf,docx,xlsx):ending>")
def form(table_id: UUID, which: str, ending: str) -> Response:
    """Hand out the approval sheet, the goal table, the review form or the self-evaluation."""
    return _handed_out(table_id, NAMES[which], ending)


@pages.get("/tables/<uuid:table_id>/windows/<window>.<any(pdf,docx,xlsx):ending>")
def monitoring(table_id: UUID, window: str, ending: str) -> Response:
    """Hand out the monitoring form of one window."""
    return _handed_out(table_id, FormKind.MONITORING, ending, window)


def _handed_out(table_id: UUID, kind: FormKind, ending: str, window: str | None = None) -> Response:
    g.back = url_for("tables.show", table_id=table_id)
    table = table_seen_by(transaction(), person(), table_id)
    if kind == FormKind.EVALUATION and not table.self_evaluation_opens:
        raise NotFound
    waivers = waivers_for(transaction(), table.unit)
    book = organs()
    paper = paper_of(
        journal(), table, kind, reader=person(), organs=book.names, waivers=waivers, codes=book.codes
    )
    return _download(drawn(paper, kind, ending, window))


def _download(file: PrintedFile) -> Response:
    response = Response(file.data, mimetype=file.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


def prints_of(table: Table) -> list[tuple[str, dict[str, str]]]:
    """Return the forms that can be printed of a table: the name of each with the address of each kind of file."""
    offered = [("sheet", FormKind.SHEET), ("form", FormKind.GOALS), ("review", FormKind.REVIEW)]
    if table.self_evaluation_opens:
        offered.append(("evaluation", FormKind.EVALUATION))
    rows = [
        (word(kind), _files(partial(url_for, "printing.form", table_id=table.id, which=which)))
        for which, kind in offered
    ]  # fmt: skip
    return rows + [
        (
            f"{word(FormKind.MONITORING)}（{window.name}）",
            _files(partial(url_for, "printing.monitoring", table_id=table.id, window=window.window)),
        )
        for window in table.windows if window.state != "planned"
    ]  # fmt: skip


def _files(address: Callable[..., str]) -> dict[str, str]:
    return {ending: address(ending=ending) for ending in ENDINGS if ending != "pdf" or not whats_missing()}


@pages.app_context_processor
def _for_the_page() -> dict[str, object]:
    return {"prints_of": prints_of, "print_missing": whats_missing}
