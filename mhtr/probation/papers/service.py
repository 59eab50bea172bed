"""Making and sending the papers of a referral: the only writer of both."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.queries import stands
from mhtr.cases.wording import day_words
from mhtr.compliance.enforcement_models import EnforcementStep
from mhtr.compliance.enforcing import StepKind
from mhtr.core import audit, clock
from mhtr.core.access import SUPERVISES, Purpose
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.orders.models import Order
from mhtr.probation.papers.content import Papers, content_hash, to_json
from mhtr.probation.papers.making import papers_of
from mhtr.probation.papers.models import PapersSent, ReferralPapers
from mhtr.probation.papers.sending import follow

PROBATION_ONLY = "Only probation makes and sends the papers of a referral."
TAKEN_BACK = "The referral was taken back: there is nothing to make papers of."
CHANGED = "The facts changed while you looked at this page. Nothing was made: look at it again."
NOTHING_NEW = "Version {} says the same. There is nothing to issue again."
WHY = "Say why the papers are issued again"
FUTURE = "The day cannot be in the future"
BEFORE = "Version {} was made on {}, after that day"
WHOM = "Say to whom they were sent"
SENT = "It is recorded already that this version was sent."
GONE = "It is taken back already."


@dataclass(frozen=True)
class Compiled:
    """Papers compiled before the write transaction, with what they were compiled from."""

    papers: Papers
    pdf: bytes


def make(
    *, case_id: int, step_ref: uuid.UUID, compiled: Compiled, seen: int, why: str, by: int
) -> ReferralPapers:
    """Keep a version of the papers of a referral. Earlier ones stay as they were made.

    Args:
        seen: the number of the last version that the page showed, 0 for none.
        why: why they are issued again; nothing for the first version.

    Raises:
        CannotBe: they are issued again and no reason is given.
        NotFound: no such referral on this case, or `by` does not supervise the case now.
        Refused: `by` is not of probation, the referral was taken back, the facts are others by
            now, or nothing is new.
        Stale: somebody else made a version meanwhile.
    """
    must_be_writing()
    case = cases.lock(case_id)
    step = _referral(case, step_ref, by)
    last = _last(step.id)
    if (last.number if last is not None else 0) != seen:
        raise Stale(last)
    _check_new(case, step, compiled, last, why)
    row = ReferralPapers(
        case_id=case.id,
        step_id=step.id,
        number=seen + 1,
        why=why.strip() if last is not None else None,
        content=to_json(compiled.papers),
        content_hash=content_hash(compiled.papers),
        pdf=compiled.pdf,
        by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    hashes = {"content_hash": row.content_hash, "pdf_hash": row.pdf_hash}
    audit.record("papers.made", by=by, case_id=case.id, papers=row.id, **hashes)
    return row


def _check_new(
    case: Case,
    step: EnforcementStep,
    compiled: Compiled,
    last: ReferralPapers | None,
    why: str,
) -> None:
    """Refuse a version that is of other facts than hold now, or not needed, or not explained."""
    if step.taken_back_at is not None:
        raise Refused(TAKEN_BACK)
    made_of = content_hash(papers_of(case, step))
    if made_of != content_hash(compiled.papers):
        raise Refused(CHANGED)
    if last is not None and last.content_hash == made_of:
        raise Refused(NOTHING_NEW.format(last.number))
    if last is not None and not why.strip():
        raise CannotBe(("why", WHY))


def send(
    *, case_id: int, step_ref: uuid.UUID, number: int, on: date, to: str, by: int
) -> PapersSent:
    """Record that somebody of probation sent a version: its countdown ends.

    Raises:
        CannotBe: the day lies in the future or before the version, or nobody is named.
        NotFound: no such referral or version on this case, or `by` does not supervise it now.
        Refused: `by` is not of probation, or that is on record already.
    """
    must_be_writing()
    case = cases.lock(case_id)
    step = _referral(case, step_ref, by)
    papers = db.session.scalars(
        select(ReferralPapers).where(
            ReferralPapers.step_id == step.id, ReferralPapers.number == number
        )
    ).one_or_none()
    if papers is None:
        raise NotFound
    _check(papers, on, to)
    standing = select(PapersSent.id).where(
        PapersSent.papers_id == papers.id, PapersSent.taken_back_at.is_(None)
    )
    if db.session.scalars(standing).first() is not None:
        raise Refused(SENT)
    row = PapersSent(papers_id=papers.id, on=on, to=to.strip(), by_id=by)
    db.session.add(row)
    db.session.flush()
    audit.record("papers.sent", by=by, case_id=case.id, papers=papers.id)
    follow(case.id, by)
    return row


def take_back_sent(
    *, case_id: int, step_ref: uuid.UUID, sent_ref: uuid.UUID, by: int
) -> PapersSent:
    """Take back that a version was sent, where that was recorded by mistake: the countdown runs on.

    Raises:
        NotFound: no such sending on this case, or `by` does not supervise it now.
        Refused: `by` is not of probation, or it is taken back already.
    """
    must_be_writing()
    case = cases.lock(case_id)
    step = _referral(case, step_ref, by)
    row = db.session.scalars(
        select(PapersSent)
        .join(ReferralPapers, ReferralPapers.id == PapersSent.papers_id)
        .where(PapersSent.ref == sent_ref, ReferralPapers.step_id == step.id)
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.taken_back_at is not None:
        raise Refused(GONE)
    row.taken_back_at, row.taken_back_by = clock.now(), by
    db.session.flush()
    audit.record("papers.sent_taken_back", by=by, case_id=case.id, papers=row.papers_id)
    follow(case.id, by)
    return row


def _check(papers: ReferralPapers, on: date, to: str) -> None:
    wrong = []
    made_on = papers.created_at.astimezone(clock.LONDON).date()
    if on > clock.today():
        wrong.append(("on", FUTURE))
    elif on < made_on:
        wrong.append(("on", BEFORE.format(papers.number, day_words(made_on))))
    if not to.strip():
        wrong.append(("to", WHOM))
    if wrong:
        raise CannotBe(*wrong)


def _referral(case: Case, ref: uuid.UUID, by: int) -> EnforcementStep:
    who = db.session.get_one(Staff, by)
    if not {row.role for row in who.roles}.intersection(SUPERVISES):
        raise Refused(PROBATION_ONLY)
    if not stands(viewer_of(who), case.id, Purpose.SUPERVISION):
        raise NotFound  # he was given to somebody else while the page was open
    step = db.session.scalars(
        select(EnforcementStep)
        .join(Order, Order.id == EnforcementStep.order_id)
        .where(
            EnforcementStep.ref == ref,
            EnforcementStep.kind == StepKind.REFERRED,
            Order.case_id == case.id,
        )
    ).one_or_none()
    if step is None:
        raise NotFound
    return step


def _last(step_id: int) -> ReferralPapers | None:
    query = select(ReferralPapers).where(ReferralPapers.step_id == step_id)
    return db.session.scalars(query.order_by(ReferralPapers.number.desc())).first()
