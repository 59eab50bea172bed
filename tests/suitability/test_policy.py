"""What an administrator sets holds for the countersignature and for the course."""

from datetime import timedelta

import pytest
from flask import Flask

from mhtr.core import clock, policy
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.suitability.countersign_queries import leads_for
from mhtr.suitability.countersigning import CountersignPolicy
from mhtr.suitability.policy import countersign_policy, pathway_policy
from mhtr.suitability.rules import PathwayPolicy
from tests.suitability.browsing import as_, base
from tests.suitability.journey import allocated, decided, fill, finished, sent, started


def set_to(key: str, value: int, by: int) -> None:
    with writing():
        policy.set_value(
            f"suitability.{key}", value, valid_from=clock.today(), reason="Agreed", by=by
        )


def test_without_a_setting_the_rules_own_values_hold(app: Flask) -> None:
    assert pathway_policy() == PathwayPolicy()
    assert countersign_policy() == CountersignPolicy()


def test_how_long_a_check_of_the_register_holds_is_a_setting(app: Flask) -> None:
    people = allocated()
    assessment = finished(people)
    request = sent(assessment, people)
    with writing():
        people.lead.hcpc_checked_on = clock.today() - timedelta(days=31)
    assert people.lead.id in {lead.id for lead in leads_for(assessment)}
    set_to("check_valid_days", 30, people.assessor.id)
    assert people.lead.id not in {lead.id for lead in leads_for(assessment)}
    with pytest.raises(Refused, match="too long ago"):
        decided(request, people.lead.id)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("fewest_sessions", 13, "usually 13 to"),
        ("usual_most_sessions", 11, "usually 10 to 11"),
        ("most_sessions", 11, "this service offers 11 at most"),
    ],
)
def test_the_numbers_of_sessions_are_settings(app: Flask, key: str, value: int, words: str) -> None:
    people = allocated()
    assessment = started(people)
    fill(assessment, people.assessor.id)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/finish"
    assert words not in client.page(path)
    set_to(key, value, people.assessor.id)
    assert words in client.page(path)
