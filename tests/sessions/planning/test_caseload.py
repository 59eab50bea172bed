"""From the database to numbers and back: nothing dropped, nothing that booking would refuse."""

import random
from dataclasses import replace
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Exclusion
from mhtr.core.clock import LONDON
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import Flag, FlagKind
from sessions.availability.kinds import CannotReason
from sessions.availability.limits_of_each import men_limits
from sessions.availability.limits_queries import man_limits
from sessions.availability.models import HowHeCanCome, PlaceBarred, TimeHeCannot
from sessions.booking.diary_of_many import diary_of_group, diary_of_many
from sessions.booking.diary_queries import diary
from sessions.booking.queries import booked_of
from sessions.courses.kinds import Priority
from sessions.planning import answering
from sessions.planning.ask_rules import WEIGHTS, Ask, weight_of
from sessions.planning.caseload import question
from sessions.planning.caseload_queries import read
from sessions.planning.checker import violations
from sessions.planning.exact import Answer
from sessions.planning.problem import Instance, Visit
from sessions.planning.proposal_words import quality_words
from tests.counts import count
from tests.sessions.booking.makers import (
    MONDAY,
    Clinic,
    assert_taken_is_what_is_booked,
    clinic,
    may_call,
    weekly,
)
from tests.sessions.planning.asking import parts_of, solve, worked_out
from tests.sessions.planning.test_proposals import WAITING, applied, away, waits

NAMES = ("Kwame", "Milo", "Tariq")
LAST = MONDAY + timedelta(weeks=12)


@pytest.fixture
def scene(app: Flask) -> Clinic:
    return clinic()


def apart(one: Case, other: Case, by: int) -> None:
    """The two must not meet."""
    ids = one.person_id, other.person_id
    with writing():
        db.session.add(
            Flag(
                person_id=ids[0],
                other_person_id=ids[1],
                kind=FlagKind.MUST_NOT_MEET,
                fact="Must not meet another man",
                owner_staff_id=by,
                review_on=LAST,
                made_by=by,
            )
        )


def limited(scene: Clinic) -> list[Case]:
    """Two men of whom much is on record."""
    other, _ = waits(scene)
    apart(scene.case, other, scene.by)
    may_call(other.id, scene.by)
    case_id, site_id, by = scene.case.id, scene.site.id, scene.by
    with writing():
        db.session.add_all(
            [
                PlaceBarred(case_id=other.id, site_id=site_id, reason="because", made_by=by),
                TimeHeCannot(
                    case_id=case_id,
                    weekday=0,
                    first_day=MONDAY,
                    starts=time(9),
                    ends=time(12),
                    reason=CannotReason.WORK,
                    made_by=by,
                ),
            ]
        )
    return [scene.case, other]


def test_limits_of_many_are_those_of_each(either_app: Flask) -> None:
    cases = limited(clinic())
    found = men_limits(cases, MONDAY, LAST)
    assert found == {case.id: man_limits(case, MONDAY, LAST) for case in cases}
    assert found[cases[0].id].must_not_meet == {cases[1].person_id}
    assert found[cases[1].id].barred_sites and found[cases[0].id].cannot


def test_the_diary_of_many_is_that_of_each(either_app: Flask) -> None:
    scene = clinic()
    weekly(scene, 3)
    cases = limited(scene)
    many = diary_of_many(scene.ada.organisation_id, cases, MONDAY, LAST)
    for case in cases:
        alone = diary(scene.ada.organisation_id, [case], MONDAY, LAST)
        assert many.diary.clinicians == alone.clinicians and many.diary.rooms == alone.rooms
        assert many.diary.meets[case.id] == alone.meets[case.id]
        assert all(many.diary.taken[lane] == spans for lane, spans in alone.taken.items())


def test_the_diary_of_a_group_is_what_binds_all_who_come(either_app: Flask) -> None:
    scene = clinic()
    weekly(scene, 3)
    cases = limited(scene)
    kept_from(cases[1], scene.ben)
    group = diary_of_group(scene.ada.organisation_id, cases, MONDAY, LAST)
    assert group == diary(scene.ada.organisation_id, cases, MONDAY, LAST)
    assert scene.ada.id in group.clinicians and scene.ben.id not in group.clinicians


def kept_from(case: Case, staff: Staff) -> None:
    """He must not see the record."""
    with writing():
        db.session.add(
            Exclusion(
                case_id=case.id,
                principal_id=staff.principal_id,
                because="excluded",
                starts_at=clock.now(),
            )
        )


def test_a_question_asks_the_database_no_more_for_more_men(scene: Clinic) -> None:
    counts = []
    for name in ("Kwame", "Milo", "Tariq"):
        waits(scene, name)
        counts.append(statements(scene, WAITING))
    assert counts[0] == counts[2], counts


def statements(scene: Clinic, ask: Ask) -> int:
    viewer = viewer_of(db.session.get_one(Staff, scene.by))
    found: list[str] = []

    def note(_c: object, _cursor: object, words: str, *_rest: object) -> None:
        found.append(words)

    db.session.expire_all()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        read(ask, viewer)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(found)


def test_people_who_must_not_meet_are_kept_apart_by_the_plan(scene: Clinic) -> None:
    """Thirty minutes before and after count too, which the numbers alone do not know."""
    others = [waits(scene, name)[0] for name in ("Kwame", "Milo", "Tariq")]
    for other in others:
        apart(scene.case, other, scene.by)
    for part in parts_of(worked_out(WAITING, scene.by)):
        assert applied(part, scene.by), "what is proposed can be booked"
    mine = [one.session for one in booked_of(scene.case.id)]
    margin = timedelta(minutes=30)
    assert mine
    for other in others:
        for one in booked_of(other.id):
            for own in mine:
                apart_enough = (
                    one.session.starts_at >= own.ends_at + margin
                    or one.session.ends_at <= own.starts_at - margin
                )
                assert apart_enough
    assert_taken_is_what_is_booked()


def test_what_the_numbers_allow_and_booking_does_not_is_not_proposed(scene: Clinic) -> None:
    """Two who must not meet, and who can come at times a quarter of an hour apart only."""
    other, _ = waits(scene, "Kwame", 6)
    apart(scene.case, other, scene.by)
    for case_id in (scene.case.id, other.id):
        only_mondays_early(case_id, scene.by)
    parts = parts_of(worked_out(WAITING, scene.by))
    assert len(parts) == 1
    assert applied(parts[0], scene.by)


def only_mondays_early(case_id: int, by: int) -> None:
    """From nine to a quarter past eleven, which is two sessions."""
    with writing():
        for weekday in range(5):
            db.session.add(
                TimeHeCannot(
                    case_id=case_id,
                    weekday=weekday,
                    first_day=MONDAY - timedelta(days=7),
                    starts=time(7) if weekday else time(11, 15),
                    ends=time(21),
                    reason=CannotReason.CARE,
                    made_by=by,
                )
            )


def test_times_stay_the_same_on_the_wall_when_the_clocks_change(scene: Clinic) -> None:
    found = read(WAITING, viewer_of(db.session.get_one(Staff, scene.by)))
    asked = question(found.asked)
    first, *_ = asked.instance.openings
    starts = [
        asked.starts(Visit(week, first.slot, first.clinician, first.place)) for week in (1, 20)
    ]
    local = [moment.astimezone(LONDON) for moment in starts if moment is not None]
    assert len({(one.hour, one.minute) for one in local}) == 1
    assert len({one.utcoffset() for one in local}) == 2, "winter and summer time"


def test_an_answer_that_breaks_a_rule_is_never_kept(scene: Clinic) -> None:
    found = read(WAITING, viewer_of(db.session.get_one(Staff, scene.by)))

    def wrong(instance: Instance, moves: bool, seconds: float) -> Answer:
        answer = solve(instance, moves, seconds)
        late = {
            key: (*visits[:-1], replace(visits[-1], week=visits[-1].week + 3))
            for key, visits in answer.plan.items()
        }
        return Answer(late, answer.cost, answer.bound, stopped=False)

    with pytest.raises(answering.Broken):
        answering.answered(found, False, 20, wrong)


def test_an_answer_that_was_cut_off_says_so(scene: Clinic) -> None:
    found = read(WAITING, viewer_of(db.session.get_one(Staff, scene.by)))

    def cut(instance: Instance, moves: bool, seconds: float) -> Answer:
        return replace(solve(instance, moves, seconds), bound=0, cut=True)

    proposed = answering.answered(found, False, 20, cut)
    assert proposed is not None and proposed.stored()["cut"] is True
    words = quality_words(204, 0, cut=True)
    assert "The time was over before the planner was done" in words and "than 0" not in words


def test_priority_goes_before_the_order_and_the_order_before_nothing() -> None:
    weights = [weight_of(priority, slack) for priority in Priority for slack in (10, 3)]
    assert weights == sorted(weights) and len(set(weights)) == len(weights)
    assert weight_of(Priority.ROUTINE, None) == WEIGHTS[Priority.ROUTINE]


@pytest.mark.parametrize("seed", range(count(3, 6)))
def test_whatever_is_proposed_passes_the_checker_and_can_be_booked(
    scene: Clinic, seed: int
) -> None:
    """Men of whom much or little is on record, by chance; then an absence, by chance."""
    chance = random.Random(seed)
    men = [scene.case, *(waits(scene, name, chance.randint(1, 5))[0] for name in NAMES)]
    for case in men:
        hinder(chance, scene, case)
    if chance.random() < 0.5:
        apart(men[0], men[-1], scene.by)
    first = MONDAY + timedelta(days=chance.randint(0, 10))
    for ask in (WAITING, away(scene, first, chance.randint(1, 14))):
        asked = question(read(ask, viewer_of(db.session.get_one(Staff, scene.by))).asked)
        if asked.asked.men:
            answer = solve(asked.instance, ask.moves, 20)
            assert violations(asked.instance, answer.plan) == ()
        proposal = worked_out(ask, scene.by)
        assert (proposal.cost or 0) >= (proposal.bound or 0)
        for part in parts_of(proposal):
            assert applied(part, scene.by)
        assert_taken_is_what_is_booked()


def hinder(chance: random.Random, scene: Clinic, case: Case) -> None:
    """Times he cannot come, how he can come, or nothing."""
    case_id, by = case.id, scene.by
    with writing():
        for weekday in chance.sample(range(5), chance.randint(0, 3)):
            begins = chance.randint(8, 14)
            db.session.add(
                TimeHeCannot(
                    case_id=case_id,
                    weekday=weekday,
                    first_day=MONDAY - timedelta(days=7),
                    starts=time(begins),
                    ends=time(begins + chance.randint(1, 6)),
                    reason=CannotReason.CARE,
                    made_by=by,
                )
            )
        if chance.random() < 0.4:
            how = HowHeCanCome(case_id=case_id, in_person=chance.random() < 0.5, by_id=by)
            how.video, how.step_free = True, chance.random() < 0.5
            db.session.add(how)
