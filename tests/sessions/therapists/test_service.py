"""A change of therapist is proposed, agreed by three, refused, withdrawn, or lapses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import listeners
from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.access import Exclusion, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.orders import ending_service
from mhtr.orders.endings import HowEnded
from mhtr.orders.models import DirectingChange, Order
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Notice, Task, TaskKind
from mhtr.tasks.rehoming import rehome
from sessions.availability.models import HowHeCanCome
from sessions.booking import cancel_service, move_service
from sessions.booking import service as booking
from sessions.booking.changes import Which
from sessions.booking.models import BookingState, TreatmentSession
from sessions.booking.move_service import Move
from sessions.booking.service import Asked
from sessions.courses import service as courses
from sessions.courses import therapist_service
from sessions.courses.kinds import CourseEnd
from sessions.courses.queries import changes_of as course_changes
from sessions.therapies import Gender, Therapy
from sessions.therapists import queries, rules, service
from sessions.therapists.kinds import Absence, Answer, Booked, How, Lapse, Party, State, Why
from sessions.therapists.models import TherapistAnswer, TherapistChange
from sessions.therapists.service import Proposed, Said
from tests.makers import make_staff
from tests.sessions.availability.makers import make_clinician
from tests.sessions.booking.makers import (
    ASKED,
    MONDAY,
    another_man,
    assert_taken_is_what_is_booked,
    at,
    may_call,
    session_of,
)
from tests.sessions.seen import tell
from tests.sessions.therapists.makers import (
    DAY,
    WEEK,
    Begun,
    answers,
    begun,
    gone,
    on_leave,
    proposed,
)

P = Party
KINDS = (
    TaskKind.CHANGE_THERAPIST,
    TaskKind.CHANGE_THERAPIST_LEAD,
    TaskKind.CHANGE_THERAPIST_HIM,
)


def waiting(scene: Begun) -> dict[TaskKind, int | None]:
    """Open tasks about it, each with its owner."""
    db.session.expire_all()
    found = {one.kind: one.owner_staff_id for one in tasks.open_tasks(scene.clinic.case.id, *KINDS)}
    db.session.rollback()
    return found


def told(staff: Staff) -> list[str]:
    rows = db.session.query(Notice).filter_by(principal_id=staff.principal_id)
    return [row.text for row in rows.order_by(Notice.id)]


def state_of(change: TherapistChange) -> State:
    db.session.expire_all()
    return db.session.get_one(TherapistChange, change.id).state


def coming(scene: Begun) -> list[tuple[int, Any]]:
    """Who sees him, and when, in what is booked still."""
    db.session.expire_all()
    rows = db.session.query(TreatmentSession).filter(
        TreatmentSession.state == BookingState.BOOKED, TreatmentSession.starts_at > clock.now()
    )
    return [(row.clinician_id, row.starts_at) for row in rows.order_by(TreatmentSession.starts_at)]


def test_the_therapist_changes_with_the_last_agreement(
    either_app: Flask, set_clock: SetClock
) -> None:
    scene = begun(set_clock)
    ada, ben, lead = scene.clinic.ada, scene.clinic.ben, scene.lead
    before = coming(scene)
    change = proposed(scene)
    assert waiting(scene) == dict(zip(KINDS, (ada.id, lead.id, ada.id), strict=True))
    answers(change, P.HIM, ada)
    answers(change, P.LEAD, lead)
    assert scene.therapist == ada.id and coming(scene) == before
    assert waiting(scene) == {TaskKind.CHANGE_THERAPIST: ada.id}
    answers(change, P.THERAPIST, ada)
    assert scene.therapist == ben.id
    assert state_of(change) is State.DONE
    assert waiting(scene) == {}
    assert coming(scene) == [(ben.id, starts) for _, starts in before]
    assert (
        told(ben)[-4:].count(
            "You are the therapist of another man now. Look at his course and what is booked."
        )
        == 1
    )
    last = course_changes(scene.course.id)[0]
    assert last.reason == "No time suits them both: No time suits both of them"
    assert last.before == {"therapist_id": ada.id}
    assert_taken_is_what_is_booked()


def test_every_answer_says_who_when_and_how(either_app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock)
    change = proposed(scene, by=scene.clinic.people.office)
    answers(change, P.THERAPIST, scene.clinic.ada, words="As long as he is told why")
    answers(change, P.HIM, scene.clinic.ben)
    answers(change, P.LEAD, scene.other_lead)
    rows = {row.party: row for row in queries.answers_of(change.id)}
    assert {party: (row.by_id, row.how) for party, row in rows.items()} == {
        P.THERAPIST: (scene.clinic.ada.id, How.SIGNED_IN),
        P.HIM: (scene.clinic.ben.id, How.TELEPHONE),
        P.LEAD: (scene.other_lead.id, How.SIGNED_IN),
    }
    assert {row.answered_on for row in rows.values()} == {clock.today()}
    assert (rows[P.THERAPIST].words, rows[P.HIM].words) == (
        "As long as he is told why",
        "Fine by me",
    )


@pytest.mark.parametrize(
    "statement",
    ["UPDATE therapist_answers SET answer = 'refuses'", "DELETE FROM therapist_answers"],
)
def test_answers_cannot_be_changed(either_app: Flask, set_clock: SetClock, statement: str) -> None:
    scene = begun(set_clock)
    answers(proposed(scene), P.HIM, scene.clinic.ada)
    with pytest.raises(DBAPIError, match="append_only"), writing():
        db.session.connection().exec_driver_sql(statement)


def test_nobody_answers_in_two_roles_whatever_writes(
    either_app: Flask, set_clock: SetClock
) -> None:
    scene = begun(set_clock)
    change = proposed(scene)
    answers(change, P.THERAPIST, scene.clinic.ada)
    row = {"change_id": change.id, "answered_on": clock.today(), "by_id": scene.clinic.ada.id}
    with pytest.raises(DBAPIError), writing():
        db.session.add(
            TherapistAnswer(**row, party=P.LEAD, answer=Answer.AGREES, how=How.SIGNED_IN)
        )
        db.session.flush()


def test_before_the_first_session_the_change_is_simple(
    either_app: Flask, set_clock: SetClock
) -> None:
    scene = begun(set_clock, Happened.DID_NOT_COME)
    with pytest.raises(Refused, match="was not held yet"):
        proposed(scene)
    _set(scene, scene.clinic.ben)
    assert scene.therapist == scene.clinic.ben.id


@pytest.mark.parametrize("happened", [None, Happened.SEEN])
def test_after_the_first_session_nobody_changes_it_alone(
    either_app: Flask, set_clock: SetClock, happened: Happened | None
) -> None:
    """Also where nobody has recorded yet what happened at it."""
    scene = begun(set_clock, happened)
    with pytest.raises(Refused, match="so his therapist is fixed"):
        _set(scene, scene.clinic.ben)
    with pytest.raises(Refused, match="so his therapist is fixed"):
        _set(scene, None)
    assert scene.therapist == scene.clinic.ada.id


def _set(scene: Begun, to: Staff | None) -> None:
    course, to_id = scene.course, to.id if to else None
    said = {"course_id": course.id, "version": course.version, "by": scene.lead.id}
    with writing():
        therapist_service.set_therapist(**said, therapist_id=to_id, reason="because")


def test_while_one_is_open_there_is_no_second_and_no_simple_change(
    either_app: Flask, set_clock: SetClock
) -> None:
    scene = begun(set_clock)
    proposed(scene)
    with pytest.raises(Refused, match="proposed already"):
        proposed(scene, by=scene.other_lead)
    tell(scene.places[0], scene.clinic.ada, Happened.DID_NOT_COME, seen=1, why="A slip")
    with pytest.raises(Refused, match="Withdraw that first"):
        _set(scene, scene.clinic.ben)


def test_nothing_done_to_the_order(either_app: Flask, set_clock: SetClock) -> None:
    """The practitioner whom the order names stays the same."""
    scene = begun(set_clock)
    order = db.session.query(Order).one()
    before = (order.version, [row.id for row in directing_rows()])
    change = proposed(scene)
    for party, by in (
        (P.THERAPIST, scene.clinic.ada),
        (P.LEAD, scene.lead),
        (P.HIM, scene.clinic.ada),
    ):
        answers(change, party, by)
    db.session.expire_all()
    order = db.session.query(Order).one()
    assert (order.version, [row.id for row in directing_rows()]) == before


def directing_rows() -> list[Any]:
    return list(db.session.query(DirectingChange))


@pytest.mark.parametrize("party", list(Party))
def test_a_refusal_ends_it(either_app: Flask, set_clock: SetClock, party: Party) -> None:
    scene = begun(set_clock)
    ada, lead = scene.clinic.ada, scene.lead
    change = proposed(scene, by=scene.clinic.people.office)
    answers(change, party, lead if party is P.LEAD else ada, agrees=False)
    assert state_of(change) is State.REFUSED
    assert scene.therapist == ada.id and waiting(scene) == {}
    assert "A proposed change of a man’s therapist was refused." in told(scene.clinic.people.office)
    assert told(scene.clinic.ben) == []
    for other in set(Party) - {party}:
        with pytest.raises(Refused, match="not open any more"):
            answers(change, other, lead if other is P.LEAD else ada)
    again = proposed(scene)
    assert [row.state for row in queries.changes_of(scene.course.id)] == [
        State.OPEN,
        State.REFUSED,
    ]
    assert again.id != change.id


def test_it_is_withdrawn_with_a_reason(either_app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock)
    change = proposed(scene, by=scene.clinic.ada)
    change_id = change.id

    def withdraw(by: Staff, reason: str) -> None:
        by_id = by.id
        with writing():
            service.withdraw(change_id=change_id, reason=reason, by=by_id)

    with pytest.raises(Refused, match="Only who proposed it"):
        withdraw(scene.clinic.ben, "x")
    with pytest.raises(Refused, match="Say why"):
        withdraw(scene.lead, " ")
    withdraw(scene.lead, "A time was found after all")
    assert state_of(change) is State.WITHDRAWN
    assert queries.changes_of(scene.course.id)[0].closed_words == "A time was found after all"
    assert waiting(scene) == {} and scene.therapist == scene.clinic.ada.id
    with pytest.raises(Refused, match="not open any more"):
        withdraw(scene.lead, "twice")


def test_it_lapses_with_the_course(either_app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock)
    change = proposed(scene)
    _cancel_all(scene)
    course, by = scene.course, scene.lead.id
    said = {"course_id": course.id, "version": course.version, "by": by}
    with writing():
        courses.end_course(**said, how=CourseEnd.EARLY, reason="He moved")
    assert state_of(change) is State.LAPSED
    assert queries.changes_of(course.id)[0].lapse is Lapse.COURSE
    assert waiting(scene) == {}


def _cancel_all(scene: Begun) -> None:
    first, by = scene.places[1].session_id, scene.lead.id
    version = db.session.get_one(TreatmentSession, first).version
    with writing():
        cancel_service.cancel(
            session_id=first, which=Which.FOLLOWING, version=version, why=ASKED, by=by
        )


def test_it_lapses_with_the_order(either_app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock)
    change = proposed(scene)
    order, by = db.session.query(Order).one(), scene.clinic.people.office.id
    said = {"order_id": order.id, "version": order.version, "by": by}
    with writing():
        ending_service.end_order(**said, how=HowEnded.REVOKED, on=clock.today())
    assert state_of(change) is State.LAPSED and waiting(scene) == {}


def test_it_lapses_when_he_dies(either_app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock)
    change = proposed(scene)
    case_id, by = scene.clinic.case.id, scene.lead.id
    with writing():
        for listener in listeners.death_recorded:
            listener(case_id, by)
    assert state_of(change) is State.LAPSED
    assert waiting(scene) == {}


@pytest.mark.parametrize(
    ("leaves", "absence"),
    [
        (gone, Absence.LEFT),
        (lambda staff: on_leave(staff, 40), Absence.LONG_LEAVE),
    ],
)
def test_nobody_waits_for_a_therapist_who_is_not_there(
    either_app: Flask, set_clock: SetClock, leaves: Callable[[Staff], None], absence: Absence
) -> None:
    scene = begun(set_clock)
    leaves(scene.clinic.ada)
    change = proposed(scene)
    (row,) = queries.answers_of(change.id)
    assert (row.party, row.answer, row.how, row.absence, row.by_id) == (
        P.THERAPIST,
        Answer.NOT_THERE,
        How.ON_RECORD,
        absence,
        scene.lead.id,
    )
    assert waiting(scene) == dict.fromkeys(KINDS[1:], scene.lead.id)
    answers(change, P.LEAD, scene.lead)
    answers(change, P.HIM, scene.lead)
    assert scene.therapist == scene.clinic.ben.id


def test_a_short_leave_is_waited_for(either_app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock)
    on_leave(scene.clinic.ada, 21)
    change = proposed(scene)
    change_id, by = change.id, scene.lead.id
    assert queries.answers_of(change_id) == []
    assert waiting(scene)[TaskKind.CHANGE_THERAPIST] == scene.clinic.ada.id
    with pytest.raises(Refused, match="neither gone nor on long leave"), writing():
        service.note_absence(change_id=change_id, by=by)


def test_a_therapist_who_leaves_meanwhile(either_app: Flask, set_clock: SetClock) -> None:
    """His task goes to a lead with the account, and the last step may be that he is not there."""
    scene = begun(set_clock)
    change = proposed(scene)
    answers(change, P.LEAD, scene.other_lead)
    answers(change, P.HIM, scene.clinic.ben)
    gone(scene.clinic.ada)
    change_id, office, ben = change.id, scene.clinic.people.office.id, scene.clinic.ben.id
    with pytest.raises(Refused, match="Only a clinical lead or an administrator"), writing():
        service.note_absence(change_id=change_id, by=ben)
    with writing():
        service.note_absence(change_id=change_id, by=office)
    assert scene.therapist == scene.clinic.ben.id


def test_tasks_of_a_therapist_who_left_go_to_a_lead(either_app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock)
    proposed(scene, by=scene.other_lead)
    gone(scene.clinic.ada)
    staff_id = scene.clinic.ada.id
    with writing():
        assert rehome(staff_id, by=None) >= 2
    assert waiting(scene) == dict.fromkeys(KINDS, scene.other_lead.id)


def test_a_therapist_who_is_a_lead_needs_a_second_one(
    either_app: Flask, set_clock: SetClock
) -> None:
    scene = begun(set_clock)
    lead = scene.lead
    _is_therapist(scene, lead)
    change = proposed(scene, by=lead)
    assert waiting(scene) == dict(zip(KINDS, (lead.id, scene.other_lead.id, lead.id), strict=True))
    answers(change, P.THERAPIST, lead)
    with pytest.raises(Refused, match="Another clinical lead of the trust answers"):
        answers(change, P.LEAD, lead)
    answers(change, P.LEAD, scene.other_lead)
    answers(change, P.HIM, lead)
    assert scene.therapist == scene.clinic.ben.id


def test_a_sole_lead_answers_in_both_roles_and_it_is_said(
    either_app: Flask, set_clock: SetClock
) -> None:
    scene = begun(set_clock)
    lead = scene.lead
    gone(scene.other_lead)
    _is_therapist(scene, lead)
    change = proposed(scene, by=lead)
    answers(change, P.THERAPIST, lead)
    answers(change, P.LEAD, lead)
    assert [row.both_roles for row in queries.answers_of(change.id)] == [False, True]
    answers(change, P.HIM, lead)
    assert scene.therapist == scene.clinic.ben.id


def _is_therapist(scene: Begun, staff: Staff) -> None:
    course_id, staff_id = scene.course.id, staff.id
    with writing():
        course = db.session.get_one(type(scene.course), course_id)
        course.therapist_id = staff_id


def test_only_a_registered_lead_answers(either_app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock)
    change = proposed(scene)
    unregistered = make_staff(Role.CLINICAL_LEAD, organisation=scene.lead.organisation)
    for other in (unregistered, scene.clinic.ben, scene.clinic.people.office):
        with pytest.raises(Refused, match="whose registration was checked in time"):
            answers(change, P.LEAD, other)


def test_who_may_not_become_his_therapist(either_app: Flask, set_clock: SetClock) -> None:
    scene = begun(set_clock)
    trust = scene.lead.organisation
    skills = make_clinician(trust, scene.clinic.site, name="Cora", therapies=[Therapy.SKILLS])
    with pytest.raises(Refused, match="Cora does not deliver this therapy"):
        proposed(scene, to=skills)
    with pytest.raises(Refused, match="no therapies and hours are on record"):
        proposed(scene, to=scene.lead)
    with pytest.raises(Refused, match="Select a clinician of the trust"):
        proposed(scene, to=scene.clinic.people.office)
    may_call(scene.clinic.case.id, scene.lead.id)
    with writing():
        db.session.query(HowHeCanCome).one().therapist_gender = Gender.FEMALE
    with pytest.raises(Refused, match="asks to be seen by a woman"):
        proposed(scene)


def test_who_is_kept_from_his_record_does_not_become_his_therapist(
    either_app: Flask, set_clock: SetClock
) -> None:
    scene = begun(set_clock)
    change = proposed(scene)
    answers(change, P.THERAPIST, scene.clinic.ada)
    answers(change, P.LEAD, scene.lead)
    _shut_out(scene, scene.clinic.ben)
    with pytest.raises(Refused, match="cannot be his any more"):
        answers(change, P.HIM, scene.clinic.ada)
    assert scene.therapist == scene.clinic.ada.id and state_of(change) is State.OPEN
    with pytest.raises(Refused, match="proposed already"):
        proposed(scene)


def _shut_out(scene: Begun, staff: Staff) -> None:
    case_id, principal_id = scene.clinic.case.id, staff.principal_id
    with writing():
        db.session.add(
            Exclusion(
                case_id=case_id,
                principal_id=principal_id,
                because="knows him",
                starts_at=clock.now(),
            )
        )


def test_what_cannot_move_stays_booked_and_is_listed(
    either_app: Flask, set_clock: SetClock
) -> None:
    """Ben is taken at the second of the times: the others move, that one stays."""
    scene = begun(set_clock)
    office = scene.clinic.people.office
    taken = replace(
        at(scene.clinic, MONDAY + 2 * WEEK, 10),
        clinician_id=scene.clinic.ben.id,
        room_id=scene.clinic.other_room.id,
    )
    other = another_man(scene.clinic).id
    with writing():
        booking.book(case_id=other, asked=[Asked(taken)], by=office.id)
    change = proposed(scene)
    for party, by in (
        (P.THERAPIST, scene.clinic.ada),
        (P.LEAD, scene.lead),
        (P.HIM, scene.clinic.ada),
    ):
        answers(change, party, by)
    ada, ben = scene.clinic.ada.id, scene.clinic.ben.id
    assert sorted(one for one, _ in coming(scene)) == sorted([ben, ada, ben, ben])
    (left,) = queries.still_with_another(viewer_of(office))
    assert (left.place.span.starts_at, left.therapist_id) == (taken.span.starts_at, ben)
    trust = scene.lead.organisation
    assert any("still booked" in text for text in told(trust))  # type: ignore[arg-type]
    assert_taken_is_what_is_booked()
    _move_to_ben(scene, db.session.get_one(TreatmentSession, left.session_id))
    assert queries.still_with_another(viewer_of(office)) == []


def _move_to_ben(scene: Begun, session: TreatmentSession) -> None:
    place = replace(at(scene.clinic, MONDAY + 2 * WEEK, 14), clinician_id=scene.clinic.ben.id)
    key, version, by = session.id, session.version, scene.clinic.by
    with writing():
        move_service.move(moves=[Move(key, version, place)], why=ASKED, by=by)


def test_before_the_day_and_where_it_is_chosen_nothing_moves(
    either_app: Flask, set_clock: SetClock
) -> None:
    scene = begun(set_clock)
    before = coming(scene)
    starts_on = MONDAY + 2 * WEEK
    change = proposed(scene, booked=Booked.LIST, starts_on=starts_on)
    for party, by in (
        (P.THERAPIST, scene.clinic.ada),
        (P.LEAD, scene.lead),
        (P.HIM, scene.clinic.ada),
    ):
        answers(change, party, by)
    assert coming(scene) == before
    listed = queries.still_with_another(viewer_of(scene.clinic.people.office))
    assert [one.place.span.starts_at for one in listed] == [starts for _, starts in before[1:]]
    elsewhere = make_staff(Role.ADMINISTRATOR)
    assert queries.still_with_another(viewer_of(elsewhere)) == []


def test_nobody_else_is_booked_once_the_first_session_was_held(
    either_app: Flask, set_clock: SetClock
) -> None:
    scene = begun(set_clock)
    case_id, by = scene.clinic.case.id, scene.clinic.by
    part = scene.clinic.parts[4].id
    place = at(scene.clinic, MONDAY + 4 * WEEK, 10)
    with pytest.raises(Refused, match="Ben Ferreira is not his therapist"), writing():
        other = replace(place, clinician_id=scene.clinic.ben.id)
        booking.book(case_id=case_id, asked=[Asked(other, part)], by=by)
    with writing():
        booking.book(case_id=case_id, asked=[Asked(place, part)], by=by)


def test_where_it_was_missed_somebody_else_may_still_be_booked(
    either_app: Flask, set_clock: SetClock
) -> None:
    scene = begun(set_clock, Happened.DID_NOT_COME)
    case_id, by, part = scene.clinic.case.id, scene.clinic.by, scene.clinic.parts[4].id
    place = replace(at(scene.clinic, MONDAY + 4 * WEEK, 10), clinician_id=scene.clinic.ben.id)
    with writing():
        booking.book(case_id=case_id, asked=[Asked(place, part)], by=by)
    assert session_of(scene.places[0]).clinician_id == scene.clinic.ada.id


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(True, "", How.TELEPHONE, None), "Say how he was asked"),
        (Said(True, "Yes", How.SIGNED_IN, None), "Say how he was asked"),
        (Said(True, " ", How.LETTER, "today"), "Write what he said"),  # type: ignore[arg-type]
        (Said(True, "Yes", How.LETTER, "before"), rules.EARLY),  # type: ignore[arg-type]
        (Said(True, "x" * 1001, How.LETTER, "today"), "1000 characters"),  # type: ignore[arg-type]
    ],
)
def test_what_is_wrong_with_an_answer_of_his(
    app: Flask, set_clock: SetClock, said: Said, words: str
) -> None:
    scene = begun(set_clock)
    change_id, by = proposed(scene).id, scene.clinic.ada.id
    days: dict[Any, Any] = {"today": clock.today(), "before": clock.today() - DAY}
    said = replace(said, asked_on=days.get(said.asked_on))
    with pytest.raises(Refused, match=words), writing():
        service.answer(change_id=change_id, party=P.HIM, said=said, by=by)


def test_a_refusal_of_staff_has_its_reason_and_a_proposal_too(
    app: Flask, set_clock: SetClock
) -> None:
    scene = begun(set_clock)
    change = proposed(scene)
    change_id, course_id, by = change.id, scene.course.id, scene.clinic.ada.id
    with pytest.raises(Refused, match="Say why"), writing():
        service.answer(change_id=change_id, party=P.THERAPIST, said=Said(False, " "), by=by)
    with writing():
        service.withdraw(change_id=change_id, reason="x", by=scene.lead.id)
    said = Proposed(scene.clinic.ben.id, Why.OTHER, " ", clock.today())
    with pytest.raises(Refused, match="Say why"), writing():
        service.propose(course_id=course_id, said=said, by=by)


def test_tasks_are_due_in_working_days_and_lead_to_the_proposal(
    app: Flask, set_clock: SetClock
) -> None:
    scene = begun(set_clock)
    change = proposed(scene)
    rows = db.session.query(Task).filter(Task.kind.in_(KINDS)).all()
    assert {row.subject_ref for row in rows} == {str(change.ref)}
    assert {row.endpoint for row in rows} == {"sessions.course_therapist_change"}
    due = {row.due_at.astimezone(clock.LONDON).date() for row in rows}
    assert due == {clock.today() + timedelta(days=7)}
