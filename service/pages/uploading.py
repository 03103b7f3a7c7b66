"""导入申报文本: one file, many or a ZIP; what became of each; naming the columns of a form that nobody knows."""

from hashlib import sha256
from uuid import UUID, uuid5

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service import taking_in
from service.context import person, transaction
from service.pages.posted import cleaned, command_id, subject_id, text, year_of
from service.request_transaction import part_of_it
from service.uploads import LARGEST_KEPT, MOST_AT_ONCE, Result, read, sent_files, spelled, written
from workflows.errors import DocumentUnreadable, FieldsInvalid, GoaltrailError, NotAllowed, NotFound
from workflows.forms.many_files import SentFile
from workflows.forms.mapped_reading import COLUMN_NAMES, Columns, grids_of, proposal, read_mapped
from workflows.forms.office_package import is_office
from workflows.forms.page_cells import Grid
from workflows.forms.reading import Reading, read_document
from workflows.forms.refusals import FamilyUnknown
from workflows.store.answers import keep_answer, kept_under, take_key
from workflows.store.queries import document_seen_by

FIELD_LABELS = {
    "title": "项目（单位）名称", "project_code": "项目编码", "supervising_department": "主管部门",
    "implementing_unit": "实施单位", "attribute": "项目属性", "period": "项目期", "total": "年度资金总额（万元）",
}  # fmt: skip
ROWS_SHOWN = 12

pages = Blueprint("uploading", __name__)


@pages.get("/documents/new")
def new() -> str:
    """Show the form that takes documents in."""
    return upload_page(None)


def upload_page(refusal: GoaltrailError | None) -> str:
    """Return the form, after a refusal with its sentence."""
    units = taking_in.units_of(person())
    if not units:
        raise NotAllowed(_("须由项目经办人导入申报文本。"))
    return render_template(
        "upload.html", units=units, unit=text("unit"), year=text("year"), wrong=refusal.sentence if refusal else None,
        most=MOST_AT_ONCE,
    )  # fmt: skip


@pages.post("/documents/new")
def take_in() -> ResponseReturnValue:
    """Read the files and make their tables drafts of the person's unit; each file stands for itself."""
    g.fresh = upload_page
    unit, year = _unit(), year_of(text("year"))
    files = sent_files([SentFile(cleaned(f.filename or ""), f.read()) for f in request.files.getlist("file") if f])
    if not files:
        raise FieldsInvalid(_("请选择要导入的文件。"))
    if len(files) > MOST_AT_ONCE:
        raise FieldsInvalid(_("一次最多导入%(n)d份文件，请分批导入。", n=MOST_AT_ONCE))
    key = _key(command_id())
    fingerprint = sha256(b"".join(sha256(each.data).digest() for each in files) + unit.encode()).digest()
    if take_key(transaction(), person().id, key, fingerprint) is None:
        results = [_taken(each, unit, year, alone=len(files) == 1) for each in files]
        body = written(results, unit=unit, year=text("year"))
        keep_answer(transaction(), person().id, key, status=303, headers={}, body=body)
    return _answer(read(_kept(command_id()))[0])


def _answer(results: list[Result]) -> ResponseReturnValue:
    """Lead to the document of a single file; to the list of results of many, or where columns wait to be named."""
    if len(results) == 1 and results[0].document:
        flash(_("已导入%(n)d张绩效目标表，请逐张核对。", n=results[0].tables), "good")
        return redirect(url_for("documents.show", document_id=results[0].document), 303)
    if len(results) == 1:
        return redirect(url_for("uploading.columns", upload=command_id(), number=0), 303)
    return redirect(url_for("uploading.results", upload=command_id()), 303)


def _unit() -> str:
    unit = text("unit")
    if unit not in taking_in.units_of(person()):
        raise NotAllowed(_("您不是该单位的项目经办人。"))
    return unit


def _taken(file: SentFile, unit: str, year: int | None, *, alone: bool) -> Result:
    """Read and file one file in a part of the transaction of its own; the refusal of a single file is the answer."""
    name = cleaned(file.name)[:200] or _("未命名")
    try:
        return _filed(name, file.data, read_document(file.data, name), unit, year)
    except (DocumentUnreadable, FieldsInvalid) as refusal:
        if isinstance(refusal, FamilyUnknown) and _has_grid(file.data) and len(file.data) < LARGEST_KEPT // 2:
            return Result(name, sentence=refusal.sentence, data=spelled(file.data))
        if alone:
            raise
        return Result(name, sentence=refusal.sentence)


def _has_grid(data: bytes) -> bool:
    return is_office(data) and bool(grids_of(data))


def _filed(name: str, data: bytes, reading: Reading, unit: str, year: int | None) -> Result:
    own = uuid5(command_id(), sha256(data).hexdigest() + name)
    document = uuid5(subject_id("document"), str(own))
    with part_of_it():
        tables = taking_in.file_reading(
            transaction(), document, reading, name=name, data=data, unit=unit, year=year, by=person(), command_id=own
        )
    rows = sum(len(table["indicators"]) for table in reading.document["tables"])
    return Result(name, str(document), len(tables), rows, len(reading.findings))


def _key(command: UUID) -> str:
    return f"upload:{command}"


def _kept(command: UUID) -> str:
    kept = kept_under(transaction(), person().id, _key(command))
    if kept is None:
        raise NotFound
    return kept.body


@pages.get("/documents/uploads/<uuid:upload>")
def results(upload: UUID) -> str:
    """Show what became of every file of an upload: refused ones first."""
    found, _unit_of, _year = read(_kept(upload))
    lines = sorted(enumerate(found), key=lambda pair: pair[1].document is not None)
    return render_template(
        "upload_results.html", command=upload, lines=lines, taken=sum(each.document is not None for each in found),
        tables=sum(each.tables for each in found), rows=sum(each.rows for each in found),
        findings=sum(each.findings for each in found),
    )  # fmt: skip


def _waiting(command: UUID, number: int) -> tuple[Result, str, str]:
    found, unit, year = read(_kept(command))
    if not 0 <= number < len(found) or not found[number].data:
        raise NotFound
    return found[number], unit, year


@pages.get("/documents/uploads/<uuid:upload>/<int:number>")
def columns(upload: UUID, number: int) -> ResponseReturnValue:
    """Show a file's grids and ask which column is what."""
    return _columns_page(upload, number, None)


def _columns_page(command: UUID, number: int, refusal: GoaltrailError | None) -> str:
    result, _unit_of, year = _waiting(command, number)
    grids = grids_of(result.bytes)
    guess = proposal(grids)
    grid = request.args.get("grid", guess.grid, type=int)
    chosen = grids[grid] if 0 <= grid < len(grids) else grids[0]
    if grid != guess.grid:
        guess = proposal([chosen])
    return render_template(
        "upload_columns.html", command=command, number=number, result=result, year=text("year") or year,
        grids=grids, grid=grid, guess=guess, names=COLUMN_NAMES, labels=FIELD_LABELS, rows=_rows(chosen),
        width=chosen.width, posted=request.form, wrong=refusal.sentence if refusal else None,
    )  # fmt: skip


def _rows(grid: Grid) -> list[list[str]]:
    shown = list(grid.rows())[:ROWS_SHOWN]
    return [[cell.text if (cell := row.at(column)) else "" for column in range(grid.width)] for row in shown]


@pages.post("/documents/uploads/<uuid:upload>/<int:number>")
def name_columns(upload: UUID, number: int) -> ResponseReturnValue:
    """Read the file by the named columns and make it a draft."""
    g.fresh = lambda refusal: _columns_page(upload, number, refusal)
    result, unit, _year = _waiting(upload, number)
    data, name = result.bytes, result.name
    reading = read_mapped(data, name, _posted_columns())
    document = uuid5(uuid5(upload, person().id), f"columns:{number}")
    if document_seen(document):
        return redirect(url_for("documents.show", document_id=document), 303)
    taking_in.file_reading(
        transaction(), document, reading, name=name, data=data, unit=unit, year=year_of(text("year")), by=person(),
        command_id=uuid5(document, "import"),
    )  # fmt: skip
    flash(_("已按所选的列导入，请核对。"), "good")
    return redirect(url_for("documents.show", document_id=document), 303)


def document_seen(document: UUID) -> bool:
    """Whether the person has this document already."""
    try:
        document_seen_by(transaction(), person(), document)
    except NotFound:
        return False
    return True


def _posted_columns() -> Columns:
    named: dict[str, int] = {}
    for field, key in request.form.items():
        if field.startswith("column-") and field.removeprefix("column-").isdecimal() and key in COLUMN_NAMES:
            if key in named:
                raise FieldsInvalid(_("“%(name)s”选了不止一列。", name=COLUMN_NAMES[key]))
            named[key] = int(field.removeprefix("column-"))
    fields = {name: text(f"field-{name}") for name in (*FIELD_LABELS, "purpose", "goals")}
    first, grid = text("first_row"), text("grid")
    scope = "unit" if text("scope") == "unit" else "project"
    return Columns(
        int(grid) if grid.isdecimal() else 0, int(first) - 1 if first.isdecimal() else 0, named, fields, scope
    )
