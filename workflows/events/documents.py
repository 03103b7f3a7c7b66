"""Facts of a filing document's life: its department part was amended, reviewed, sent back; when a review is due."""

from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class DocumentAmended(Event):
    """The department part was written anew: its number among the versions, the one before and the new one by hash.

    `base` is None where the document had no department part before.
    """

    kind = "document.amended"
    erasable = ("reason",)
    number: int
    base: str | None
    content_hash: str
    reason: str


@dataclass(frozen=True)
class DocumentReviewed(Event):
    """The office that signs found the department part in this version good."""

    kind = "document.reviewed"
    erasable = ("opinion",)
    content_hash: str
    opinion: str


@dataclass(frozen=True)
class DocumentReturned(Event):
    """The office that signs sent the department part in this version back, with what is to be mended."""

    kind = "document.returned"
    erasable = ("reason",)
    content_hash: str
    reason: str


@dataclass(frozen=True)
class DocumentDueSet(Event):
    """Until when (UTC ISO) the office whose turn it is owes its review of a version, counted from `since`.

    `rule` names the node of the tables' chain whose clock counts (node:department_finance).
    """

    kind = "document.due_set"
    number: int
    role: str
    organ: str
    since: str
    due_at: str
    provisional: bool
    calendar: str
    rule: str


@dataclass(frozen=True)
class DocumentOverdue(Event):
    """The moment passed by which the office owed its review; nothing else follows from it."""

    kind = "document.overdue"
    number: int
    role: str
    organ: str
    due_at: str
    rule: str
