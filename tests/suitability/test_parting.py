"""A wrong "the same prosecution" is undone: the request goes on as a case of its own."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.transaction import writing
from mhtr.suitability import parting, take_over
from mhtr.suitability.concerned import current_request
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.which_case import Prosecution
from mhtr.tasks.models import TaskKind
from tests.makers import make_staff
from tests.pages import PageClient
from tests.suitability.another_team import World, asks, world
from tests.suitability.makers import ASKED, COURT, release
from tests.suitability.requesting import sees, tasks_of, told
from tests.suitability.test_request_pages import keyed
from tests.suitability.test_two_prosecutions import ask, same_trust, stands

LATER = date(2026, 12, 22)
WHY = "The charge sheet names another day and another charge"


def put_on(here: World) -> ReportRequest:
    """Her colleague says that it is the same prosecution, for another day: it is not."""
    made = ask(here.court.colleague.id, replace(ASKED, hearing_on=LATER), Prosecution.SAME)
    assert made.case_id == here.case_id
    assert here.case.hearing_on == LATER
    return made


def part(made: ReportRequest, by: int, *, reason: str = WHY, version: int | None = None) -> int:
    request_id, seen = made.id, made.version if version is None else version
    with writing():
        return parting.part(request_id=request_id, reason=reason, version=seen, by=by)


def test_it_goes_on_as_it_was_made_and_the_one_before_stands_again(either_app: Flask) -> None:
    here = world()
    first = current_request(here.case_id)
    assert first is not None
    due = first.due_on
    made = put_on(here)
    asked_at = made.requested_at
    new_id = part(made, here.court.colleague.id)
    stands(here)
    assert new_id != here.case_id
    moved = current_request(new_id)
    assert moved is not None and (moved.id, moved.requested_at) == (made.id, asked_at)
    new = db.session.get_one(Case, new_id)
    assert (new.court_code, new.hearing_on, new.person_id) == (COURT, LATER, here.case.person_id)
    again = current_request(here.case_id)
    assert again is not None and (again.id, again.due_on) == (first.id, due)
    assert here.case.report_due_on == due
    assert len(tasks_of(here.case_id, TaskKind.REPORT_DUE)) == 1
    assert len(tasks_of(new_id, TaskKind.REPORT_DUE)) == 1
    assert any("stands again" in text for text in told(here.court.author))
    (left,) = parting.left(here.case_id)
    assert (left.said_by, left.reason) == (here.court.colleague.name, WHY)
    actions = db.session.scalars(select(AuditEvent.action)).all()
    assert actions.count("suitability.request_parted") == 1


def test_of_two_teams_each_has_its_own_case_again(either_app: Flask) -> None:
    """Handed over as the same prosecution, by mistake."""
    here = world()
    one = asks(here.court.stranger.id, same_trust(here))
    ref, case_id = one.ref, here.case_id
    with writing():
        take_over.hand_over(case_id=case_id, question_ref=ref, by=here.court.author.id)
    assert not sees(here.court.author.id, case_id)
    made = current_request(case_id)
    assert made is not None
    new_id = part(made, here.court.stranger.id)
    stands(here)
    assert sees(here.court.author.id, case_id) and not sees(here.court.author.id, new_id)
    assert sees(here.court.stranger.id, new_id) and not sees(here.court.stranger.id, case_id)


def test_only_what_was_put_on_a_case_leaves_it(app: Flask) -> None:
    here = world()
    first = current_request(here.case_id)
    assert first is not None
    with pytest.raises(Refused, match="no other prosecution"):
        part(first, here.court.author.id)
    made = put_on(here)
    with pytest.raises(NotFound):
        part(first, here.court.author.id)
    with pytest.raises(NotFound):
        part(made, here.court.stranger.id)
    with pytest.raises(Refused, match="how you know"):
        part(made, here.court.author.id, reason=" ")
    with pytest.raises(Stale):
        part(made, here.court.author.id, version=made.version + 1)
    assert current_request(here.case_id) == made


def test_not_once_its_report_is_out(app: Flask) -> None:
    here = world()
    made = put_on(here)
    assessor = make_staff(Role.ASSESSOR, organisation=here.court.trust)
    release(here.case_id, assessor, here.court.author)
    with pytest.raises(Refused, match="released after"):
        part(made, here.court.author.id)


def test_she_says_so_on_its_page_and_it_stays_on_record(client: PageClient) -> None:
    here = world()
    client.sign_in(here.court.colleague)
    path = f"/cases/{here.case.ref}/request"
    assert "about another prosecution" not in client.page(path)
    made = put_on(here)
    assert "It is about another prosecution" in client.page(path)
    page = client.page(f"{path}/other-prosecution")
    assert "Hearing that this case goes back to" in page
    none = client.post(f"{path}/other-prosecution", data=keyed(version=made.version))
    assert none.status_code == 422 and parting.WHY in none.get_data(as_text=True)
    sent = client.post(f"{path}/other-prosecution", data=keyed(version=made.version, reason=WHY))
    assert sent.status_code == 303 and str(here.case.ref) not in sent.location
    assert "stands again" in client.page(sent.location)
    assert WHY in client.page(path), "history of the case it left"
    gone = client.page(f"{path}/other-prosecution")
    assert parting.ONLY_ONE in gone
