"""Marking what was keyed into nDelius: the only writer of it."""

import uuid

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import service as cases
from mhtr.cases.queries import stands
from mhtr.compliance.decision_queries import decisions_on
from mhtr.compliance.queries import history_of
from mhtr.core import audit, clock, formats
from mhtr.core.access import SUPERVISES, Purpose
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.probation.keyed_models import KeyedEntry
from mhtr.probation.keyed_queries import entry_of
from mhtr.probation.keying_rules import CHOOSE, Kind, Said, is_decided, typed_code
from mhtr.probation.keying_text import (
    Held,
    Words,
    choices,
    contact_words,
    decision_words,
    held,
    put_back_words,
)

PROBATION_ONLY = "Only probation marks what it keyed into nDelius."
WHY = "Say why it is taken back."
GONE = "It is taken back already."
_LIVE = select(KeyedEntry).where(
    KeyedEntry.subject == bindparam("subject"),
    KeyedEntry.kind == bindparam("kind"),
    KeyedEntry.number == bindparam("number"),
    KeyedEntry.taken_back_at.is_(None),
)
_BY_REF = select(KeyedEntry).where(
    KeyedEntry.ref == bindparam("ref"), KeyedEntry.case_id == bindparam("case")
)


def mark(
    *, case_id: int, subject: uuid.UUID, kind: Kind, number: int, outcome: str, by: int
) -> KeyedEntry:
    """Mark an entry as keyed in, with its words and code as they were offered.

    What the page showed is what was keyed in: where it was put right or decided anew meanwhile,
    that is marked, and the entry is to be corrected. Marked again by the same person, nothing is
    added.

    Args:
        number: of the record, or the decision, that the page showed.
        outcome: the code that was used. Of what happened only where it is another than the
            suggested one; of a decision always, because nobody suggests any.

    Raises:
        CannotBe: a decision without a code of the list, or what is no code.
        NotFound: no such session, record or decision on this case, or `by` does not supervise it.
        Refused: `by` is not of probation, or somebody else marked it before.
    """
    must_be_writing()
    case = cases.lock(case_id)
    _must_supervise(case.id, by)
    earlier = _live(subject, kind, number)
    if earlier is not None:
        return _once(earlier, by)
    words = _words(case.id, subject, kind, number, outcome)
    row = KeyedEntry(
        case_id=case.id,
        subject=subject,
        kind=kind,
        number=number,
        code=words.code,
        code_words=words.code_words,
        text=words.text,
        by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("keying.marked", by=by, case_id=case.id, keyed=row.id)
    return row


def take_back(*, case_id: int, ref: uuid.UUID, why: str, by: int) -> KeyedEntry:
    """Take back a mark that was set by mistake: the entry is to be keyed in again.

    Raises:
        CannotBe: no reason is given.
        NotFound: no such mark on this case, or `by` does not supervise it.
        Refused: `by` is not of probation, or it is taken back already.
    """
    must_be_writing()
    cases.lock(case_id)
    _must_supervise(case_id, by)
    row = db.session.scalars(_BY_REF, {"ref": ref, "case": case_id}).one_or_none()
    if row is None:
        raise NotFound
    if row.taken_back_at is not None:
        raise Refused(GONE)
    if not why.strip():
        raise CannotBe(("why", WHY))
    row.taken_back_at, row.taken_back_by, row.taken_back_why = clock.now(), by, why.strip()
    audit.record("keying.taken_back", by=by, case_id=case_id, keyed=row.id)
    return row


def _must_supervise(case_id: int, by: int) -> None:
    who = db.session.get_one(Staff, by)
    if not {*SUPERVISES} & {row.role for row in who.roles}:
        raise Refused(PROBATION_ONLY)
    if not stands(viewer_of(who), case_id, Purpose.SUPERVISION):
        raise NotFound  # he was given to somebody else while the page was open


def _live(subject: uuid.UUID, kind: Kind, number: int) -> KeyedEntry | None:
    wanted = {"subject": subject, "kind": kind, "number": number}
    return db.session.scalars(_LIVE, wanted).one_or_none()


def _once(earlier: KeyedEntry, by: int) -> KeyedEntry:
    if earlier.by_id == by:
        return earlier
    name = db.session.get_one(Staff, earlier.by_id).name
    raise Refused(
        f"{name} marked it as keyed in on {formats.moment(earlier.created_at)}. "
        "Look in nDelius whether it stands there twice."
    )


def _words(case_id: int, subject: uuid.UUID, kind: Kind, number: int, outcome: str) -> Words:
    one = held(case_id, subject)
    if one is None:
        raise NotFound
    if kind is Kind.CONTACT:
        return _contact(case_id, subject, one, number, outcome)
    return _decision(case_id, subject, one, number, outcome)


def _contact(case_id: int, subject: uuid.UUID, one: Held, number: int, outcome: str) -> Words:
    words = contact_words(case_id, subject, one, _said(case_id, subject, one, number))
    try:
        code = typed_code(outcome)
    except ValueError as wrong:
        raise CannotBe(("outcome", str(wrong))) from None
    return words.with_code(code) if code and code != words.code else words


def _said(case_id: int, subject: uuid.UUID, one: Held, number: int) -> Said:
    """What an entry repeats of a record that counts, or counted."""
    if number == 0 and one.cancelled is not None:
        return Said(0, one.cancelled)
    for row in history_of(subject):
        if row.number == number and row.case_id == case_id and row.required:
            return Said(number, row.happened, row.minutes_late, row.described or "")
    raise NotFound


def _decision(case_id: int, subject: uuid.UUID, one: Held, number: int, outcome: str) -> Words:
    entry = entry_of(case_id, subject, Kind.DECISION)
    made = next((row for row in decisions_on(subject) if row.number == number), None)
    if entry is None or made is None:
        raise NotFound
    if not is_decided(made.opinion):
        return put_back_words(case_id, subject, one, entry.said)
    if outcome not in {choice.code for choice in choices(one.on)}:
        raise CannotBe(("outcome", CHOOSE))
    return decision_words(case_id, subject, one, entry.said, made, outcome)
