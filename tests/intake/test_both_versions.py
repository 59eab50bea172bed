"""Somebody else recorded something on the case since the page was read: both versions are shown."""

import wtforms
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.intake.court_forms import EndingForm
from mhtr.intake.onward_beside import STALE
from mhtr.intake.onward_rules import ONWARD_WORDS, OnwardState
from mhtr.web.both_versions import both_versions
from tests.intake.house import House, accept
from tests.intake.onward_scene import Scene
from tests.intake.posting import post, post_triage
from tests.makers import make_staff
from tests.pages import PageClient


def now(case: Case) -> str:
    return str(db.session.get_one(Case, case.id).version)


def row(page: str, question: str) -> str:
    """The line of the table about one question."""
    flat = " ".join(page.split())
    assert "Recorded meanwhile" in flat
    head = f'<th role="rowheader" scope="row">{question}</th>'
    assert head in flat, question
    return flat.partition(head)[2].partition("</tr>")[0]


def moved(day: str, version: str, **more: str) -> dict[str, str]:
    typed = {"court": "B01EF", "hearing_on-day": day, "hearing_on-month": "12"}
    return {**typed, "hearing_on-year": "2026", "reason": "court", "version": version, **more}


def test_two_hearings(client: PageClient, house: House) -> None:
    case = house.refer()
    client.sign_in(house.practitioner)
    path, read = f"/cases/{case.ref}/hearing/date", now(case)
    assert post(client, path, **moved("9", read)).status_code == 303
    answer = post(client, path, **moved("4", read, purpose="plea"))
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    line = row(page, "Date of the hearing")
    assert "9 December 2026" in line and "4 December 2026" in line
    line = row(page, "What it is for")
    assert "nothing" in line and "Plea" in line
    # What was typed stays, with the version read by now: sent again it is recorded.
    assert f'name="version" value="{now(case)}"' in page and 'value="4"' in page
    assert post(client, path, **moved("4", now(case), purpose="plea")).status_code == 303


def test_two_stages_and_two_endings(client: PageClient, house: House) -> None:
    case = house.refer()
    client.sign_in(house.practitioner)
    path, read = f"/cases/{case.ref}/hearing", now(case)
    assert post(client, f"{path}/stage", stage="charged", version=read).status_code == 303
    page = post(client, f"{path}/stage", stage="found_guilty", version=read)
    line = row(page.get_data(as_text=True), "Stage of the case")
    assert "Charged" in line and "Found guilty" in line
    read = now(case)
    assert post(client, f"{path}/ending", ending="remanded", version=read).status_code == 303
    page = post(client, f"{path}/ending", ending="failed_to_appear", version=read)
    line = row(page.get_data(as_text=True), "What happened?")
    assert "He was remanded in custody" in line and "He did not come to court" in line
    # On a fresh page nothing is chosen beforehand.
    assert "checked" not in client.page(f"{path}/ending")


def test_two_decide(client: PageClient, house: House) -> None:
    case = house.refer()
    read = now(case)
    accept(house, case, house.assessor)
    client.sign_in(house.lead)
    answer = post_triage(
        client, case, version=read, outcome="decline", reason="other", words="No room"
    )
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    line = row(page, "Decision")
    assert "Accept it" in line and "Decline it" in line
    assert "Ada Assessor" in row(page, "Allocate to")
    assert "No room" in row(page, "More about the reason")


def test_two_allocate(client: PageClient, house: House) -> None:
    case, other = house.refer(), _assessor(house, "Ben Other")
    accept(house, case)
    read = now(case)
    client.sign_in(house.lead)
    path = f"/cases/{case.ref}/triage"
    assert post(client, path, version=read, assessor=str(other.id)).status_code == 303
    answer = post(client, path, version=read, assessor=str(house.assessor.id))
    assert answer.status_code == 409
    line = row(answer.get_data(as_text=True), "Allocate to")
    assert "Ben Other" in line and "Ada Assessor" in line


def test_an_administrator_reads_no_reason_of_health(client: PageClient, house: House) -> None:
    case = house.refer()
    read = now(case)
    client.sign_in(house.lead)
    declined = {"outcome": "decline", "reason": "other", "words": "canarywhy"}
    assert post_triage(client, case, version=read, **declined).status_code == 303
    client.sign_in(house.administrator)
    answer = post_triage(client, case, version=read, outcome="accept")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Decline it" in row(page, "Decision")
    assert "canarywhy" not in page


def _assessor(house: House, name: str) -> Staff:
    return make_staff(Role.ASSESSOR, organisation=house.trust, name=name)


def test_what_travels_unseen_is_no_answer(app: Flask) -> None:
    """The token against forged requests, which tests go without, is nothing to read."""

    class Sent(EndingForm):
        csrf_token = wtforms.StringField("CSRF Token", default="secret")

    with app.test_request_context():
        rows = both_versions(Sent(formdata=None), Sent(formdata=None, data={"ending": "acquitted"}))
    assert [(row.key, row.typed) for row in rows] == [("What happened?", "He was acquitted")]


def test_two_follow_up_an_onward_referral(client: PageClient, app: Flask) -> None:
    scene = Scene()
    onward = scene.route_on()
    client.sign_in(scene.clinician)
    path, read = f"/onward/{onward.ref}", str(onward.version)
    assert post(client, path, state="sent", version=read).status_code == 303
    for page, typed in (
        (path, {"state": "sent"}),
        (path, {"state": "refused"}),
        (f"{path}/hand-over", {"owner": "1"}),
    ):
        answer = post(client, page, version=read, **typed)
        assert answer.status_code == 422
        flat = " ".join(answer.get_data(as_text=True).split())
        assert "Recorded meanwhile" in flat and STALE in flat
    line = row(
        post(client, path, state="refused", version=read).get_data(as_text=True),
        "What became of it?",
    )
    assert ONWARD_WORDS[OnwardState.SENT] in line and ONWARD_WORDS[OnwardState.REFUSED] in line
