"""The pages of the assessment, the measures, the countersignature and the release."""

from flask import Flask

from mhtr.suitability.assessment_queries import (
    latest_assessment,
    read_assessment,
    section_rows,
)
from mhtr.suitability.sections import SECTIONS, Section
from tests.suitability.browsing import as_, base, refused, send
from tests.suitability.journey import (
    People,
    fill,
    started,
)


def test_from_the_start_to_a_finished_assessment(app: Flask, people: People) -> None:
    client, path = as_(app, people.assessor), f"{base(people)}/assessment"
    page = client.page(path)
    assert send(client, f"{path}/start", page).status_code == 303
    page = client.page(f"{path}/meeting")
    assert "There is a problem" in refused(client, f"{path}/meeting", page)
    data = {
        "mode": "video",
        "met_by": str(people.assessor.ref),
        "seen_on-day": "17",
        "seen_on-month": "11",
        "seen_on-year": "2026",
    }
    assert send(client, f"{path}/meeting", page, **data).status_code == 303
    for spec in SECTIONS:
        assert spec.title in client.page(f"{path}/{spec.section.value}")
    page = client.page(f"{path}/pathway")
    answer = send(
        client,
        f"{path}/pathway",
        page,
        pathways_1="trauma_informed",
        pathways_2="cbt",
        sessions="12",
    )
    assert answer.status_code == 303
    assert "In progress" in client.page(path)
    page = client.page(f"{path}/recommendation")
    send(client, f"{path}/recommendation", page, recommendation="suitable")
    page = client.page(f"{path}/finish")
    assert "Suitable" in page
    assert "changed meanwhile" in refused(client, f"{path}/finish", page, version="999")
    assert send(client, f"{path}/finish", page).status_code == 303
    assessment = latest_assessment(people.case.id)
    assert assessment is not None
    answers = read_assessment(assessment.id)
    assert answers.get(Section.PATHWAY, "pathways") == ["trauma_informed", "cbt"]
    assert assessment.finished_at is not None
    assert "Ask for the countersignature" in client.page(path)


def test_two_tabs_lose_nothing(app: Flask, people: People) -> None:
    assessment = started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/history"
    first, second = client.page(path), client.page(path)
    assert send(client, path, first, past_treatment="typed in tab one").status_code == 303
    answer = send(client, path, second, past_treatment="typed in tab two")
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "typed in tab one" in shown
    assert "typed in tab two" in shown
    assert "Saved meanwhile by Tomasz Whitfield" in shown
    again = send(client, path, shown, past_treatment="typed in tab two")
    assert again.status_code == 303
    row = section_rows(assessment.id)[Section.HISTORY]
    assert row.answers["past_treatment"] == "typed in tab two"
    assert "typed in tab one" in client.page(path)


def test_a_refused_number_keeps_everything_typed(app: Flask, people: People) -> None:
    started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/pathway"
    shown = refused(
        client, path, client.page(path), sessions="twelve", institution="A kept institution"
    )
    assert "must be a whole number" in shown
    assert "A kept institution" in shown
    assert 'value="twelve"' in shown


def test_the_assessor_sees_what_does_not_fit_and_can_still_finish(
    app: Flask, people: People
) -> None:
    assessment = started(people)
    fill(assessment, people.assessor.id)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/exclusions"
    send(client, path, client.page(path), psychosis="yes", crisis="no", secondary_care="no")
    page = client.page(f"{base(people)}/assessment/finish")
    assert "signs of active psychosis" in page
    assert send(client, f"{base(people)}/assessment/finish", page).status_code == 303


def test_a_handover_says_who_received_it_and_when(app: Flask, people: People) -> None:
    started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/exclusions"
    given = {
        "psychosis": "no",
        "crisis": "yes",
        "secondary_care": "no",
        "handover_to": "Ngozi Bright, crisis team",
        "handover_on-day": "18",
        "handover_on-month": "11",
        "handover_on-year": "2026",
        "handover_at": "11:40",
        "psychosis_handover_to": "forgotten with its answer",
    }
    late = refused(client, path, client.page(path), **{**given, "handover_on-day": "19"})
    assert "must be today or in the past" in late
    assert send(client, path, client.page(path), **given).status_code == 303
    page = client.page(path)
    for value in ("Ngozi Bright, crisis team", 'value="11:40"', 'value="18"'):
        assert value in page
    assert "forgotten with its answer" not in page
    assert send(client, path, page, **{**given, "crisis": "no"}).status_code == 303
    assert "Ngozi Bright" not in client.page(path).partition("Earlier versions")[0]
