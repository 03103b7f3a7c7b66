"""Work in progress outside the log: one draft per table, its version counted up by one with each save."""

import json
from datetime import datetime
from uuid import UUID

from workflows.errors import TableChangedMeanwhile
from workflows.journal import Draft
from workflows.ledger.canonical import canonical, read
from workflows.store.transaction import Transaction

DRAFT = "SELECT version, content, editors, reasons FROM desk.draft WHERE table_id = :table"
SAVED_AT = "SELECT saved_at FROM desk.draft WHERE table_id = :table"
FIRST = """
INSERT INTO desk.draft (table_id, version, content, editors, reasons, saved_at)
VALUES (:table, :version, :content, :editors, CAST(:reasons AS jsonb), :at) ON CONFLICT DO NOTHING"""
NEXT = """
UPDATE desk.draft SET version = :version, content = :content, editors = :editors, reasons = CAST(:reasons AS jsonb),
  saved_at = :at
WHERE table_id = :table AND version = :version - 1"""


def draft_of(tx: Transaction, table_id: UUID) -> Draft | None:
    """Return the work in progress on a table."""
    row = tx.row(DRAFT, table=table_id)
    if row is None:
        return None
    return Draft(read(bytes(row["content"])), row["version"], tuple(row["editors"]), row["reasons"])


def saved_at(tx: Transaction, table_id: UUID) -> datetime | None:
    """Return when the work in progress on a table was kept last, None where nobody has begun."""
    found: datetime | None = tx.scalar(SAVED_AT, table=table_id)
    return found


def keep_draft(tx: Transaction, table_id: UUID, draft: Draft) -> None:
    """Keep the draft; TableChangedMeanwhile unless its version is the kept one plus 1."""
    kept = tx.run(
        FIRST if draft.version == 1 else NEXT, table=table_id, version=draft.version,
        content=canonical(draft.content), editors=list(draft.editors),
        reasons=json.dumps(dict(draft.reasons), ensure_ascii=False), at=tx.now(),
    )  # fmt: skip
    if kept != 1:
        raise TableChangedMeanwhile(version=draft.version)


def drop_draft(tx: Transaction, table_id: UUID) -> None:
    """Forget the draft after its content went into the log."""
    tx.run("DELETE FROM desk.draft WHERE table_id = :table", table=table_id)
