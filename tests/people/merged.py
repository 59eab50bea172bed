"""Two records become one, and two again."""

from sqlalchemy import select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import identity
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people import merge_parts, service
from mhtr.people.models import (
    IdentifierKind,
    Person,
)


def ask(one: Person, two: Person, by: int) -> int:
    with writing():
        question = service.raise_identity_question(
            person_id=one.id, other_id=two.id, verdict="possible", reasons=["Alike"], by=by
        )
        assert question is not None
        return question.id


def holding(by: int, *people: Person) -> None:
    """Give somebody what one person needs to merge alone: both records, for good."""
    staff = db.session.get_one(Staff, by)
    with writing():
        if not {row.role for row in staff.roles} & access.CLINICAL_ROLES:
            staff.roles.append(StaffRole(role=Role.CLINICAL_LEAD))
        viewer = viewer_of(staff)
        query = select(Case).where(Case.person_id.in_([one.id for one in people]))
        for case in db.session.scalars(query).all():
            seen = select(Case.id).where(Case.id == case.id, in_scope(viewer, Purpose.CLINICAL))
            if db.session.scalar(seen) is None:
                access.grant(case.id, Purpose.CLINICAL, staff.principal_id, because="test", by=None)


def merge(
    kept: Person,
    absorbed: Person,
    by: int,
    right: dict[IdentifierKind, str] | None = None,
    chosen: Person | None = None,
) -> int:
    """Merge; `chosen` is the record that is right wherever they differ, the kept one if not."""
    kept_id, question_id = kept.id, ask(kept, absorbed, by)
    which = (chosen or kept).id
    holding(by, kept, absorbed)
    parts = {part.key: which for part in merge_parts.differing(kept, absorbed)}
    with writing():
        row = identity.answer_same(
            question_id=question_id,
            kept_id=kept_id,
            right=right or {},
            chosen=parts,
            reason="Passport",
            by=by,
        )
        return row.id


def undo(merge_id: int, by: int) -> None:
    with writing():
        identity.undo_merge(merge_id=merge_id, reason="Two passports", by=by)
