"""Past scores at a browser: a file chosen, looked at, put right, taken; then the past answers."""

from datetime import date

import pytest
from sqlalchemy import select

from mhtr.core.database import db
from mhtr.tasks.models import Task, TaskKind, TaskState
from outcome_measures.models import MeasureOccasion, OccasionState
from tests.browser.journeys.programme import CRN, Programme
from tests.browser.person import Person
from tests.outcome_measures.treatment import sentence
from tests.suitability.journey import People

SENTENCED_ON = date(2026, 9, 28)
HEAD = "crn,born,date,measure,items,total,session_number,subscale_clarity,subscale_goals"


@pytest.fixture
def people(programme: Programme) -> People:
    """A man whose requirement had been running for a week on the day of the scores."""
    made = sentence(programme.allocated(), on=SENTENCED_ON)
    db.session.rollback()
    return made


def row(people: People, measure: str, *, day: str, items: str = "", rest: str = ",,,") -> str:
    return f"{CRN},{people.case.person.born},{day},{measure},{items},{rest}"


def chooses_file(person: Person, *rows: str) -> None:
    """A file from his own machine."""
    person.interactions += 1
    content = "\r\n".join([HEAD, *rows, ""]).encode()
    person.page.get_by_label("CSV file").set_input_files(
        {"name": "past.csv", "mimeType": "text/csv", "buffer": content}
    )


def taken() -> dict[str, MeasureOccasion]:
    db.session.rollback()
    return {one.instrument: one for one in db.session.scalars(select(MeasureOccasion))}


def test_a_file_is_looked_at_put_right_and_taken_and_its_answers_looked_at(
    people: People, person: Person
) -> None:
    phq = row(people, "PHQ-9", day="2026-10-05", items="1;1;1;1;1;1;1;1;2", rest=",1,,")
    gad = row(people, "GAD-7", day="2026-10-05", items="1;1;1;1;1;1;1;9", rest=",1,,")
    ders = row(people, "DERS-16", day="2026-10-05", rest="20,,9,9")
    person.signs_in_as("clinical_lead").goes_to("/measures/supervision")
    person.clicks("Import past scores").arrives_at("Import past scores")
    person.clicks("Look at the file", role="button").sees("Choose a CSV file")
    chooses_file(person, phq, gad, ders)
    person.clicks("Look at the file", role="button").arrives_at("Check the file")
    person.sees("1 will be taken", "2 will be left out", "PHQ-9")
    person.sees("Tunde Okafor", "To be looked at", "Line 3", "Line 4")
    person.sees("GAD-7 has 7 scored questions; here are 8")
    person.sees("with the subscales beside it, it must be from")
    assert taken() == {}, "nothing is taken before he says so"
    person.clicks("Take 1 score", role="button").arrives_at("Result of the import")
    person.sees("Refused rows", "Line 3", "Line 4")
    assert set(taken()) == {"phq9"}

    person.clicks("Import past scores").arrives_at("Import past scores")
    person.sees("past.csv", "1 taken, 2 refused")
    right = gad.replace(";9,", ",")
    chooses_file(person, phq, right, ders.replace("20,", "36,"))
    person.clicks("Look at the file", role="button").arrives_at("Check the file")
    person.sees("2 will be taken", "1 will be left as they are", "36 (total and 2 parts)")
    person.clicks("Take 2 scores", role="button").arrives_at("Result of the import")
    found = taken()
    assert found["gad7"].historic and len(found["gad7"].answers) == 7
    assert found["ders16"].typed_total == 36
    assert found["ders16"].typed_parts == {"clarity": 9, "goals": 9}

    person.clicks("Past answers to look at").arrives_at("Past answers to look at")
    person.clicks("Tunde Okafor").arrives_at("Past answers")
    person.sees("Harm to himself: question 9 was answered “More than half the days”.")
    person.clicks("Record that I looked at these", role="button").sees("There is a problem")
    person.types("What you found and what you did", "Asked him: no thoughts now. Plan stands.")
    person.clicks("Record that I looked at these", role="button")
    person.arrives_at("Past answers to look at").sees("No past answers are waiting.")
    person.picks("Show", "Looked at").clicks("Show", role="button", exact=True)
    person.sees("Tunde Okafor").clicks("Read").arrives_at("Past answers")
    person.sees("Looked at before", "Plan stands.")
    db.session.rollback()
    tasks = db.session.scalars(select(Task).where(Task.case_id == people.case.id)).all()
    assert [t.state for t in tasks if t.kind is TaskKind.PAST_ANSWER] == [TaskState.DONE]
    assert not [t for t in tasks if t.kind is TaskKind.RISK_REVIEW], "nothing is escalated"


def test_a_file_is_thrown_away(people: People, person: Person) -> None:
    person.signs_in_as("clinical_lead").goes_to("/measures/past-scores")
    chooses_file(person, row(people, "PHQ-9", day="2026-10-05", rest="12,,,"))
    person.clicks("Look at the file", role="button").arrives_at("Check the file")
    person.sees("12 (total only)").clicks("Throw the file away", role="button")
    person.arrives_at("Import past scores").sees("The file was thrown away. Nothing was taken.")
    assert taken() == {}


def test_a_day_before_his_case_is_refused_and_a_score_is_taken_back(
    people: People, person: Person
) -> None:
    right = row(people, "GAD-7", day="2026-10-05", rest="12,1,,")
    early = row(people, "PHQ-9", day="2026-09-27", rest="12,,,")
    person.signs_in_as("clinical_lead").goes_to("/measures/past-scores")
    chooses_file(person, right, early)
    person.clicks("Look at the file", role="button").sees("1 will be taken", "1 will be left out")
    person.sees("His case began on 28 September 2026: this day lies before it")
    person.clicks("Take 1 score", role="button").arrives_at("Result of the import")
    person.clicks("GAD-7 of Tunde Okafor").clicks("Take this imported score back")
    person.arrives_at("Take GAD-7 of 5 October 2026 back")
    person.clicks("Take it back", role="button").sees("Say why it is taken back")
    assert taken()["gad7"].state is OccasionState.SUBMITTED
    person.types("Why is it taken back?", "The form of another man")
    person.clicks("Take it back", role="button").arrives_at("GAD-7")
    person.sees("The form of another man", "Taken back: it counts nowhere.")
    assert taken()["gad7"].state is OccasionState.WITHDRAWN
