"""An officer makes and sends the papers of a referral to an enforcement officer."""

import uuid

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance.enforcement_models import EnforcementStep
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.demo.world import Hand
from mhtr.probation.papers import service
from mhtr.probation.papers.making import papers_of
from mhtr.probation.papers.page import draft_issue
from mhtr.probation.papers.queries import versions_of
from mhtr.probation.papers.view import compile_papers


def made(hand: Hand, referral: uuid.UUID, why: str = "", officer: str = "probation") -> None:
    """An officer makes the next version, for a reason where it is not the first."""
    query = select(EnforcementStep).where(EnforcementStep.ref == referral)
    step = db.session.scalars(query).one()
    by, number = hand.world.staff(officer), len(versions_of(step.id))
    papers = papers_of(db.session.get_one(Case, hand.case_id), step)
    issue = draft_issue(number + 1, db.session.get_one(Staff, by).name, why)
    service.make(
        case_id=hand.case_id,
        step_ref=referral,
        compiled=service.Compiled(papers, compile_papers(papers, issue)),
        seen=number,
        why=why,
        by=by,
    )


def sent(
    hand: Hand, referral: uuid.UUID, number: int, to: str, officer: str = "probation"
) -> uuid.UUID:
    """An officer records that a version was sent today; the reference of it."""
    row = service.send(
        case_id=hand.case_id,
        step_ref=referral,
        number=number,
        on=clock.today(),
        to=to,
        by=hand.world.staff(officer),
    )
    return row.ref


def not_sent(
    hand: Hand, referral: uuid.UUID, sending: uuid.UUID, officer: str = "probation"
) -> None:
    """An officer takes back that a version was sent."""
    service.take_back_sent(
        case_id=hand.case_id,
        step_ref=referral,
        sent_ref=sending,
        by=hand.world.staff(officer),
    )
