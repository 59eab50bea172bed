"""Sessions of which attendance alone says that he was seen: they lack measures, and are counted."""

from collections import Counter
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.overview.cohort_figures import found_in
from mhtr.overview.cohort_queries import Asked, read
from outcome_measures.cohorts.cohort import Figure
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags import service as flag_service
from outcome_measures.models import MeasureFlag
from tests.makers import make_staff
from tests.outcome_measures.courses import make_contact, score_at
from tests.outcome_measures.occasions import asked
from tests.overview.test_measure_lists import block
from tests.pages import PageClient
from tests.sessions.courses.makers import course_of
from tests.sessions.seen import Treated, booked, colleague, tell, treated


def in_treatment(man: Treated, state: CaseState = CaseState.IN_TREATMENT) -> Case:
    with writing():
        case = man.case
        case.state, case.state_since = state, clock.today()
    return case


def not_measured(case_id: int) -> Counter[str | None]:
    """The instruments of the flags that hold because he was not asked."""
    with writing():
        flag_service.look_again_by_time(clock.now())
    rows = db.session.scalars(
        select(MeasureFlag).where(
            MeasureFlag.case_id == case_id,
            MeasureFlag.kind == FlagKind.NOT_MEASURED,
            MeasureFlag.ended_at.is_(None),
        )
    )
    return Counter(row.instrument for row in rows)


def test_a_session_without_measures_is_due_then_missing(
    client: PageClient, set_clock: SetClock
) -> None:
    man = treated()
    case, by = in_treatment(man), man.therapist
    client.sign_in(by)
    assert block(client.page("/today"), "measures") == "", "nobody knows yet whether he came"
    tell(man.place, by, Happened.SEEN)
    said = block(client.page("/today"), "measures")
    assert "PHQ-9 and GAD-7 due now: session on 18 November 2026" in said
    link = f"/cases/{case.ref}/measures/contacts/new?day=2026-11-18&amp;session="
    assert link in client.page("/today") and link in client.page(f"/cases/{case.ref}/measures")
    assert not_measured(case.id) == {}, "there is still time today"
    set_clock.advance(days=1)
    client.sign_in(by)
    assert "overdue: session on 18 November 2026" in block(client.page("/today"), "measures")
    assert "1 working day overdue" in block(client.page("/today"), "measures")
    assert not_measured(case.id) == {"phq9": 1, "gad7": 1}
    set_clock.advance(days=7)
    client.sign_in(by)
    assert block(client.page("/today"), "measures") == ""
    assert "missing: session on 18 November 2026" in client.page("/worklists/measures")
    set_clock.advance(days=7)
    client.sign_in(by)
    assert "missing: session on 18 November" not in client.page("/worklists/measures")


def test_what_is_recorded_for_that_day_is_of_that_session(
    client: PageClient, set_clock: SetClock
) -> None:
    man = treated()
    case, by = in_treatment(man), man.therapist
    tell(man.place, by, Happened.SEEN_LATE, late=10)
    set_clock.advance(days=1)
    assert not_measured(case.id) == {"phq9": 1, "gad7": 1}
    contact = make_contact(case, by, date(2026, 11, 18), 1, closed=False)
    for name in ("phq9", "gad7"):
        score_at(contact, name, 6, by=by)
    assert not_measured(case.id) == {}
    client.sign_in(by)
    page = client.page(f"/cases/{case.ref}/measures")
    assert "18 November 2026" in page and "contacts/new?day=" not in page
    assert block(client.page("/today"), "measures") == ""


def test_who_was_absent_after_all_lacks_nothing(client: PageClient, set_clock: SetClock) -> None:
    man = treated()
    case, by = in_treatment(man), man.therapist
    tell(man.place, by, Happened.SEEN)
    set_clock.advance(days=1)
    assert not_measured(case.id) == {"phq9": 1, "gad7": 1}
    tell(man.place, by, Happened.DID_NOT_COME, seen=1, why="Another man was in the room")
    set_clock.advance(days=1)
    assert not_measured(case.id) == {}
    client.sign_in(by)
    assert block(client.page("/today"), "measures") == ""


def test_the_report_counts_whoever_was_seen_and_never_measured(
    either_app: Flask, set_clock: SetClock
) -> None:
    man = treated()
    case, by = man.case, man.therapist
    tell(man.place, by, Happened.SEEN)
    assert _counted(man) == {"episodes": 1}
    tell(man.place, by, Happened.DID_NOT_COME, seen=1, why="A slip")
    assert _counted(man) == {}
    tell(man.place, by, Happened.SEEN, seen=2, why="He was there")
    make_contact(case, by, clock.today(), 4)  # the same session, called otherwise
    set_clock.advance(days=7)
    beside = booked(case, by, clock.now() - timedelta(hours=1), required=False)
    tell(beside, by, Happened.SEEN)
    assert _counted(man) == {"episodes": 1}, "a meeting beside his treatment is no session of it"
    tell(booked(case, by, clock.now() - timedelta(hours=2)), by, Happened.SEEN)
    assert _counted(man) == {"episodes": 1, "finished": 1, "unpaired": 1}


_YEAR = Asked(date(2026, 1, 1), date(2026, 12, 31))


def _counted(man: Treated) -> dict[str, int]:
    in_treatment(man, CaseState.DISCHARGED)
    found = found_in(read(_YEAR, clock.today()).ended)
    wanted = (Figure.EPISODES, Figure.FINISHED, Figure.PAIRED, Figure.UNPAIRED)
    return {figure.value: len(found[figure]) for figure in wanted if found[figure]}


def test_nobody_else_hears_of_it(client: PageClient) -> None:
    man = treated()
    in_treatment(man)
    tell(man.place, man.therapist, Happened.SEEN)
    client.sign_in(make_staff(Role.ASSESSOR))
    assert "measures/contacts/new" not in client.page("/worklists/measures")


def test_his_therapist_finds_him_among_his_own_before_ever_meeting_him(client: PageClient) -> None:
    man = treated()
    in_treatment(man)
    therapist, other = (colleague(man.therapist, Role.ASSESSOR) for _ in range(2))
    course_of(man.world, therapist_id=therapist.id)
    tell(man.place, man.therapist, Happened.SEEN)
    asked(man.case, man.therapist, "phq9", clock.today(), 12, session=1, typed=True)
    for staff, his in ((therapist, True), (other, False)):
        client.sign_in(staff)
        assert ("GAD-7 due now" in block(client.page("/today"), "measures")) is his
        assert (man.case.person.family_name in client.page("/measures/caseload")) is his
