"""A filing document (申报文本) as its events tell it: every version of its department part, what the offices said."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from workflows.errors import NotFound
from workflows.events import (
    DocumentAmended,
    DocumentDueSet,
    DocumentFiled,
    DocumentOverdue,
    DocumentReturned,
    DocumentReviewed,
    Recorded,
)
from workflows.vocabulary import Role, Word

BY_TIME = frozenset({DocumentDueSet.kind, DocumentOverdue.kind})
"""What time brings about: whoever saw the document before it may still act."""


class PartState(Word):
    """Where the department part stands: whose turn it is."""

    ABSENT = "absent", "没有部门部分", "without a department part"
    AT_DEPARTMENT = "at_department", "待规划财务处审阅", "waits for the department's finance office"
    AT_FINANCE = "at_finance", "待绩效科审阅", "waits for the performance section"
    RETURNED = "returned", "已退回，待修改", "sent back"
    REVIEWED = "reviewed", "已审阅", "reviewed"


@dataclass(frozen=True)
class PartVersion:
    """One version of the department part: who wrote it when and why; the first one came with the file."""

    number: int
    content_hash: str
    by: str
    name: str
    role: Role
    at: datetime
    reason: str = ""


@dataclass(frozen=True)
class Opinion:
    """What an office said of a version: reviewed or, where not `passed`, sent back; a deputy spoke for `behalf`."""

    number: int
    passed: bool
    words: str
    by: str
    name: str
    role: Role
    at: datetime
    behalf: str = ""


@dataclass(frozen=True)
class ReviewClock:
    """Until when the office whose turn it is owes its review: set by the stream's version, counted by a calendar."""

    version: int
    due_at: datetime
    provisional: bool
    calendar: str
    overdue: bool = False


@dataclass(frozen=True)
class FilingDocument:
    """A document: its stream's version, what was filed, the versions of its part (oldest first), the opinions.

    `turn_since` is when it became the turn of whose it is; `aside` counts what only time brought about since then.
    """

    id: UUID
    version: int
    filed: DocumentFiled
    state: PartState = PartState.ABSENT
    parts: tuple[PartVersion, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    turn_since: datetime | None = None
    clock: ReviewClock | None = None
    aside: int = 0

    @property
    def in_force(self) -> PartVersion | None:
        """Return the newest version of the department part."""
        return self.parts[-1] if self.parts else None

    @property
    def content_hash(self) -> str:
        """Return the hash of the department part in force; empty where there is none."""
        return self.parts[-1].content_hash if self.parts else ""

    def part(self, number: int) -> PartVersion:
        """Return a version by its number; NotFound where there is none."""
        found = next((each for each in self.parts if each.number == number), None)
        if found is None:
            raise NotFound(version=number)
        return found


def document_from(history: Iterable[Recorded]) -> FilingDocument:
    """Fold a document's events, oldest first; NotFound where the stream is no document with tables."""
    document: FilingDocument | None = None
    for recorded in history:
        fact = recorded.fact
        if isinstance(fact, DocumentFiled):
            document = _filed(recorded, fact)
        elif document is None:
            raise NotFound(document=str(recorded.stream))
        else:
            document = replace(_after(document, recorded), version=recorded.version)
    if document is None:
        raise NotFound
    return document


def state_after(kind: str, role: Role) -> PartState:
    """Return whose turn it is after an event of a document that somebody signed under a role."""
    if kind == DocumentReturned.kind:
        return PartState.RETURNED
    if kind == DocumentReviewed.kind:
        return PartState.AT_FINANCE if role == Role.DEPARTMENT_FINANCE else PartState.REVIEWED
    return PartState.AT_FINANCE if role == Role.DEPARTMENT_FINANCE else PartState.AT_DEPARTMENT


def _filed(recorded: Recorded, fact: DocumentFiled) -> FilingDocument:
    parts = (_version(recorded, 1, fact.department_part, ""),) if fact.department_part else ()
    state = PartState.AT_DEPARTMENT if parts else PartState.ABSENT
    return FilingDocument(recorded.stream, recorded.version, fact, state, parts, turn_since=recorded.at)


def _after(document: FilingDocument, recorded: Recorded) -> FilingDocument:
    if recorded.kind in BY_TIME:
        return replace(document, clock=_clock(document, recorded), aside=document.aside + 1)
    moved = _moved(document, recorded)
    return replace(moved, turn_since=recorded.at, clock=None, aside=0)


def _clock(document: FilingDocument, recorded: Recorded) -> ReviewClock | None:
    fact = recorded.fact
    if isinstance(fact, DocumentDueSet):
        due = datetime.fromisoformat(fact.due_at)
        return ReviewClock(recorded.version, due, fact.provisional, fact.calendar)
    return replace(document.clock, overdue=True) if document.clock else None


def _moved(document: FilingDocument, recorded: Recorded) -> FilingDocument:
    fact: Any = recorded.fact
    state = state_after(recorded.kind, recorded.role)
    if isinstance(fact, DocumentAmended):
        written = _version(recorded, fact.number, fact.content_hash, fact.reason)
        return replace(document, state=state, parts=(*document.parts, written))
    if isinstance(fact, DocumentReviewed):
        return replace(document, state=state, opinions=(*document.opinions, _opinion(document, recorded, fact.opinion)))
    if isinstance(fact, DocumentReturned):
        return replace(document, state=state, opinions=(*document.opinions, _opinion(document, recorded, fact.reason)))
    return document


def _version(recorded: Recorded, number: int, content_hash: str, reason: str) -> PartVersion:
    by, name = recorded.actor_id, recorded.actor_name
    return PartVersion(number, content_hash, by, name, recorded.role, recorded.at, reason)


def _opinion(document: FilingDocument, recorded: Recorded, words: str) -> Opinion:
    passed, by, behalf = recorded.kind == DocumentReviewed.kind, recorded.actor_id, recorded.behalf
    return Opinion(
        len(document.parts), passed, words, by, recorded.signer, recorded.role, recorded.at,
        behalf.id if behalf else "",
    )  # fmt: skip
