"""Measures at contacts as they are recorded on a bad day: gaps, totals, corrections."""

from collections.abc import Collection, Mapping

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.demo.acts.course import adding_up
from mhtr.demo.world import Hand
from outcome_measures.contact_rules import Planned
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.models import MeasureContact, MeasureMode, MeasureOccasion
from outcome_measures.recording import contacts, totals
from outcome_measures.recording import service as measures
from outcome_measures.recording.contact_queries import forms_of
from outcome_measures.recording.putting_right import correct_contact
from outcome_measures.recording.taking_back import take_contact_back
from outcome_measures.recording.totals import TypedTotal
from outcome_measures.time_points import TimePoint

Answers = Mapping[int, Answer]


def session(
    hand: Hand,
    number: int,
    asked: Collection[str] = ("phq9", "gad7"),
    mode: MeasureMode = MeasureMode.IN_PERSON,
) -> MeasureContact:
    """A treatment session today; its forms are open."""
    return contacts.record_contact(
        case_id=hand.case_id,
        planned=Planned(clock.today(), TimePoint.SESSION, number),
        mode=mode,
        instruments=asked,
        by=hand.assessor,
    )


def answers(instrument: str, total: int, **other: Answer) -> dict[int, Answer]:
    """Answers that add up to a total, and others in the place of some (`q9=...`)."""
    given = {
        item: Answer(AnswerState.ANSWERED, value)
        for item, value in adding_up(instrument, total).items()
    }
    return given | {int(name[1:]): answer for name, answer in other.items()}


def submitted(hand: Hand, contact: MeasureContact, instrument: str, given: Answers) -> None:
    """A form of the contact is submitted."""
    form = _form(contact, instrument)
    measures.submit(form, given, version=form.version, by=hand.assessor)


def begun(hand: Hand, contact: MeasureContact, instrument: str, given: Answers) -> None:
    """A form of the contact is kept half-finished."""
    form = _form(contact, instrument)
    measures.save_answers(form, given, version=form.version, by=hand.assessor)


def typed(
    hand: Hand,
    contact: MeasureContact,
    instrument: str,
    total: int,
    risk: Answers | None = None,
) -> None:
    """A total is typed in; the answer to a risk question that is not given is not known."""
    form = _form(contact, instrument)
    what = TypedTotal(total, risk=risk or {})
    totals.type_total(form, what, version=form.version, by=hand.assessor)


def corrected(
    hand: Hand, contact: MeasureContact, instrument: str, item: int, answer: Answer
) -> None:
    """An answer is put right."""
    form = _form(contact, instrument)
    measures.correct(
        form,
        item,
        answer,
        reason="He had read the line above. Asked again at the end of the session.",
        version=form.version,
        by=hand.assessor,
    )


def renumbered(hand: Hand, contact: MeasureContact, number: int) -> None:
    """The number of a session was a slip."""
    correct_contact(
        contact_id=contact.id,
        planned=Planned(contact.held_on, TimePoint.SESSION, number),
        mode=contact.mode,
        language=None,
        reason="A slip of the pen: it was the next session.",
        version=contact.version,
        by=hand.assessor,
    )


def taken_back(hand: Hand, contact: MeasureContact) -> None:
    """The contact was another man's."""
    take_contact_back(
        contact_id=contact.id,
        reason="Recorded with the wrong man. It stands with the right one now.",
        version=contact.version,
        viewer=viewer_of(db.session.get_one(Staff, hand.assessor)),
    )


def closed(hand: Hand, contact: MeasureContact) -> None:
    """The contact is closed; what is not finished ends as it stands."""
    contacts.close(
        contact_id=contact.id, unfinished=True, version=contact.version, by=hand.assessor
    )


def _form(contact: MeasureContact, instrument: str) -> MeasureOccasion:
    return next(form for form in forms_of(contact.id) if form.instrument == instrument)
