"""A court date as a result or with a request takes the case to another trust: ticked there too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from mhtr.accounts.models import OrganisationKind
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake.models import CourtCoverage
from mhtr.intake.other_trust import GoesElsewhere
from mhtr.intake.queries import referral_of
from mhtr.suitability import outcome_service, request_service
from mhtr.suitability.asked import Asked
from mhtr.suitability.court_result import Outcome, Result
from tests.intake import journey
from tests.intake.house import House
from tests.makers import make_organisation, make_staff, make_team
from tests.pages import PageClient
from tests.suitability.makers import ASKED

LATER = date(2027, 1, 20)


class Ending:
    """The house covers its court until the new year; from then on the north does."""

    def __init__(self) -> None:
        self.house = House()
        self.north = journey.make_trust("north")
        with writing():
            db.session.query(CourtCoverage).update({"live_to": date(2026, 12, 31)})
            db.session.add(
                CourtCoverage(
                    court_code="B01EF", live_from=date(2027, 1, 1), trust_id=self.north.id
                )
            )
        self.case = self.house.refer()
        team = make_team(make_organisation(OrganisationKind.COURT_TEAM))
        self.author = make_staff(Role.COURT_PROBATION, team=team)
        with writing():
            access.grant(
                self.case.id,
                Purpose.PRE_SENTENCE,
                self.author.principal_id,
                because="test",
                by=None,
            )

    def trust(self) -> int:
        db.session.rollback()
        referral = referral_of(self.case.id)
        assert referral is not None
        return referral.trust_id


def adjourn(scene: Ending, to_trust: int | None) -> None:
    outcome = Outcome(None, Result.ADJOURNED, next_hearing_on=LATER, to_trust=to_trust)
    with writing():
        outcome_service.record_outcome(case_id=scene.case.id, outcome=outcome, by=scene.author.id)


def ask(scene: Ending, to_trust: int | None) -> None:
    asked: Asked = replace(ASKED, court_code="B01EF", hearing_on=LATER)
    with writing():
        request_service.ask(
            case_id=scene.case.id, asked=asked, by=scene.author.id, to_trust=to_trust
        )


@pytest.mark.parametrize("record", [adjourn, ask])
def test_each_other_way_asks_for_the_trust(
    app: Flask, record: Callable[[Ending, int | None], None]
) -> None:
    scene = Ending()
    with pytest.raises(GoesElsewhere) as refused:
        record(scene, None)
    assert refused.value.trust_id == scene.north.id
    with pytest.raises(Refused):
        record(scene, scene.house.trust.id)
    assert scene.trust() == scene.house.trust.id
    record(scene, scene.north.id)
    assert scene.trust() == scene.north.id


DAY = {"-day": "20", "-month": "1", "-year": "2027"}
RESULT = {"result": "adjourned", "version": "0"}
RESULT |= {f"next_hearing_on{part}": text for part, text in DAY.items()}
REQUEST = {
    "plea": "guilty",
    "court_code": "B01EF",
    "psr_type": "short",
    "custody": "bail",
    "risk_of_harm": "medium",
    "staff_safety": "no",
    "interpreter": "no",
}
REQUEST |= {f"hearing_on{part}": text for part, text in DAY.items()}


@pytest.mark.parametrize(("page", "typed"), [("outcome", RESULT), ("report-request", REQUEST)])
def test_their_pages_say_it_and_take_the_tick(
    client: PageClient, page: str, typed: dict[str, Any]
) -> None:
    scene = Ending()
    client.sign_in(scene.author)
    path = f"/cases/{scene.case.ref}/{page}"
    answer = client.post(path, data={"submission_key": str(uuid4()), **typed})
    said = answer.get_data(as_text=True)
    assert answer.status_code == 422, said
    assert f"{scene.north.name}’s on that day: the case and its record go there" in said
    assert scene.trust() == scene.house.trust.id
    ticked = {"submission_key": str(uuid4()), **typed, "other_trust": str(scene.north.id)}
    answer = client.post(path, data=ticked)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert scene.trust() == scene.north.id
