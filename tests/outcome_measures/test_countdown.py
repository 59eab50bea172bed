"""The countdown to a report stands wherever his case appears among measures."""

from datetime import date, timedelta

import pytest

from mhtr.cases.facts import ReportProgress
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from tests.outcome_measures.courses import make_course
from tests.outcome_measures.past_scores.test_import import NHS, numbered, take
from tests.overview.test_worklists import report_due
from tests.pages import PageClient
from tests.suitability.journey import allocated

TOMORROW = date(2026, 11, 19)
"""The tests' clock stands on the eighteenth."""


def shown(client: PageClient, case: Case, path: str, due: date = TOMORROW) -> None:
    """Where a report is due; and no longer once it is released."""
    assert "Due tomorrow" not in client.page(path)
    report_due(case, due)
    assert "Due tomorrow" in client.page(path)
    report_due(case, due, ReportProgress.RELEASED)
    assert "Due tomorrow" not in client.page(path)


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.ASSESSOR, "/measures/caseload"),
        (Role.CLINICAL_LEAD, "/measures/caseload"),
        (Role.CLINICAL_LEAD, "/measures/supervision"),
        (Role.CLINICAL_LEAD, "/worklists/flags"),
    ],
)
def test_beside_scores_and_flags(client: PageClient, role: Role, path: str) -> None:
    people = allocated()
    make_course(people.case, people.assessor, [10, 16], [5, 5])
    client.sign_in(people.lead if role is Role.CLINICAL_LEAD else people.assessor)
    shown(client, people.case, path)


def test_beside_past_answers(client: PageClient, set_clock: SetClock) -> None:
    people = allocated()
    numbered(people.case.person_id, NHS)
    set_clock.advance(days=42)  # an answer of the last weeks has a review of its own
    before = f"{NHS},2026-11-18,PHQ-9,1;1;1;1;1;1;1;1;2,pre_sentence"
    take(people, before, head="nhs_number,date,measure,items,point")
    client.sign_in(people.assessor)
    tomorrow = clock.today() + timedelta(days=1)
    shown(client, people.case, "/measures/past-answers", tomorrow)
