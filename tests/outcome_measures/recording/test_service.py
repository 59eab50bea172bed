"""Measures: kept half-finished, submitted, corrected; no sign of risk is saved without a task."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core import clock
from mhtr.core.access import Exclusion, Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import writing
from mhtr.messages import delivery, kinds
from mhtr.messages.mail import Mail
from mhtr.messages.service import put
from mhtr.overview.answers import answers_of
from mhtr.tasks import service as tasks
from mhtr.tasks.models import DutyShift, Leave, Notice, Task, TaskKind, TaskState
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.models import (
    MeasureAnswer,
    MeasureMode,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.reading import queries
from outcome_measures.recording import service
from outcome_measures.scores.scoring import InvalidResponses
from tests.faults.every_statement import fail_at_each
from tests.faults.invariants import assert_sound
from tests.makers import make_staff
from tests.suitability.journey import People, allocated

DECLINED, SKIPPED = Answer(AnswerState.DECLINED), Answer(AnswerState.SKIPPED)


def said(value: int) -> Answer:
    return Answer(AnswerState.ANSWERED, value)


def phq(item_9: Answer | None, others: int = 1) -> dict[int, Answer]:
    answers = {number: said(others) for number in range(1, 9)}
    return answers | ({9: item_9} if item_9 is not None else {})


@pytest.fixture
def people(app: Flask) -> People:
    return allocated()


def opened(people: People, instrument: str = "phq9") -> MeasureOccasion:
    with writing():
        return service.open_occasion(
            case_id=people.case.id,
            context="test:1",
            instrument=instrument,
            mode=MeasureMode.VIDEO,
            asked_on=date(2026, 11, 18),
            by=people.assessor.id,
        )


def submit(people: People, occasion: MeasureOccasion, answers: dict[int, Answer]) -> None:
    with writing():
        db.session.refresh(occasion)
        service.submit(occasion, answers, version=occasion.version, by=people.assessor.id)


def save(people: People, occasion: MeasureOccasion, answers: dict[int, Answer]) -> None:
    with writing():
        db.session.refresh(occasion)
        service.save_answers(occasion, answers, version=occasion.version, by=people.assessor.id)


def risk_tasks() -> list[Task]:
    query = select(Task).where(Task.kind == TaskKind.RISK_REVIEW).order_by(Task.id)
    return list(db.session.scalars(query))


def test_a_half_finished_form_is_kept_and_blanks_stay_not_reached(people: People) -> None:
    occasion = opened(people)
    save(people, occasion, {1: said(2), 2: DECLINED})
    states = {row.item: row.state for row in occasion.answers}
    assert states[1] is AnswerState.ANSWERED
    assert states[2] is AnswerState.DECLINED
    assert states[9] is AnswerState.NOT_REACHED
    assert occasion.state is OccasionState.OPEN
    assert risk_tasks() == []


def test_a_repeat_opens_no_second_occasion(people: People) -> None:
    assert opened(people).id == opened(people).id


@pytest.mark.parametrize("others", [0, 3])
@pytest.mark.parametrize("item_9", [said(1), said(2), said(3), DECLINED, SKIPPED, None])
def test_item_9_opens_a_task_with_a_named_owner(
    people: People, item_9: Answer | None, others: int
) -> None:
    occasion = opened(people)
    submit(people, occasion, phq(item_9, others))
    (task,) = risk_tasks()
    assert task.owner_staff_id == people.assessor.id
    assert task.owner_principal_id == people.assessor.principal_id
    assert task.due_at == clock.now() + timedelta(hours=1)
    assert task.case_id == people.case.id
    assert "Ekwueme" not in task.title


def test_item_9_has_its_owner_while_no_mail_leaves(
    app: Flask, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["MAIL"] = "smtp://127.0.0.1:9"  # nobody listens there

    def compose(row: OutboxMessage) -> Mail:
        return Mail(row.payload["to"], "Something is recorded", "Read it.", row.key)

    monkeypatch.setitem(kinds.KINDS, "x", kinds.MessageKind("x", compose, lambda row: None))
    to = {"to": "duty@unit.example"}
    with writing():
        put(key="x", channel=kinds.STAFF_EMAIL, template="x", payload=to, case_id=None, by=None)
    delivery.deliver(clock.now())
    db.session.rollback()
    assert db.session.scalars(select(OutboxMessage.state)).all() == [OutboxState.WAITING]
    submit(people, opened(people), phq(said(1)))
    (task,) = risk_tasks()
    assert (task.state, task.owner_staff_id) == (TaskState.OPEN, people.assessor.id)


def test_zero_on_item_9_opens_none(people: People) -> None:
    submit(people, opened(people), phq(said(0), 3))
    assert risk_tasks() == []


def test_a_draft_with_item_9_opens_it_at_once_and_submitting_opens_no_second(
    people: People,
) -> None:
    occasion = opened(people)
    save(people, occasion, {9: said(1)})
    assert len(risk_tasks()) == 1
    save(people, occasion, {9: said(0)})
    submit(people, occasion, phq(said(2)))
    assert [task.state for task in risk_tasks()] == [TaskState.OPEN]


def test_the_question_on_difficulty_belongs_to_a_total_above_zero(people: People) -> None:
    occasion = opened(people)
    submit(people, occasion, phq(said(0), 0) | {10: said(3)})
    last = next(row for row in occasion.answers if row.item == 10)
    assert (last.state, last.value) == (AnswerState.NOT_APPLICABLE, None)


def test_what_is_no_option_is_refused_and_nothing_saved(people: People) -> None:
    occasion = opened(people)
    with pytest.raises(InvalidResponses) as refusal:
        save(people, occasion, {1: said(7)})
    assert set(refusal.value.problems) == {1}
    assert db.session.scalars(select(MeasureAnswer.id)).all() == []


def test_two_tabs_the_second_is_refused(people: People) -> None:
    occasion = opened(people)
    with writing():
        service.save_answers(occasion, {1: said(1)}, version=1, by=people.assessor.id)
    with pytest.raises(Stale), writing():
        service.save_answers(occasion, {1: said(3)}, version=1, by=people.assessor.id)
    assert queries.taken(occasion).answers[0].value == 1


def correct(people: People, occasion: MeasureOccasion, item: int, answer: Answer) -> None:
    with writing():
        db.session.refresh(occasion)
        service.correct(
            occasion,
            item,
            answer,
            reason="Misheard",
            version=occasion.version,
            by=people.assessor.id,
        )


def test_a_correction_keeps_the_old_answer_and_closes_no_review(people: People) -> None:
    occasion = opened(people)
    submit(people, occasion, phq(said(2)))
    correct(people, occasion, 9, said(0))
    (made,) = queries.taken(occasion).corrections
    assert (made.item, made.before, made.by) == (9, "More than half the days", "Tomasz Whitfield")
    assert [task.state for task in risk_tasks()] == [TaskState.OPEN]


def test_the_owner_of_an_open_review_hears_of_another_answer(people: People) -> None:
    duty = make_staff(Role.DUTY_CLINICIAN, organisation=people.assessor.organisation)
    occasion = opened(people)
    submit(people, occasion, phq(said(1)))
    correct(people, occasion, 9, said(2))
    assert told(people.assessor) == [], "he typed it himself"
    with writing():
        tasks.hand_over(
            risk_tasks()[0],
            to_principal_id=duty.principal_id,
            to_staff_id=duty.id,
            by=people.assessor.id,
        )
    correct(people, occasion, 1, said(0))
    assert told(duty) == []
    correct(people, occasion, 9, said(3))
    assert told(duty) == ["An answer behind a sign of risk that you look after has changed."]


def test_a_lower_answer_before_submitting_is_told_and_hides_nothing(people: People) -> None:
    """The worst answer comes first and is taken back: the review still shows it."""
    duty = make_staff(Role.DUTY_CLINICIAN, organisation=people.assessor.organisation)
    occasion = opened(people)
    save(people, occasion, phq(said(3)))
    (review,) = risk_tasks()
    with writing():
        tasks.hand_over(
            review, to_principal_id=duty.principal_id, to_staff_id=duty.id, by=people.assessor.id
        )
    submit(people, occasion, phq(said(0)))
    assert told(duty) == ["An answer behind a sign of risk that you look after has changed."]
    shown = answers_of(viewer_of(people.assessor), [review.key])[review.key]
    assert shown.now.words == "Not at all"
    assert [(one.words, one.by) for one in shown.changed] == [
        ("Nearly every day", "Tomasz Whitfield")
    ]
    assert "first answered: Nearly every day" in shown.lines[0]
    assert [task.state for task in risk_tasks()] == [TaskState.OPEN]


def told(staff: Staff) -> list[str]:
    query = select(Notice.text).where(
        Notice.principal_id == staff.principal_id, Notice.key.startswith("answer:")
    )
    return list(db.session.scalars(query))


def test_a_correction_after_the_review_closed_opens_another(people: People) -> None:
    occasion = opened(people)
    submit(people, occasion, phq(said(1)))
    with writing():
        tasks.finish(risk_tasks()[0], by=people.assessor.id, outcome="Spoke", plan="Plan")
    correct(people, occasion, 1, said(0))
    assert len(risk_tasks()) == 1
    correct(people, occasion, 9, said(3))
    assert [task.state for task in risk_tasks()] == [TaskState.DONE, TaskState.OPEN]


def test_a_submitted_measure_is_not_filled_in_again_and_corrections_need_a_reason(
    people: People,
) -> None:
    occasion = opened(people)
    submit(people, occasion, phq(said(0)))
    with pytest.raises(Refused):
        save(people, occasion, phq(said(0)))
    with pytest.raises(Refused, match="why"), writing():
        service.correct(
            occasion, 1, said(0), reason=" ", version=occasion.version, by=people.assessor.id
        )


def _shift(staff: Staff) -> DutyShift:
    return DutyShift(
        organisation_id=staff.organisation_id,
        day=clock.today(),
        staff_id=staff.id,
        made_by=staff.id,
    )


def test_the_owner_follows_leave_rota_and_hours(people: People, set_clock: SetClock) -> None:
    duty = make_staff(Role.DUTY_CLINICIAN, organisation=people.assessor.organisation)
    today = clock.today()
    with writing():
        db.session.add(Leave(staff_id=people.assessor.id, first_day=today, last_day=today))
        db.session.add(_shift(duty))
    submit(people, opened(people), phq(said(1)))
    assert risk_tasks()[0].owner_staff_id == duty.id


def test_never_to_somebody_shut_out_and_open_to_its_owner(people: People) -> None:
    home = people.assessor.organisation
    shut_out, duty = (make_staff(Role.DUTY_CLINICIAN, organisation=home) for _ in range(2))
    today = clock.today()
    with writing():
        db.session.get_one(Case, people.case.id).restricted = True
        db.session.add(Leave(staff_id=people.assessor.id, first_day=today, last_day=today))
        for one in (shut_out, duty):
            db.session.add(_shift(one))
        db.session.add(
            Exclusion(
                case_id=people.case.id,
                principal_id=shut_out.principal_id,
                because="his brother",
                starts_at=clock.now(),
            )
        )
    submit(people, opened(people), phq(said(1)))
    assert risk_tasks()[0].owner_staff_id == duty.id
    seen = select(Case.id).where(in_scope(viewer_of(duty), Purpose.CLINICAL))
    assert db.session.scalars(seen).all() == [people.case.id]


def test_a_form_left_unfinished_without_item_9_opens_a_review_once(people: People) -> None:
    occasion = opened(people)
    save(people, occasion, {1: said(1)})
    assert risk_tasks() == []
    for _ in range(2):
        with writing():
            service.look_at_unfinished(case_id=people.case.id, by=people.assessor.id)
    assert len(risk_tasks()) == 1
    submit(people, occasion, phq(said(2)))
    assert len(risk_tasks()) == 1


def test_outside_hours_it_is_due_at_the_next_opening(people: People, set_clock: SetClock) -> None:
    set_clock.advance(hours=11)
    submit(people, opened(people), phq(said(1)))
    (task,) = risk_tasks()
    assert task.due_at.astimezone(clock.LONDON).isoformat() == "2026-11-19T09:00:00+00:00"
    assert db.session.get_one(Staff, task.owner_staff_id).name == "Dr Amara Lindqvist"


def test_whatever_statement_fails_answers_and_task_stand_or_fall_together(
    either_app: Flask,
) -> None:
    people = allocated()
    occasion = opened(people)
    failures = fail_at_each(
        lambda: submit(people, occasion, phq(said(1))), stride=1, sound=assert_sound
    )
    assert failures > 10
    assert len(risk_tasks()) == 1
    assert occasion.state is OccasionState.SUBMITTED


def test_a_draft_keeps_the_question_on_difficulty_before_the_total_is_known(
    people: People,
) -> None:
    occasion = opened(people)
    save(people, occasion, {10: said(2)})
    assert next(row for row in occasion.answers if row.item == 10).value == 2
