"""Scores of a pack that was deleted are shown as they were kept, and no page fails over them."""

from datetime import date

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import select, update

from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks.models import Task, TaskState
from outcome_measures.definitions import AnswerState
from outcome_measures.instruments.registry import INSTRUMENTS, recorded
from outcome_measures.models import (
    AnswerCorrection,
    MeasureContact,
    MeasureFlag,
    MeasureMode,
    MeasureOccasion,
)
from outcome_measures.reading.queries import points_of
from outcome_measures.recording import ending, service
from outcome_measures.recording.contacts import close
from outcome_measures.scores.score import NOT_INSTALLED
from outcome_measures.scores.scoring import typed_score
from tests.outcome_measures.treatment import (
    contact,
    correct,
    forms,
    phq,
    risk_tasks,
    said,
    save,
    sentenced,
    submit,
    type_total,
)
from tests.pages import PageClient
from tests.suitability.browsing import as_, base
from tests.suitability.journey import People

GONE = "gone1"
NAME = "GONE1"


@pytest.fixture
def people(app: Flask) -> People:
    return sentenced()


@pytest.fixture
def client(app: Flask, people: People) -> PageClient:
    return as_(app, people.assessor)


def deleted(instrument: str = "phq9") -> None:
    """From now on this measure is on record and its pack is not there."""
    assert GONE not in INSTRUMENTS
    with writing():
        for table in (MeasureOccasion, MeasureFlag):
            db.session.execute(
                update(table).where(table.instrument == instrument).values(instrument=GONE)
            )


def ways(people: People) -> dict[str, MeasureOccasion]:
    """One form of each kind, at three contacts."""
    made = {
        "answered": contact(people, 1, on=date(2026, 11, 2)),
        "typed": contact(people, 2, on=date(2026, 11, 9)),
        "begun": contact(people, 3, on=date(2026, 11, 16)),
    }
    found = {name: forms(one)["phq9"] for name, one in made.items()}
    submit(people, found["answered"], phq(said(2)))
    correct(people, found["answered"], 9, said(1))
    type_total(people, found["typed"], 12)
    save(people, found["begun"], {1: said(1), 9: said(3)})
    with writing():
        typed = db.session.get_one(MeasureOccasion, found["typed"].id)
        typed.typed_parts = {"clarity": 5}
        db.session.add(
            AnswerCorrection(
                occasion_id=typed.id,
                item=-1,
                before_state=AnswerState.ANSWERED,
                before_value=4,
                by_id=people.assessor.id,
                reason="Read wrong",
            )
        )
    deleted()
    return found


def paths_of(people: People, found: dict[str, MeasureOccasion]) -> list[str]:
    case = base(people)
    contacts = db.session.scalars(select(MeasureContact.ref))
    flags = db.session.scalars(select(MeasureFlag.ref))
    return [
        *(f"{case}/measures/answers/{one.ref}" for one in found.values()),
        *(f"{case}/measures/forms/{one.ref}" for one in found.values()),
        *(f"{case}/measures/contacts/{ref}" for ref in contacts),
        *(f"{case}/measures/flags/{ref}" for ref in flags),
        *(f"/tasks/{task.ref}" for task in risk_tasks()),
        *(case + end for end in ("", "/measures", "/risk", "/past-answers", "/measures/goals")),
        *("/today", "/measures/caseload", "/measures/past-answers"),
        *(f"/worklists/{name}" for name in ("risk", "measures", "flags", "tasks")),
    ]


def test_no_page_fails_over_it(client: PageClient, people: People) -> None:
    found = ways(people)
    for path in paths_of(people, found):
        client.page(path)
    client.sign_in(people.lead)
    for path in ("/measures/supervision", "/measures/report", "/worklists/flags"):
        client.page(path)


def test_what_was_recorded_is_shown_as_it_was_kept(client: PageClient, people: People) -> None:
    found = ways(people)
    page = client.page(f"{base(people)}/measures")
    assert f'id="{GONE}">{NAME}' in page
    assert f"{NAME}: this measure is no longer installed; what was recorded is shown as" in page
    assert "<strong>12</strong>" in page and "9 Nov 2026" in page
    assert "9 answers kept" in page and "2 answers kept" in page
    assert f"/{GONE}/chart" not in page
    page = client.page(f"{base(people)}/measures/answers/{found['typed'].ref}")
    assert "<strong>12</strong> (total typed in)" in page
    assert f"{NOT_INSTALLED}: its total of 12, clarity 5 is shown as it was typed in." in page
    assert "out of" not in page
    page = client.page(f"{base(people)}/measures/answers/{found['answered'].ref}")
    assert f"{NOT_INSTALLED}: its answers are shown as they were given, without a total." in page
    assert "Question 9" in page and "Question 11" not in page
    page = client.page(base(people))
    assert f"{NAME} asked" in page and NOT_INSTALLED in page


def test_nothing_can_be_written_to_it(client: PageClient, people: People) -> None:
    found = ways(people)
    for name, form in found.items():
        path = f"{base(people)}/measures/forms/{form.ref}"
        page = client.page(path)
        assert NOT_INSTALLED in page and "/correct" not in page and "Go on with it" not in page
        for end in ("", "/total", "/total/correct", "/correct/9", "/go-on"):
            posted = client.post(path + end, data={"item_9": "3", "version": str(form.version)})
            assert posted.status_code == 404, (name, end)


def test_a_review_of_its_answer_still_says_what_it_is_about(
    client: PageClient, people: People
) -> None:
    ways(people)
    first, *_ = risk_tasks()
    page = client.page(f"/tasks/{first.ref}")
    assert "Sign of risk: harm to himself</h1>" in page
    assert f"{NAME}, question 9" in page


def of_the_whole(found: MeasureOccasion) -> list[Task]:
    return [
        task for task in risk_tasks() if task.key.startswith(f"risk:occasion:{found.id}:item:0")
    ]


def test_one_left_open_that_ends_with_its_contact_is_looked_at(
    client: PageClient, people: People
) -> None:
    """Nobody knows which of its questions ask about risk: a clinician reads its answers."""
    begun = ways(people)["begun"]
    assert of_the_whole(begun) == []
    with writing():
        made = db.session.get_one(MeasureContact, begun.contact_id)
        done = close(contact_id=made.id, unfinished=True, version=made.version, by=people.lead.id)
    (task,) = of_the_whole(begun)
    assert not done.closed and task in done.waiting
    assert task.state is TaskState.OPEN and task.owner_staff_id is not None
    page = client.page(f"/tasks/{task.ref}")
    assert "nobody knows which of its questions ask about risk" in page
    assert "harm to himself" not in page and f"{base(people)}/measures" in page
    for path in ("/today", "/worklists/risk"):
        client.page(path)
    page = client.page(f"{base(people)}/risk")
    assert "Question 9: 3" in page and "Question 2" not in page


def test_one_left_open_that_expires_is_looked_at(people: People, set_clock: SetClock) -> None:
    begun = ways(people)["begun"]
    set_clock.advance(days=9)
    with writing():
        assert ending.expire(clock.now()) == 4
    (task,) = of_the_whole(begun)
    assert task.state is TaskState.OPEN and task.owner_staff_id is not None


def test_one_that_was_never_begun_is_looked_at_too(people: People, set_clock: SetClock) -> None:
    """A question about risk may be among those without an answer."""
    silent = forms(contact(people, 1))["phq9"]
    deleted()
    set_clock.advance(days=9)
    with writing():
        assert ending.expire(clock.now()) == 2  # the GAD-7 of that contact too
    assert len(of_the_whole(silent)) == 1


def test_one_that_is_corrected_is_looked_at(people: People) -> None:
    answered = ways(people)["answered"]
    correct(people, db.session.get_one(MeasureOccasion, answered.id), 2, said(3))
    assert len(of_the_whole(answered)) == 1


def test_one_of_the_assessment_is_shown_too(client: PageClient, people: People) -> None:
    with writing():
        service.open_occasion(
            case_id=people.case.id,
            context="assessment:gone",
            instrument="pcl5",
            mode=MeasureMode.PAPER,
            asked_on=people.case.created_at.date(),
            by=people.assessor.id,
        )
    deleted("pcl5")
    assert NAME in client.page(f"{base(people)}/measures")


def test_a_typed_total_stays_a_point_and_answers_have_none(people: People) -> None:
    ways(people)
    totals = [p.total for p in points_of([people.case.id])[people.case.id] if p.instrument == GONE]
    assert totals == [None, 12]


def test_a_total_and_its_parts_are_taken_as_they_are(app: Flask) -> None:
    kept = typed_score(recorded(GONE), 777_777, {"anything": -3})
    assert (kept.total, kept.complete, kept.band, kept.subscales) == (777_777, True, None, ())
    assert kept.typed_in


def test_a_flag_of_it_says_what_it_said(client: PageClient, people: People) -> None:
    ways(people)
    flag = db.session.scalars(select(MeasureFlag).where(MeasureFlag.instrument == GONE)).first()
    assert flag is not None
    page = client.page(f"{base(people)}/measures/flags/{flag.ref}")
    assert flag.said is not None
    assert escape(flag.said["reason"]) in page
