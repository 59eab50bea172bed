"""His date of death and his cases: recorded, each closes; taken back, each goes on."""

from collections.abc import Mapping

from sqlalchemy import select

from mhtr.cases import listeners
from mhtr.cases.models import Case
from mhtr.cases.service import lock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people import service as people
from mhtr.people.models import Person
from mhtr.people.rules import Accepts
from mhtr.people.sections import Section, Value


def change_section(
    *,
    person_id: int,
    section: Section,
    values: Mapping[str, Value],
    seen: str,
    settings: Accepts,
    by: int,
    reason: str = "",
) -> None:
    """Save a section of his details, and what a date of death means for his cases.

    Raises:
        Stale, Refused: as `people.service.change_section`.
    """
    must_be_writing()
    if section is Section.BIRTH:
        _lock_cases(person_id)
    people.change_section(
        person_id=person_id,
        section=section,
        values=values,
        seen=seen,
        settings=settings,
        by=by,
        reason=reason,
    )
    if section is Section.BIRTH:
        follow(person_id, by=by)


def follow(person_id: int, *, by: int) -> None:
    """Bring his cases in line with whether a date of death is recorded; a repeat does nothing."""
    must_be_writing()
    died = db.session.get_one(Person, person_id).died_on is not None
    for case_id in _lock_cases(person_id):
        for listener in listeners.death_recorded if died else listeners.death_taken_back:
            listener(case_id, by)


def _lock_cases(person_id: int) -> list[int]:
    query = select(Case.id).where(Case.person_id == person_id).order_by(Case.id)
    found = list(db.session.scalars(query))
    for case_id in found:
        lock(case_id)
    return found
