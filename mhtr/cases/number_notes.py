"""What somebody who saves a number is told at once: it is on another record too."""

from sqlalchemy import or_, select

from mhtr.cases.answering import DIFFERENT
from mhtr.cases.identity_queries import judged
from mhtr.cases.link_queries import linked_ids
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.people.asking import WITHDRAWN
from mhtr.people.models import Identifier, IdentifierKind, IdentityQuestion, Person
from mhtr.people.queries import live_ids, pair_question, record_ids
from mhtr.people.sections import FIELDS, Section

ASKED = "a question was opened for the clinical leads and administrators of {trust}"
TWO_MEN = "somebody answered before that they are two men, so one of the two numbers is wrong"


def waiting(person_id: int) -> frozenset[int]:
    """The open questions about a record, to be compared after saving."""
    own = record_ids(person_id)
    found = select(IdentityQuestion.id).where(
        IdentityQuestion.answered_at.is_(None),
        or_(IdentityQuestion.person_id.in_(own), IdentityQuestion.other_id.in_(own)),
    )
    return frozenset(db.session.scalars(found))


def said(viewer: Viewer, person_id: int, before: frozenset[int]) -> str:
    """Which of his numbers are on other records, and which questions saving has withdrawn.

    Another record is named only where it is the viewer's to see.
    """
    parts = [_elsewhere(viewer, person_id, kind, ids) for kind, ids in _shared(person_id).items()]
    withdrawn = select(IdentityQuestion.id).where(
        IdentityQuestion.id.in_(before), IdentityQuestion.answer == WITHDRAWN
    )
    if db.session.scalars(withdrawn).first() is not None:
        parts.append("The question that the earlier number had raised is withdrawn.")
    return "".join(f" {part}" for part in parts)


def _shared(person_id: int) -> dict[IdentifierKind, list[int]]:
    """By kind of number the other live records that hold his, his own in other trusts left out."""
    person = db.session.get_one(Person, person_id)
    left_out = {*record_ids(person_id), *linked_ids(person_id)}
    shared = {}
    for held in person.identifiers:
        same = select(Identifier.person_id).where(
            Identifier.kind == held.kind, Identifier.value == held.value
        )
        others = set(live_ids(db.session.scalars(same)).values()) - left_out
        if others:
            shared[held.kind] = sorted(others)
    return shared


def _elsewhere(viewer: Viewer, person_id: int, kind: IdentifierKind, others: list[int]) -> str:
    held = judged(viewer, others)
    names = [db.session.get_one(Person, i).name for i in others if held[i].own]
    where = f"the record of {' and '.join(names)}" if names else "another record"
    asked = [pair_question(person_id, other) for other in others]
    known = all(one is not None and one.answer == DIFFERENT for one in asked)
    what = TWO_MEN if known else ASKED.format(trust=viewer.organisation_name)
    return f"The {FIELDS[Section.IDENTIFIERS][kind.value]} is also on {where}: {what}."
