"""Opening the task of a sign of risk, with the clinician the rota names as its owner."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select

from mhtr.accounts.leads import lead_ids
from mhtr.accounts.models import Staff, StaffRole
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES
from mhtr.core.database import db
from mhtr.core.policy import PolicyValue, declare, values
from mhtr.core.prepared import Prepared
from mhtr.tasks import risk_access, rota_queries
from mhtr.tasks import service as tasks
from mhtr.tasks.models import DutyShift, Leave, Task, TaskKind
from mhtr.tasks.queries import excluded_staff
from mhtr.tasks.rota_rules import (
    Absence,
    NobodyToAsk,
    Owner,
    RiskPolicy,
    Rota,
    next_at_work,
    risk_owner,
)

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


def open_risk_review(
    *,
    key: str,
    case_id: int,
    assessor_id: int | None,
    by: int | None,
    endpoint: str,
    subject_ref: object,
    title: str,
    about: Mapping[str, object] | None = None,
    organisation_id: int | None = None,
) -> Task:
    """Open a risk review once, owned by the clinician on duty and due within the cover.

    `organisation_id`: the trust, where nobody assesses him there yet. Whoever must not see the case
    is passed over. Its owner may see the case, restricted or not,
    for as long as it is open.

    Raises:
        NobodyToAsk: nobody at all could own it.
    """
    kept_out = excluded_staff(case_id, clock.now())
    owner = owner_now(assessor_id, excluded=kept_out, organisation_id=organisation_id)
    staff = db.session.get_one(Staff, owner.staff_id)
    risk_access.let_see(case_id, staff.principal_id, by=by)
    task = tasks.open_task(
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
    )
    if about is not None and task.about is None:
        task.about = dict(about)
    return task


def owner_now(
    assessor_id: int | None,
    *,
    excluded: frozenset[int] = frozenset(),
    organisation_id: int | None = None,
) -> Owner:
    """Who would own a sign of risk that came up now, at the assessor's trust or the one named.

    Args:
        excluded: staff who must not see this case.

    Raises:
        NobodyToAsk: nobody at all could own it.
    """
    home = organisation_id
    if assessor_id is not None:
        home = db.session.get_one(Staff, assessor_id).organisation_id
    if home is None:
        raise NobodyToAsk("Neither an assessor nor a trust is named.")
    within = values(REVIEW_WITHIN)["review_within_minutes"]
    rota = read_rota(home, clock.today())
    rota = replace(rota, working=(rota.working or frozenset()) - excluded)
    return risk_owner(clock.now(), assessor_id, rota, RiskPolicy(int(within)))


def looks_next(task: Task) -> datetime | None:
    """When the owner of a sign of risk can look at it: now, or at the opening it waits for.

    None where he is not at work within two months, or cannot see to it at all.
    """
    now = clock.now()
    if task.owner_staff_id is None or task.owner_staff_id in excluded_staff(task.case_id, now):
        return None
    home = db.session.get_one(Staff, task.owner_staff_id).organisation_id
    return next_at_work(now, task.owner_staff_id, read_rota(home, clock.today()))


# Made once: making a statement takes longer than asking it.
_WORKING = Prepared(
    select(Staff.id)
    .join(StaffRole, StaffRole.staff_id == Staff.id)
    .where(
        Staff.organisation_id == bindparam("trust"),
        Staff.disabled_at.is_(None),
        StaffRole.role.in_(sorted(CLINICAL_ROLES)),
    )
)
_SHIFTS = Prepared(
    select(DutyShift.day, DutyShift.staff_id)
    .where(
        DutyShift.organisation_id == bindparam("trust"),
        DutyShift.day >= bindparam("from"),
        DutyShift.day <= bindparam("until"),
        DutyShift.staff_id.in_(bindparam("staff", expanding=True)),
    )
    .order_by(DutyShift.day, DutyShift.id)
)
_AWAY = Prepared(
    select(Leave.staff_id, Leave.first_day, Leave.last_day, Leave.cover_staff_id)
    .where(
        Leave.last_day >= bindparam("from"),
        Leave.staff_id.in_(bindparam("staff", expanding=True)),
    )
    .order_by(Leave.first_day, Leave.id)
)


def read_rota(organisation_id: int, day: date) -> Rota:
    """The rota of a trust from a day on, as the rules read it."""
    given: dict[str, object] = {"trust": organisation_id, "from": day, "until": day + _AHEAD}
    working = frozenset(_WORKING.values(given))
    given["staff"] = working
    shifts = [(on, staff_id) for on, staff_id in _SHIFTS.all(given)]
    away = _AWAY.all(given)
    return Rota(
        hours=rota_queries.calendar(organisation_id, day, day + _AHEAD),
        duty=tuple(shifts),
        leads=lead_ids(organisation_id),
        absences=tuple(
            Absence(row.staff_id, row.first_day, row.last_day, row.cover_staff_id) for row in away
        ),
        working=working,
    )
