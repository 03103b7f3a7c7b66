"""What the system does with the clock of a department part's review: it says when it is due, and that it is overdue."""

from datetime import datetime
from uuid import UUID

from workflows import events as e
from workflows.commands.filing_documents import SUBJECT, document_now
from workflows.definitions import Chain, Node
from workflows.definitions.pinned import pinned_chain
from workflows.filing_rules import reviewing_post
from workflows.filings import FilingDocument
from workflows.journal import Command, Journal
from workflows.vocabulary import SYSTEM, Post, Role
from workflows.workdays import beijing_date

OVERDUE_RULE = "deadline.passed"


def set_review_clock(journal: Journal, document_id: UUID, *, command_id: UUID) -> FilingDocument:
    """Say until when the office whose turn it is owes its review, by the chain of the document's tables.

    It begins when the part came to the office, not before a first table was submitted: until then nobody may review.
    Nothing where it is said already by the calendar in force, nobody's turn it is, or nothing was submitted.
    """
    document = document_now(journal, document_id)
    fact = None if journal.recorded(document_id, command_id) else review_due(journal, document)
    return _noted(journal, document, fact, command_id)


def mark_review_overdue(journal: Journal, document_id: UUID, *, command_id: UUID) -> FilingDocument:
    """Record that the review's due moment passed; nothing where it has not, or the review is no longer owed."""
    document = document_now(journal, document_id)
    clock, post = document.clock, reviewing_post(document)
    if clock is None or post is None or clock.overdue or clock.due_at > journal.now():
        return document
    number, due = document.parts[-1].number, clock.due_at.isoformat()
    fact = e.DocumentOverdue(number, post.role.value, post.organ, due, OVERDUE_RULE)
    return _noted(journal, document, fact, command_id)


def review_due(journal: Journal, document: FilingDocument) -> e.DocumentDueSet | None:
    """Return until when a review is owed, where that is to be said now; a moment that is over stays as it was."""
    post, since, known = reviewing_post(document), _since(journal, document), document.clock
    if post is None or since is None or (known and known.due_at <= journal.now()):
        return None
    first = journal.lock_table(UUID(document.filed.tables[0]))
    node = node_of(pinned_chain(first.definition_hash, journal.content), post)
    due = node.due(beijing_date(since), journal.calendar().of(document.filed.bureau)) if node else None
    if node is None or due is None or (known and known.calendar == due.calendar_version):
        return None
    return e.DocumentDueSet(
        document.parts[-1].number, post.role.value, post.organ, since.isoformat(), due.moment.isoformat(),
        due.provisional, due.calendar_version, f"node:{node.node}",
    )  # fmt: skip


def node_of(chain: Chain, post: Post) -> Node | None:
    """Return the reviewing node whose clock counts for an office: its own, one of its organ, else the outermost."""
    nodes = chain.review_nodes()
    department = post.role == Role.DEPARTMENT_FINANCE
    of = "department" if department else "bureau"
    own = (node for node in nodes if (node.role, node.of) == (post.role, of))
    home = (node for node in nodes if node.of == of)
    last = (nodes[0] if department else nodes[-1]) if nodes else None
    return next(own, None) or next(home, None) or last


def _since(journal: Journal, document: FilingDocument) -> datetime | None:
    """Return since when the office can review: its turn, and a table submitted; None while none was."""
    submitted = [
        each.at for table in document.filed.tables for each in journal.history(UUID(table))
        if each.kind == e.TableSubmitted.kind
    ]  # fmt: skip
    return max(document.turn_since, min(submitted)) if submitted and document.turn_since else None


def _noted(journal: Journal, document: FilingDocument, fact: e.Event | None, command_id: UUID) -> FilingDocument:
    if fact is None:
        return document
    journal.append(document.id, SUBJECT, (fact,), Command(SYSTEM, SYSTEM.posts[0], command_id))
    return document_now(journal, document.id)
