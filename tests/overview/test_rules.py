"""Words of time left, the order of Today, small counts, and what is told outside."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from mhtr.cases.facts import CaseState, Fact, FactKind, Recommendation, ReportProgress
from mhtr.core.access import Purpose, Role
from mhtr.core.due import left_until, until_hearing
from mhtr.core.working_days import WorkingCalendar
from mhtr.overview.kinds import kinds_on_record, page_purpose
from mhtr.overview.own_tasks import MINE
from mhtr.overview.plain_words import became_of_it, report_words
from mhtr.overview.programme import GOING_ON, OVER
from mhtr.overview.rules import in_order, shown_count
from mhtr.tasks.kinds import kinds_of
from mhtr.tasks.models import TaskKind

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "words", "overdue"),
    [
        (date(2026, 11, 13), "3 working days overdue", True),
        (date(2026, 11, 17), "1 working day overdue", True),
        (date(2026, 11, 18), "Due today", False),
        (date(2026, 11, 19), "Due tomorrow", False),
        (date(2026, 11, 20), "2 working days left", False),
        (date(2026, 11, 25), "5 working days left", False),
        (datetime(2026, 11, 18, 11, 30, tzinfo=UTC), "Overdue since 11:30", True),
        (datetime(2026, 11, 18, 14, 30, tzinfo=UTC), "Due today, 14:30", False),
        (datetime(2026, 11, 18, 17, tzinfo=UTC), "Due today", False),
        (datetime(2026, 12, 29, 9, tzinfo=UTC), "27 working days left", False),
    ],
)
def test_how_long_is_left(due: date | datetime, words: str, overdue: bool) -> None:
    left = left_until(due, NOW, WorkingCalendar())
    assert (left.words, left.overdue) == (words, overdue)


def test_a_weekend_deadline_is_overdue_though_no_working_day_passed() -> None:
    sunday = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert left_until(date(2026, 11, 21), sunday, WorkingCalendar()).overdue
    saturday = datetime(2026, 11, 20, 18, tzinfo=UTC)
    assert (
        left_until(date(2026, 11, 22), saturday, WorkingCalendar()).words == "No working day left"
    )


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 11, 17), "Past"),
        (date(2026, 11, 18), "Today"),
        (date(2026, 11, 19), "Tomorrow"),
        (date(2026, 11, 28), "In 10 days"),
    ],
)
def test_how_long_until_a_hearing(on: date, words: str) -> None:
    assert until_hearing(on, NOW.date()).words == words


@dataclass(frozen=True)
class Made:
    name: str
    urgent: bool = False
    today: bool = False
    overdue: bool = False


def test_signs_of_risk_then_today_s_times_then_overdue_then_the_role_s_order() -> None:
    found = in_order(
        [
            Made("a"),
            Made("b", overdue=True),
            Made("c", urgent=True),
            Made("d", overdue=True),
            Made("e", today=True),
        ]
    )
    assert [block.name for block in found] == ["c", "e", "b", "d", "a"]


@pytest.mark.parametrize(
    ("number", "suppressed", "shown"),
    [(0, True, "fewer than 5"), (4, True, "fewer than 5"), (5, True, "5"), (4, False, "4")],
)
def test_small_counts_are_hidden_from_those_who_see_counts_only(
    number: int, suppressed: bool, shown: str
) -> None:
    assert shown_count(number, suppressed=suppressed) == shown


def test_every_state_is_counted_exactly_once() -> None:
    counted = [state for _, states in (*GOING_ON, *OVER) for state in states]
    assert sorted(counted) == sorted(CaseState)


def test_no_clinical_kind_is_work_of_those_outside() -> None:
    outside = set(Role) - {Role.ASSESSOR, Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN}
    inside = {
        TaskKind.RISK_REVIEW,
        TaskKind.ASSESS,
        TaskKind.REVISE,
        TaskKind.COUNTERSIGN,
        TaskKind.RELEASE,
        TaskKind.CONSENT_WITHDRAWN,
    }
    assert not kinds_of(outside) & inside
    assert inside <= kinds_of({Role.CLINICAL_LEAD})


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.DUTY_CLINICIAN])
def test_what_only_a_lead_can_do_is_no_work_of_other_clinicians(role: Role) -> None:
    leads = {TaskKind.COUNTERSIGN, TaskKind.TRIAGE, TaskKind.ALLOCATE}
    assert not kinds_of({role}) & leads
    assert leads <= kinds_on_record({role})
    assert not kinds_on_record({Role.LINK_WORKER}) & leads


def test_every_purpose_has_a_case_page() -> None:
    assert {page_purpose({purpose}) for purpose in Purpose} == set(Purpose)
    assert page_purpose(set(Purpose)) is Purpose.CLINICAL


def fact(number: int, kind: FactKind, **detail: object) -> Fact:
    moment = datetime(2026, 11, number, 12, tzinfo=UTC)
    return Fact(number, kind, moment, moment, "", 1, detail)


def test_what_became_of_it_keeps_what_was_found_inside() -> None:
    facts = [
        fact(1, FactKind.REFERRED),
        fact(2, FactKind.ASSESSMENT_STARTED),
        fact(3, FactKind.ASSESSMENT_FINISHED, recommendation=Recommendation.UNSUITABLE.value),
        fact(4, FactKind.RETURNED),
        fact(5, FactKind.CONSENT_WITHDRAWN),
        fact(6, FactKind.CLOSED, reason="not_suitable"),
    ]
    said = [step.text for step in became_of_it(facts, date(2026, 11, 18))]
    assert said == ["The case was closed.", "The assessment began.", "The referral reached us."]


@pytest.mark.parametrize("progress", list(ReportProgress))
def test_a_report_outside_is_not_begun_being_written_or_here(progress: ReportProgress) -> None:
    words = report_words(progress, asked=True)
    assert words in {
        "The assessment has not begun yet.",
        "The report is being written.",
        "The report is ready to read.",
    }
    assert (progress is ReportProgress.RELEASED) == (words == "The report is ready to read.")


def test_every_kind_of_task_stands_in_one_block_of_today_at_the_most() -> None:
    kinds = [kind for spec in MINE for kind in spec.kinds]
    assert len({spec.key for spec in MINE}) == len(MINE)
    assert len(set(kinds)) == len(kinds)
    assert set(TaskKind) - set(kinds) == {
        TaskKind.RISK_REVIEW, TaskKind.BREAK_GLASS_REVIEW, TaskKind.TRIAGE, TaskKind.ALLOCATE,
    }  # fmt: skip
