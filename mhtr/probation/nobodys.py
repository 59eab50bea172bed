"""Men of a unit whom nobody supervises: nobody is named, or nobody who is still there."""

from sqlalchemy import and_, bindparam, exists, or_, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core.access import Purpose, Role, Viewer
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.orders.models import ProbationContact
from mhtr.people.models import Person
from mhtr.probation.people_queries import Man

_THERE = exists(
    select(ProbationContact.id)
    .outerjoin(Staff, Staff.id == ProbationContact.staff_id)
    .where(
        ProbationContact.case_id == Case.id,
        ProbationContact.ended_at.is_(None),
        or_(
            ProbationContact.staff_id.is_(None),
            and_(
                Staff.disabled_at.is_(None),
                or_(
                    ProbationContact.unit_id.is_(None),
                    ProbationContact.unit_id == Staff.organisation_id,
                ),
            ),
        ),
    )
)
_NOBODYS = Prepared(
    select(
        Case.id,
        Case.ref,
        Person.id.label("person_id"),
        Person.given_name,
        Person.family_name,
        Person.sort_name,
    )
    .join(Person, Person.id == Case.person_id)
    .where(
        Case.state.in_(bindparam("states", expanding=True)),
        ~_THERE,
        visible(ANYBODY, Case.id, Case.restricted),
    )
    .order_by(Person.sort_name, Case.id)
    .limit(bindparam("limit"))
)


def nobodys(viewer: Viewer, limit: int) -> list[Man]:
    """Men under an order in a senior's unit without an officer, by name. Of nobody else's list."""
    if not viewer.has(Role.SENIOR_PROBATION):
        return []
    given = {**asked_by(viewer, Purpose.SUPERVISION), "states": sorted(UNDER_ORDER)}
    return [
        Man(
            case_id=line.id,
            person_id=line.person_id,
            ref=line.ref,
            name=f"{line.given_name} {line.family_name}".strip(),
            sort_name=line.sort_name,
            officer=None,
        )
        for line in _NOBODYS.all({**given, "limit": limit})
    ]
