"""A filing document's review clock at work: set where one is owed, its rungs told once, its moment marked."""

from functools import partial
from uuid import UUID, uuid5

from sqlalchemy import Engine, RowMapping

from workers.failures import attempted
from workflows.clocks.timers import OVERDUE
from workflows.commands.document_clocks import mark_review_overdue, set_review_clock
from workflows.commands.filing_documents import document_now
from workflows.store.journal import PostgresJournal
from workflows.store.outbox import put_notice
from workflows.store.review_clocks import PART, is_of_clock, without_clock
from workflows.store.timers import held_timer, mark_fired
from workflows.store.transaction import Transaction, begin
from workflows.words.review_clock_sentences import part_reminder

CLOCKS = UUID("5f0f3b52-9a2e-5c1d-8b57-0d6f1c2e7a90")
"""Namespace of the system's command ids: the same turn of the same part by the same calendar gives the same command."""


def of_document(timer: RowMapping) -> bool:
    """Whether a timer belongs to the review of a document's part."""
    return is_of_clock(timer["task"])


def remind_office(journal: PostgresJournal, leased: RowMapping) -> None:
    """Remind the office that owes its review, or mark it overdue; nothing where the clock is no longer the same."""
    timer = held_timer(journal.tx, leased["id"])
    if timer is None:
        return
    mark_fired(journal.tx, timer["id"])
    document = document_now(journal, timer["stream_id"])
    clock = document.clock
    if clock is None or timer["task"] != f"{PART}:{clock.version}":
        return
    if timer["kind"] == OVERDUE:
        mark_review_overdue(journal, document.id, command_id=uuid5(CLOCKS, timer["dedupe_key"]))
        return
    notice = part_reminder(document, timer["kind"])
    if notice:
        put_notice(journal.tx, notice, stream=document.id, version=clock.version, task=timer["task"])


def documents_behind(tx: Transaction) -> tuple[UUID, ...]:
    """Return the documents for whose review a clock is to be set by the calendar in force."""
    return without_clock(tx, PostgresJournal(tx).calendar())


def set_review_clocks(engine: Engine) -> int:
    """Set the clocks that are owed, each in its own transaction; return for how many documents it was tried."""
    with begin(engine) as tx:
        waiting = documents_behind(tx)
    for document_id in waiting:
        attempted(partial(_set, engine, document_id), partial(_left, document_id))
    return len(waiting)


def _set(engine: Engine, document_id: UUID) -> None:
    with begin(engine) as tx:
        journal = PostgresJournal(tx)
        turn = f"{document_id}:{document_now(journal, document_id).version}:{journal.calendar().version}"
        set_review_clock(journal, document_id, command_id=uuid5(CLOCKS, turn))


def _left(_document_id: UUID, _said: str) -> None:
    """Leave a document for the next sweep, which finds it again."""
