"""What a clinician hears of changes that somebody else made: one notice for all of one man's.

Names and places stay out of it: the page that it leads to shows them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import formats
from mhtr.core.database import db
from mhtr.tasks import service as tasks
from sessions.booking.models import TreatmentSession


@dataclass(frozen=True)
class News:
    """One kind of change."""

    verb: str
    one: str
    """What is said of one session."""
    several: str
    """What is said of more, before their times: `3 sessions were moved to`."""


BOOKED = News(
    "booked",
    "A session with a man of yours was booked.",
    "{} sessions with a man of yours were booked",
)
MOVED = News(
    "moved",
    "A session with a man of yours was moved.",
    "{} sessions with a man of yours were moved to",
)
MOVED_AWAY = News("moved", MOVED.one, "{} sessions with a man of yours went to somebody else")
CANCELLED = News(
    "cancelled",
    "A session with a man of yours was cancelled.",
    "{} sessions with a man of yours were cancelled",
)
GROUP_BOOKED = News(
    "booked", "A group session of yours was booked.", "{} group sessions of yours were booked"
)
GROUP_MOVED = News(
    "moved", "A group session of yours was moved.", "{} group sessions of yours were moved to"
)
GROUP_MOVED_AWAY = News(
    "moved", GROUP_MOVED.one, "{} group sessions of yours went to somebody else"
)
GROUP_CANCELLED = News(
    "cancelled",
    "A group session of yours was cancelled.",
    "{} group sessions of yours were cancelled",
)
JOINED = "A man was given a place in a group of yours"
LEFT = "A man comes no more to a group of yours"
_OF_A_GROUP = {
    BOOKED: GROUP_BOOKED,
    MOVED: GROUP_MOVED,
    MOVED_AWAY: GROUP_MOVED_AWAY,
    CANCELLED: GROUP_CANCELLED,
}


def tell(
    news: News, rows: Iterable[tuple[TreatmentSession, Case | None]], *, by: int | None
) -> None:
    """Each clinician hears once of all sessions with one man, and once of all of one group.

    Args:
        rows: each session with the case of the man who comes; None for a group.
    """
    found: dict[tuple[int, object], list[TreatmentSession]] = {}
    cases: dict[tuple[int, object], Case | None] = {}
    for row, case in rows:
        whose: object = case.id if case else (row.series or row.id, "group")
        key = row.clinician_id, whose
        found.setdefault(key, []).append(row)
        cases[key] = case
    for key, theirs in found.items():
        case = cases[key]
        said = news if case is not None else _OF_A_GROUP[news]
        text = said.one if len(theirs) == 1 else listed(said.several.format(len(theirs)), theirs)
        tell_clinician(theirs[0], text, verb=said.verb, by=by, case=case)


def tell_of_places(
    text: str, rows: Sequence[TreatmentSession], *, key: object, by: int | None
) -> None:
    """Whoever leads these meetings hears once that a man comes, or comes no more."""
    for clinician_id in dict.fromkeys(row.clinician_id for row in rows):
        theirs = [row for row in rows if row.clinician_id == clinician_id]
        tell_clinician(theirs[0], listed(text, theirs), verb=f"place-{key}", by=by)


def listed(text: str, rows: Sequence[TreatmentSession]) -> str:
    """A sentence with the times of sessions, as many as a notice has room for."""
    times = [formats.short_moment(row.starts_at) for row in rows]
    for shown in range(len(times), 0, -1):
        more = f" and {len(times) - shown} more" if shown < len(times) else ""
        said = f"{text}: {', '.join(times[:shown])}{more}."
        if len(said) <= tasks.LONGEST:
            break
    return said


def tell_clinician(
    session: TreatmentSession, text: str, *, verb: str, by: int | None, case: Case | None = None
) -> None:
    """The clinician of a session hears of a change somebody else made."""
    if session.clinician_id != by:
        staff = db.session.get_one(Staff, session.clinician_id)
        tasks.tell(
            staff.principal_id,
            key=f"session-{verb}:{session.id}",
            text=text,
            case_id=case.id if case else None,
            endpoint="sessions.case_sessions" if case else "sessions.group",
            subject_ref=case.ref if case else session.ref,
        )
