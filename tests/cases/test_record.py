"""The banner: nobody outside the clinical record learns the recommendation before release."""

from flask import Flask

from mhtr.accounts.sessions import viewer_of
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.record import record
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.makers import make_case, make_staff


def test_the_recommendation_is_not_in_the_banner_outside_the_clinical_record(app: Flask) -> None:
    author, assessor = make_staff(Role.COURT_PROBATION), make_staff(Role.ASSESSOR)
    case_id = make_case().id
    with writing():
        case = cases.lock(case_id)
        cases.add_fact(case, FactKind.ASSESSMENT_STARTED, by=assessor.id)
        cases.add_fact(
            case,
            FactKind.ASSESSMENT_FINISHED,
            by=assessor.id,
            detail={"recommendation": "unsuitable"},
        )
        for staff, purpose in ((author, Purpose.PRE_SENTENCE), (assessor, Purpose.CLINICAL)):
            access.grant(case_id, purpose, staff.principal_id, because="test", by=None)
    with app.test_request_context():
        case = db.session.get_one(Case, case_id)
        assert record(viewer_of(assessor), case).state == "Assessed as unsuitable"
        outside = record(viewer_of(author), case)
        assert outside.state == "Being assessed"
        assert outside.reasons == ()
