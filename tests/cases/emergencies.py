"""Emergency access to a made-up man."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import sessions
from mhtr.accounts.models import Staff
from mhtr.cases import break_glass_service as service
from mhtr.cases.break_glass_service import Wanted
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.makers import make_staff

HIM = Wanted("", "Tunde", "Okafor", date(1990, 2, 3))
REASON = "He is in the waiting room and says that he cannot keep himself safe."


@pytest.fixture
def clinician(app: Flask) -> Staff:
    return make_staff(Role.DUTY_CLINICIAN, name="Dee Uty")


@pytest.fixture
def officer(app: Flask) -> Staff:
    return make_staff(Role.PRIVACY_OFFICER, name="Priva See")


def open_it(by: int, wanted: Wanted = HIM, reason: str = REASON) -> int:
    with writing():
        return service.open_access(wanted, reason=reason, by=by)[0].id


def sees(staff_id: int, case_id: int) -> bool:
    viewer = replace(sessions.viewer_of(db.session.get_one(Staff, staff_id)), emergency=True)
    query = select(Case.id).where(Case.id == case_id, in_scope(viewer, *Purpose))
    return db.session.scalars(query).first() is not None


def filled(**changes: str) -> dict[str, str]:
    return {
        "how": "name",
        "given_name": "Tunde",
        "family_name": "Okafor",
        "born-day": "3",
        "born-month": "2",
        "born-year": "1990",
        "reason": REASON,
        "understood": "yes",
        "submission_key": str(uuid4()),
        **changes,
    }
