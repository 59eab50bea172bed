"""Contacts, totals that are typed in, and forms that end unfinished: what the services keep."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.cases.facts import FactKind
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.jobs.table import JOBS, run
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Notice, TaskState
from outcome_measures.models import AnswerCorrection, MeasureAnswer, MeasureOccasion, OccasionState
from outcome_measures.reading import queries
from outcome_measures.recording import contacts, ending
from outcome_measures.recording.contact_queries import asked_on_day
from outcome_measures.recording.totals import correct_total
from outcome_measures.scores.scoring import InvalidTotal
from outcome_measures.time_points import Origin, TimePoint
from tests.faults.invariants import assert_sound
from tests.outcome_measures.treatment import (
    DECLINED,
    NOT_REACHED,
    SKIPPED,
    close,
    contact,
    correct,
    fact,
    forms,
    phq,
    risk_tasks,
    said,
    save,
    sentenced,
    submit,
    type_total,
)
from tests.suitability.journey import People

EXPIRE = next(job for job in JOBS if job.name == "expire_measures")


@pytest.fixture
def people(app: Flask) -> People:
    return sentenced()


def done(task_number: int, people: People) -> None:
    with writing():
        task = risk_tasks()[task_number]
        tasks.finish(task, by=people.assessor.id, outcome="Spoke", plan="Look again")


def test_each_form_knows_its_contact(people: People) -> None:
    made = contact(people, 3)
    form = forms(made)["gad7"]
    assert (form.point, form.session_number) == (TimePoint.SESSION, 3)
    assert (form.context, form.asked_on) == (f"contact:{made.ref}", clock.today())
    assert form.mode is made.mode


def test_what_cannot_stand_is_refused_and_nothing_made(people: People) -> None:
    contact(people, 1)
    with pytest.raises(contacts.CannotStand) as refusal:
        contact(people, 1)
    assert set(refusal.value.problems) == {"session_number"}
    fact(people, FactKind.CLOSED, reason="completed")
    with pytest.raises(Refused, match="closed"):
        contact(people, None)
    assert db.session.scalar(select(func.count(MeasureOccasion.id))) == 2


def test_once_a_day_for_a_man_wherever_it_was_asked(people: People) -> None:
    first = contact(people, 1, instruments=("phq9",))
    second = contact(people, None)
    assert set(forms(second)) == {"gad7"}
    with pytest.raises(Refused, match="same day"), writing():
        contacts.ask(contact_id=second.id, instruments=["phq9"], version=second.version, by=1)
    yesterday = clock.today() - timedelta(days=1)
    assert set(forms(contact(people, None, on=yesterday))) == {"phq9", "gad7"}
    found = asked_on_day(people.case.person_id, clock.today())
    assert found["phq9"].contact_id == first.id


def test_a_contact_waits_for_the_response_to_its_risk_and_only_its_own(people: People) -> None:
    other = contact(people, None, on=clock.today() - timedelta(days=2), instruments=("phq9",))
    submit(people, forms(other)["phq9"], phq(said(1)))
    made = contact(people, 1, instruments=("phq9",))
    submit(people, forms(made)["phq9"], phq(said(2)))
    closing = close(people, made)
    assert not closing.closed and [task.id for task in closing.waiting] == [risk_tasks()[1].id]
    done(1, people)
    assert close(people, made).closed
    assert made.closed_by == people.assessor.id
    with pytest.raises(Refused, match="already"):
        close(people, made)
    assert not close(people, other).closed


def test_unfinished_forms_end_only_if_he_says_so_and_their_silence_counts(people: People) -> None:
    made = contact(people)
    with pytest.raises(Refused, match="PHQ-9 and GAD-7 not finished"):
        close(people, made)
    save(people, forms(made)["phq9"], {1: said(2)})
    closing = close(people, made, unfinished=True)
    assert (closing.closed, closing.ended) == (False, 2)
    (task,) = risk_tasks()
    assert task.owner_staff_id == people.assessor.id
    held = forms(made)
    assert {form.state for form in held.values()} == {OccasionState.CLOSED}
    assert {row.item for row in held["gad7"].answers} == set(range(1, 8)), "silence is on record"
    done(0, people)
    assert close(people, made).closed


def test_a_stale_page_closes_nothing(people: People) -> None:
    made = contact(people, instruments=("gad7",))
    with pytest.raises(Stale), writing():
        contacts.close(contact_id=made.id, unfinished=True, version=7, by=people.assessor.id)


@pytest.mark.parametrize(
    ("answer", "opens"),
    [(said(0), 0), (said(1), 1), (said(3), 1), (NOT_REACHED, 1)],
)
def test_a_total_is_kept_apart_and_its_risk_question_looked_at(
    people: People, answer: object, opens: int
) -> None:
    form = forms(contact(people, instruments=("phq9",)))["phq9"]
    type_total(people, form, 14, {9: answer})  # type: ignore[dict-item]
    taken = queries.taken(form)
    assert (form.origin, form.typed_total, taken.score.total) == (Origin.TOTAL, 14, 14)
    assert taken.score.typed_in and [a.number for a in taken.answers] == [9]
    assert len(risk_tasks()) == opens
    assert queries.points_of([people.case.id])[people.case.id][0].origin is Origin.TOTAL


def test_no_total_stands_beside_a_question_he_would_not_answer(people: People) -> None:
    form = forms(contact(people, instruments=("phq9",)))["phq9"]
    with pytest.raises(InvalidTotal, match="one by one"):
        type_total(people, form, 12, {9: DECLINED})
    type_total(people, form, 12, {9: said(0)})
    assert queries.points_of([people.case.id])[people.case.id][0].total == 12
    correct(people, form, 9, DECLINED)
    taken = queries.taken(form)
    assert (taken.score.complete, taken.score.total, taken.score.band) == (False, None, None)
    assert queries.points_of([people.case.id])[people.case.id][0].total is None
    assert [(c.what, c.before) for c in taken.corrections][1:] == [("Total", "12")]
    assert len(risk_tasks()) == 1
    for number in range(1, 10):
        correct(people, form, number, said(1))
    assert queries.taken(form).score.total == 9, "item by item it has one again"


def test_a_total_takes_no_other_answers_and_no_place_of_answers(people: People) -> None:
    held = forms(contact(people))
    with pytest.raises(Refused, match="Only risk"):
        type_total(people, held["phq9"], 14, {1: said(1)})
    with pytest.raises(InvalidTotal):
        type_total(people, held["phq9"], 2, {9: said(3)})
    save(people, held["phq9"], {1: said(2)})
    with pytest.raises(Refused, match="on record"):
        type_total(people, held["phq9"], 14)
    save(people, held["gad7"], {})
    type_total(people, held["gad7"], 14)
    with pytest.raises(Refused, match="submitted"):
        type_total(people, held["gad7"], 13)


def test_a_corrected_total_keeps_the_old_one(people: People) -> None:
    form = forms(contact(people, instruments=("gad7",)))["gad7"]
    type_total(people, form, 14)

    def put(total: int, reason: str = "Read wrong") -> None:
        with writing():
            db.session.refresh(form)
            correct_total(
                form, total, {}, reason=reason, version=form.version, by=people.assessor.id
            )

    for total, reason, words in ((12, " ", "why"), (14, "Read wrong", "on record")):
        with pytest.raises(Refused, match=words):
            put(total, reason)
    with pytest.raises(InvalidTotal):
        put(22)
    put(12)
    (made,) = queries.taken(form).corrections
    assert (made.what, made.before, made.by) == ("Total", "14", "Tomasz Whitfield")
    assert queries.taken(form).score.total == 12
    scored = forms(contact(people, None))["phq9"]
    submit(people, scored, phq(said(0)))
    with pytest.raises(Refused, match="from its answers"), writing():
        correct_total(scored, 3, {}, reason="x", version=scored.version, by=people.assessor.id)


def test_what_is_left_too_long_expires_once_and_its_owner_hears(
    people: People, set_clock: SetClock
) -> None:
    made = contact(people)
    held = forms(made)
    set_clock.advance(days=5)
    save(people, held["phq9"], {1: said(1)})
    set_clock.advance(days=2)
    assert run(EXPIRE) == 1, "what was saved meanwhile is not left"
    assert held["gad7"].state is OccasionState.CLOSED and risk_tasks() == []
    set_clock.advance(days=5)
    assert run(EXPIRE) == 1
    db.session.expire_all()
    assert held["phq9"].state is OccasionState.CLOSED
    (task,) = risk_tasks()
    assert task.owner_staff_id == people.assessor.id
    assert run(EXPIRE) == 0
    told = db.session.scalars(select(Notice.text).where(Notice.key.startswith("measure_expired")))
    assert told.all() == [ending.EXPIRED] * 2
    assert db.session.scalars(select(MeasureAnswer.value).where(MeasureAnswer.item == 1)).all()


def test_whoever_left_is_not_told_but_his_trust(people: People, set_clock: SetClock) -> None:
    contact(people, instruments=("gad7",))
    with writing():
        db.session.get_one(Staff, people.assessor.id).disabled_at = clock.now()
    set_clock.advance(days=8)
    assert run(EXPIRE) == 1
    told = db.session.scalars(
        select(Notice.principal_id).where(Notice.key.startswith("measure_expired"))
    ).one()
    assert told == people.assessor.organisation.principal_id


def test_a_form_that_expired_can_be_gone_on_with_and_keeps_its_review(
    people: People, set_clock: SetClock
) -> None:
    form = forms(contact(people, instruments=("phq9",)))["phq9"]
    set_clock.advance(days=8)
    run(EXPIRE)
    db.session.expire_all()
    with pytest.raises(Refused, match="Go on with it first"):
        save(people, form, {1: said(1)})
    with writing():
        ending.go_on(form, version=form.version, by=people.assessor.id)
    submit(people, form, phq(said(0)))
    assert form.state is OccasionState.SUBMITTED
    assert [task.state for task in risk_tasks()] == [TaskState.OPEN]
    with pytest.raises(Refused), writing():
        ending.go_on(form, version=form.version, by=people.assessor.id)


@pytest.mark.parametrize(
    "kind", [FactKind.TREATMENT_ENDED, FactKind.ORDER_REVOKED, FactKind.DISCHARGED]
)
def test_what_is_left_when_treatment_is_over_is_looked_at(people: People, kind: FactKind) -> None:
    contact(people, instruments=("phq9",))
    fact(people, kind, planned=True)
    assert len(risk_tasks()) == 1
    assert_sound()


def test_blanks_before_the_last_answer_were_skipped_those_after_it_not_reached(
    people: People,
) -> None:
    form = forms(contact(people, instruments=("phq9",)))["phq9"]
    submit(people, form, {1: said(0), 3: DECLINED, 5: said(1)})
    states = {row.item: row.state for row in form.answers}
    assert states[2] == states[4] == SKIPPED.state
    assert states[3] == DECLINED.state
    assert {states[n] for n in (6, 7, 8, 9)} == {NOT_REACHED.state}
    assert states[1] == said(0).state


answers_to = st.one_of(st.integers(0, 3).map(said), st.sampled_from((DECLINED, SKIPPED)))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(st.integers(0, 3), min_size=9, max_size=9),
    item=st.integers(1, 9),
    other=answers_to,
)
def test_correcting_an_answer_and_back_restores_the_score_and_removes_no_task(
    people: People, first: list[int], item: int, other: object
) -> None:
    count = db.session.scalar(select(func.count(MeasureOccasion.id))) or 0
    day = clock.today() - timedelta(days=30) + timedelta(days=count)
    form = forms(contact(people, None, on=day, instruments=("phq9",)))["phq9"]
    submit(people, form, {n: said(value) for n, value in enumerate(first, start=1)})
    before = queries.taken(form)
    was, open_before = said(first[item - 1]), {task.id for task in risk_tasks()}
    if other == was:
        return
    correct(people, form, item, other)  # type: ignore[arg-type]
    raised = {task.id for task in risk_tasks()}
    correct(people, form, item, was)
    after = queries.taken(form)
    assert (after.score, after.answers) == (before.score, before.answers)
    assert open_before <= raised <= {task.id for task in risk_tasks()}
    assert {task.state for task in risk_tasks()} <= {TaskState.OPEN}
    kept = db.session.scalar(
        select(func.count(AnswerCorrection.id)).where(
            AnswerCorrection.occasion_id == form.id, AnswerCorrection.item == item
        )
    )
    assert kept == 2
