"""She does not know whether he is safe now: that is never lost, known to the service or not."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability import about_a_man
from mhtr.suitability.asked import Man
from mhtr.tasks.models import Notice
from tests.makers import make_case, make_staff
from tests.suitability.makers import ASKED, CourtSide, make_man

MAN = Man("X123456", "Tunde", "Okafor", date(1990, 2, 3))


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("safe", [True, False])
def test_his_case_is_urgent_and_whoever_has_him_is_told(
    either_app: Flask, known: bool, safe: bool
) -> None:
    court, assessor = CourtSide(), make_staff(Role.ASSESSOR)
    held = make_case(make_man()).id if known else 0
    if known:
        with writing():
            cases.lock(held).assessor_id = assessor.id
    with writing():
        request = about_a_man.ask_about(man=MAN, asked=ASKED, safe=safe, by=court.author.id)
        case_id = request.case_id
    assert (case_id == held) is known
    assert db.session.get_one(Case, case_id).urgent is not safe
    told = db.session.scalars(
        select(Notice.text).where(Notice.principal_id == assessor.principal_id)
    ).all()
    assert any("safe now" in text for text in told) is (known and not safe)
