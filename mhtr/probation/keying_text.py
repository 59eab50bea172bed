"""The words of an entry for nDelius: what happened and how he was told of it, as plain facts.

Nothing of therapy, of how he is, or of the kind of reason he gave has a way into it.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select

from mhtr.compliance.attendance import Happened, in_words
from mhtr.compliance.crosswalk import codes_of
from mhtr.compliance.deciding import MADE_WORDS
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.notice_queries import how_told, notices_of
from mhtr.core import clock, formats
from mhtr.core.codes.lists import CodeEntry, load
from mhtr.core.database import db
from mhtr.probation.keying_rules import NO_CODE, NO_TYPE, Said
from sessions.availability.models import Site
from sessions.booking.models import SessionPlace, TreatmentSession
from sessions.register.queries import NOT_HIS, number_of
from sessions.therapies import MODE_WORDS, SessionMode

OUTCOME = "Outcome"
AFTER_DECISION = "ndelius_after_decision"
PUT_BACK = "What probation decided was taken back or put off. Put the outcome back."
_WHERE = (
    select(SessionPlace, TreatmentSession, Site)
    .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
    .outerjoin(Site, Site.id == TreatmentSession.site_id)
    .where(SessionPlace.ref == bindparam("ref"), SessionPlace.case_id == bindparam("case"))
)


@dataclass(frozen=True)
class Held:
    """A session as an entry names it."""

    number: int | None
    at: datetime
    until: datetime
    place: str
    cancelled: Happened | None
    """What the cancellation of its booking says; None while it is booked, and of his own wish."""

    @property
    def on(self) -> date:
        """The London day of it."""
        return self.at.astimezone(clock.LONDON).date()


@dataclass(frozen=True)
class Words:
    """One entry, ready to be copied. `code` is empty where none is known."""

    code: str
    code_words: str
    lines: tuple[tuple[str, str], ...]
    """Each part of it with its name."""

    def with_code(self, code: str) -> "Words":
        """The same with another outcome, which somebody chose."""
        lines = tuple((name, code if name == OUTCOME else value) for name, value in self.lines)
        return Words(code, "", lines)

    @property
    def text(self) -> str:
        """All of it, to copy in one go."""
        return "\n".join(f"{name}: {value}" for name, value in self.lines)


def held(case_id: int, subject: uuid.UUID) -> Held | None:
    """A session of a case; None where there is no such session of his."""
    found = db.session.execute(_WHERE, {"ref": subject, "case": case_id}).one_or_none()
    if found is None:
        return None
    place, session, site = found
    where = MODE_WORDS[session.mode]
    if session.mode is SessionMode.IN_PERSON and site is not None:
        where = ", ".join(part for part in (site.name, site.address, site.postcode) if part)
    says = NOT_HIS.get(place.side) if place.side is not None and place.required else None
    return Held(number_of(place), session.starts_at, session.ends_at, where, says)


def contact_words(case_id: int, subject: uuid.UUID, one: Held, said: Said) -> Words:
    """The entry of what happened, with the neutral code of the session's day."""
    codes = codes_of(said.happened, one.on)
    return _words(case_id, subject, one, said, codes.suggested, codes.suggested_words, ())


def decision_words(
    case_id: int, subject: uuid.UUID, one: Held, said: Said, made: AbsenceDecision, code: str = ""
) -> Words:
    """The entry of what probation decided. Its code is what somebody chose, and nothing else."""
    day = formats.day(made.created_at)
    notes = [f"Decided on {day}: {_small(MADE_WORDS[made.opinion])}."]
    if made.why:
        notes.append(f"Reasons: {_ended(made.why)}")
    chosen = next((entry for entry in choices(one.on) if entry.code == code), None)
    return _words(
        case_id, subject, one, said, code, chosen.label if chosen is not None else "", notes
    )


def put_back_words(case_id: int, subject: uuid.UUID, one: Held, said: Said) -> Words:
    """The entry where a decision that was keyed in stands no longer: the neutral code again."""
    codes = codes_of(said.happened, one.on)
    notes = (PUT_BACK,)
    return _words(case_id, subject, one, said, codes.suggested, codes.suggested_words, notes)


def choices(on: date) -> Sequence[CodeEntry]:
    """The codes that probation may choose for a session of that day once it has decided."""
    return load(AFTER_DECISION).current(on)


def _words(
    case_id: int,
    subject: uuid.UUID,
    one: Held,
    said: Said,
    code: str,
    code_words: str,
    notes: Sequence[str],
) -> Words:
    outcome = f"{code} {code_words}".strip() or NO_CODE
    start, end = (formats.clock_time(moment) for moment in (one.at, one.until))
    lines = (
        ("Contact type", NO_TYPE),
        (OUTCOME, outcome),
        ("Date", formats.day(one.on)),
        ("Time", f"{start} to {end}"),
        ("Place", one.place),
        ("Notes", " ".join([*_facts(case_id, subject, one, said), *notes])),
    )
    return Words(code, code_words, lines)


def _facts(case_id: int, subject: uuid.UUID, one: Held, said: Said) -> list[str]:
    what = f"Session {one.number} of the treatment requirement" if one.number else "Meeting"
    found = [f"{what}. {_ended(in_words(said.happened, said.minutes_late))}"]
    if said.described:
        found.append(f"Behaviour, as described: {_ended(said.described)}")
    told = how_told(notices_of(case_id), {subject: one.at})[subject]
    found.append(f"Notice of the session: {_ended(_small(told.words))}")
    found += [_ended(line) for line in told.lines]
    return found


def _ended(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", "”")) else f"{text}."


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
