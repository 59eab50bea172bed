"""Mail over TLS with a sign-in: to a server that shows its certificate, and to no other."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from mhtr.core.clock import SetClock
from mhtr.messages.mail import Mail, NotNow
from mhtr.messages.transports import NOBODY_THERE, NOT_SENDER, SmtpTransport
from tests.messages.servers import PASSWORD, USER, Box, Certificate, safe_server

MAIL = Mail("duty@camden.example", "A session is recorded", "Read it.", "key")
SCHEMES = ("smtps", "smtp+starttls")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Of the address at which the server answers."""
    return Certificate.made_for("127.0.0.1", tmp_path_factory.mktemp("certificate"))


@pytest.fixture(autouse=True)
def stands(set_clock: SetClock) -> Iterator[None]:
    """Time stands still: a mail carries its date."""
    yield


def trusted(monkeypatch: pytest.MonkeyPatch, certificate: Certificate) -> None:
    """This machine trusts whoever signed it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))


def sends(scheme: str, where: str, password: str = PASSWORD) -> None:
    url = f"{scheme}://{USER}:{quote(password, safe='')}@{where}"
    SmtpTransport(url, "service@trust.example").send(MAIL)


def nothing_left(box: Box) -> None:
    """Neither the mail nor the password."""
    assert not box.taken and not box.logins


@pytest.mark.parametrize("scheme", SCHEMES)
def test_it_is_sent_encrypted_after_signing_in(
    scheme: str, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted(monkeypatch, certificate)
    with safe_server(scheme, certificate) as (box, where):
        sends(scheme, where)
    assert box.logins == [(USER, PASSWORD)]
    assert box.to == [MAIL.to] and box.under_tls == [True]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    scheme: str, certificate: Certificate
) -> None:
    with safe_server(scheme, certificate) as (box, where):
        with pytest.raises(NotNow, match=NOBODY_THERE):
            sends(scheme, where)
        nothing_left(box)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_server_that_shows_another_name_gets_nothing(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Certificate.made_for("mail.elsewhere.example", tmp_path)
    trusted(monkeypatch, other)
    with safe_server(scheme, other) as (box, where):
        with pytest.raises(NotNow, match=NOBODY_THERE):
            sends(scheme, where)
        nothing_left(box)


def test_a_server_that_will_not_encrypt_gets_nothing(certificate: Certificate) -> None:
    """Nor the password: whoever sits between would take the offer out."""
    with safe_server("smtp", certificate) as (box, where):
        with pytest.raises(NotNow, match=NOT_SENDER):
            sends("smtp+starttls", where)
        nothing_left(box)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_wrong_password_is_said_and_nothing_is_sent(
    scheme: str, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted(monkeypatch, certificate)
    with safe_server(scheme, certificate) as (box, where):
        with pytest.raises(NotNow, match=NOT_SENDER):
            sends(scheme, where, password="wrong")
        assert not box.taken and (USER, "wrong") in box.logins
