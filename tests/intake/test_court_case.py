"""The court case: hearings supersede and tell, stages are recorded, cases pause, close, go on."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from mhtr.cases import listeners
from mhtr.cases.facts import CaseState, StageOfCase
from mhtr.cases.models import Case, Hearing
from mhtr.cases.wording import CONCERN_HIM
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Stale
from mhtr.core.transaction import writing
from mhtr.intake import court_case, triage_queries
from mhtr.intake.court_case import Ending
from mhtr.intake.models import CourtCoverage
from mhtr.intake.queries import referral_of
from mhtr.intake.reopening_rules import WhyReopened
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.intake import journey
from tests.intake.house import House, accept, live, notices, open_kinds
from tests.makers import make_staff


@pytest.fixture
def heard() -> Iterator[list[tuple[int, int | None]]]:
    """What listeners were told, in place of the features that listen."""
    found: list[tuple[int, int | None]] = []
    before = list(listeners.hearing_changed)
    listeners.hearing_changed[:] = [lambda case_id, by: found.append((case_id, by))]
    yield found
    listeners.hearing_changed[:] = before


def move(
    house: House, case: Case, on: str = "2026-12-09", court: str = "B01EF", to: int | None = None
) -> None:
    case_id, version, by = case.id, case.version, house.administrator.id
    with writing():
        court_case.record_hearing(
            case_id=case_id,
            version=version,
            court=court,
            on=date.fromisoformat(on),
            purpose="sentence",
            psr_kind="short",
            reason="court",
            by=by,
            to_trust=to,
        )


def end(house: House, case: Case, ending: Ending) -> None:
    case_id, version, by = case.id, case.version, house.administrator.id
    with writing():
        court_case.end(case_id=case_id, version=version, ending=ending, by=by)


def go_on(house: House, case: Case) -> None:
    case_id, version, by = case.id, case.version, house.administrator.id
    with writing():
        court_case.go_on(case_id=case_id, version=version, by=by, why=WhyReopened.COURT_GOES_ON)


def test_a_later_hearing_supersedes_recalculates_and_tells(
    house: House, heard: list[tuple[int, int | None]]
) -> None:
    case, author = house.refer(), make_staff(Role.COURT_PROBATION)
    accept(house, case, house.assessor)
    with writing():
        access.grant(case.id, Purpose.PRE_SENTENCE, author.principal_id, because="test", by=None)
    heard.clear()
    move(house, case)
    rows = db.session.scalars(select(Hearing).order_by(Hearing.id)).all()
    assert [(row.on, row.superseded_at is None) for row in rows] == [
        (date(2026, 12, 2), False),
        (date(2026, 12, 9), True),
    ]
    assert case.hearing_on == date(2026, 12, 9)
    assert heard == [(case.id, house.administrator.id)]
    for concerned in (house.assessor, author, house.practitioner):
        assert "A court hearing was set or moved" in notices(concerned)
    assert notices(house.administrator) == []


def test_chasing_ends_when_nothing_is_missing(house: House) -> None:
    case = house.refer(court="", hearing_on="")
    assert TaskKind.CHASE_HEARING in open_kinds(case)
    move(house, case)
    assert TaskKind.CHASE_HEARING not in open_kinds(case)


def test_what_was_not_known_is_added_to_the_same_hearing(house: House) -> None:
    case = house.refer()
    assert TaskKind.CHASE_HEARING in open_kinds(case)
    move(house, case, on="2026-12-02")
    hearing = db.session.scalars(select(Hearing)).one()
    assert (hearing.purpose, hearing.psr_kind) == ("sentence", "short")
    assert TaskKind.CHASE_HEARING not in open_kinds(case)


def test_a_plea_after_charge_counts_at_once(
    house: House, heard: list[tuple[int, int | None]]
) -> None:
    case = house.refer(stage="charged")
    case_id, version = case.id, case.version
    with writing():
        court_case.record_stage(
            case_id=case_id,
            version=version,
            stage=StageOfCase.GUILTY_PLEA,
            convicted_on=date(2026, 11, 16),
            by=house.practitioner.id,
        )
    assert case.stage is StageOfCase.GUILTY_PLEA and (case_id, house.practitioner.id) in heard
    age = triage_queries.criteria(case_id)[0]
    assert age.reason == "He was 36 when he was convicted on 16 November 2026."


def test_a_court_of_another_trust_moves_the_case_there(house: House) -> None:
    other = journey.make_trust("north")
    with writing():
        db.session.add(
            CourtCoverage(court_code="B01IX", live_from=date(2026, 1, 1), trust_id=other.id)
        )
    case = house.refer()
    move(house, case, court="B01IX", to=other.id)
    assert live(case, other.principal_id) == {Purpose.CLINICAL, Purpose.ADMINISTRATION}
    triage = db.session.scalars(select(Task).where(Task.kind == TaskKind.TRIAGE)).one()
    assert triage.owner_principal_id == other.principal_id
    referral = referral_of(case.id)
    assert referral and referral.routed_because == "court"


@pytest.mark.parametrize("ending", [one for one in Ending if one.value not in CONCERN_HIM])
def test_what_ends_the_path_before_sentence(house: House, ending: Ending) -> None:
    case = house.refer()
    end(house, case, ending)
    if ending.pauses:
        assert case.paused and case.state is not CaseState.CLOSED
        assert open_kinds(case) == {TaskKind.PAUSED_CASE}
    else:
        assert case.state is CaseState.CLOSED and open_kinds(case) == set()
    go_on(house, case)
    assert not case.paused and case.state is not CaseState.CLOSED
    assert open_kinds(case) == {TaskKind.TRIAGE, TaskKind.CHASE_HEARING}


def test_a_paused_case_is_looked_at_again_by_its_assessor(
    house: House, set_clock: SetClock
) -> None:
    case = house.refer()
    accept(house, case, house.assessor)
    end(house, case, Ending.FAILED_TO_APPEAR)
    assert open_kinds(case) == {TaskKind.PAUSED_CASE, TaskKind.RESULT_AWAITED}
    task = db.session.scalars(select(Task).where(Task.kind == TaskKind.PAUSED_CASE)).one()
    assert task.owner_staff_id == house.assessor.id
    # Ten working days after Wednesday 18 November.
    assert task.due_at.astimezone(clock.LONDON).date() == date(2026, 12, 2)
    set_clock.advance(days=14)
    end(house, case, Ending.REMANDED)
    assert task.due_at.astimezone(clock.LONDON).date() == date(2026, 12, 16)
    go_on(house, case)
    assert {TaskKind.ASSESS} <= open_kinds(case)
    assert TaskKind.PAUSED_CASE not in open_kinds(case)
    assert task.state is TaskState.DONE
    assess = db.session.scalars(select(Task).where(Task.kind == TaskKind.ASSESS)).one()
    assert assess.due_at.astimezone(clock.LONDON).date() == date(2026, 12, 9)


def test_an_assessment_waits_for_the_plea_and_one_taken_back_stops_it(
    house: House, set_clock: SetClock
) -> None:
    case = house.refer(stage="charged")
    accept(house, case, house.assessor)
    assert TaskKind.ASSESS not in open_kinds(case)
    set_clock.advance(days=7)
    for stage, waits in (
        (StageOfCase.GUILTY_PLEA, True),
        (StageOfCase.NOT_GUILTY_PLEA, False),
        (StageOfCase.FOUND_GUILTY, True),
    ):
        with writing():
            court_case.record_stage(
                case_id=case.id,
                version=case.version,
                stage=stage,
                convicted_on=clock.today() if waits else None,
                by=house.practitioner.id,
            )
        assert (TaskKind.ASSESS in open_kinds(case)) is waits
    task = db.session.scalars(select(Task).where(Task.kind == TaskKind.ASSESS)).one()
    assert task.owner_staff_id == house.assessor.id
    # Five working days from the finding on Wednesday 25 November, not from the allocation.
    assert task.due_at.astimezone(clock.LONDON).date() == date(2026, 12, 2)


def test_work_finished_before_a_pause_stays_finished(house: House) -> None:
    case = house.refer()
    accept(house, case, house.assessor)
    with writing():
        tasks.settle(case.id, TaskKind.ASSESS, by=house.assessor.id)
    end(house, case, Ending.REMANDED)
    go_on(house, case)
    done = db.session.scalars(select(Task).where(Task.kind == TaskKind.ASSESS)).all()
    assert [task.state for task in done][0] is TaskState.DONE


def test_reopened_after_allocation_the_assessor_has_it_again(house: House) -> None:
    case = house.refer()
    accept(house, case, house.assessor)
    end(house, case, Ending.DISCONTINUED)
    assert open_kinds(case) == set()
    go_on(house, case)
    assert TaskKind.ASSESS in open_kinds(case)


def test_a_page_that_is_out_of_date_changes_nothing(house: House) -> None:
    case = house.refer()
    seen = case.version
    move(house, case)
    with pytest.raises(Stale), writing():
        court_case.end(case_id=case.id, version=seen, ending=Ending.ACQUITTED, by=house.lead.id)
    assert case.state is not CaseState.CLOSED
