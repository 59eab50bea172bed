"""Rows about measures that are to be recorded at contacts, and before and after treatment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial
from itertools import islice
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, union

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock, formats
from mhtr.core.access import Purpose, Viewer
from mhtr.core.due import left_until
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.core.working_days import WorkingCalendar
from mhtr.overview import treatment_measures
from mhtr.overview.attended_measures import seen_without
from mhtr.overview.measure_rows import Placed, without_session
from mhtr.overview.rows import Row
from mhtr.overview.task_lists import note_shown
from mhtr.people.models import Person
from mhtr.web.paging import order_of
from outcome_measures.counting import course_parts, planned_of
from outcome_measures.course_parts import Parts
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags.due import (
    Asked,
    Contact,
    DueState,
    History,
    Schedule,
    Schedules,
    due,
    in_force_on,
)
from outcome_measures.flags.due_lines import DueLine, lines_of
from outcome_measures.flags.lists import ME, is_his
from outcome_measures.flags.parts import contact_href
from outcome_measures.flags.queries import schedule_history, schedules
from outcome_measures.models import (
    TAKES_ITS_DAY,
    MeasureContact,
    MeasureFlag,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.sessions_on_record import IS_SESSION

MOST_CONTACTS = 300
"""Contacts one list looks through: a service has far fewer open at a time."""
CLOSED_DAYS = 14
"""How long a list shows what a closed session lacks, or the end of a treatment, whatever else."""
_HELD = select(MeasureContact.id).where(IS_SESSION)
_UNANSWERED = select(MeasureFlag.contact_id).where(
    MeasureFlag.kind == FlagKind.NOT_MEASURED,
    MeasureFlag.contact_id.is_not(None),
    MeasureFlag.responded_at.is_(None),
    MeasureFlag.ended_at.is_(None),
)
"""Sessions without a score to which nobody has responded: they stay, however long ago."""
_SAME_DAY = and_(
    MeasureOccasion.case_id == MeasureContact.case_id,
    MeasureOccasion.asked_on == MeasureContact.held_on,
    or_(
        MeasureOccasion.state.in_(TAKES_ITS_DAY),
        and_(
            MeasureOccasion.state == OccasionState.CLOSED,
            MeasureOccasion.contact_id == MeasureContact.id,
        ),
    ),
)
"""What he was asked on the day of the contact, wherever that was. One that ended unfinished
elsewhere is asked again."""
_SORTS = {"due": (MeasureContact.held_on,), "name": (Person.sort_name,)}


@dataclass(frozen=True)
class WantedMeasures:
    """Which rows a list shows.

    `own`: only of men whom the viewer assesses or has met. `closed`: also sessions closed lately
    and treatments that ended lately, for the full list.
    """

    own: bool
    closed: bool = False
    sort: str = ""


def due_rows(
    viewer: Viewer,
    wanted: WantedMeasures,
    calendar: WorkingCalendar,
    *,
    limit: int,
    offset: int = 0,
) -> list[Row]:
    """What was not asked where it should have been, the oldest first.

    At contacts that are open, and sessions closed lately or without a response; at sessions of
    which attendance alone says that he was seen; then baselines of men who wait for their first
    session, and ends of treatments that ended lately.
    """
    now = clock.now()
    given = asked_by(viewer, Purpose.CLINICAL) | {
        ME: viewer.staff_id,
        "today": clock.today(),
        "closed_since": now - timedelta(days=CLOSED_DAYS),
    }
    lines = list(_contacts(wanted.own, wanted.closed, wanted.sort).all(given))
    seen = seen_without(viewer, own=wanted.own, days=CLOSED_DAYS, missing=wanted.closed)
    if seen:
        lines = sorted((*lines, *seen), key=lambda line: line.held_on)
    asks = schedules()
    # Sorted as they are read: once enough lack something, nobody needs the rest.
    enough = offset + limit if wanted.sort in ("", "due") else None
    placed = list(islice(_at_contacts(lines, asks, schedule_history(), calendar), enough))
    if enough is None or len(placed) < enough:
        days = CLOSED_DAYS if wanted.closed else 0
        men = treatment_measures.waiting_men(viewer, own=wanted.own, ended_days=days)
        placed += without_session(men, asks, placed)
    # Many lack something; words are made for those that are shown.
    shown = [one.row() for one in _sorted(placed, wanted.sort)[offset : offset + limit]]
    note_shown(shown)
    return shown


def _at_contacts(
    lines: Sequence[Any], today_asks: Schedules, history: History, calendar: WorkingCalendar
) -> Iterator[Placed]:
    ever = (today_asks, *(asks for _, asks in history))
    timed = any(when is not Schedule.EACH_SESSION for asks in ever for when in asks.values())
    men = {line.case_id for line in lines} if timed else set()
    planned, parts = planned_of(men), course_parts(men)
    today = clock.today()
    for line in lines:
        asks = in_force_on(history, line.held_on, today_asks)
        if asks.keys() <= _finished(line):
            continue
        state = _state_of(line, asks, planned.get(line.case_id), parts.get(line.case_id, ()))
        for lacks in lines_of(due(state, today)):
            yield _of_contact(line, lacks, calendar)


def _finished(line: Any) -> set[str]:
    """The measures nobody needs to ask again that day; those of most contacts are all there."""
    parts = (part.partition("=") for part in (line.asked or "").split(";"))
    return {instrument for instrument, _, state in parts if state != OccasionState.OPEN.value}


def _sorted(rows: Sequence[Placed], sort: str) -> list[Placed]:
    by_name, down = sort.removeprefix("-") == "name", sort.startswith("-")
    return sorted(rows, key=lambda one: one.name if by_name else one.day, reverse=down)


def _of_contact(line: Any, lacks: DueLine, calendar: WorkingCalendar) -> Placed:
    return Placed(
        line.sort_name,
        (False, line.held_on),
        (line.case_id, lacks.words),
        partial(_due, line, lacks, calendar),
    )


def _wanted_ids(closed: bool) -> Any:
    contact = MeasureContact
    still_open = _HELD.where(contact.closed_at.is_(None), contact.held_on <= bindparam("today"))
    lately = _HELD.where(contact.closed_at >= bindparam("closed_since"))
    kept = _HELD.where(contact.id.in_(_UNANSWERED))
    return union(still_open, lately, kept) if closed else still_open


@lru_cache
def _contacts(own: bool, closed: bool, sort: str) -> Prepared:
    """Made once for each shape of list: making it takes longer than asking it."""
    contact, occasion = MeasureContact, MeasureOccasion
    query = (
        select(
            contact.ref,
            contact.case_id,
            contact.held_on,
            contact.point,
            contact.session_number,
            contact.closed_at,
            contact.created_at,
            Case.ref.label("case_ref"),
            Person.id.label("person_id"),
            Person.given_name,
            Person.family_name,
            Person.sort_name,
            Person.born,
            Staff.name.label("met_by"),
            func.aggregate_strings(occasion.instrument + "=" + occasion.state, ";").label("asked"),
        )
        .join(Case, Case.id == contact.case_id)
        .join(Person, Person.id == Case.person_id)
        .join(Staff, Staff.id == contact.by_id)
        .outerjoin(occasion, _SAME_DAY)
        .where(
            # Each by its index: said with "or", the database goes through all there ever were.
            contact.id.in_(_wanted_ids(closed)),
            visible(ANYBODY, Case.id, Case.restricted),
        )
        .group_by(contact.id, Case.id, Person.id, Staff.id)
        .order_by(*order_of(_SORTS, sort or "due", contact.id))
        .limit(MOST_CONTACTS)
    )
    return Prepared(query.where(is_his()) if own else query)


def _state_of(line: Any, asks: Any, planned: int | None, parts: Parts) -> DueState:
    contact = Contact(
        str(line.ref), line.held_on, line.point, line.session_number, line.closed_at is not None
    )
    asked = []
    for part in (line.asked or "").split(";"):
        instrument, _, state = part.partition("=")
        finished = state != OccasionState.OPEN.value
        if instrument:
            asked.append(Asked(instrument, line.held_on, line.point, finished))
    return DueState(asks, (contact,), asked, planned, parts=parts)


def _due(line: Any, lacks: DueLine, calendar: WorkingCalendar) -> Row:
    left = None
    if line.closed_at is None:
        left = left_until(line.held_on, clock.now(), calendar)
    return Row(
        ref=line.ref,
        what=lacks.words,
        href=contact_href(line.case_ref, line.ref),
        action="Record" if left else "Open",
        who=f"{line.given_name} {line.family_name}".strip(),
        born=line.born,
        left=left,
        due=line.held_on,
        owner=line.met_by,
        since=line.created_at,
        age=formats.ago(line.created_at, clock.now()),
        case_id=line.case_id,
        person_id=line.person_id,
    )
