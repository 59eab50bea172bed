"""Treatment sessions at which he is asked PHQ-9 and GAD-7, and what is done about a flag."""

from collections.abc import Collection

from sqlalchemy import select

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.demo.world import Hand
from outcome_measures.contact_rules import Planned
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags import service as flag_service
from outcome_measures.instruments.registry import find_instrument
from outcome_measures.models import MeasureContact, MeasureFlag, MeasureMode
from outcome_measures.recording import contact_queries, contacts
from outcome_measures.recording import service as measures
from outcome_measures.time_points import TimePoint

ITEM_ON_LIFE = 9
MOST_POINTS = 3


def answers_for(instrument: str, total: int, item_nine: int = 0) -> dict[int, Answer]:
    """Answers that add up to a total, the first questions answered highest."""
    numbers = [item.number for item in find_instrument(instrument).scored_items]
    values = dict.fromkeys(numbers, 0)
    if instrument == "phq9":
        values[ITEM_ON_LIFE] = item_nine
        numbers.remove(ITEM_ON_LIFE)
        total -= item_nine
    while total > 0:
        for number in numbers:
            if total > 0 and values[number] < MOST_POINTS:
                values[number] += 1
                total -= 1
    made = {number: Answer(AnswerState.ANSWERED, value) for number, value in values.items()}
    for item in find_instrument(instrument).items:
        made.setdefault(item.number, Answer(AnswerState.ANSWERED, item.values[1]))
    return made


def session(
    hand: Hand,
    number: int,
    scores: dict[str, int],
    *,
    item_nine: int = 0,
    asked: Collection[str] = (),
) -> MeasureContact:
    """A session held today: measures with a score are filled in, others `asked` stay open."""
    contact = contacts.record_contact(
        case_id=hand.case_id,
        planned=Planned(clock.today(), TimePoint.SESSION, number),
        mode=MeasureMode.IN_PERSON,
        instruments=[*scores, *asked],
        by=hand.assessor,
    )
    for form in contact_queries.forms_of(contact.id):
        if form.instrument in scores:
            said = answers_for(form.instrument, scores[form.instrument], item_nine)
            measures.submit(form, said, version=form.version, by=hand.assessor)
    return contact


def close(hand: Hand, contact: MeasureContact) -> None:
    """The contact closes, once nothing of it waits for a clinician."""
    contacts.close(
        contact_id=contact.id, unfinished=False, version=contact.version, by=hand.assessor
    )


def respond(hand: Hand, kind: FlagKind, words: str, *, in_supervision: bool, by: int) -> None:
    """Somebody records what was decided about the newest flag of a kind."""
    query = (
        select(MeasureFlag.id)
        .where(MeasureFlag.case_id == hand.case_id, MeasureFlag.kind == kind)
        .order_by(MeasureFlag.id.desc())
    )
    flag_id = db.session.scalars(query).first()
    if flag_id is None:
        raise ValueError(f"no flag was raised for {kind.value}")
    flag_service.respond(flag_id=flag_id, response=words, in_supervision=in_supervision, by=by)
