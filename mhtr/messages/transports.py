"""Ways out for mail: a mail server, or the log of a demonstration."""

import hashlib
import logging
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from flask import current_app

from mhtr.core import clock
from mhtr.messages.mail import Mail, NeverTaken, NotKnown, NotNow

CONSOLE = "console"
TIMEOUT = 20
"""Seconds that a mail server may take for one step."""
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
NOBODY_THERE = "The mail server cannot be reached."
BUSY = "The mail server does not take it now."
REFUSED = "The mail server refused it."
NOT_SENDER = "The mail server does not let this program send."

log = logging.getLogger(__name__)


class Transport(Protocol):
    """Something that takes a mail."""

    def send(self, mail: Mail) -> None:
        """Hand a mail over.

        Raises:
            NotNow, NeverTaken, NotKnown: it was not taken, or nobody knows.
        """


class ConsoleTransport:
    """Writes mails to the log and sends nothing: for demonstrations."""

    def send(self, mail: Mail) -> None:
        """Write it to the log."""
        log.info("mail to %s: %s\n%s", mail.to, mail.subject, mail.body)


class SmtpTransport:
    """Hands mails to a mail server, one connection each."""

    def __init__(self, url: str, sender: str) -> None:
        self._server: SplitResult = urlsplit(url)
        self._sender = sender

    def send(self, mail: Mail) -> None:
        """Hand it to the server; it is sent once the server says so after the last line."""
        try:
            server = self._connected()
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as wrong:
            raise NotNow(NOT_SENDER) from wrong
        except (OSError, smtplib.SMTPException) as gone:
            raise NotNow(NOBODY_THERE) from gone
        try:
            self._envelope(server, mail)
            _content(server, message_of(mail, self._sender))
            with suppress(OSError, smtplib.SMTPException):
                server.quit()  # it was taken: a farewell that fails changes nothing
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        where, scheme = self._server.hostname or "", self._server.scheme
        port = self._server.port or PORTS[scheme]
        if scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                where, port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(where, port, timeout=TIMEOUT)
        try:
            if scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            server.ehlo_or_helo_if_needed()
            if self._server.username:
                server.login(unquote(self._server.username), unquote(self._server.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _envelope(self, server: smtplib.SMTP, mail: Mail) -> None:
        """Sender and receiver: whatever goes wrong here, nothing was taken."""
        try:
            steps = (server.mail(self._sender), server.rcpt(mail.to))
        except (OSError, smtplib.SMTPException) as gone:
            raise NotNow(NOBODY_THERE) from gone
        for code, _ in steps:
            _judge(code)


def _content(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        code, _ = server.data(message.as_bytes())
    except smtplib.SMTPDataError as refused:
        _judge(refused.smtp_code)  # it did not want the content at all
        raise NotNow(BUSY) from refused
    except (OSError, smtplib.SMTPException) as gone:
        raise NotKnown("The mail server fell silent.") from gone
    _judge(code)


def _judge(code: int) -> None:
    """What an answer of a mail server says (RFC 5321, 4.2.1): 4 not now, 5 never."""
    if 400 <= code < 500:
        raise NotNow(BUSY)
    if code >= 500:
        raise NeverTaken(REFUSED)


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """A mail as it travels. What is sent twice for one key has one identity."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, mail.to, mail.subject
    if mail.reply_to:
        made["Reply-To"] = mail.reply_to
    made["Date"] = formatdate(clock.now().timestamp())
    identity = hashlib.sha256(mail.key.encode()).hexdigest()[:32]
    made["Message-ID"] = f"<{identity}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.body)
    return made


def transport_here() -> Transport | None:
    """The way out of this process."""
    return transport_for(current_app.config)


def transport_for(settings: Mapping[str, Any]) -> Transport | None:
    """The way out that the settings name; None where none is set up."""
    url: str = settings["MAIL"]
    if not url:
        return None
    return ConsoleTransport() if url == CONSOLE else SmtpTransport(url, settings["MAIL_FROM"])
