"""The filing documents as the lists show them: what was filed, which department part is in force, whose turn it is."""

from uuid import UUID

from sqlalchemy import RowMapping

from workflows.addressees import Notice
from workflows.errors import NotFound
from workflows.events import DocumentAmended, DocumentFiled, DocumentReturned, DocumentReviewed, Recorded
from workflows.filing_rules import Tables
from workflows.filings import BY_TIME, PartState, document_from, state_after
from workflows.store.review_clocks import project_review_clock
from workflows.store.streams import history_of
from workflows.store.transaction import Transaction
from workflows.words.disclosure_sentences import notices_of_accounts
from workflows.words.document_sentences import notices_of_document
from workflows.words.review_clock_sentences import notices_of_clock

COLUMNS = (
    "document_id", "version", "name", "bytes_sha256", "size", "family", "bureau", "department", "unit", "year",
    "department_part", "tables", "undisclosed", "findings", "filed_by", "filed_by_name", "filed_at",
    "part_number", "part_state",
)  # fmt: skip
PUT = f"""
INSERT INTO desk.document ({", ".join(COLUMNS)}) VALUES ({", ".join(f":{name}" for name in COLUMNS)})
ON CONFLICT (document_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])}"""  # noqa: S608 - names of this file

AMEND = """
UPDATE desk.document SET version = :version, department_part = :part, part_number = :number, part_state = :state,
  part_due_at = NULL, part_provisional = false, part_calendar = '', part_clock = 0, part_overdue = false
WHERE document_id = :document"""
SPEAK = """
UPDATE desk.document SET version = :version, part_state = :state,
  part_due_at = NULL, part_provisional = false, part_calendar = '', part_clock = 0, part_overdue = false
WHERE document_id = :document"""
FAR = """
SELECT coalesce(bool_or(t.round > 0), false) AS received, coalesce(bool_or(t.in_force IS NOT NULL), false) AS replied
FROM desk.table_standing t WHERE t.table_id = ANY(:tables)"""


def project_document(tx: Transaction, recorded: Recorded) -> None:
    """Write what one event means for the row of a document."""
    fact, at = recorded.fact, {"document": recorded.stream, "version": recorded.version}
    if isinstance(fact, DocumentFiled):
        _file(tx, recorded, fact)
    elif isinstance(fact, DocumentAmended):
        state = state_after(fact.kind, recorded.role)
        tx.run(AMEND, **at, part=fact.content_hash, number=fact.number, state=state.value)
    elif isinstance(fact, DocumentReviewed | DocumentReturned):
        tx.run(SPEAK, **at, state=state_after(fact.kind, recorded.role).value)
    else:
        project_review_clock(tx, recorded)


def _file(tx: Transaction, recorded: Recorded, fact: DocumentFiled) -> None:
    same = ("name", "bytes_sha256", "size", "family", "bureau", "department", "unit", "year", "department_part",
            "findings")  # fmt: skip
    row = {name: getattr(fact, name) for name in same} | {
        "document_id": recorded.stream, "version": recorded.version, "tables": [UUID(table) for table in fact.tables],
        "undisclosed": fact.undisclosed_tables, "filed_by": recorded.actor_id, "filed_by_name": recorded.actor_name,
        "filed_at": recorded.at, "part_number": 1 if fact.department_part else 0,
        "part_state": (PartState.AT_DEPARTMENT if fact.department_part else PartState.ABSENT).value,
    }  # fmt: skip
    tx.run(PUT, **row)


def document_row(tx: Transaction, document_id: UUID) -> RowMapping:
    """Return the row of a document; NotFound if unknown. Whether the reader may see it is asked of its tables."""
    row = tx.row("SELECT * FROM desk.document WHERE document_id = :document", document=document_id)
    if row is None:
        raise NotFound(document=str(document_id))
    return row


def notices_about(tx: Transaction, recorded: Recorded) -> tuple[Notice, ...]:
    """Return who is told of an event of a document, but of its filing; and of final accounts that were approved."""
    if recorded.subject != "document" or isinstance(recorded.fact, DocumentFiled):
        return notices_of_accounts(recorded)
    tell = notices_of_clock if recorded.kind in BY_TIME else notices_of_document
    return tell(recorded, document_from(history_of(tx, recorded.stream)))


def how_far(tx: Transaction, row: RowMapping) -> Tables:
    """Return how far the tables of a document's row are, whoever asks; locks nothing."""
    (found,) = tx.rows(FAR, tables=list(row["tables"]))
    return Tables(found["received"], found["replied"])
