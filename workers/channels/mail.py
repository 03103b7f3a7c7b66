"""Mail: by SMTP, plain, with STARTTLS or TLS from the start, or into a folder of .eml files without a server."""

import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from workers.channels.letter import ChannelUnreachable, Letter, LetterRefused, LetterUncertain
from workers.written_whole import write_whole

ACCEPTED, TRY_LATER = 250, 421
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class SmtpServer:
    """A mail server `smtp://`, `smtp+starttls://` or `smtps://[user:password@]host[:port]`.

    `timeout` is the whole conversation's, in seconds. A server that offers no STARTTLS where it was asked for gets no
    letter; certificates are checked by the host's own authorities, or by those of `authorities` (a PEM file).
    """

    url: str
    timeout: float = 20.0
    authorities: Path | None = None

    @property
    def longest(self) -> float:
        """The time-out."""
        return self.timeout

    def send(self, letter: Letter) -> str:
        """Speak SMTP up to the letter's end; after that only the server's 250 makes it certain."""
        until = time.monotonic() + self.timeout
        with self._connected(until) as server:
            try:
                self._address(server, letter, until)
            except (smtplib.SMTPException, OSError) as error:
                raise LetterRefused(f"邮件服务器拒绝：{error}") from error
            try:
                _hurry(server, until)
                code, answer = server.data(letter.as_bytes())
            except smtplib.SMTPDataError as error:
                raise LetterRefused(f"邮件服务器拒绝：{error}") from error
            except (smtplib.SMTPException, OSError) as error:
                raise LetterUncertain(f"没有等到邮件服务器的答复：{error}") from error
        said = f"{code} {answer.decode('utf-8', 'replace')}"
        if code != ACCEPTED:
            raise LetterRefused(f"邮件服务器拒绝：{said}")
        return said

    @contextmanager
    def _connected(self, until: float) -> Iterator[smtplib.SMTP]:
        try:
            server = self._connection()
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelUnreachable(f"无法连接邮件服务器：{error}") from error
        try:
            self._secure(server, until)
            yield server
        finally:
            server.close()

    def _connection(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "localhost", parts.port or PORTS.get(parts.scheme, 25)
        if parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=self.timeout, context=self._trust())
        return smtplib.SMTP(host, port, timeout=self.timeout)

    def _secure(self, server: smtplib.SMTP, until: float) -> None:
        if urlsplit(self.url).scheme != "smtp+starttls":
            return
        try:
            _hurry(server, until)
            server.starttls(context=self._trust())
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelUnreachable(f"邮件服务器没有建立加密连接：{error}") from error

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authorities) if self.authorities else None)

    def _address(self, server: smtplib.SMTP, letter: Letter, until: float) -> None:
        parts = urlsplit(self.url)
        _hurry(server, until)
        server.ehlo_or_helo_if_needed()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        for code, answer in (server.mail(letter.sender), server.rcpt(letter.recipient)):
            _hurry(server, until)
            if code == TRY_LATER:
                raise ChannelUnreachable(f"邮件服务器暂停服务：{answer.decode('utf-8', 'replace')}")
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
