"""What the page about when, where and how a man can come shows, by who looks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.link_queries import linked_for
from mhtr.cases.models import Case
from mhtr.cases.queries import purposes_held
from mhtr.core import clock, formats
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.people.flags import flags_shown
from mhtr.people.models import FlagKind, Permission
from mhtr.people.queries import record_ids
from mhtr.web.reads import shows
from sessions.availability.limits_queries import how_he_can_come, modes_of
from sessions.availability.models import PlaceBarred, Site, TimeHeCannot
from sessions.availability.policy import interpreter_lead
from sessions.availability.words import ASKS_FOR, REASON_WORDS, day_of_week, times
from sessions.therapies import MODE_WORDS, Gender


@dataclass(frozen=True)
class TimeLine:
    """A time he cannot come, as the page lists it."""

    row: TimeHeCannot
    when: str
    times: str
    reason: str
    days: str
    by: str
    ended_by: str
    over: bool
    """It has passed, or was taken back."""


@dataclass(frozen=True)
class BarLine:
    """A place he may not go to, as this viewer may see it."""

    row: PlaceBarred
    place: str
    reason: str
    by: str
    made_at: datetime
    ended_at: datetime | None
    ended_by: str


def reads_why(viewer: Viewer, case: Case) -> bool:
    """Whether he may read, and write, why a place is barred: for the clinical purpose alone."""
    return Purpose.CLINICAL in purposes_held(viewer, case)


def time_lines(case: Case) -> list[TimeLine]:
    """Every time recorded, the newest first."""
    query = select(TimeHeCannot).where(TimeHeCannot.case_id == case.id)
    rows = db.session.scalars(query.order_by(TimeHeCannot.id.desc())).all()
    names = _names([row.made_by for row in rows] + [row.ended_by for row in rows])
    shows("time_he_cannot", *(row.id for row in rows), case_id=case.id)
    today = clock.today()
    return [
        TimeLine(
            row,
            day_of_week(row.weekday),
            times(row.starts, row.ends),
            REASON_WORDS[row.reason],
            _days(row.first_day, row.last_day),
            names[row.made_by],
            names.get(row.ended_by or 0, ""),
            row.ended_at is not None or (row.last_day is not None and row.last_day < today),
        )
        for row in rows
    ]


def bar_lines(viewer: Viewer, case: Case) -> list[BarLine]:
    """Every place recorded as barred, the newest first; why, for clinicians alone."""
    query = (
        select(PlaceBarred, Site.name)
        .join(Site, Site.id == PlaceBarred.site_id)
        .where(PlaceBarred.case_id == case.id)
        .order_by(PlaceBarred.id.desc())
    )
    found = db.session.execute(query).all()
    names = _names([row.made_by for row, _ in found] + [row.ended_by for row, _ in found])
    shows("place_barred", *(row.id for row, _ in found), case_id=case.id)
    clinical = reads_why(viewer, case)
    return [
        BarLine(
            row,
            place,
            (row.reason or "") if clinical else "",
            names[row.made_by],
            row.created_at,
            row.ended_at,
            names.get(row.ended_by or 0, ""),
        )
        for row, place in found
    ]


def apart(viewer: Viewer, case: Case) -> list[str]:
    """Whom he must not meet, as the warnings on his record say it."""
    ids = record_ids(case.person_id)
    elsewhere = linked_for(viewer, case.person_id, ids)
    held = purposes_held(viewer, case)
    shown = flags_shown(case.person_id, held, elsewhere=elsewhere, ids=ids)
    return [flag.fact for flag in shown if flag.kind is FlagKind.MUST_NOT_MEET]


def how_rows(case: Case) -> list[dict[str, str]]:
    """How he can be seen, as facts; the interpreter as his record says it."""
    row = how_he_can_come(case.id)
    lead = interpreter_lead()
    modes = modes_of(row)
    needs = case.person.interpreter is Permission.YES
    gender = row.therapist_gender if row else Gender.NOT_SAID
    said = [MODE_WORDS[mode].lower() for mode in MODE_WORDS if mode in modes]
    facts = {
        "Can be seen": ", ".join(said).capitalize() + ("" if row else " (nobody has asked yet)"),
        "Asks to be seen by": ASKS_FOR[gender],
        "Needs a way without steps": "Yes" if row and row.step_free else "No",
        "His way": row.travel if row else "",
        "Interpreter": (
            f"Needed: book {lead} working day{'' if lead == 1 else 's'} ahead at least"
            if needs
            else "Not needed"
            if case.person.interpreter is Permission.NO
            else "Not known"
        ),
    }
    return [{"key": key, "value": value} for key, value in facts.items()]


def _names(staff_ids: Iterable[int | None]) -> dict[int, str]:
    wanted: Collection[int] = {one for one in staff_ids if one is not None}
    query = select(Staff.id, Staff.name).where(Staff.id.in_(wanted))
    return {key: name for key, name in db.session.execute(query)} if wanted else {}


def _days(first: date, last: date | None) -> str:
    if last is None:
        return f"From {formats.short_day(first)}"
    if first == last:
        return formats.short_day(first)
    return f"{formats.short_day(first)} to {formats.short_day(last)}"
