"""Another system, with its token."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from mhtr.accounts.models import Organisation, OrganisationKind
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.transaction import writing
from mhtr.intake import api_tokens
from mhtr.intake.api_tokens import Scope
from tests.makers import make_organisation, make_staff

BOTH = frozenset(Scope)
REFERRAL = {
    "safety": "safe",
    "given_name": "Kwame",
    "family_name": "Mensah",
    "born": "1991-04-02",
    "source": "ld",
    "place": "B01IX",
    "willing": "willing",
    "agreed_how": "face_to_face",
    "external_reference": "LD-1",
}


@pytest.fixture
def team(either_app: Flask) -> Organisation:
    make_organisation()  # a treating trust to receive what is sent
    return make_organisation(OrganisationKind.LD_TEAM)


def a_token(organisation: Organisation, scopes: frozenset[Scope] = BOTH) -> str:
    by = make_staff(Role.SYSTEM_ADMINISTRATOR)
    with writing():
        return api_tokens.make(
            organisation_id=organisation.id,
            label="Case system",
            scopes=scopes,
            expires_on=clock.today() + timedelta(days=30),
            by=by.id,
        )


class System:
    """Another system calling the API."""

    def __init__(self, app: Flask, token: str) -> None:
        self.app, self.token = app, token

    def send(self, body: Any = None, key: str = "key-00000001", **headers: str) -> Any:
        return self.app.test_client().post(
            "/api/v1/referrals",
            json=REFERRAL if body is None else body,
            headers={"Authorization": f"Bearer {self.token}", "Idempotency-Key": key, **headers},
        )

    def ask(self, reference: str) -> Any:
        return self.app.test_client().get(
            f"/api/v1/referrals/{reference}", headers={"Authorization": f"Bearer {self.token}"}
        )


@pytest.fixture
def system(either_app: Flask, team: Organisation) -> System:
    return System(either_app, a_token(team))
