"""Sending a notice again: by the system administrator with a reason, or by the person whom it is for (features H7)."""

from dataclasses import dataclass
from uuid import UUID

from workflows import events as e
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.journal import Command, Journal
from workflows.vocabulary import Actor, Post, Role

SUBJECT = "notice"
SHORTEST_REASON, LONGEST_REASON = 5, 200
OWN = "本人要求重发"


@dataclass(frozen=True)
class Sent:
    """A notice as the outbox has it: its id, on which channel, for whom, by which template."""

    id: UUID
    channel: str
    receiver: str
    template: str


def resend_notice(
    journal: Journal, *, sent: Sent, again: UUID, reason: str, by: Actor, command_id: UUID
) -> e.NoticeResent:
    """Record that a notice goes out again, as `again`; on a stream of its own.

    NotAllowed for anybody but the system administrator and its receiver, FieldsInvalid where the first gives no reason.
    """
    post = _post(by, sent)
    own = by.id == sent.receiver
    words = reason.strip() or (OWN if own else "")
    if not SHORTEST_REASON <= len(words) <= LONGEST_REASON:
        raise FieldsInvalid(f"请写明重发的理由（{SHORTEST_REASON}至{LONGEST_REASON}字）。", field="reason")
    fact = e.NoticeResent(str(sent.id), str(again), sent.channel, sent.receiver, sent.template, words)
    journal.append(sent.id, SUBJECT, (fact,), Command(by, post, command_id))
    return fact


def _post(by: Actor, sent: Sent) -> Post:
    held = next((post for post in by.posts if post.role == Role.SYSTEM_ADMIN), None)
    if held is None and by.id == sent.receiver and by.posts:
        held = by.posts[0]
    if held is None:
        raise NotAllowed("重发通知由系统管理员或收件人本人办理。", rule="R-ROLE")
    return held
