"""The settings page: every declared value, changed from a day on with a reason."""

from datetime import date
from uuid import uuid4

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.cases.policy import BREAK_GLASS_MINUTES
from mhtr.core import policy
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.policy import PolicySetting, PolicyValue
from mhtr.core.transaction import writing
from mhtr.overview import settings_queries, settings_service
from mhtr.overview.settings_routes import form_class
from mhtr.web.fields import IntegerField, RadioField, TextField
from outcome_measures.signing import service as signing
from tests.makers import make_staff
from tests.pages import PageClient

KEY = BREAK_GLASS_MINUTES.key


@pytest.fixture
def administrator(app: Flask) -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, name="Ade Min")


def filled(value: str, day: str = "20", **changes: str) -> dict[str, str]:
    return {
        "value": value,
        "valid_from-day": day,
        "valid_from-month": "11",
        "valid_from-year": "2026",
        "reason": "The privacy officer asked for it.",
        "seen": "0",
        "submission_key": str(uuid4()),
        **changes,
    }


@pytest.mark.parametrize("role", list(Role))
def test_only_administrators_reach_them(client: PageClient, role: Role) -> None:
    client.sign_in(make_staff(role))
    expected = 200 if role is Role.SYSTEM_ADMINISTRATOR else 403
    assert client.get("/settings").status_code == expected
    assert client.get(f"/settings/{KEY}").status_code == expected
    answer = client.post(f"/settings/{KEY}", data=filled("90"))
    assert answer.status_code == (303 if expected == 200 else 403)


def test_every_declared_value_is_listed(client: PageClient, administrator: Staff) -> None:
    client.sign_in(administrator)
    page = client.page("/settings")
    assert len(policy.declared()) >= 8
    for declaration in policy.declared():
        assert f"/settings/{declaration.key}" in page
        client.page(f"/settings/{declaration.key}")


def test_a_value_holds_from_its_day_on(client: PageClient, administrator: Staff) -> None:
    client.sign_in(administrator)
    assert client.post(f"/settings/{KEY}", data=filled("90")).status_code == 303
    assert policy.values(BREAK_GLASS_MINUTES)["break_glass_minutes"] == 60
    later = policy.values(BREAK_GLASS_MINUTES, on=date(2026, 11, 20))
    assert later["break_glass_minutes"] == 90
    assert "90 from Fri 20 Nov 2026" in client.page("/settings")
    page = client.page(f"/settings/{KEY}")
    assert "Not in force yet" in page and "By Ade Min" in page and "privacy officer asked" in page


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (filled("9"), "between 15 and 240"),
        (filled("ninety"), "whole number"),
        (filled("90", day="17"), "cannot change in the past"),
        (filled("90", reason=" "), "Say why"),
    ],
)
def test_a_wrong_change_is_refused(
    client: PageClient, administrator: Staff, data: dict[str, str], expected: str
) -> None:
    client.sign_in(administrator)
    answer = client.post(f"/settings/{KEY}", data=data)
    assert answer.status_code == 422 and expected in answer.get_data(as_text=True)
    assert db.session.query(PolicySetting).count() == 0


def test_a_stale_change_is_refused_with_both_shown(
    client: PageClient, administrator: Staff
) -> None:
    client.sign_in(administrator)
    client.post(f"/settings/{KEY}", data=filled("90"))
    answer = client.post(f"/settings/{KEY}", data=filled("120"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Somebody else changed" in page
    assert "90 from 20 November 2026" in page and 'value="120"' in page
    assert db.session.query(PolicySetting).count() == 1


def test_the_service_refuses_everybody_else(app: Flask) -> None:
    manager = make_staff(Role.SERVICE_MANAGER)
    with pytest.raises(Refused, match="Only a system administrator"), writing():
        settings_service.change(
            KEY, 90, valid_from=date(2026, 11, 20), reason="x", seen=0, by=manager.id
        )


def test_an_unknown_setting_is_not_found(client: PageClient, administrator: Staff) -> None:
    client.sign_in(administrator)
    assert client.get("/settings/no.such").status_code == 404


def test_each_kind_of_value_has_its_field() -> None:
    def kind(default: bool | int | str, *choices: str) -> type:
        declared = PolicyValue("x.y", "X", default, "a unit", "a source", choices=choices)
        found: type = vars(form_class(declared))["value"].field_class
        return found

    assert kind(True) is RadioField and kind("a", "a", "b") is RadioField
    assert kind(5) is IntegerField and kind("text") is TextField
    assert settings_queries.words(False) == "No" and settings_queries.words(1500) == "1,500"


def test_a_measure_that_waits_for_a_signature_says_so(
    client: PageClient, administrator: Staff
) -> None:
    client.sign_in(administrator)
    page = client.page("/settings/measures.itq_when")
    assert "nobody is asked it, and it is due for nobody" in page and "Wording" in page
    assert "until a clinical lead has signed" not in client.page("/settings/measures.gad7_when")
    waiting = sum(1 for one in settings_queries.every() if one.waits)
    assert client.page("/settings").count("Waits for a signature") == waiting > 0
    lead = make_staff(Role.CLINICAL_LEAD, hcpc="PYL000456")
    with writing():
        signing.sign(instrument="itq", rule="wording", source_read="The paper", by=lead.id)
    assert "has signed" not in client.page("/settings/measures.itq_when")
