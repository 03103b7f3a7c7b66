"""Facts of a filing document's life: its department part was amended, reviewed or sent back."""

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
