"""The pages of what he says of a missed session, on either side of the wall."""

from dataclasses import replace

import pytest
from flask import Flask

from mhtr.compliance.attendance import Happened
from mhtr.compliance.explanation_queries import counting, explanations_on
from mhtr.compliance.explanation_service import NOT_MISSED
from mhtr.compliance.explanations import PAPER_WORDS, TOLD_FIRST, Paper, SeenBy, Side
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import Permission, Person
from tests.compliance.test_decisions import AGAINST, decide, under_order
from tests.compliance.test_explanations import ILL, NOTE, says
from tests.sessions.seen import Treated, tell
from tests.suitability.browsing import as_, refused, send

FIT = {
    "knew_readers": "yes", "given_by": "himself", "way": "telephone", "reason": "illness",
    "on-day": "18", "on-month": "11", "on-year": "2026", "at": "11:30", "shows": "none",
}  # fmt: skip
SEEN = {"shows": "shown", "paper": "fit_note", "bears_out": "yes"}


def here(man: Treated) -> str:
    return f"/places/{man.place.ref}/explanation"


def absence(man: Treated) -> str:
    return f"/cases/{man.case.ref}/absences/{man.place.ref}"


def test_a_clinician_records_what_he_says_on_the_telephone(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.therapist)
    assert here(man) in client.page(f"/cases/{man.case.ref}/attendance")
    page = client.page(here(man))
    for words in (
        "Tell him before he answers",
        "Probation waits for his reason and his papers until 25 November 2026",
        "Nothing that he says of it is on record.",
    ):
        assert words in page
    assert " checked" not in page
    assert page.count(" selected") == page.count("selected>Select</option>") == 2
    more = {"for_probation": "Flu all week", "for_clinicians": "He relapsed", **SEEN}
    answer = send(client, here(man), page, **FIT | more | {"seen_by": "clinician"})
    assert answer.status_code == 303
    shown = client.page(answer.location)
    for words in (
        "Recorded.", "Flu all week", "He relapsed", "A fit note. It shows what he says",
        "A clinician has seen it; it is not passed on", "by telephone",
    ):  # fmt: skip
        assert words in shown


def test_what_is_missing_is_said_and_nothing_is_lost(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.therapist)
    page = client.page(here(man))
    form = {key: value for key, value in FIT.items() if key != "knew_readers"}
    again = refused(client, here(man), page, **form, for_probation="Typed")
    assert TOLD_FIRST.split(".")[0] in again and "Typed" in again
    again = refused(
        client,
        here(man),
        page,
        **FIT | {"shows": "shown", "paper": "fit_note"},
        for_clinicians="Kept",
    )
    assert "Select who has seen it" in again and "Kept" in again
    assert not explanations_on(man.place.ref)


def test_an_administrator_neither_writes_nor_reads_the_detail(app: Flask) -> None:
    man = under_order()
    says(man, replace(ILL, for_probation="Flu", for_clinicians="He relapsed"))
    client = as_(app, man.world.office)
    page = client.page(here(man))
    assert "Flu" in page and "relapsed" not in page and "for_clinicians" not in page
    answer = send(client, here(man), page, **FIT, for_clinicians="He relapsed")
    assert answer.status_code == 303
    assert explanations_on(man.place.ref)[-1].for_clinicians is None


def test_his_officer_reads_it_where_he_decides_and_never_the_detail(app: Flask) -> None:
    man = under_order()
    said = replace(ILL, for_probation="Flu", for_clinicians="He relapsed", shown=NOTE)
    says(man, said)
    client = as_(app, man.world.officer)
    page = client.page(absence(man))
    for words in (
        "Ill", "Flu", "A fit note. It shows what he says",
        "It covers 18 November 2026: the day of the session", "it is not passed on",
        f"{man.therapist.name}, the service",
    ):  # fmt: skip
        assert words in page
    for path in (absence(man), f"{absence(man)}/said", f"/cases/{man.case.ref}/standing"):
        assert "relapsed" not in client.page(path)
    assert "Reason given: ill" in client.page(f"/cases/{man.case.ref}/attendance/told")


def test_probation_records_what_he_told_it_and_the_service_reads_it(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.world.officer)
    page = client.page(f"{absence(man)}/said")
    assert "for_clinicians" not in page and "seen_by" not in page
    answer = send(client, f"{absence(man)}/said", page, **FIT | SEEN, for_probation="Flu")
    assert answer.status_code == 303 and answer.location.endswith(absence(man))
    assert "Flu" in client.page(absence(man))
    (row,) = explanations_on(man.place.ref)
    assert (row.side, row.seen_by) == (Side.PROBATION, SeenBy.PROBATION)
    theirs = as_(app, man.therapist).page(here(man))
    assert "Flu" in theirs and f"{man.world.officer.name}, probation" in theirs
    assert "take-back" not in theirs


def test_each_side_takes_back_its_own(app: Flask) -> None:
    man = under_order()
    row = says(man, replace(ILL, for_probation="Of another man"))
    officer, therapist = as_(app, man.world.officer), as_(app, man.therapist)
    theirs = f"{absence(man)}/said/{row.ref}/take-back"
    assert officer.get(theirs).status_code == 404
    own = f"{here(man)}/{row.ref}/take-back"
    assert own in therapist.page(here(man))
    answer = send(therapist, own, therapist.page(own))
    assert answer.status_code == 303 and "Taken back." in therapist.page(answer.location)
    assert not counting(explanations_on(man.place.ref))
    # Probation is not left with the words of another man.
    assert "Of another man" not in officer.page(absence(man))
    assert "It is taken back already" in refused(therapist, own, therapist.page(here(man)))


def test_probation_takes_back_what_it_recorded(app: Flask) -> None:
    man = under_order()
    row = says(man, by=man.world.officer)
    client, path = as_(app, man.world.officer), f"{absence(man)}/said/{row.ref}/take-back"
    answer = send(client, path, client.page(path))
    assert answer.status_code == 303 and "Taken back." in client.page(answer.location)
    assert as_(app, man.therapist).get(f"{here(man)}/{row.ref}/take-back").status_code == 404


def test_what_he_says_later_is_to_be_decided_again(app: Flask) -> None:
    man = under_order()
    decide(man, AGAINST)
    client = as_(app, man.world.officer)
    before = client.page(absence(man))
    says(man)
    assert "Decide again" in client.page(f"/cases/{man.case.ref}/standing")
    assert absence(man) in client.page("/my-people?show=to_decide")
    seen = {"record": "1", "opinion": "excused", "why": "He was ill"}
    again = refused(client, absence(man), before, **seen)
    assert "he said more of it" in again and "He said more of it after the last decision" in again
    assert send(client, absence(man), again, **seen).status_code == 303
    assert "Decide again" not in client.page(f"/cases/{man.case.ref}/standing")


def test_a_letter_asks_him_in_plain_words(app: Flask) -> None:
    man = under_order()
    for staff in (man.therapist, man.world.office):
        page = as_(app, staff).page(f"/places/{man.place.ref}/letter")
        for words in (
            "You missed a session", "If that is wrong, tell us", "25 November 2026",
            "you were ill", "a disability", "cared for", "work", "not safe", "nowhere to live",
            "court", "locked up", "Who reads what", "You do not have to say why", "116 123",
        ):  # fmt: skip
            assert words in page
        # Nobody has asked him yet whether a letter is safe.
        assert "Hand this to him. Do not post it" in page


@pytest.mark.parametrize("safe", [Permission.YES, Permission.NO])
def test_a_letter_is_posted_only_where_it_is_safe(app: Flask, safe: Permission) -> None:
    man = under_order()
    with writing():
        person = db.session.get_one(Person, man.case.person_id)
        person.safe_to_write, person.address = safe, "1 Test Street"
    page = as_(app, man.therapist).page(f"/places/{man.place.ref}/letter")
    assert ("Do not post it" in page) == (safe is Permission.NO)


def test_after_its_day_the_letter_asks_for_an_answer_soon(app: Flask, set_clock: SetClock) -> None:
    man = under_order()
    set_clock.advance(days=8)
    page = as_(app, man.therapist).page(f"/places/{man.place.ref}/letter")
    assert "25 November" not in page and "as soon as you can" in page


def test_of_what_he_did_not_miss_nobody_asks_him(app: Flask) -> None:
    man = under_order()
    says(man, replace(ILL, for_probation="Flu"))
    why = "He sat in the other waiting room"
    tell(man.place, man.therapist, Happened.SEEN, seen=1, why=why)
    client = as_(app, man.therapist)
    page = client.page(here(man))
    assert NOT_MISSED in page and "Flu" in page and "knew_readers" not in page
    assert client.get(f"/places/{man.place.ref}/letter").status_code == 404


def test_every_paper_has_words() -> None:
    assert set(PAPER_WORDS) == set(Paper)
