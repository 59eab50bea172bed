"""Changing what a trust agreed with probation: one proposes, one of the other side signs."""

import uuid

from sqlalchemy import or_, select

from mhtr.accounts.models import Organisation, OrganisationKind, Staff, StaffRole
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import service as tasks
from mhtr.wall import agreement_queries as queries
from mhtr.wall.agreement_models import AgreementAnswer, AgreementChange
from mhtr.wall.agreement_rules import (
    ANSWERED,
    NOT_YOURS,
    OF_PROBATION,
    OF_TRUST,
    Answer,
    Proposed,
    Side,
    objections,
    side_of,
    why_not_sign,
)

PAGE = "wall.agreement"
NO_WHY = "Say why"


def propose(*, trust_id: int, said: Proposed, by: int) -> AgreementChange:
    """Propose that reports hold something from a day on, or hold it no more.

    Nothing changes until somebody of the other side has signed it.

    Raises:
        CannotBe: something is missing or cannot be: what the law needs is left out, what never
            passes added.
        NotFound: there is no such trust.
        Refused: `by` speaks neither for the trust nor for probation.
    """
    must_be_writing()
    trust = db.session.get(Organisation, trust_id)
    if trust is None or trust.kind is not OrganisationKind.TREATING_TRUST:
        raise NotFound
    side = _speaks_for(by, trust_id)
    held = said.item in queries.in_force(trust_id, said.first_day).held
    waits = any(one.waits for one in queries.changes(trust_id, said.item))
    if wrong := objections(said, held, waiting=waits, today=clock.today()):
        raise CannotBe(*wrong)
    made = AgreementChange(
        organisation_id=trust_id,
        item=said.item,
        held=said.held,
        first_day=said.first_day,
        reason=said.reason.strip(),
        clause=said.clause.strip(),
        side=side,
        by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("agreements.proposed", by=by, organisation=trust_id, agreement_change=made.id)
    _tell(made, trust, "proposed", "Another content of compliance reports is proposed", by=by)
    return made


def sign(*, trust_id: int, ref: uuid.UUID, by: int) -> None:
    """Sign what somebody of the other side proposed: it holds from its day on.

    Raises:
        NotFound: there is no such proposal.
        Refused: `by` may not sign it, its day has passed, or it was answered already.
    """
    change = _open(trust_id, ref)
    side = _side(by, trust_id)
    reasons = why_not_sign(
        by=by,
        side=side,
        proposer=change.by_id,
        proposer_side=change.side,
        first_day=change.first_day,
        today=clock.today(),
    )
    if reasons or side is None:
        raise Refused(*reasons)
    _answer(change, Answer.SIGNED, "", side, by=by)
    audit.record("agreements.signed", by=by, organisation=trust_id, agreement_change=change.id)
    trust = db.session.get_one(Organisation, trust_id)
    _tell(change, trust, "signed", "The content of compliance reports was changed", by=by)


def turn_down(*, trust_id: int, ref: uuid.UUID, why: str, by: int) -> None:
    """Say that it is not to be: a second person turns it down, who proposed it takes it back.

    Raises:
        CannotBe: no reason is given.
        NotFound, Refused: as `sign`.
    """
    change = _open(trust_id, ref)
    side = _speaks_for(by, trust_id)
    if not why.strip():
        raise CannotBe(("why", NO_WHY))
    mine = by == change.by_id
    answer = Answer.TAKEN_BACK if mine else Answer.TURNED_DOWN
    _answer(change, answer, why.strip(), side, by=by)
    if mine:
        audit.record(
            "agreements.taken_back", by=by, organisation=trust_id, agreement_change=change.id
        )
    else:
        audit.record(
            "agreements.turned_down", by=by, organisation=trust_id, agreement_change=change.id
        )


def _open(trust_id: int, ref: uuid.UUID) -> AgreementChange:
    must_be_writing()
    change = queries.find_change(trust_id, ref, locked=True)
    if queries.answer_of(change) is not None:
        raise Refused(ANSWERED)
    return change


def _answer(change: AgreementChange, answer: Answer, words: str, side: Side, *, by: int) -> None:
    db.session.add(
        AgreementAnswer(
            change_id=change.id,
            proposed_by_id=change.by_id,
            proposed_side=change.side,
            answer=answer,
            words=words,
            side=side,
            by_id=by,
        )
    )
    db.session.flush()


def _tell(change: AgreementChange, trust: Organisation, what: str, words: str, *, by: int) -> None:
    """Everybody who may change it, but for whoever just did."""
    of_trust = (Staff.organisation_id == trust.id) & Staff.roles.any(StaffRole.role.in_(OF_TRUST))
    query = select(Staff.principal_id).where(
        Staff.disabled_at.is_(None),
        Staff.id != by,
        or_(of_trust, Staff.roles.any(StaffRole.role == OF_PROBATION)),
    )
    for principal_id in db.session.scalars(query.order_by(Staff.id)):
        tasks.tell(
            principal_id,
            key=f"agreements.{what}:{change.id}",
            text=f"{words}: {trust.name}",
            endpoint=PAGE,
            subject_ref=trust.ref,
        )


def _side(by: int, trust_id: int) -> Side | None:
    staff = db.session.get_one(Staff, by)
    if staff.disabled_at is not None:
        return None
    roles = {one.role for one in staff.roles}
    return side_of(roles, own_trust=staff.organisation_id == trust_id)


def _speaks_for(by: int, trust_id: int) -> Side:
    side = _side(by, trust_id)
    if side is None:
        raise Refused(NOT_YOURS)
    return side
