"""The countdown to a report stands wherever his case appears among measures."""

from datetime import date

import pytest

from mhtr.cases.facts import ReportProgress
from mhtr.cases.models import Case
from mhtr.core.access import Role
from tests.outcome_measures.courses import make_course
from tests.outcome_measures.past_scores.test_import import PHQ_RISK, on_record, take
from tests.overview.test_worklists import report_due
from tests.pages import PageClient
from tests.suitability.journey import allocated

TOMORROW = date(2026, 11, 19)
"""The tests' clock stands on the eighteenth."""


def shown(client: PageClient, case: Case, path: str) -> None:
    """Where a report is due; and no longer once it is released."""
    assert "Due tomorrow" not in client.page(path)
    report_due(case, TOMORROW)
    assert "Due tomorrow" in client.page(path)
    report_due(case, TOMORROW, ReportProgress.RELEASED)
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


def test_beside_past_answers(client: PageClient) -> None:
    people = on_record()
    take(people, PHQ_RISK)
    client.sign_in(people.assessor)
    shown(client, people.case, "/measures/past-answers")
