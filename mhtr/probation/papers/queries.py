"""Referrals with their papers, read through cases that the viewer may see."""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased, defer

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.compliance.enforcement_models import EnforcementStep
from mhtr.compliance.enforcing import OUTCOMES, StepKind
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.prepared import Prepared
from mhtr.orders.models import Order
from mhtr.probation.papers.content import Papers, content_hash, from_json
from mhtr.probation.papers.countdown import Countdown, countdown, due_on
from mhtr.probation.papers.models import PapersSent, ReferralPapers
from mhtr.probation.papers.policy import counting
from mhtr.tasks.calendar import working_calendar
from mhtr.web.reads import shows

_SENT_ON = (
    select(func.min(PapersSent.on))
    .join(ReferralPapers, ReferralPapers.id == PapersSent.papers_id)
    .where(ReferralPapers.step_id == EnforcementStep.id, PapersSent.taken_back_at.is_(None))
    .correlate(EnforcementStep)
    .scalar_subquery()
)
_STEPS = Prepared(
    select(
        EnforcementStep.id,
        EnforcementStep.ref,
        EnforcementStep.kind,
        EnforcementStep.on,
        EnforcementStep.order_id,
        EnforcementStep.taken_back_at,
        Order.case_id,
        _SENT_ON.label("sent_on"),
    )
    .join(Order, Order.id == EnforcementStep.order_id)
    .where(
        Order.case_id.in_(bindparam("cases", expanding=True)),
        EnforcementStep.kind.in_(sorted({StepKind.REFERRED, *OUTCOMES})),
    )
    .order_by(EnforcementStep.on, EnforcementStep.id)
)
_STEP = select(EnforcementStep).where(EnforcementStep.ref == bindparam("ref"))
_VERSIONS = (
    select(ReferralPapers, Staff.name)
    .join(Staff, Staff.id == ReferralPapers.by_id)
    .where(ReferralPapers.step_id == bindparam("step"))
    .order_by(ReferralPapers.number.desc())
    .options(defer(ReferralPapers.pdf))
)
_BACK = aliased(Staff)
_SENT = (
    select(PapersSent, ReferralPapers.number, Staff.name, _BACK.name)
    .join(ReferralPapers, ReferralPapers.id == PapersSent.papers_id)
    .join(Staff, Staff.id == PapersSent.by_id)
    .outerjoin(_BACK, _BACK.id == PapersSent.taken_back_by)
    .where(ReferralPapers.step_id == bindparam("step"))
    .order_by(PapersSent.on.desc(), PapersSent.id.desc())
)


@dataclass(frozen=True)
class Referral:
    """One referral with where its papers stand."""

    step_id: int
    ref: uuid.UUID
    order_id: int
    on: date
    taken_back: bool
    papers: Countdown


def referrals_of(case_ids: Collection[int]) -> Mapping[int, Sequence[Referral]]:
    """The referrals of each case with their countdown, the earliest first."""
    if not case_ids:
        return {}
    rows = list(_STEPS.all({"cases": list(case_ids)}))
    found: dict[int, list[Referral]] = defaultdict(list)
    for row in rows:
        if row.kind is StepKind.REFERRED:
            found[row.case_id].append(_referral(row, rows))
    return found


def _referral(row: Any, rows: Sequence[Any]) -> Referral:
    taken_back = row.taken_back_at is not None
    over = any(
        one.kind in OUTCOMES
        and one.order_id == row.order_id
        and one.on >= row.on
        and one.taken_back_at is None
        for one in rows
    )
    calendar = working_calendar()
    due = due_on(row.on, counting(row.on), calendar)
    needed = not (taken_back or over)
    left = countdown(due, clock.today(), calendar, sent_on=row.sent_on, needed=needed)
    return Referral(row.id, row.ref, row.order_id, row.on, taken_back, left)


def find_referral(viewer: Viewer, ref: uuid.UUID) -> tuple[Case, EnforcementStep]:
    """A referral of a man whom the viewer supervises.

    Raises:
        NotFound: no such referral, or not this viewer's.
    """
    step = db.session.scalars(_STEP, {"ref": ref}).one_or_none()
    if step is None or step.kind is not StepKind.REFERRED:
        raise NotFound
    query = select(Case.ref).join(Order, Order.case_id == Case.id).where(Order.id == step.order_id)
    case = find_case(viewer, db.session.scalars(query).one(), Purpose.SUPERVISION)
    shows("enforcement", step.id, case_id=case.id)
    return case, step


@dataclass(frozen=True)
class Version:
    """One version of the papers. `content` is None where it does not match its fingerprint."""

    row: ReferralPapers
    by: str
    content: Papers | None


def versions_of(step_id: int) -> list[Version]:
    """Every version of the papers of a referral, the newest first, each checked."""
    return [
        Version(row, by, verified(row))
        for row, by in db.session.execute(_VERSIONS, {"step": step_id})
    ]


def find_version(versions: Sequence[Version], ref: uuid.UUID) -> Version:
    """One of these versions.

    Raises:
        NotFound: it is none of them.
    """
    found = next((one for one in versions if one.row.ref == ref), None)
    if found is None:
        raise NotFound
    return found


def verified(row: ReferralPapers) -> Papers | None:
    """What a version says, where that is what was made; None where it is not."""
    try:
        content = from_json(row.content)
    except (KeyError, TypeError, ValueError):
        return None
    return content if content_hash(content) == row.content_hash else None


def is_file_intact(row: ReferralPapers) -> bool:
    """Whether the file of a version is the one that was made."""
    return hashlib.sha256(row.pdf).hexdigest() == row.pdf_hash


@dataclass(frozen=True)
class Sent:
    """One time that a version was sent."""

    row: PapersSent
    number: int
    by: str
    taken_back_by: str


def sendings_of(step_id: int) -> list[Sent]:
    """Every sending of the papers of a referral, the newest first."""
    return [
        Sent(row, number, by, back or "")
        for row, number, by, back in db.session.execute(_SENT, {"step": step_id})
    ]
