"""The pages of reviews: the service's with every point, probation's with what is shared."""

from datetime import timedelta

from flask import Flask

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.reviews import queries
from mhtr.reviews.rules import Party, Signs
from tests.ending.makers import Finishing
from tests.pages import PageClient
from tests.reviews.makers import arranged, due, held, point, probations, review_of, said_of
from tests.suitability.browsing import as_, hidden, refused, send


def inside(of: Finishing) -> str:
    return f"/cases/{of.case.ref}/reviews/{review_of(of).ref}"


def outside(of: Finishing) -> str:
    return f"/cases/{of.case.ref}/reviews-told"


def sends(client: PageClient, path: str, **data: str) -> str:
    """Send a form as its page stands, and the page that follows."""
    answer = send(client, path, client.page(path), **data)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return client.page(answer.location.split("#")[0])


def test_arranged_held_and_signed_from_the_pages(app: Flask) -> None:
    of = due()
    therapist, here = as_(app, of.man.therapist), inside(of)
    assert "Nothing arranged yet" in therapist.page(f"/cases/{of.case.ref}/reviews")
    path = f"{here}/arrange"
    wrong = refused(therapist, path, therapist.page(path), place="Room 9")
    assert "Enter the day" in wrong and "Room 9" in wrong
    day = clock.today() + timedelta(days=1)
    when = {"on-day": str(day.day), "on-month": str(day.month), "on-year": str(day.year)}
    whom = str(of.man.therapist.ref)
    said = {**when, "at": "10:00", "mode": "in_person", "place": "Room 9", "clinician": whom}
    spring = {"on-day": "28", "on-month": "3", "on-year": "2027", "at": "01:30"}
    wrong = refused(therapist, path, therapist.page(path), **{**said, **spring})
    assert "The clocks went forward" in wrong and "Room 9" in wrong
    shown = sends(therapist, path, **said, told_way="letter")
    assert "Room 9" in shown and "He was told by letter." in shown and "Arranged" in shown
    officer = as_(app, of.world.officer)
    told = officer.page(outside(of))
    assert "Room 9" in told and "Nothing yet" not in told
    held(of)
    page = therapist.page(f"{here}/sign/therapist")
    assert "1 held of 2 planned" not in page and "0 held of 2 planned" in page
    assert "Nothing yet" in page
    refused(therapist, f"{here}/sign/therapist", page)
    sends(therapist, f"{here}/sign/therapist", signs="signed")
    wrong = refused(
        therapist, f"{here}/sign/him", therapist.page(f"{here}/sign/him"), signs="signed"
    )
    assert "Select how" in wrong or "how he said it" in wrong
    sends(therapist, f"{here}/sign/him", signs="disagrees", way="in_person")
    shown = sends(officer, f"{outside(of)}/{review_of(of).ref}/sign", signs="signed")
    assert "Did not sign, in person" in shown and "does not agree" not in shown
    db.session.expire_all()
    assert set(said_of(of).values()) == {Signs.SIGNED, Signs.DISAGREES}


def test_the_officer_reads_no_word_that_is_not_shared(app: Flask) -> None:
    of = due()
    arranged(of)
    point(of, "CANARY-only-he", {Party.HIM: True, Party.THERAPIST: False})
    point(of, "CANARY-not-asked", {Party.THERAPIST: True})
    shared = point(of, "Both of them")
    probations(of)
    officer, therapist = as_(app, of.world.officer), as_(app, of.man.therapist)

    def reads() -> None:
        ref = review_of(of).ref
        own = next(one for one in queries.items_of(review_of(of).id) if one.row.officer_words)
        for path in ("", f"/{ref}/points/new", f"/{ref}/points/{own.row.ref}", f"/{ref}/sign"):
            page = officer.page(f"{outside(of)}{path}")
            assert "CANARY" not in page, path
        assert "Both of them" in officer.page(outside(of))

    reads()
    held(of)
    reads()
    assert officer.get(f"{outside(of)}/{review_of(of).ref}/points/{shared.ref}").status_code == 404
    assert officer.get(inside(of)).status_code in (403, 404)
    page = therapist.page(inside(of))
    assert page.count("CANARY") >= 2 and "Between him and his therapist" in page
    printed = therapist.page(f"{inside(of)}/print")
    assert "CANARY-only-he" in printed and "Your officer reads this too." in printed


def test_the_page_of_his_course_says_when_they_are_due(app: Flask) -> None:
    of = due()
    path = f"/cases/{of.case.ref}/course"
    page = as_(app, of.man.therapist).page(path)
    assert "Review at the middle: due" in page and "nothing arranged yet" in page
    assert "Review at the middle" not in as_(app, of.world.office).page(path)
    arranged(of)
    held(of)
    assert "Review at the middle: held on" in as_(app, of.man.therapist).page(path)


def test_points_are_written_changed_and_taken_away(app: Flask) -> None:
    of = due()
    therapist, here = as_(app, of.man.therapist), inside(of)
    new = f"{here}/points/new"
    wrong = refused(therapist, new, therapist.page(new), words="Typed")
    assert "Select whose point it is" in wrong and "Typed" in wrong
    said = {"side": "him", "topic": "next", "words": "First words", "his": "yes", "mine": "yes"}
    wrong = refused(therapist, new, therapist.page(new), **said)
    assert "Say how he said it" in wrong
    shown = sends(therapist, new, **said, way="in_person")
    assert "First words" in shown and "Probation reads it" in shown
    (item,) = queries.items_of(review_of(of).id)
    path = f"{here}/points/{item.row.ref}"
    stale = therapist.page(path)
    asks_anew = {**said, "words": "Other words", "his": "open"}
    shown = sends(therapist, path, **asks_anew)
    assert "Other words" in shown and "not asked yet" in shown and "Earlier words" in shown
    assert therapist.get(path).status_code == 404
    late = therapist.post(path, data={**said, "submission_key": hidden(stale, "submission_key")})
    assert late.status_code == 404
    db.session.expire_all()
    (item,) = queries.items_of(review_of(of).id)
    shown = sends(therapist, f"{here}/points/{item.row.ref}", **asks_anew, away="yes")
    assert "Other words" not in shown
    officer = as_(app, of.world.officer)
    path = f"{outside(of)}/{review_of(of).ref}/points/new"
    refused(officer, path, officer.page(path), words="Typed")
    assert "Probation says" in sends(officer, path, topic="next", words="Probation says")
    (own,) = queries.items_of(review_of(of).id)
    path = f"{outside(of)}/{review_of(of).ref}/points/{own.row.ref}"
    shown = sends(officer, path, topic="next", words="Probation says more")
    assert "Probation says more" in shown and "Earlier words" in shown


def test_a_sheet_that_changed_while_it_was_read_is_not_signed(app: Flask) -> None:
    of = due()
    arranged(of)
    held(of)
    officer = as_(app, of.world.officer)
    path = f"{outside(of)}/{review_of(of).ref}/sign"
    page = officer.page(path)
    point(of, "Said meanwhile")
    again = refused(officer, path, page, signs="signed")
    assert "The sheet says something else by now" in again and "Said meanwhile" in again
    db.session.expire_all()
    assert said_of(of) == {}
    assert send(officer, path, again, signs="signed").status_code == 303
    assert as_(app, of.world.senior).page(outside(of)).count("His officer signs") == 1


def test_my_people_says_when_it_is(app: Flask) -> None:
    of = due()
    officer = as_(app, of.world.officer)
    page = officer.page("/my-people")
    assert "Review at the middle" in page and "due <span" in page
    arranged(of)
    assert "due <span" not in officer.page("/my-people")
    held(of)
    assert "Review at the end" in officer.page("/my-people")
