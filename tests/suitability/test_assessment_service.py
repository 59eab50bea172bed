"""The assessment: saved section by section, two tabs lose nothing, finished by its author."""

from datetime import date

import pytest
from flask import Flask

from mhtr.cases import rules as case_rules
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState, FactKind, ReportProgress, StageOfCase
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.suitability import assessment_service as service
from mhtr.suitability import meeting_service
from mhtr.suitability.assessment_content import build_report
from mhtr.suitability.assessment_preview import growing_report
from mhtr.suitability.assessment_queries import (
    author_ids,
    latest_assessment,
    read_assessment,
    section_rows,
    versions,
    written_version,
)
from mhtr.suitability.assessment_steps import ABOUT_THE_REPORT, closed_sections
from mhtr.suitability.report_content import HowAssessed
from mhtr.suitability.sections import Section
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from mhtr.tasks.service import open_tasks
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.models import MeasureMode
from outcome_measures.recording import service as measures
from tests.suitability.journey import People, allocated, fill, finish, finished, sent, started


def progress(people: People) -> ReportProgress:
    return case_rules.fold(cases.facts_of(people.case.id), clock.today()).report


def save(people: People, section: Section, version: int, **answers: str) -> None:
    assessment = latest_assessment(people.case.id)
    assert assessment is not None
    with writing():
        service.save_section(assessment, section, answers, version=version, by=people.assessor.id)


def test_starting_in_time_is_what_the_task_to_assess_asked_for(people: People) -> None:
    with writing():
        case = cases.lock(people.case.id)
        for kind in (TaskKind.ASSESS, TaskKind.REPORT_DUE):
            tasks.open_task(
                kind,
                key=f"test:{kind.value}",
                title="To do",
                owner_principal_id=people.assessor.principal_id,
                due_at=clock.now(),
                by=None,
                case_id=case.id,
            )
    started(people)
    open_now = {task.kind for task in open_tasks(people.case.id)}
    assert TaskKind.ASSESS not in open_now and TaskKind.REPORT_DUE in open_now


def test_without_a_date_for_the_report_the_task_to_assess_stays(people: People) -> None:
    with writing():
        tasks.open_task(
            TaskKind.ASSESS,
            key="test:assess",
            title="To do",
            owner_principal_id=people.assessor.principal_id,
            due_at=clock.now(),
            by=None,
            case_id=people.case.id,
        )
    started(people)
    assert TaskKind.ASSESS in {task.kind for task in open_tasks(people.case.id)}


def test_starting_is_a_fact_and_happens_once(people: People) -> None:
    assessment = started(people)
    assert assessment.author_id == people.assessor.id
    assert people.case.state is CaseState.ASSESSING
    with pytest.raises(Refused, match="started already"):
        started(people)


@pytest.mark.parametrize("stage", [None, StageOfCase.CHARGED, StageOfCase.NOT_GUILTY_PLEA])
def test_before_plea_or_finding_it_cannot_start(app: Flask, stage: StageOfCase | None) -> None:
    people = allocated(stage=stage)
    with pytest.raises(Refused, match="plea or finding"):
        started(people)


def test_sections_about_the_report_close_when_the_plea_is_gone(people: People) -> None:
    started(people)
    with writing():
        cases.add_fact(
            cases.lock(people.case.id),
            FactKind.STAGE_RECORDED,
            by=None,
            detail={"stage": "not_guilty_plea"},
        )
    closed = closed_sections(cases.facts_of(people.case.id), clock.today())
    assert set(closed) == ABOUT_THE_REPORT
    save(people, Section.HISTORY, 0, past_treatment="CBT in 2019")
    with pytest.raises(Refused, match="plea or finding"):
        save(people, Section.CONDITIONS, 0, need="met")


def test_a_section_may_be_saved_incomplete_and_says_so(people: People) -> None:
    assessment = started(people)
    save(people, Section.PRESENTING_NEED, 0, need_account="Cannot sleep")
    assert not section_rows(assessment.id)[Section.PRESENTING_NEED].complete
    save(people, Section.PRESENTING_NEED, 1, need_account="Cannot sleep", effect="Misses work")
    assert section_rows(assessment.id)[Section.PRESENTING_NEED].complete


def test_every_version_is_kept_and_the_same_again_makes_none(people: People) -> None:
    assessment = started(people)
    for version, text in enumerate(("one", "two", "two")):
        save(people, Section.HISTORY, min(version, 2), past_treatment=text)
    row = section_rows(assessment.id)[Section.HISTORY]
    assert [(v.version, v.answers["past_treatment"]) for v in versions(row)] == [
        (2, "two"),
        (1, "one"),
    ]


def test_the_second_of_two_tabs_is_refused_with_what_is_saved(people: People) -> None:
    started(people)
    save(people, Section.HISTORY, 0, past_treatment="first tab")
    with pytest.raises(Stale) as refusal:
        save(people, Section.HISTORY, 0, past_treatment="second tab")
    assert refusal.value.saved is not None
    assessment = latest_assessment(people.case.id)
    assert assessment is not None
    assert read_assessment(assessment.id).get(Section.HISTORY, "past_treatment") == "first tab"


def test_a_day_to_come_is_refused(people: People) -> None:
    assessment = started(people)
    tomorrow = clock.today().replace(day=clock.today().day + 1)
    with pytest.raises(Refused, match="future"), writing():
        meeting_service.add(
            assessment,
            how=HowAssessed.VIDEO,
            on=tomorrow,
            met_by=people.assessor.id,
            version=assessment.version,
            by=people.assessor.id,
        )


def test_finishing_needs_a_recommendation_and_the_author_but_nothing_else(people: People) -> None:
    assessment = started(people)
    with pytest.raises(Refused, match="recommendation first"):
        finish(assessment, people)
    fill(assessment, people.assessor.id, only={Section.RECOMMENDATION})
    with pytest.raises(Refused, match="author"), writing():
        version = written_version(assessment)
        service.finish(assessment=assessment, version=version, by=people.lead.id)
    finish(assessment, people)
    assert people.case.state is CaseState.SUITABLE
    assert progress(people) is ReportProgress.FINISHED


def test_finishing_with_item_9_left_blank_opens_a_risk_review(people: People) -> None:
    assessment = started(people)
    by = people.assessor.id
    with writing():
        occasion = measures.open_occasion(
            case_id=people.case.id,
            context="left open",
            instrument="phq9",
            mode=MeasureMode.VIDEO,
            asked_on=date(2026, 11, 17),
            by=by,
        )
        blank = {1: Answer(AnswerState.ANSWERED, 0)}
        measures.save_answers(occasion, blank, version=occasion.version, by=by)
    assert open_tasks(people.case.id, TaskKind.RISK_REVIEW) == []
    fill(assessment, by, only={Section.RECOMMENDATION})
    finish(assessment, people)
    assert len(open_tasks(people.case.id, TaskKind.RISK_REVIEW)) == 1


def test_finishing_on_what_somebody_changed_meanwhile_is_refused(people: People) -> None:
    assessment = started(people)
    fill(assessment, people.assessor.id, only={Section.RECOMMENDATION})
    seen = written_version(assessment)
    fill(assessment, people.lead.id, only={Section.EXCLUSIONS})
    with pytest.raises(Stale), writing():
        service.finish(assessment=assessment, version=seen, by=people.assessor.id)


def test_a_finished_assessment_is_closed_until_it_is_reopened(people: People) -> None:
    assessment = finished(people)
    with pytest.raises(Refused, match="finished"):
        save(people, Section.HISTORY, 1, past_treatment="later")
    with writing():
        service.reopen(assessment=assessment, version=assessment.version, by=people.assessor.id)
    assert assessment.finished_at is None
    save(people, Section.HISTORY, 1, past_treatment="later")


def test_everybody_who_wrote_any_of_it_is_an_author(people: People) -> None:
    assessment = started(people)
    fill(assessment, people.lead.id, only={Section.HISTORY})
    fill(assessment, people.assessor.id, only={Section.GP})
    assert author_ids(assessment.id) == {people.assessor.id, people.lead.id}


def test_the_report_is_the_same_each_time_and_says_what_it_lacks(people: People) -> None:
    assessment = started(people)
    assert "The recommendation." in build_report(people.case, assessment).lacks
    fill(assessment, people.assessor.id)
    finish(assessment, people)
    first = build_report(people.case, assessment)
    assert first.lacks == ()
    assert first == build_report(people.case, assessment)
    assert first.content is not None
    assert [p.value for p in first.content.pathways] == ["emotional_skills", "cbt"]


def test_the_report_grows_from_released_answers_only(people: People) -> None:
    assessment = started(people)
    fill(assessment, people.assessor.id, mark="zq")
    words = str(growing_report(read_assessment(assessment.id)))
    assert "zq-need_released" in words
    assert "zq-need_evidence" not in words
    assert "zq-onward" not in words


def test_asking_for_the_signature_of_an_incomplete_report_says_what_lacks(people: People) -> None:
    assessment = started(people)
    fill(assessment, people.assessor.id, only={Section.RECOMMENDATION})
    finish(assessment, people)
    with pytest.raises(Refused, match="condition of need"):
        sent(assessment, people)
    db.session.rollback()


@pytest.mark.parametrize(
    ("prompt", "key"),
    [
        ("psychosis", "psychosis_handover"),
        ("crisis", "handover"),
        ("secondary_care", "secondary_care_handover"),
    ],
)
def test_an_urgent_handover_is_complete_with_who_and_when(
    people: People, prompt: str, key: str
) -> None:
    assessment = started(people)
    answers = {"psychosis": "no", "crisis": "no", "secondary_care": "no", prompt: "yes"}
    handover = {
        f"{key}_to": "Ngozi Bright, crisis team",
        f"{key}_on": "2026-11-18",
        f"{key}_at": "11:40:00",
    }
    version = 0
    for left_out in (*handover, None):
        given = {name: value for name, value in handover.items() if name != left_out}
        save(people, Section.EXCLUSIONS, version, **answers, **given)
        version += 1
        row = section_rows(assessment.id)[Section.EXCLUSIONS]
        assert row.complete is (left_out is None), left_out
        assert row.answers == {**answers, **given}
