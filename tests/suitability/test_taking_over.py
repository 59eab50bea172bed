"""An assessment whose author cannot go on is taken over, finished, and signed by somebody else."""

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.intake import triage
from mhtr.intake.giving_case import GIVEN_TO_ANOTHER
from mhtr.intake.queries import referral_of
from mhtr.suitability import assessment_service, countersign_service, meeting_service
from mhtr.suitability.assessment_queries import author_ids, section_rows, written_version
from mhtr.suitability.countersign_queries import leads_for
from mhtr.suitability.models import Assessment, SectionRevision, Verdict
from mhtr.suitability.report_content import HowAssessed
from mhtr.suitability.sections import Section
from mhtr.suitability.taking_over import TOLD, take_over, to_confirm
from mhtr.suitability.taking_over_rules import look_through_words
from mhtr.tasks.models import TaskKind
from tests.makers import make_staff
from tests.pages import PageClient
from tests.suitability.browsing import as_, base, send
from tests.suitability.journey import (
    People,
    allocated,
    decided,
    fill,
    finish,
    finished,
    sent,
    started,
)
from tests.suitability.requesting import ask, tasks_of, told
from tests.suitability.test_after_court import referral_for


def colleague(people: People, *roles: Role) -> Staff:
    trust = people.assessor.organisation
    return make_staff(*(roles or (Role.ASSESSOR,)), organisation=trust, name="Ifeoma Brandt")


def give_to(people: People, staff: Staff) -> None:
    with writing():
        case = cases.lock(people.case.id)
        if referral_of(case.id) is None:
            referral_for(case.id, people.assessor)
        triage.allocate(
            case_id=case.id, version=case.version, assessor_id=staff.id, by=people.lead.id
        )


def hold(people: People, staff: Staff) -> None:
    """The case stands in his name, without a word on record."""
    case_id, staff_id = people.case.id, staff.id
    with writing():
        cases.lock(case_id).assessor_id = staff_id


def take(assessment: Assessment, by: Staff) -> None:
    with writing():
        version = written_version(assessment)
        take_over(assessment=assessment, version=version, by=by.id)


def unlooked(assessment: Assessment) -> tuple[Section, ...]:
    facts = cases.facts_of(assessment.case_id)
    return to_confirm(assessment, section_rows(assessment.id), facts)


def save_all_again(assessment: Assessment, by: Staff) -> None:
    for section, row in section_rows(assessment.id).items():
        with writing():
            assessment_service.save_section(
                assessment, section, row.answers, version=row.version, by=by.id
            )


def handed_on(people: People, set_clock: SetClock) -> tuple[Assessment, Staff]:
    """Written by its author; then the case is somebody else's."""
    ask(people.case.id, people.psr_author.id)
    assessment, other = started(people), colleague(people)
    fill(assessment, people.assessor.id)
    set_clock.advance(hours=2)
    give_to(people, other)
    set_clock.advance(hours=1)
    return assessment, other


def test_whoever_has_the_case_takes_it_over_and_finishes_it(
    either_app: Flask, set_clock: SetClock
) -> None:
    people = allocated()
    assessment, other = handed_on(people, set_clock)
    first = people.assessor.id
    take(assessment, other)
    assert assessment.author_id == other.id
    (fact,) = [
        each
        for each in cases.facts_of(people.case.id)
        if each.kind is FactKind.ASSESSMENT_TAKEN_OVER
    ]
    assert (fact.by_id, fact.detail) == (other.id, {"from_id": first})
    assert TOLD in told(people.assessor)
    assert set(unlooked(assessment)) == set(section_rows(assessment.id))
    people.assessor = other
    with pytest.raises(Refused, match="Look through what was written before you took over"):
        finish(assessment, people)
    set_clock.advance(minutes=20)
    save_all_again(assessment, other)
    assert unlooked(assessment) == ()
    rows = section_rows(assessment.id)
    assert {row.saved_by for row in rows.values()} == {other.id}
    kept = db.session.scalars(db.select(SectionRevision.saved_by)).all()
    assert set(kept) == {first}, "what was saved stays with whoever saved it"
    finish(assessment, people)
    waiting = sent(assessment, people)
    decided(waiting, people.lead.id)


def test_all_who_were_its_author_count_as_authors(either_app: Flask, set_clock: SetClock) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    # She is a lead as well, and saved nothing before the case went to somebody else.
    roles = (Role.ASSESSOR, Role.CLINICAL_LEAD)
    both = make_staff(
        *roles, organisation=people.assessor.organisation, name="Dr Pia Moss", hcpc="PYL000777"
    )
    give_to(people, both)
    with writing():
        made = assessment_service.start(case_id=people.case.id, by=both.id)
    other = people.assessor
    set_clock.advance(hours=1)
    give_to(people, other)
    take(made, other)
    assert {both.id, other.id} <= author_ids(made.id)
    assert both.id not in {lead.id for lead in leads_for(made)}
    with writing():
        meeting_service.add(
            made,
            how=HowAssessed.VIDEO,
            on=set_clock.now().date(),
            met_by=other.id,
            version=made.version,
            by=other.id,
        )
    fill(made, other.id)
    finish(made, people)
    waiting = sent(made, people)
    with pytest.raises(Refused, match="You wrote this report"), writing():
        countersign_service.decide(
            request=waiting,
            verdict=Verdict.COUNTERSIGNED,
            comments={},
            content_hash=waiting.content_hash,
            by=both.id,
        )


def test_nobody_else_takes_it_over(app: Flask, set_clock: SetClock) -> None:
    people = allocated()
    assessment, other = handed_on(people, set_clock)
    with pytest.raises(Refused, match="to whom the case is allocated"):
        take(assessment, people.lead)
    with pytest.raises(Refused, match="yours already"):
        take(assessment, people.assessor)
    with pytest.raises(Stale), writing():
        take_over(assessment=assessment, version=written_version(assessment) - 1, by=other.id)
    assert assessment.author_id == people.assessor.id
    take(assessment, other)


def test_a_finished_one_is_reopened_first(app: Flask, set_clock: SetClock) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    assessment, other = finished(people), colleague(people)
    set_clock.advance(hours=1)
    give_to(people, other)
    with pytest.raises(Refused, match="Reopen it first"):
        take(assessment, other)
    page = as_(app, other).page(f"{base(people)}/assessment")
    assert "Take over this assessment" not in page
    with writing():
        assessment_service.reopen(assessment=assessment, version=assessment.version, by=other.id)
    take(assessment, other)


def test_what_came_back_from_the_lead_is_his(app: Flask, set_clock: SetClock) -> None:
    people = allocated()
    ask(people.case.id, people.psr_author.id)
    assessment, other = finished(people), colleague(people)
    decided(sent(assessment, people), people.lead.id, comment="Say more")
    set_clock.advance(hours=1)
    give_to(people, other)
    take(assessment, other)
    (task,) = tasks_of(people.case.id, TaskKind.REVISE)
    assert task.owner_staff_id == other.id


def test_the_pages_lead_through_it(app: Flask, set_clock: SetClock) -> None:
    people = allocated()
    assessment, other = handed_on(people, set_clock)
    page = as_(app, people.lead).page(f"{base(people)}/assessment/finish")
    assert "a clinical lead allocates the case to another assessor" in page
    assert "Take over this assessment" not in page
    client = as_(app, other)
    for path in ("assessment", "assessment/finish"):
        page = client.page(f"{base(people)}/{path}")
        assert "Take over this assessment" in page
        assert "Tomasz Whitfield is its author, and the case is allocated to you" in page
    answer = send(client, f"{base(people)}/assessment/take-over", page)
    assert answer.status_code == 303
    page = client.page(f"{base(people)}/assessment")
    assert "taken over from Tomasz Whitfield on 18 November 2026" in page
    assert page.count("To look through") == len(Section)
    assert "Take over this assessment" not in page
    part = f"{base(people)}/assessment/gp"
    page = client.page(part)
    assert "Written by Tomasz Whitfield before the assessment was taken over" in page
    assert look_through_words([Section.GP])[:30] in client.page(f"{base(people)}/assessment/finish")
    set_clock.advance(minutes=5)
    assert send(client, part, page, gp="registered").status_code == 303
    assert "Written by Tomasz" not in client.page(part)
    assert "From Tomasz Whitfield" in client.page(base(people))


def test_saved_by_himself_the_same_answers_are_saved_once(app: Flask, set_clock: SetClock) -> None:
    people = allocated()
    assessment, other = handed_on(people, set_clock)
    take(assessment, other)
    save_all_again(assessment, other)
    before = {section: row.version for section, row in section_rows(assessment.id).items()}
    set_clock.advance(minutes=1)
    save_all_again(assessment, other)
    assert {s: row.version for s, row in section_rows(assessment.id).items()} == before


def test_who_has_the_case_no_more_is_told_and_writes_no_more(
    either_app: Flask, set_clock: SetClock
) -> None:
    people = allocated()
    assessment, other = handed_on(people, set_clock)
    first = people.assessor.id
    assert GIVEN_TO_ANOTHER in told(people.assessor)
    assert GIVEN_TO_ANOTHER not in told(other)
    row = section_rows(assessment.id)[Section.HISTORY]
    for step in (
        lambda: assessment_service.save_section(
            assessment, Section.HISTORY, {}, version=row.version, by=first
        ),
        lambda: assessment_service.finish(
            assessment=assessment, version=written_version(assessment), by=first
        ),
        lambda: meeting_service.remove(assessment, 1, version=assessment.version, by=first),
    ):
        with pytest.raises(Refused, match="given to another assessor after you began"), writing():
            step()
    give_to(people, people.assessor)  # back: it is his again
    with writing():
        assessment_service.save_section(
            assessment, Section.HISTORY, {}, version=row.version, by=first
        )


def test_a_colleague_who_began_what_was_anothers_goes_on(app: Flask) -> None:
    people = allocated()
    other = colleague(people)
    people.assessor, had_it = other, people.assessor
    hold(people, other)
    assessment = started(people)
    hold(people, had_it)  # as where he began before he was asked to take the case over
    assert people.case.assessor_id == had_it.id
    with writing():
        assessment_service.save_section(assessment, Section.HISTORY, {}, version=0, by=other.id)


def test_his_page_says_who_has_it_now(client: PageClient, set_clock: SetClock) -> None:
    people = allocated()
    _, other = handed_on(people, set_clock)
    client.sign_in(people.assessor)
    page = client.page(f"{base(people)}/assessment")
    assert f"The case was given to {other.name} after you began." in page
    assert "assessment/finish" not in page
    assert f"{other.name} takes it over" in client.page(f"{base(people)}/assessment/finish")
