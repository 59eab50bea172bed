"""The pages of the end of treatment: for who treats him, and for his officer."""

from flask import Flask

from mhtr.ending.finish_rules import FurtherAnswer
from mhtr.ending.page import NEVER_SAID
from tests.ending.makers import answered, finished, finishing
from tests.orders.makers import suspended
from tests.suitability.browsing import as_, refused, send

A = FurtherAnswer


def test_from_the_question_to_the_answer(app: Flask) -> None:
    of = finished()
    path = f"/cases/{of.case.ref}/end-of-treatment"
    client = as_(app, of.world.lead)
    page = client.page(path)
    assert NEVER_SAID in page and "To be answered" in page and "is asked" in page
    form = f"{path}/further"
    page = client.page(form)
    assert "checked" not in page
    again = refused(client, form, page, answer="needed")
    assert "Say why further treatment is required" in again
    again = refused(client, form, again, answer="reported")
    assert "Enter the day on which the report was given" in again
    answer = send(client, form, page, answer="needed", why="He relapsed in the last week.")
    assert answer.status_code == 303
    page = client.page(path)
    assert "He relapsed in the last week." in page and "Answer anew" in page
    assert "PYL000456" in page


def test_an_answer_given_meanwhile_is_not_overwritten(app: Flask) -> None:
    of = finished()
    form = f"/cases/{of.case.ref}/end-of-treatment/further"
    client = as_(app, of.world.lead)
    page = client.page(form)
    answered(of)
    again = refused(client, form, page, answer="needed", why="He relapsed.")
    assert "while you had this page" in again and "He relapsed." in again
    assert send(client, form, again, answer="needed", why="He relapsed.").status_code == 303


def test_somebody_else_reads_why_he_cannot_answer(app: Flask) -> None:
    of = finished()
    path = f"/cases/{of.case.ref}/end-of-treatment"
    client = as_(app, of.man.therapist)
    assert "further" not in client.page(path).split("<main")[1].split('href="')[1:2]
    page = client.page(f"{path}/further")
    assert (
        "No HCPC or GMC registration is on file for you." in page
        and "<form" not in (page.split("<main")[1])
    )


def test_before_they_are_finished_the_pages_say_so(app: Flask) -> None:
    of = finishing()
    said = "The planned sessions are not finished."
    assert said in as_(app, of.world.lead).page(f"/cases/{of.case.ref}/end-of-treatment")
    page = as_(app, of.world.lead).page(f"/cases/{of.case.ref}/end-of-treatment/further")
    assert "nothing is asked" in page
    assert said in as_(app, of.world.officer).page(f"/cases/{of.case.ref}/treatment-end")


def test_his_officer_reads_the_answer_and_not_why(app: Flask) -> None:
    of = finished()
    client, path = as_(app, of.world.officer), f"/cases/{of.case.ref}/treatment-end"
    page = client.page(path)
    assert "Not answered yet" in page and NEVER_SAID in page
    assert "Sch 10 para 19" in page and "assumed and not confirmed" in page
    assert "The program starts and decides none of it." in page
    answered(of, A.NEEDED, why="He relapsed in the last week.")
    page = client.page(path)
    assert "further sessions are to be planned" in page and "relapsed" not in page
    assert "complied with the requirement" in page


def test_an_order_that_the_court_reviews_does_not_end_early(app: Flask) -> None:
    of = finished(suspended(court_reviews=True))
    page = as_(app, of.world.officer).page(f"/cases/{of.case.ref}/treatment-end")
    assert "does not end early" in page and "assumed and not confirmed" not in page


def test_administrators_and_other_officers_are_not_let_in(app: Flask) -> None:
    of = finished()
    paths = (f"/cases/{of.case.ref}/end-of-treatment", f"/cases/{of.case.ref}/treatment-end")
    for path in paths:
        assert as_(app, of.world.office).get(path).status_code in (403, 404)
    assert as_(app, of.world.officer).get(paths[0]).status_code in (403, 404)
    assert as_(app, of.world.lead).get(paths[1]).status_code in (403, 404)
