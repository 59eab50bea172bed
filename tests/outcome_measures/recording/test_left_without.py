"""A closed session left without measures, when the one that had them leaves its day."""

from datetime import date, timedelta

import pytest
from flask import Flask, current_app

from mhtr.accounts.sessions import viewer_of
from mhtr.cases.facts import FactKind
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.overview.measure_lists import WantedMeasures, due_rows
from mhtr.tasks.calendar import working_calendar
from outcome_measures.contact_rules import Planned
from outcome_measures.models import MeasureContact, MeasureMode
from outcome_measures.recording import taking_back
from outcome_measures.recording.contacts import CannotStand, ask
from outcome_measures.recording.putting_right import correct_contact
from outcome_measures.recording.service import correct
from outcome_measures.time_points import TimePoint
from tests.outcome_measures.treatment import (
    close,
    contact,
    fact,
    forms,
    phq,
    said,
    sentenced,
    submit,
)
from tests.suitability.journey import People

DAY = date(2026, 10, 19)
"""A month ago: no list shows a session closed then for the sake of its closing."""


def measured(people: People, made: MeasureContact) -> None:
    held = forms(made)
    submit(people, held["phq9"], phq(said(0)))
    submit(people, held["gad7"], {number: said(1) for number in range(1, 8)})


def two_of_one_day(*, has_them: int) -> tuple[People, dict[int, MeasureContact]]:
    """Sessions 1 and 2 on one day, both closed; the measures were asked at one of them."""
    people = sentenced()
    fact(people, FactKind.TREATMENT_STARTED, days_ago=31)
    made = {}
    for number in (has_them, 3 - has_them):
        made[number] = contact(people, number, on=DAY)
    measured(people, made[has_them])
    assert not forms(made[3 - has_them]), "asked once on one day"
    for each in made.values():
        assert close(people, each).closed
    with writing():
        for each in made.values():
            each.closed_at = each.closed_at and each.closed_at - timedelta(days=20)
    assert listed(people) == []
    return people, made


def move(
    people: People, made: MeasureContact, on: date, mode: MeasureMode = MeasureMode.IN_PERSON
) -> None:
    with writing():
        db.session.refresh(made)
        correct_contact(
            contact_id=made.id,
            planned=Planned(on, TimePoint.SESSION, made.session_number),
            mode=mode,
            language=None,
            reason="Another day",
            version=made.version,
            by=people.assessor.id,
        )


def listed(people: People) -> list[str]:
    """What the worklist says, closed sessions and all."""
    wanted = WantedMeasures(own=True, closed=True)
    with current_app.test_request_context():
        rows = due_rows(viewer_of(people.assessor), wanted, working_calendar(), limit=20)
    return [row.what for row in rows]


@pytest.mark.parametrize(("has_them", "days"), [(1, -3), (2, 3)])
def test_what_stays_without_measures_is_overdue_and_can_be_recorded(
    either_app: Flask, has_them: int, days: int
) -> None:
    people, made = two_of_one_day(has_them=has_them)
    left = made[3 - has_them]
    move(people, made[has_them], DAY + timedelta(days=days))
    db.session.refresh(left)
    assert left.closed_at is None
    (line,) = listed(people)
    assert "PHQ-9 and GAD-7 overdue" in line
    assert f"session {left.session_number} on 19 October 2026" in line
    with writing():
        asked = ["phq9", "gad7"]
        ask(contact_id=left.id, instruments=asked, version=left.version, by=people.assessor.id)
    measured(people, left)
    assert close(people, left).closed
    assert listed(people) == []


def test_the_one_that_moves_away_from_its_measures_lacks_them(either_app: Flask) -> None:
    people, made = two_of_one_day(has_them=1)
    move(people, made[2], DAY + timedelta(days=7))
    db.session.refresh(made[2])
    db.session.refresh(made[1])
    assert made[2].closed_at is None
    assert made[1].closed_at is not None
    assert "session 2 on 26 October 2026" in listed(people)[0]


def test_it_is_the_same_where_the_other_one_is_taken_back(either_app: Flask) -> None:
    people, made = two_of_one_day(has_them=1)
    db.session.refresh(made[1])
    with writing():
        taking_back.take_contact_back(
            contact_id=made[1].id,
            reason="Never was",
            version=made[1].version,
            viewer=viewer_of(people.assessor),
        )
    db.session.refresh(made[2])
    assert made[2].closed_at is None


def state(made: MeasureContact) -> tuple[object, object]:
    db.session.refresh(made)
    return made.closed_at, made.closed_by


def test_moved_back_the_other_one_is_closed_as_it_was(either_app: Flask) -> None:
    people, made = two_of_one_day(has_them=1)
    was = state(made[2])
    away = DAY - timedelta(days=3)
    move(people, made[1], away)
    assert state(made[2]) == (None, None)
    move(people, made[1], away, MeasureMode.TELEPHONE)
    assert state(made[2]) == (None, None)
    move(people, made[1], DAY, MeasureMode.TELEPHONE)
    assert state(made[2]) == was
    assert listed(people) == []


def test_put_back_the_other_one_is_closed_as_it_was(either_app: Flask) -> None:
    people, made = two_of_one_day(has_them=1)
    was = state(made[2])
    back_and_forth(people, made[1])
    assert state(made[2]) == was
    assert listed(people) == []


def test_a_form_put_back_closes_what_it_opened(either_app: Flask) -> None:
    people, made = two_of_one_day(has_them=1)
    was, form = state(made[2]), forms(made[1])["phq9"]
    viewer = viewer_of(people.assessor)
    with writing():
        taking_back.take_back(occasion_id=form.id, reason="Another man's", viewer=viewer)
    db.session.refresh(form)
    assert state(made[2]) == (None, None)
    with writing():
        taking_back.put_back(occasion_id=form.id, reason="His", version=form.version, viewer=viewer)
    assert state(made[2]) == was


def test_what_something_was_recorded_at_meanwhile_stays_open(either_app: Flask) -> None:
    people, made = two_of_one_day(has_them=1)
    move(people, made[1], DAY - timedelta(days=3))
    db.session.refresh(made[2])
    with writing():
        asked = ["phq9"]
        ask(contact_id=made[2].id, instruments=asked, version=made[2].version, by=people.lead.id)
    with pytest.raises(CannotStand):
        move(people, made[1], DAY)
    move(people, made[1], DAY - timedelta(days=4))
    assert state(made[2]) == (None, None)


def test_what_lacks_something_else_now_stays_open(either_app: Flask) -> None:
    """The one that opened it is back, but without a measure that it had."""
    people, made = two_of_one_day(has_them=1)
    move(people, made[1], DAY - timedelta(days=3))
    form, viewer = forms(made[1])["gad7"], viewer_of(people.assessor)
    with writing():
        taking_back.take_back(occasion_id=form.id, reason="Another man's", viewer=viewer)
    move(people, made[1], DAY)
    assert state(made[2]) == (None, None)


def test_a_sign_of_risk_found_meanwhile_keeps_it_open(either_app: Flask) -> None:
    """Put right while it was open, an answer asks for a clinician: his response comes first."""
    people = sentenced()
    fact(people, FactKind.TREATMENT_STARTED, days_ago=31)
    moves = contact(people, 1, on=DAY, instruments=["gad7"])
    stays = contact(people, 2, on=DAY, instruments=["phq9"])
    submit(people, forms(moves)["gad7"], {number: said(1) for number in range(1, 8)})
    submit(people, forms(stays)["phq9"], phq(said(0)))
    assert close(people, moves).closed
    assert close(people, stays).closed
    move(people, moves, DAY - timedelta(days=3))
    assert state(stays) == (None, None)
    form = forms(stays)["phq9"]
    with writing():
        correct(form, 9, said(2), reason="Misread", version=form.version, by=people.assessor.id)
    move(people, moves, DAY)
    assert state(stays) == (None, None)


def back_and_forth(people: People, made: MeasureContact) -> None:
    """Taken back, and put back again."""
    viewer = viewer_of(people.assessor)
    for act in (taking_back.take_contact_back, taking_back.put_contact_back):
        db.session.refresh(made)
        with writing():
            act(contact_id=made.id, reason="It was", version=made.version, viewer=viewer)


def test_what_lacked_before_stays_closed(either_app: Flask) -> None:
    """Whoever closed it without a measure has decided so: a move elsewhere changes nothing."""
    people = sentenced()
    without = contact(people, 1, on=DAY, instruments=())
    other = contact(people, 2, on=DAY + timedelta(days=7))
    measured(people, other)
    assert close(people, without).closed
    assert close(people, other).closed
    move(people, other, clock.today() - timedelta(days=1))
    db.session.refresh(without)
    assert without.closed_at is not None
