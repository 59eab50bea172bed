"""Reading what trusts agreed with probation: what holds on a day, what waits, what changed."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Organisation, OrganisationKind, Staff
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import remembered
from mhtr.wall.agreement_models import AgreementAnswer, AgreementChange
from mhtr.wall.agreement_rules import Answer, held_under
from mhtr.wall.items import BY_KEY

_SIGNED = Prepared(
    select(
        AgreementChange.organisation_id,
        AgreementChange.item,
        AgreementChange.held,
        AgreementChange.first_day,
    )
    .join(AgreementAnswer, AgreementAnswer.change_id == AgreementChange.id)
    .where(AgreementAnswer.answer == Answer.SIGNED)
    .order_by(AgreementChange.first_day, AgreementAnswer.id)
)


@dataclass(frozen=True)
class InForce:
    """What a trust agreed, as it holds on a day.

    Args:
        version: how many signed changes hold by then; 0: none was ever agreed.
        since: the day from which the last of them holds.
        agreed: by row of the wall, whether reports hold it; rows never changed are absent.
        since_of: by row, from which day that holds.
    """

    version: int = 0
    since: date | None = None
    agreed: Mapping[str, bool] = field(default_factory=dict)
    since_of: Mapping[str, date] = field(default_factory=dict)

    @property
    def held(self) -> frozenset[str]:
        """The rows of the wall that reports hold."""
        return held_under(self.agreed)


def in_force(trust_id: int | None, on: date) -> InForce:
    """What a trust agreed with probation, on a day. Only what was signed counts."""
    agreed, since_of, version, last = dict[str, bool](), dict[str, date](), 0, None
    for organisation_id, item, held, first_day in remembered(
        "signed", AgreementAnswer, lambda: _SIGNED.all({})
    ):
        if organisation_id == trust_id and first_day <= on and item in BY_KEY:
            agreed[item], since_of[item], last = held, first_day, first_day
            version += 1
    return InForce(version, last, agreed, since_of)


def trusts() -> Sequence[Organisation]:
    """The treating trusts that are open, by name."""
    query = select(Organisation).where(
        Organisation.kind == OrganisationKind.TREATING_TRUST, Organisation.closed_on.is_(None)
    )
    return db.session.scalars(query.order_by(Organisation.sort_name, Organisation.id)).all()


def find_trust(ref: uuid.UUID) -> Organisation:
    """A treating trust.

    Raises:
        NotFound: there is none.
    """
    query = select(Organisation).where(
        Organisation.ref == ref, Organisation.kind == OrganisationKind.TREATING_TRUST
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Change:
    """One proposal with what became of it."""

    row: AgreementChange
    by: str
    answer: Answer | None
    words: str
    answered_by: str
    answered_at: datetime | None

    @property
    def said(self) -> str:
        """What was proposed, in words."""
        return HOLDS[self.row.held]

    @property
    def waits(self) -> bool:
        """Whether it waits for a second person."""
        return self.answer is None


HOLDS = {True: "In reports", False: "Left out of reports"}


def changes(trust_id: int, item: str = "") -> Sequence[Change]:
    """Every proposal about a trust's agreement (or about one row of it), the latest first."""
    answerer = aliased(Staff)
    query = (
        select(AgreementChange, Staff.name, AgreementAnswer, answerer.name)
        .join(Staff, Staff.id == AgreementChange.by_id)
        .outerjoin(AgreementAnswer, AgreementAnswer.change_id == AgreementChange.id)
        .outerjoin(answerer, answerer.id == AgreementAnswer.by_id)
        .where(AgreementChange.organisation_id == trust_id)
        .order_by(AgreementChange.id.desc())
    )
    if item:
        query = query.where(AgreementChange.item == item)
    rows: Any = db.session.execute(query)
    return [
        Change(
            row,
            by,
            answer.answer if answer else None,
            answer.words if answer else "",
            answered_by or "",
            answer.created_at if answer else None,
        )
        for row, by, answer, answered_by in rows
    ]


def find_change(trust_id: int, ref: uuid.UUID, *, locked: bool = False) -> AgreementChange:
    """One proposal about the agreement of a trust.

    Raises:
        NotFound: there is none.
    """
    query = select(AgreementChange).where(
        AgreementChange.ref == ref, AgreementChange.organisation_id == trust_id
    )
    found = db.session.scalars(query.with_for_update() if locked else query).one_or_none()
    if found is None:
        raise NotFound
    return found


def answer_of(change: AgreementChange) -> AgreementAnswer | None:
    """What became of a proposal; None while it waits."""
    query = select(AgreementAnswer).where(AgreementAnswer.change_id == change.id)
    return db.session.scalars(query).one_or_none()
