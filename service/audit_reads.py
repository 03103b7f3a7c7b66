"""Who reads for an audit leaves a trace: once a day for each thing that an observer or audit administrator opens."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from workflows.commands.tracing import AUDIT_ROLES
from workflows.commands.tracing import note_audit_read as note
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

OF_A_TABLE, OF_A_DOCUMENT = "绩效目标表", "申报文本"


def note_audit_read(tx: Transaction, actor: Actor, what: str, table: UUID | None = None) -> None:
    """Record that this person read `what` (a short Chinese name), of a table where one is named.

    Does nothing for people without an audit post; written at most once for each Beijing day, person, thing and table.
    """
    if actor.holds_any(AUDIT_ROLES):
        note(PostgresJournal(tx), by=actor, what=what, table=table)


def note_request(tx: Transaction, actor: Actor, named: Mapping[str, Any]) -> None:
    """Record that a page was read whose address names a table or a filing document (`table_id`, `document_id`)."""
    if "table_id" in named:
        note_audit_read(tx, actor, OF_A_TABLE, named["table_id"])
    elif "document_id" in named:
        note_audit_read(tx, actor, f"{OF_A_DOCUMENT}{named['document_id']}")
