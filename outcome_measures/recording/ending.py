"""Forms that end unfinished: closed with their contact, or expired. Their silence is looked at.

Such a form gives no score. What was answered stays on record, and somebody may go on with it.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from mhtr.accounts.models import Organisation, Staff
from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import service as tasks
from outcome_measures.flags import service as flag_service
from outcome_measures.goals.service import keep_goals
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import MeasureContact, MeasureOccasion, OccasionState
from outcome_measures.policy import EXPIRES_AFTER
from outcome_measures.recording.contact_queries import asked_on_day
from outcome_measures.recording.service import locked, look_at_unfinished, note_silence
from outcome_measures.risk.service import raise_risk

AT_ONCE = 25
"""Forms that one run of the job closes: the write transaction stays short, the next run goes on."""
NOBODY_GOES_ON = frozenset({FactKind.TREATMENT_ENDED, FactKind.ORDER_REVOKED, FactKind.DISCHARGED})
"""After these nobody is likely to fill in what is left; services that close or pause a case ask
for the same look themselves."""
EXPIRED = "A questionnaire that nobody went on with was closed unfinished."


def close_unfinished(occasion: MeasureOccasion, case: Case, *, by: int | None) -> None:
    """End an open form as it stands; a risk question without an answer opens its review.

    Args:
        case: its case, locked.
        by: None for the job.
    """
    must_be_writing()
    occasion.state = OccasionState.CLOSED
    occasion.version += 1
    occasion.kept_at = clock.now()
    note_silence(occasion)
    db.session.flush()
    audit.record("measures.closed_unfinished", by=by, case_id=case.id, occasion=occasion.id)
    raise_risk(occasion, case, frozenset(), submitted=True, by=by, assessor_id=occasion.entered_by)


def go_on(occasion: MeasureOccasion, *, version: int, by: int) -> None:
    """Open a form again that was closed unfinished. A review that was opened stays open.

    Raises:
        Refused: it was not closed unfinished, or `no_way_on` says why not.
        Stale: somebody changed it meanwhile.
    """
    case = locked(occasion, version)
    if occasion.state is not OccasionState.CLOSED:
        raise Refused("Only a form that was closed unfinished can be gone on with.")
    if refused := no_way_on(occasion, case):
        raise Refused(refused)
    occasion.state = OccasionState.OPEN
    keep_goals(occasion)
    occasion.version += 1
    occasion.kept_at = clock.now()
    db.session.flush()
    audit.record("measures.reopened", by=by, case_id=case.id, occasion=occasion.id)


def no_way_on(occasion: MeasureOccasion, case: Case) -> str:
    """Why nobody can go on with a form that was closed unfinished; empty where somebody can."""
    name = recorded(occasion.instrument).name
    if asked_on_day(case.person_id, occasion.asked_on, [occasion.instrument]):
        return f"{name} was asked again on the same day. What is asked once stands there."
    if occasion.contact_id is None:
        return ""
    contact = db.session.get_one(MeasureContact, occasion.contact_id, populate_existing=True)
    if contact.closed_at is None:
        return ""
    return f"The contact is closed. Record a contact to ask {name} again, of the same day too."


def expire(now: datetime) -> int:
    """Close the forms that nobody has gone on with for the policy's days, and tell their owners.

    Run by a job inside its write transaction. Returns how many were closed.
    """
    must_be_writing()
    days = int(values(EXPIRES_AFTER)["expires_after_days"])
    found = db.session.execute(
        select(MeasureOccasion.id, MeasureOccasion.case_id)
        .where(
            MeasureOccasion.state == OccasionState.OPEN,
            MeasureOccasion.kept_at <= now - timedelta(days=days),
        )
        .order_by(MeasureOccasion.kept_at, MeasureOccasion.id)
        .limit(AT_ONCE)
    ).all()
    # Each case is locked before its form is read: somebody may be saving it at this moment.
    return sum(_expire(key, case_id, now, days) for key, case_id in sorted(found, key=_by_case))


def _by_case(row: tuple[int, int]) -> tuple[int, int]:
    return row[1], row[0]


def _expire(occasion_id: int, case_id: int, now: datetime, days: int) -> bool:
    case = cases.lock(case_id)
    occasion = db.session.get_one(MeasureOccasion, occasion_id, populate_existing=True)
    if occasion.state is not OccasionState.OPEN or occasion.kept_at > now - timedelta(days=days):
        return False
    close_unfinished(occasion, case, by=None)
    flag_service.look_again(case_id=case.id, by=None)
    tasks.tell(
        _owner(occasion, case),
        key=f"measure_expired:{occasion.id}:{occasion.version}",
        text=EXPIRED,
        case_id=case.id,
        endpoint="measures.measures",
        subject_ref=case.ref,
    )
    return True


def _owner(occasion: MeasureOccasion, case: Case) -> int:
    """Whoever entered it; else who has the case; else his trust, whose clinicians read its news."""
    entered = db.session.get_one(Staff, occasion.entered_by)
    for staff_id in (entered.id, case.assessor_id):
        staff = db.session.get(Staff, staff_id) if staff_id is not None else None
        if staff is not None and staff.disabled_at is None:
            return staff.principal_id
    return db.session.get_one(Organisation, entered.organisation_id).principal_id


def follow(case_id: int, kind: FactKind, by: int | None) -> None:
    """Treatment is over: what was left unfinished is looked at for risk."""
    if kind in NOBODY_GOES_ON:
        look_at_unfinished(case_id=case_id, by=by)


listeners.fact_added.append(follow)
