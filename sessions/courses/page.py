"""What the pages of pathways and courses show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.orders.page import order_title
from mhtr.orders.queries import all_on_record, clock_now
from mhtr.tasks.calendar import working_calendar
from outcome_measures.sessions_on_record import numbered_sessions
from sessions.courses import listeners, queries
from sessions.courses.history import change_words
from sessions.courses.kinds import (
    CHANGE_WORDS,
    END_WORDS,
    PRIORITY_WORDS,
    REVIEW_WORDS,
    Priority,
    ReviewPoint,
)
from sessions.courses.models import Course, CourseSession, Pathway
from sessions.courses.rules import Fit, Planned, Requirement, fit, notices, planned_of
from sessions.therapies import THERAPY_WORDS

NO_ORDER = "No order is recorded that is in force: nothing can be said of whether the course fits."
PRIORITY_COLOURS = {Priority.ROUTINE: "grey", Priority.SOON: "yellow", Priority.URGENT: "red"}


@dataclass(frozen=True)
class SessionRow:
    """One session as a list shows it. `number` counts those that take place; 0 if it does not."""

    number: int
    position: int
    ref: str
    name: str
    purpose: str
    what: str
    gap: str
    review: str
    required: bool
    use: str
    """That it is booked or was held, in words; empty where it is neither."""
    held: bool
    skipped: bool
    catches_up: str
    plain: str
    """How he is seen, in words to him."""


@dataclass(frozen=True)
class HistoryRow:
    """One change of a course. `why` and `before` are for clinicians."""

    at: datetime
    what: str
    why: str
    before: str
    by: str


@dataclass(frozen=True)
class OrderFit:
    """How the sessions to come fit one order."""

    title: str
    fit: Fit


def planned_rows(sessions: Sequence[Planned]) -> list[SessionRow]:
    """The sessions of a pathway or of a draft."""
    return [_row(one, number, number) for number, one in enumerate(sessions, 1)]


def course_rows(course: Course) -> list[SessionRow]:
    """The sessions of a course with the skipped ones, in their order."""
    rows = queries.sessions_of(course.id, skipped=True)
    words = listeners.words_of([row.id for row in rows])
    held = listeners.held_of([row.id for row in rows])
    names = {
        row.id: row.name for row in queries.sessions_of(course.id, skipped=True, replaced=True)
    }
    made, number = [], 0
    for row in rows:
        takes_place = row.skipped_at is None
        number += takes_place
        made.append(
            _row(
                planned_of(row),
                number if takes_place else 0,
                row.position,
                of=row,
                use=words.get(row.id, ""),
                held=row.id in held,
                catches_up=names.get(row.repeats_id, "") if row.repeats_id else "",
            )
        )
    return made


def _row(
    said: Planned,
    number: int,
    position: int,
    *,
    of: CourseSession | None = None,
    use: str = "",
    held: bool = False,
    catches_up: str = "",
) -> SessionRow:
    how = "in a group" if said.in_group else "one to one"
    return SessionRow(
        number=number,
        position=position,
        ref=str(of.ref) if of is not None else "",
        name=said.name,
        purpose=said.purpose,
        what=f"{THERAPY_WORDS[said.therapy]}, {how}, {said.minutes} minutes",
        gap=gap_words(said),
        review="" if said.review is ReviewPoint.NONE else REVIEW_WORDS[said.review],
        required=said.required,
        use=use[:1].upper() + use[1:],
        held=held,
        skipped=of is not None and of.skipped_at is not None,
        catches_up=catches_up,
        plain=f"{'You meet in a group' if said.in_group else 'You meet one to one'}, for "
        f"{said.minutes} minutes.",
    )


def gap_words(said: Planned) -> str:
    """The days since the session before, in words."""
    if said.least_gap == said.most_gap:
        return _days(said.least_gap)
    return f"{said.least_gap} to {_days(said.most_gap)}, ideally {said.ideal_gap}"


def _days(count: int) -> str:
    return f"{count} day{'s' if count != 1 else ''}"


@dataclass(frozen=True)
class InForce:
    """An order in force, and what it leaves for a course."""

    title: str
    left: Requirement


def in_force(case: Case) -> list[InForce]:
    """The orders of a case that are in force."""
    found = []
    for one in all_on_record(case.id):
        if not one.stands_on(clock.today()):
            continue
        left = clock_now(one).sessions_left
        spans = tuple(sorted((span.starts_on, span.ends_on) for span in one.terms.periods))
        found.append(InForce(order_title(one.order), Requirement(left, spans)))
    return found


def fits_of(
    case: Case, sessions: Sequence[Planned], orders: Sequence[InForce] | None = None
) -> list[OrderFit]:
    """How sessions that are to come fit each order of a case that is in force."""
    return _fits(sessions, in_force(case) if orders is None else orders, _last_held(case))


def _last_held(case: Case) -> date | None:
    return max((row.day for row in numbered_sessions([case.id])[case.id]), default=None)


def _fits(
    sessions: Sequence[Planned], orders: Sequence[InForce], last_held: date | None
) -> list[OrderFit]:
    today, calendar = clock.today(), working_calendar()
    return [
        OrderFit(one.title, fit(sessions, one.left, today, calendar, last_held=last_held))
        for one in orders
    ]


def to_come(course: Course) -> list[Planned]:
    """The sessions of a course whose time has not come, in their order."""
    rows = queries.sessions_of(course.id)
    held = listeners.held_of([row.id for row in rows])
    return [planned_of(row) for row in rows if row.id not in held]


def course_notices(course: Course) -> tuple[str, ...]:
    """What is unusual about a course as it stands."""
    return notices([planned_of(row) for row in queries.sessions_of(course.id)])


def previews(case: Case, pathways: Sequence[Pathway]) -> list[str]:
    """What each pathway would mean for a man, in a few sentences."""
    orders, last_held = in_force(case), _last_held(case)
    return [_preview(pathway, orders, last_held) for pathway in pathways]


def _preview(pathway: Pathway, orders: Sequence[InForce], last_held: date | None) -> str:
    sessions = in_use(pathway)
    said = [] if not pathway.about else [pathway.about]
    for one in _fits(sessions, orders, last_held):
        said += [one.fit.words, *one.fit.warnings]
    said += notices(sessions)
    return " ".join(said)


def in_use(pathway: Pathway, revision: int | None = None) -> list[Planned]:
    """The sessions of a pathway that are in use, or of one revision."""
    wanted = pathway.revision if revision is None else revision
    return [planned_of(row) for row in queries.pathway_sessions(pathway.id, wanted)]


def facts_of(course: Course) -> list[dict[str, str]]:
    """What concerns the whole course, as key and value."""
    pathway = db.session.get_one(Pathway, course.pathway_id)
    name = f"{pathway.name}, revision {course.pathway_revision}"
    rows = [
        {"key": "Made from", "value": name},
        {"key": "Therapist", "value": _therapist(course)},
        {"key": "Priority", "value": PRIORITY_WORDS[course.priority]},
        {"key": "Made", "value": f"{_day(course.created_at)}, by {_name(course.by_id)}"},
    ]
    if course.ended_at is not None and course.ended_how is not None:
        words = (
            f"{_day(course.ended_at)}, by {_name(course.ended_by)}. {END_WORDS[course.ended_how]}"
        )
        rows.append({"key": "Ended", "value": words})
    return rows


def history_of(course: Course, *, clinical: bool) -> list[HistoryRow]:
    """What was done to a course, the newest first; why and what it was before for clinicians."""
    names = _session_names(course)
    made = []
    for change in queries.changes_of(course.id):
        what = CHANGE_WORDS[change.kind]
        if change.course_session_id is not None:
            what = f"{what}: {names[change.course_session_id]}"
        before = change_words(change.before or {}, _names(change.before or {}))
        made.append(
            HistoryRow(
                at=change.created_at,
                what=what,
                why=(change.reason or "") if clinical else "",
                before=before if clinical else "",
                by=_name(change.by_id),
            )
        )
    return made


def _session_names(course: Course) -> dict[int, str]:
    rows = queries.sessions_of(course.id, skipped=True, replaced=True)
    return {row.id: row.name for row in rows}


def _names(before: Mapping[str, object]) -> dict[str, str]:
    """Names behind the numbers that a change keeps."""
    found = {}
    therapist, pathway = before.get("therapist_id"), before.get("pathway_id")
    if isinstance(therapist, int):
        found["therapist_id"] = _name(therapist)
    if isinstance(pathway, int):
        found["pathway_id"] = db.session.get_one(Pathway, pathway).name
    return found


def _therapist(course: Course) -> str:
    """Who sees him, and that he does not work there any more where that is so."""
    if course.therapist_id is None:
        return "Nobody is named yet"
    staff = db.session.get_one(Staff, course.therapist_id)
    gone = staff.disabled_at is not None or staff.organisation_id != course.organisation_id
    return f"{staff.name}, who does not work here any more" if gone else staff.name


def _name(staff_id: int | None, nobody: str = "the program") -> str:
    return db.session.get_one(Staff, staff_id).name if staff_id is not None else nobody


def _day(moment: datetime) -> str:
    return day_words(moment.astimezone(clock.LONDON).date())


def therapist_name(course: Course) -> str:
    """Who sees him; empty where nobody is named yet."""
    return _name(course.therapist_id, "")


def replaced_row(row: CourseSession) -> SessionRow:
    """A session that another pathway took the place of."""
    return _row(planned_of(row), 0, row.position, of=row)
