"""Courses of treatment in the database for tests: sessions with their scores, through the services.

Answers are spread over the questions from the first one on, so that question 9 of the PHQ-9 stays
at 0 unless a test says otherwise.
"""

from datetime import date, timedelta

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.flags import service as flag_service
from outcome_measures.instruments.registry import find_instrument
from outcome_measures.models import MeasureContact, MeasureFlag, MeasureMode, MeasureOccasion
from outcome_measures.recording import service
from outcome_measures.time_points import TimePoint
from tests.worlds import world


def session_day(number: int, of: int) -> date:
    """The day of a weekly session when the last of so many was yesterday."""
    return clock.today() - timedelta(days=1 + 7 * (of - number))


@world
def make_contact(
    case: Case, staff: Staff, on: date, number: int | None, *, closed: bool = True
) -> MeasureContact:
    """A treatment session that took place."""
    with writing():
        made = MeasureContact(
            case_id=case.id,
            context=f"contact:{case.id}:{on.isoformat()}:{number}",
            held_on=on,
            point=TimePoint.SESSION,
            session_number=number,
            mode=MeasureMode.IN_PERSON,
            by_id=staff.id,
            closed_at=clock.now() if closed else None,
            closed_by=staff.id if closed else None,
        )
        db.session.add(made)
    return made


def close(contact: MeasureContact, staff: Staff) -> None:
    """Close a session, as the page of the contact does, and look at its flags again."""
    with writing():
        contact.closed_at, contact.closed_by = clock.now(), staff.id
        db.session.flush()
        flag_service.look_again(case_id=contact.case_id, by=staff.id)


def answers_for(instrument: str, total: int, item_9: int | None = 0) -> dict[int, Answer]:
    """Answers that add up to a total; for the PHQ-9 with this answer to question 9 among them."""
    asked = {item.number for item in find_instrument(instrument).scored_items}
    given: dict[int, Answer] = {}
    if instrument == "phq9":
        asked.remove(9)
        if item_9 is not None:
            given[9] = Answer(AnswerState.ANSWERED, item_9)
            total -= item_9
    for number in sorted(asked):
        value = min(3, max(total, 0))
        given[number] = Answer(AnswerState.ANSWERED, value)
        total -= value
    return given


@world
def score_at(
    contact: MeasureContact,
    instrument: str,
    total: int | None,
    *,
    item_9: int | None = 0,
    by: Staff,
) -> MeasureOccasion:
    """A questionnaire submitted at a contact; a total of None leaves the first question out."""
    answers = answers_for(instrument, total or 0, item_9)
    if total is None:
        answers[1] = Answer(AnswerState.DECLINED)
    with writing():
        occasion = service.open_occasion(
            case_id=contact.case_id,
            context=f"contact:{contact.ref}",
            instrument=instrument,
            mode=MeasureMode.IN_PERSON,
            asked_on=contact.held_on,
            by=by.id,
            point=contact.point,
            session_number=contact.session_number,
            contact_id=contact.id,
        )
        service.submit(occasion, answers, version=occasion.version, by=by.id)
    return occasion


@world
def make_course(
    case: Case,
    staff: Staff,
    phq: list[int | None],
    gad: list[int | None],
    *,
    item_9: list[int | None] | None = None,
) -> list[MeasureContact]:
    """Weekly sessions up to yesterday with these totals; None: the form is incomplete."""
    contacts = []
    for number, (first, second) in enumerate(zip(phq, gad, strict=True), 1):
        contact = make_contact(case, staff, session_day(number, len(phq)), number, closed=False)
        said = item_9[number - 1] if item_9 else 0
        score_at(contact, "phq9", first, item_9=said, by=staff)
        score_at(contact, "gad7", second, by=staff)
        close(contact, staff)
        contacts.append(contact)
    return contacts


def look_again(case_id: int) -> int:
    """Work the flags out again; how many changed."""
    with writing():
        return flag_service.look_again(case_id=case_id, by=None)


def flags_of(case_id: int) -> list[MeasureFlag]:
    """Every flag on record of a case, the first raised first."""
    db.session.expire_all()
    query = select(MeasureFlag).where(MeasureFlag.case_id == case_id).order_by(MeasureFlag.id)
    return list(db.session.scalars(query))


def live(case_id: int) -> list[tuple[str, str | None]]:
    """Kind and instrument of the flags that hold, sorted."""
    found = [(row.kind.value, row.instrument) for row in flags_of(case_id) if not row.ended_at]
    return sorted(found, key=str)
