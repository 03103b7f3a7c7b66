"""A filing document's department part over the interface: read in any version, amended, linked to tables, reviewed."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from service.api.answers import Shape
from service.api.asked import Asked
from service.api.bodies import MOST_ROWS, Body, Text, Word
from service.api.operation import Reply
from service.context import journal, person, transaction
from service.present import word
from workflows.commands import filing_documents as documents
from workflows.commands.recipe import Seen
from workflows.filings import FilingDocument, PartState, PartVersion
from workflows.store.queries import document_seen_by

MOST_LINKS = 500


class Version(Shape):
    """One version of the department part: its number, hash, who wrote it when and why."""

    number: int
    content_hash: str
    by: str
    name: str
    at: datetime
    reason: str


class Opinion(Shape):
    """What an office said of a version: found good, or sent back."""

    number: int
    passed: bool
    words: str
    by: str
    name: str
    at: datetime


class DocumentPart(Shape):
    """A document's department part: `version` and `content_hash` are what a command has to name as seen.

    `part` is that of the number asked for, by default the one in force; null where there is none. `due_at` is until
    when the office whose turn it is owes its review; null while none is owed or no table was submitted.
    """

    document: UUID
    version: int
    content_hash: str
    number: int
    state: PartState
    state_name: str
    due_at: datetime | None
    overdue: bool
    part: dict[str, Any] | None
    versions: list[Version]
    opinions: list[Opinion]


class PartAfter(Shape):
    """How a document's department part stands after a command, or would stand (`dry_run`)."""

    document: UUID
    version: int
    content_hash: str
    number: int
    state: PartState
    dry_run: bool


class PartQuery(Body):
    """Which version of the part to show; 0 for the one in force."""

    number: int = Field(default=0, ge=0, le=100_000)


class SeenPart(Body):
    """What the caller saw: the document's version and the hash of its part in force (empty for none)."""

    version: Annotated[int, Field(ge=1, le=10**9)]
    content_hash: Annotated[str, Field(max_length=64)] = ""


class NewPart(SeenPart):
    """The whole part as it shall read, in the shape of `showDocumentPart`."""

    part: dict[str, Any]
    reason: Text = ""


class NewLinks(SeenPart):
    """For each goal or activity (JSON pointer into the part) the numbers of its tables in the document, from 1."""

    links: dict[Word, Annotated[list[int], Field(max_length=MOST_LINKS)]] = Field(max_length=MOST_ROWS)
    reason: Text = ""


class PartReview(SeenPart):
    """Whether the office finds the part good; sent back (`passed` false) it needs its reason."""

    passed: bool
    opinion: Text = ""


def show_document_part(asked: Asked) -> Reply:
    """Return the department part with its versions and what the offices said."""
    document = _seen_document(asked)
    number = asked.query.number
    version = document.part(number) if number else document.in_force
    return Reply(DocumentPart(
        document=document.id, version=document.version, content_hash=document.content_hash,
        number=version.number if version else 0, state=document.state, state_name=word(document.state),
        due_at=document.clock.due_at if document.clock else None,
        overdue=document.clock is not None and document.clock.overdue,
        part=journal().content(version.content_hash) if version else None,
        versions=[_version(each) for each in document.parts],
        opinions=[
            Opinion(number=each.number, passed=each.passed, words=each.words, by=each.by, name=each.name, at=each.at)
            for each in document.opinions
        ],
    ))  # fmt: skip


def amend_document_part(asked: Asked) -> Reply:
    """Record a new version of the part."""
    return _commanded(asked, documents.amend_document, part=asked.body.part, reason=asked.body.reason)


def link_document_goals(asked: Asked) -> Reply:
    """Record which tables carry out which goals."""
    return _commanded(asked, documents.link_goals, links=asked.body.links, reason=asked.body.reason)


def review_document_part(asked: Asked) -> Reply:
    """Record that an office finds the part good or sends it back."""
    return _commanded(asked, documents.review_document, passed=asked.body.passed, opinion=asked.body.opinion)


def _commanded(asked: Asked, verb: Callable[..., FilingDocument], **said: Any) -> Reply:
    body: SeenPart = asked.body
    document_id = _seen_document(asked).id
    document = verb(
        journal(), document_id, seen=Seen(body.version, body.content_hash), by=person(), command_id=asked.command_id,
        **said,
    )  # fmt: skip
    return Reply(PartAfter(
        document=document.id, version=document.version, content_hash=document.content_hash,
        number=len(document.parts), state=document.state, dry_run=asked.dry_run,
    ))  # fmt: skip


def _seen_document(asked: Asked) -> FilingDocument:
    """Return the document; NotFound where the caller may read none of its tables."""
    row = document_seen_by(transaction(), person(), asked.path["document_id"])
    return documents.document_now(journal(), row["document_id"])


def _version(each: PartVersion) -> Version:
    return Version(
        number=each.number, content_hash=each.content_hash, by=each.by, name=each.name, at=each.at, reason=each.reason
    )
