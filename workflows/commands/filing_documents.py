"""The department part of a filing document: written anew by its clerk or the department, reviewed by two offices."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.recipe import Seen, reason_given
from workflows.department_part import EMPTY, part_checked
from workflows.errors import ContentDiffers, FieldsInvalid, NotAllowed, NotFound, NotOpenNow, TableChangedMeanwhile
from workflows.filing_rules import FilingAct, Permit, Tables, decide
from workflows.filings import FilingDocument, document_from
from workflows.goal_links import with_links
from workflows.journal import Command, Journal
from workflows.vocabulary import Actor, Post

SUBJECT = "document"
CHANGED = "此申报文本刚刚被他人修改或审阅过，请查看最新内容后再操作。"
NOT_YET = frozenset({"R-STAGE", "F-EARLY", "F-REPLIED"})
"""Rules that refuse everybody at this moment, not this person for ever."""


def document_now(journal: Journal, document_id: UUID) -> FilingDocument:
    """Return a document as it stands; NotFound where there is none."""
    return document_from(journal.history(document_id))


def part_of(journal: Journal, document: FilingDocument) -> dict[str, Any]:
    """Return the department part in force, the empty one where there is none."""
    return dict(journal.content(document.content_hash)) if document.content_hash else dict(EMPTY)


def amend_document(
    journal: Journal, document_id: UUID, *, seen: Seen, part: Any, by: Actor, command_id: UUID, reason: str = "",
) -> FilingDocument:  # fmt: skip
    """Record a new version of the department part; every older one stays.

    The document's clerk writes freely until a table is replied; afterwards only the department's finance office may,
    with its reason. Raises NotFound, NotAllowed, NotOpenNow, TableChangedMeanwhile, FieldsInvalid, ReasonMissing.
    """
    own = _own(command_id, by, FilingAct.AMEND)
    if journal.recorded(document_id, own):
        return document_now(journal, document_id)
    document, permit = _asked(journal, document_id, FilingAct.AMEND, by, seen)
    checked = part_checked(part, tables=len(document.filed.tables))
    content_hash = journal.put_content(checked)
    if content_hash == document.content_hash or (not document.parts and checked == EMPTY):
        raise FieldsInvalid("内容没有改动。")
    said = reason_given(reason) if permit.needs_reason else reason.strip()
    number = document.parts[-1].number + 1 if document.parts else 1
    fact = e.DocumentAmended(number, document.content_hash or None, content_hash, said)
    return _record(journal, document, fact, Command(by, _post(permit), own))


def link_goals(
    journal: Journal, document_id: UUID, *, seen: Seen, links: Mapping[str, Sequence[int]], by: Actor, command_id: UUID,
    reason: str = "",
) -> FilingDocument:  # fmt: skip
    """Record which tables carry out which goals (JSON pointers of the part in force): a new version of the part."""
    document = document_now(journal, document_id)
    part = with_links(part_of(journal, document), links)
    return amend_document(journal, document_id, seen=seen, part=part, by=by, command_id=command_id, reason=reason)


def review_document(
    journal: Journal, document_id: UUID, *, seen: Seen, passed: bool, by: Actor, command_id: UUID, opinion: str = "",
) -> FilingDocument:  # fmt: skip
    """Record that the office whose turn it is found the part good, or (not `passed`) sends it back with its reason."""
    act = FilingAct.REVIEW if passed else FilingAct.RETURN
    own = _own(command_id, by, act)
    if journal.recorded(document_id, own):
        return document_now(journal, document_id)
    document, permit = _asked(journal, document_id, act, by, seen)
    words = opinion.strip() if passed else reason_given(opinion)
    make = e.DocumentReviewed if passed else e.DocumentReturned
    behalf = e.Behalf(permit.cover.principal, permit.cover.name, permit.cover.grant) if permit.cover else None
    return _record(journal, document, make(document.content_hash, words), Command(by, _post(permit), own, behalf))


def tables_stand(journal: Journal, document: FilingDocument) -> Tables:
    """Lock the document's tables, in the order of their IDs, and return how far they are."""
    tables = [journal.lock_table(UUID(each)) for each in sorted(document.filed.tables)]
    return Tables(any(each.round > 0 for each in tables), any(each.in_force for each in tables))


def _asked(
    journal: Journal, document_id: UUID, act: FilingAct, by: Actor, seen: Seen
) -> tuple[FilingDocument, Permit]:  # fmt: skip
    document = document_now(journal, document_id)
    if not document.filed.tables:
        raise NotFound(document=str(document_id))
    permit = decide(by, document, act, tables_stand(journal, document))
    if not document.version - document.aside <= (seen.version or 0) <= document.version:
        raise TableChangedMeanwhile(CHANGED, version=document.version)
    if seen.content_hash not in (None, document.content_hash):
        raise ContentDiffers(content_hash=document.content_hash)
    if not permit.allowed:
        raise (NotOpenNow if permit.rule in NOT_YET else NotAllowed)(permit.sentence, rule=permit.rule)
    return document, permit


def _post(permit: Permit) -> Post:
    if permit.post is None:
        raise NotAllowed(permit.sentence, rule=permit.rule)
    return permit.post


def _record(journal: Journal, document: FilingDocument, fact: e.Event, command: Command) -> FilingDocument:
    """Append the fact; whoever was faster between reading and writing makes this one fail."""
    added = journal.append(document.id, SUBJECT, (fact,), command)
    if added[0].version != document.version + 1:
        raise TableChangedMeanwhile(CHANGED, version=document.version)
    return document_now(journal, document.id)


def _own(command_id: UUID, by: Actor, act: FilingAct) -> UUID:
    return uuid5(command_id, f"{by.id}:document.{act}")
