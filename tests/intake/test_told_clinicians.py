"""Notices to clinicians go only to who may open the case, and somebody is always told."""

from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import court_case, leaving, told_clinicians
from mhtr.tasks.models import Notice
from tests.intake.house import House, accept, named_only, notices
from tests.intake.test_leaving import disabled, shut_out
from tests.makers import make_staff

CLOSED = "A case is closed. Its page says why"


class Scene(House):
    """A man with an assessor, two leads, and a privacy officer."""

    def __init__(self, *, assessed: bool = True) -> None:
        super().__init__()
        self.other_lead = make_staff(Role.CLINICAL_LEAD, organisation=self.trust, name="Second")
        self.officer = make_staff(Role.PRIVACY_OFFICER, organisation=self.trust)
        self.case = self.refer()
        accept(self, self.case, self.assessor if assessed else None)

    def dies(self, by: Staff) -> None:
        case_id = self.case.id
        with writing():
            court_case.close_after_death(case_id, by.id)


def pages(staff: Staff, text: str) -> list[str]:
    wanted = select(Notice.endpoint).where(
        Notice.principal_id == staff.principal_id, Notice.text == text
    )
    return list(db.session.scalars(wanted))


def tell(case: Case, trust_id: int, by: int | None = None) -> None:
    case_id = case.id
    with writing():
        told_clinicians.tell(
            db.session.get_one(Case, case_id),
            trust_id,
            text="News",
            page="overview.case_page",
            by=by,
        )


def test_on_an_open_case_every_lead_is_told_but_who_did_it(either_app: Flask) -> None:
    here = Scene()
    tell(here.case, here.trust.id, here.lead.id)
    assert "News" not in notices(here.lead)
    assert "News" in notices(here.other_lead)
    assert not notices(here.officer)


def test_a_lead_who_may_not_open_a_restricted_case_is_not_told(either_app: Flask) -> None:
    here = Scene()
    named_only(here.case, here.lead, here.lead)
    tell(here.case, here.trust.id)
    assert "News" in notices(here.lead)
    assert "News" not in notices(here.other_lead)


def test_one_who_is_shut_out_is_not_told(app: Flask) -> None:
    here = Scene()
    shut_out(here.other_lead, here.case, here.lead)
    tell(here.case, here.trust.id)
    assert "News" not in notices(here.other_lead)


def test_where_no_lead_may_open_it_whoever_is_named_is_told(either_app: Flask) -> None:
    here = Scene()
    named_only(here.case, here.lead, here.assessor)
    tell(here.case, here.trust.id)
    assert "News" in notices(here.assessor)
    assert "News" not in notices(here.lead) + notices(here.other_lead)


def test_where_nobody_clinical_may_a_privacy_officer_names_somebody(either_app: Flask) -> None:
    here = Scene(assessed=False)
    for one in (here.other_lead, here.assessor, here.lead):
        shut_out(one, here.case, here.officer)
    tell(here.case, here.trust.id)
    for one in (here.lead, here.other_lead, here.assessor):
        assert "News" not in notices(one)
    assert pages(here.officer, told_clinicians.NOBODY_OPENS) == ["case_access.readers"]


def test_whoever_leaves_a_restricted_case_is_followed_by_who_may_open_it(app: Flask) -> None:
    """Opened to the leads by name first: then they hear that it waits, and no officer does."""
    here = Scene()
    named_only(here.case, here.lead, here.assessor)
    disabled(here.assessor)
    for lead in (here.lead, here.other_lead):
        assert leaving.OPENED_TO_YOU in notices(lead)
        assert leaving.NEEDS_ANOTHER in notices(lead)
    assert not notices(here.officer)


def test_with_one_lead_named_the_others_hear_nothing(either_app: Flask) -> None:
    here = Scene()
    named_only(here.case, here.lead, here.assessor, here.lead)
    disabled(here.assessor)
    assert leaving.NEEDS_ANOTHER in notices(here.lead)
    assert leaving.NEEDS_ANOTHER not in notices(here.other_lead)


def test_a_death_on_a_restricted_case_is_told_to_who_may_open_it(app: Flask) -> None:
    here = Scene()
    named_only(here.case, here.lead, here.assessor)
    here.dies(here.administrator)
    assert CLOSED in notices(here.assessor)
    assert CLOSED not in notices(here.lead) + notices(here.other_lead)
