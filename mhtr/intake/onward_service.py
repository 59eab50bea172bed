"""Routing a man on to another service, and following it to his first appointment."""

from datetime import datetime
from typing import Any

from mhtr.cases import consent_service, listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.codes import lists
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.name_text import is_seen
from mhtr.core.transaction import must_be_writing
from mhtr.intake import onward_access, onward_owners
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_keeping import event, follow_up, give_to, locked, named
from mhtr.intake.onward_rules import (
    BEFORE_BOOKING,
    CHOSEN,
    ONWARD_WORDS,
    Appointment,
    OnwardState,
    ended,
    why_not,
    wrong_time,
)
from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentItem

PUT_RIGHT = "What was recorded of an onward referral was put right"
LIST = "onward_services"
SAY_HOW = "Say how he agreed to a link worker: it is recorded under Consent."
NO_REASON = "Say why what is recorded is wrong."
SAME = "This is what is recorded already."
HAS_DIED = (
    "His date of death is on record, and it ended with it. If that is wrong, put it right on his "
    "Person page: then this goes on by itself."
)


def route_on(
    *,
    case_id: int,
    service_code: str,
    service_name: str,
    owner_principal_id: int,
    agreed: bool,
    note: str,
    by: int,
    how: str = "",
) -> OnwardReferral:
    """Record that he is to be referred to another service, and who follows it up.

    A link worker (or their organisation) may see the case for it from now on. That he agrees to
    one is recorded under Consent, unless it is there already; for that `how` is needed, a key of
    `people.consent.HOW`.

    Raises:
        Refused: he does not agree, an unknown service, no link worker is wanted, or his record
            is restricted and no person is named.
    """
    must_be_writing()
    case = _locked(case_id)
    _check(case, service_code, service_name, agreed=agreed)
    onward_owners.require_name(case, owner_principal_id)
    _agrees_to_link_worker(case, owner_principal_id, how, by=by)
    row = OnwardReferral(
        case_id=case_id,
        service_code=service_code,
        service_name=service_name.strip(),
        made_by=by,
        owner_principal_id=owner_principal_id,
        worker_id=named(owner_principal_id),
        agreed=True,
    )
    _begin(row, by=by, note=note)
    _routed_on(case, row, by=by)
    onward_access.let_in(case, owner_principal_id, by=by)
    follow_up(row, by=by)
    return row


def record_step(
    *,
    onward_id: int,
    state: OnwardState,
    version: int,
    note: str,
    appointment_at: datetime | None,
    by: int,
) -> None:
    """Record what became of an onward referral. A link worker's access ends with his last one.

    Raises:
        Refused: the step cannot follow the present one, or cannot be with its appointment.
        Stale: somebody recorded a step meanwhile.
    """
    must_be_writing()
    row = locked(onward_id)
    if row.version != version:
        raise Stale(row)
    booked = state is OnwardState.FIRST_APPOINTMENT_BOOKED
    at = appointment_at if booked else row.appointment_at
    reason = why_not(row.state, state, Appointment(at, row.created_at, clock.now()))
    if reason:
        raise Refused(reason)
    row.state, row.appointment_at = state, at
    if ended(state):
        row.closed_at = clock.now()
        row.outcome = note.strip() or ONWARD_WORDS[state]
    row.version += 1
    event(row, by=by, note=note)
    follow_up(row, by=by)
    audit.record("intake.onward_step", by=by, case_id=row.case_id, onward=row.id, state=state.value)
    if row.closed_at is not None:
        onward_owners.tell_maker(cases.lock(row.case_id), row, by=by)
        onward_access.let_out(row.case_id, because="intake.onward_ended", by=by)


def correct(
    *,
    onward_id: int,
    state: OnwardState,
    appointment_at: datetime | None,
    reason: str,
    version: int,
    by: int,
) -> None:
    """Put right what was recorded by mistake; what it said before stays in the history.

    One that had ended by mistake is followed up again by whoever had it, where he still can.

    Raises:
        Refused: no reason, nothing changed, it cannot be with its appointment, or he has died.
        Stale: somebody recorded a step meanwhile.
    """
    must_be_writing()
    row = locked(onward_id)
    if row.version != version:
        raise Stale(row)
    case, was = cases.lock(row.case_id), row.state
    at = _appointment_after(row, state, appointment_at)
    _check_correction(case, row, state, at, reason)
    row.state, row.appointment_at = state, at
    row.version += 1
    again = row.closed_at is not None and not ended(state)
    if not ended(state):
        row.closed_at = row.outcome = None
    else:
        row.closed_at, row.outcome = row.closed_at or clock.now(), ONWARD_WORDS[state]
    event(row, by=by, note=reason, was=was)
    if again:
        onward_owners.take_up_again(case, row, by=by)
    follow_up(row, by=by)
    audit.record("intake.onward_put_right", by=by, case_id=case.id, onward=row.id)
    if row.worker_id != by:
        onward_owners.tell_owner(case, row, PUT_RIGHT)
    if row.closed_at is not None:
        onward_access.let_out(case.id, because="intake.onward_ended", by=by)


def _appointment_after(
    row: OnwardReferral, state: OnwardState, given: datetime | None
) -> datetime | None:
    """Before a booking there is none; otherwise the one told with it, or the one on record."""
    if state in BEFORE_BOOKING:
        return None
    return given or row.appointment_at


def _check_correction(
    case: Case, row: OnwardReferral, state: OnwardState, at: datetime | None, reason: str
) -> None:
    if not is_seen(reason):
        raise Refused(NO_REASON)
    if row.state not in CHOSEN or (case.person.died_on is not None and not ended(state)):
        raise Refused(HAS_DIED)
    if state not in CHOSEN or (state, at) == (row.state, row.appointment_at):
        raise Refused(SAME)
    wrong = wrong_time(state, Appointment(at, row.created_at, clock.now()))
    if wrong:
        raise Refused(wrong)


def hand_over(*, onward_id: int, owner_principal_id: int, version: int, by: int) -> None:
    """Give an open onward referral to somebody else to follow up.

    Whoever had it before no longer sees the case for it.

    Raises:
        Refused: it has ended, he has it already, no link worker is wanted, or as `route_on` for
            a restricted record.
        Stale: somebody recorded a step meanwhile.
    """
    must_be_writing()
    row = locked(onward_id)
    if row.version != version:
        raise Stale(row)
    if row.closed_at is not None:
        raise Refused("This onward referral has ended.")
    if row.owner_principal_id == owner_principal_id:
        raise Refused("It is his or hers already.")
    case = cases.lock(row.case_id)
    onward_owners.require_name(case, owner_principal_id)
    onward_access.let_in(case, owner_principal_id, by=by)
    give_to(row, owner_principal_id, note="Given to somebody else to follow up.", by=by)
    onward_access.let_out(row.case_id, because="intake.onward_handed_over", by=by)


def _locked(case_id: int) -> Case:
    """The case, after all of his in the order that recording consent keeps to."""
    consent_service.lock_cases(case_id)
    return cases.lock(case_id)


def _begin(row: OnwardReferral, *, by: int, note: str) -> None:
    db.session.add(row)
    db.session.flush()
    event(row, by=by, note=note)


def _routed_on(case: Case, row: OnwardReferral, *, by: int) -> None:
    about: dict[str, Any] = {"onward": row.id, "service": row.service_code}
    cases.add_fact(case, FactKind.ROUTED_ON, by=by, detail=about)
    audit.record("intake.routed_on", by=by, case_id=case.id, **about)


def _agrees_to_link_worker(case: Case, principal_id: int, how: str, *, by: int) -> None:
    """He agrees here, once; what he said before holds (a no is refused where access begins)."""
    if not onward_access.is_link_worker(principal_id):
        return
    if ConsentItem.LINK_WORKER in consent.standing(case.person_id):
        return
    if how not in consent.HOW:
        raise Refused(SAY_HOW)
    consent_service.record_consent(
        case_id=case.id,
        item=ConsentItem.LINK_WORKER,
        decision=ConsentDecision.GIVEN,
        how=how,
        at=clock.now(),
        by=by,
    )


def _check(case: Case, service_code: str, service_name: str, *, agreed: bool) -> None:
    if case.person.died_on is not None:
        raise Refused("His date of death is on record.")
    if not agreed:
        raise Refused("He must agree before he is referred to another service.")
    entry = lists.load(LIST).get(service_code)
    if entry is None or not entry.is_current(clock.today()):
        raise Refused("Select a service from the list.")
    if service_code == "other" and not is_seen(service_name):
        raise Refused("Enter the name of the service.")


listeners.consent_said.append(onward_owners.consent_said)
