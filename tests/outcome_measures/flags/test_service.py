"""Flags in the transaction of the score: raised once, ended on record, answered once."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from mhtr.core import audit, clock, policy
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.suitability.planned_sessions import proposed_sessions
from mhtr.tasks.models import Task, TaskKind, TaskState
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.flags import service as flag_service
from outcome_measures.flags.queries import state_of, states_of
from outcome_measures.flags.standing import flags
from outcome_measures.models import (
    FlagLook,
    MeasureAnswer,
    MeasureFlag,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.policy import LEAST_IMPROVEMENT_BY, WHEN
from outcome_measures.reading.lines import lines_of
from outcome_measures.reading.queries import contacts_of
from outcome_measures.recording import service
from tests.faults.test_races import at_once
from tests.outcome_measures.courses import (
    close,
    flags_of,
    live,
    look_again,
    make_contact,
    make_course,
    score_at,
    session_day,
)
from tests.outcome_measures.occasions import asked
from tests.suitability.journey import People, allocated, finished, taken_on


def respond(flag: MeasureFlag, by: int, words: str = "Talked about sleep and drink") -> None:
    with writing():
        flag_service.respond(flag_id=flag.id, response=words, in_supervision=True, by=by)


def test_a_score_raises_its_flag_in_the_same_transaction(either_app: Flask) -> None:
    people = allocated()
    contacts = make_course(people.case, people.assessor, [10, 16], [5, 5])
    (flag,) = flags_of(people.case.id)
    assert (flag.kind.value, flag.instrument) == ("worse", "phq9")
    assert flag.key.startswith(f"{people.case.id}:worse:phq9:")
    assert flag.occasion_id is not None
    assert flag.contact_id is None
    assert contacts[1].held_on.isoformat() in flag.key
    assert audit.verify().ok


def test_a_score_that_is_not_saved_raises_nothing(app: Flask) -> None:
    people = allocated()
    (first,) = make_course(people.case, people.assessor, [10], [5])
    second = make_contact(people.case, people.assessor, clock.today(), 2, closed=False)
    with pytest.raises(RuntimeError), writing():
        occasion = service.open_occasion(
            case_id=people.case.id, context="c", instrument="phq9", mode=first.mode,
            asked_on=second.held_on, by=people.assessor.id, point=second.point, session_number=2,
        )  # fmt: skip
        answers = {n: Answer(AnswerState.ANSWERED, 3) for n in range(1, 10)}
        service.submit(occasion, answers, version=occasion.version, by=people.assessor.id)
        assert db.session.scalar(select(func.count(MeasureFlag.id))) == 2
        raise RuntimeError
    assert live(people.case.id) == []


def test_working_it_out_again_changes_nothing(app: Flask) -> None:
    people = allocated()
    make_course(people.case, people.assessor, [10, 16], [5, 5], item_9=[1, 2])
    before = [(row.id, row.key, row.ended_at) for row in flags_of(people.case.id)]
    assert look_again(people.case.id) == 0
    assert [(row.id, row.key, row.ended_at) for row in flags_of(people.case.id)] == before


def test_correcting_an_answer_and_correcting_it_back_brings_back_the_same_flag_and_its_response(
    either_app: Flask,
) -> None:
    people = allocated()
    contacts = make_course(people.case, people.assessor, [10], [5])
    second = make_contact(people.case, people.assessor, clock.today(), 2, closed=False)
    score_at(second, "gad7", 5, by=people.assessor)
    occasion = score_at(second, "phq9", 16, by=people.assessor)
    (flag,) = flags_of(people.case.id)
    key = flag.key
    respond(flag, people.lead.id)

    def correct(value: int) -> None:
        with writing():
            db.session.refresh(occasion)
            service.correct(
                occasion, 1, Answer(AnswerState.ANSWERED, value), reason="Read wrongly",
                version=occasion.version, by=people.assessor.id,
            )  # fmt: skip

    correct(0)
    (ended,) = flags_of(people.case.id)
    assert ended.ended_at is not None
    assert ended.response == "Talked about sleep and drink"
    correct(3)
    (again,) = flags_of(people.case.id)
    assert (again.key, again.ended_at) == (key, None)
    assert again.response == "Talked about sleep and drink"
    assert contacts


def test_a_risk_flag_leaves_the_risk_review_alone(app: Flask) -> None:
    people = allocated()
    make_course(people.case, people.assessor, [10, 9], [5, 5], item_9=[1, 0])
    risk, *_ = flags_of(people.case.id)
    assert risk.kind.value == "risk" and risk.ended_at is not None
    respond(risk, people.lead.id)
    (task,) = db.session.scalars(select(Task).where(Task.kind == TaskKind.RISK_REVIEW))
    assert task.state is TaskState.OPEN


def test_a_response_needs_words_and_stands_once(app: Flask) -> None:
    people = allocated()
    make_course(people.case, people.assessor, [10, 16], [5, 5])
    (flag,) = flags_of(people.case.id)
    with pytest.raises(Refused):
        respond(flag, people.lead.id, "  ")
    respond(flag, people.lead.id, "Taken up on Friday")
    with pytest.raises(Stale):
        respond(flag, people.other_lead.id, "Something else")
    (kept,) = flags_of(people.case.id)
    assert (kept.response, kept.responded_by) == ("Taken up on Friday", people.lead.id)
    assert kept.responded_at == clock.now()
    assert kept.in_supervision is True


def test_two_who_respond_at_once_leave_one_response(either_app: Flask) -> None:
    people = allocated()
    make_course(people.case, people.assessor, [10, 16], [5, 5])
    flag_id = flags_of(people.case.id)[0].id
    leads = (people.lead.id, people.other_lead.id)
    db.session.remove()

    def answer(by: int) -> None:
        with writing():
            flag_service.respond(flag_id=flag_id, response=f"By {by}", in_supervision=False, by=by)

    assert at_once(either_app, [lambda by=by: answer(by) for by in leads]) == ["done", "stale"]  # type: ignore[misc]
    kept = db.session.get_one(MeasureFlag, flag_id)
    assert kept.response == f"By {kept.responded_by}"


def test_two_who_submit_at_once_raise_one_flag(either_app: Flask) -> None:
    people = allocated()
    make_course(people.case, people.assessor, [10, 16], [5, 5])
    case_id = people.case.id
    with writing():
        for row in flags_of(case_id):
            db.session.delete(row)
    db.session.remove()
    assert at_once(either_app, [lambda: _again(case_id)] * 2) == ["done", "done"]
    assert live(case_id) == [("worse", "phq9")]


def _again(case_id: int) -> None:
    look_again(case_id)


def test_a_session_left_without_a_score_is_flagged_once_its_day_is_past(
    either_app: Flask, set_clock: SetClock
) -> None:
    people = allocated()
    make_contact(people.case, people.assessor, clock.today(), 1, closed=False)
    assert _by_time() == 0
    set_clock.advance(days=1)
    assert _by_time() == 2
    assert live(people.case.id) == [("not_measured", "gad7"), ("not_measured", "phq9")]
    assert all(row.contact_id for row in flags_of(people.case.id))
    assert _by_time() == 0


def test_a_session_closed_without_a_score_is_flagged_at_once_and_no_form_to_come_is(
    app: Flask,
) -> None:
    people = allocated()
    contact = make_contact(people.case, people.assessor, session_day(1, 1), 1, closed=False)
    score_at(contact, "phq9", 12, by=people.assessor)
    assert flags_of(people.case.id) == []
    close(contact, people.assessor)
    assert live(people.case.id) == [("not_measured", "gad7")]


def _by_time() -> int:
    with writing():
        return flag_service.look_again_by_time(clock.now())


def test_a_policy_that_changed_is_followed_within_a_day(app: Flask, set_clock: SetClock) -> None:
    people = allocated()
    make_course(people.case, people.assessor, [15, 14, 13, 12], [5] * 4)
    assert live(people.case.id) == []
    with writing():
        policy.set_value(
            LEAST_IMPROVEMENT_BY.key,
            4,
            valid_from=clock.today(),
            reason="Agreed",
            by=people.lead.id,
        )
    changed = 0
    for _ in range(24):
        set_clock.advance(hours=1)
        changed += _by_time()
    assert changed == 1
    assert live(people.case.id) == [("no_reliable_change", None)]


def test_what_a_flag_says_follows_the_scores_until_somebody_responds(either_app: Flask) -> None:
    people = allocated()
    make_course(people.case, people.assessor, [10, 16], [5, 5])
    (flag,) = flags_of(people.case.id)
    first = said(flag)
    assert "from 10" in first and "to 16" in first
    third = make_contact(people.case, people.assessor, clock.today(), 3, closed=False)
    phq9 = score_at(third, "phq9", 17, by=people.assessor)
    (flag,) = flags_of(people.case.id)
    assert "to 17" in said(flag)
    respond(flag, people.lead.id)
    with writing():
        phq9 = db.session.get_one(MeasureOccasion, phq9.id)
        answered = MeasureAnswer.occasion_id == phq9.id
        item, value = db.session.execute(
            select(MeasureAnswer.item, MeasureAnswer.value).where(answered, MeasureAnswer.value > 0)
        ).first() or (0, 0)
        service.correct(
            phq9, item, Answer(AnswerState.ANSWERED, (value or 0) - 1), reason="Read wrongly",
            version=phq9.version, by=people.assessor.id,
        )  # fmt: skip
    (flag,) = flags_of(people.case.id)
    assert flag.ended_at is None
    assert "to 17" in said(flag), "a response stands beside what it answers"


def test_words_of_before_they_were_kept_come_with_the_next_look(
    app: Flask, set_clock: SetClock
) -> None:
    people = allocated()
    make_course(people.case, people.assessor, [10, 16], [5, 5])
    (flag,) = flags_of(people.case.id)
    before = said(flag)
    with writing():
        db.session.get_one(MeasureFlag, flag.id).said = None
    set_clock.advance(days=1)
    assert _by_time() == 0, "no flag was raised or ended"
    assert said(flags_of(people.case.id)[0]) == before


def said(flag: MeasureFlag) -> str:
    assert flag.said is not None and flag.said["rule"]
    return flag.said["reason"]


def _silent_sessions(people: People, men: int) -> list[int]:
    """Men with a session left without a score yesterday."""
    ids = []
    for number in range(men):
        case = taken_on(people.assessor, "Idris", f"Fofana{number}")
        make_contact(case, people.assessor, session_day(1, 1), 1, closed=False)
        ids.append(case.id)
    return ids


def test_more_cases_than_one_run_takes_are_all_reached(
    either_app: Flask, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flag_service, "AT_ONCE", 3)
    people = allocated()
    ids = _silent_sessions(people, 7)
    flagged = []
    for _ in range(3):
        set_clock.advance(hours=1)
        flagged.append(_by_time())
    assert flagged == [6, 6, 2]
    assert all(len(live(case_id)) == 2 for case_id in ids)
    assert _by_time() == 0
    with writing():
        # As if it had never been asked: what is agreed today says nothing of sessions gone by.
        db.session.add(
            policy.PolicySetting(
                key=WHEN["phq9"].key,
                value="never",
                valid_from=clock.today() - timedelta(days=30),
                reason="Agreed",
                set_by=people.lead.id,
                set_at=clock.now(),
            )
        )
    set_clock.advance(days=1)
    assert [_by_time() for _ in range(4)] == [3, 3, 1, 0]
    assert all(live(case_id) == [("not_measured", "gad7")] for case_id in ids)


def test_who_was_looked_at_longest_ago_is_first(
    app: Flask, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = allocated()
    first, second, third = _silent_sessions(people, 3)
    monkeypatch.setattr(flag_service, "AT_ONCE", 2)
    _by_time()
    assert live(third) == [] and live(first) and live(second)
    with writing():
        for row in flags_of(first):
            db.session.delete(row)
    set_clock.advance(days=1)
    _by_time()
    assert live(third) and live(first)  # the one never looked at, then by number
    looks = dict(db.session.execute(select(FlagLook.case_id, FlagLook.looked_at)).all())
    assert looks[second] < looks[first] == looks[third]


def test_a_flag_that_stands_is_followed_however_long_ago_his_last_session_was(
    app: Flask, set_clock: SetClock
) -> None:
    people = allocated()
    make_course(people.case, people.assessor, [15, 14, 13, 12, 12], [5] * 5)
    assert live(people.case.id) == [("no_reliable_change", None)]
    set_clock.advance(days=flag_service.ACTIVE_DAYS + 30)
    with writing():
        policy.set_value(
            LEAST_IMPROVEMENT_BY.key,
            20,
            valid_from=clock.today(),
            reason="Agreed",
            by=people.lead.id,
        )
    assert _by_time() == 1 and live(people.case.id) == []


def test_planned_sessions_are_those_the_assessment_proposes(app: Flask) -> None:
    people = allocated()
    assert proposed_sessions([people.case.id]) == {}
    assert states_of([people.case.id])[people.case.id].planned_sessions is None
    finished(people)
    assert proposed_sessions([people.case.id]) == {people.case.id: 12}
    make_course(people.case, people.assessor, [18] * 10, [5] * 10)
    assert ("above_cut_off", None) in live(people.case.id)


def test_one_mans_scores_raise_nothing_for_another(app: Flask) -> None:
    people = allocated()
    other = taken_on(people.assessor, "Idris", "Fofana")
    make_course(people.case, people.assessor, [10, 16], [5, 5])
    states = states_of([people.case.id, other.id])
    assert flags(states[other.id]) == ()
    assert len(flags(states[people.case.id])) == 1
    assert states_of([]) == {}


@pytest.fixture
def people(app: Flask) -> People:
    return allocated()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 27), st.integers(0, 21)), min_size=1, max_size=5))
def test_what_is_on_record_is_what_holds_and_no_response_ever_vanishes(
    people: People, scores: list[tuple[int, int]]
) -> None:
    case = taken_on(people.assessor, "Idris", "Fofana")
    answered: dict[int, str] = {}
    for number, (phq, gad) in enumerate(scores, 1):
        contact = make_contact(case, people.assessor, session_day(number, len(scores)), number)
        score_at(contact, "phq9", phq, item_9=min(phq, number % 3), by=people.assessor)
        score_at(contact, "gad7", gad, by=people.assessor)
        for row in flags_of(case.id):
            if row.responded_at is None and row.id % 2:
                answered[row.id] = f"Decided at session {number}"
                respond(row, people.lead.id, answered[row.id])
    holding = {f"{case.id}:{flag.key}": flag for flag in flags(states_of([case.id])[case.id])}
    rows = flags_of(case.id)
    assert {row.key for row in rows if row.ended_at is None} == holding.keys()
    for row in rows:
        if row.ended_at is None and row.responded_at is None:
            assert row.said is not None
            assert (row.said["rule"], row.said["reason"]) == (
                holding[row.key].rule,
                holding[row.key].reason,
            )
    assert {row.id: row.response for row in rows if row.response} == answered


def test_one_man_is_read_alike_from_his_page_and_from_a_list(either_app: Flask) -> None:
    people = allocated()
    make_course(people.case, people.assessor, [18, 15, 12], [8, 10, 13], item_9=[0, 1, 2])
    make_contact(people.case, people.assessor, clock.today(), 4, closed=False)
    asked(people.case, people.assessor, "phq9", clock.today(), 9, session=4, typed=True)
    asked(people.case, people.assessor, "gad7", clock.today(), None, session=4)
    asked(people.case, people.assessor, "core10", clock.today(), 9, state=OccasionState.OPEN)
    key = people.case.id
    assert state_of(key, lines_of(key), contacts_of(key)) == states_of([key])[key]
