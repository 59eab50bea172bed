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
from mhtr.core.errors import CannotBe, NotFound, Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.probation.keyed_models import KeyedEntry
from mhtr.probation.keyed_queries import entry_of
from mhtr.probation.keying_rules import ANEW, CHOOSE, Kind, Said, typed_code
from mhtr.probation.keying_text import (
    Held,
    Words,
    contact_words,
    decision_words,
    facts_in,
    held,
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
    *,
    case_id: int,
    subject: uuid.UUID,
    kind: Kind,
    number: int,
    outcome: str,
    by: int,
    shown: str | None = None,
) -> KeyedEntry:
    """Mark an entry as keyed in, with its words and code as they were offered.

    What the page showed is what was keyed in: where it was put right or decided anew meanwhile,
    that is marked, and the entry is to be corrected. Marked again by the same person, nothing is
    added; where the entry says something else since, the mark before makes way.

    Args:
        number: of the record, or the decision, that the page showed.
        outcome: the code that was used; empty where it is the suggested one. A decision has none.
        shown: the fingerprint of the words that the page showed; None where no page was read.

    Raises:
        CannotBe: a decision without a code, or what is no code.
        NotFound: no such session, record or decision on this case, or `by` does not supervise it.
        Refused: `by` is not of probation, or somebody else marked it before.
        Stale: the page showed other words, and nobody can say any more which.
    """
    must_be_writing()
    case = cases.lock(case_id)
    _must_supervise(case.id, by)
    offered = _offered(case.id, subject, kind, number)
    _must_have_shown(offered, shown)
    earlier = _live(subject, kind, number)
    if earlier is not None and facts_in(earlier.text) == facts_in(offered.text):
        return _once(earlier, by)
    words = _with_outcome(offered, kind, outcome)
    if earlier is not None:
        _make_way(earlier, by)
    row = KeyedEntry(case_id=case.id, subject=subject, kind=kind, number=number, by_id=by)
    return _keep(row, words)


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


def _must_have_shown(offered: Words, shown: str | None) -> None:
    if shown is not None and shown != offered.fingerprint:
        raise Stale


def _keep(row: KeyedEntry, words: Words) -> KeyedEntry:
    row.code, row.code_words, row.text = words.code, words.code_words, words.text
    db.session.add(row)
    db.session.flush()
    audit.record("keying.marked", by=row.by_id, case_id=row.case_id, keyed=row.id)
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


def _make_way(earlier: KeyedEntry, by: int) -> None:
    """An entry that says something else since, under the same number, is keyed in anew."""
    earlier.taken_back_at, earlier.taken_back_by = clock.now(), by
    earlier.taken_back_why = ANEW
    db.session.flush()  # only one of a number may stand
    audit.record("keying.taken_back", by=by, case_id=earlier.case_id, keyed=earlier.id)


def _offered(case_id: int, subject: uuid.UUID, kind: Kind, number: int) -> Words:
    """An entry as it is offered to be copied, of a record or decision that counts, or counted."""
    one = held(case_id, subject)
    if one is None:
        raise NotFound
    if kind is Kind.CONTACT:
        return contact_words(case_id, subject, one, _said(case_id, subject, one, number))
    entry = entry_of(case_id, subject, Kind.DECISION)
    made = next((row for row in decisions_on(subject) if row.number == number), None)
    if entry is None or made is None:
        raise NotFound
    return decision_words(case_id, subject, one, entry.said, made)


def _with_outcome(words: Words, kind: Kind, outcome: str) -> Words:
    try:
        code = typed_code(outcome)
    except ValueError as wrong:
        raise CannotBe(("outcome", str(wrong))) from None
    if words.choices and not code:
        raise CannotBe(("outcome", CHOOSE))
    if kind is Kind.DECISION and not words.choices:
        return words  # the neutral code is put back, whatever was sent
    return words.with_code(code) if code and code != words.code else words


def _said(case_id: int, subject: uuid.UUID, one: Held, number: int) -> Said:
    """What an entry repeats of a record that counts, or counted."""
    if number == 0 and one.cancelled is not None:
        return Said(0, one.cancelled)
    for row in history_of(subject):
        if row.number == number and row.case_id == case_id and row.required:
            return Said(number, row.happened, row.minutes_late, row.described or "")
    raise NotFound
