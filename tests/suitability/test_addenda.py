"""An addendum: his words, one at a time, taken back before it goes out, figures put right."""

import pytest
from flask import Flask

from mhtr.core import clock
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.suitability import addendum_service, report_queries
from mhtr.suitability.figures import Figures
from mhtr.suitability.models import Assessment, CountersignRequest
from mhtr.suitability.planned_sessions import proposed_sessions
from mhtr.suitability.report_content import HisAnswer, from_json
from mhtr.suitability.report_view import report_view
from mhtr.suitability.sections import Pathway
from mhtr.tasks.models import TaskKind
from tests.intake.house import open_kinds
from tests.suitability.browsing import as_, base, hidden, send
from tests.suitability.journey import (
    People,
    allocated,
    decided,
    finished,
    heard,
    released,
    requested,
    sent,
    signed,
)

TWENTY = Figures((Pathway.CBT,), 20, 12)


def out(people: People) -> Assessment:
    """A report that has gone out: 12 sessions of two treatments within 9 months."""
    assessment = signed(people)
    released(assessment, people)
    return assessment


def write(
    people: People,
    assessment: Assessment,
    *,
    answer: HisAnswer = HisAnswer.AGREES,
    words: str = "",
    figures: Figures | None = None,
) -> CountersignRequest:
    with writing():
        return addendum_service.write_addendum(
            assessment=assessment,
            text="The hearing has moved.",
            his_answer=answer,
            his_words=words,
            figures=figures,
            lead_id=None,
            by=people.assessor.id,
        )


def take_back(people: People, assessment: Assessment, by: int | None = None) -> None:
    with writing():
        addendum_service.take_back(assessment=assessment, by=by or people.assessor.id)


@pytest.mark.parametrize("answer", [HisAnswer.CORRECTIONS, HisAnswer.DISAGREES])
def test_his_corrections_are_stated_as_in_the_report(people: People, answer: HisAnswer) -> None:
    assessment = out(people)
    with pytest.raises(Refused, match="Record his words"):
        write(people, assessment, answer=answer, words=" \u200b\u2060 ")
    row = write(people, assessment, answer=answer, words="He lives in Leeds.")
    assert row.content["addendum_words"] == "He lives in Leeds."


@pytest.mark.parametrize("answer", [HisAnswer.AGREES, HisAnswer.NOT_REACHED])
def test_the_court_reads_what_he_says_of_each(app: Flask, answer: HisAnswer) -> None:
    people = allocated()
    requested(people)
    assessment = finished(people)
    decided(sent(assessment, people), people.lead.id)
    heard(assessment, people, HisAnswer.CORRECTIONS, "The evenings suit me better.")
    released(assessment, people)
    decided(write(people, assessment, answer=answer, words="Rang twice."), people.lead.id)
    content = from_json(released(assessment, people, addendum=True).content)
    assert (content.his_answer, content.his_words) == (
        HisAnswer.CORRECTIONS,
        "The evenings suit me better.",
    )
    page = as_(app, people.assessor).page(f"{base(people)}/report")
    line = "Of the addendum of 18 November 2026: he "
    assert page.count(line) >= 3, "in the paragraph, with the addendum and in its whole report"
    assert "asked for corrections, which the report states." in page
    assert "reached to read or hear this report" not in page


def test_one_that_waits_is_taken_back_and_nobody_signs_it(people: People) -> None:
    assessment = out(people)
    first = write(people, assessment)
    with pytest.raises(Refused, match="Take it back"):
        write(people, assessment)
    with pytest.raises(Refused, match="Only its author"):
        take_back(people, assessment, by=people.lead.id)
    take_back(people, assessment)
    assert not open_kinds(people.case) & {TaskKind.COUNTERSIGN, TaskKind.RELEASE}
    with pytest.raises(Refused, match="took the report back"):
        decided(first, people.lead.id)
    with pytest.raises(Refused, match="No addendum"):
        take_back(people, assessment)
    decided(write(people, assessment), people.lead.id)
    assert from_json(released(assessment, people, addendum=True).content).reference.endswith("/A1")


def test_a_signed_one_goes_out_or_is_taken_back_before_another(people: People) -> None:
    assessment = out(people)
    decided(write(people, assessment), people.lead.id)
    with pytest.raises(Refused, match="signed and not released"):
        write(people, assessment)
    take_back(people, assessment)
    assert TaskKind.RELEASE not in open_kinds(people.case)
    decided(write(people, assessment), people.lead.id)
    numbers = [from_json(released(assessment, people, addendum=True).content).reference[-2:]]
    decided(write(people, assessment), people.lead.id)
    numbers.append(from_json(released(assessment, people, addendum=True).content).reference[-2:])
    assert numbers == ["A1", "A2"]


def test_it_is_taken_back_on_the_page_of_the_release(app: Flask) -> None:
    people = allocated()
    assessment = out(people)
    write(people, assessment)
    client, page = as_(app, people.assessor), f"{base(people)}/release"
    shown = client.page(page)
    assert "Take the addendum back" in shown
    assert "One addendum at a time" in client.page(f"{page}/addendum")
    assert "Take the addendum back" not in as_(app, people.lead).page(page)
    sent = {"submission_key": hidden(shown, "submission_key")}
    assert client.post(f"{page}/addendum/take-back", data=sent).status_code == 303
    assert "Take the addendum back" not in client.page(page)
    assert "Send to the clinical lead" in client.page(f"{page}/addendum")


def test_a_figure_is_corrected_wherever_the_court_reads_it(app: Flask) -> None:
    people = allocated()
    assessment = out(people)
    page = f"{base(people)}/release/addendum"
    client = as_(app, people.assessor)
    given = {"text": "He needs more.", "answer": "agrees", "pathway_0": "cbt", "pathway_1": ""}
    shown = client.page(page)
    assert 'name="sessions"' in shown and 'value="12"' in shown
    none = send(client, page, shown, sessions="0", requirement_months="9", **given)
    assert none.status_code == 422
    done = send(client, page, shown, sessions="20", requirement_months="12", **given)
    assert done.status_code == 303
    waiting = addendum_service.under_way(assessment.id)
    assert waiting is not None
    decided(waiting, people.lead.id)
    content = from_json(released(assessment, people, addendum=True).content)
    assert content.corrected is not None and len(content.corrected) == 3
    assert "Sessions: 20, corrected from 12." in content.corrected
    view = report_view(content)
    assert view.addendum is not None
    assert view.addendum.paragraphs[-1] == "He needs more."
    assert ("Sessions", "20") in view.proposal
    day = "18 November 2026"
    as_read = client.page(f"{base(people)}/report")
    assert f"20, as corrected on {day} (in the report as released: 12)" in as_read
    paragraph = report_queries.paragraph(report_queries.releases(people.case.id))
    assert "Proposed: 20 sessions of cognitive behavioural therapy (CBT) within" in paragraph
    assert f"as corrected on {day}." in paragraph
    original = [one for one in report_queries.releases(people.case.id) if not one.row.is_addendum]
    assert original[0].content is not None and original[0].content.sessions == 12
    assert proposed_sessions([people.case.id]) == {people.case.id: 20}


def test_a_later_addendum_keeps_the_figures_that_were_corrected(people: People) -> None:
    assessment = out(people)
    decided(write(people, assessment, figures=TWENTY), people.lead.id)
    released(assessment, people, addendum=True)
    decided(write(people, assessment, figures=TWENTY), people.lead.id)
    content = from_json(released(assessment, people, addendum=True).content)
    assert (content.sessions, content.corrected) == (20, None)
    view = report_queries.as_corrected(report_queries.releases(people.case.id))
    assert view is not None
    rows = dict(view.proposal)
    assert rows["Sessions"].startswith("20, as corrected on ")
    assert rows["Length of the requirement"].startswith("12 months, as corrected on ")
    assert clock.today().year == 2026


def test_what_is_not_corrected_reads_as_before(people: People) -> None:
    assessment = out(people)
    decided(write(people, assessment), people.lead.id)
    assert from_json(released(assessment, people, addendum=True).content).corrected is None
    found = report_queries.releases(people.case.id)
    assert "as corrected" not in report_queries.paragraph(found)
    view = report_queries.as_corrected(found)
    assert view is not None and dict(view.proposal)["Sessions"] == "12"


def send_addendum(app: Flask, people: People, **data: str) -> None:
    client, page = as_(app, people.assessor), f"{base(people)}/release/addendum"
    given = {"text": "He needs more.", "answer": "agrees", "pathway_0": "cbt", "pathway_1": ""}
    shown = client.page(page)
    assert send(client, page, shown, **{**given, **data}).status_code == 303


@pytest.mark.parametrize("how", ["returned", "taken back", "signed and taken back"])
def test_one_that_came_back_is_written_on_where_it_stopped(app: Flask, how: str) -> None:
    """Neither his words nor a figure that was put right fall back to what was before."""
    people = allocated()
    assessment = out(people)
    send_addendum(app, people, sessions="20", requirement_months="12")
    waiting = addendum_service.under_way(assessment.id)
    assert waiting is not None
    if how == "returned":
        decided(waiting, people.lead.id, "Say why.")
    elif how == "signed and taken back":
        decided(waiting, people.lead.id)
    if how != "returned":
        take_back(people, assessment)
    client, page = as_(app, people.assessor), f"{base(people)}/release/addendum"
    shown = client.page(page)
    assert "He needs more.</textarea>" in shown
    assert 'value="20"' in shown and 'value="12"' in shown
    assert "Of the addendum of 18 November 2026: he read or heard it and agrees" in shown
    assert 'value="agrees" checked' not in shown, "he is asked again"
    said = {"text": "Why: work.", "answer": "agrees", "requirement_months": "12"}
    assert send(client, page, shown, sessions="20", **said).status_code == 303
    again = addendum_service.under_way(assessment.id)
    assert again is not None and again.content["sessions"] == 20
    decided(again, people.lead.id)
    released(assessment, people, addendum=True)
    assert addendum_service.came_back(assessment.id) is None
    assert "Why: work." not in client.page(page)


def test_the_lead_says_what_is_to_change_in_the_addendum(app: Flask) -> None:
    people = allocated()
    assessment = out(people)
    send_addendum(app, people)
    client, page = as_(app, people.lead), f"{base(people)}/countersign"
    shown = client.page(page)
    assert "What the addendum says</label>" in shown
    assert 'name="comment_conditions"' not in shown, "the report's sections change no more"
    done = send(client, page, shown, action="return", comment_addendum_text="Say why.")
    assert done.status_code == 303
    form = as_(app, people.assessor).page(f"{base(people)}/release/addendum")
    assert "What the addendum says: Say why." in form
    assert addendum_service.under_way(assessment.id) is None
