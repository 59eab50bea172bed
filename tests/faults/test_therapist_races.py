"""Several answer a proposed change of therapist at once, or put right what it stands on."""

from collections.abc import Callable

from flask import Flask

from mhtr.compliance.attendance import Happened, Told
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.courses import therapist_service
from sessions.register import service as register
from sessions.register.service import Entry
from sessions.therapists import queries, rules, service
from sessions.therapists.kinds import How, Party, State, Why
from sessions.therapists.models import TherapistChange
from sessions.therapists.service import Proposed, Said
from tests.faults.invariants import assert_sound
from tests.faults.test_races import at_once
from tests.sessions.booking.makers import assert_taken_is_what_is_booked
from tests.sessions.therapists.makers import Begun, answers, begun, proposed

Do = Callable[[], None]


def says(change_id: int, party: Party, by: int, *, agrees: bool = True) -> Do:
    said = Said(agrees, "Said so")
    if party is Party.HIM:
        said = Said(agrees, "Said so", How.TELEPHONE, clock.today())

    def run() -> None:
        with writing():
            service.answer(change_id=change_id, party=party, said=said, by=by)

    return run


def state(change_id: int) -> State:
    db.session.expire_all()
    return db.session.get_one(TherapistChange, change_id).state


def test_all_three_agree_at_once(either_app: Flask, set_clock: SetClock) -> None:
    """Each answer is kept, and whichever is the last one changes the therapist, once."""
    scene = begun(set_clock)
    change_id, ada, ben = proposed(scene).id, scene.clinic.ada.id, scene.clinic.ben.id
    does = [
        says(change_id, Party.THERAPIST, ada),
        says(change_id, Party.LEAD, scene.lead.id),
        says(change_id, Party.HIM, ada),
    ]
    db.session.remove()
    assert at_once(either_app, does) == ["done"] * 3
    assert state(change_id) is State.DONE
    assert scene.therapist == ben
    assert len(queries.answers_of(change_id)) == 3
    assert_taken_is_what_is_booked()
    assert_sound()


def test_two_leads_answer_at_once(either_app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock)
    change = proposed(scene)
    answers(change, Party.HIM, scene.clinic.ada)
    answers(change, Party.THERAPIST, scene.clinic.ada)
    change_id = change.id
    does = [
        says(change_id, Party.LEAD, scene.lead.id),
        says(change_id, Party.LEAD, scene.other_lead.id, agrees=False),
    ]
    db.session.remove()
    said = at_once(either_app, does)
    assert sorted(said) == sorted(["done", rules.OVER])
    assert state(change_id) in (State.DONE, State.REFUSED)
    done = state(change_id) is State.DONE
    assert scene.therapist == (scene.ben_id if done else scene.ada_id)
    assert_sound()


def test_one_open_proposal_however_many_are_made(either_app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock)
    course_id, to_id = scene.course.id, scene.clinic.ben.id
    said = Proposed(to_id, Why.OTHER, "because", clock.today())

    def by(staff_id: int) -> Do:
        def run() -> None:
            with writing():
                service.propose(course_id=course_id, said=said, by=staff_id)

        return run

    who = [scene.lead.id, scene.other_lead.id, scene.clinic.ada.id, scene.clinic.by]
    db.session.remove()
    assert at_once(either_app, [by(one) for one in who]) == sorted(["done"] + [rules.OPEN] * 3)
    assert len(queries.changes_of(course_id)) == 1


def test_the_last_agreement_while_the_first_session_is_put_right(
    either_app: Flask, set_clock: SetClock
) -> None:
    """He did not come after all: the agreements hold, and what is recorded is consistent."""
    scene = begun(set_clock)
    change = proposed(scene)
    answers(change, Party.HIM, scene.clinic.ada)
    answers(change, Party.THERAPIST, scene.clinic.ada)
    change_id, place_id, ada = change.id, scene.places[0].id, scene.clinic.ada.id
    entry = Entry(Told(Happened.DID_NOT_COME), 1)

    def put_right() -> None:
        with writing():
            register.record(place_id=place_id, entry=entry, why="A slip", by=ada)

    does = [says(change_id, Party.LEAD, scene.lead.id), put_right]
    db.session.remove()
    assert at_once(either_app, does) == ["done", "done"]
    assert state(change_id) is State.DONE
    assert scene.therapist == scene.ben_id
    assert not therapist_service.is_fixed(scene.course)
    assert_taken_is_what_is_booked()
    assert_sound()


def test_an_agreement_while_it_is_withdrawn(either_app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock)
    change = proposed(scene)
    answers(change, Party.HIM, scene.clinic.ada)
    answers(change, Party.LEAD, scene.lead)
    change_id, lead = change.id, scene.lead.id

    def withdraw() -> None:
        with writing():
            service.withdraw(change_id=change_id, reason="Not now", by=lead)

    does = [says(change_id, Party.THERAPIST, scene.clinic.ada.id), withdraw]
    db.session.remove()
    assert at_once(either_app, does) == sorted(["done", rules.OVER])
    _matches(scene, change_id)


def _matches(scene: Begun, change_id: int) -> None:
    done = state(change_id) is State.DONE
    assert scene.therapist == (scene.ben_id if done else scene.ada_id)
    assert_sound()
