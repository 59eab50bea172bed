"""What is to be keyed into nDelius of cases that the viewer supervises, and what was.

An entry is not stored: it follows from what is on record, so nothing can be recorded without one.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import in_words
from mhtr.compliance.deciding import is_to_decide
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.models import Attendance
from mhtr.compliance.notice_queries import HowTold, how_told, notices_of_all
from mhtr.compliance.standing.facts import Opinion
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.probation.keyed_models import KeyedEntry
from mhtr.probation.keying_rules import ANEW, Kind, Said, Stand, contact_stand, decision_stand
from mhtr.probation.keying_text import facts, facts_in, notes_of
from sessions.register.called_off import called_off_of

_RECORDS = (
    select(
        Attendance.id,
        Attendance.case_id,
        Attendance.subject,
        Attendance.number,
        Attendance.starts_at,
        Attendance.happened,
        Attendance.minutes_late,
        Attendance.described,
    )
    .where(
        Attendance.case_id.in_(bindparam("cases", expanding=True)),
        Attendance.on.between(bindparam("first"), bindparam("last")),
        Attendance.required,
    )
    .order_by(Attendance.number)
)
_DECISIONS = (
    select(
        AbsenceDecision.subject,
        AbsenceDecision.number,
        AbsenceDecision.opinion,
        AbsenceDecision.created_at,
        AbsenceDecision.why,
    )
    .where(AbsenceDecision.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(AbsenceDecision.number)
)
_BY, _BACK = aliased(Staff), aliased(Staff)
_MARKS = (
    select(
        KeyedEntry.id,
        KeyedEntry.subject,
        KeyedEntry.kind,
        KeyedEntry.number,
        KeyedEntry.code,
        KeyedEntry.text,
        KeyedEntry.created_at,
        KeyedEntry.taken_back_why,
        _BY.name.label("by"),
    )
    .join(_BY, _BY.id == KeyedEntry.by_id)
    .where(KeyedEntry.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(KeyedEntry.id)
)
_HISTORY = (
    select(KeyedEntry, _BY.name, _BACK.name)
    .join(_BY, _BY.id == KeyedEntry.by_id)
    .outerjoin(_BACK, _BACK.id == KeyedEntry.taken_back_by)
    .where(KeyedEntry.case_id == bindparam("case"))
    .order_by(KeyedEntry.id.desc())
)


@dataclass(frozen=True)
class Marked:
    """One entry that was keyed in, and was not a mistake."""

    id: int
    kind: Kind
    number: int
    code: str
    text: str
    at: datetime
    by: str
    stands: bool
    """Not where it was keyed in anew: that made way, but what was keyed in stands in nDelius."""


@dataclass(frozen=True)
class Entry:
    """One entry for nDelius. `number`: of the record or the decision that it repeats now."""

    case_id: int
    subject: uuid.UUID
    kind: Kind
    number: int
    at: datetime
    said: Said
    opinion: Opinion | None
    stand: Stand
    before: Marked | None
    """What was keyed in last of the session, whatever it was about."""
    record_id: int | None = None
    """Of what counts of the session; None where only its booking was cancelled."""

    @property
    def waits(self) -> bool:
        """Whether it is to be keyed in, or to be corrected there."""
        return self.stand is not Stand.KEYED

    @property
    def happened(self) -> str:
        """What happened, in words."""
        return in_words(self.said.happened, self.said.minutes_late)

    @property
    def on(self) -> date:
        """The London day of the session."""
        return self.at.astimezone(clock.LONDON).date()


@dataclass
class _Session:
    """What is on record of one session."""

    case_id: int
    at: datetime
    records: list[Said]
    record_id: int | None = None


@dataclass(frozen=True)
class _Decided:
    """What probation decided of one session last, and what an entry says of it."""

    number: int
    opinion: Opinion
    notes: Sequence[str]


def entries_of(case_ids: Collection[int], *, since: date | None = None) -> list[Entry]:
    """Every entry of these cases for nDelius, the earliest session first; up to today's.

    Args:
        since: the day of the first session; None: from the beginning.
    """
    if not case_ids:
        return []
    given = {"cases": list(case_ids)}
    sessions = _sessions(case_ids, since or date.min)
    marks: dict[uuid.UUID, list[Marked]] = defaultdict(list)
    for line in db.session.execute(_MARKS, given):
        marks[line.subject] += _marked(line)
    decided = {
        line.subject: _Decided(
            line.number, line.opinion, notes_of(line.opinion, line.created_at, line.why)
        )
        for line in db.session.execute(_DECISIONS, given)
    }
    told = _told({subject: one for subject, one in sessions.items() if subject in marks})
    found = [
        entry
        for subject, one in sessions.items()
        for entry in _entries(
            subject, one, marks.get(subject, ()), decided.get(subject), told.get(subject)
        )
    ]
    return sorted(found, key=lambda one: (one.at, str(one.subject), one.kind.value))


def _marked(line: Any) -> list[Marked]:
    """Nothing of a mistake: of that nothing stands in nDelius."""
    why = line.taken_back_why
    if why is not None and why != ANEW:
        return []
    said = (line.id, line.kind, line.number, line.code, line.text, line.created_at, line.by)
    return [Marked(*said, stands=why is None)]


def entry_of(case_id: int, subject: uuid.UUID, kind: Kind) -> Entry | None:
    """One entry of a case; None where there is none of it, or not yet."""
    found = (one for one in entries_of([case_id]) if (one.subject, one.kind) == (subject, kind))
    return next(found, None)


def _sessions(case_ids: Collection[int], first: date) -> dict[uuid.UUID, _Session]:
    given = {"cases": list(case_ids), "first": first, "last": clock.today()}
    found: dict[uuid.UUID, _Session] = {}
    for one in called_off_of(case_ids):
        if first <= one.on:
            cancelled = Said(0, one.happened)
            found[one.subject] = _Session(one.case_id, one.starts_at, [cancelled])
    for row in db.session.execute(_RECORDS, given):
        held = found.setdefault(row.subject, _Session(row.case_id, row.starts_at, []))
        held.record_id = row.id
        held.records.append(Said(row.number, row.happened, row.minutes_late, row.described or ""))
    return found


def _told(sessions: Mapping[uuid.UUID, _Session]) -> Mapping[uuid.UUID, HowTold]:
    """How he was told of each of these sessions, as far as on record now."""
    rows = notices_of_all({one.case_id for one in sessions.values()})
    return how_told(rows, {subject: one.at for subject, one in sessions.items()})


def _entries(
    subject: uuid.UUID,
    one: _Session,
    marks: Sequence[Marked],
    decided: _Decided | None,
    told: HowTold | None,
) -> list[Entry]:
    """`told`: None where nothing was keyed in, so that there is nothing to compare with."""
    last = one.records[-1]
    keyed = {
        kind: {m.number: facts_in(m.text) for m in marks if m.kind is kind and m.stands}
        for kind in Kind
    }
    now = facts(last, told) if told else ""
    contact = Entry(
        case_id=one.case_id,
        subject=subject,
        kind=Kind.CONTACT,
        number=last.number,
        at=one.at,
        said=last,
        opinion=None,
        stand=contact_stand(now, keyed[Kind.CONTACT], anything=bool(marks)),
        before=marks[-1] if marks else None,
        record_id=one.record_id,
    )
    if not decided or not is_to_decide(
        last.happened, required=True, described=bool(last.described)
    ):
        return [contact]
    number, opinion = decided.number, decided.opinion
    now = facts(last, told, decided.notes) if told else ""
    anything = any(mark.kind is Kind.DECISION for mark in marks)
    after = decision_stand(opinion, number, now, keyed[Kind.DECISION], anything=anything)
    if after is None:
        return [contact]
    made = replace(contact, kind=Kind.DECISION, number=number, opinion=opinion, stand=after)
    return [contact, made]


@dataclass(frozen=True)
class History:
    """One entry that was keyed in, with who took it back."""

    row: KeyedEntry
    by: str
    back_by: str


def keyed_of(case_id: int) -> list[History]:
    """Everything of a case that was keyed in, taken back or not, the newest first."""
    found = db.session.execute(_HISTORY, {"case": case_id})
    return [History(row, by, back or "") for row, by, back in found]
