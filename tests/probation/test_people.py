"""An officer's list of his men: what it says of each, and of whom it says nothing."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from mhtr.accounts import listeners as account_listeners
from mhtr.accounts.models import Staff, StaffRole, TeamMembership
from mhtr.compliance.attendance import Happened as H
from mhtr.compliance.attendance import ReasonGiven
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.orders.contact_service import Named, name_contact
from mhtr.orders.queries import contact_of
from mhtr.people.models import Identifier, IdentifierKind, Person
from mhtr.suitability.court_result import Result
from tests.makers import make_staff, make_team
from tests.orders.makers import MADE, order_of, says
from tests.pages import PageClient
from tests.sessions.seen import Treated, booked, tell, treated
from tests.suitability.journey import taken_on

LIST = "/my-people"


def marks(page: str) -> list[str]:
    """The signs of the first man's last sessions, the newest last."""
    row = page.partition("<tbody")[2].partition("</tbody>")[0]
    return re.findall(r"app-marks__one--([a-z-]+)", row)


def names(page: str) -> list[str]:
    return re.findall(r'<th role="rowheader" scope="row"><a [^>]*>([^<]+)</a>', page)


def another(man: Treated, name: str = "Abel") -> Treated:
    """Another man of the same officer, with nothing booked."""
    case = taken_on(man.therapist, name, "Addo")
    case_id, by, officer = case.id, man.therapist.id, man.world.officer
    says(case_id, by, result=Result.CO_MHTR, sentenced_on=MADE)
    said, office = Named(unit_id=officer.organisation_id, staff_id=officer.id), man.world.office.id
    with writing():
        name_contact(case_id=case_id, said=said, seen=0, by=office)
    return replace(man, world=replace(man.world, case=case))


def voluntary(man: Treated, days: int, happened: H) -> None:
    """A voluntary session so many days ago, and what happened."""
    place = booked(man.case, man.therapist, clock.now() - timedelta(days=days), required=False)
    tell(place, man.therapist, happened)


def test_a_row_says_what_comes_and_what_happened(client: PageClient) -> None:
    man = treated()
    for days, happened in ((28, H.SEEN), (21, H.WE_CANCELLED), (14, H.SEEN_LATE), (7, H.SEEN)):
        late = 5 if happened is H.SEEN_LATE else None
        place = booked(man.case, man.therapist, clock.now() - timedelta(days=days))
        tell(place, man.therapist, happened, late=late)
    tell(man.place, man.therapist, H.DID_NOT_COME, reason=ReasonGiven.ILLNESS)
    soon = clock.now() + timedelta(days=3)
    booked(man.case, man.therapist, soon)
    person_id = man.case.person_id
    with writing():
        db.session.add(Identifier(person_id=person_id, kind=IdentifierKind.CRN, value="X012345"))
    page = client.sign_in(man.world.officer).page(LIST)
    assert marks(page) == ["seen", "not-his", "seen", "seen", "missed"]
    assert "Did not come" in page and "Came 5 minutes late and was still seen" in page
    assert f"{soon.astimezone(clock.LONDON):%H:%M}" in page and "X012345" in page
    assert "The order is not recorded yet." in page
    person = db.session.get_one(Person, person_id)
    assert "illness" not in page.lower() and "Ill<" not in page
    assert person.born is not None and str(person.born.year) not in page


def test_the_clock_of_his_order_stands_beside_him(client: PageClient) -> None:
    man = treated()
    order_of(man.world)
    page = client.sign_in(man.world.officer).page(LIST)
    assert "12 sessions left, 14 weeks to spare." in page and "15 May 2027" in page
    assert "nhsuk-tag--red" not in page
    assert names(client.page(f"{LIST}?show=late")) == []


def test_what_can_no_longer_be_finished_is_said_and_found(
    client: PageClient, set_clock: SetClock
) -> None:
    man = treated()
    order = order_of(man.world)
    set_clock.advance(days=(order.treatment_ends_on - clock.today()).days - 3)
    page = client.sign_in(man.world.officer).page(f"{LIST}?show=late")
    assert "nhsuk-tag--red" in page and len(names(page)) == 1


def test_what_he_cancelled_counts_from_its_day_on(client: PageClient, set_clock: SetClock) -> None:
    man = treated()
    place = booked(man.case, man.therapist, clock.now() + timedelta(days=2))
    tell(place, man.therapist, H.HE_CANCELLED)
    client.sign_in(man.world.officer)
    assert names(client.page(f"{LIST}?show=missed")) == [] and marks(client.page(LIST)) == []
    set_clock.advance(days=2)
    assert marks(client.sign_in(man.world.officer).page(LIST)) == ["missed"]


def test_voluntary_sessions_are_no_part_of_it(client: PageClient) -> None:
    man = treated(supervised=True)
    voluntary(man, 7, H.DID_NOT_COME)
    booked(man.case, man.therapist, clock.now() + timedelta(days=1), required=False)
    page = client.sign_in(man.world.officer).page(LIST)
    assert marks(page) == [] and "None booked" in page


@pytest.mark.parametrize(
    ("happened", "missed"),
    [(H.DID_NOT_COME, True), (H.TOO_LATE, True), (H.HE_CANCELLED, True), (H.SEEN, False),
     (H.WE_CANCELLED, False), (H.NOT_SEEN_BY_US, False), (H.OTHERS_CANCELLED, False)],
)  # fmt: skip
def test_who_missed_the_last_session_is_found(
    client: PageClient, happened: H, missed: bool
) -> None:
    man = treated()
    tell(man.place, man.therapist, happened)
    client.sign_in(man.world.officer)
    assert bool(names(client.page(f"{LIST}?show=missed"))) == missed


def test_it_is_filtered_sorted_and_paged(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    man = treated()
    another(man)
    booked(man.case, man.therapist, clock.now() + timedelta(days=1))
    client.sign_in(man.world.officer)
    first, second = names(client.page(LIST))
    assert first == "Abel Addo"
    assert names(client.page(f"{LIST}?sort=-name")) == [second, first]
    assert names(client.page(f"{LIST}?sort=next")) == [second, first]
    assert names(client.page(f"{LIST}?sort=-next")) == [second, first]
    assert names(client.page(f"{LIST}?show=nothing_booked")) == [first]
    assert names(client.page(f"{LIST}?show=nonsense")) == [first, second]
    monkeypatch.setattr("mhtr.probation.routes.SIZE", 1)
    assert names(client.page(LIST)) == [first]
    assert names(client.page(f"{LIST}?page=2")) == [second]
    monkeypatch.setattr("mhtr.probation.routes.MOST", 1)
    assert "The first 1 by name are shown." in client.page(LIST)


def test_nobody_else_finds_him_there(client: PageClient) -> None:
    man = treated()
    colleague = make_staff(Role.PROBATION, organisation=man.world.officer.organisation)
    elsewhere = make_staff(Role.SENIOR_PROBATION)
    for staff in (colleague, elsewhere):
        assert " nobody under a treatment requirement." in client.sign_in(staff).page(LIST)
    assert client.sign_in(man.therapist).get(LIST).status_code == 403


def test_who_is_not_his_officer_any_more_loses_him(client: PageClient) -> None:
    man = treated()
    assert len(names(client.sign_in(man.world.officer).page(LIST))) == 1
    senior, case_id, by = man.world.senior, man.world.case.id, man.world.office.id
    said = Named(unit_id=senior.organisation_id, staff_id=senior.id)
    kept = contact_of(case_id)
    assert kept is not None
    with writing():
        name_contact(case_id=case_id, said=said, seen=kept.id, by=by)
    assert names(client.page(LIST)) == []
    assert len(names(client.sign_in(senior).page(LIST))) == 1


def test_a_senior_sees_his_unit_and_whose_each_man_is(client: PageClient) -> None:
    man = treated()
    unit = man.world.officer.organisation
    team, colleague = make_team(unit, "Victoria"), make_staff(Role.PROBATION, organisation=unit)
    with writing():
        db.session.add(TeamMembership(staff_id=colleague.id, team_id=team.id))
    abel, officer = another(man), man.world.officer
    said = Named(unit_id=unit.id, staff_id=colleague.id)
    kept, case_id, by = contact_of(abel.world.case.id), abel.world.case.id, man.world.office.id
    assert kept is not None
    with writing():
        name_contact(case_id=case_id, said=said, seen=kept.id, by=by)
    page = client.sign_in(man.world.senior).page(LIST)
    assert len(names(page)) == 2 and colleague.name in page and officer.name in page
    assert names(client.page(f"{LIST}?whose={colleague.ref}")) == ["Abel Addo"]
    assert names(client.page(f"{LIST}?whose=team-{team.ref}")) == ["Abel Addo"]
    assert len(names(client.page(f"{LIST}?whose={officer.ref}"))) == 1
    assert names(client.page(f"{LIST}?whose=elsewhere")) == []
    assert names(client.page(f"{LIST}?whose=nobody")) == []
    assert client.get(f"/cases/{abel.world.case.ref}/standing").status_code == 200
    assert "Whose" not in client.sign_in(colleague).page(LIST)


def test_an_officer_who_does_not_sign_in_is_an_officer(client: PageClient) -> None:
    man = treated()
    case_id, unit_id, by = man.world.case.id, man.world.officer.organisation_id, man.world.office.id
    kept = contact_of(case_id)
    assert kept is not None
    seen = kept.id
    with writing():
        said = Named(unit_id=unit_id, name="Bo Field")
        name_contact(case_id=case_id, said=said, seen=seen, by=by)
    page = client.sign_in(man.world.senior).page(LIST)
    assert "Bo Field" in page and "No officer" not in page and "no officer</h2>" not in page
    assert len(names(client.page(f"{LIST}?whose=elsewhere"))) == 1
    assert names(client.page(f"{LIST}?whose=nobody")) == []


def test_a_man_without_an_officer_stands_at_the_top_for_the_senior(client: PageClient) -> None:
    man = treated()
    officer_id, home, by = man.world.officer.id, man.world.officer.organisation_id, 1
    with writing():
        db.session.get_one(Staff, officer_id).disabled_at = clock.now()
        account_listeners.tell_staff_left(officer_id, home, by)
    page = client.sign_in(man.world.senior).page(LIST)
    assert "1 man has no officer" in page
    assert len(names(client.page(f"{LIST}?whose=nobody"))) == 1


def test_who_is_no_senior_any_more_sees_no_unit(client: PageClient) -> None:
    man = treated()
    assert len(names(client.sign_in(man.world.senior).page(LIST))) == 1
    senior_id = man.world.senior.id
    with writing():
        senior = db.session.get_one(Staff, senior_id)
        senior.roles = [StaffRole(role=Role.PROBATION)]
    assert names(client.page(LIST)) == []
