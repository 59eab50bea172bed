"""Makers of fictional organisations, staff, people and cases for tests, through the services."""

from datetime import date, time
from itertools import count

from mhtr.accounts.models import (
    Organisation,
    OrganisationKind,
    Staff,
    StaffRole,
    Team,
    TeamMembership,
)
from mhtr.cases import service as cases
from mhtr.cases.facts import StageOfCase
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import PrincipalKind, Role
from mhtr.core.database import db
from mhtr.core.principals import new_principal
from mhtr.core.transaction import writing
from mhtr.people import service as people
from mhtr.people.identifiers import NhsNumberRange
from mhtr.people.models import Person
from mhtr.people.rules import Accepts
from mhtr.tasks.models import ServiceHours

_number = count(1)

HOME = {
    Role.LD_PRACTITIONER: OrganisationKind.LD_TEAM,
    Role.LINK_WORKER: OrganisationKind.LINK_WORKERS,
    Role.COURT_PROBATION: OrganisationKind.COURT_TEAM,
    Role.PROBATION: OrganisationKind.PROBATION_UNIT,
    Role.SENIOR_PROBATION: OrganisationKind.PROBATION_UNIT,
    Role.COMMISSIONER: OrganisationKind.COMMISSIONER,
}


def make_organisation(
    kind: OrganisationKind = OrganisationKind.TREATING_TRUST, name: str = ""
) -> Organisation:
    """An organisation of a kind."""
    with writing():
        made = Organisation(
            kind=kind,
            name=name or f"{kind.value} {next(_number)}",
            principal_id=new_principal(PrincipalKind.ORGANISATION),
        )
        db.session.add(made)
    return made


def make_hours(organisation_id: int, opens: time = time(9), closes: time = time(17)) -> None:
    """A trust's service hours, the same on each weekday."""
    with writing():
        for weekday in range(5):
            db.session.add(
                ServiceHours(
                    organisation_id=organisation_id,
                    weekday=weekday,
                    opens=opens,
                    closes=closes,
                    valid_from=date(2026, 1, 1),
                )
            )


def make_team(organisation: Organisation, name: str = "") -> Team:
    """A team of an organisation."""
    with writing():
        made = Team(
            organisation_id=organisation.id,
            name=name or f"Team {next(_number)}",
            principal_id=new_principal(PrincipalKind.TEAM),
        )
        db.session.add(made)
    return made


def make_staff(
    *roles: Role,
    organisation: Organisation | None = None,
    team: Team | None = None,
    name: str = "",
    hcpc: str | None = None,
) -> Staff:
    """A member of staff with these roles; without an organisation, in a new fitting one."""
    if organisation is None:
        kind = HOME.get(roles[0], OrganisationKind.TREATING_TRUST) if roles else None
        organisation = (
            team.organisation
            if team
            else make_organisation(kind or OrganisationKind.TREATING_TRUST)
        )
    number = next(_number)
    with writing():
        made = Staff(
            username=f"person{number}@example.nhs.uk",
            name=name or f"Staff Member {number}",
            organisation_id=organisation.id,
            principal_id=new_principal(PrincipalKind.STAFF),
            hcpc_number=hcpc,
            hcpc_checked_on=clock.today() if hcpc else None,
            roles=[StaffRole(role=role) for role in roles],
            memberships=[TeamMembership(team_id=team.id)] if team else [],
        )
        db.session.add(made)
    return made


def make_person(
    given_name: str = "Tunde", family_name: str = "Okafor", born: date | None = date(1990, 2, 3)
) -> Person:
    """A service user with a name and birth date only."""
    with writing():
        made = people.create_person(
            given_name=given_name,
            family_name=family_name,
            born=born,
            settings=Accepts(NhsNumberRange.TEST, fictional=True),
            by=None,
        )
    return made


def make_case(
    person: Person | None = None, *, stage: StageOfCase | None = StageOfCase.GUILTY_PLEA
) -> Case:
    """A referred case. Nobody has a grant on it yet."""
    person = person or make_person()
    with writing():
        made = cases.open_case(person_id=person.id, by=None, at=clock.now(), stage=stage)
    return made
