"""For every kind of thing with an owner: its owner leaves, and it is on a list of somebody's Today.

Somebody means: a colleague who may open it. A kind that is new must be made here as well.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import role_service
from mhtr.accounts import service as accounts
from mhtr.accounts.models import OrganisationKind, Staff, Team
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import service as cases
from mhtr.cases import shared_access
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import CLINICAL_ROLES, Exclusion, Purpose, Role
from mhtr.core.database import Model, db
from mhtr.core.roles import purposes_of
from mhtr.core.transaction import writing
from mhtr.overview.today import Day, blocks_of
from mhtr.suitability import filing_question
from mhtr.suitability.author_left import NOBODYS, YOURS
from mhtr.tasks.calendar import working_calendar
from mhtr.tasks.kinds import KINDS_OF_ROLE
from mhtr.tasks.models import Notice, TaskKind
from tests.cases.test_flag_owners import warned
from tests.intake.house import House, accept
from tests.intake.test_leaving import Charity
from tests.intake.two_trusts import Two
from tests.makers import make_organisation, make_staff
from tests.overview.things import a_task
from tests.suitability import journey
from tests.suitability.makers import CourtSide, granted_case
from tests.suitability.requesting import ask

K = TaskKind
OWNED = {
    "cases.assessor_id",
    "onward_referrals.worker_id",
    "flags.owner_staff_id",
    "tasks.owner_staff_id",
    "report_requests.author_id",
    "assessments.author_id",
    "countersign_requests.lead_id",
}
"""Columns that say whose work something is. Those that name somebody and no work stand below."""
NOBODYS_WORK = {
    "referral_drafts.author_id",  # seen by nobody else, by design
    "report_releases.to_author_id",
    "release_later_readers.to_author_id",
    "leave.cover_staff_id",
    "officer_covers.cover_id",
    "take_over_questions.asker_id",
    "session_notes.author_id",  # who wrote it, whatever becomes of him
}


def listed(app: Flask, staff: Staff) -> Iterator[tuple[str, object]]:
    """What is on Today of somebody: the block, and what its row is about."""
    staff = db.session.get_one(Staff, staff.id, populate_existing=True)
    with app.test_request_context():
        for block in blocks_of(Day(viewer_of(staff), working_calendar())):
            for row in block.rows:
                yield block.key, row.ref


def leaves(staff: Staff) -> None:
    with writing():
        accounts.disable(staff.id, by=None)
    db.session.rollback()


def the_role(kind: TaskKind) -> Role:
    if kind is K.CHASE_HEARING:
        return Role.LD_PRACTITIONER
    return next(role for role, kinds in KINDS_OF_ROLE.items() if kind in kinds)


SEEN_AS_CASES = {K.TRIAGE, K.ALLOCATE}
SETTLED_ELSEWHERE = {K.IDENTITY_QUESTION, K.NAME_READER, K.ANSWER_DATE}
"""Of a question that exists: tests/cases/test_question_owners.py; of a request: below."""


@pytest.mark.parametrize("kind", [kind for kind in K if kind not in SETTLED_ELSEWHERE])
def test_every_kind_of_task(app: Flask, kind: TaskKind) -> None:
    house, role = House(), the_role(kind)
    case = house.refer()
    if kind not in SEEN_AS_CASES:
        accept(house, case, house.assessor)
    gone = make_staff(role, organisation=house.trust if role in CLINICAL_ROLES else None)
    colleague = make_staff(role, organisation=gone.organisation)
    with writing():
        for purpose in purposes_of({role}):
            principal = gone.organisation.principal_id
            access.grant(case.id, purpose, principal, because="test", by=None)
    task = a_task(kind, gone, case, due_in=timedelta(minutes=-1))
    wanted = case.ref if kind in SEEN_AS_CASES else task.ref
    leaves(gone)
    somebody = (colleague, house.lead, house.assessor)
    assert wanted in {ref for staff in somebody for _, ref in listed(app, staff)}


def test_a_case_being_assessed(app: Flask) -> None:
    people = journey.allocated()
    journey.started(people)
    with writing():
        trust = people.lead.organisation.principal_id
        access.grant(people.case.id, Purpose.CLINICAL, trust, because="test", by=None)
    leaves(people.assessor)
    assert ("unallocated", people.case.ref) in set(listed(app, people.lead))


def test_a_report_before_a_named_lead(app: Flask) -> None:
    people = journey.allocated()
    with writing():
        trust = people.lead.organisation.principal_id
        access.grant(people.case.id, Purpose.CLINICAL, trust, because="test", by=None)
    row = journey.sent(journey.finished(people), people, people.lead.id)
    leaves(people.lead)
    assert "countersign" in {key for key, _ in listed(app, people.other_lead)}
    assert row.lead_id is None


def test_an_onward_referral(app: Flask) -> None:
    here = Charity()
    here.route_on()
    leaves(here.worker)
    assert "record" in {key for key, _ in listed(app, here.assessor)}


def test_an_onward_referral_that_a_clinician_follows_up(app: Flask) -> None:
    here = Charity()
    row = here.route_on(here.assessor.principal_id)
    leaves(here.assessor)
    assert row.worker_id is None
    assert "record" in {key for key, _ in listed(app, here.lead)}


def test_a_warning(app: Flask) -> None:
    two = Two()
    case, row = warned(two)
    leaves(two.assessor)
    db.session.refresh(row)
    owner = db.session.get_one(Staff, row.owner_staff_id)
    assert owner.disabled_at is None
    assert db.session.get_one(Case, case.id).assessor_id is None


def elsewhere(staff: Staff) -> None:
    unit = make_organisation(OrganisationKind.COURT_TEAM)
    details = accounts.Details(staff.username, staff.name, unit.id)
    with writing():
        accounts.change_staff(staff.id, details, version=staff.version, by=None)


@pytest.mark.parametrize("goes", [leaves, elsewhere])
def test_a_request_for_a_report(app: Flask, goes: Callable[[Staff], None]) -> None:
    court = CourtSide()
    case = granted_case(court)
    request = ask(case.id, court.author.id)
    with writing():
        filing_question.ask_author(
            cases.lock(case.id), request, "test", "Say when", "When?", by=court.author.id
        )
    assert not {"requests", "dates"} & {key for key, _ in listed(app, court.colleague)}
    goes(court.author)
    assert {"requests", "dates"} <= {key for key, _ in listed(app, court.colleague)}
    assert YOURS in told(court.colleague.memberships[0].team)


def test_a_request_whose_author_is_shut_out(either_app: Flask) -> None:
    court = CourtSide()
    case, another = granted_case(court), granted_case(court)
    for one in (case, another):
        ask(one.id, court.author.id)
    with writing():
        shared_access.exclude(case.id, court.author.principal_id, because="family", by=None)
    db.session.rollback()
    shown = [ref for key, ref in listed(either_app, court.colleague) if key == "requests"]
    assert shown == [case.ref]
    with writing():
        db.session.scalars(select(Exclusion)).one().ends_at = clock.now()
    db.session.rollback()
    assert "requests" not in {key for key, _ in listed(either_app, court.colleague)}


@pytest.mark.parametrize("left", [Role.SYSTEM_ADMINISTRATOR, Role.SENIOR_PROBATION])
def test_a_request_of_an_author_without_a_team(app: Flask, left: Role) -> None:
    people = journey.allocated()
    unit = make_organisation(OrganisationKind.COURT_TEAM)
    author = make_staff(Role.COURT_PROBATION, left, organisation=unit)
    ask(people.case.id, author.id)
    with writing():
        role_service.set_roles(author.id, {left}, by=None)
    query = select(Notice.text).where(Notice.principal_id == people.assessor.principal_id)
    goes_on = left is Role.SENIOR_PROBATION
    assert (NOBODYS in db.session.scalars(query).all()) is not goes_on


def told(team: Team) -> list[str]:
    return list(
        db.session.scalars(select(Notice.text).where(Notice.principal_id == team.principal_id))
    )


def test_every_owner_column_is_known() -> None:
    words = ("owner", "worker", "assessor", "author", "lead", "cover", "asker")
    found = {
        f"{table.name}.{column.name}"
        for table in Model.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "staff" for key in column.foreign_keys)
        and any(word in column.name for word in words)
    }
    assert found == OWNED | NOBODYS_WORK, "whose is it when he leaves?"
