"""What leaves for probation, and what it is told: killed at each statement, and two at once."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.sessions import viewer_of
from mhtr.cases import consent_service
from mhtr.compliance import reading_service
from mhtr.compliance.attendance import Happened
from mhtr.compliance.reading_models import ReadingAnswer, ReadingChange
from mhtr.compliance.reading_rules import TWO, Proposed
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage
from mhtr.core.transaction import writing
from mhtr.orders import cover_service
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.probation import risk_service
from mhtr.probation.reports import by_time, service
from mhtr.probation.reports.files import FORMATS
from mhtr.probation.reports.making import report_of
from mhtr.probation.reports.queries import issue_words
from mhtr.probation.reports.release_kinds import To
from mhtr.probation.reports.service import Compiled
from mhtr.probation.risk_queries import told_of
from mhtr.probation.risk_rules import Basis, State
from sessions.availability import adjust_service
from sessions.availability.models import AgreedAdjustment
from tests.compliance.test_decisions import under_order
from tests.compliance.test_readings import OTHER, POINT, people, propose
from tests.counts import count
from tests.faults.every_statement import fail_at_each
from tests.faults.invariants import assert_sound
from tests.faults.test_races import at_once
from tests.orders.test_cover import colleague, plan
from tests.probation.reports.makers import released, releases, weekly
from tests.probation.reports.test_releases import mailbox
from tests.probation.test_risks import agrees, lead_of, said, told
from tests.sessions.availability.test_adjustments import Adjusted
from tests.sessions.seen import Treated, tell

Do = Callable[[], None]


def written(do: Callable[[], object]) -> Do:
    """In a transaction of its own."""

    def run() -> None:
        with writing():
            do()

    return run


def report_is_due(_: SetClock) -> Do:
    man = under_order()
    mailbox(man)
    weekly(man, To.UNIT, weekday=clock.today().weekday())

    def run() -> None:
        db.session.rollback()
        by_time.make_due(clock.now())

    return run


def issued_again(man: Treated) -> Do:
    officer = man.world.officer
    old = released(man)
    tell(man.place, man.therapist, Happened.TOO_LATE, seen=1, why="He was at the door")
    ids, by, ref = [man.case.id], officer.id, old.ref
    report = report_of(viewer_of(officer), ids, one=True, issue=issue_words(old))
    ready = Compiled(report, ids, True, "json", FORMATS["json"][1](report))
    return written(lambda: service.issue_again(replaces=ref, compiled=ready, why="x", by=by))


def report_is_issued_again(_: SetClock) -> Do:
    return issued_again(under_order())


def risk_is_told(_: SetClock) -> Do:
    man = under_order()
    wanted, case_id, by = said(lead_of(man)), man.case.id, man.therapist.id
    return written(lambda: risk_service.tell(case_id=case_id, said=wanted, by=by))


def waits_by_consent() -> Treated:
    man = under_order()
    agrees(man, ConsentDecision.GIVEN)
    wanted = said(lead_of(man))
    told(man, type(wanted)(wanted.words, True, Basis.CONSENT, wanted.told_him, not_told_why="x"))
    return man


def takes_consent_back(man: Treated) -> Do:
    case_id, by = man.case.id, man.therapist.id
    return written(
        lambda: consent_service.record_consent(
            case_id=case_id,
            item=ConsentItem.SHARING_MORE,
            decision=ConsentDecision.WITHDRAWN,
            how="telephone",
            at=clock.now(),
            by=by,
        )
    )


def consent_is_taken_back(_: SetClock) -> Do:
    return takes_consent_back(waits_by_consent())


def reading_is_signed(_: SetClock) -> Do:
    manager, senior = people()
    ref, by = propose(manager), senior.id
    return written(lambda: reading_service.sign(ref=ref, by=by))


def agreements_run_out(set_clock: SetClock) -> Do:
    known = Adjusted()
    known.time(days=1)
    known.place(days=1)
    known.how(days=1)
    set_clock.advance(days=2)
    return written(lambda: adjust_service.end_over(clock.now()))


def cover_begins(set_clock: SetClock) -> Do:
    man = under_order()
    plan(man, colleague(man), 2, 5, by=man.world.senior)
    set_clock.advance(days=3)
    return written(lambda: cover_service.pass_on_begun(clock.now()))


STEPS = (
    report_is_due,
    report_is_issued_again,
    risk_is_told,
    consent_is_taken_back,
    reading_is_signed,
    agreements_run_out,
    cover_begins,
)


@pytest.mark.parametrize("prepare", STEPS, ids=lambda step: step.__name__)
def test_a_failing_statement_leaves_nothing_behind(
    either_app: Flask, set_clock: SetClock, prepare: Callable[[SetClock], Do]
) -> None:
    step = prepare(set_clock)
    assert fail_at_each(step, stride=count(41, 1), sound=assert_sound) >= count(1, 8)


def test_of_two_schedulers_one_makes_a_report(either_app: Flask, set_clock: SetClock) -> None:
    do = report_is_due(set_clock)
    db.session.remove()
    assert at_once(either_app, [do, do, do]) == ["done"] * 3
    assert len(releases()) == 1
    mails = select(OutboxMessage).where(OutboxMessage.template == "reports.released")
    assert len(db.session.scalars(mails).all()) == 1
    assert_sound()


def test_of_two_who_issue_again_at_once_one_does(either_app: Flask) -> None:
    do = issued_again(under_order())
    db.session.remove()
    assert at_once(either_app, [do, do]) == [service.AGAIN, "done"]
    assert [row.number for row in releases()] == [1, 2]


def test_acknowledged_while_he_takes_his_consent_back(either_app: Flask) -> None:
    man = waits_by_consent()
    case_id, officer = man.case.id, man.world.officer.id
    ref = told_of(case_id)[0].row.ref
    does = [
        takes_consent_back(man),
        written(lambda: risk_service.acknowledge(case_id=case_id, ref=ref, by=officer)),
    ]
    db.session.remove()
    answers = at_once(either_app, does)
    (one,) = told_of(case_id)
    had = one.state is State.ACKNOWLEDGED
    assert len(one.steps) == 1 and one.is_read is had
    assert answers == (["done", "done"] if had else [risk_service.MEANWHILE, "done"])
    assert_sound()


def test_of_two_proposals_of_one_point_one_waits(either_app: Flask) -> None:
    wanted = Proposed(POINT, OTHER, clock.today(), "because", "counsel")

    def proposes(by: int) -> Do:
        return written(lambda: reading_service.propose(said=wanted, by=by))

    does = [proposes(one.id) for one in people()]
    db.session.remove()
    assert at_once(either_app, does) == [TWO, "done"]
    assert len(db.session.scalars(select(ReadingChange.id)).all()) == 1


def test_signed_while_it_is_taken_back_has_one_answer(either_app: Flask) -> None:
    manager, senior = people()
    ref, one, two = propose(manager), manager.id, senior.id
    does = [
        written(lambda: reading_service.sign(ref=ref, by=two)),
        written(lambda: reading_service.turn_down(ref=ref, why="No", by=one)),
    ]
    db.session.remove()
    assert at_once(either_app, does).count("done") == 1
    assert len(db.session.scalars(select(ReadingAnswer.id)).all()) == 1


def test_an_agreement_taken_back_while_it_runs_out_ends_once(
    either_app: Flask, set_clock: SetClock
) -> None:
    known = Adjusted()
    ref, case_id, by = known.how(days=1), known.case_id, known.office
    set_clock.advance(days=2)
    does = [
        written(lambda: adjust_service.end_over(clock.now())),
        written(lambda: adjust_service.end(case_id=case_id, ref=ref, by=by)),
    ]
    db.session.remove()
    assert at_once(either_app, does) in (["done"] * 2, [adjust_service.ENDED, "done"])
    (row,) = db.session.scalars(select(AgreedAdjustment)).all()
    assert row.ended_at is not None
    assert known.version() == 2  # seen otherwise, and put back once
    assert_sound()
