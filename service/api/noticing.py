"""Notices for programs: what was sent to me or is dead, sending again; the bureau's words for notices."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from service.api.answers import Shape
from service.api.asked import Asked
from service.api.bodies import Body, Text
from service.api.operation import Reply
from service.context import DEFINITION_READERS, journal, person, transaction
from service.resending import resend
from workflows.commands.publishing_words import propose_words, publish_words
from workflows.delivery.catalogue import known_notices
from workflows.delivery.wording import Words
from workflows.errors import NotAllowed
from workflows.store.letters import letters_for, letters_in
from workflows.store.notice_words import words_published
from workflows.vocabulary import Role

MOST = 200
Key = Annotated[Text, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z_.+0-9-]+$")]
HASH = "^[0-9a-f]{64}$"


class NoticesQuery(Body):
    """Mine, the newest first; with `state` those of everybody in that state, for the system administrator."""

    state: Literal["", "pending", "held", "uncertain", "sent", "dropped", "dead"] = ""


class NoticeSent(Shape):
    """One notice on one channel: its state, and why it was not sent or what went wrong."""

    id: UUID
    template: str
    receiver: str
    channel: str
    subject: str
    state: str
    detail: str
    attempts: int
    at: datetime


class NoticesSent(Shape):
    """At most 200 notices."""

    items: list[NoticeSent]


class Resending(Body):
    """Which notice goes out again, and why (the receiver himself need not say)."""

    notice: UUID
    reason: Annotated[Text, Field(max_length=200)] = ""


class Resent(Shape):
    """The new notice; the one that was dead is dead no more."""

    notice: UUID
    dry_run: bool


class NoticeWords(Shape):
    """One notice: its shipped words, the placeholders it knows, the hash of the bureau's own words where there are."""

    key: str
    name: str
    subject: str
    text: str
    placeholders: list[str]
    version: str


class AllNoticeWords(Shape):
    """Every notice whose words may be written anew."""

    items: list[NoticeWords]


class NewWords(Body):
    """Words with placeholders in braces; without both the shipped ones are to come back."""

    key: Key
    subject: Annotated[Text, Field(max_length=60)] = ""
    text: Annotated[Text, Field(max_length=600)] = ""


class WordsPublication(Body):
    """The words that another administrator proposed."""

    key: Key
    version: str = Field(pattern=HASH)


class WordsDone(Shape):
    """Words were proposed or published."""

    key: str
    version: str
    dry_run: bool


def list_letters(asked: Asked) -> Reply:
    """Return my notices, or everybody's of one state."""
    query: NoticesQuery = asked.query
    if query.state and not person().holds(Role.SYSTEM_ADMIN):
        raise NotAllowed("按状态查阅全部通知由系统管理员办理。", rule="R-ROLE")
    rows = (
        letters_in(transaction(), (query.state,), limit=MOST) if query.state
        else letters_for(transaction(), person().id, limit=MOST)
    )  # fmt: skip
    items = [
        NoticeSent(
            id=row["id"], template=row["kind"], receiver=row["recipient"], channel=row["channel"],
            subject=(row["rendered"] or {}).get("subject", ""), state=row["state"],
            detail=row["answer"] or row["last_error"] or "", attempts=row["attempts"], at=row["created_at"],
        )
        for row in rows
    ]  # fmt: skip
    return Reply(NoticesSent(items=items))


def resend_one(asked: Asked) -> Reply:
    """Send one notice again."""
    body: Resending = asked.body
    again = resend(transaction(), body.notice, reason=body.reason, by=person(), command_id=asked.command_id)
    return Reply(Resent(notice=again, dry_run=asked.dry_run), status=201)


def list_words(_asked: Asked) -> Reply:
    """Return every notice with its shipped words."""
    if not person().holds_any(DEFINITION_READERS):
        raise NotAllowed("通知用语由流程管理员编写和发布。", rule="R-ROLE")
    own = words_published(transaction())
    items = [
        NoticeWords(
            key=each.key, name=each.name, subject=each.shipped.subject, text=each.shipped.text,
            placeholders=sorted(each.known), version=own.get(each.key, ""),
        )
        for each in known_notices().values()
    ]  # fmt: skip
    return Reply(AllNoticeWords(items=items))


def propose_new_words(asked: Asked) -> Reply:
    """Propose words for a notice, or the shipped ones again."""
    body: NewWords = asked.body
    words = Words(body.subject, body.text) if body.subject or body.text else None
    proposed = propose_words(journal(), key=body.key, words=words, by=person(), command_id=asked.command_id)
    return Reply(WordsDone(key=body.key, version=proposed.content_hash, dry_run=asked.dry_run), status=201)


def publish_new_words(asked: Asked) -> Reply:
    """Publish words that another proposed."""
    body: WordsPublication = asked.body
    published = publish_words(
        journal(), key=body.key, content_hash=body.version, by=person(), command_id=asked.command_id
    )
    return Reply(WordsDone(key=body.key, version=published.content_hash, dry_run=asked.dry_run), status=201)
