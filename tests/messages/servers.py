"""A real mail server on this machine that keeps what it is sent, or answers as it is told."""

import ssl
from asyncio import WriteTransport
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "mhtr", "p@ss/w:rd %20"


class Box:
    """What the server took, and what it answers."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.to: list[str] = []
        self.to_rcpt = "250 OK"
        self.to_data = "250 OK"
        self.drops = False
        """Whether it takes the content and falls silent."""
        self.wants_login = False
        self.logins: list[tuple[str, str]] = []
        """Who signed in, or tried to, and with which password."""
        self.under_tls: list[bool] = []
        """Of each mail that it took: whether it came encrypted."""

    async def handle_RCPT(
        self, _server: SMTP, session: Session, envelope: Envelope, to: str, _options: list[str]
    ) -> str:
        """The answer to a receiver."""
        if self.wants_login and not session.authenticated:
            return "530 5.7.0 Sign in first"
        envelope.rcpt_tos.append(to)
        return self.to_rcpt

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """The answer to the content."""
        if self.to_data.startswith("250"):
            content: Any = envelope.content
            self.taken.append(message_from_bytes(content, policy=policy.default))
            self.to.extend(envelope.rcpt_tos)
            transport: Any = server.transport
            self.under_tls.append(transport.get_extra_info("ssl_object") is not None)
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


@dataclass(frozen=True)
class Certificate:
    """A certificate made here for a name, and the key to it."""

    path: Path

    @classmethod
    def made_for(cls, name: str, folder: Path) -> "Certificate":
        """Signed by itself, good for a day."""
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Mail server of a test")])
        made = (
            x509.CertificateBuilder()
            .subject_name(who)
            .issuer_name(who)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([_general(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        path = folder / f"{name}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + made.public_bytes(serialization.Encoding.PEM)
        )
        return cls(path)

    def context(self) -> ssl.SSLContext:
        """What the server shows."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.path)
        return made


def _general(name: str) -> x509.GeneralName:
    return x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)


@contextmanager
def safe_server(scheme: str, certificate: Certificate) -> Iterator[tuple[Box, str]]:
    """A server that wants a sign-in: encrypted from the start, once asked (STARTTLS), or never."""
    box = Box()

    def let_in(*answered: Any) -> AuthResult:
        said = answered[-1]
        assert isinstance(said, LoginPassword)
        pair = said.login.decode(), said.password.decode()
        box.logins.append(pair)
        return AuthResult(success=pair == (USER, PASSWORD), handled=False)

    more: dict[str, Any] = {"authenticator": let_in, "auth_require_tls": scheme == "smtp+starttls"}
    box.wants_login = True
    if scheme == "smtps":
        more |= {"ssl_context": certificate.context()}
    elif scheme == "smtp+starttls":
        more |= {"tls_context": certificate.context(), "require_starttls": True}
    controller = AnyPort(box, hostname="127.0.0.1", port=0, **more)
    controller.start()
    try:
        yield box, f"127.0.0.1:{controller.port}"
    finally:
        controller.stop()
