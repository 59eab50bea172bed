"""What the pages of reviews show: one page for who treats him, another for probation."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from mhtr.accounts.models import Staff
from mhtr.compliance.contact_rules import WAY_WORDS
from mhtr.core import clock, formats
from mhtr.core.database import db
from mhtr.reviews import building, queries
from mhtr.reviews.models import Review, ReviewMeeting
from mhtr.reviews.queries import Choice, Item, OnSheet, Signature
from mhtr.reviews.rules import (
    PARTY_WORDS,
    POINT_WORDS,
    SIGNS_WORDS,
    TOPIC_WORDS,
    WHY_NOT_WORDS,
    DueWhy,
    MeetingState,
    Party,
    Signs,
    WhyNot,
)
from mhtr.reviews.sheet import Line, Sheet, content_hash, from_json
from sessions.courses import listeners
from sessions.therapies import MODE_WORDS

DUE_WORDS = {
    DueWhy.SESSIONS: "by the sessions that were held",
    DueWhy.DAYS: "by the days of the requirement",
    DueWhy.ENDED: "as the course ended",
}
NOT_SIGNED = "Did not sign"
WITH = {Party.HIM: "him", Party.OFFICER: "his officer"}


@dataclass(frozen=True)
class PointLine:
    """One point. `his` and `mine`: what each of the two wants of it, in words."""

    ref: uuid.UUID
    whose: str
    side: Party
    words: str
    shared: bool
    his: str
    mine: str
    by: str
    at: datetime
    earlier: tuple[tuple[str, str, datetime], ...]


@dataclass(frozen=True)
class Part:
    """One item of the agenda with its points."""

    heading: str
    points: tuple[PointLine, ...]


@dataclass(frozen=True)
class SignLine:
    """What one of the three said of a sheet; `party` has said nothing where `words` is empty."""

    party: Party
    who: str
    words: str
    signed: bool
    by: str
    at: datetime | None


@dataclass(frozen=True)
class SheetLine:
    """A sheet that somebody said something of."""

    number: int
    at: datetime
    view: Sheet
    signs: tuple[SignLine, ...]
    is_current: bool


@dataclass(frozen=True)
class MeetingLine:
    """One thing that was recorded of when it is held."""

    at: datetime
    words: str
    by: str


@dataclass(frozen=True)
class View:
    """A review as a page shows it."""

    ref: uuid.UUID
    title: str
    due_on: date
    due_why: str
    state: str
    colour: str
    meeting: ReviewMeeting | None
    when: str
    who: str
    told: str
    is_held: bool
    is_over: bool
    parts: tuple[Part, ...]
    hidden: int
    sheet: Sheet | None
    content_hash: str
    signs: tuple[SignLine, ...]
    sheets: tuple[SheetLine, ...]
    meetings: tuple[MeetingLine, ...]

    def has_said(self, party: Party) -> bool:
        """Whether this party has said something of the sheet as it stands."""
        return any(one.party is party and one.words for one in self.signs)


def for_service(row: Review) -> View:
    """A review as a clinician reads it: every point, and who reads which."""
    return _view(row, queries.items_of(row.id), probation=False)


def for_probation(row: Review) -> View:
    """A review as probation reads it: what is shared, its own points, and nothing of the rest."""
    shared = [one for one in queries.items_of(row.id) if one.is_shared]
    return _view(row, shared, probation=True)


def _lines(case_id: int) -> list[str]:
    """What the page of his course says of its reviews."""
    rows = queries.reviews_of(case_id)
    newest = [row for row in rows if row.course_id == rows[0].course_id]
    return [_short(row, queries.last_meeting(row.id)) for row in newest]


def _short(row: Review, last: ReviewMeeting | None) -> str:
    state = _lower(_state(row, last)[0])
    if last is None or last.state is not MeetingState.HELD:
        return f"{POINT_WORDS[row.point]}: due {formats.day(row.due_on)}; {state}."
    return f"{POINT_WORDS[row.point]}: {state} on {formats.day(last.starts_at)}."


def _view(row: Review, items: Sequence[Item], *, probation: bool) -> View:
    meetings = queries.meetings_of(row.id)
    last = meetings[-1] if meetings else None
    sheet = building.sheet_now(row)
    sheets = queries.sheets_of(row.id)
    digest = content_hash(sheet) if sheet is not None else ""
    now = sheets[-1] if sheets and sheets[-1].row.content_hash == digest else None
    state, colour = _state(row, last)
    return View(
        ref=row.ref,
        title=POINT_WORDS[row.point],
        due_on=row.due_on,
        due_why=DUE_WORDS[row.due_why],
        state=state,
        colour=colour,
        meeting=last,
        when=MODE_WORDS[last.mode] if last is not None else "",
        who=_name(last.clinician_id) if last is not None else "",
        told=_told(last),
        is_held=sheet is not None,
        is_over=last is not None and last.why_not is WhyNot.NO_LONGER,
        parts=_parts(items, probation=probation),
        hidden=sum(not one.is_shared for one in items),
        sheet=sheet,
        content_hash=digest,
        signs=_signs(now, probation=probation) if sheet is not None else (),
        sheets=_sheets(sheets, now, items, probation=probation),
        meetings=tuple(_meeting(one) for one in reversed(meetings)),
    )


def _state(row: Review, last: ReviewMeeting | None) -> tuple[str, str]:
    if last is None:
        late = row.due_on < clock.today()
        return ("Late: nothing arranged", "red") if late else ("Nothing arranged yet", "grey")
    if last.state is MeetingState.HELD:
        return "Held", "green"
    if last.why_not is not None:
        return WHY_NOT_WORDS[last.why_not], "grey" if last.why_not is WhyNot.NO_LONGER else "orange"
    over = last.starts_at < clock.now()
    return ("To be recorded", "orange") if over else ("Arranged", "blue")


def _told(last: ReviewMeeting | None) -> str:
    if last is None or last.state is not MeetingState.PLANNED:
        return ""
    way = last.told_way
    return f"He was told {_lower(WAY_WORDS[way])}." if way is not None else "He is not told yet."


def _parts(items: Sequence[Item], *, probation: bool) -> tuple[Part, ...]:
    return tuple(
        Part(words, tuple(_point(one, probation=probation) for one in queries.by_topic(items, top)))
        for top, words in TOPIC_WORDS.items()
    )


def _point(one: Item, *, probation: bool) -> PointLine:
    """Earlier words of the two were perhaps not shared: probation reads its own alone."""
    own = one.row.side is Party.OFFICER
    earlier = one.earlier if own or not probation else ()
    return PointLine(
        ref=one.row.ref,
        whose=PARTY_WORDS[one.row.side],
        side=one.row.side,
        words=one.words,
        shared=one.is_shared,
        his="" if own else _chose(one.choices.get(Party.HIM)),
        mine="" if own else _chose(one.choices.get(Party.THERAPIST)),
        by=one.by,
        at=one.row.created_at,
        earlier=tuple((queries.said_in(row), by, row.created_at) for row, by in earlier),
    )


def _chose(one: Choice | None) -> str:
    if one is None:
        return "not asked yet"
    said = "yes" if one.row.shares else "no"
    return f"{said}, {_lower(WAY_WORDS[one.row.way])}" if one.row.way is not None else said


def _signs(on: OnSheet | None, *, probation: bool) -> tuple[SignLine, ...]:
    said = on.said if on is not None else {}
    return tuple(_sign(party, said.get(party), probation=probation) for party in Party)


def _sign(party: Party, one: Signature | None, *, probation: bool) -> SignLine:
    who = PARTY_WORDS[party]
    if one is None:
        return SignLine(party, who, "", signed=False, by="", at=None)
    signed = one.row.signs is Signs.SIGNED
    # Why he did not sign is between him and his therapist.
    hides = probation and party is Party.HIM and not signed
    words = NOT_SIGNED if hides else SIGNS_WORDS[one.row.signs]
    if one.row.way is not None:
        words = f"{words}, {_lower(WAY_WORDS[one.row.way])}"
    return SignLine(party, who, words, signed=signed, by=one.by, at=one.row.created_at)


def _sheets(
    sheets: Sequence[OnSheet], now: OnSheet | None, items: Sequence[Item], *, probation: bool
) -> tuple[SheetLine, ...]:
    """Sheets before this one. Probation reads again what it said something of itself, and on it
    no point that was taken back since: whoever has him by now may never have read it."""
    shown = [one for one in sheets if not probation or Party.OFFICER in one.said]
    shared = {Line(one.row.topic, one.row.side, one.words) for one in items if one.is_shared}
    return tuple(
        SheetLine(
            number=one.row.number,
            at=one.row.created_at,
            view=_still_shared(from_json(one.row.content), shared, probation=probation),
            signs=_signs(one, probation=probation),
            is_current=one is now,
        )
        for one in reversed(shown)
        if one is not now
    )


def _still_shared(sheet: Sheet, shared: Collection[Line], *, probation: bool) -> Sheet:
    kept = [one for one in sheet.lines if one.by is Party.OFFICER or one in shared]
    return replace(sheet, lines=tuple(kept)) if probation else sheet


def _meeting(one: ReviewMeeting) -> MeetingLine:
    at = one.starts_at.astimezone(clock.LONDON)
    when = f"{at:%-d %B %Y at %H:%M}, {_lower(MODE_WORDS[one.mode])}"
    if one.state is MeetingState.PLANNED:
        words = f"Arranged for {when}"
    elif one.why_not is not None:
        words = f"Not held: {_lower(WHY_NOT_WORDS[one.why_not])}"
    else:
        came = {Party.HIM: one.he_came, Party.OFFICER: one.officer_came}
        there = [WITH[party] for party, here in came.items() if here]
        words = f"Held on {when}, with {' and '.join(there)}"
    return MeetingLine(one.created_at, words, _name(one.by_id))


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _name(staff_id: int) -> str:
    return db.session.get_one(Staff, staff_id).name


listeners.reviews.append(_lines)
