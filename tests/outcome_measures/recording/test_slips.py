"""What was recorded by a slip is corrected or taken back, and that is undone: nothing is lost."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.facts import FactKind
from mhtr.core import clock, schema
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.transaction import writing
from mhtr.overview import cohort_queries, task_service
from mhtr.overview.answers import answers_of
from mhtr.overview.measure_lists import WantedMeasures, due_rows
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import working_calendar
from mhtr.tasks.models import Task, TaskState
from outcome_measures.caseload.scores import cells_of
from outcome_measures.contact_rules import Planned
from outcome_measures.flags import service as flag_service
from outcome_measures.flags.due_lines import due_of
from outcome_measures.flags.queries import state_of, states_of
from outcome_measures.models import (
    AnswerCorrection,
    ChangeKind,
    MeasureContact,
    MeasureFlag,
    MeasureMode,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.reading.lines import lines_of
from outcome_measures.reading.queries import contacts_of
from outcome_measures.reading.withdrawn import changes_of, withdrawn_of
from outcome_measures.recording import ending, service, taking_back
from outcome_measures.recording.contacts import CannotStand, ask, record_contact
from outcome_measures.recording.putting_right import correct_contact
from outcome_measures.risk.reviews import known, others_of_this_answer
from outcome_measures.risk.service import NotSaved, look_at_unsaved
from outcome_measures.time_points import TimePoint
from tests.faults.invariants import assert_sound
from tests.fitness.test_schema import revisions
from tests.makers import make_staff
from tests.outcome_measures import treatment
from tests.outcome_measures.past_scores.test_import import GAD, on_record, take
from tests.outcome_measures.past_scores.test_taking_back import derived
from tests.outcome_measures.treatment import (
    close,
    contact,
    fact,
    forms,
    phq,
    risk_tasks,
    said,
    save,
    sentenced,
    submit,
)
from tests.suitability.journey import People

WHY = "Written down on the wrong sheet"
FIRST = date(2026, 10, 19)


@pytest.fixture
def people(app: Flask) -> People:
    return sentenced()


@pytest.fixture
def treated(app: Flask) -> People:
    return course(sentenced())


def course(people: People) -> People:
    """Between sessions, then sessions 2, 4 and 6: closed, but for the last, which has a gap."""
    treatment.fact(people, FactKind.TREATMENT_STARTED, days_ago=35)
    for number, others in ((None, 2), (2, 3), (4, 1), (6, 1)):
        on = FIRST + timedelta(days=7 * (number or 0) // 2)
        made = contact(people, number, on=on)
        held = forms(made)
        submit(people, held["phq9"], phq(said(0), others))
        if number != 6:
            submit(people, held["gad7"], {n: said(others) for n in range(1, 8)})
            assert close(people, made).closed
        else:
            save(people, held["gad7"], {1: said(1)})
    settle(people)
    return people


def settle(people: People) -> None:
    """The flags as the job leaves them."""
    with writing():
        flag_service.look_again(case_id=people.case.id, by=None)


def all_contacts() -> list[MeasureContact]:
    return list(db.session.scalars(select(MeasureContact).order_by(MeasureContact.id)))


def all_forms() -> list[MeasureOccasion]:
    return list(db.session.scalars(select(MeasureOccasion).order_by(MeasureOccasion.id)))


def everything(people: People) -> dict[str, Any]:
    """What is derived of his scores: on his page, on lists, in the report."""
    today, case_id = clock.today(), people.case.id
    found = derived(people)
    asked = cohort_queries.Asked(FIRST, today)
    standing = select(MeasureFlag.key, MeasureFlag.response).where(MeasureFlag.ended_at.is_(None))
    kept = {
        "cells": cells_of([case_id]),
        "cohort": cohort_queries.read(asked, today),
        "answered": set(db.session.execute(standing).all()),
        "forms": [(one.state, one.context, one.language, one.mode) for one in all_forms()],
    }
    db.session.rollback()
    return found | kept


def took(made: MeasureContact, people: People, *, by: Staff | None = None, why: str = WHY) -> None:
    viewer = viewer_of(by or people.assessor)
    with writing():
        db.session.refresh(made)
        taking_back.take_contact_back(
            contact_id=made.id, reason=why, version=made.version, viewer=viewer
        )


def gave(made: MeasureContact, people: People, *, by: Staff | None = None) -> None:
    viewer = viewer_of(by or people.assessor)
    with writing():
        db.session.refresh(made)
        taking_back.put_contact_back(
            contact_id=made.id, reason="It was his", version=made.version, viewer=viewer
        )


def took_form(form: MeasureOccasion, people: People, *, by: Staff | None = None) -> None:
    with writing():
        taking_back.take_back(
            occasion_id=form.id, reason=WHY, viewer=viewer_of(by or people.assessor)
        )


def gave_form(form: MeasureOccasion, people: People, *, by: Staff | None = None) -> None:
    with writing():
        taking_back.put_back(
            occasion_id=form.id,
            reason="It was his",
            version=form.version,
            viewer=viewer_of(by or people.assessor),
        )


def correct(
    made: MeasureContact,
    people: People,
    planned: Planned,
    *,
    mode: MeasureMode | None = None,
    language: str | None = None,
    why: str = WHY,
) -> None:
    with writing():
        db.session.refresh(made)
        correct_contact(
            contact_id=made.id,
            planned=planned,
            mode=mode or made.mode,
            language=language,
            reason=why,
            version=made.version,
            by=people.assessor.id,
        )


def place(made: MeasureContact) -> Planned:
    return Planned(made.held_on, made.point, made.session_number)


def tasks_now() -> dict[int, TaskState]:
    return {task.id: task.state for task in db.session.scalars(select(Task))}


def kept_all(before: dict[int, TaskState]) -> bool:
    now = tasks_now()
    return all(now.get(key) is state for key, state in before.items())


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_correct_and_correct_back_restores_everything(treated: People, data: st.DataObject) -> None:
    people = treated
    made = data.draw(st.sampled_from(all_contacts()))
    was, mode = place(made), made.mode
    before, reviews = everything(people), tasks_now()
    wanted = Planned(
        FIRST + timedelta(days=data.draw(st.integers(0, 34))),
        data.draw(st.sampled_from([TimePoint.SESSION, TimePoint.BETWEEN])),
    )
    if wanted.point is TimePoint.SESSION:
        wanted = replace(wanted, session_number=data.draw(st.integers(1, 8)))
    other_mode = data.draw(st.sampled_from(MeasureMode))
    try:
        correct(made, people, wanted, mode=other_mode, language="pl")
    except CannotStand:
        assert everything(people) == before
        reject()
    assert {(f.asked_on, f.session_number, f.language) for f in forms(made).values()} == {
        (wanted.held_on, wanted.session_number, "pl")
    }
    assert kept_all(reviews)
    correct(made, people, was, mode=mode, language="en")
    assert everything(people) == before
    assert kept_all(reviews)
    assert_sound()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_take_back_and_restore_restores_everything(treated: People, data: st.DataObject) -> None:
    people = treated
    before = everything(people)
    pick = st.lists(st.sampled_from(all_contacts()), min_size=1, unique=True)
    chosen, singly = data.draw(pick), data.draw(st.lists(st.sampled_from(all_forms()), unique=True))
    reviews = tasks_now()
    for form in singly:
        took_form(form, people)
    for made in chosen:
        took(made, people)
    assert kept_all(reviews)
    for made in data.draw(st.permutations(chosen)):
        gave(made, people)
    for form in data.draw(st.permutations(singly)):
        gave_form(form, people)
    assert everything(people) == before
    assert kept_all(reviews)
    assert_sound()


@pytest.mark.parametrize("left", [0, 1, 2, 3])
def test_what_is_taken_back_is_as_if_it_had_never_been(either_app: Flask, left: int) -> None:
    """Two men, one of whom never had the contact."""
    people = sentenced()
    other = treatment.another(people)
    for man in (people, other):
        treatment.fact(man, FactKind.TREATMENT_STARTED, days_ago=30)
    where = [(None, 2), (1, 3), (2, 1), (4, 0)]
    for place_of, (number, others) in enumerate(where):
        for man in (people, other):
            if man is other and place_of == left:
                continue
            on = FIRST + timedelta(days=7 * place_of)
            made = contact(man, number, on=on)
            submit(man, forms(made)["phq9"], phq(said(0), others))
            submit(man, forms(made)["gad7"], {n: said(others) for n in range(1, 8)})
            close(man, made)
    mine = [one for one in all_contacts() if one.case_id == people.case.id]
    took(mine[left], people)
    for man in (people, other):
        settle(man)

    def plain(man: People) -> dict[str, Any]:
        found = derived(man)
        flags = {(key.partition(":")[2], kind) for key, kind in _flags(man)}
        totals = [(p.on, p.instrument, p.total, p.session_number) for p in found["points"]]
        readings = {
            name: (one.baseline and one.baseline.total, one.totals, one.first_session_on)
            for name, one in found["readings"].items()
        }
        return {
            "points": totals, "readings": readings, "flags": flags, "course": found["course"],
            "due": [line.words for line in found["due"]],
            "cells": cells_of([man.case.id])[man.case.id],
        }  # fmt: skip

    assert plain(people) == plain(other)


def _flags(man: People) -> set[tuple[str, Any]]:
    flag = MeasureFlag
    mine = select(flag.key, flag.kind).where(flag.case_id == man.case.id, flag.ended_at.is_(None))
    return {(row.key, row.kind) for row in db.session.execute(mine)}


def test_a_wrong_number_is_put_right_and_the_next_contact_recorded(people: People) -> None:
    slip = contact(people, 22, on=FIRST, instruments=("phq9",))
    with pytest.raises(CannotStand):
        contact(people, 2, on=FIRST + timedelta(days=7))
    correct(slip, people, Planned(FIRST, TimePoint.SESSION, 1))
    assert contact(people, 2, on=FIRST + timedelta(days=7)).session_number == 2
    (made,) = changes_of(contact_id=slip.id)
    assert (made.kind, made.was, made.by) == (
        ChangeKind.CORRECTED, "Session 22", people.assessor.name,
    )  # fmt: skip
    assert made.reason == WHY


def test_what_cannot_stand_is_refused_and_nothing_changed(people: People) -> None:
    one = contact(people, 1, on=FIRST)
    two = contact(people, None, on=FIRST + timedelta(days=3), instruments=("phq9",))
    for wanted, field in (
        (Planned(FIRST, TimePoint.BETWEEN), "held_on"),  # PHQ-9 was asked that day
        (Planned(two.held_on, TimePoint.SESSION, 1), "session_number"),
        (Planned(clock.today() + timedelta(days=1), TimePoint.BETWEEN), "held_on"),
        (Planned(date(2026, 10, 1), TimePoint.BETWEEN), "held_on"),
        (Planned(two.held_on, TimePoint.FOLLOW_UP), "point"),
    ):
        with pytest.raises(CannotStand) as refusal:
            correct(two, people, wanted)
        assert set(refusal.value.problems) == {field}
    with pytest.raises(Refused, match="on record"):
        correct(one, people, place(one))
    with pytest.raises(Refused, match="why"):
        correct(one, people, Planned(FIRST, TimePoint.SESSION, 2), why=" ")
    with pytest.raises(Stale), writing():
        correct_contact(
            contact_id=one.id, planned=Planned(FIRST, TimePoint.SESSION, 2), mode=one.mode,
            language=None, reason=WHY, version=9, by=people.assessor.id,
        )  # fmt: skip
    assert changes_of(contact_id=one.id) == []


def test_a_contact_is_put_right_after_discharge_too(people: People) -> None:
    made = contact(people, 1, on=FIRST)
    for kind in (FactKind.TREATMENT_STARTED, FactKind.TREATMENT_ENDED, FactKind.DISCHARGED):
        treatment.fact(people, kind, days_ago=1, reason="completed")
    correct(made, people, Planned(FIRST + timedelta(days=1), TimePoint.SESSION, 2))
    with pytest.raises(CannotStand):
        correct(made, people, Planned(clock.today(), TimePoint.SESSION, 2))


def test_no_risk_review_closes_whatever_is_put_right(people: People) -> None:
    made = contact(people, 1, on=FIRST, instruments=("phq9",))
    submit(people, forms(made)["phq9"], phq(said(2)))
    (review,) = risk_tasks()
    form = forms(made)["phq9"]
    correct(made, people, Planned(FIRST, TimePoint.BETWEEN))
    took(made, people)
    assert review.state is TaskState.OPEN
    shown = answers_of(viewer_of(people.assessor), [review.key])[review.key]
    assert shown.taken_back and "taken back" in shown.lines[0]
    gave(made, people)
    took_form(form, people)
    assert [task.state for task in risk_tasks()] == [TaskState.OPEN]
    assert not close(people, made).closed, "its contact waits for the response all the same"
    gave_form(form, people)
    assert [task.state for task in risk_tasks()] == [TaskState.OPEN]


def test_a_review_closed_because_it_was_taken_back_opens_anew(people: People) -> None:
    made = contact(people, 1, on=FIRST, instruments=("phq9",))
    submit(people, forms(made)["phq9"], phq(said(2)))
    took(made, people)
    with writing():
        tasks.finish(
            risk_tasks()[0], by=people.assessor.id, outcome="Not his form", plan="Ask the other man"
        )
    gave(made, people)
    assert [task.state for task in risk_tasks()] == [TaskState.DONE, TaskState.OPEN]
    took(made, people)
    gave(made, people)
    assert len(risk_tasks()) == 2


def test_silence_on_risk_is_looked_at_where_a_begun_form_is_taken_back(people: People) -> None:
    made = contact(people, 1, on=FIRST)
    held = forms(made)
    took_form(held["gad7"], people)
    assert risk_tasks() == []
    save(people, held["phq9"], {1: said(1)})
    took(made, people)
    assert len(risk_tasks()) == 1
    gave(made, people)
    assert {form.state for form in all_forms()} == {OccasionState.OPEN, OccasionState.WITHDRAWN}


def test_its_place_is_free_and_undoing_waits_until_it_is_free_again(people: People) -> None:
    made = contact(people, 1, on=FIRST, instruments=("gad7",))
    first = forms(made)["gad7"]
    submit(people, first, {n: said(1) for n in range(1, 8)})
    took_form(first, people)
    with writing():
        ask(contact_id=made.id, instruments=["gad7"], version=made.version, by=people.assessor.id)
    second = all_forms()[-1]
    with pytest.raises(Refused, match="recorded again"):
        gave_form(first, people)
    took(made, people)
    with pytest.raises(Refused):
        gave_form(first, people)
    again = contact(people, 1, on=FIRST, instruments=("gad7",))
    with pytest.raises(Refused, match="Session 1 is on record"):
        gave(made, people)
    took(again, people)
    gave(made, people)
    assert (first.state, second.state) == (OccasionState.WITHDRAWN, OccasionState.OPEN)
    took_form(second, people)
    gave_form(first, people)
    assert first.state is OccasionState.SUBMITTED
    kinds = [one.kind for one in changes_of(contact_id=made.id, occasion_id=first.id)]
    back, put = ChangeKind.TAKEN_BACK, ChangeKind.PUT_BACK
    assert kinds == [back, back, put, put]


def test_nothing_is_written_to_what_was_taken_back(people: People) -> None:
    made = contact(people, 1, on=FIRST)
    held = forms(made)
    submit(people, held["gad7"], {n: said(1) for n in range(1, 8)})
    took(made, people)
    for wrong in (
        lambda: submit(people, held["phq9"], phq(said(1))),
        lambda: treatment.correct(people, held["gad7"], 1, said(2)),
        lambda: close(people, made, unfinished=True),
        lambda: correct(made, people, Planned(FIRST, TimePoint.BETWEEN)),
        lambda: took(made, people),
        lambda: took_form(held["gad7"], people),
    ):
        with pytest.raises(Refused, match="taken back"):
            wrong()
    with pytest.raises(Refused, match="taken back"), writing():
        ask(contact_id=made.id, instruments=["wsas"], version=made.version, by=people.assessor.id)
    assert db.session.scalar(select(func.count(AnswerCorrection.id))) == 0


def ask_again(made: MeasureContact, people: People, *instruments: str) -> None:
    with writing():
        db.session.refresh(made)
        ask(
            contact_id=made.id, instruments=instruments, version=made.version, by=people.assessor.id
        )


def test_what_was_taken_back_at_a_closed_contact_is_asked_again_there(people: People) -> None:
    made = contact(people, 1, on=FIRST, instruments=("gad7",))
    answers = {n: said(1) for n in range(1, 8)}
    submit(people, forms(made)["gad7"], answers)
    close(people, made)
    for other in ("gad7", "phq9"):
        with pytest.raises(Refused, match="closed"):
            ask_again(made, people, other)
    first = forms(made)["gad7"]
    took_form(first, people)
    with pytest.raises(Refused, match="closed"):
        ask_again(made, people, "gad7", "phq9")
    ask_again(made, people, "gad7")
    assert (made.closed_at, made.closed_by) == (None, None)
    second = forms(made)["gad7"]
    assert (second.id != first.id, second.state) == (True, OccasionState.OPEN)
    submit(people, second, answers)
    assert close(people, made).closed
    took_form(second, people)
    fact(people, FactKind.CLOSED, reason="completed")
    with pytest.raises(Refused, match="case is closed"):
        ask_again(made, people, "gad7")


def test_who_may_and_only_with_a_reason(people: People) -> None:
    made = contact(people, 1, on=FIRST)
    form = forms(made)["phq9"]
    elsewhere = make_staff(Role.CLINICAL_LEAD, name="Dr From Elsewhere")
    with pytest.raises(NotFound):
        took(made, people, by=elsewhere)
    with pytest.raises(NotFound):
        took_form(form, people, by=elsewhere)
    with pytest.raises(Refused, match="why"):
        took(made, people, why=" ")
    with writing():
        db.session.get_one(MeasureContact, made.id).by_id = people.lead.id
        db.session.get_one(MeasureOccasion, form.id).entered_by = people.lead.id
    with pytest.raises(Refused, match="lead"):
        took(made, people)
    with pytest.raises(Refused, match="lead"):
        took_form(form, people)
    took(made, people, by=people.lead)
    with pytest.raises(Refused, match="lead"):
        gave(made, people)
    gave(made, people, by=people.lead)
    took_form(form, people, by=people.lead)
    with pytest.raises(Refused, match="lead"):
        gave_form(form, people)
    assert [one.name for one in withdrawn_of(people.case.id)] == ["PHQ-9"]


def test_an_assessments_form_is_not_taken_back_by_itself(people: People) -> None:
    with writing():
        form = service.open_occasion(
            case_id=people.case.id, context="assessment:1", instrument="gad7",
            mode=MeasureMode.VIDEO, asked_on=FIRST, by=people.assessor.id,
        )  # fmt: skip
    with pytest.raises(Refused):
        took_form(form, people)


def test_the_response_to_a_flag_comes_back_with_it(people: People) -> None:
    for number, others in ((1, 0), (2, 2)):
        made = contact(people, number, on=FIRST + timedelta(days=number), instruments=("phq9",))
        submit(people, forms(made)["phq9"], phq(said(0), others))
        close(people, made)
    flag = next(row for row in db.session.scalars(select(MeasureFlag)) if row.kind.value == "worse")
    with writing():
        flag_service.respond(
            flag_id=flag.id, response="Seen", in_supervision=False, by=people.lead.id
        )
    took(made, people)
    assert flag.ended_at is not None
    gave(made, people)
    db.session.refresh(flag)
    kept = select(MeasureFlag.response).where(MeasureFlag.ended_at.is_(None))
    assert "Seen" in db.session.scalars(kept).all()


@pytest.mark.parametrize("answered", [True, False])
def test_the_same_scores_on_another_day_are_the_same_flag(people: People, answered: bool) -> None:
    for number, others in ((1, 0), (2, 2)):
        made = contact(people, number, on=FIRST + timedelta(days=5 * number), instruments=("phq9",))
        submit(people, forms(made)["phq9"], phq(said(1 if number == 2 else 0), others))
        close(people, made, unfinished=True)
    standing = select(MeasureFlag).where(MeasureFlag.ended_at.is_(None))
    before = {flag.id: flag.kind for flag in db.session.scalars(standing)}
    assert len(before) > 1
    if answered:
        with writing():
            for flag in db.session.scalars(standing).all():
                flag_service.respond(
                    flag_id=flag.id, response="Seen", in_supervision=False, by=people.lead.id
                )
    for days in (8, 12, 8):
        moved = FIRST + timedelta(days=days)
        correct(made, people, Planned(moved, TimePoint.SESSION, 2))
        db.session.expire_all()
        now = db.session.scalars(select(MeasureFlag)).all()
        assert {flag.id: flag.kind for flag in now} == before, "none ended, none came"
        assert all(flag.ended_at is None for flag in now)
        its = [flag for flag in now if flag.instrument == "phq9"]
        assert its and all(flag.key.endswith(moved.isoformat()) for flag in its)
        assert {flag.response for flag in now} == {"Seen" if answered else None}
    with writing():
        assert flag_service.look_again(case_id=people.case.id, by=None) == 0


def test_another_answer_that_is_the_latest_now_is_another_flag(people: People) -> None:
    """What was said of one answer about risk answers nothing of the one that is the latest now."""
    made = [
        contact(people, None, on=FIRST + timedelta(days=days), instruments=("phq9",))
        for days in (2, 4)
    ]
    for one, points in zip(made, (1, 1), strict=True):
        submit(people, forms(one)["phq9"], phq(said(points)))
    flag = db.session.scalars(select(MeasureFlag)).first()
    assert flag is not None
    with writing():
        flag_service.respond(
            flag_id=flag.id, response="Seen", in_supervision=False, by=people.lead.id
        )
    correct(made[0], people, Planned(FIRST + timedelta(days=6), TimePoint.BETWEEN))
    risk = select(MeasureFlag).where(MeasureFlag.kind == flag.kind, MeasureFlag.ended_at.is_(None))
    assert [row.response for row in db.session.scalars(risk)] == [None]


def test_a_form_closed_unfinished_bars_no_other_of_its_day(people: People) -> None:
    by_phone = contact(people, None, on=FIRST, instruments=("phq9",))
    save(people, forms(by_phone)["phq9"], {1: said(2)})
    close(people, by_phone, unfinished=True)
    with writing():
        tasks.finish(risk_tasks()[0], by=people.assessor.id, outcome="Asked", plan="Ask again")
    assert close(people, by_phone).closed
    with writing():
        session = record_contact(
            case_id=people.case.id, planned=Planned(FIRST, TimePoint.SESSION, 1),
            mode=MeasureMode.IN_PERSON, instruments=["phq9", "gad7"], by=people.assessor.id,
        )  # fmt: skip
    assert set(forms(session)) == {"phq9", "gad7"}
    phone = forms(by_phone)["phq9"]
    with pytest.raises(Refused, match="asked again on the same day"), writing():
        db.session.refresh(phone)
        ending.go_on(phone, version=phone.version, by=people.assessor.id)
    submit(people, forms(session)["phq9"], phq(said(0)))
    (reading,) = [one for one in derived(people)["readings"].values() if one.scores]
    assert (len(reading.points), reading.baseline.total) == (1, 8), "what it replaced is no gap"


def test_once_a_day_still_holds_for_open_and_submitted_forms(people: People) -> None:
    by_phone = contact(people, None, on=FIRST, instruments=("phq9", "gad7"))
    submit(people, forms(by_phone)["phq9"], phq(said(0)))
    assert forms(contact(people, 1, on=FIRST)) == {}


def test_at_its_own_contact_a_form_closed_unfinished_is_gone_on_with(people: People) -> None:
    made = contact(people, 1, on=FIRST, instruments=("phq9",))
    save(people, forms(made)["phq9"], {1: said(2)})
    close(people, made, unfinished=True)
    with pytest.raises(Refused, match="same day"), writing():
        ask(contact_id=made.id, instruments=["phq9"], version=made.version, by=people.assessor.id)
    form = forms(made)["phq9"]
    with writing():
        ending.go_on(form, version=form.version, by=people.assessor.id)
    assert form.state is OccasionState.OPEN


def test_what_was_closed_unfinished_elsewhere_is_due_at_the_session(people: People) -> None:
    by_phone = contact(people, None, on=clock.today(), instruments=("phq9",))
    close(people, by_phone, unfinished=True)
    session = contact(people, 1, instruments=("gad7",))
    submit(people, forms(session)["gad7"], {n: said(1) for n in range(1, 8)})
    (words,) = _due(people)
    assert words.startswith("PHQ-9 due now: baseline, session 1")
    with writing():
        ask(
            contact_id=session.id, instruments=["phq9"], version=session.version,
            by=people.assessor.id,
        )  # fmt: skip
    close(people, session, unfinished=True)
    assert _due(people) == [], "ended at the session itself: the flags say what is missing"


def _due(people: People) -> list[str]:
    """As his page and as the list of the service say it: they say the same."""
    lines = lines_of(people.case.id)
    found = due_of(people.case, state_of(people.case.id, lines, contacts_of(people.case.id)))
    assert due_of(people.case, states_of([people.case.id])[people.case.id]) == found
    viewer = viewer_of(people.assessor)
    wanted = WantedMeasures(own=True, closed=True)
    with current_app.test_request_context():
        rows = due_rows(viewer, wanted, working_calendar(), limit=9)
    assert [row.what for row in rows] == [line.words for line in found]
    return [line.words for line in found]


def test_two_reviews_of_one_answer_are_answered_at_once(people: People) -> None:
    form = forms(contact(people, 1, on=FIRST, instruments=("phq9",)))["phq9"]
    treatment.type_total(people, form, 12, {9: treatment.NOT_REACHED})
    with writing():
        look_at_unsaved(
            case_id=people.case.id, context=form.context, instrument="phq9",
            answers={9: said(3)}, submitted=False, why=NotSaved.REFUSED, by=people.assessor.id,
        )  # fmt: skip
    first, second = risk_tasks()
    assert "not saved" in second.title
    treatment.correct(people, form, 9, said(3))
    assert second.title == first.title, "it speaks of the answer that is on record now"
    assert {task.state for task in risk_tasks()} == {TaskState.OPEN}
    with writing():
        task_service.record_outcome(
            task_id=second.id, outcome="Asked him", plan="Again", by=people.assessor.id
        )
    assert {(task.state, task.outcome) for task in risk_tasks()} == {(TaskState.DONE, "Asked him")}
    assert_sound()


def test_all_open_reviews_of_a_question_know_the_answer_on_record(people: People) -> None:
    """Saved, typed and refused, put right: so one response can be said of all of them."""
    form = forms(contact(people, 1, on=FIRST, instruments=("phq9",)))["phq9"]
    treatment.type_total(people, form, 12, {9: treatment.NOT_REACHED})
    for value in (3, 1, 2):
        with writing():
            look_at_unsaved(
                case_id=people.case.id, context=form.context, instrument="phq9",
                answers={9: said(value)}, submitted=False, why=NotSaved.REFUSED,
                by=people.assessor.id,
            )  # fmt: skip
        treatment.correct(people, form, 9, said(value))
        of_form = [task for task in risk_tasks() if task.key.startswith("risk:occasion:")]
        assert {known(task) for task in of_form} == {f"answered:{value}"}
    assert len(of_form) == 4
    assert others_of_this_answer(of_form[0]) == of_form[1:]


def test_one_response_answers_no_review_of_another_question_or_answer(people: People) -> None:
    one = contact(people, 1, on=FIRST, instruments=("phq9",))
    submit(people, forms(one)["phq9"], phq(said(3)))
    other = contact(people, 2, on=FIRST + timedelta(days=7), instruments=("phq9",))
    submit(people, forms(other)["phq9"], phq(said(3)))
    with writing():
        look_at_unsaved(
            case_id=people.case.id, context=f"contact:{one.ref}", instrument="phq9",
            answers={9: said(2)}, submitted=False, why=NotSaved.REFUSED, by=people.assessor.id,
        )  # fmt: skip
    with writing():
        task_service.record_outcome(
            task_id=risk_tasks()[0].id, outcome="Asked him", plan="Again", by=people.assessor.id
        )
    assert [t.state for t in risk_tasks()] == [TaskState.DONE, TaskState.OPEN, TaskState.OPEN]


def test_history_moves_with_the_schema_and_back(either_app: Flask) -> None:
    people = on_record()
    take(people, GAD)
    (gad,) = all_forms()
    took_form(gad, people, by=people.lead)
    key, case_id, viewer = gad.id, people.case.id, viewer_of(people.lead)
    before = withdrawn_of(case_id)
    db.session.remove()
    mine = next(one for one in revisions() if "recorded by a slip" in one.doc)
    schema.downgrade(mine.down_revision)
    schema.upgrade()
    assert withdrawn_of(case_id) == before
    assert before[0].because == WHY
    with writing():
        taking_back.put_back(occasion_id=key, reason="His", version=gad.version, viewer=viewer)
    assert all_forms()[0].state is OccasionState.SUBMITTED
