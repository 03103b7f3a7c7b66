"""A table begun by a program, on a blank form or on an earlier year's; the indicator library read and looked after."""

from uuid import UUID

from flask import current_app
from pydantic import Field

from service.api.answers import Shape, TableHead
from service.api.asked import Asked
from service.api.bodies import Body
from service.api.bodies_of_beginnings import CopyOfTable, LibraryEntry, NewTable, Retirement
from service.api.heads import head_of
from service.api.operation import Reply
from service.beginning_tables import begin_blank, begin_on
from service.context import journal, person, transaction
from service.pages.library import bureau_of, one, refuse_strangers
from workflows.commands.curating import add_entry, retire_entry
from workflows.folds.replay import Table
from workflows.store.library import library
from workflows.store.queries import table_seen_by

MOST_LISTED = 200


class Begun(Shape):
    """A table that was begun: a draft at its clerk's desk."""

    table: TableHead
    dry_run: bool


class LibraryQuery(Body):
    """What to look for in the library: all of these words."""

    text: str = Field("", max_length=200)


class LibraryRow(Shape):
    """One indicator: its words, in how many tables, years and departments it is used, how often it was picked."""

    entry: UUID
    level1: str
    level2: str
    level3: str
    description: str
    target: str
    basis: str
    industry: str
    targets: list[str]
    tables: int
    years: list[int]
    departments: list[str]
    picked: int
    recommended: bool
    retired: str


class LibraryRows(Shape):
    """Indicators, recommended ones first, then the most used; `found` counts all, `items` are the first of them."""

    items: list[LibraryRow]
    found: int


class Curated(Shape):
    """An indicator was recommended or retired."""

    entry: UUID
    dry_run: bool


def create_table(asked: Asked) -> Reply:
    """Begin a table on a blank form."""
    body: NewTable = asked.body
    table = begin_blank(
        transaction(), unit=body.unit, family=body.family, scope=body.scope, title=body.title, year=body.year,
        chain=_chain(), by=person(), command_id=asked.command_id,
    )  # fmt: skip
    return _begun(table, asked)


def copy_table(asked: Asked) -> Reply:
    """Begin a later year's table on this one."""
    body: CopyOfTable = asked.body
    source = table_seen_by(transaction(), person(), asked.path["table_id"])
    table = begin_on(
        transaction(), source, year=body.year, chain=_chain(), by=person(), command_id=asked.command_id
    )
    return _begun(table, asked)


def _begun(table: Table, asked: Asked) -> Reply:
    said = Begun(table=head_of(transaction(), person(), table), dry_run=asked.dry_run)
    return Reply(said, {"Location": f"/api/v1/tables/{table.id}"}, 201)


def _chain() -> str:
    chain: str = current_app.settings.chain  # type: ignore[attr-defined]
    return chain


def list_library(asked: Asked) -> Reply:
    """Return the indicators that hold all of the words."""
    refuse_strangers()
    found = library(transaction(), bureau_of(), words=asked.query.text)
    names = LibraryRow.model_fields
    rows = [LibraryRow(**{name: getattr(each, name) for name in names}) for each in found[:MOST_LISTED]]
    return Reply(LibraryRows(items=rows, found=len(found)))


def add_to_library(asked: Asked) -> Reply:
    """Recommend an indicator."""
    body: LibraryEntry = asked.body
    entry = add_entry(
        journal(), bureau=bureau_of(), words=body.model_dump(), by=person(), command_id=asked.command_id
    )
    return Reply(Curated(entry=UUID(entry), dry_run=asked.dry_run), status=201)


def retire_from_library(asked: Asked) -> Reply:
    """Retire an indicator."""
    body: Retirement = asked.body
    refuse_strangers()
    retire_entry(
        journal(), entry=one(str(body.entry)), bureau=bureau_of(), reason=body.reason, by=person(),
        command_id=asked.command_id,
    )  # fmt: skip
    return Reply(Curated(entry=body.entry, dry_run=asked.dry_run), status=201)
