"""His date of death and his cases: recorded, each closes; taken back, each goes on."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from mhtr.cases import link_news, listeners
from mhtr.cases.link_queries import linked_ids
from mhtr.cases.models import Case
from mhtr.cases.service import lock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people import service as people
from mhtr.people.learning import hold_contact
from mhtr.people.models import Person
from mhtr.people.rules import Accepts
from mhtr.people.sections import Section, Value

SHARED_AT_THE_LINK = (Section.NAMES, Section.BIRTH, Section.IDENTIFIERS)
SAID_ELSEWHERE = "A record of his in another trust says that he has died."


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

    What two linked records were made to share is told to the other trust when it is put right.

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
    if section in SHARED_AT_THE_LINK:
        link_news.put_right(person_id, by=by)
    if section is Section.BIRTH:
        follow(person_id, by=by)


def follow(person_id: int, *, by: int) -> None:
    """Bring his cases in line with whether a date of death is recorded; a repeat does nothing."""
    must_be_writing()
    died_on = db.session.get_one(Person, person_id).died_on
    for case_id in _lock_cases(person_id):
        for listener in listeners.death_taken_back if died_on is None else listeners.death_recorded:
            listener(case_id, by)
    if died_on is not None:
        _hold_elsewhere(person_id, died_on, by)


def _hold_elsewhere(person_id: int, died_on: date, by: int) -> None:
    """Another trust's record of him says nothing of it: there nobody rings or writes unasked.

    The date itself is that trust's to record, once it has found out.
    """
    alive = select(Person.id).where(Person.id.in_(linked_ids(person_id)), Person.died_on.is_(None))
    for other_id in sorted(db.session.scalars(alive)):
        hold_contact(person_id=other_id, reason=SAID_ELSEWHERE, by=by)
        link_news.died(other_id, f"died:{person_id}:{died_on}", by=by)


def _lock_cases(person_id: int) -> list[int]:
    query = select(Case.id).where(Case.person_id == person_id).order_by(Case.id)
    found = list(db.session.scalars(query))
    for case_id in found:
        lock(case_id)
    return found
