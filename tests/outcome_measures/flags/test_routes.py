"""The page of a flag and the supervision list: who sees them, and one response for one flag."""

import re
import uuid

import pytest
from flask import Flask

from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Exclusion, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from outcome_measures.flags import reading as flag_reading
from outcome_measures.flags import service as flag_service
from outcome_measures.flags.reading import NOT_KEPT
from outcome_measures.models import MeasureFlag
from tests.makers import make_staff
from tests.outcome_measures.courses import flags_of, make_course
from tests.pages import PageClient
from tests.suitability.journey import People, allocated, taken_on

GOOD = {"response": "Sleep first, then the exposure work", "in_supervision": "yes"}


@pytest.fixture
def people(app: Flask) -> People:
    made = allocated()
    make_course(made.case, made.assessor, [10, 16], [5, 5])
    return made


def path_of(people: People, flag: MeasureFlag) -> str:
    return f"/cases/{people.case.ref}/measures/flags/{flag.ref}"


def post(client: PageClient, path: str, data: dict[str, str]) -> tuple[int, str]:
    answer = client.post(path, data={"submission_key": str(uuid.uuid4()), **data})
    return answer.status_code, answer.get_data(as_text=True)


def test_the_page_says_the_rule_and_what_met_it_and_takes_one_response(
    client: PageClient, people: People
) -> None:
    client.sign_in(people.assessor)
    (flag,) = flags_of(people.case.id)
    path = path_of(people, flag)
    page = client.page(path)
    assert "PHQ-9 score changed from 10 to 16 (up 6)" in page
    assert "at least 6 points above the first score" in page
    assert post(client, path, GOOD)[0] == 303
    page = client.page(path)
    assert GOOD["response"] in page and "taken up in supervision" in page
    assert "<textarea" not in page


def test_what_is_missing_is_said_beside_the_field_and_what_was_typed_is_kept(
    client: PageClient, people: People
) -> None:
    client.sign_in(people.assessor)
    path = path_of(people, flags_of(people.case.id)[0])
    status, page = post(client, path, {"response": "Half a thought"})
    assert status == 422
    assert "Say whether it was taken up in supervision" in page
    assert "Half a thought" in page
    assert flags_of(people.case.id)[0].responded_at is None


def test_whoever_is_second_sees_both_and_changes_nothing(
    client: PageClient, people: People
) -> None:
    client.sign_in(people.assessor)
    (flag,) = flags_of(people.case.id)
    with writing():
        flag_service.respond(
            flag_id=flag.id, response="Said by the lead", in_supervision=True, by=people.lead.id
        )
    status, page = post(client, path_of(people, flag), GOOD)
    assert status == 422
    assert "Said by the lead" in page and GOOD["response"] in page
    assert "Somebody responded meanwhile" in page
    assert flags_of(people.case.id)[0].response == "Said by the lead"


def test_a_flag_is_found_only_through_its_own_case(client: PageClient, people: People) -> None:
    client.sign_in(people.assessor)
    other = taken_on(people.assessor, "Idris", "Fofana")
    (flag,) = flags_of(people.case.id)
    path = f"/cases/{other.ref}/measures/flags/{flag.ref}"
    assert client.get(path).status_code == 404
    assert post(client, path, GOOD)[0] == 404
    assert flags_of(people.case.id)[0].responded_at is None


@pytest.mark.parametrize("role", sorted(set(Role) - CLINICAL_ROLES))
def test_only_clinicians_come_in(client: PageClient, people: People, role: Role) -> None:
    client.sign_in(make_staff(role))
    (flag,) = flags_of(people.case.id)
    assert client.get(path_of(people, flag)).status_code == 403
    assert client.get("/measures/supervision").status_code == 403


def test_supervision_is_the_leads_and_goes_no_further_than_his_scope(
    client: PageClient, people: People
) -> None:
    client.sign_in(people.assessor)
    assert client.get("/measures/supervision").status_code == 403
    client.sign_in(people.lead)
    page = client.page("/measures/supervision")
    assert "Marlon Ekwueme" in page and "Score up: PHQ-9" in page
    client.sign_in(make_staff(Role.CLINICAL_LEAD))
    assert "Ekwueme" not in client.page("/measures/supervision")
    client.sign_in(people.lead)
    with writing():
        db.session.add(
            Exclusion(
                case_id=people.case.id, principal_id=people.lead.principal_id, because="Neighbour",
                starts_at=clock.now(),
            )
        )  # fmt: skip
    assert "Ekwueme" not in client.page("/measures/supervision")


def test_from_the_list_one_click_leads_to_the_response_and_back(
    client: PageClient, people: People
) -> None:
    client.sign_in(people.lead)
    page = client.page("/measures/supervision")
    found = re.search(r'href="(/cases/[^"]+/measures/flags/[^"]+)"', page)
    assert found
    path = found.group(1).replace("&amp;", "&")
    assert "Record the response" in client.page(path)
    answer = client.post(path, data={"submission_key": str(uuid.uuid4()), **GOOD})
    assert answer.location == "/measures/supervision"
    page = client.page("/measures/supervision")
    assert "No flag is waiting for a response." in page
    assert GOOD["response"] in page


def test_the_list_is_narrowed_by_what_became_of_it_kind_and_assessor(
    client: PageClient, people: People
) -> None:
    colleague = make_staff(Role.ASSESSOR, organisation=people.assessor.organisation)
    other = taken_on(colleague, "Idris", "Fofana")
    make_course(other, colleague, [15, 9], [5, 5], item_9=[0, 1])
    client.sign_in(people.lead)
    both = client.page("/measures/supervision?sort=-name")
    assert both.index("Idris Fofana") < both.index("Marlon Ekwueme")
    assert "Marlon" not in client.page("/measures/supervision?kind=risk")
    assert "Fofana" not in client.page("/measures/supervision?kind=worse")
    assert "Marlon" not in client.page(f"/measures/supervision?assessor={colleague.ref}")
    assert "Nothing here matches" in client.page("/measures/supervision?state=responded")
    assert "There is a problem" in client.page("/measures/supervision?kind=nonsense")


def test_an_ended_flag_keeps_its_words_and_can_be_answered(
    client: PageClient, people: People
) -> None:
    make_course_on = flags_of(people.case.id)[0]
    with writing():
        flag = db.session.get_one(MeasureFlag, make_course_on.id)
        flag.ended_at = clock.now()
    client.sign_in(people.lead)
    assert "Ekwueme" not in client.page("/measures/supervision")
    assert "Ekwueme" in client.page("/measures/supervision?state=ended")
    path = path_of(people, flag)
    assert "It no longer holds" in client.page(path)
    assert post(client, path, GOOD)[0] == 303


def test_a_flag_whose_words_were_not_kept_says_so(people: People) -> None:
    (flag,) = flags_of(people.case.id)
    with writing():
        db.session.get_one(MeasureFlag, flag.id).said = None
    (shown,) = flag_reading.flags_of_case(people.case.id)
    assert shown.reason == NOT_KEPT


def test_a_risk_flag_leads_to_the_reviews_it_does_not_replace(
    client: PageClient, people: People
) -> None:
    other = taken_on(people.assessor, "Idris", "Fofana")
    make_course(other, people.assessor, [9], [5], item_9=[2])
    client.sign_in(people.lead)
    (flag,) = flags_of(other.id)
    page = client.page(f"/cases/{other.ref}/measures/flags/{flag.ref}")
    assert "Responding here closes no risk review" in page
    assert "Risk reviews of this case</a>" in page
