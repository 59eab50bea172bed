"""What has to be asked again after a change of somebody's record, and whom to ask."""

from collections.abc import Collection

from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people.models import Person, PersonChange
from mhtr.people.putting import apply
from mhtr.people.sections import Section, Value, asked_anew
from mhtr.people.values import values_of, words


def ask_anew(
    person: Person, section: Section, changed: Collection[str], *, by: int | None
) -> dict[str, Value]:
    """Take back a yes to contact that he gave for the number or the place he had before.

    Returns what else changes in this section; what stands in another one is changed here, with
    its history. Called before the change is made.
    """
    must_be_writing()
    contact = values_of(person, Section.CONTACT)
    anew = asked_anew(section, {**contact, **values_of(person, section)}, changed)
    if not anew or section is Section.CONTACT:
        return anew
    apply(person, anew)
    held = words(contact)
    db.session.add(
        PersonChange(
            person_id=person.id,
            by_id=by,
            section=Section.CONTACT.value,
            reason="His address changed: ask him again.",
            before={name: held[name] for name in anew},
        )
    )
    return {}


def trust_of(by: int | None) -> int | None:
    """Who is to answer a question that somebody's change raised: his trust, where he has one."""
    staff = db.session.get(Staff, by) if by is not None else None
    if staff is None or staff.organisation.kind is not OrganisationKind.TREATING_TRUST:
        return None
    return staff.organisation.principal_id
