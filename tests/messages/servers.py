"""A real mail server on this machine that keeps what it is sent, or answers as it is told."""

from asyncio import WriteTransport
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Box:
    """What the server took, and what it answers."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.to: list[str] = []
        self.to_rcpt = "250 OK"
        self.to_data = "250 OK"
        self.drops = False
        """Whether it takes the content and falls silent."""

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _options: list[str]
    ) -> str:
        """The answer to a receiver."""
        envelope.rcpt_tos.append(to)
        return self.to_rcpt

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """The answer to the content."""
        if self.to_data.startswith("250"):
            content: Any = envelope.content
            self.taken.append(message_from_bytes(content, policy=policy.default))
            self.to.extend(envelope.rcpt_tos)
        if self.drops and isinstance(server.transport, WriteTransport):
            server.transport.abort()
        return self.to_data


class AnyPort(Controller):
    """A server at whatever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_server() -> Iterator[tuple[Box, str]]:
    """A server at a port of its own, and its address as a setting."""
    box = Box()
    controller = AnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield box, f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()
