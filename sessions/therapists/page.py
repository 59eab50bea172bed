"""What the page of one proposed change of a therapist shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock, formats
from mhtr.core.access import Viewer
from mhtr.core.database import db
from sessions.booking.queries import place_of
from sessions.booking.told import Where, where_each
from sessions.courses.models import Course
from sessions.therapists import queries, rules
from sessions.therapists.kinds import (
    ABSENCE_WORDS,
    BOOKED_WORDS,
    HOW_WORDS,
    LAPSE_WORDS,
    STATE_COLOURS,
    STATE_WORDS,
    WHY_WORDS,
    Absence,
    Answer,
    How,
    Party,
    State,
)
from sessions.therapists.models import TherapistAnswer, TherapistChange

NAMED = {
    Party.THERAPIST: "His therapist",
    Party.LEAD: "A clinical lead",
    Party.HIM: "He himself",
}
BOTH = "as his therapist and as the only registered clinical lead"


@dataclass(frozen=True)
class AnswerRow:
    """One of those who have to agree."""

    party: str
    who: str
    state: str
    colour: str
    words: str
    """For clinicians; empty for others."""
    can: str
    """The party whose answer the viewer can give; empty where he cannot."""
    action: str


@dataclass(frozen=True)
class Shown:
    """One proposal."""

    state: str
    colour: str
    waits: str
    facts: Sequence[dict[str, str]]
    answers: Sequence[AnswerRow]
    coming: Sequence[Where]
    """What is booked with the therapist before, while it is open."""
    absent: str
    """That the therapist is not there, where the viewer can record it now."""
    can_withdraw: bool


def shown(viewer: Viewer, case: Case, row: TherapistChange, *, clinical: bool) -> Shown:
    """A proposal as this viewer reads it.

    Args:
        clinical: he reads why, and what each said.
    """
    course = db.session.get_one(Course, row.course_id)
    rows = queries.answers_of(row.id)
    who = queries.who(viewer.staff_id, course.organisation_id)
    is_open = row.state is State.OPEN
    absence = queries.absence(case, course.organisation_id, row.from_id) if is_open else None
    noting = is_open and not rules.cannot_note_absence(who, absence, queries.given(rows))
    coming = queries.booked_with(course, row.from_id, row.starts_on) if is_open else []
    waits = rules.waits_for(queries.given(rows))
    return Shown(
        state=STATE_WORDS[row.state],
        colour=STATE_COLOURS[row.state],
        waits=rules.waits_words(waits) if is_open and waits else "",
        facts=_facts(row, clinical=clinical),
        answers=_answers(viewer, case, course, row, rows, clinical=clinical),
        coming=where_each([place_of(one.session) for one in coming]),
        absent=ABSENCE_WORDS[absence] if absence is not None and noting else "",
        can_withdraw=is_open and not rules.cannot_withdraw(who, row.by_id),
    )


def name_of(staff_id: int | None) -> str:
    """The name of a member of staff; the program where it was nobody."""
    return db.session.get_one(Staff, staff_id).name if staff_id is not None else "the program"


def absence_words(name: str, absence: Absence) -> str:
    """`Ada Mensah has left`."""
    return f"{name} {ABSENCE_WORDS[absence]}"


def _facts(row: TherapistChange, *, clinical: bool) -> list[dict[str, str]]:
    keys = ("Therapist now", "Proposed") if row.state is State.OPEN else ("From", "To")
    facts = [
        {"key": keys[0], "value": name_of(row.from_id)},
        {"key": keys[1], "value": name_of(row.to_id)},
        {"key": "From when", "value": formats.day(row.starts_on)},
        {"key": "Booked sessions from then", "value": BOOKED_WORDS[row.booked]},
    ]
    if clinical:
        facts.append({"key": "Why", "value": f"{WHY_WORDS[row.why]}. {row.words}"})
    facts.append({"key": "Proposed by", "value": _by(row.by_id, row.created_at)})
    if row.closed_at is not None:
        said = _by(row.closed_by, row.closed_at)
        if row.lapse is not None:
            said = f"{LAPSE_WORDS[row.lapse]}. {said}"
        if row.closed_words and clinical:
            said = f"{said}. {row.closed_words}"
        facts.append({"key": STATE_WORDS[row.state], "value": said})
    return facts


def _by(staff_id: int | None, at: datetime) -> str:
    return f"{formats.moment(at)}, by {name_of(staff_id)}"


def _answers(
    viewer: Viewer,
    case: Case,
    course: Course,
    row: TherapistChange,
    rows: Sequence[TherapistAnswer],
    *,
    clinical: bool,
) -> list[AnswerRow]:
    given = queries.given(rows)
    who = queries.who(viewer.staff_id, course.organisation_id)
    leads = queries.leads_for(case, course.organisation_id) if row.state is State.OPEN else []
    made = []
    for party in Party:
        answer = next((one for one in rows if one.party is party), None)
        if answer is not None:
            made.append(_given(row, answer, clinical=clinical))
            continue
        wrong = rules.cannot_answer(
            party,
            who,
            therapist_id=row.from_id,
            given=given,
            other_leads=any(one.id != row.from_id for one in leads),
        )
        made.append(_waiting(row, party, can=clinical and not wrong))
    return made


def _waiting(row: TherapistChange, party: Party, *, can: bool) -> AnswerRow:
    is_open = row.state is State.OPEN
    return AnswerRow(
        party=NAMED[party],
        who=name_of(row.from_id) if party is Party.THERAPIST else "",
        state="Waits" if is_open else "Not asked any more",
        colour="blue" if is_open else "grey",
        words="",
        can=party.value if can and is_open else "",
        action="Record what he said" if party is Party.HIM else "Answer",
    )


def _given(row: TherapistChange, answer: TherapistAnswer, *, clinical: bool) -> AnswerRow:
    when = answer.created_at.astimezone(clock.LONDON)
    if answer.how is How.ON_RECORD:
        absence = answer.absence or Absence.LEFT
        who = f"{absence_words(name_of(row.from_id), absence)}. Recorded"
        who = f"{who} {formats.moment(when)} by {name_of(answer.by_id)}"
    elif answer.how is How.SIGNED_IN:
        who = f"{name_of(answer.by_id)}, {formats.moment(when)}"
        who = f"{who}, {BOTH}" if answer.both_roles else who
    else:
        asked = f"Asked {HOW_WORDS[answer.how]} on {formats.day(answer.answered_on)}"
        who = f"{asked}, recorded {formats.moment(when)} by {name_of(answer.by_id)}"
    state, colour = {
        Answer.AGREES: ("Agrees", "green"),
        Answer.REFUSES: ("Refuses", "red"),
        Answer.NOT_THERE: ("Not there", "grey"),
    }[answer.answer]
    words = (answer.words or "") if clinical else ""
    return AnswerRow(NAMED[answer.party], who, state, colour, words, "", "")
