"""Rows of the database as the lists of the interface tell them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from service.api.answers_listed import AskedItem, DocumentRow, Notice, TableRow, WorkItem
from service.present import organ_name, stage_name, word
from service.what_is_asked import Asked

Row = Mapping[Any, Any]


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def table_row(row: Row) -> TableRow:
    """Return a table of a list."""
    same = (
        "title", "year", "unit", "department", "scope", "stage", "returned", "overdue", "due_at", "doc_no", "colour",
        "grade", "changed_at", "revises",
    )  # fmt: skip
    return TableRow(
        **{name: row[name] for name in same}, table=row["table_id"], unit_name=organ_name(row["unit"]),
        department_name=organ_name(row["department"]), amount_wan=_amount(row["amount_wan"]),
        stage_name=stage_name(row["stage"]),
    )  # fmt: skip


def work_item(row: Row) -> WorkItem:
    """Return a task of the worklist."""
    same = ("task", "node", "title", "year", "unit", "stage", "role", "organ", "returned", "entered_at")
    return WorkItem(
        **{name: row[name] for name in same}, table=row["table_id"], unit_name=organ_name(row["unit"]),
        amount_wan=_amount(row["amount_wan"]), due_at=row["task_due_at"], overdue=row["task_overdue"],
    )  # fmt: skip


def asked_item(asked: Asked) -> AskedItem:
    """Return something asked of the person beside the tasks."""
    table, same = asked.table, ("asked", "answer", "by", "words", "until", "request")
    return AskedItem(
        **{name: getattr(asked, name) for name in same}, asked_name=word(asked.asked), table=table.id,
        title=table.title, year=table.year, unit=table.unit, unit_name=organ_name(table.unit),
    )  # fmt: skip


def notice_row(row: Row) -> Notice:
    """Return a message."""
    same = ("kind", "subject", "sentence", "created_at", "read_at")
    return Notice(**{name: row[name] for name in same}, notice=row["id"], about=row["stream_id"])


def document_fields(row: Row, tables: int) -> dict[str, Any]:
    """Return the fields of a filing document with the number of tables that the person may read."""
    same = ("name", "family", "year", "unit", "filed_at")
    return {name: row[name] for name in same} | {"document": row["document_id"], "tables": tables}


def document_row(row: Row) -> DocumentRow:
    """Return a filing document of a list."""
    return DocumentRow(**document_fields(row, row["visible"]))
