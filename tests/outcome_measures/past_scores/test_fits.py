"""An imported score must fit the man's record as one recorded here must."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask

from mhtr.accounts.sessions import viewer_of
from mhtr.cases.facts import CaseState, CloseReason, Fact, FactKind
from mhtr.core import clock
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from outcome_measures.contact_rules import Course, Planned, next_session, problems
from outcome_measures.past_scores import service as past_service
from outcome_measures.past_scores.fits import PastCourse, misfit
from outcome_measures.past_scores.rows import PastScore
from outcome_measures.recording.contact_queries import course_of
from outcome_measures.time_points import MeasureMode, TimePoint
from tests.outcome_measures import treatment
from tests.outcome_measures.past_scores.test_import import (
    GAD,
    NHS,
    PHQ_QUIET,
    matching,
    occasions,
    on_record,
    reasons,
    take,
)

BORN, OPENED, SENTENCED = date(1990, 2, 3), date(2026, 1, 5), date(2026, 2, 16)
ENDED, DISCHARGED, TODAY = date(2026, 8, 3), date(2026, 8, 31), date(2026, 11, 18)
PRE, BETWEEN, SESSION, AFTER = (
    TimePoint.PRE_SENTENCE,
    TimePoint.BETWEEN,
    TimePoint.SESSION,
    TimePoint.FOLLOW_UP,
)


def fact(number: int, kind: FactKind, on: date, **detail: object) -> Fact:
    at = datetime.combine(on, time(12), UTC)
    return Fact(number, kind, at, at, "", 1, detail)


FACTS = (
    fact(1, FactKind.REFERRED, OPENED),
    fact(2, FactKind.SENTENCED_WITH_MHTR, SENTENCED, result="co_mhtr"),
)
OVER = (
    *FACTS,
    fact(3, FactKind.TREATMENT_ENDED, ENDED, planned=True),
    fact(4, FactKind.DISCHARGED, DISCHARGED),
)
SHUT = (*FACTS, fact(3, FactKind.CLOSED, ENDED, reason=CloseReason.TRANSFERRED.value))
SESSIONS = ((1, date(2026, 3, 2)), (3, date(2026, 3, 16)))


def row(on: date, point: TimePoint = BETWEEN, number: int | None = None) -> PastScore:
    return PastScore(
        2, "9990000018", "", None, on, "phq9", (1,) * 9, None, point, number, MeasureMode.PAPER
    )


def column(
    one: PastScore, facts: tuple[Fact, ...] = OVER, born: date | None = BORN
) -> tuple[str, str] | None:
    return misfit(one, born, PastCourse(OPENED, facts, SESSIONS), TODAY)


@pytest.mark.parametrize(
    ("one", "at", "words"),
    [
        (row(BORN, PRE), "date", "not after his birth"),
        (row(date(1900, 1, 1), SESSION, 1), "date", "not after his birth"),
        (row(OPENED - timedelta(1), PRE), "date", "began on 5 January 2026"),
        (row(date(2020, 1, 1), SESSION, 1), "date", "began on 5 January 2026"),
        (row(SENTENCED - timedelta(1)), "point", "sentenced on 16 February 2026"),
        (row(SENTENCED - timedelta(1), SESSION, 1), "point", "sentenced on 16 February 2026"),
        (row(SENTENCED + timedelta(1), PRE), "point", "sentenced on 16 February 2026"),
        (row(date(2026, 3, 9), SESSION), "session_number", "Enter the number"),
        (row(date(2026, 3, 17), SESSION, 3), "session_number", "on record already"),
        (row(date(2026, 3, 1), SESSION, 2), "session_number", "Session 1 was on"),
        (row(date(2026, 3, 17), SESSION, 2), "session_number", "Session 3 was on"),
        (row(date(2026, 3, 9), AFTER), "point", "Follow-up comes after treatment"),
        (row(ENDED - timedelta(1), AFTER), "point", "Follow-up comes after treatment"),
        (row(DISCHARGED + timedelta(1)), "point", "what is asked now is follow-up"),
        (row(TODAY + timedelta(1), AFTER), "date", "future"),
    ],
)
def test_what_does_not_fit(one: PastScore, at: str, words: str) -> None:
    found = column(one)
    assert found is not None
    assert found[0] == at
    assert words in found[1]


@pytest.mark.parametrize(
    "one",
    [
        row(OPENED, PRE),
        row(SENTENCED, PRE),
        row(SENTENCED),
        row(date(2026, 3, 2), SESSION, 1),
        row(date(2026, 3, 9), SESSION, 2),
        row(ENDED, SESSION, 12),
        row(ENDED, AFTER),
        row(DISCHARGED, SESSION, 12),
        row(DISCHARGED, AFTER),
        row(TODAY, AFTER),
    ],
)
def test_what_fits(one: PastScore) -> None:
    assert column(one) is None


def test_without_a_requirement_only_scores_before_sentence_fit() -> None:
    facts = FACTS[:1]
    assert column(row(TODAY, PRE), facts) is None
    for point, number in ((BETWEEN, None), (SESSION, 1), (AFTER, None)):
        assert (column(row(TODAY, point, number), facts) or ("",))[0] == "point"


def test_nothing_was_asked_after_the_case_was_closed() -> None:
    assert column(row(ENDED), SHUT) is None, "on the last day it was open still"
    for point in (BETWEEN, PRE):
        assert column(row(ENDED + timedelta(1), point), SHUT) is not None


def test_a_case_opened_late_begins_with_what_happened_first() -> None:
    course = PastCourse(TODAY, FACTS)
    assert misfit(row(SENTENCED), None, course, TODAY) is None
    assert misfit(row(OPENED - timedelta(1), PRE), None, course, TODAY) is not None


def test_a_session_known_from_past_scores_is_one_on_record() -> None:
    course = Course(CaseState.IN_TREATMENT, SENTENCED, (), SESSIONS)
    assert next_session(course, date(2026, 11, 18)) == 4
    planned = Planned(date(2026, 3, 17), SESSION, 3)
    assert "on record already" in problems(planned, course, TODAY)["session_number"]
    same = Planned(date(2026, 3, 16), SESSION, 3)
    assert not problems(same, course, TODAY), "its contact may be recorded still"


@pytest.mark.parametrize(
    ("line", "at"),
    [
        (f"{NHS},,,1900-01-01,PHQ-9,,5,", "date"),
        (f"{NHS},,,2020-01-01,PHQ-9,,25,1", "date"),
        (f"{NHS},,,2026-03-03,PHQ-9,,25,", None),
    ],
)
def test_the_import_refuses_it_with_line_and_reason(
    either_app: Flask, line: str, at: str | None
) -> None:
    people = on_record()
    found = matching(people, line)
    assert [(one[0], one[1]) for one in reasons(found)] == ([(2, at)] if at else [])
    assert len(found.new) == (at is None)


def test_rows_of_one_file_must_fit_each_other(either_app: Flask) -> None:
    people = on_record()
    later = PHQ_QUIET.replace("2026-03-02", "2026-03-03")
    found = matching(people, GAD, PHQ_QUIET, later)
    assert len(found.new) == 2, "two measures of one session fit"
    assert reasons(found) == [
        (4, "session_number", "Session 1 is on record already, on 2 March 2026")
    ]


def test_sessions_recorded_here_and_imported_ones_are_told_to_each_other(
    either_app: Flask,
) -> None:
    people = on_record()
    treatment.contact(people, 2, on=date(2026, 3, 9))
    assert reasons(matching(people, GAD.replace(",1", ",2"))) != []
    take(people, GAD)
    assert course_of(people.case.id).imported == ((1, date(2026, 3, 2)),)
    assert next_session(course_of(people.case.id), date(2026, 11, 18)) == 3
    with pytest.raises(Refused, match="on record already"):
        treatment.contact(people, 1, on=date(2026, 3, 3))


def test_it_is_asked_again_when_the_row_is_taken(either_app: Flask) -> None:
    people = on_record()
    found = matching(people, GAD).new
    treatment.contact(people, 1, on=date(2026, 3, 9))
    with pytest.raises(Refused, match="Session 1 is on record already"), writing():
        past_service.take_row(matched=found[0], viewer=viewer_of(people.lead))
    assert [one for one in occasions() if one.historic] == []
    assert clock.today() == TODAY
