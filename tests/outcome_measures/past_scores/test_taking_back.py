"""An imported score that is taken back counts nowhere; what clinicians look at stays."""

import uuid
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.overview.answers import answers_of
from mhtr.tasks.models import Task, TaskKind, TaskState
from outcome_measures.cohorts.cohort import episode
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.episodes import sessions_of
from outcome_measures.flags.due_lines import due_of
from outcome_measures.flags.queries import states_of
from outcome_measures.models import (
    ImportedScore,
    MeasureFlag,
    MeasureOccasion,
    OccasionState,
    PastScoreRun,
)
from outcome_measures.past_scores import service as past_service
from outcome_measures.past_scores.rows import read_past_scores
from outcome_measures.past_scores.whose import match
from outcome_measures.reading import queries
from outcome_measures.reading.lines import lines_of, read_lines
from outcome_measures.reading.sessions import session_days
from outcome_measures.reading.withdrawn import withdrawn_of
from outcome_measures.recording import service
from outcome_measures.recording.contact_queries import course_of
from outcome_measures.recording.taking_back import take_back
from outcome_measures.recording.totals import correct_total
from outcome_measures.risk import past_answers
from outcome_measures.series import BaselineRule
from tests.faults.every_statement import fail_at_each
from tests.faults.invariants import assert_sound
from tests.makers import make_staff
from tests.outcome_measures import treatment
from tests.outcome_measures.past_scores.test_import import (
    GAD,
    HEAD,
    KEY,
    NHS,
    PHQ_RISK,
    PHQ_TOTAL,
    matching,
    occasions,
    on_record,
    past_tasks,
    take,
    upload,
)
from tests.pages import PageClient
from tests.suitability.journey import People

WHY = "Another man's form"


def back(people: People, occasion: MeasureOccasion, *, by: Staff | None = None) -> None:
    viewer = viewer_of(by or people.lead)
    with writing():
        take_back(occasion_id=occasion.id, reason=WHY, viewer=viewer)


def derived(people: People) -> dict[str, Any]:
    """Everything that is worked out from the scores of a man."""
    db.session.expire_all()
    case_id = people.case.id
    points = queries.points_of([case_id]).get(case_id, ())
    lines = lines_of(case_id)
    days = session_days(case_id, lines)
    sessions = sessions_of(points, days.items())
    state = states_of([case_id])[case_id]
    standing = select(MeasureFlag.key, MeasureFlag.kind).where(MeasureFlag.ended_at.is_(None))
    return {
        "points": points,
        "readings": read_lines(lines, days),
        "course": course_of(case_id),
        "flags": set(db.session.execute(standing).all()),
        "due": due_of(people.case, state),
        "asked": state.asked,
        "risk": state.risk_answers,
        "episodes": [
            episode(case_id, clock.today(), sessions, points, rule) if sessions else None
            for rule in BaselineRule
        ],
    }


@pytest.fixture
def on_either(either_app: Flask) -> People:
    people = on_record()
    made = treatment.contact(people, 2, on=date(2026, 4, 6))
    for form, answer in zip(treatment.forms(made).values(), (2, 1), strict=True):
        items = range(1, 10 if form.instrument == "phq9" else 8)
        given_ = {number: treatment.said(answer) for number in items}
        treatment.submit(people, form, given_)
    return people


measures = st.sampled_from([("PHQ-9", 9), ("GAD-7", 7)])
places = st.sampled_from(
    [("2026-02-16", "pre_sentence", ""), ("2026-03-02", "", "1"), ("2026-03-09", "between", ""),
     ("2026-05-04", "", "3"), ("2026-06-01", "", "4")]
)  # fmt: skip


@st.composite
def imported_rows(draw: st.DrawFn) -> list[str]:
    found = {}
    for (name, size), (day, point, number) in draw(
        st.lists(st.tuples(measures, places), min_size=1, max_size=6, unique=True)
    ):
        answers = draw(st.lists(st.sampled_from("0123"), min_size=size, max_size=size))
        cell = f"{';'.join(answers)}," if draw(st.booleans()) else f",{sum(map(int, answers))}"
        found[name, day] = f"{NHS},,,{day},{name},{cell},{number},{point}"
    return list(found.values())


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=imported_rows(), data=st.data())
def test_import_and_taking_back_restore_everything_derived(
    on_either: People, rows: list[str], data: st.DataObject
) -> None:
    people, before = on_either, derived(on_either)
    known = {one.id for one in occasions()}
    _take(people, rows)
    imported = [one for one in occasions() if one.id not in known]
    assert len(imported) == len(rows)
    assert derived(people) != before
    tasks = {task.id for task in _looked_at()}
    for occasion in data.draw(st.permutations(imported)):
        back(people, occasion)
    assert derived(people) == before
    assert tasks <= {task.id for task in _looked_at()}
    assert {task.state for task in _looked_at()} <= {TaskState.OPEN}


def _take(people: People, rows: list[str]) -> None:
    head = f"{HEAD},point"
    reading = read_past_scores("\r\n".join([head, *rows]).encode(), clock.today())
    viewer = viewer_of(people.lead)
    found = match(viewer, reading.good)
    assert not reading.refused
    assert not found.refused, found.refused
    for each in found.new:
        with writing():
            assert past_service.take_row(matched=each, viewer=viewer)


def _looked_at() -> list[Task]:
    kinds = (TaskKind.RISK_REVIEW, TaskKind.PAST_ANSWER)
    return list(db.session.scalars(select(Task).where(Task.kind.in_(kinds))))


@pytest.fixture
def people(app: Flask) -> People:
    return on_record()


def test_it_is_kept_with_who_and_why_and_its_place_is_free(people: People) -> None:
    take(people, GAD)
    (gad,) = occasions()
    back(people, gad)
    assert gad.state is OccasionState.WITHDRAWN
    assert len(gad.answers) == 7
    (kept,) = withdrawn_of(people.case.id)
    assert (kept.name, kept.by, kept.because) == ("GAD-7", people.lead.name, WHY)
    again = GAD.replace("1;1;1;1;1;1;2", "0;1;1;1;1;1;2")
    assert take(people, again) == [True]
    assert [p.total for p in queries.points_of([people.case.id])[people.case.id]] == [7]


def test_lists_of_past_answers_and_open_reviews_keep_it(people: People) -> None:
    recent = PHQ_RISK.replace("2026-03-09", clock.today().isoformat())
    take(people, PHQ_RISK, f"{recent[:-1]}9")
    for occasion in occasions():
        back(people, occasion)
    (task,) = past_tasks()
    first, second = occasions()
    assert task.state is TaskState.OPEN
    assert past_answers.occasions_of(task) == [first.id]
    review = next(one for one in _looked_at() if one.kind is TaskKind.RISK_REVIEW)
    assert review.state is TaskState.OPEN
    shown = answers_of(viewer_of(people.lead), [review.key])[review.key]
    assert shown.now.words == "More than half the days"
    assert shown.before is None, "what was taken back is no time before"
    assert second.state is OccasionState.WITHDRAWN
    assert_sound()


def test_nothing_more_is_written_to_it(people: People) -> None:
    take(people, GAD, PHQ_TOTAL)
    for occasion in occasions():
        back(people, occasion)
    gad, phq = occasions()
    by = people.lead.id
    with pytest.raises(Refused, match="already"):
        back(people, gad)
    with pytest.raises(Refused), writing():
        answer = Answer(AnswerState.ANSWERED, 0)
        service.correct(gad, 1, answer, reason="x", version=gad.version, by=by)
    with pytest.raises(Refused, match="taken back"), writing():
        correct_total(phq, 3, {}, reason="x", version=phq.version, by=by)


def test_only_a_lead_or_whoever_imported_it_and_only_with_a_reason(people: People) -> None:
    take(people, GAD)
    (gad,) = occasions()
    with pytest.raises(Refused, match="lead"):
        back(people, gad, by=people.assessor)
    with pytest.raises(Refused, match="why"), writing():
        take_back(occasion_id=gad.id, reason=" ", viewer=viewer_of(people.lead))
    with pytest.raises(NotFound):
        back(people, gad, by=make_staff(Role.CLINICAL_LEAD, name="Dr From Elsewhere"))
    with writing():
        db.session.get_one(MeasureOccasion, gad.id).entered_by = people.assessor.id
    back(people, gad, by=people.assessor)
    assert gad.state is OccasionState.WITHDRAWN


def test_one_imported_before_files_were_noted(people: People) -> None:
    take(people, GAD)
    with writing():
        db.session.delete(db.session.scalars(select(ImportedScore)).one())
    back(people, occasions()[0])
    assert len(withdrawn_of(people.case.id)) == 1


def test_whatever_statement_fails_it_counts_or_does_not(either_app: Flask) -> None:
    people = on_record()
    take(people, PHQ_RISK)
    (phq,) = occasions()
    key, viewer = phq.id, viewer_of(people.lead)

    def do() -> None:
        with writing():
            take_back(occasion_id=key, reason=WHY, viewer=viewer)

    assert fail_at_each(do, stride=1, sound=assert_sound) > 4


def sent() -> dict[str, str]:
    return {"reason": WHY, "submission_key": str(uuid.uuid4())}


def test_the_pages(app: Flask, client: PageClient) -> None:
    people = on_record()
    client.sign_in(people.lead)
    page = upload(client, GAD, PHQ_RISK)
    client.post(page, data={"submission_key": KEY})
    run = db.session.scalars(select(PastScoreRun)).one()
    assert {row.run_id for row in db.session.scalars(select(ImportedScore))} == {run.id}
    result = client.get(page).get_data(as_text=True)
    assert "What was taken" in result
    assert "Take 2 scores back" in result
    gad = occasions()[0]
    ref, gad_ref = people.case.ref, gad.ref
    form = f"/cases/{ref}/measures/forms/{gad_ref}"
    assert "Take this imported score back" in client.get(form).get_data(as_text=True)
    assert client.post(f"{form}/take-back", data={"reason": ""}).status_code == 422
    done = client.post(
        f"{form}/take-back", data=sent() | {"version": str(gad.version)}, follow_redirects=True
    )
    shown = done.get_data(as_text=True)
    assert "Taken back: it counts nowhere" in shown
    assert "Take this imported score back" not in shown
    assert client.get(f"{form}/take-back").status_code == 404
    measures_page = client.get(f"/cases/{ref}/measures").get_data(as_text=True)
    assert ">Taken back<" in measures_page
    assert "Take 1 score back" in client.get(page).get_data(as_text=True)
    assert client.post(f"{page}/take-back", data={"reason": ""}).status_code == 422
    all_of_it = client.post(f"{page}/take-back", data=sent(), follow_redirects=True)
    assert "1 score is taken back" in all_of_it.get_data(as_text=True)
    assert {one.state for one in occasions()} == {OccasionState.WITHDRAWN}
    listed = client.get(f"/cases/{ref}/past-answers").get_data(as_text=True)
    assert "Taken back" in listed


def test_an_assessor_who_did_not_import_it_is_not_offered_it(
    app: Flask, client: PageClient
) -> None:
    people = on_record()
    take(people, GAD)
    client.sign_in(people.assessor)
    form = f"/cases/{people.case.ref}/measures/forms/{occasions()[0].ref}"
    assert "Take this imported score back" not in client.get(form).get_data(as_text=True)
    assert client.get(f"{form}/take-back").status_code == 404
    assert client.post(f"{form}/take-back", data={"reason": WHY}).status_code == 404
    assert matching(people, GAD).known
