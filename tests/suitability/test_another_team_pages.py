"""Pages of another team that asks for a report, and of those who have it."""

from sqlalchemy import select

from mhtr.accounts import organisation_service
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability.models import TakeOverQuestion
from tests.makers import make_case, make_staff
from tests.pages import PageClient
from tests.suitability.another_team import ELSEWHERE, World, far_trust, question, world
from tests.suitability.makers import make_man
from tests.suitability.test_request_new_man import form_about
from tests.suitability.test_request_pages import keyed


def about(client: PageClient, here: World) -> str:
    client.sign_in(here.court.stranger)
    no_day = {f"hearing_on-{part}": "" for part in ("day", "month", "year")}
    named = form_about(court_code=ELSEWHERE, prosecution="same", **no_day)
    answer = client.post("/requests/new", data=named)
    assert answer.status_code == 303
    return client.page(answer.location)


def test_she_sees_that_they_were_asked_and_no_more(client: PageClient) -> None:
    here = world(released=True)
    page = about(client, here)
    assert "Another team has asked" in page and "They have been asked" in page
    for secret in ("Ruth Adeyemi", "11 Dec", "/cases/", "Lindqvist"):
        assert secret not in page.partition("<main")[2], secret
    for path in ("", "/request", "/report", "/report.pdf", "/take-over"):
        assert client.get(f"/cases/{here.case.ref}{path}").status_code == 404, path


def test_the_team_answers(client: PageClient) -> None:
    here = world(released=True)
    about(client, here)
    client.sign_in(here.court.colleague)
    assert "Lena Fry (" in client.page(f"/cases/{here.case.ref}/request")
    path = f"/cases/{here.case.ref}/take-over"
    page = client.page(path)
    assert "Lena Fry (" in page and "release log" in page
    ref = str(db.session.scalars(select(TakeOverQuestion.ref)).one())
    without = client.post(path, data=keyed(question=ref, answer="decline"))
    assert without.status_code == 422
    assert "Say why you decline" in without.get_data(as_text=True)
    sent = client.post(path, data=keyed(question=ref, answer="decline", reason="We write for it."))
    assert sent.status_code == 303
    client.sign_in(here.court.stranger)
    assert "We write for it." in client.page("/requests")


def test_a_question_is_answered_on_its_own_case_only(client: PageClient) -> None:
    """An administrator of another trust sends the question's reference to a case of his own."""
    here = world()
    ref, case = str(question(here).ref), make_case(make_man())
    far = make_staff(Role.ADMINISTRATOR, organisation=here.other_trust)
    with writing():
        trust = here.other_trust.principal_id
        access.grant(case.id, Purpose.ADMINISTRATION, trust, because="test", by=None)
    client.sign_in(far)
    path = f"/cases/{case.ref}/take-over"
    for answer in ("hand_over", "decline"):
        sent = client.post(path, data=keyed(question=ref, answer=answer, reason="x"))
        assert sent.status_code == 404
    db.session.expire_all()
    assert db.session.scalars(select(TakeOverQuestion.answer)).one() == ""


def test_who_only_reads_acts_no_more(client: PageClient) -> None:
    here = world(released=True)
    about(client, here)
    client.sign_in(here.administrator)
    path = f"/cases/{here.case.ref}/take-over"
    ref = str(db.session.scalars(select(TakeOverQuestion.ref)).one())
    assert "Lena Fry (" in client.page(path)
    unsaid = client.post(path, data=keyed(question=ref, answer="hand_over"))
    assert unsaid.status_code == 422
    assert "the case and its record go there" in unsaid.get_data(as_text=True)
    there = {"answer": "hand_over", "other_trust": str(far_trust())}
    assert client.post(path, data=keyed(question=ref, **there)).status_code == 303
    client.sign_in(here.court.author)
    report = client.page(f"/cases/{here.case.ref}/report")
    assert "Opened to others later" in report and "Lena Fry" in report
    # The report is all that stays hers of the case.
    assert client.get(f"/cases/{here.case.ref}/request").status_code == 404
    withdraw = client.post(f"/cases/{here.case.ref}/request/withdraw", data=keyed(sure="y"))
    assert withdraw.status_code == 404
    assert client.get(f"/cases/{here.case.ref}/report-request").status_code == 404


def test_whose_team_is_closed_sees_the_request_and_acts_no_more(client: PageClient) -> None:
    """The case stays open to those of the team; the request is its author's to act on."""
    here = world()
    team = here.court.team
    with writing():
        organisation_service.close(team, by=None)
    path = f"/cases/{here.case.ref}/request"
    for staff, acts in ((here.court.author, True), (here.court.colleague, False)):
        client.sign_in(staff)
        assert ("Withdraw the request" in client.page(path)) is acts
        # Without the tick it is refused to her who may, and not there for him who may not.
        sent = client.post(f"{path}/withdraw", data=keyed())
        assert sent.status_code == (422 if acts else 404)
