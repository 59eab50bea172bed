"""Taking back what was recorded by a slip, and undoing that: the only writer of it.

A form, recorded here or imported, or a whole contact with its forms. What was derived from it is
again what it was before; undone, it is as it was with it. Nothing is deleted, and what it gave
clinicians to look at stays: no risk review and no list of past answers loses it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.cases.queries import stands
from mhtr.core import audit
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.transaction import must_be_writing
from outcome_measures.flags import service as flag_service
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import (
    ChangeKind,
    MeasureChange,
    MeasureContact,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.reading.withdrawn import (
    last_taken_back,
    may_put_back,
    may_put_contact_back,
    may_take_back,
    may_take_contact_back,
)
from outcome_measures.recording.answers import begun
from outcome_measures.recording.contact_queries import asked_on_day, forms_of
from outcome_measures.recording.contacts import lock_all_of_him, locked
from outcome_measures.recording.left_without import close_again, lacking, open_again
from outcome_measures.recording.putting_right import misfits
from outcome_measures.risk.past_answers import looked_at_since
from outcome_measures.risk.reviews import closed_since
from outcome_measures.risk.service import raise_risk

ALREADY = "This was taken back already."
COUNTS = "This counts already."
NOT_HIS = "This is for a clinical lead or whoever recorded it."


def take_back(*, occasion_id: int, reason: str, viewer: Viewer, version: int | None = None) -> None:
    """Withdraw one form. It is kept, with its answers, who took it back and why.

    The same measure of that day can be asked or imported again afterwards.

    Args:
        version: the one that was looked at; None where nobody looked at this form by itself.

    Raises:
        NotFound: the case left the viewer's scope.
        Refused: no reason, taken back already, one of an assessment, or neither a clinical lead
            nor whoever entered it asks.
        Stale: somebody changed the form meanwhile.
    """
    occasion, case = _locked_form(occasion_id, version, viewer)
    if occasion.state is OccasionState.WITHDRAWN:
        raise Refused(ALREADY)
    if not may_take_back(viewer, occasion):
        raise Refused(NOT_HIS)
    _must_say(reason)
    lacked = lacking(case.id)
    kept = _withdraw(occasion, case, by=viewer.staff_id)
    kept["opened"] = open_again(lacked, by=viewer.staff_id, but=occasion.contact_id)
    kept["flags"] = _look_without(case, viewer)
    _note(occasion, ChangeKind.TAKEN_BACK, kept, reason, by=viewer.staff_id)


def put_back(*, occasion_id: int, reason: str, version: int, viewer: Viewer) -> None:
    """Undo that a form was taken back: it is what it was before, and counts again.

    Raises:
        NotFound: the case left the viewer's scope.
        Refused: no reason, it counts already, it was asked again that day, its contact is taken
            back, or it is not for him to do.
        Stale: somebody changed the form meanwhile.
    """
    occasion, case = _locked_form(occasion_id, version, viewer)
    if occasion.state is not OccasionState.WITHDRAWN:
        raise Refused(COUNTS)
    if not may_put_back(viewer, occasion):
        raise Refused(NOT_HIS)
    _must_say(reason)
    before = _restore(occasion, case, reason, by=viewer.staff_id)
    close_again(before.get("opened", {}), by=viewer.staff_id)
    _look_with(case, before, viewer)


def take_contact_back(*, contact_id: int, reason: str, version: int, viewer: Viewer) -> None:
    """Withdraw a contact with the forms that stand at it.

    Raises:
        NotFound: the case left the viewer's scope.
        Refused: no reason, taken back already, or it is not for him to do.
        Stale: somebody changed the contact meanwhile.
    """
    contact, case = locked(contact_id, version)
    _must_see(case, viewer)
    if contact.taken_back:
        raise Refused(ALREADY)
    if not may_take_contact_back(viewer, contact):
        raise Refused(NOT_HIS)
    _must_say(reason)
    by, lacked = viewer.staff_id, lacking(case.id)
    with_it = [form for form in forms_of(contact.id) if form.state is not OccasionState.WITHDRAWN]
    for form in with_it:
        kept = {**_withdraw(form, case, by=by), "with_contact": True}
        _note(form, ChangeKind.TAKEN_BACK, kept, reason, by=by)
    contact.taken_back = True
    contact.version += 1
    db.session.flush()
    audit.record("measures.contact_taken_back", by=by, case_id=case.id, contact=contact.id)
    before: dict[str, Any] = {"forms": [form.id for form in with_it]}
    before["opened"] = open_again(lacked, by=by)
    before["flags"] = _look_without(case, viewer)
    _note(contact, ChangeKind.TAKEN_BACK, before, reason, by=by)


def put_contact_back(*, contact_id: int, reason: str, version: int, viewer: Viewer) -> None:
    """Undo that a contact was taken back, with the forms that went with it.

    Raises:
        NotFound: the case left the viewer's scope.
        Refused: no reason, it counts already, its number or one of its measures has another place
            now, or it is not for him to do.
        Stale: somebody changed the contact meanwhile.
    """
    contact, case = locked(contact_id, version)
    _must_see(case, viewer)
    change = last_taken_back(contact_id=contact.id)
    if change is None or not contact.taken_back:
        raise Refused(COUNTS)
    if not may_put_contact_back(viewer, contact):
        raise Refused(NOT_HIS)
    _must_say(reason)
    if found := misfits(contact, case):
        raise Refused(*found.values())
    by, before = viewer.staff_id, change.before
    contact.taken_back = False
    contact.version += 1
    _note(contact, ChangeKind.PUT_BACK, {}, reason, by=by)
    for key in before["forms"]:
        form = db.session.get_one(MeasureOccasion, key, populate_existing=True)
        _restore(form, case, reason, by=by, with_contact=True)
    audit.record("measures.contact_put_back", by=by, case_id=case.id, contact=contact.id)
    close_again(before.get("opened", {}), by=by)
    _look_with(case, before, viewer)


def _withdraw(occasion: MeasureOccasion, case: Case, *, by: int) -> dict[str, Any]:
    """Take a form out of everything; returns what it was."""
    if occasion.state is OccasionState.OPEN and begun(occasion):
        # It ends here: silence on a question about risk is looked at as wherever a form ends.
        raise_risk(occasion, case, frozenset(), submitted=True, by=by)
    kept: dict[str, Any] = {"state": occasion.state.value, "context": occasion.context}
    occasion.state = OccasionState.WITHDRAWN
    # Its place is free: what he really answered that day can be recorded in it.
    occasion.context = f"{occasion.context}:back:{occasion.id}"
    occasion.version += 1
    db.session.flush()
    if occasion.historic:
        audit.record("measures.past_withdrawn", by=by, case_id=case.id, occasion=occasion.id)
    else:
        audit.record("measures.taken_back", by=by, case_id=case.id, occasion=occasion.id)
    return kept


def _restore(
    occasion: MeasureOccasion, case: Case, reason: str, *, by: int, with_contact: bool = False
) -> dict[str, Any]:
    """Give a form its state and place again; returns what was kept when it was taken back."""
    change = last_taken_back(occasion_id=occasion.id)
    if change is None or _asked_again(occasion, case, change.before):
        name = recorded(occasion.instrument).name
        raise Refused(f"{name} was recorded again for that day. Take that back first.")
    kept: dict[str, Any] = change.before
    occasion.state, occasion.context = OccasionState(kept["state"]), kept["context"]
    occasion.version += 1
    with_it = {"with_contact": True} if with_contact else {}
    _note(occasion, ChangeKind.PUT_BACK, with_it, reason, by=by)
    db.session.flush()
    audit.record("measures.put_back", by=by, case_id=case.id, occasion=occasion.id)
    # Whoever closed a review meanwhile may have done so because the form was taken back.
    again = _looked_at_since(occasion, change.created_at)
    submitted = occasion.state is not OccasionState.OPEN
    raise_risk(occasion, case, again, submitted=submitted, by=by)
    return kept


def _asked_again(occasion: MeasureOccasion, case: Case, kept: dict[str, Any]) -> bool:
    """Whether the measure has another form of that day, or at the same contact."""
    same = select(MeasureOccasion.id).where(
        MeasureOccasion.context == kept["context"],
        MeasureOccasion.instrument == occasion.instrument,
    )
    if db.session.scalar(same) is not None:
        return True
    if kept["state"] == OccasionState.CLOSED.value:
        return False
    return bool(asked_on_day(case.person_id, occasion.asked_on, [occasion.instrument]))


def _looked_at_since(occasion: MeasureOccasion, since: datetime) -> frozenset[int]:
    """The risk questions of which somebody said something while the form was taken back."""
    asked = recorded(occasion.instrument).risk_items
    found = {item.number for item in asked if closed_since(occasion.id, item.number, since)}
    if occasion.historic and looked_at_since(occasion, since):
        found.update({0, *(item.number for item in asked)})
    return frozenset(found)


def _locked_form(
    occasion_id: int, version: int | None, viewer: Viewer
) -> tuple[MeasureOccasion, Case]:
    must_be_writing()
    occasion = db.session.get_one(MeasureOccasion, occasion_id)
    case = lock_all_of_him(occasion.case_id)
    db.session.refresh(occasion)
    _must_see(case, viewer)
    if version not in (None, occasion.version):
        raise Stale(occasion)
    return occasion, case


def _must_see(case: Case, viewer: Viewer) -> None:
    if not stands(viewer, case.id, Purpose.CLINICAL):
        raise NotFound


def _must_say(reason: str) -> None:
    if not reason.strip():
        raise Refused("Say why.")


def _note(
    of: MeasureContact | MeasureOccasion,
    kind: ChangeKind,
    before: dict[str, Any],
    reason: str,
    *,
    by: int,
) -> None:
    of_contact = isinstance(of, MeasureContact)
    change = MeasureChange(
        contact_id=of.id if of_contact else None,
        occasion_id=None if of_contact else of.id,
        kind=kind,
        before=before,
        by_id=by,
        reason=reason.strip(),
    )
    db.session.add(change)
    db.session.flush()


def _look_without(case: Case, viewer: Viewer) -> list[int]:
    return flag_service.look_again_without(case_id=case.id, by=viewer.staff_id)


def _look_with(case: Case, kept: dict[str, Any], viewer: Viewer) -> None:
    answered = kept.get("flags", ())
    flag_service.look_again_with(case_id=case.id, answered=answered, by=viewer.staff_id)
