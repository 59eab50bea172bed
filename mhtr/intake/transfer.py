"""A court date at a court of another trust: the case, its work and who may see it go there.

The former trust's access ends at once, because nobody there needs the record for his work any
more. Two exceptions by name, for a few days, so that a hand-over from one clinician to another is
possible: the former assessor, and whoever had a sign of risk. Signs of risk themselves go to the
new trust's duty clinician in the same transaction; where that trust has nobody, they stay with
whoever has them, who keeps his access.
"""

from datetime import date, datetime

from sqlalchemy import or_, select

from mhtr.accounts.models import Organisation, Staff, Team
from mhtr.cases import break_glass_service, listeners, shared_access
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core import access, audit, clock, formats
from mhtr.core.access import Grant, Purpose
from mhtr.core.database import db
from mhtr.core.policy import values
from mhtr.intake import (
    allocating,
    moved_back,
    onward_access,
    onward_keeping,
    policy,
    queries,
    triage,
)
from mhtr.intake.models import Referral
from mhtr.intake.other_trust import GoesElsewhere, name_of
from mhtr.intake.routing import RoutedBecause
from mhtr.tasks import rehoming, risk_access
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind

BECAUSE = "intake.court_changed"
GOES = (
    "{court} is {trust}’s on that day: the case and its record go there. Who works on it now can"
    " open it no more, but for a few days to hand it over."
)
OURS = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
STAYS = frozenset({TaskKind.RISK_REVIEW, TaskKind.BREAK_GLASS_REVIEW})
"""Not handed to the new trust's list: the one goes to a named clinician, the other is about what
somebody of the former trust did."""


def follow_court(case_id: int, by: int | None) -> None:
    """Move the case where the court that counts now is covered by another trust."""
    case, referral = cases.lock(case_id), queries.referral_of(case_id)
    if referral is None:
        return
    trust_id = trust_after(referral, case.court_code, case.hearing_on)
    if trust_id == referral.trust_id:
        return
    former_id, assessor_id = referral.trust_id, case.assessor_id
    referral.trust_id, referral.routed_because = trust_id, RoutedBecause.COURT.value
    former = _principals(former_id)
    _let_in(case, trust_id, by)
    handing_over = _move_work(case, former, trust_id, by)
    leaves = _leaves(assessor_id, trust_id)
    if leaves:
        handing_over.add(queries.staff_principal(assessor_id or 0))
        case.assessor_id = None
    _find_assessor(case, referral, by, anew=leaves)
    _let_out(case.id, former | handing_over, by)
    until = queries.due_in(int(values(policy.HAND_OVER_DAYS)["hand_over_days"]))
    for principal_id in handing_over:
        access.grant(case.id, Purpose.CLINICAL, principal_id, because=BECAUSE, by=by, until=until)
    audit.record("intake.rerouted", by=by, case_id=case.id, trust=trust_id)
    _tell(case, former_id, trust_id, handing_over, until)
    for listener in listeners.case_moved:
        listener(case.id, by)


def trust_after(referral: Referral, court: str, on: date | None) -> int:
    """The trust that has the case once its hearing is at this court on this day."""
    route = queries.find_route(court, referral.place_code, on or clock.today())
    return route.trust_id if route.because is RoutedBecause.COURT else referral.trust_id


def require_said(case: Case, court: str, on: date | None, to_trust: int | None) -> None:
    """Refuse a court date that takes the case to another trust, unless that one is meant.

    Args:
        to_trust: the trust that whoever records it was shown, and said yes to.

    Raises:
        GoesElsewhere: it would go to a trust that was not named to him.
    """
    referral = queries.referral_of(case.id)
    if referral is None or case.state not in BEFORE_SENTENCE:
        return
    trust_id = trust_after(referral, court, on)
    if trust_id not in (referral.trust_id, to_trust):
        raise GoesElsewhere(
            trust_id, GOES.format(court=queries.place_label(court), trust=name_of(trust_id))
        )


def _principals(trust_id: int) -> set[int]:
    """A trust, its teams and its people."""
    return set(
        db.session.scalars(
            select(Organisation.principal_id)
            .where(Organisation.id == trust_id)
            .union(
                select(Team.principal_id).where(Team.organisation_id == trust_id),
                select(Staff.principal_id).where(Staff.organisation_id == trust_id),
            )
        )
    )


def _leaves(assessor_id: int | None, trust_id: int) -> bool:
    """Whether the case loses its assessor: not where he works for the new trust."""
    if assessor_id is None:
        return False
    return db.session.get_one(Staff, assessor_id).organisation_id != trust_id


def _let_in(case: Case, trust_id: int, by: int | None) -> None:
    """The new trust; on a restricted case its clinical leads by name, since nobody else counts."""
    trust = queries.organisation_principal(trust_id)
    for purpose in OURS:
        access.grant(case.id, purpose, trust, because=BECAUSE, by=by)
    if case.restricted:
        shared_access.let_leads_in(case.id, trust_id, by=by)


def _move_work(case: Case, former: set[int], trust_id: int, by: int | None) -> set[int]:
    """Everything open goes to the new trust. Returns who had a sign of risk until now."""
    trust = queries.organisation_principal(trust_id)
    for row in onward_access.open_of(case.id):
        if row.owner_principal_id in former:
            note = "The case moved to another trust."
            onward_keeping.give_to(row, trust, note=note, by=by)
    had_risk = set()
    for task in tasks.open_tasks(case.id):
        if task.owner_principal_id not in former:
            continue
        if task.kind is TaskKind.RISK_REVIEW:
            had_risk.add(task.owner_principal_id)
            _risk(task, trust_id, by)
        elif task.kind not in STAYS:
            tasks.hand_over(task, to_principal_id=trust, to_staff_id=None, by=by)
    return had_risk


def _risk(task: Task, trust_id: int, by: int | None) -> None:
    """To the new trust's next clinician, who has yet to see it; with nobody there it stays."""
    rehoming.pass_on_risk(task, clock.now(), home=trust_id, by=by)
    risk_access.let_see(task.case_id, task.owner_principal_id, by=by)


def _find_assessor(case: Case, referral: Referral, by: int | None, *, anew: bool) -> None:
    """Whoever hands it over has it again where it comes back; else the trust looks for one."""
    if case.assessor_id is not None:
        return
    for task in tasks.open_tasks(case.id, TaskKind.ASSESS):
        tasks.withdraw(task, by=by, because=BECAUSE)
    if moved_back.give_back(case, referral.trust_id, BECAUSE, by=by):
        return
    if anew and triage.was_accepted(case.id) and not case.paused:
        allocating.open_allocation(case, referral.trust_id, by=by)


def _let_out(case_id: int, former: set[int], by: int | None) -> None:
    """End the former trust's grants; an open sign of risk and an emergency keep theirs."""
    moment = clock.now()
    db.session.flush()
    looking = {task.owner_principal_id for task in tasks.open_tasks(case_id, TaskKind.RISK_REVIEW)}
    for live in db.session.scalars(
        select(Grant).where(
            Grant.case_id == case_id,
            Grant.purpose.in_(OURS),
            Grant.principal_id.in_(former - looking),
            Grant.because != break_glass_service.BECAUSE,
            or_(Grant.ends_at.is_(None), Grant.ends_at > moment),
        )
    ).all():
        live.ends_at = moment
        audit.record(
            "access.ended",
            by=by,
            case_id=case_id,
            purpose=live.purpose.value,
            principal=live.principal_id,
            because=BECAUSE,
        )


def _tell(case: Case, former_id: int, new_id: int, handing_over: set[int], until: datetime) -> None:
    key = f"moved:{case.id}:{case.version}"
    tasks.tell(
        queries.organisation_principal(new_id),
        key=key,
        text="A case has moved to a court of your trust and is now yours",
        case_id=case.id,
        endpoint="intake.triage_case",
        subject_ref=case.ref,
    )
    # Without the case: it is not theirs to open any more.
    tasks.tell(
        queries.organisation_principal(former_id),
        key=key,
        text="A case of your trust has moved to a court of another trust, which has it now",
    )
    for principal_id in handing_over:
        tasks.tell(
            principal_id,
            key=key,
            text="A case of yours has moved to another trust. Hand it over: you can open it until"
            f" {formats.moment(until)}.",
            case_id=case.id,
            endpoint="overview.case_page",
            subject_ref=case.ref,
        )


listeners.hearing_changed.append(follow_court)
