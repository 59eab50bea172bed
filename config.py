"""Settings, read once from the environment. `docs/running.md` documents every name."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Known to everybody who has read this file, hence refused in production.
DEMO_SECRET = "demo-secret-not-for-real-people"  # noqa: S105  (refused outside demo and test)
DEMO_KEY = base64.b64encode(b"demo-key-not-for-real-people-32b").decode()


class Mode(StrEnum):
    """How the program is being run."""

    DEMO = "demo"
    """Fictional people, one-click sign-in, embedded database."""
    TEST = "test"
    """The test suite: known secrets, weak hashes. Never served, and without one-click sign-in."""
    PRODUCTION = "production"
    """Real people. Refuses missing or demonstration secrets."""


class ConfigError(Exception):
    """A setting is missing or wrong. The text is one plain sentence for whoever runs it."""


@dataclass(frozen=True)
class Config:
    """All settings of one process."""

    mode: Mode
    database_url: str
    secret_key: str
    audit_key: bytes
    field_keys: Mapping[int, bytes]
    service_name: str
    https: bool
    proxies: int
    argon2_memory_kib: int
    identifiers: frozenset[str]
    """Extra identifiers switched on: any of PNC, CRO."""
    mail: str
    """Where mail goes: a mail server's address, `console`, or empty: nowhere."""
    mail_from: str
    address: str
    """Where the service is found, for links in mails."""


def load(environ: Mapping[str, str]) -> Config:
    """Read the settings.

    Raises:
        ConfigError: a value is missing, malformed, or a demonstration secret in production.
    """
    try:
        mode = Mode(environ.get("MHTR_MODE", Mode.PRODUCTION))
    except ValueError as exc:
        raise ConfigError("MHTR_MODE must be demo, test or production.") from exc
    demo = mode is not Mode.PRODUCTION
    database = environ.get("MHTR_DATABASE_URL") or (
        f"sqlite:///{Path.cwd() / 'var' / 'mhtr.sqlite'}" if demo else ""
    )
    if not database:
        raise ConfigError("Set MHTR_DATABASE_URL to the database to use.")
    secret = _secret(environ, "MHTR_SECRET_KEY", DEMO_SECRET, demo)
    if len(secret) < 32 and not demo:
        raise ConfigError("MHTR_SECRET_KEY must be at least 32 characters long.")
    audit = _key("MHTR_AUDIT_KEY", _secret(environ, "MHTR_AUDIT_KEY", DEMO_KEY, demo))
    fields = _secret(environ, "MHTR_FIELD_KEYS", f"1:{DEMO_KEY}", demo)
    extra = environ.get("MHTR_EXTRA_IDENTIFIERS", "").upper().replace(",", " ").split()
    if set(extra) - {"PNC", "CRO"}:
        raise ConfigError("MHTR_EXTRA_IDENTIFIERS may hold PNC and CRO only.")
    return Config(
        mode=mode,
        database_url=database.replace("postgresql://", "postgresql+psycopg://", 1),
        secret_key=secret,
        audit_key=audit,
        field_keys=_key_ring(fields),
        service_name=environ.get("MHTR_SERVICE_NAME", "MHTR Programme Manager"),
        https=_yes_or_no(environ, "MHTR_HTTPS", "no" if demo else "yes"),
        proxies=_whole(environ, "MHTR_PROXIES", 0),
        argon2_memory_kib=8 if mode is Mode.TEST else 19 * 1024,
        identifiers=frozenset(extra),
        **_mail(environ, mode),
    )


def _mail(environ: Mapping[str, str], mode: Mode) -> dict[str, str]:
    demo = mode is not Mode.PRODUCTION
    mail = environ.get("MHTR_MAIL", "console" if demo else "")
    if mail and mail != "console" and not _is_mail_server(mail):
        raise ConfigError(
            "MHTR_MAIL must look like smtp+starttls://user:password@host:587, smtps://host or, "
            "on this machine only, smtp://localhost."
        )
    if not unquote(mail).isascii():
        # Python's mail client signs in with nothing else, and would fail only when it sends.
        raise ConfigError("MHTR_MAIL: name and password at the mail server must be plain ASCII.")
    if mail == "console" and not demo:
        raise ConfigError("MHTR_MAIL=console is for demonstrations: name a mail server.")
    sender = environ.get("MHTR_MAIL_FROM", "no-reply@service.example" if demo else "")
    address = environ.get("MHTR_ADDRESS", "http://127.0.0.1:8000" if demo else "")
    if mail and "@" not in sender:
        raise ConfigError("Set MHTR_MAIL_FROM to the address that mails come from.")
    if mail and not address.startswith(("https://", "http://" if demo else "https://")):
        raise ConfigError("Set MHTR_ADDRESS to the https:// address at which the service is found.")
    return {"mail": mail, "mail_from": sender, "address": address}


def _is_mail_server(url: str) -> bool:
    try:
        server = urlsplit(url)
        host, _port = server.hostname, server.port
    except ValueError:
        return False
    if server.scheme == "smtp":  # not encrypted: to this machine's own server only
        return host in ("localhost", "127.0.0.1", "::1")
    return server.scheme in ("smtps", "smtp+starttls") and bool(host)


def _secret(environ: Mapping[str, str], name: str, demo_value: str, demo: bool) -> str:
    value = environ.get(name, "")
    if demo:
        return value or demo_value
    if not value:
        raise ConfigError(f"Set {name}: production does not start without it.")
    if DEMO_SECRET in value or DEMO_KEY in value:
        raise ConfigError(f"{name} still holds the demonstration secret: make your own.")
    return value


def _key(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as exc:
        raise ConfigError(f"{name} must be base64 text.") from exc
    if len(key) != 32:
        raise ConfigError(f"{name} must hold 32 bytes in base64.")
    return key


def _key_ring(text: str) -> dict[int, bytes]:
    ring: dict[int, bytes] = {}
    for part in text.split(","):
        version, _, key = part.strip().partition(":")
        if not version.isdigit() or not 1 <= int(version) <= 255:
            raise ConfigError("MHTR_FIELD_KEYS must look like 1:key,2:key with numbers 1 to 255.")
        ring[int(version)] = _key("MHTR_FIELD_KEYS", key)
    return ring


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name, str(default))
    if not value.isdigit():
        raise ConfigError(f"{name} must be a whole number.")
    return int(value)


def _yes_or_no(environ: Mapping[str, str], name: str, default: str) -> bool:
    value = environ.get(name, default)
    if value not in ("yes", "no"):
        raise ConfigError(f"{name} must be yes or no.")
    return value == "yes"
