"""Headers of every answer, and failures that tell the reader and the log no personal data."""

import io
import logging

import pytest
from flask import Flask
from werkzeug.wsgi import FileWrapper

import config as settings
from mhtr.app import create_app
from mhtr.core.access import Role
from mhtr.web.gate import public
from tests.makers import make_staff
from tests.pages import PageClient

CANARY = "Kestrel Canary"


def made(app: Flask, **environ: str) -> Flask:
    return create_app(
        settings.load(
            {
                "MHTR_MODE": "test",
                "MHTR_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
                **environ,
            }
        )
    )


def test_every_answer_has_the_headers(client: PageClient) -> None:
    client.sign_in(make_staff(Role.ASSESSOR))
    for path, status in (("/today", 200), ("/nowhere", 404), ("/static/app.css", 200)):
        answer = client.get(path)
        answer.close()
        assert answer.status_code == status
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert ("no-store" in answer.headers.get("Cache-Control", "")) is (
            not path.startswith("/static")
        )


def test_a_file_whose_address_names_its_content_is_kept(client: PageClient) -> None:
    for path, kept in (
        ("/static/app.css?v=1", True),
        ("/static/nhsuk/nhsuk-frontend-10.6.1.min.js", True),
        ("/static/app.css", False),
    ):
        with client.get(path) as answer:
            assert ("immutable" in answer.headers["Cache-Control"]) is kept, path


def test_a_file_that_has_not_changed_is_closed_unread(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client.get("/static/app.css") as answer:
        tag = answer.headers["ETag"]
    opened: list[io.BufferedReader] = []
    wrap = FileWrapper.__init__

    def noted(self: FileWrapper, file: io.BufferedReader, *more: int) -> None:
        opened.append(file)
        wrap(self, file, *more)

    monkeypatch.setattr(FileWrapper, "__init__", noted)
    assert client.get("/static/app.css", headers={"If-None-Match": tag}).status_code == 304
    assert [file.closed for file in opened] == [True]


def test_the_nonce_is_new_each_time_and_used(client: PageClient) -> None:
    client.sign_in(make_staff(Role.ASSESSOR))
    nonces = set()
    for _ in range(3):
        answer = client.get("/today")
        nonce = answer.headers["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]
        assert f'nonce="{nonce}"' in answer.get_data(as_text=True)
        nonces.add(nonce)
    assert len(nonces) == 3


def test_strict_transport_only_under_https(app: Flask) -> None:
    plain = made(app).test_client().get("/sign-in")
    assert "Strict-Transport-Security" not in plain.headers
    safe = made(app, MHTR_HTTPS="yes").test_client().get("/sign-in", base_url="https://localhost")
    assert "Strict-Transport-Security" in safe.headers


@pytest.fixture
def failing(app: Flask) -> Flask:
    other = made(app)
    other.testing = False

    @public
    def fails() -> str:
        raise RuntimeError(f"{CANARY} was here")

    other.add_url_rule("/sign-in/fails", "fails", fails)
    from mhtr.web.errors import init_errors

    init_errors(other)
    return other


def test_an_unexpected_failure_is_a_plain_page_with_a_logged_reference(
    failing: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = failing.test_client().get("/sign-in/fails")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "Traceback" not in page
    assert CANARY not in page
    reference = page.partition('app-reference">')[2].partition("<")[0]
    assert reference
    assert reference in caplog.text
    assert "RuntimeError" in caplog.text
    assert CANARY not in caplog.text
