"""汇总表: the tables that the filters leave as official summaries, one workbook per department (F4)."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.organ_book import organs
from service.pages.attaching import SANDBOX
from service.pages.tables import filters_asked
from service.present import organ_name, word
from workflows.attachments import MEDIA_TYPES
from workflows.errors import FieldsInvalid, NotFound
from workflows.forms.writing import xlsx_of
from workflows.forms.writing.archive import FIXED_DAY
from workflows.forms.writing.summary_form import Summed, summary_form
from workflows.store.queries import tables_visible_to
from workflows.vocabulary import Stage

MOST = 500
NOT_IN_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|\r\n\t', "_"))

pages = Blueprint("summing", __name__)


@pages.get("/tables/summary.xlsx")
def sheet() -> Response:
    """Hand out the summary of the tables asked for: a workbook, or a ZIP of one for each department."""
    rows = tables_visible_to(transaction(), person(), filters_asked(), order="title", limit=MOST + 1)
    if not rows:
        raise NotFound(_("没有符合条件的绩效目标表。"))
    if len(rows) > MOST:
        raise FieldsInvalid(_("超过%(n)d张表，请先按年度或主管部门缩小范围。", n=MOST))
    contents = journal().contents_among({row["in_force"] or row["content_hash"] for row in rows})
    books = _books([dict(row) for row in rows], contents)
    if len(books) == 1:
        ((name, data),) = books.items()
        return _download(data, name, MEDIA_TYPES["xlsx"])
    return _download(_zipped(books), "绩效目标汇总表.zip", "application/zip")


def _books(rows: Sequence[dict[str, Any]], contents: Mapping[str, Mapping[str, Any]]) -> dict[str, bytes]:
    """Return a workbook for each department and year, by file name."""
    books: dict[str, bytes] = {}
    by = itemgetter("department", "year")
    names = organs().names
    for (department, year), group in groupby(sorted(rows, key=lambda row: (*by(row), row["title"])), by):
        tables = [
            Summed(contents[found], organ_name(row["unit"]), word(Stage(row["stage"])))
            for row in group if (found := row["in_force"] or row["content_hash"]) in contents
        ]  # fmt: skip
        form = summary_form(names.get(department, department), year, tables)
        books[f"{form.name.translate(NOT_IN_NAMES)}.xlsx"] = xlsx_of(form)
    return books


def _zipped(books: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in books.items():
            archive.writestr(zipfile.ZipInfo(name, FIXED_DAY), data)
    return out.getvalue()


def _download(data: bytes, name: str, media_type: str) -> Response:
    response = Response(data, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response
