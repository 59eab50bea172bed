"""Opening the task of a sign of risk, with the clinician the rota names as its owner."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import or_, select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.core import access, clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role
from mhtr.core.database import db
from mhtr.core.policy import PolicyValue, declare, values
from mhtr.tasks import service as tasks
from mhtr.tasks.models import DutyShift, Leave, LocalClosure, ServiceHours, Task, TaskKind
from mhtr.tasks.policy import GRANT_DAYS
from mhtr.tasks.queries import excluded_staff
from mhtr.tasks.rota_rules import Absence, Hours, Owner, RiskPolicy, Rota, risk_owner

REVIEW_WITHIN = declare(
    PolicyValue(
        "tasks.review_within_minutes",
        "A sign of risk is looked at within",
        60,
        "minutes of service hours",
        "service's own value, to be set by the trust",
        minimum=5,
        maximum=480,
    )
)
_AHEAD = timedelta(days=61)
RISK_TITLE = "Risk review: an answer needs a clinician to look"


def open_risk_review(
    *,
    key: str,
    case_id: int,
    assessor_id: int,
    by: int,
    endpoint: str,
    subject_ref: object,
    title: str = RISK_TITLE,
    about: Mapping[str, object] | None = None,
) -> Task:
    """Open a risk review once, owned by the clinician on duty and due within the cover.

    Whoever must not see the case is passed over; an owner other than the assessor is let see it,
    a restricted case too.

    Raises:
        NobodyToAsk: nobody at all could own it.
    """
    moment = clock.now()
    owner = owner_now(assessor_id, excluded=excluded_staff(case_id, moment))
    staff = db.session.get_one(Staff, owner.staff_id)
    if staff.id != assessor_id:
        _let_see(case_id, staff, by)
    return tasks.open_task(
        TaskKind.RISK_REVIEW,
        key=key,
        title=title,
        owner_principal_id=staff.principal_id,
        owner_staff_id=staff.id,
        due_at=owner.due_at,
        by=by,
        case_id=case_id,
        endpoint=endpoint,
        subject_ref=subject_ref,
        about=about,
    )


def _let_see(case_id: int, staff: Staff, by: int) -> None:
    until = clock.now() + timedelta(days=GRANT_DAYS)
    because = "tasks.risk_review"
    access.grant(case_id, Purpose.CLINICAL, staff.principal_id, because=because, by=by, until=until)


def owner_now(assessor_id: int, *, excluded: frozenset[int] = frozenset()) -> Owner:
    """Who would own a sign of risk that came up now, at the assessor's trust.

    Args:
        excluded: staff who must not see this case.
    """
    assessor = db.session.get_one(Staff, assessor_id)
    within = values(REVIEW_WITHIN)["review_within_minutes"]
    rota = read_rota(assessor.organisation_id, clock.today())
    rota = replace(rota, working=(rota.working or frozenset()) - excluded)
    return risk_owner(clock.now(), assessor_id, rota, RiskPolicy(int(within)))


def read_rota(organisation_id: int, day: date) -> Rota:
    """The rota of a trust from a day on, as the rules read it."""
    working = dict(
        db.session.execute(
            select(Staff.id, StaffRole.role)
            .join(StaffRole, StaffRole.staff_id == Staff.id)
            .where(
                Staff.organisation_id == organisation_id,
                Staff.disabled_at.is_(None),
                StaffRole.role.in_(sorted(CLINICAL_ROLES)),
            )
            .order_by(Staff.id)
        ).all()
    )
    shifts = db.session.execute(
        select(DutyShift.day, DutyShift.staff_id)
        .where(DutyShift.day >= day, DutyShift.day <= day + _AHEAD, DutyShift.staff_id.in_(working))
        .order_by(DutyShift.day, DutyShift.id)
    )
    away = db.session.scalars(
        select(Leave)
        .where(Leave.last_day >= day, Leave.staff_id.in_(working))
        .order_by(Leave.first_day, Leave.id)
    )
    return Rota(
        hours=_hours(day),
        duty=tuple(shifts),
        leads=_leads(organisation_id),
        absences=tuple(
            Absence(row.staff_id, row.first_day, row.last_day, row.cover_staff_id) for row in away
        ),
        working=frozenset(working),
    )


def _leads(organisation_id: int) -> tuple[int, ...]:
    return tuple(
        db.session.scalars(
            select(Staff.id)
            .join(StaffRole, StaffRole.staff_id == Staff.id)
            .where(
                Staff.organisation_id == organisation_id,
                Staff.disabled_at.is_(None),
                StaffRole.role == Role.CLINICAL_LEAD,
            )
            .order_by(Staff.id)
        )
    )


def _hours(day: date) -> Hours:
    rows = db.session.scalars(
        select(ServiceHours)
        .where(
            ServiceHours.valid_from <= day,
            or_(ServiceHours.valid_to.is_(None), ServiceHours.valid_to >= day),
        )
        .order_by(ServiceHours.valid_from, ServiceHours.id)
    )
    closures = db.session.scalars(select(LocalClosure).where(LocalClosure.day >= day)).all()
    return Hours(
        by_weekday={row.weekday: (row.opens, row.closes) for row in rows},
        closed=frozenset(row.day for row in closures if not row.is_open),
        opened=frozenset(row.day for row in closures if row.is_open),
    )
