"""Who has a case no more keeps the report he was sent, and sees nothing else of the case."""

from flask import Flask

from mhtr.cases.access_service import readers_of, restrict
from mhtr.core import access, clock
from mhtr.core.access import READS_ON, Grant, Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake.concerned import those_concerned
from tests.makers import make_staff
from tests.pages import PageClient
from tests.suitability.another_team import hand_over, question, world
from tests.suitability.browsing import as_

GONE = ("", "/hearing", "/hearing/date", "/outcome", "/request", "/request/due-date")


def test_a_former_reader_opens_the_report_and_no_page_of_the_case(app: Flask) -> None:
    here = world(released=True)
    author, path = here.court.author, f"/cases/{here.case.ref}"
    client: PageClient = as_(app, author)
    assert client.get(f"{path}/hearing").status_code == 200
    hand_over(question(here), here.administrator.id)
    for page in GONE:
        assert client.get(path + page).status_code == 404, page
    for page in ("/hearing/date", "/outcome", "/request/withdraw"):
        assert client.post(path + page, data={}).status_code == 404, page
    shown = client.page(f"{path}/report")
    assert "Paragraph for the pre-sentence report" in shown
    assert "On record now" not in shown and "Report received" in shown
    for page in GONE[1:]:
        assert f'href="{path}{page}"' not in shown, page
    assert client.get(f"{path}/report.pdf").status_code == 200
    assert str(here.case.ref) not in client.page("/requests?shown=all&whose=mine")
    assert "You can still read the report" in client.page("/today")
    assert author.principal_id not in those_concerned(here.case)


def test_given_the_case_again_all_of_it_opens(app: Flask) -> None:
    here = world(released=True)
    author, path = here.court.author, f"/cases/{here.case.ref}"
    hand_over(question(here), here.administrator.id)
    with writing():
        access.grant(
            here.case_id, Purpose.PRE_SENTENCE, author.principal_id, because="test", by=None
        )
    assert as_(app, author).get(f"{path}/hearing").status_code == 200


def test_reading_on_ends_with_the_access_after_sentence(app: Flask) -> None:
    here = world(released=True)
    author, path = here.court.author, f"/cases/{here.case.ref}"
    hand_over(question(here), here.administrator.id)
    with writing():
        access.limit_grants(
            here.case_id, Purpose.PRE_SENTENCE, until=clock.now(), because="test", by=None
        )
    assert as_(app, author).get(f"{path}/report").status_code == 404
    assert db.session.query(Grant).filter_by(because=READS_ON).count() > 0


def test_a_former_reader_is_nobody_who_sees_the_case(either_app: Flask) -> None:
    here = world(released=True)
    author, colleague = here.court.author, here.court.colleague
    lead = make_staff(Role.CLINICAL_LEAD, organisation=here.court.trust)
    hand_over(question(here), here.administrator.id)
    with writing():
        trust, team = here.court.trust.principal_id, here.court.team.principal_id
        access.grant(here.case_id, Purpose.CLINICAL, trust, because="test", by=None)
        access.grant(here.case_id, Purpose.PRE_SENTENCE, team, because=READS_ON, by=None)
    received = {one.staff_id for one in readers_of(here.case) if one.received}
    assert received == {author.id, colleague.id}
    client, path = as_(either_app, lead), f"/cases/{here.case.ref}/access"
    shown = client.page(path)
    assert author.name in shown and "Only a report that was sent there" in shown
    offered = client.page(f"{path}/restrict")
    assert author.name not in offered and colleague.name not in offered and lead.name in offered
    with writing():
        restrict(
            here.case_id,
            staff_ids=[colleague.id, lead.id],
            reason="He is related to a member of staff",
            version=here.case.version,
            by=lead.id,
        )
    for staff in (author, colleague):
        court = as_(either_app, staff)
        assert court.get(f"/cases/{here.case.ref}/hearing").status_code == 404
    assert as_(either_app, author).get(f"/cases/{here.case.ref}/report").status_code == 200
