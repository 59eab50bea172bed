"""Whatever goes wrong below /api/, a program is answered in problem+json."""

import sqlite3
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

import config
from mhtr.app import create_app
from mhtr.intake import api_tokens

PROBLEM = "application/problem+json"
REFERENCE = "0b51a5b6-6e2c-4a5e-9d7b-5f6f0e3f7a11"


def is_a_problem(answer: TestResponse, status: int) -> None:
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM), answer.get_data(as_text=True)
    told: Any = answer.get_json()
    assert told["status"] == status
    assert told["type"] == "about:blank"
    assert told["title"]


@pytest.mark.parametrize(
    ("method", "address", "status", "allowed"),
    [
        ("GET", "/api/v1/nothing", 404, ""),
        ("GET", "/api/v2/referrals", 404, ""),
        ("GET", "/api/", 404, ""),
        ("GET", "/api/v1/referrals/notauuid", 404, ""),
        ("POST", "/api/v1/referrals/", 404, ""),
        ("GET", "/api/v1/referrals", 405, "OPTIONS, POST"),
        ("DELETE", "/api/v1/referrals", 405, "OPTIONS, POST"),
        ("PUT", f"/api/v1/referrals/{REFERENCE}", 405, "GET, HEAD, OPTIONS"),
        ("POST", "/api/v1/openapi.json", 405, "GET, HEAD, OPTIONS"),
        ("POST", "/api/v1/referrals", 401, ""),
    ],
)
def test_a_wrong_address_or_method_is_a_problem(
    app: Flask, method: str, address: str, status: int, allowed: str
) -> None:
    answer = app.test_client().open(address, method=method)
    is_a_problem(answer, status)
    assert answer.headers.get("Allow", "") == allowed


@given(
    st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    st.text(st.characters(min_codepoint=33, max_codepoint=0x24F), max_size=30),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_address_below_the_api_answers_with_a_page(
    app: Flask, method: str, address: str
) -> None:
    answer = app.test_client().open("/api/v1/" + address.replace("?", ""), method=method)
    assert answer.mimetype in (PROBLEM, "application/json")
    assert 400 <= answer.status_code < 500 or address.startswith("openapi.json")


def test_the_database_lost_is_a_problem_before_anything_was_saved(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_token: str) -> None:
        raise OperationalError("", {}, sqlite3.OperationalError("gone"))

    monkeypatch.setattr(api_tokens, "recognise", lost)
    headers = {"Authorization": "Bearer mhtr_x"}
    is_a_problem(app.test_client().get(f"/api/v1/referrals/{REFERENCE}", headers=headers), 503)


def test_an_unexpected_failure_is_a_problem_with_a_logged_reference(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_token: str) -> None:
        raise RuntimeError("Kwame Mensah")

    monkeypatch.setattr(api_tokens, "recognise", broken)
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    other = create_app(config.load({"MHTR_MODE": "demo", "MHTR_DATABASE_URL": url}))
    headers = {"Authorization": "Bearer mhtr_x"}
    answer = other.test_client().get(f"/api/v1/referrals/{REFERENCE}", headers=headers)
    is_a_problem(answer, 500)
    reference = answer.get_json()["reference"]
    assert f"reference={reference}" in caplog.text
    assert "Kwame" not in caplog.text + answer.get_data(as_text=True)
