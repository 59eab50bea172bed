"""A session is judged by what the service asked on its day, whatever it asks now."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from mhtr.accounts.sessions import viewer_of
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.policy import PolicySetting
from mhtr.core.transaction import writing
from mhtr.overview.measure_lists import WantedMeasures, due_rows
from mhtr.tasks.calendar import working_calendar
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags.due import DueState, Schedule, Urgency, due
from outcome_measures.flags.due_lines import due_of, lines_of
from outcome_measures.flags.queries import states_of
from outcome_measures.flags.rules import holding
from tests.outcome_measures import treatment
from tests.outcome_measures.flags.cases import TODAY, man, met, on
from tests.outcome_measures.flags.test_due import asked
from tests.suitability.journey import People

BEFORE = {"phq9": Schedule.EACH_SESSION}
NOW = BEFORE | {"pcl5": Schedule.EACH_SESSION}
SWITCHED_ON = ((date.min, BEFORE), (on(2), NOW))


def state(**more: object) -> DueState:
    contacts = [met(1), met(2, closed=False), met(3, closed=False)]
    given = {"contacts": contacts, "asked": [], "history": SWITCHED_ON, **more}
    return DueState(NOW, **given)  # type: ignore[arg-type]


def test_what_was_switched_on_later_is_not_missing_before() -> None:
    found = {(one.instrument, one.session_number) for one in due(state(), TODAY)}
    assert found == {("phq9", 1), ("phq9", 2), ("phq9", 3), ("pcl5", 2), ("pcl5", 3)}


def test_what_was_switched_off_later_stays_missing() -> None:
    off = state(history=((date.min, NOW), (on(2), BEFORE)))
    found = {one.session_number for one in due(off, TODAY) if one.instrument == "pcl5"}
    assert found == {1}


def test_the_end_is_judged_by_the_day_of_the_last_session() -> None:
    after = state(history=((date.min, BEFORE), (on(4), NOW)), ended=True)
    assert "pcl5" not in {one.instrument for one in due(after, TODAY)}


def test_a_baseline_still_to_be_taken_goes_by_today() -> None:
    waiting = state(contacts=[], awaits_treatment=True)
    assert {one.instrument for one in due(waiting, TODAY)} == {"phq9", "pcl5"}


def test_begun_is_said_of_the_measure_that_was_begun() -> None:
    begun = [asked(2, finished=False)]
    one = [d for d in due(state(asked=begun), on(3)) if d.session_number == 2]
    (line,) = lines_of(one)
    assert line.words == (
        "PHQ-9 and PCL-5 overdue: session 2 on 9 March 2026, PHQ-9 begun and not finished"
    )
    both = [*begun, asked(2, "pcl5", finished=False)]
    (line,) = lines_of([d for d in due(state(asked=both), on(3)) if d.session_number == 2])
    assert line.words.endswith("session 2 on 9 March 2026, begun and not finished")


@pytest.mark.parametrize(
    ("since", "flagged"), [(date.min, True), (on(2), True), (on(3), False), (on(4), False)]
)
def test_not_measured_counts_the_sessions_at_which_it_was_asked(since: date, flagged: bool) -> None:
    """Two sessions without a score are too many, but only if it was asked at both."""
    off: dict[str, Schedule] = {}
    made = man([], sessions=3)
    judged = replace(made, history=((date.min, off), (since, BEFORE)))
    said = [held.reason for (kind, *_), held in holding(judged).items() if kind is NOT_MEASURED]
    assert any("No two complete PHQ-9" in reason for reason in said) is flagged
    assert any("No complete PHQ-9 score at" in reason for reason in said) is (since <= on(3))


NOT_MEASURED = FlagKind.NOT_MEASURED


@pytest.fixture
def in_request(either_app: Flask) -> Iterator[None]:
    with either_app.test_request_context():
        yield


@pytest.mark.usefixtures("in_request")
def test_a_setting_of_today_changes_no_list_about_yesterday() -> None:
    people = treatment.sentenced()
    yesterday = clock.today() - timedelta(days=1)
    made = treatment.contact(people, 1, on=yesterday, instruments=("phq9", "gad7"))
    for form in treatment.forms(made).values():
        items = range(1, 10 if form.instrument == "phq9" else 8)
        treatment.submit(people, form, {number: treatment.said(1) for number in items})
    assert lists(people) == ([], [])
    set_pcl5(people, valid_from=clock.today())
    assert lists(people) == ([], [])
    set_pcl5(people, valid_from=yesterday)
    lines, rows = lists(people)
    assert rows == lines == ["PCL-5 overdue: baseline, session 1 on 17 November 2026"]


def test_a_measure_held_after_it_was_switched_on_is_due(app: Flask) -> None:
    people = treatment.sentenced()
    set_pcl5(people, valid_from=clock.today())
    treatment.contact(people, 1, instruments=("pcl5",))
    state_now = states_of([people.case.id])[people.case.id]
    found = due_of(people.case, state_now)
    assert {line.urgency for line in found} == {Urgency.DUE}
    assert "PCL-5" in found[0].names


def set_pcl5(people: People, *, valid_from: date) -> None:
    with writing():
        db.session.add(
            PolicySetting(
                key="measures.pcl5_when",
                value="each_session",
                valid_from=valid_from,
                reason="test",
                set_by=people.lead.id,
                set_at=clock.now(),
            )
        )


def lists(people: People) -> tuple[list[str], list[str]]:
    """What the man's own page and the worklist say is due."""
    lines = due_of(people.case, states_of([people.case.id])[people.case.id])
    viewer = viewer_of(people.assessor)
    assert viewer.has(Role.ASSESSOR)
    rows = due_rows(viewer, WantedMeasures(own=False), working_calendar(), limit=10)
    return [line.words for line in lines], [row.what for row in rows]
