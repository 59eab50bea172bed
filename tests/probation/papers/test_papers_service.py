"""Papers of a referral are made of facts, kept as made, issued again, and sent."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from mhtr.compliance import enforcement_service
from mhtr.compliance.attendance import Happened, ReasonGiven
from mhtr.compliance.contact_rules import Way
from mhtr.compliance.enforcing import StepKind
from mhtr.compliance.explanation_service import explain
from mhtr.compliance.explanations import BearsOut, Explanation, GivenBy, Paper, SeenBy, Shown
from mhtr.core import clock, policy
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused, Stale
from mhtr.core.transaction import writing
from mhtr.probation.papers import service
from mhtr.probation.papers.content import How, differences
from mhtr.probation.papers.countdown import CountsFrom, Stage
from mhtr.probation.papers.making import papers_of
from mhtr.probation.papers.models import PapersSent, ReferralPapers
from mhtr.probation.papers.queries import referrals_of, versions_of
from mhtr.tasks.models import Task, TaskKind, TaskState
from sessions.booking.models import BookingState
from sessions.therapies import Side
from tests.compliance.test_decisions import AGAINST, decide
from tests.compliance.test_enforcement import did, failed, warn
from tests.makers import make_staff
from tests.orders.makers import community, order_of
from tests.probation.papers.makers import compiled, made, put_right, referred, sent
from tests.probation.test_keyed import close
from tests.sessions.seen import Treated, booked, tell, treated


def stage(man: Treated) -> Stage:
    (one,) = referrals_of([man.case.id])[man.case.id]
    return one.papers.stage


def task(man: Treated) -> Task:
    query = select(Task).where(Task.case_id == man.case.id, Task.kind == TaskKind.SEND_PAPERS)
    db.session.rollback()
    return db.session.scalars(query).one()


def test_a_referral_is_the_officers_task_until_its_papers_are_sent(either_app: Flask) -> None:
    man, step = referred()
    found = task(man)
    assert (found.owner_staff_id, found.state) == (man.world.officer.id, TaskState.OPEN)
    assert clock.today() == date(2026, 11, 18)
    assert found.due_at.astimezone(clock.LONDON).date() == date(2026, 12, 2)
    made(man, step)
    assert task(man).state is TaskState.OPEN and stage(man) is Stage.TO_SEND
    row = sent(man, step)
    assert task(man).state is TaskState.DONE and stage(man) is Stage.SENT
    case_id, ref, sent_ref, by = man.case.id, step.ref, row.ref, man.world.officer.id
    with writing():
        service.take_back_sent(case_id=case_id, step_ref=ref, sent_ref=sent_ref, by=by)
    assert task(man).state is TaskState.OPEN and stage(man) is Stage.TO_SEND
    with pytest.raises(Refused, match=service.GONE), writing():
        service.take_back_sent(case_id=case_id, step_ref=ref, sent_ref=sent_ref, by=by)


def test_a_referral_that_is_taken_back_waits_for_nothing(either_app: Flask) -> None:
    man, step = referred()
    case_id, ref, by = man.case.id, step.ref, man.world.officer.id
    with writing():
        enforcement_service.take_back_step(case_id=case_id, ref=ref, by=by)
    assert task(man).state is TaskState.WITHDRAWN and stage(man) is Stage.NOT_NEEDED
    with pytest.raises(Refused, match=service.TAKEN_BACK):
        made(man, step)


def test_a_matter_that_came_to_its_end_waits_for_nothing(either_app: Flask) -> None:
    man, _ = referred()
    outcome = did(man, StepKind.NOT_PURSUED)
    assert task(man).state is TaskState.WITHDRAWN and stage(man) is Stage.NOT_NEEDED
    case_id, ref, by = man.case.id, outcome.ref, man.world.officer.id
    with writing():
        enforcement_service.take_back_step(case_id=case_id, ref=ref, by=by)
    assert task(man).state is TaskState.OPEN and stage(man) is Stage.TO_SEND


def test_it_becomes_late_by_itself(app: Flask, set_clock: SetClock) -> None:
    man, _ = referred()
    set_clock.moment += timedelta(days=9)
    assert stage(man) is Stage.SOON
    set_clock.moment += timedelta(days=6)
    assert stage(man) is Stage.LATE


def test_the_reading_is_that_of_the_day_of_the_referral(app: Flask, set_clock: SetClock) -> None:
    man, _ = referred()
    set_clock.moment += timedelta(days=1)
    by = man.world.office.id
    with writing():
        policy.set_value(
            "probation.papers_count_from",
            CountsFrom.SAME_DAY.value,
            valid_from=clock.today(),
            reason="as agreed",
            by=by,
        )
    (one,) = referrals_of([man.case.id])[man.case.id]
    assert one.papers.due_on == date(2026, 12, 2)


def test_each_version_is_kept_and_issued_again_for_a_reason(either_app: Flask) -> None:
    man, step = referred()
    first = made(man, step)
    assert (first.number, first.why, len(first.content_hash)) == (1, None, 64)
    with pytest.raises(Refused, match="Version 1 says the same"):
        made(man, step, why="once more")
    put_right(man)
    with pytest.raises(CannotBe, match=service.WHY):
        made(man, step)
    second = made(man, step, why="The record was put right")
    assert second.number == 2
    newest, oldest = versions_of(step.id)
    assert newest.content is not None and oldest.content is not None
    assert newest.content != oldest.content
    assert "Did not come" in oldest.content.statement[0].happened


def test_what_changed_since_a_version_is_named(app: Flask, set_clock: SetClock) -> None:
    man, step = referred()
    row = made(man, step)
    before = versions_of(step.id)[0].content
    assert before is not None
    today = row.created_at.date()
    assert not differences(before, papers_of(man.case, step), today)
    warn(man)
    (one, exhibit) = differences(before, papers_of(man.case, step), today)
    assert (one.how, one.later) == (How.ADDED, False) and "Warning" in one.words
    assert exhibit.words.startswith("Exhibit: Warning of")
    set_clock.moment += timedelta(days=3)
    did(man, StepKind.LAID)
    later = differences(before, papers_of(man.case, step), today)[1]
    assert later.later and "information" in later.words


def test_the_database_changes_and_deletes_no_version(either_app: Flask) -> None:
    man, step = referred()
    made(man, step)
    for statement in (update(ReferralPapers).values(content_hash="x"), delete(ReferralPapers)):
        with pytest.raises(DBAPIError, match="append_only"), writing():
            db.session.execute(statement)
        db.session.rollback()


def test_nobody_of_the_service_makes_or_sends_them(either_app: Flask) -> None:
    man, step = referred()
    for staff in (man.therapist, man.world.lead, man.world.office):
        with pytest.raises(Refused, match=service.PROBATION_ONLY):
            made(man, step, by=staff)
    made(man, step)
    for staff in (man.therapist, man.world.lead, man.world.office):
        with pytest.raises(Refused, match=service.PROBATION_ONLY):
            sent(man, step, by=staff)


def test_an_officer_who_does_not_supervise_him_makes_none(either_app: Flask) -> None:
    man, step = referred()
    other = make_staff(Role.PROBATION, organisation=man.world.officer.organisation)
    with pytest.raises(NotFound):
        made(man, step, by=other)


def test_a_referral_of_another_man_is_not_found(app: Flask) -> None:
    man, _ = referred()
    confirmed = did(man, StepKind.CONFIRMED)
    with pytest.raises(NotFound):
        service_make_of(man, confirmed.ref)


def service_make_of(man: Treated, ref: object) -> None:
    (one,) = referrals_of([man.case.id])[man.case.id]
    step = db.session.get_one(type(did(man, StepKind.CONFIRMED)), one.step_id)
    ready, case_id, by = compiled(man, step), man.case.id, man.world.officer.id
    with writing():
        service.make(
            case_id=case_id,
            step_ref=ref,  # type: ignore[arg-type]
            compiled=ready,
            seen=0,
            why="",
            by=by,
        )


def test_of_two_who_issue_at_once_the_second_reads_first(either_app: Flask) -> None:
    man, step = referred()
    ready = compiled(man, step)
    made(man, step, ready=ready)
    with pytest.raises(Stale):
        made(man, step, ready=ready, seen=0)
    assert db.session.scalars(select(func.count(ReferralPapers.id))).one() == 1


def test_facts_that_change_meanwhile_are_looked_at_again(either_app: Flask) -> None:
    man, step = referred()
    ready = compiled(man, step)
    put_right(man)
    with pytest.raises(Refused, match="facts changed"):
        made(man, step, ready=ready)
    assert not versions_of(step.id)


def test_a_sending_has_a_day_a_version_and_a_name(either_app: Flask) -> None:
    man, step = referred()
    made(man, step)
    case_id, ref, by, today = man.case.id, step.ref, man.world.officer.id, clock.today()
    for on, to, field in (
        (today + timedelta(days=1), "Them", "on"),
        (today - timedelta(days=1), "Them", "on"),
        (today, " ", "to"),
    ):
        with pytest.raises(CannotBe) as wrong, writing():
            service.send(case_id=case_id, step_ref=ref, number=1, on=on, to=to, by=by)
        assert [name for name, _ in wrong.value.problems] == [field]
    with pytest.raises(NotFound), writing():
        service.send(case_id=case_id, step_ref=ref, number=2, on=today, to="Them", by=by)
    sent(man, step)
    with pytest.raises(Refused, match=service.SENT):
        sent(man, step)
    assert db.session.scalars(select(func.count(PapersSent.id))).one() == 1


def test_they_say_all_that_is_on_record_and_nothing_clinical(app: Flask) -> None:
    man = treated()
    order_of(man.world, community())
    tell(
        man.place, man.therapist, Happened.DID_NOT_COME,
        reason=ReasonGiven.ILLNESS, reason_detail="panic attacks", concern="low in mood",
    )  # fmt: skip
    shown = Shown(Paper.FIT_NOTE, SeenBy.CLINICIAN, BearsOut.YES, clock.today(), clock.today())
    said = Explanation(
        clock.now(), Way.TELEPHONE, GivenBy.HIMSELF, ReasonGiven.ILLNESS, True,
        for_probation="I was ill", for_clinicians="intrusive memories", shown=shown,
    )  # fmt: skip
    case_id, ref, by = man.case.id, man.place.ref, man.therapist.id
    with writing():
        explain(case_id=case_id, subject=ref, said=said, by=by)
    decide(man, AGAINST_UNPROVEN, seen=(1, 0, 1))
    step = did(man, StepKind.REFERRED, named=True)
    papers = papers_of(man.case, step)
    everything = str(papers)
    for words in (
        "did not come", "By telephone", "Nobody recorded that he was told of it",
        "Kind of reason: ill.", "I was ill", "A fit note. It shows what he says",
        "A clinician has seen it; it is not passed on", "Why it counts although",
        "He sends nothing", "referred to an enforcement officer",
    ):  # fmt: skip
        assert words in everything, words
    for secret in ("panic", "mood", "memories"):
        assert secret not in everything
    assert [one.by for one in papers.statement] == [man.therapist.name]
    numbers = papers.numbers()
    assert set(numbers.values()) == set(range(1, len(papers.exhibits) + 1))


AGAINST_UNPROVEN = type(AGAINST)(
    AGAINST.opinion, why="He sends nothing", notice_why="He said that he knew"
)


def test_voluntary_sessions_and_those_outside_the_requirement_are_no_part_of_them(
    app: Flask, set_clock: SetClock
) -> None:
    man, step = referred()
    before = len(papers_of(man.case, step).statement)
    extra = booked(man.case, man.therapist, clock.now() + timedelta(days=2), required=False)
    set_clock.moment += timedelta(days=2, hours=2)
    tell(extra, man.therapist, Happened.DID_NOT_COME)
    assert len(papers_of(man.case, step).statement) == before == 1
    held = booked(man.case, man.therapist, clock.now() + timedelta(days=1))
    set_clock.moment += timedelta(days=1, hours=2)
    tell(held, man.therapist, Happened.WE_CANCELLED)
    found = papers_of(man.case, step)
    assert [one.happened for one in found.statement][1:] == ["We cancelled or could not hold it"]


def test_a_referral_without_an_officer_is_whoever_recorded_it(app: Flask) -> None:
    man = failed()
    senior = make_staff(Role.SENIOR_PROBATION, organisation=man.world.officer.organisation)
    did(man, StepKind.REFERRED, named=True, by=senior)
    assert task(man).owner_staff_id == man.world.officer.id


@pytest.mark.parametrize("state", [BookingState.CANCELLED, BookingState.MOVED])
@pytest.mark.parametrize(
    ("side", "words"),
    [
        (Side.SERVICE, "We cancelled or could not hold it"),
        (Side.PROBATION, "Probation or a court needed him elsewhere"),
        (Side.HIM, None),
    ],
)
def test_what_was_called_off_and_not_by_him_is_in_them(
    either_app: Flask, set_clock: SetClock, state: BookingState, side: Side, words: str | None
) -> None:
    man, step = referred()
    place = booked(man.case, man.therapist, clock.now() + timedelta(days=1))
    close(place, state, side)
    assert len(papers_of(man.case, step).statement) == 1
    set_clock.advance(days=2)
    found = papers_of(man.case, step)
    stated = [one for one in found.statement if str(place.ref) in one.key]
    assert [one.happened for one in stated] == ([words] if words else [])
    entries = [one for one in found.chronology if str(place.ref) in one.key]
    assert [one.what.partition(": ")[2] for one in entries] == (
        [words[0].lower() + words[1:]] if words else []
    )
    for one in stated:
        assert (one.by, one.where) == (man.therapist.name, "By telephone")
    for entry in entries:
        moved = state is BookingState.MOVED
        assert ("It was moved to another time." in entry.lines) is moved
        assert "Called off on 18 November 2026" in entry.lines[1]


def test_what_was_called_off_stands_once_and_only_inside_the_requirement(
    app: Flask, set_clock: SetClock
) -> None:
    man, step = referred()
    recorded, outside, elsewhere = (
        booked(man.case, man.therapist, clock.now() + timedelta(days=days)) for days in (1, 1000, 2)
    )
    extra = booked(man.case, man.therapist, clock.now() + timedelta(days=3), required=False)
    for place in (outside, extra):
        close(place, BookingState.CANCELLED, Side.SERVICE)
    close(elsewhere, BookingState.MOVED, Side.SERVICE)
    again = booked(man.case, man.therapist, clock.now() + timedelta(days=2))
    with writing():
        db.session.merge(again).supersedes_id = elsewhere.id
    set_clock.advance(days=1, hours=2)
    tell(recorded, man.therapist, Happened.WE_CANCELLED)
    close(recorded, BookingState.CANCELLED, Side.SERVICE)
    set_clock.advance(days=1000)
    said = [one.happened for one in papers_of(man.case, step).statement]
    assert said == ["Did not come", "We cancelled or could not hold it"]
