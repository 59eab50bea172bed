"""Who has a case no more keeps the report he was sent, and sees nothing else of the case."""

from flask import Flask

from mhtr.core import access, clock
from mhtr.core.access import READS_ON, Grant, Purpose
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake.concerned import those_concerned
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
