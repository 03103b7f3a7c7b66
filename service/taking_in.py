"""A filing document taken in for a unit's clerk, by form or by program: read, given a home and a year, made drafts."""

from uuid import UUID

from flask import current_app
from flask_babel import gettext as _

from workflows.commands.administering import definition_in_force
from workflows.commands.importing import Filing, Home, import_document
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.folds.replay import Table
from workflows.forms.reading import Reading, read_document
from workflows.store.journal import PostgresJournal
from workflows.store.organs import organ_of
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Post, Role


def units_of(actor: Actor) -> list[str]:
    """Return the units whose documents the person may take in, not those that went into his own."""
    return [post.organ for post in actor.posts if post.role == Role.CLERK and not post.via]


def take_in(
    tx: Transaction, document_id: UUID, *, name: str, data: bytes, unit: str, year: int | None, by: Actor,
    command_id: UUID,
) -> tuple[Reading, tuple[Table, ...]]:  # fmt: skip
    """Read a file and make its tables drafts of the unit; return what was read and the tables.

    They go along the chain in force under the name that the installation chose (GOALTRAIL_CHAIN).

    NotAllowed for anybody but a clerk of the unit, DocumentUnreadable for what cannot be read, FieldsInvalid where
    neither the caller nor the text names one fiscal year.
    """
    if unit not in units_of(by):
        raise NotAllowed(_("您不是该单位的项目经办人。"))
    reading = read_document(data, name)
    tables = file_reading(
        tx, document_id, reading, name=name, data=data, unit=unit, year=year, by=by, command_id=command_id
    )
    return reading, tables


def file_reading(
    tx: Transaction, document_id: UUID, reading: Reading, *, name: str, data: bytes, unit: str, year: int | None,
    by: Actor, command_id: UUID,
) -> tuple[Table, ...]:  # fmt: skip
    """File what was read already, by a reader or by columns that the person named; raises as `take_in`."""
    if unit not in units_of(by):
        raise NotAllowed(_("您不是该单位的项目经办人。"))
    journal, settings = PostgresJournal(tx), current_app.settings  # type: ignore[attr-defined]
    return import_document(
        journal, document_id, filing=Filing(name, data, reading.document, _found(reading)),
        homes=[home_of(tx, unit, by)] * len(reading.document["tables"]), year=year or _printed_year(reading), by=by,
        post=Post(Role.CLERK, unit), command_id=command_id, definition=definition_in_force(journal, settings.chain),
    )  # fmt: skip


def _found(reading: Reading) -> list[dict[str, object]]:
    return [
        {"line": each.line, "text": each.text, "guess": each.guess, "sort": each.sort.value}
        for each in reading.findings
    ]  # fmt: skip


def _printed_year(reading: Reading) -> int:
    """Return the fiscal year printed; FieldsInvalid where there is none or more than one."""
    printed = {str(table["fiscal_year"]) for table in reading.document["tables"] if table["fiscal_year"]}
    year = printed.pop() if len(printed) == 1 else ""
    if not (len(year) == 4 and year.isascii() and year.isdigit()):
        raise FieldsInvalid(_("文本中没有印明预算年度，请填写。"), field="year")
    return int(year)


def home_of(tx: Transaction, unit: str, owner: Actor) -> Home:
    """Return whose tables they are: the unit, the department above it, the bureau above that."""
    own = organ_of(tx, unit)
    department = own["parent"] if own and own["parent"] else unit
    above = organ_of(tx, department)
    return Home(above["parent"] if above and above["parent"] else department, department, unit, owner.id)
