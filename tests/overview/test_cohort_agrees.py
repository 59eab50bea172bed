"""A man's page and the outcomes report judge his episode alike."""

import re
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest

from mhtr.accounts.models import Staff
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.compliance.attendance import Happened
from mhtr.compliance.models import Attendance
from mhtr.core import clock, policy
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.overview.cohort_figures import found_in
from mhtr.overview.cohort_queries import Asked, read
from outcome_measures.batch.change import classified
from outcome_measures.cohorts.cohort import Figure
from outcome_measures.policy import THIRD_MEASURE
from tests.makers import make_staff
from tests.outcome_measures.courses import make_contact
from tests.outcome_measures.occasions import asked
from tests.overview.things import a_case
from tests.pages import PageClient

FIRST = date(2026, 9, 7)
SECOND = FIRST + timedelta(days=7)
BETWEEN = FIRST + timedelta(days=3)


def a_man(staff: Staff, state: CaseState) -> Case:
    """Two contacts on one day, a session known from imported scores only, one from attendance
    only; one of two improved."""
    made = a_case(staff)
    make_contact(made, staff, FIRST, 1)
    make_contact(made, staff, FIRST, 2)
    for number, (phq, gad) in enumerate([(21, 15), (10, 15)], start=1):
        on = FIRST if number == 1 else SECOND
        imported = number == 2
        place = 3 if imported else 1
        asked(made, staff, "phq9", on, phq, session=place, historic=imported)
        asked(made, staff, "gad7", on, gad, session=place, historic=imported)
        asked(made, staff, "coreom", on, 80 if number == 1 else 40, session=place, typed=True)
    with writing():
        made.state, made.state_since = state, SECOND
        db.session.add(
            Attendance(
                case_id=made.id,
                subject=uuid4(),
                starts_at=clock.from_london(datetime.combine(BETWEEN, time(10))),
                on=BETWEEN,
                required=True,
                session_number=4,
                happened=Happened.SEEN,
                by_id=staff.id,
            )
        )
    return made


@pytest.mark.parametrize("third", ["none", "coreom"])
@pytest.mark.parametrize(
    "state",
    [CaseState.CLOSED, CaseState.ENDED, CaseState.DISCHARGED, CaseState.IN_TREATMENT],
)
def test_the_page_and_the_report_agree(client: PageClient, state: CaseState, third: str) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = a_man(staff, state)
    with writing():
        policy.set_value(
            THIRD_MEASURE.key, third, valid_from=clock.today(), reason="Agreed", by=staff.id
        )
    page = client.sign_in(staff).page(f"/cases/{case.ref}/measures")
    said = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    cohort = read(Asked(FIRST, clock.today()), clock.today())
    (man,) = (*cohort.ended, *cohort.open)
    figures = {figure for figure, ids in found_in([man], cohort.third).items() if ids}
    assert man.episode.sessions.number == 4, "two appointments of one day are two"
    assert ("Interim" in said) is (man.episode.ended_on is None)
    assert ("Completed course Yes" in said) is (man.episode.ended_on is not None)
    assert Figure.ON_ONE in figures
    assert "at least one of PHQ-9 and GAD-7 Yes" in said
    on_two = "at least two of PHQ-9, GAD-7 and CORE-OM Yes" in said
    assert on_two is (Figure.ON_TWO in figures) is (third == "coreom")


def test_two_sessions_of_one_day_finish_a_course_for_page_report_and_file(
    client: PageClient,
) -> None:
    """Appointments are counted, as `treatment_contacts` of an analyst's file does."""
    staff = make_staff(Role.ASSESSOR)
    made = a_case(staff)
    for number in (1, 2):
        make_contact(made, staff, FIRST, number)
    asked(made, staff, "phq9", FIRST, 21, session=1)
    asked(made, staff, "gad7", FIRST, 15, session=1)
    for measure, total in (("phq9", 9), ("gad7", 7)):
        asked(made, staff, measure, FIRST + timedelta(days=2), total)
    with writing():
        made.state, made.state_since = CaseState.ENDED, SECOND
    page = client.sign_in(staff).page(f"/cases/{made.ref}/measures")
    said = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Completed course Yes" in said
    (man,) = read(Asked(FIRST, clock.today()), clock.today()).ended
    assert Figure.FINISHED in man.episode.counted
    cells = ("21", "9", "15", "7", str(man.episode.sessions.number), "Y")
    assert classified(*cells)[0][0] == "Y"
