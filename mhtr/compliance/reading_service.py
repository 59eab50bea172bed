"""Changing how the law is read: one person proposes, another signs. The only writer of both."""

import uuid
from collections.abc import Collection

from sqlalchemy import func, select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.compliance import reading_queries as queries
from mhtr.compliance.reading_models import ReadingAnswer, ReadingChange
from mhtr.compliance.reading_rules import (
    ANSWERED,
    CHANGE,
    NOT_YOURS,
    Answer,
    Proposed,
    objections,
    why_not_sign,
)
from mhtr.compliance.standing.reading_words import TITLES, value_of
from mhtr.core import audit, clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import service as tasks

PAGE = "compliance.reading"
NO_WHY = "Say why"


def propose(*, said: Proposed, by: int) -> ReadingChange:
    """Propose another reading of a point, from a day on. Nothing changes until it is signed.

    Raises:
        CannotBe: something is missing or cannot be.
        NotFound: there is no such point.
        Refused: `by` may not change how the law is read.
    """
    must_be_writing()
    roles = _roles(by)
    _must_change(roles)
    if said.point not in TITLES:
        raise NotFound
    _alone()
    held = queries.in_force(said.first_day).readings
    waits = queries.waiting(said.point) is not None
    if wrong := objections(said, held, waiting=waits, today=clock.today()):
        raise CannotBe(*wrong)
    made = ReadingChange(
        point=said.point,
        reading=said.value,
        was=value_of(held, said.point),
        first_day=said.first_day,
        reason=said.reason.strip(),
        legal_note=said.legal_note.strip(),
        of_probation=Role.SENIOR_PROBATION in roles,
        by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("readings.proposed", by=by, reading_change=made.id)
    _tell(made, "proposed", "Another reading of the law is proposed", by=by)
    return made


def sign(*, ref: uuid.UUID, by: int) -> None:
    """Sign what somebody else proposed: it holds from its day on.

    Raises:
        NotFound: there is no such proposal.
        Refused: `by` may not sign it, its day has passed, or it was answered already.
    """
    change = _open(ref)
    reasons = why_not_sign(
        by=by,
        roles=_roles(by),
        proposer=change.by_id,
        proposer_roles=roles_of_proposer(change),
        first_day=change.first_day,
        today=clock.today(),
    )
    if reasons:
        raise Refused(*reasons)
    _answer(change, Answer.SIGNED, "", by=by)
    audit.record("readings.signed", by=by, reading_change=change.id)
    _tell(change, "signed", "How the law is read was changed by two signatures", by=by)


def turn_down(*, ref: uuid.UUID, why: str, by: int) -> None:
    """Say that it is not to be: a second person turns it down, who proposed it takes it back.

    Raises:
        CannotBe: no reason is given.
        NotFound, Refused: as `sign`.
    """
    change = _open(ref)
    _must_change(_roles(by))
    if not why.strip():
        raise CannotBe(("why", NO_WHY))
    mine = by == change.by_id
    _answer(change, Answer.TAKEN_BACK if mine else Answer.TURNED_DOWN, why.strip(), by=by)
    if mine:
        audit.record("readings.taken_back", by=by, reading_change=change.id)
    else:
        audit.record("readings.turned_down", by=by, reading_change=change.id)


def _alone() -> None:
    """One proposal at a time, until commit: a point has no row that could be locked."""
    if db.session.connection().dialect.name == "postgresql":
        key = func.hashtext(ReadingChange.__tablename__)
        db.session.execute(select(func.pg_advisory_xact_lock(key)))


def _open(ref: uuid.UUID) -> ReadingChange:
    must_be_writing()
    change = queries.find_change(ref, locked=True)
    if queries.answer_of(change) is not None:
        raise Refused(ANSWERED)
    return change


def _answer(change: ReadingChange, answer: Answer, words: str, *, by: int) -> None:
    db.session.add(
        ReadingAnswer(
            change_id=change.id,
            proposed_by_id=change.by_id,
            answer=answer,
            words=words,
            by_id=by,
        )
    )
    db.session.flush()


def _tell(change: ReadingChange, what: str, words: str, *, by: int) -> None:
    """Everybody who may change it, but for whoever just did."""
    query = select(Staff.principal_id).where(
        Staff.disabled_at.is_(None),
        Staff.id != by,
        Staff.roles.any(StaffRole.role.in_(CHANGE)),
    )
    for principal_id in db.session.scalars(query.order_by(Staff.id)):
        tasks.tell(
            principal_id,
            key=f"readings.{what}:{change.id}",
            text=f"{words}: {TITLES[change.point]}",
            endpoint=PAGE,
            subject_ref=change.point,
        )


def roles_of_proposer(change: ReadingChange) -> Collection[Role]:
    """By which roles somebody who proposed a change stands for it today; none once he left."""
    return {
        role
        for role in _roles(change.by_id)
        if role is not Role.SENIOR_PROBATION or change.of_probation
    }


def _roles(by: int) -> set[Role]:
    query = select(StaffRole.role).join(Staff, Staff.id == StaffRole.staff_id)
    return set(db.session.scalars(query.where(Staff.id == by, Staff.disabled_at.is_(None))))


def _must_change(roles: Collection[Role]) -> None:
    if not {*CHANGE} & {*roles}:
        raise Refused(NOT_YOURS)
