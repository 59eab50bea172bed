"""Whether a contact with measures may be recorded, and what of it cannot stand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mhtr.cases import rules
from mhtr.cases.facts import CaseState, Fact, FactKind
from mhtr.cases.wording import STATE_WORDS, day_words
from outcome_measures.course_parts import Parts, in_course
from outcome_measures.time_points import TimePoint

MOST_SESSIONS = 60
"""Far beyond any course: a number above it is a slip."""
UNDER_TREATMENT = frozenset(
    {CaseState.SENTENCED_WITH_MHTR, CaseState.INDUCTION, CaseState.IN_TREATMENT, CaseState.ENDED}
)
OVER = frozenset({CaseState.ENDED, CaseState.DISCHARGED})
OVER_THE_NEXT_DAY = frozenset({FactKind.DISCHARGED, FactKind.CLOSED})
"""What he was asked on the day of one of these, he was asked before it."""
_NONE_YET = "No session is on record yet"
CASE, DAY, POINT, NUMBER = "case", "held_on", "point", "session_number"


@dataclass(frozen=True, slots=True)
class Planned:
    """A contact as somebody means to record it."""

    held_on: date
    point: TimePoint
    session_number: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """How the case stands, and which treatment sessions are on record, by number and day."""

    state: CaseState
    sentenced_on: date | None
    sessions: Sequence[tuple[int, date]] = ()
    imported: Sequence[tuple[int, date]] = ()
    """Sessions of which only scores are on record, imported from the past."""
    attended: Sequence[tuple[int | None, date]] = ()
    """Sessions at which he was seen, as attendance says, counted through all his courses."""
    parts: Parts = ()
    """His courses, where he has had more than one."""


def may_record(course: Course) -> tuple[str, ...]:
    """Why no contact with measures can be recorded on this case at all; empty where it can."""
    if course.state in UNDER_TREATMENT | OVER:
        return ()
    if course.state is CaseState.CLOSED:
        return ("The case is closed.",)
    if course.state is CaseState.SENTENCED_WITHOUT_MHTR:
        return ("The court made no treatment requirement.",)
    return ("Measures before sentence belong to the assessment.",)


def problems(planned: Planned, course: Course, today: date) -> Mapping[str, str]:
    """What of a contact cannot stand, by the field it is about."""
    refused = may_record(course)
    if refused:
        return {CASE: refused[0]}
    found = {
        DAY: _day_problem(planned.held_on, course, today),
        POINT: _point_problem(planned.point, course),
        NUMBER: _number_problem(planned, course),
    }
    return {field: words for field, words in found.items() if words}


def kept_problems(
    planned: Planned, course: Course, states: Collection[CaseState], today: date
) -> Mapping[str, str]:
    """What cannot stand of a contact on record that is put right, by the field it is about.

    Args:
        course: the sessions of the others; its state is of no account.
        states: `states_since` the day: it stands if it could have been recorded in one of them.
    """
    able = [state for state in states if not may_record(replace(course, state=state))]
    if not able:
        return {CASE: may_record(course)[0] if may_record(course) else "He was not in treatment."}
    each = [problems(planned, replace(course, state=state), today) for state in able]
    return min(each, key=len)


def states_since(facts: Sequence[Fact], day: date, today: date) -> tuple[CaseState, ...]:
    """The states in which a contact of this day can have been recorded."""
    days = {day, today} | {fact.day for fact in facts if day < fact.day <= today}
    return (state_on(facts, day), *(rules.fold(list(facts), one).state for one in sorted(days)))


def state_on(facts: Sequence[Fact], day: date) -> CaseState:
    """How the case stood when he was asked something on a day."""
    known = [f for f in facts if not (f.kind in OVER_THE_NEXT_DAY and f.day == day)]
    return rules.fold(known, day).state


def to_ask(planned: Planned, course: Course, planned_sessions: int | None) -> tuple[str, ...]:
    """What about the number of a session is unusual and may be right all the same."""
    number, next_one = planned.session_number, _following(course)
    if planned.point is not TimePoint.SESSION or number is None:
        return ()
    said = []
    if number > next_one and (number, planned.held_on) not in course.attended:
        last = f"The last session on record is {next_one - 1}" if next_one > 1 else _NONE_YET
        said.append(f"{last}: the next one is {next_one}")
    if planned_sessions is not None and number > planned_sessions:
        said.append(f"{planned_sessions} sessions are planned")
    said += _counts_through(number, planned.held_on, course)
    return tuple(said)


def _counts_through(number: int, on: date, course: Course) -> list[str]:
    """What is to be said of a number that belongs to an earlier course than its day does."""
    if not course.parts or in_course(number, on, course.parts, None).number is not None:
        return []
    after = [part.after for part in course.parts if on >= part.begins][-1]
    return [f"Measures count through his courses: session 1 of this one is {after + 1}"]


def number_hint(course: Course) -> str:
    """How sessions are numbered where he has had more than one course; empty where he has not."""
    if not course.parts:
        return ""
    first = course.parts[-1].after + 1
    return (
        "Measures count through all his courses: "
        f"session 1 of his present course is session {first} here"
    )


def on_that_day(planned: Planned, course: Course) -> tuple[str, ...]:
    """Which other sessions are on record for the day of this one; it may be right all the same."""
    if planned.point is not TimePoint.SESSION or planned.session_number is None:
        return ()
    return tuple(
        f"Session {other} was on the same day"
        for other, day in (*course.sessions, *course.imported)
        if day == planned.held_on and other != planned.session_number
    )


def next_session(course: Course, on: date) -> int:
    """The number of the treatment session that is to be recorded of a day.

    That of a session at which he was seen that day, while it has no contact; else the one after
    all that are known.
    """
    met = {day for _, day in course.sessions}
    seen = [number for number, day in course.attended if number and day == on and day not in met]
    if seen:
        return min(seen)
    return max([_following(course), *((number or 0) + 1 for number, _ in course.attended)])


def _following(course: Course) -> int:
    """The number after all those recorded as contacts, or imported."""
    known = (*course.sessions, *course.imported)
    return max((number for number, _ in known), default=0) + 1


def _day_problem(held_on: date, course: Course, today: date) -> str:
    if held_on > today:
        return "The contact cannot be in the future"
    if course.sentenced_on is not None and held_on < course.sentenced_on:
        return (
            f"He was sentenced on {day_words(course.sentenced_on)}: "
            "measures before that belong to the assessment"
        )
    return ""


def _point_problem(point: TimePoint, course: Course) -> str:
    if point is TimePoint.PRE_SENTENCE:
        return "Measures before sentence belong to the assessment"
    if point is TimePoint.FOLLOW_UP and course.state not in OVER:
        return (
            f"Follow-up comes after treatment. The case is {STATE_WORDS[course.state]}: "
            "select a treatment session or between sessions"
        )
    if point is not TimePoint.FOLLOW_UP and course.state is CaseState.DISCHARGED:
        return "He is discharged: what is asked now is follow-up"
    return ""


def _number_problem(planned: Planned, course: Course) -> str:
    number = planned.session_number
    if planned.point is not TimePoint.SESSION:
        return "" if number is None else "Only a treatment session has a number"
    if number is None:
        return "Enter the number of the treatment session"
    if not 1 <= number <= MOST_SESSIONS:
        return f"The number must be between 1 and {MOST_SESSIONS}"
    known = [one for one in course.imported if one != (number, planned.held_on)]
    for other, day in (*course.sessions, *known):
        if other == number:
            there = f"Session {number} is on record already, on {day_words(day)}"
            return ". ".join([there, *_counts_through(number, planned.held_on, course)])
        if (other < number and day > planned.held_on) or (other > number and day < planned.held_on):
            return f"Session {other} was on {day_words(day)}: check the number and the day"
    return ""
