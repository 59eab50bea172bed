"""What he says of a missed session is recorded on either side, heard on the other, and weighed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mhtr.accounts.models import Staff
from mhtr.compliance import explained, explanation_service, misses
from mhtr.compliance.attendance import Happened as H
from mhtr.compliance.attendance import ReasonGiven
from mhtr.compliance.contact_rules import Way
from mhtr.compliance.deciding import SAME, Decision
from mhtr.compliance.decision_queries import decisions_on, waiting_of
from mhtr.compliance.explanation_models import AbsenceExplanation
from mhtr.compliance.explanation_queries import explanations_on, shown_of
from mhtr.compliance.explanation_service import NOBODY, NOT_MISSED, TAKEN_BACK, THEIRS
from mhtr.compliance.explanations import (
    TOLD_FIRST,
    BearsOut,
    Explanation,
    GivenBy,
    Paper,
    SeenBy,
    Shown,
    Side,
)
from mhtr.compliance.queries import latest
from mhtr.compliance.service import CLINICAL_ONLY
from mhtr.compliance.standing.facts import Opinion
from mhtr.compliance.standing.fold import State
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused, Stale
from mhtr.core.outbox import OutboxMessage
from mhtr.core.transaction import writing
from mhtr.jobs.table import run
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from tests.compliance.test_decisions import AGAINST, decide, stands, under_order
from tests.compliance.test_telling import DELIVER, by_name, text
from tests.compliance.test_telling import box as box
from tests.conftest import NOON
from tests.makers import make_staff
from tests.messages.servers import Box
from tests.sessions.seen import Treated, booked, tell, treated
from tests.suitability.journey import taken_on

ILL = Explanation(
    at=NOON - timedelta(hours=1),
    way=Way.TELEPHONE,
    given_by=GivenBy.HIMSELF,
    reason=ReasonGiven.ILLNESS,
    knew_readers=True,
)
NOTE = Shown(Paper.FIT_NOTE, SeenBy.CLINICIAN, BearsOut.YES, NOON.date(), NOON.date())


def says(man: Treated, said: Explanation = ILL, *, by: Staff | None = None) -> AbsenceExplanation:
    case_id, subject, staff = man.case.id, man.place.ref, (by or man.therapist).id
    with writing():
        return explanation_service.explain(case_id=case_id, subject=subject, said=said, by=staff)


def take_back(man: Treated, row: AbsenceExplanation, by: Staff) -> None:
    case_id, ref, staff = man.case.id, row.ref, by.id
    with writing():
        explanation_service.take_back(case_id=case_id, ref=ref, by=staff)


def notices(staff: Staff) -> list[str]:
    query = select(Notice.text).where(Notice.principal_id == staff.principal_id)
    return list(db.session.scalars(query.order_by(Notice.id)))


def test_it_is_kept_as_he_said_it(either_app: Flask) -> None:
    man = under_order()
    row = says(man, replace(ILL, for_probation=" Flu ", for_clinicians="A relapse", shown=NOTE))
    db.session.expire_all()
    assert (row.number, row.side, row.reason) == (1, Side.SERVICE, ReasonGiven.ILLNESS)
    assert (row.for_probation, row.for_clinicians) == ("Flu", "A relapse")
    assert shown_of(row) == NOTE
    assert says(man).number == 2


def test_before_he_knows_who_reads_it_nothing_is_recorded(either_app: Flask) -> None:
    man = under_order()
    with pytest.raises(CannotBe, match=TOLD_FIRST.split(",")[0]):
        says(man, replace(ILL, knew_readers=False))
    assert not explanations_on(man.place.ref)


def test_the_detail_is_recorded_by_clinicians_alone(either_app: Flask) -> None:
    man = under_order()
    said = replace(ILL, for_clinicians="A relapse")
    for staff in (man.world.office, man.world.officer):
        with pytest.raises(Refused, match=CLINICAL_ONLY):
            says(man, said, by=staff)
    assert not explanations_on(man.place.ref)


def test_only_those_who_work_with_him_record_it(app: Flask) -> None:
    man = under_order()
    for role in set(Role) - {
        Role.ASSESSOR, Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN, Role.ADMINISTRATOR,
        Role.PROBATION, Role.SENIOR_PROBATION,
    }:  # fmt: skip
        with pytest.raises(Refused, match=NOBODY):
            says(man, by=make_staff(role))


@pytest.mark.parametrize("happened", [H.SEEN, H.WE_CANCELLED, H.NOT_SEEN_BY_US, H.OTHERS_CANCELLED])
def test_he_explains_only_what_he_missed(either_app: Flask, happened: H) -> None:
    man = treated()
    tell(man.place, man.therapist, happened)
    with pytest.raises(Refused, match=NOT_MISSED):
        says(man)


def test_nobody_asks_him_about_a_voluntary_session(app: Flask) -> None:
    man = treated()
    place = booked(man.case, man.therapist, NOON - timedelta(days=1), required=False)
    tell(place, man.therapist, H.DID_NOT_COME)
    case_id, by, subject = man.case.id, man.therapist.id, place.ref
    with pytest.raises(Refused, match=NOT_MISSED), writing():
        explanation_service.explain(case_id=case_id, subject=subject, said=ILL, by=by)


def test_a_session_of_another_man_is_not_found(app: Flask) -> None:
    man = under_order()
    case_id = taken_on(man.therapist, "Another", "Man", None).id
    subject, by = man.place.ref, man.therapist.id
    with pytest.raises(NotFound), writing():
        explanation_service.explain(case_id=case_id, subject=subject, said=ILL, by=by)
    ref = says(man).ref
    with pytest.raises(NotFound), writing():
        explanation_service.take_back(case_id=case_id, ref=ref, by=by)


def test_who_has_spoken_with_him_need_not_be_reached_again(either_app: Flask) -> None:
    man = under_order()
    key = misses.key_of(TaskKind.CONTACT_HIM, latest(man.place.ref))  # type: ignore[arg-type]
    assert tasks.with_key(key) is not None
    says(man, by=man.world.officer)
    # That he spoke with his officer is not yet a clinician who knows how he is.
    assert tasks.with_key(key) is not None
    says(man)
    assert tasks.with_key(key) is None
    assert tasks.with_key(key, TaskState.DONE) is not None


def test_his_officer_hears_that_he_said_something_and_not_what(either_app: Flask) -> None:
    man = under_order()
    before = notices(man.world.officer)
    says(man, replace(ILL, for_probation="Flu", for_clinicians="A relapse"))
    assert notices(man.world.officer) == [*before, explained.TO_PROBATION]
    # What probation recorded itself is news to the clinician.
    says(man, by=man.world.officer)
    assert notices(man.world.officer) == [*before, explained.TO_PROBATION]
    assert notices(man.therapist)[-1] == explained.TO_SERVICE


def test_an_officer_without_an_account_hears_by_mail(box: Box) -> None:
    man = by_name(under_order())
    tell_mail = len(db.session.scalars(select(OutboxMessage)).all())
    says(man, replace(ILL, for_probation="Flu"))
    assert run(DELIVER) == tell_mail + 1
    said = text(box.taken[-1])
    assert f"/cases/{man.case.ref}/standing" in said
    never = ["Flu", "ill", "missed", "reason", "treatment", *man.case.person.name.split()]
    assert not [word for word in never if word in said.replace(",", " ").replace(".", " ").split()]


def test_taken_back_before_the_mail_left_nobody_hears_of_it(box: Box) -> None:
    man = by_name(under_order())
    row = says(man)
    take_back(man, row, man.therapist)
    run(DELIVER)
    assert not [mail for mail in box.taken if "About a session" in mail["Subject"]]


def test_without_a_mailbox_somebody_tells_probation(either_app: Flask) -> None:
    man = by_name(under_order(), unit=False)
    says(man)
    query = select(Task.title).where(Task.kind == TaskKind.TELL_PROBATION, Task.state == "open")
    assert explained.TITLE in db.session.scalars(query).all()


@pytest.mark.parametrize("shown", [Shown(), NOTE])
def test_what_he_says_later_opens_a_decision_against_him_again(
    either_app: Flask, shown: Shown, set_clock: SetClock
) -> None:
    man = under_order()
    decide(man, AGAINST)
    assert not waiting_of([man.case.id])
    set_clock.advance(days=30)
    says(man, replace(ILL, shown=shown))
    (waits,) = waiting_of([man.case.id])[man.case.id]
    assert waits.subject == man.place.ref
    # The decision stands until probation decides anew.
    assert stands(man).state is State.TO_ACT
    with pytest.raises(Stale):
        decide(man, Decision(Opinion.EXCUSED, why="A fit note"), seen=(1, 1))
    decide(man, Decision(Opinion.EXCUSED, why="A fit note"), seen=(1, 1, 1))
    assert not waiting_of([man.case.id]) and stands(man).state is State.IN_FORCE


def test_the_same_may_be_decided_again_of_what_he_said_since(either_app: Flask) -> None:
    man = under_order()
    decide(man, AGAINST)
    with pytest.raises(Refused, match=SAME):
        decide(man, AGAINST, seen=(1, 1))
    says(man)
    decide(man, AGAINST, seen=(1, 1, 1))
    assert [row.explanation for row in decisions_on(man.place.ref)] == [0, 1]
    assert not waiting_of([man.case.id])


def test_what_he_said_before_opens_nothing_again(either_app: Flask) -> None:
    man = under_order()
    says(man)
    decide(man, AGAINST, seen=(1, 0, 1))
    assert not waiting_of([man.case.id])


def test_an_absence_that_was_accepted_stays_accepted(either_app: Flask) -> None:
    man = under_order()
    decide(man, Decision(Opinion.EXCUSED))
    says(man)
    assert not waiting_of([man.case.id])


def test_taken_back_it_opens_nothing_and_stays_on_record(either_app: Flask) -> None:
    man = under_order()
    decide(man, AGAINST)
    row = says(man)
    with pytest.raises(Refused, match=THEIRS):
        take_back(man, row, man.world.officer)
    take_back(man, row, man.therapist)
    assert not waiting_of([man.case.id])
    with pytest.raises(Refused, match=TAKEN_BACK):
        take_back(man, row, man.therapist)
    (kept,) = explanations_on(man.place.ref)
    assert kept.taken_back_by == man.therapist.id and kept.reason is ReasonGiven.ILLNESS


def test_the_database_keeps_a_paper_and_who_saw_it_together(either_app: Flask) -> None:
    man = under_order()
    row = says(man)
    for change in ({"seen_by": SeenBy.CLINICIAN}, {"paper": Paper.FIT_NOTE}):
        with pytest.raises(IntegrityError), writing():
            one = db.session.get_one(AbsenceExplanation, row.id)
            for name, value in change.items():
                setattr(one, name, value)
    assert clock.now() == NOON
