"""A review is found due, arranged, held, brought points to, and signed by each on its own."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import Happened
from mhtr.compliance.contact_rules import Way
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused, Stale
from mhtr.core.outbox import OutboxMessage
from mhtr.core.transaction import writing
from mhtr.orders.contact_service import Named, name_contact
from mhtr.orders.queries import contacts_of
from mhtr.reviews import page, point_service, queries, signing, telling
from mhtr.reviews.models import ReviewItem
from mhtr.reviews.rules import DueWhy, MeetingState, Party, Signs, WhyNot
from mhtr.reviews.sheet import content_hash
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from sessions.courses.kinds import ReviewPoint
from tests.conftest import NOON
from tests.ending.makers import Finishing
from tests.makers import make_staff
from tests.reviews.makers import (
    arranged,
    due,
    held,
    look,
    point,
    probations,
    review_of,
    said_of,
    seen_of,
    sheet_of,
    signed,
)
from tests.suitability.browsing import as_

HIM, THERAPIST, OFFICER = Party.HIM, Party.THERAPIST, Party.OFFICER


def asked(of: Finishing, kind: TaskKind = TaskKind.REVIEW) -> list[Task]:
    return tasks.open_tasks(of.case.id, kind)


def heard(of: Finishing) -> list[str]:
    query = select(Notice.text).where(
        Notice.principal_id == of.world.officer.principal_id, Notice.key.startswith("review:")
    )
    return list(db.session.scalars(query.order_by(Notice.id)))


def test_due_days_follow_the_course_and_somebody_is_asked(either_app: Flask) -> None:
    of = due()
    middle, end = review_of(of), review_of(of, ReviewPoint.END)
    assert (middle.due_why, end.due_why) == (DueWhy.DAYS, DueWhy.DAYS)
    assert end.due_on == of.order.treatment_ends_on and middle.due_on < end.due_on
    assert not asked(of) and look() == 0
    of.is_seen(0)
    look()
    assert look() == 0
    middle = review_of(of)
    assert (middle.due_on, middle.due_why) == (clock.today(), DueWhy.SESSIONS)
    (task, other) = asked(of)
    assert task.owner_staff_id == of.man.therapist.id and task.subject_ref == str(of.case.ref)
    assert other.key.endswith(f":{end.id}")  # one session before its end
    of.is_seen(0, Happened.DID_NOT_COME, "It was another man")
    assert look() == 1
    assert review_of(of).due_why is DueWhy.DAYS
    db.session.refresh(task)
    assert task.due_at.date() == review_of(of).due_on


def test_arranged_and_moved_probation_hears_each_once(either_app: Flask) -> None:
    of = due()
    row = arranged(of, told_way=Way.TELEPHONE)
    assert heard(of) == [telling.ARRANGED]
    with pytest.raises(Stale):
        arranged(of, seen=0)
    with pytest.raises(CannotBe) as wrong:
        arranged(of, at=clock.now(), place=" ")
    assert [name for name, _ in wrong.value.problems] == ["on", "place"]
    with pytest.raises(CannotBe) as wrong:
        arranged(of, clinician_id=of.world.office.id)
    assert [name for name, _ in wrong.value.problems] == ["clinician"]
    arranged(of, at=clock.now() + timedelta(days=3))
    assert len(heard(of)) == 2 and seen_of(row) == 2
    assert [one.state for one in queries.meetings_of(row.id)] == [MeetingState.PLANNED] * 2
    short = queries.next_of_each([of.case.id])[of.case.id]
    assert (short.point, short.state) == ("at the middle", MeetingState.PLANNED)
    with pytest.raises(DBAPIError), writing():
        db.session.execute(update(ReviewItem).values(topic="his"))
        db.session.execute(update(type(queries.last_meeting(row.id))).values(number=9))
    db.session.rollback()


def test_held_put_right_or_not_held(app: Flask) -> None:
    of = due()
    with pytest.raises(Refused, match="Nothing is arranged"):
        held(of)
    arranged(of)
    with pytest.raises(CannotBe):
        held(of, at=clock.now() + timedelta(hours=1))
    with pytest.raises(CannotBe, match="check the year"):
        held(of, at=clock.now() - timedelta(days=3650))
    with pytest.raises(CannotBe):
        held(of, came=())
    row = held(of, why_not=WhyNot.OFFICER_COULD_NOT)
    assert heard(of)[-1] == telling.NOT_HELD and not asked(of, TaskKind.SIGN_REVIEW)
    arranged(of)
    held(of, came=(HIM,))
    assert sheet_of(of).absent == (OFFICER,) and heard(of)[-1] == telling.HELD
    with pytest.raises(Refused, match="It was held"):
        arranged(of)
    signed(of, THERAPIST)
    held(of, came=(HIM, OFFICER))
    assert not sheet_of(of).absent and said_of(of) == {}
    assert len(queries.sheets_of(row.id)) == 1
    held(of, why_not=WhyNot.NO_LONGER)
    assert page.for_service(review_of(of)).is_over and not asked(of, TaskKind.SIGN_REVIEW)


def test_a_point_goes_to_probation_only_where_both_chose_it(app: Flask) -> None:
    of = due()
    shared = point(of)
    point(of, "Only he", {HIM: True, THERAPIST: False})
    point(of, "Only his therapist", {THERAPIST: True}, side=THERAPIST)
    probations(of)

    def read() -> list[str]:
        view = page.for_probation(review_of(of))
        return [one.words for part in view.parts for one in part.points]

    assert read() == ["The bus is late on Fridays", "Thursdays are kept free"]
    inside = page.for_service(review_of(of))
    assert len([one for part in inside.parts for one in part.points]) == 4 and inside.hidden == 2
    with pytest.raises(CannotBe):
        with writing():
            said = point_service.Said(shared.topic, "Words", {HIM: True})
            point_service.bring(review_id=shared.review_id, side=HIM, said=said, by=1)
    # Other words ask anew, and the earlier ones are nothing for probation.
    newer = point(of, "He does not say why", {THERAPIST: True}, instead=shared)
    assert "bus" not in " ".join(read()) and read() == ["Thursdays are kept free"]
    with pytest.raises(Stale):
        point(of, "Too late", instead=shared)
    point(of, "He is late on Fridays", instead=newer)
    view = page.for_probation(review_of(of))
    (line,) = [one for part in view.parts for one in part.points if one.side is HIM]
    assert line.words == "He is late on Fridays" and line.earlier == ()
    (last,) = [one for one in queries.items_of(shared.review_id) if one.words == line.words]
    review_id, ref, by = shared.review_id, last.row.ref, of.man.therapist.id
    with writing():
        point_service.take_away(review_id=review_id, ref=ref, by=by)
    assert read() == ["Thursdays are kept free"]


def test_probations_points_are_probations(app: Flask) -> None:
    of = due()
    probations(of)
    with pytest.raises(Refused, match="Only probation"):
        probations(of, by=of.man.therapist)
    stranger = make_staff(Role.PROBATION, name="Somebody else")
    with pytest.raises(NotFound):
        probations(of, by=stranger)
    his = point(of)
    with pytest.raises(Refused, match="somebody else"):
        probations(of, instead=his.ref)
    (own,) = queries.own_items(queries.items_of(his.review_id), OFFICER)
    with pytest.raises(Refused, match="somebody else"):
        point(of, instead=own.row)
    review_id, ref, by = his.review_id, own.row.ref, of.man.therapist.id
    with pytest.raises(Refused), writing():
        point_service.take_away(review_id=review_id, ref=ref, by=by)
    probations(of, "", instead=ref)
    assert not queries.own_items(queries.items_of(review_id), OFFICER)


def test_each_signs_separately_and_a_change_asks_again(either_app: Flask) -> None:
    of = due()
    of.is_seen(0)
    look()
    arranged(of)
    with pytest.raises(Refused, match="nothing to sign"):
        signed(of, THERAPIST, content="0" * 64)
    held(of)
    (to_sign,) = asked(of, TaskKind.SIGN_REVIEW)
    assert to_sign.owner_staff_id == of.world.officer.id
    with pytest.raises(Refused, match="holds it|held it"):
        signed(of, THERAPIST, by=of.world.lead)
    with pytest.raises(Refused, match="His officer signs"):
        signed(of, OFFICER, by=of.world.senior)
    with pytest.raises(Refused, match="signs in here"):
        signed(of, OFFICER, by=of.man.therapist, way=Way.TELEPHONE)
    with pytest.raises(CannotBe):
        review_id, by = review_of(of).id, of.man.therapist.id
        digest = content_hash(sheet_of(of))
        db.session.rollback()
        with writing():
            signing.sign(
                review_id=review_id, party=HIM, signs=Signs.SIGNED, way=None, content=digest, by=by
            )
    signed(of, THERAPIST)
    with pytest.raises(Refused, match="recorded already"):
        signed(of, THERAPIST)
    signed(of, OFFICER)
    signed(of, HIM, Signs.NO_SIGNATURE)
    assert said_of(of) == {
        THERAPIST: Signs.SIGNED, OFFICER: Signs.SIGNED, HIM: Signs.NO_SIGNATURE
    }  # fmt: skip
    assert not asked(of, TaskKind.SIGN_REVIEW)
    assert [one.key for one in asked(of)] == [f"review:{review_of(of, ReviewPoint.END).id}"]
    # What is not shared changes nothing of what was signed.
    point(of, "Between us", {HIM: False, THERAPIST: False})
    assert len(said_of(of)) == 3
    before = content_hash(sheet_of(of))
    probations(of)
    assert said_of(of) == {} and len(queries.sheets_of(review_of(of).id)) == 1
    assert len(asked(of, TaskKind.SIGN_REVIEW)) == 1 and len(asked(of)) == 2
    with pytest.raises(Stale):
        signed(of, OFFICER, content=before)
    signed(of, OFFICER, Signs.DISAGREES)
    assert [len(one.said) for one in queries.sheets_of(review_of(of).id)] == [3, 1]
    # A session that is put right is another sheet as well.
    of.is_seen(0, Happened.DID_NOT_COME, "It was another man")
    assert said_of(of) == {} and len(asked(of, TaskKind.SIGN_REVIEW)) == 1


def test_probation_reads_no_earlier_sheet_that_it_did_not_sign(app: Flask) -> None:
    of = due()
    arranged(of)
    held(of)
    first = point(of, "Shared for an hour")
    signed(of, HIM, Signs.DISAGREES)
    point(of, "Not shared any more", {THERAPIST: False}, instead=first)
    view = page.for_probation(review_of(of))
    assert view.sheets == () and "Shared for an hour" not in str(view)
    assert len(page.for_service(review_of(of)).sheets) == 1
    signed(of, HIM, Signs.DISAGREES)
    (his,) = [one for one in page.for_probation(review_of(of)).signs if one.party is HIM]
    assert his.words == f"{page.NOT_SIGNED}, in person"
    (inside,) = [one for one in page.for_service(review_of(of)).signs if one.party is HIM]
    assert "does not agree" in inside.words


def test_another_clinician_signs_where_the_one_who_held_it_left(app: Flask) -> None:
    of = due()
    arranged(of)
    held(of)
    lead, therapist_id = of.world.lead, of.man.therapist.id
    with pytest.raises(Refused, match="held it"):
        signed(of, THERAPIST, by=lead)
    with writing():
        db.session.get_one(Staff, therapist_id).disabled_at = clock.now()
    for party in (THERAPIST, HIM):
        with pytest.raises(Refused, match="Only a clinician"):
            signed(of, party, by=of.world.office)
    signed(of, THERAPIST, by=lead)
    (line,) = [one for one in page.for_probation(review_of(of)).signs if one.party is THERAPIST]
    assert line.signed and line.by == lead.name


def test_an_earlier_sheet_that_probation_signed_shows_no_point_that_was_taken_back(
    app: Flask,
) -> None:
    of = due()
    arranged(of)
    held(of)
    first, kept = point(of, "Shared for a day"), point(of, "Shared for good")
    probations(of)
    signed(of, OFFICER)
    newer = point(of, "Shared for a day", {HIM: False, THERAPIST: True}, instead=first)
    (earlier,) = page.for_probation(review_of(of)).sheets
    assert [one.words for one in earlier.view.lines] == [kept.words, "Thursdays are kept free"]
    (inside,) = page.for_service(review_of(of)).sheets
    assert len(inside.view.lines) == 3
    assert "Shared for a day" not in as_(app, of.world.officer).page(
        f"/cases/{of.case.ref}/reviews-told"
    )
    point(of, "Shared for a day", instead=newer)  # he says yes again
    assert said_of(of) == {OFFICER: Signs.SIGNED}  # the same words, which probation signed


def test_who_is_named_later_signs_and_a_unit_that_signs_in_nowhere_is_written_to(
    app: Flask,
) -> None:
    of = due()
    arranged(of)
    held(of)
    other = make_staff(Role.PROBATION, organisation=of.world.officer.organisation, name="Next")
    case_id, unit, office = of.case.id, of.world.officer.organisation_id, of.world.office.id
    seen = contacts_of(case_id)[0].id
    with writing():
        named = Named(unit_id=unit, staff_id=other.id)
        name_contact(case_id=case_id, said=named, seen=seen, by=office)
    (task,) = asked(of, TaskKind.SIGN_REVIEW)
    assert task.owner_staff_id == other.id


def test_of_a_unit_without_a_sign_in(app: Flask) -> None:
    of = due(supervised=False)
    case_id, unit, office = of.case.id, of.world.officer.organisation_id, of.world.office.id
    with writing():
        named = Named(unit_id=unit, name="Priya Nair", phone="020 7946 0001")
        name_contact(case_id=case_id, said=named, seen=0, by=office)
    arranged(of)
    held(of)
    mails = db.session.scalars(select(OutboxMessage.key).where(OutboxMessage.case_id == case_id))
    assert [key for key in mails if ":review:" in key]
    assert not asked(of, TaskKind.SIGN_REVIEW) and signing.records_for_officer(of.case)
    signed(of, OFFICER, by=of.man.therapist, way=Way.TELEPHONE)
    assert said_of(of) == {OFFICER: Signs.SIGNED}


def test_a_review_that_nobody_holds_any_more(app: Flask, set_clock: SetClock) -> None:
    of = due()
    set_clock.moment = NOON + timedelta(days=400)
    look()
    assert len(asked(of)) == 2 and all(one.due_at < clock.now() for one in asked(of))
    row = review_of(of)
    arranged(of)
    held(of, why_not=WhyNot.NO_LONGER)
    assert [one.key for one in asked(of)] == [f"review:{review_of(of, ReviewPoint.END).id}"]
    done = tasks.with_key(f"review:{row.id}", TaskState.DONE)
    assert done is not None and look() == 0
    assert queries.next_of_each([of.case.id])[of.case.id].point == "at the end"
