"""A fuzzer of the API's description finds no fault."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from mhtr.accounts.models import OrganisationKind
from mhtr.intake import api_tokens
from mhtr.intake.api_description import describe
from tests.intake.api_system import a_token
from tests.makers import make_organisation


@pytest.fixture
def open_limit(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(api_tokens, "values", lambda *_: {"api_calls_a_minute": 100_000})
    yield


@pytest.mark.slow
def test_a_fuzzer_of_the_description_finds_no_fault(
    app: Flask, open_limit: None, pytestconfig: pytest.Config
) -> None:
    make_organisation()
    token = a_token(make_organisation(OrganisationKind.LD_TEAM))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    assert describe("/api/v1")["paths"].keys() == {"/referrals", "/referrals/{reference}"}
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        strategy = operation.as_strategy()
        tried += fuzz(operation, strategy, token)
    assert tried > 40


def fuzz(operation: Any, strategy: Any, token: str) -> int:
    from hypothesis import HealthCheck, Phase, given, settings

    from tests.counts import count

    calls = 0

    @given(case=strategy)
    @settings(
        max_examples=count(40, 2000),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        nonlocal calls
        calls += 1
        case.headers["Authorization"] = f"Bearer {token}"
        # Dated code lists and rules between two fields cannot be said in a schema, so a body
        # that fits it may still be refused, in words; every other check holds.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    run()
    return calls
