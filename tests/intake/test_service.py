"""Taking a referral: one case, the right trust, the right eyes on it."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases.facts import CaseState, StageOfCase
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Grant, Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake.known_reference import ReferenceTaken
from mhtr.intake.models import CourtCoverage, Referral
from mhtr.intake.queries import referral_of
from mhtr.people.models import Person
from mhtr.tasks.models import Task, TaskKind
from tests.intake.submitted import count, submit, trust
from tests.makers import make_staff


def grants(case: Case) -> set[tuple[Purpose, int]]:
    rows = db.session.execute(select(Grant.purpose, Grant.principal_id))
    assert case.id
    return {(row.purpose, row.principal_id) for row in rows}


def test_a_referral_opens_a_case_with_grants_and_a_task(either_app: Flask) -> None:
    home = trust()
    practitioner = make_staff(Role.LD_PRACTITIONER)
    case = submit(practitioner, court="B01EF", hearing_on="2026-12-02", psr_kind="short")
    assert case.state is CaseState.SCREENED and case.stage is StageOfCase.GUILTY_PLEA
    assert case.hearing_on == date(2026, 12, 2) and case.court_code == "B01EF"
    assert grants(case) == {
        (Purpose.CLINICAL, home.principal_id),
        (Purpose.ADMINISTRATION, home.principal_id),
        (Purpose.REFERRAL, practitioner.principal_id),
        (Purpose.REFERRAL, practitioner.organisation.principal_id),
    }
    task = db.session.scalars(select(Task)).one()
    assert task.kind is TaskKind.TRIAGE and task.owner_principal_id == home.principal_id
    # One working day after Wednesday 18 November, at five in the afternoon.
    assert task.due_at.astimezone(clock.LONDON).isoformat() == "2026-11-19T17:00:00+00:00"
    referral = referral_of(case.id)
    assert referral is not None and referral.routed_because == "area"
    person = case.person
    assert (person.phone, person.safe_to_text.value) == ("+447700900123", "yes")


def test_the_court_decides_the_trust_while_it_is_covered(app: Flask) -> None:
    area, covering = trust("south"), trust("north")
    with writing():
        db.session.add(
            CourtCoverage(
                court_code="B01EF",
                live_from=date(2026, 1, 1),
                live_to=date(2026, 12, 31),
                trust_id=covering.id,
            )
        )
    by = make_staff(Role.LD_PRACTITIONER)
    inside = submit(by, court="B01EF", hearing_on="2026-12-02")
    after = submit(by, court="B01EF", hearing_on="2027-01-04", given_name="Sam")
    found = [referral_of(case.id) for case in (inside, after)]
    assert [r and (r.trust_id, r.routed_because) for r in found] == [
        (covering.id, "court"),
        (area.id, "area"),
    ]


def test_where_nothing_decides_the_reason_says_so(app: Flask) -> None:
    first = trust("")
    case = submit(make_staff(Role.LD_PRACTITIONER))
    referral = referral_of(case.id)
    assert referral and (referral.trust_id, referral.routed_because) == (first.id, "undecided")


def test_without_a_trust_nothing_is_saved(app: Flask) -> None:
    with pytest.raises(Refused, match="No treating trust"):
        submit(make_staff(Role.LD_PRACTITIONER))
    assert count(Case) == count(Person) == 0


def test_urgent_is_flagged_and_due_the_same_day(app: Flask) -> None:
    trust()
    case = submit(make_staff(Role.LD_PRACTITIONER), safety="not_known")
    task = db.session.scalars(select(Task).where(Task.kind == TaskKind.TRIAGE)).one()
    assert case.urgent and task.title.startswith("Urgent")
    assert task.due_at.astimezone(clock.LONDON).date() == clock.today()


@pytest.mark.parametrize(
    ("role", "source", "purpose"),
    [
        (Role.COURT_PROBATION, "court-probation", Purpose.PROBATION_REFERRAL),
        (Role.PROBATION, "probation", Purpose.PROBATION_REFERRAL),
        (Role.ADMINISTRATOR, "defence", None),
        (Role.ADMINISTRATOR, "self", None),
    ],
)
def test_only_ld_and_probation_see_what_became_of_it(
    app: Flask, role: Role, source: str, purpose: Purpose | None
) -> None:
    trust()
    by = make_staff(role)
    case = submit(by, source=source)
    theirs = {p for p, principal in grants(case) if principal == by.principal_id}
    assert theirs == ({purpose} if purpose else set())


def test_what_is_missing_is_chased(app: Flask) -> None:
    trust()
    by = make_staff(Role.LD_PRACTITIONER)
    submit(by, stage="charged")
    chase = db.session.scalars(select(Task).where(Task.kind == TaskKind.CHASE_HEARING)).one()
    assert chase.due_at.astimezone(clock.LONDON).date() == date(2026, 11, 23)
    submit(by, stage="under_investigation", given_name="Sam")
    assert count(Task) == 3


def test_the_same_external_reference_is_taken_once(either_app: Flask) -> None:
    trust()
    by = make_staff(Role.LD_PRACTITIONER)
    first = submit(by, channel="api", external_reference="A-17")
    second = submit(by, channel="api", external_reference="A-17")
    assert first.id == second.id and count(Referral) == 1
    with pytest.raises(ReferenceTaken):
        submit(by, channel="api", external_reference="A-17", given_name="Other")
    assert count(Referral) == 1
