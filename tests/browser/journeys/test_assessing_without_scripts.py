"""An assessment from its start to the request for a countersignature, where no script runs."""

from mhtr.core.database import db
from mhtr.suitability.models import CountersignRequest
from mhtr.suitability.sections import SECTIONS, Question, QuestionKind, Section, SectionSpec
from tests.browser.journeys.programme import Programme
from tests.browser.person import Person
from tests.suitability.journey import good_answer


def answers(person: Person, question: Question) -> None:
    """One question of a section, as somebody who finds him suitable."""
    given = good_answer(question, f"{question.label} is answered.")
    page = person.page
    if question.kind is QuestionKind.CHOICES:
        for number, value in enumerate(given, 1):
            page.locator(f'[name="{question.key}_{number}"]').select_option(value=value)
    elif question.kind in (QuestionKind.CHOICE, QuestionKind.YES_NO):
        value = given if isinstance(given, str) else ("yes" if given else "no")
        page.locator(f'[name="{question.key}"][value="{value}"]').check()
    else:
        page.locator(f'[name="{question.key}"]').fill(str(given))


def takes_measure(person: Person, name: str, items: int) -> None:
    """A questionnaire, item by item."""
    person.clicks(f"Ask the questions of {name}").arrives_at(name)
    for number in range(1, items + 1):
        value = "0" if name == "PHQ-9" and number == 9 else "1"
        person.page.locator(f'[name="item_{number}"][value="{value}"]').check()
    if person.page.locator('[name="item_10"]').count():
        person.page.locator('[name="item_10"][value="1"]').check()
    person.clicks("Submit the answers").sees("out of")


def fills(person: Person, spec: SectionSpec, home: str) -> None:
    """One section of the task list."""
    person.goes_to(f"{home}/{spec.section.value}").arrives_at(spec.title)
    if spec.section is Section.MEASURES:
        takes_measure(person, "PHQ-9", 9)
        person.goes_to(f"{home}/{spec.section.value}")
        takes_measure(person, "GAD-7", 7)
        return
    for question in spec.questions:
        if question.needed_if is None:
            answers(person, question)
    person.clicks("Save", role="button", exact=True).arrives_at("Assessment")


def test_a_whole_assessment(programme: Programme, without_scripts: Person) -> None:
    people = programme.asked()
    db.session.rollback()
    person, home = without_scripts, f"/cases/{people.case.ref}/assessment"
    person.signs_in_as("assessor").goes_to(home).clicks("Start the assessment", role="button")
    person.arrives_at("How and when he was assessed")
    person.page.locator('[name="mode"]').first.check()
    person.types_date("Day you saw or spoke with him", 17, 11, 2026)
    person.clicks("Save", role="button", exact=True).arrives_at("Assessment")
    for spec in SECTIONS:
        fills(person, spec, home)
    person.goes_to(f"{home}/finish").arrives_at("Finish the assessment")
    person.clicks("Finish the assessment", role="button")
    person.starts_counting().clicks("Ask for the countersignature")
    person.clicks("Send to the clinical lead").sees("with the clinical lead").within(2)
    db.session.rollback()
    assert db.session.query(CountersignRequest).count() == 1
