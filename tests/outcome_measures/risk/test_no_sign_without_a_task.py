"""Whenever a form has ended with a sign of risk, a review is open or was closed on that answer."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.jobs.table import JOBS, run
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskState
from outcome_measures.definitions import Answer
from outcome_measures.models import MeasureContact, MeasureOccasion, OccasionState
from outcome_measures.recording import ending
from outcome_measures.recording.service import look_at_unfinished
from outcome_measures.risk.reviews import KNOWS, responses_of, reviews, risk_key
from outcome_measures.risk.service import NotSaved, look_at_unsaved
from tests.counts import count
from tests.outcome_measures.treatment import (
    DECLINED,
    NOT_REACHED,
    SKIPPED,
    close,
    contact,
    correct,
    forms,
    phq,
    said,
    save,
    sentence,
    sentenced,
    submit,
)
from tests.suitability.journey import People, allocated

EXPIRE = next(job for job in JOBS if job.name == "expire_measures")
DONE, CLOSE, LEAVE, GO_ON, SILENT = "done", "close", "expire", "go on", "treatment over"
Step = str | tuple[str, Answer | None]
ANSWERS = (said(0), said(1), said(3), DECLINED, SKIPPED, None)


class Man:
    """One form of one man, and what every review of its item 9 knew when it was closed."""

    def __init__(self, people: People) -> None:
        made = db.session.scalar(select(func.count(MeasureContact.id))) or 0
        day = clock.today() - timedelta(days=made)
        self.people = people
        self.contact = contact(people, None, on=day, instruments=("phq9",))
        self.form = forms(self.contact)["phq9"]
        self.knew: list[Answer] = []

    @property
    def now(self) -> Answer:
        db.session.refresh(self.form)
        return responses_of(self.form).get(9, NOT_REACHED)

    @property
    def reviews(self) -> list[Task]:
        return reviews(risk_key(self.form.id, 9))

    def is_looked_at(self) -> bool:
        return any(task.state is TaskState.OPEN for task in self.reviews)

    def take(self, step: Step) -> None:
        """Do one thing; what cannot be done at this point is refused and changes nothing."""
        try:
            if isinstance(step, tuple):
                self._answer(*step)
            elif step == DONE:
                self._done()
            elif step == CLOSE:
                close(self.people, self.contact, unfinished=True)
            else:
                self._end(step)
        except Refused:
            db.session.rollback()

    def _answer(self, how: str, answer: Answer | None) -> None:
        if how == "correct":
            correct(self.people, self.form, 9, answer or NOT_REACHED)
        else:
            {"save": save, "submit": submit}[how](self.people, self.form, phq(answer))

    def _done(self) -> None:
        for task in self.reviews:
            if task.state is TaskState.OPEN:
                self.knew.append(self.now)
                with writing():
                    tasks.finish(task, by=self.people.assessor.id, outcome="Spoke", plan="Plan")

    def _end(self, step: str) -> None:
        if step == GO_ON:
            with writing():
                db.session.refresh(self.form)
                by = self.people.assessor.id
                ending.go_on(self.form, version=self.form.version, by=by)
        elif step == SILENT:
            with writing():
                look_at_unfinished(case_id=self.people.case.id, by=None)
        else:
            with writing():
                key = db.session.get_one(MeasureOccasion, self.form.id)
                key.kept_at = clock.now() - timedelta(days=30)
            run(EXPIRE)

    def check(self, steps: Sequence[Step]) -> None:
        answer = self.now
        if self.form.state is OccasionState.OPEN or answer == said(0):
            return
        assert self.is_looked_at() or self.knew[-1:] == [answer], (steps, answer, self.knew)


KEPT, TAKEN_BACK = ("save", said(1)), ("save", None)
ENDS: tuple[Step, ...] = (("submit", None), CLOSE, LEAVE, SILENT)


@pytest.mark.parametrize("end", ENDS, ids=str)
def test_an_answer_taken_back_after_its_review_opens_another_when_the_form_ends(
    app: Flask, end: Step
) -> None:
    man = Man(sentenced())
    for step in (KEPT, DONE, TAKEN_BACK):
        man.take(step)
    assert not man.is_looked_at(), "on a draft silence says nothing yet"
    man.take(end)
    assert man.is_looked_at()
    if end == CLOSE:
        assert man.contact.closed_at is None, "the contact waits for it"


@pytest.mark.parametrize("end", ENDS, ids=str)
def test_the_answer_a_review_was_closed_on_opens_no_second_one(app: Flask, end: Step) -> None:
    man = Man(sentenced())
    for step in (KEPT, TAKEN_BACK, DONE, end):
        man.take(step)
    assert len(man.reviews) == 1


@pytest.mark.parametrize("blank", [False, True])
def test_silence_that_was_looked_at_and_then_answered_and_taken_back(
    app: Flask, blank: bool
) -> None:
    """The first review knew silence, the last one an answer: silence is looked at again."""
    man = Man(sentenced())
    for step in (LEAVE, DONE, GO_ON, KEPT, DONE, *((TAKEN_BACK,) if blank else ()), LEAVE):
        man.take(step)
    assert man.is_looked_at() is blank


def test_a_review_keeps_the_answer_on_record_while_it_is_open(app: Flask) -> None:
    man = Man(sentenced())
    for step in (KEPT, ("save", said(3)), DONE, ("save", said(0))):
        man.take(step)
    (review,) = man.reviews
    assert review.about == {"to": "self", KNOWS: {"state": "answered", "value": 3}}


@pytest.mark.parametrize("taken_back", [False, True])
def test_a_review_closed_before_reviews_kept_what_they_knew(app: Flask, taken_back: bool) -> None:
    man = Man(sentenced())
    for step in (KEPT, DONE):
        man.take(step)
    with writing():
        for task in man.reviews:
            task.about = {"to": "self"}
    if taken_back:
        man.take(TAKEN_BACK)
    man.take(LEAVE)
    assert man.is_looked_at() is taken_back


def test_what_was_typed_and_refused_is_looked_at_where_the_review_knew_another(app: Flask) -> None:
    man = Man(sentenced())
    for step in (KEPT, DONE, TAKEN_BACK):
        man.take(step)
    with writing():
        look_at_unsaved(
            case_id=man.people.case.id,
            context=man.contact.context,
            instrument="phq9",
            answers=phq(None),
            submitted=True,
            why=NotSaved.REFUSED,
            by=man.people.assessor.id,
        )
    unsaved = select(Task).where(Task.key.startswith("risk:unsaved:"))
    assert [task.state for task in db.session.scalars(unsaved)] == [TaskState.OPEN]


@pytest.fixture
def man_on_either(either_app: Flask) -> People:
    return sentence(allocated(), on=clock.today() - timedelta(days=600))


answered = st.tuples(st.sampled_from(["save", "submit", "correct"]), st.sampled_from(ANSWERS))
ways = st.lists(
    st.one_of(answered, st.sampled_from([DONE, DONE, DONE, CLOSE, LEAVE, GO_ON, SILENT])),
    max_size=9,
)


@settings(
    max_examples=count(25, 300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=ways)
@example(steps=[KEPT, DONE, TAKEN_BACK, ("submit", None), CLOSE])
@example(steps=[KEPT, DONE, TAKEN_BACK, CLOSE])
@example(steps=[KEPT, DONE, TAKEN_BACK, LEAVE])
@example(steps=[LEAVE, DONE, GO_ON, KEPT, DONE, TAKEN_BACK, LEAVE])
@example(steps=[("submit", said(1)), DONE, ("correct", said(0)), ("correct", None), DONE])
def test_no_way_of_answering_leaves_a_sign_nobody_was_told_of(
    man_on_either: People, steps: list[Step]
) -> None:
    man = Man(man_on_either)
    for step in steps:
        man.take(step)
        man.check(steps)
