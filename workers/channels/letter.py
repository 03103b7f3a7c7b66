"""What every way out has in common: a letter, the protocol that takes it, and the three ways in which that can fail."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol
from uuid import UUID

from workflows.errors import GoaltrailError


class LetterRefused(GoaltrailError):
    """对方没有接收这条通知。"""


class ChannelUnreachable(LetterRefused):
    """渠道无法连接。"""


class LetterUncertain(GoaltrailError):
    """通知已经交出，但没有等到对方的答复，不能确定是否送达。"""


@dataclass(frozen=True)
class Letter:
    """One letter, rendered once: the same id gives the same Message-ID and the same bytes, however often it is sent.

    `recipient` is an address of the channel: a mail address, or the receiver's login and mobile number.
    """

    id: UUID
    sender: str
    recipient: str
    subject: str
    text: str
    written_at: datetime
    kind: str = ""
    of_class: str = ""
    person: str = ""
    name: str = ""
    mobile: str = ""
    link: str = ""

    @property
    def message_id(self) -> str:
        """The Message-ID, by which a receiver recognizes a repetition."""
        return f"<{self.id}@goaltrail.invalid>"

    def as_bytes(self) -> bytes:
        """Return the message as it travels by mail (RFC 5322, UTF-8)."""
        message = EmailMessage(policy=SMTP)
        message["Message-ID"] = self.message_id
        message["Date"] = format_datetime(self.written_at)
        message["From"] = self.sender
        message["To"] = self.recipient
        message["Subject"] = " ".join(self.subject.split())
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self.text, charset="utf-8", cte="base64")
        return message.as_bytes()


class Outgoing(Protocol):
    """A way out for letters."""

    @property
    def longest(self) -> float:
        """How many seconds one letter may take at most."""

    def send(self, letter: Letter) -> str:
        """Send a letter and return the answer.

        Raises LetterRefused (surely not taken), ChannelUnreachable (nobody was there), LetterUncertain (perhaps taken).
        """
