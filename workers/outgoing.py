"""The door out: a letter goes to a mail server by SMTP, or into a folder as an .eml file where there is none."""

import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

from workflows.errors import GoaltrailError

ACCEPTED = 250


class MailRefused(GoaltrailError):
    """邮件服务器没有接收这封邮件。"""


class MailUncertain(GoaltrailError):
    """邮件已经交出，但没有等到服务器的答复，不能确定是否送达。"""


@dataclass(frozen=True)
class Letter:
    """One mail, rendered once: the same id gives the same Message-ID and the same bytes, however often it is sent."""

    id: UUID
    sender: str
    recipient: str
    subject: str
    text: str
    written_at: datetime

    @property
    def message_id(self) -> str:
        """The Message-ID, by which a receiver recognizes a repetition."""
        return f"<{self.id}@goaltrail.invalid>"

    def as_bytes(self) -> bytes:
        """Return the message as it travels (RFC 5322, UTF-8)."""
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
        """Send a letter and return the answer; raises MailRefused (surely not taken) or MailUncertain (perhaps)."""


@dataclass(frozen=True)
class SmtpServer:
    """A mail server `smtp://[user:password@]host[:port]`; `timeout` is the whole conversation's, in seconds."""

    url: str
    timeout: float = 20.0

    @property
    def longest(self) -> float:
        """The time-out."""
        return self.timeout

    def send(self, letter: Letter) -> str:
        """Speak SMTP up to the letter's end; after that only the server's 250 makes it certain."""
        until = time.monotonic() + self.timeout
        with self._connected() as server:
            try:
                self._address(server, letter, until)
            except (smtplib.SMTPException, OSError) as error:
                raise MailRefused(f"邮件服务器拒绝：{error}") from error
            try:
                _hurry(server, until)
                code, answer = server.data(letter.as_bytes())
            except smtplib.SMTPDataError as error:
                raise MailRefused(f"邮件服务器拒绝：{error}") from error
            except (smtplib.SMTPException, OSError) as error:
                raise MailUncertain(f"没有等到邮件服务器的答复：{error}") from error
        said = f"{code} {answer.decode('utf-8', 'replace')}"
        if code != ACCEPTED:
            raise MailRefused(f"邮件服务器拒绝：{said}")
        return said

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        parts = urlsplit(self.url)
        try:
            server = smtplib.SMTP(parts.hostname or "localhost", parts.port or 25, timeout=self.timeout)
        except (smtplib.SMTPException, OSError) as error:
            raise MailRefused(f"无法连接邮件服务器：{error}") from error
        try:
            yield server
        finally:
            server.close()

    def _address(self, server: smtplib.SMTP, letter: Letter, until: float) -> None:
        parts = urlsplit(self.url)
        _hurry(server, until)
        server.ehlo_or_helo_if_needed()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        for code, answer in (server.mail(letter.sender), server.rcpt(letter.recipient)):
            _hurry(server, until)
            if code // 100 != 2:
                raise smtplib.SMTPResponseException(code, answer)


def _hurry(server: smtplib.SMTP, until: float) -> None:
    """Leave the next answer only the time that is left of the whole conversation."""
    if server.sock:
        server.sock.settimeout(max(until - time.monotonic(), 0.1))


@dataclass(frozen=True)
class MailFolder:
    """The folder of .eml files that the web shows; a repeated letter replaces itself."""

    folder: Path

    @property
    def longest(self) -> float:
        """A file takes no time."""
        return 1.0

    def send(self, letter: Letter) -> str:
        """Write the letter whole or not at all."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self.folder / f"{letter.id}.eml", letter.as_bytes())
        return f"{letter.id}.eml"


def write_whole(file: Path, data: bytes) -> None:
    """Write a file so that a reader sees all of it or what was there before."""
    unfinished = file.with_name(f".{file.name}.{time.monotonic_ns()}.new")
    unfinished.write_bytes(data)
    unfinished.replace(file)
