"""Treatment from its first session to its end, with PHQ-9 and GAD-7 at each session."""

from collections.abc import Sequence

from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.core import clock
from mhtr.demo.world import Hand
from mhtr.people import service as people
from outcome_measures.contact_rules import Planned
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.instruments.registry import find_instrument
from outcome_measures.models import MeasureMode
from outcome_measures.recording import contacts
from outcome_measures.recording import service as measures
from outcome_measures.recording.contact_queries import forms_of
from outcome_measures.time_points import TimePoint

ASKED = ("phq9", "gad7")
HIGHEST_ANSWER = 3


def milestone(hand: Hand, kind: FactKind, **detail: object) -> None:
    """A fact of treatment, recorded by the assessor now."""
    case = cases.lock(hand.case_id)
    cases.require(case, kind, by=hand.assessor, detail=detail)
    cases.add_fact(case, kind, by=hand.assessor, detail=detail)


def says_ethnic_group(hand: Hand, code: str) -> None:
    """He was asked for his ethnic group and gave it."""
    people.update_person(
        person_id=hand.person_id,
        changes={"ethnic_category": f"code:{code}"},
        settings=hand.world.accepts,
        by=hand.assessor,
    )


def session(hand: Hand, number: int, totals: Sequence[int]) -> None:
    """A treatment session today, closed; both measures taken at it where there are totals."""
    contact = contacts.record_contact(
        case_id=hand.case_id,
        planned=Planned(clock.today(), TimePoint.SESSION, number),
        mode=MeasureMode.IN_PERSON,
        instruments=ASKED[: len(totals)],
        by=hand.assessor,
    )
    wanted = dict(zip(ASKED, totals, strict=False))
    for form in forms_of(contact.id):
        given = {
            item: Answer(AnswerState.ANSWERED, value)
            for item, value in adding_up(form.instrument, wanted[form.instrument]).items()
        }
        measures.submit(form, given, version=form.version, by=hand.assessor)
    contacts.close(
        contact_id=contact.id, unfinished=False, version=contact.version, by=hand.assessor
    )


def adding_up(instrument: str, total: int) -> dict[int, int]:
    """Answers of a form that add up to a total, none of them a sign of risk."""
    definition = find_instrument(instrument)
    left, given = total, {}
    for item in definition.items:
        if not item.scored:
            given[item.number] = 1
            continue
        given[item.number] = 0 if item.risk else min(HIGHEST_ANSWER, left)
        left -= given[item.number]
    if left:
        raise ValueError(f"{total} cannot be had without a sign of risk")
    return given
