"""The filing documents as the lists show them: the projection of `document.filed`."""

from uuid import UUID

from sqlalchemy import RowMapping

from workflows.errors import NotFound
from workflows.events import DocumentFiled, Recorded
from workflows.store.transaction import Transaction

COLUMNS = (
    "document_id", "version", "name", "bytes_sha256", "size", "family", "bureau", "department", "unit", "year",
    "department_part", "tables", "undisclosed", "findings", "filed_by", "filed_by_name", "filed_at",
)  # fmt: skip
PUT = f"""
INSERT INTO desk.document ({", ".join(COLUMNS)}) VALUES ({", ".join(f":{name}" for name in COLUMNS)})
ON CONFLICT (document_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])}"""  # noqa: S608 - names of this file


def project_document(tx: Transaction, recorded: Recorded) -> None:
    """Write the row of a filed document."""
    fact = recorded.fact
    if not isinstance(fact, DocumentFiled):
        return
    same = ("name", "bytes_sha256", "size", "family", "bureau", "department", "unit", "year", "department_part",
            "findings")  # fmt: skip
    row = {name: getattr(fact, name) for name in same} | {
        "document_id": recorded.stream, "version": recorded.version, "tables": [UUID(table) for table in fact.tables],
        "undisclosed": fact.undisclosed_tables, "filed_by": recorded.actor_id, "filed_by_name": recorded.actor_name,
        "filed_at": recorded.at,
    }  # fmt: skip
    tx.run(PUT, **row)


def document_row(tx: Transaction, document_id: UUID) -> RowMapping:
    """Return the row of a document; NotFound if unknown. Whether the reader may see it is asked of its tables."""
    row = tx.row("SELECT * FROM desk.document WHERE document_id = :document", document=document_id)
    if row is None:
        raise NotFound(document=str(document_id))
    return row
