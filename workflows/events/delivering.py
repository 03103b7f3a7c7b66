"""Facts about notices: the bureau's words for one were proposed or published, one was sent again."""

from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class TemplateProposed(Event):
    """A process administrator laid words for a notice before the others; they are not in force (features H6)."""

    kind = "template.proposed"
    name: str
    content_hash: str
    by: str


@dataclass(frozen=True)
class TemplatePublished(Event):
    """Words for a notice came into force under their hash; the content lies in the content store."""

    kind = "template.published"
    name: str
    content_hash: str


@dataclass(frozen=True)
class NoticeResent(Event):
    """A notice was put into the outbox again, by the operator or by its receiver (features H7)."""

    kind = "notice.resent"
    erasable = ("reason",)
    notice: str
    again: str
    channel: str
    receiver: str
    template: str
    reason: str
