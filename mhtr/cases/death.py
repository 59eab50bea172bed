"""His date of death and his cases: recorded, each closes; taken back, each goes on."""

from collections.abc import Mapping

from sqlalchemy import select

from mhtr.cases import link_news, link_shares, listeners, needs_review
from mhtr.cases.link_queries import linked_ids
from mhtr.cases.models import Case
from mhtr.cases.service import lock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people import service as people
from mhtr.people.learning import hold_contact
from mhtr.people.models import Person, PersonChange
from mhtr.people.rules import Accepts
from mhtr.people.sections import Section, Value

SAID_ELSEWHERE = "A record of his in another trust says that he has died."
DIED = (
    "{maker} recorded on a record of his there that he has died. Find out whether that is so and "
    "record it. Until then no way of reaching him counts as safe."
)
TAKEN_BACK = (
    "{maker} took back that he has died, on a record of his there. Ask him again which ways of "
    "reaching him are safe."
)


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
    person = people.lock_person(person_id)
    shared, died_on = link_shares.shared(person), person.died_on
    people.change_section(
        person_id=person_id,
        section=section,
        values=values,
        seen=seen,
        settings=settings,
        by=by,
        reason=reason,
    )
    if link_shares.shared(person) != shared:
        link_news.put_right(person_id, by=by)
    if died_on is not None and person.died_on is None:
        for other_id in _alive_elsewhere(person_id):
            link_news.of_death(other_id, f"alive:{_recorded(person_id)}", TAKEN_BACK, by=by)
    if section is Section.BIRTH:
        follow(person_id, by=by)
    if section is Section.NEEDS:
        needs_review.follow(person_id, by=by)


def follow(person_id: int, *, by: int) -> None:
    """Bring his cases in line with whether a date of death is recorded; a repeat does nothing."""
    must_be_writing()
    died_on = db.session.get_one(Person, person_id).died_on
    for case_id in _lock_cases(person_id):
        for listener in listeners.death_taken_back if died_on is None else listeners.death_recorded:
            listener(case_id, by)
    if died_on is not None:
        _hold_elsewhere(person_id, by)


def _hold_elsewhere(person_id: int, by: int) -> None:
    """Another trust's record of him says nothing of it: there nobody rings or writes unasked.

    The date itself is that trust's to record, once it has found out; ways of reaching him that it
    found to be safe since it was told stay so.
    """
    key = f"died:{person_id}:{_recorded(person_id)}"
    for other_id in _alive_elsewhere(person_id):
        if link_news.of_death(other_id, key, DIED, by=by):
            hold_contact(person_id=other_id, reason=SAID_ELSEWHERE, by=by)


def _alive_elsewhere(person_id: int) -> list[int]:
    alive = select(Person.id).where(Person.id.in_(linked_ids(person_id)), Person.died_on.is_(None))
    return sorted(db.session.scalars(alive))


def _recorded(person_id: int) -> int:
    """The last change of his date of death; 0 where the record was made with it."""
    changes = select(PersonChange).where(
        PersonChange.person_id == person_id, PersonChange.section == Section.BIRTH
    )
    rows = db.session.scalars(changes.order_by(PersonChange.id.desc()))
    return next((row.id for row in rows if "died_on" in row.before), 0)


def _lock_cases(person_id: int) -> list[int]:
    query = select(Case.id).where(Case.person_id == person_id).order_by(Case.id)
    found = list(db.session.scalars(query))
    for case_id in found:
        lock(case_id)
    return found
