"""Proposing another therapist after the first session, and what those asked say: the only writer.

The change takes three agreements: the therapist's (unless he or she is not there), a clinical
lead's and his own. With the last of them the course has its new therapist, in one transaction.
"""

from dataclasses import dataclass
from datetime import date

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from sessions.courses.models import Course
from sessions.courses.service import HAS_ENDED, NO_THERAPIST, SAY_WHY
from sessions.courses.therapist_service import give_therapist, is_fixed
from sessions.therapists import asking, queries, rules
from sessions.therapists.fitting import candidates
from sessions.therapists.kinds import (
    ASKED_HOW,
    WHY_WORDS,
    Answer,
    Booked,
    How,
    Lapse,
    Party,
    State,
    Why,
)
from sessions.therapists.models import TherapistAnswer, TherapistChange
from sessions.therapists.moving import move_to

LONGEST = 1000
TOO_LONG = f"Write {LONGEST} characters or fewer."
WHAT_HE_SAID = "Write what he said."
HOW_ASKED = "Say how he was asked."
ENDED = HAS_ENDED
NOT_ANY_MORE = "The new therapist cannot be his any more. Withdraw the proposal and make another."


@dataclass(frozen=True)
class Proposed:
    """Who is to see him, from when, why, and what becomes of what is booked."""

    to_id: int
    why: Why
    words: str
    starts_on: date
    booked: Booked = Booked.MOVE


@dataclass(frozen=True)
class Said:
    """What one of those asked said, and of him how and when he was asked."""

    agrees: bool
    words: str = ""
    how: How = How.SIGNED_IN
    asked_on: date | None = None


def propose(*, course_id: int, said: Proposed, by: int) -> TherapistChange:
    """Propose another therapist. Each of those who have to agree gets a task.

    Where it is on record that the therapist is not there, and whoever proposes may record that,
    it is recorded at once.

    Raises:
        Refused: with every reason: the course has ended or was not begun, a change is proposed
            already, `by` may not propose one, or the new therapist cannot see him.
    """
    course, case = _locked(course_id)
    if course.ended_at is not None:
        raise Refused(ENDED)
    _check_proposal(course, case, said, by)
    change = TherapistChange(
        case_id=case.id,
        course_id=course.id,
        from_id=course.therapist_id,
        to_id=said.to_id,
        why=said.why,
        words=_words(said.words, SAY_WHY),
        starts_on=said.starts_on,
        booked=said.booked,
        by_id=by,
    )
    db.session.add(change)
    db.session.flush()
    audit.record("therapists.proposed", by=by, case_id=case.id, proposal=change.id)
    absence = queries.absence(case, course.organisation_id, change.from_id)
    if not rules.cannot_note_absence(queries.who(by, course.organisation_id), absence, ()):
        _note_absence(change, course, case, by)
    else:
        asking.ask(change, case, Party.THERAPIST, by=by)
    for party in (Party.LEAD, Party.HIM):
        asking.ask(change, case, party, by=by)
    return change


def _check_proposal(course: Course, case: Case, said: Proposed, by: int) -> None:
    wrong = rules.cannot_propose(
        queries.who(by, course.organisation_id),
        therapist_id=course.therapist_id,
        to_id=said.to_id,
        held=is_fixed(course),
        is_open=queries.open_change(course.id) is not None,
        starts_on=said.starts_on,
        today=clock.today(),
    )
    if wrong:
        raise Refused(*wrong)
    if against := against_new(case, course, said.to_id):
        raise Refused(*against)


def against_new(case: Case, course: Course, staff_id: int) -> tuple[str, ...]:
    """Every reason why a clinician cannot become his therapist; empty where he can."""
    found = next((one for one in candidates(case, course) if one.staff.id == staff_id), None)
    return (NO_THERAPIST,) if found is None else found.reasons


def answer(*, change_id: int, party: Party, said: Said, by: int) -> TherapistAnswer:
    """Record what one of those asked said. The last agreement changes the therapist.

    His own answer is recorded by a clinician who asked him. A refusal ends the proposal.

    Raises:
        JustTaken: with the last agreement sessions move, and somebody took one of the times.
        Refused: with every reason: the proposal is not open, the answer is recorded already, `by`
            may not give it, or with the last agreement: the new therapist cannot see him now.
    """
    change, course, case = _open(change_id)
    given = queries.given(queries.answers_of(change.id))
    leads = [one.id for one in queries.leads_for(case, course.organisation_id)]
    wrong = rules.cannot_answer(
        party,
        queries.who(by, course.organisation_id),
        therapist_id=change.from_id,
        given=given,
        other_leads=any(one != change.from_id for one in leads),
    )
    if wrong:
        raise Refused(*wrong)
    row = TherapistAnswer(
        change_id=change.id,
        party=party,
        answer=Answer.AGREES if said.agrees else Answer.REFUSES,
        by_id=by,
        both_roles=rules.in_both_roles(party, by, change.from_id),
        **_of_him(change, said) if party is Party.HIM else _of_staff(said),
    )
    _keep(change, row, by)
    if not said.agrees:
        _close(change, State.REFUSED, by=by)
    else:
        _complete(change, course, case, by)
    return row


def note_absence(*, change_id: int, by: int) -> None:
    """Record that the therapist cannot be asked, which the program knows.

    Raises:
        Refused: the therapist is there or has answered, the proposal is not open, or `by` may not
            record it.
    """
    change, course, case = _open(change_id)
    absence = queries.absence(case, course.organisation_id, change.from_id)
    given = queries.given(queries.answers_of(change.id))
    who = queries.who(by, course.organisation_id)
    if wrong := rules.cannot_note_absence(who, absence, given):
        raise Refused(*wrong)
    _note_absence(change, course, case, by)
    _complete(change, course, case, by)


def withdraw(*, change_id: int, reason: str, by: int) -> None:
    """Take a proposal back. It stays in the history.

    Raises:
        Refused: it is not open, no reason is given, or `by` neither proposed it nor is a lead.
    """
    change, course, _ = _open(change_id)
    if wrong := rules.cannot_withdraw(queries.who(by, course.organisation_id), change.by_id):
        raise Refused(*wrong)
    change.closed_words = _words(reason, SAY_WHY)
    _close(change, State.WITHDRAWN, by=by)


def lapse(course: Course, why: Lapse, *, by: int | None) -> None:
    """End the open proposal of a course whose case is locked; nothing where there is none."""
    must_be_writing()
    change = queries.open_change(course.id)
    if change is not None:
        change.lapse = why
        _close(change, State.LAPSED, by=by)


def _locked(course_id: int) -> tuple[Course, Case]:
    must_be_writing()
    course = db.session.get_one(Course, course_id)
    case = cases.lock(course.case_id)
    db.session.flush()
    db.session.refresh(course)
    return course, case


def _open(change_id: int) -> tuple[TherapistChange, Course, Case]:
    change = db.session.get_one(TherapistChange, change_id)
    course, case = _locked(change.course_id)
    db.session.refresh(change)
    if change.state is not State.OPEN:
        raise Refused(rules.OVER)
    return change, course, case


def _words(text: str, missing: str) -> str:
    said = text.strip()
    if not said:
        raise Refused(missing)
    if len(said) > LONGEST:
        raise Refused(TOO_LONG)
    return said


def _of_staff(said: Said) -> dict[str, object]:
    words = said.words if said.agrees and not said.words.strip() else _words(said.words, SAY_WHY)
    return {"how": How.SIGNED_IN, "answered_on": clock.today(), "words": words.strip() or None}


def _of_him(change: TherapistChange, said: Said) -> dict[str, object]:
    if said.how not in ASKED_HOW or said.asked_on is None:
        raise Refused(HOW_ASKED)
    proposed_on = change.created_at.astimezone(clock.LONDON).date()
    if wrong := rules.wrong_day(said.asked_on, proposed_on, clock.today()):
        raise Refused(wrong)
    words = _words(said.words, WHAT_HE_SAID)
    return {"how": said.how, "answered_on": said.asked_on, "words": words}


def _note_absence(change: TherapistChange, course: Course, case: Case, by: int) -> None:
    row = TherapistAnswer(
        change_id=change.id,
        party=Party.THERAPIST,
        answer=Answer.NOT_THERE,
        how=How.ON_RECORD,
        answered_on=clock.today(),
        absence=queries.absence(case, course.organisation_id, change.from_id),
        by_id=by,
    )
    _keep(change, row, by)


def _keep(change: TherapistChange, row: TherapistAnswer, by: int) -> None:
    db.session.add(row)
    db.session.flush()
    audit.record(
        "therapists.answered",
        by=by,
        case_id=change.case_id,
        proposal=change.id,
        party=row.party.value,
        answer=row.answer.value,
    )
    asking.answered(change, row.party, by=by)


def _complete(change: TherapistChange, course: Course, case: Case, by: int) -> None:
    """Once everybody agreed: the therapist changes, and what is booked follows."""
    if not rules.everybody_agreed(queries.given(queries.answers_of(change.id))):
        return
    if against := against_new(case, course, change.to_id):
        raise Refused(NOT_ANY_MORE, *against)
    reason = f"{WHY_WORDS[change.why]}: {change.words}"
    give_therapist(course, change.to_id, reason=reason, by=by)
    _close(change, State.DONE, by=by)
    rows = queries.booked_with(course, change.from_id, max(change.starts_on, clock.today()))
    moved = move_to(rows, change.to_id, by=by) if change.booked is Booked.MOVE else 0
    if moved < len(rows):
        asking.tell_left_booked(change, course.organisation_id)


def _close(change: TherapistChange, state: State, *, by: int | None) -> None:
    change.state, change.closed_at, change.closed_by = state, clock.now(), by
    db.session.flush()
    audit.record(
        "therapists.closed",
        by=by,
        case_id=change.case_id,
        proposal=change.id,
        outcome=state.value,
    )
    asking.over(change, by=by)
