"""What the rest of his case means for an onward referral: his death ends it; owners hear of it all.

Custody and the end of a case do not end what he was referred on for; its owner is told at once,
and the lists and its page say how the case stands.
"""

from sqlalchemy import select

from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.standing import RESULTS
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.intake import onward_access, onward_owners, queries
from mhtr.intake.models import OnwardEvent, OnwardReferral
from mhtr.intake.onward_keeping import event, follow_up, tell
from mhtr.intake.onward_rules import ONWARD_WORDS, OnwardState

DIED = OnwardState.HE_DIED
RECORDED = "His date of death was recorded."
NOT_DEAD = "His date of death was taken back: it goes on where it was."
HE_DIED = "He has died"
GOES_ON = "A date of death was taken back: an onward referral goes on"
NEWS = {
    FactKind.PAUSED: "paused",
    FactKind.RESUMED: "going on again",
    FactKind.CLOSED: "closed",
    FactKind.DECLINED_BY_SERVICE: "closed",
    FactKind.REOPENED: "open again",
    **dict.fromkeys(RESULTS, "decided by the court"),
}


def end_with_death(case_id: int, by: int) -> None:
    """Nothing is followed up for a man who has died; whoever did is told at once."""
    case = cases.lock(case_id)
    found = onward_access.open_of(case_id)
    for row in found:
        row.state, row.closed_at, row.outcome = DIED, clock.now(), ONWARD_WORDS[DIED]
        row.version += 1
        event(row, by=by, note=RECORDED)
        follow_up(row, by=by)
        onward_owners.tell_owner(case, row, HE_DIED)
        audit.record("intake.onward_step", by=by, case_id=case_id, onward=row.id, state=DIED.value)
    if found:
        onward_access.let_out(case_id, because="intake.onward_ended", by=by)


def go_on_after_all(case_id: int, by: int) -> None:
    """The date of death was a mistake: what ended with it goes on where it was."""
    case = cases.lock(case_id)
    ended = select(OnwardReferral).where(
        OnwardReferral.case_id == case_id, OnwardReferral.state == DIED
    )
    for row in db.session.scalars(ended.order_by(OnwardReferral.id)).all():
        row.state, row.closed_at, row.outcome = _before(row), None, None
        row.version += 1
        event(row, by=by, note=NOT_DEAD)
        onward_owners.take_up_again(case, row, by=by)
        follow_up(row, by=by)
        tell(row, row.owner_principal_id, GOES_ON)
        audit.record(
            "intake.onward_step", by=by, case_id=case_id, onward=row.id, state=row.state.value
        )


def _before(row: OnwardReferral) -> OnwardState:
    return db.session.scalars(
        select(OnwardEvent.state)
        .where(OnwardEvent.onward_id == row.id, OnwardEvent.state != DIED)
        .order_by(OnwardEvent.id.desc())
        .limit(1)
    ).one()


def tell_owners(case_id: int, kind: FactKind, by: int | None) -> None:
    """Whoever follows something up for him hears how the case stands now."""
    rows = onward_access.open_of(case_id) if kind in NEWS else []
    if not rows:
        return
    case = cases.lock(case_id)
    if case.person.died_on is not None:
        return  # he is told that, and nothing else
    own = queries.staff_principal(by) if by is not None else None
    for row in rows:
        if row.owner_principal_id != own:
            _tell(case, row, kind)


def _tell(case: Case, row: OnwardReferral, kind: FactKind) -> None:
    text = f"The case of a man you follow an onward referral up for is {NEWS[kind]}"
    tell(row, row.owner_principal_id, text, f"case:{case.version}:{kind.value}")


listeners.death_recorded.append(end_with_death)
listeners.death_taken_back.append(go_on_after_all)
listeners.fact_added.append(tell_owners)
