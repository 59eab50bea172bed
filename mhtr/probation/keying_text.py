"""The words of an entry for nDelius: what happened and how he was told of it, as plain facts.

Nothing of therapy, of how he is, or of the kind of reason he gave has a way into it.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select

from mhtr.compliance.attendance import Happened, in_words
from mhtr.compliance.crosswalk import codes_of
from mhtr.compliance.deciding import MADE_WORDS
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.notice_queries import HowTold, how_told, notices_of
from mhtr.compliance.standing.facts import Opinion
from mhtr.core import clock, formats
from mhtr.core.codes.lists import CodeEntry, load
from mhtr.core.database import db
from mhtr.probation.keying_rules import NO_CODE, NO_TYPE, Said, is_decided
from sessions.availability.models import Site
from sessions.booking.models import SessionPlace, TreatmentSession
from sessions.register.queries import NOT_HIS, number_of
from sessions.therapies import MODE_WORDS, SessionMode

OUTCOME = "Outcome"
NOTES = "Notes"
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
    choices: Sequence[CodeEntry] = ()
    """Codes for whoever decided to choose from; empty where the neutral one is offered."""

    def with_code(self, code: str) -> "Words":
        """The same with another outcome, which somebody chose."""
        label = next((one.label for one in self.choices if one.code == code), "")
        outcome = f"{code} {label}".strip()
        lines = tuple((name, outcome if name == OUTCOME else value) for name, value in self.lines)
        return Words(code, label, lines, self.choices)

    @property
    def text(self) -> str:
        """All of it, to copy in one go."""
        return "\n".join(f"{name}: {value}" for name, value in self.lines)

    @property
    def fingerprint(self) -> str:
        """Of all of it, so that a page that showed something else is known."""
        return hashlib.sha256(self.text.encode()).hexdigest()


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
    outcome = codes.suggested, codes.suggested_words
    return Words(*outcome, _lines(case_id, subject, one, said, outcome, ()))


def decision_words(
    case_id: int, subject: uuid.UUID, one: Held, said: Said, made: AbsenceDecision
) -> Words:
    """The entry of what probation decided: no code, because probation alone chooses it.

    Where what was decided stands no longer, it has the neutral code again.
    """
    notes = notes_of(made.opinion, made.created_at, made.why)
    if is_decided(made.opinion):
        lines = _lines(case_id, subject, one, said, ("", ""), notes)
        return Words("", "", lines, choices(one.on))
    codes = codes_of(said.happened, one.on)
    outcome = codes.suggested, codes.suggested_words
    return Words(*outcome, _lines(case_id, subject, one, said, outcome, notes))


def notes_of(opinion: Opinion, at: datetime, why: str | None) -> tuple[str, ...]:
    """What an entry says of a decision."""
    if not is_decided(opinion):
        return (PUT_BACK,)
    decided = f"Decided on {formats.day(at)}: {_small(MADE_WORDS[opinion])}."
    return (decided, f"Reasons: {_ended(why)}") if why else (decided,)


def facts(said: Said, told: HowTold, notes: Sequence[str] = ()) -> str:
    """What an entry says of a session: what happened, how he was told of it, what was decided."""
    found = [_ended(in_words(said.happened, said.minutes_late))]
    if said.described:
        found.append(f"Behaviour, as described: {_ended(said.described)}")
    found.append(f"Notice of the session: {_ended(_small(told.words))}")
    found += [_ended(line) for line in told.lines]
    return " ".join([*found, *notes])


def facts_in(text: str) -> str:
    """The facts of an entry as it was keyed in.

    Which session of his course it was is none of them: a course may be counted anew.
    """
    return text.rpartition(f"\n{NOTES}: ")[2].partition(". ")[2]


def choices(on: date) -> Sequence[CodeEntry]:
    """The codes that probation may choose for a session of that day once it has decided."""
    return load(AFTER_DECISION).current(on)


def _lines(
    case_id: int,
    subject: uuid.UUID,
    one: Held,
    said: Said,
    outcome: tuple[str, str],
    notes: Sequence[str],
) -> tuple[tuple[str, str], ...]:
    start, end = (formats.clock_time(moment) for moment in (one.at, one.until))
    told = how_told(notices_of(case_id), {subject: one.at})[subject]
    which = f"Session {one.number} of the treatment requirement" if one.number else "Meeting"
    return (
        ("Contact type", NO_TYPE),
        (OUTCOME, " ".join(outcome).strip() or NO_CODE),
        ("Date", formats.day(one.on)),
        ("Time", f"{start} to {end}"),
        ("Place", one.place),
        (NOTES, f"{which}. {facts(said, told, notes)}"),
    )


def _ended(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", "”")) else f"{text}."


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
