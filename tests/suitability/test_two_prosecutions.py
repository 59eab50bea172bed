"""A man who is prosecuted twice at once: each prosecution has its own case, request and report."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases.link_queries import trusts_of
from mhtr.cases.models import Case
from mhtr.core import clock, formats
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake.models import CourtCoverage
from mhtr.suitability import about_a_man, take_over
from mhtr.suitability.about_a_man import WhichProsecution
from mhtr.suitability.asked import Asked
from mhtr.suitability.concerned import current_request
from mhtr.suitability.models import ReportRequest, TakeOverQuestion
from mhtr.suitability.which_case import Prosecution
from mhtr.tasks.models import TaskKind
from tests.pages import PageClient
from tests.suitability.another_team import ELSEWHERE, MAN, THEIRS, World, question, world
from tests.suitability.makers import ASKED, COURT
from tests.suitability.requesting import sees, tasks_of, told
from tests.suitability.test_request_about import asked_about
from tests.suitability.test_request_new_man import form_about
from tests.suitability.test_request_pages import keyed

HEARD = date(2026, 12, 8)
OURS = "B01EF"
"""Another court of the trust that has the first case."""


def ask(by: int, asked: Asked, says: Prosecution | None = None) -> ReportRequest:
    with writing():
        made = about_a_man.ask_about(man=MAN, asked=asked, safe=True, by=by, prosecution=says)
        assert isinstance(made, ReportRequest)
        made_id = made.id
    return db.session.get_one(ReportRequest, made_id)


def same_trust(here: World) -> Asked:
    """A hearing at another court of the trust that has the first case."""
    with writing():
        covers = {"live_from": date(2026, 1, 1), "court_team_id": here.court.other_team.id}
        db.session.add(CourtCoverage(court_code=OURS, trust_id=here.court.trust.id, **covers))
    return replace(ASKED, court_code=OURS, hearing_on=HEARD)


def stands(here: World) -> None:
    """The first case is as its own team asked for it."""
    db.session.expire_all()
    standing = current_request(here.case_id)
    assert standing is not None and standing.author_id == here.court.author.id
    assert (here.case.court_code, here.case.hearing_on) == (COURT, ASKED.hearing_on)
    assert here.trust_id == here.court.trust.id


def test_another_prosecution_is_a_case_of_its_own(either_app: Flask) -> None:
    here = world()
    asker, asked = here.court.stranger.id, replace(THEIRS, hearing_on=HEARD)
    with pytest.raises(WhichProsecution, match=about_a_man.WHICH):
        ask(asker, asked)
    made = ask(asker, asked, Prosecution.OTHER)
    case = db.session.get_one(Case, made.case_id)
    assert case.id != here.case_id and (case.court_code, case.hearing_on) == (ELSEWHERE, HEARD)
    assert sees(asker, case.id) and not sees(asker, here.case_id)
    assert [one.id for one in trusts_of(case.person_id)] == [here.other_trust.id]
    assert case.person_id != here.case.person_id, "another trust's record is not opened by it"
    assert asked_about(case.id)
    assert not tasks_of(here.case_id, TaskKind.TAKE_OVER)
    stands(here)


def test_at_a_court_of_the_same_trust_it_is_on_the_same_record(app: Flask) -> None:
    here = world()
    made = ask(here.court.stranger.id, same_trust(here), Prosecution.OTHER)
    case = db.session.get_one(Case, made.case_id)
    assert case.id != here.case_id and case.person_id == here.case.person_id
    assert not asked_about(case.id)
    stands(here)


def test_each_team_asks_again_about_its_own(app: Flask) -> None:
    """Neither is told that the other has it, and nothing of the other's hearing is touched."""
    here = world()
    theirs = same_trust(here)
    second = ask(here.court.stranger.id, theirs, Prosecution.OTHER).case_id
    for by in (here.court.author.id, here.court.colleague.id):
        assert ask(by, ASKED).case_id == here.case_id
    assert ask(here.court.stranger.id, theirs).case_id == second
    case = db.session.get_one(Case, second)
    assert (case.court_code, case.hearing_on) == (OURS, HEARD)
    assert (here.case.court_code, here.case.hearing_on) == (COURT, ASKED.hearing_on)
    assert not db.session.scalars(select(TakeOverQuestion)).all()


@pytest.mark.parametrize("court", [COURT, OURS])
def test_her_own_team_is_asked_too(app: Flask, court: str) -> None:
    """One team may write for both courts, and one court may try him twice."""
    here = world()
    asked = replace(same_trust(here), court_code=court)
    with pytest.raises(WhichProsecution, match=formats.day(here.case.hearing_on)):
        ask(here.court.colleague.id, asked)
    made = ask(here.court.colleague.id, asked, Prosecution.OTHER)
    assert made.case_id != here.case_id
    stands(here)


@pytest.mark.parametrize("on", [None, date(2026, 12, 22)])
@pytest.mark.parametrize("says", [None, Prosecution.SAME])
def test_of_two_of_her_own_team_none_is_taken_on_a_guess(
    app: Flask, on: date | None, says: Prosecution | None
) -> None:
    """Undated, or for a new day: her words do not tell which of the two she means."""
    here = world()
    second = replace(ASKED, hearing_on=HEARD)
    other = ask(here.court.author.id, second, Prosecution.OTHER)
    undated = replace(ASKED, hearing_on=on)
    with pytest.raises(WhichProsecution, match="more than one") as refused:
        ask(here.court.colleague.id, undated, says)
    for day in (here.case.hearing_on, HEARD):
        assert formats.day(day) in str(refused.value.reasons)
    stands(here)
    standing = current_request(other.case_id)
    assert standing is not None and standing.id == other.id
    made = ask(here.court.colleague.id, undated, Prosecution.OTHER)
    assert made.case_id not in (here.case_id, other.case_id)
    assert ask(here.court.colleague.id, second).case_id == other.case_id, "it is named"


def answer(here: World, one: TakeOverQuestion, by: int) -> ReportRequest:
    case_id, ref = one.case_id, one.ref
    with writing():
        made = take_over.other_prosecution(case_id=case_id, question_ref=ref, by=by).id
    return db.session.get_one(ReportRequest, made)


@pytest.mark.parametrize("who", ["author", "colleague", "administrator"])
def test_whoever_has_it_says_that_it_is_another_prosecution(either_app: Flask, who: str) -> None:
    here = world(released=True)
    by = here.administrator if who == "administrator" else getattr(here.court, who)
    asker = here.court.stranger
    made = answer(here, question(here), by.id)
    case = db.session.get_one(Case, made.case_id)
    assert case.id != here.case_id and made.author_id == asker.id
    assert case.court_code == ELSEWHERE and sees(asker.id, case.id)
    assert not sees(asker.id, here.case_id) and not sees(here.court.author.id, case.id)
    assert case.person_id != here.case.person_id
    assert any("a request of its own" in text for text in told(asker))
    assert not tasks_of(here.case_id, TaskKind.TAKE_OVER)
    stands(here)
    assert ask(asker.id, THEIRS).case_id == case.id, "asked again it is hers: no loop"


def test_only_those_who_have_it_say_so_and_once(app: Flask) -> None:
    here = world()
    one = question(here)
    with pytest.raises(Refused, match="Only the author"):
        answer(here, one, here.court.stranger.id)
    answer(here, one, here.court.author.id)
    with pytest.raises(Refused, match="already"):
        answer(here, one, here.administrator.id)
    assert len(db.session.scalars(select(Case)).all()) == 2


def test_she_is_asked_in_neutral_words_and_chooses(client: PageClient) -> None:
    here = world()
    client.sign_in(here.court.stranger)
    no_day = {f"hearing_on-{part}": "" for part in ("day", "month", "year")}
    named = form_about(court_code=ELSEWHERE, **no_day)
    assert "prosecution" not in client.page("/requests/new")
    sent = client.post("/requests/new", data=named)
    page = sent.get_data(as_text=True)
    assert sent.status_code == 422 and about_a_man.WHICH in page
    for choice in ("The same prosecution", "Another prosecution: a case of its own"):
        assert choice in page
    for secret in ("Ruth Adeyemi", "11 Dec", "/cases/"):
        assert secret not in page.partition("<main")[2], secret
    done = client.post("/requests/new", data={**named, "prosecution": "other"})
    assert done.status_code == 303 and str(here.case.ref) not in done.location
    assert "Okafor" in client.page(done.location)


def test_the_team_gives_the_third_answer_on_its_page(client: PageClient) -> None:
    here = world()
    ref = str(question(here).ref)
    client.sign_in(here.court.colleague)
    path = f"/cases/{here.case.ref}/take-over"
    assert "It is another prosecution" in client.page(path)
    sent = client.post(path, data=keyed(question=ref, answer="other_prosecution"))
    assert sent.status_code == 303
    assert "a case of its own" in client.page(sent.location)
    stands(here)


def test_a_hearing_to_come_that_nobody_asked_about_is_not_moved_by_another_court(
    either_app: Flask, set_clock: SetClock
) -> None:
    """He may be prosecuted twice, and she is not told of it: hers is a case of its own.

    Once that hearing is past it says nothing against hers.
    """
    here = world(stands=False)
    theirs = same_trust(here)
    made = ask(here.court.stranger.id, theirs)
    own = db.session.get_one(Case, made.case_id)
    assert own.id != here.case_id and own.person_id == here.case.person_id
    assert (own.court_code, own.hearing_on) == (OURS, HEARD)
    assert (here.case.court_code, here.case.hearing_on) == (COURT, ASKED.hearing_on)


def test_a_hearing_that_is_past_says_nothing_against_hers(app: Flask, set_clock: SetClock) -> None:
    here = world(stands=False)
    theirs = same_trust(here)
    assert ASKED.hearing_on is not None
    set_clock.advance(days=(ASKED.hearing_on - clock.today()).days + 1)
    later = replace(theirs, hearing_on=clock.today() + timedelta(days=21), psr_filed_on=None)
    assert ask(here.court.stranger.id, later).case_id == here.case_id


def test_what_she_asked_before_she_changed_her_mind_waits_no_longer(either_app: Flask) -> None:
    """Else an answer to it would make a second case, or take her hearing to the other one."""
    here = world()
    asker, asked = here.court.stranger.id, same_trust(here)
    with writing():
        about_a_man.ask_about(
            man=MAN, asked=asked, safe=True, by=asker, prosecution=Prosecution.SAME
        )
    assert tasks_of(here.case_id, TaskKind.TAKE_OVER)
    made = ask(asker, asked, Prosecution.OTHER)
    assert made.case_id != here.case_id
    assert not tasks_of(here.case_id, TaskKind.TAKE_OVER)
    (one,) = db.session.scalars(select(TakeOverQuestion))
    with pytest.raises(Refused, match="already"):
        answer(here, one, here.court.author.id)
    stands(here)
