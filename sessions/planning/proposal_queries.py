"""Proposals of the viewer's own trust, and the parts of men whose records are open to him."""

import uuid
from collections.abc import Collection

from sqlalchemy import func, select

from mhtr.accounts.own_trust import trust_of
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from sessions.planning.models import Proposal, ProposalPart

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
SHOWN = 30


def proposals_of(viewer: Viewer) -> list[Proposal]:
    """The newest of the viewer's trust, newest first."""
    query = (
        select(Proposal)
        .where(Proposal.organisation_id == trust_of(viewer))
        .order_by(Proposal.id.desc())
        .limit(SHOWN)
    )
    found = list(db.session.scalars(query))
    closed = _closed(viewer, [one.id for one in found])
    return [one for one in found if one.id not in closed]


def _closed(viewer: Viewer, proposal_ids: Collection[int]) -> set[int]:
    """Those that are about men none of whose records is open to the viewer."""
    of = select(ProposalPart.proposal_id).where(ProposalPart.proposal_id.in_(proposal_ids))
    known = of.join(Case, Case.id == ProposalPart.case_id).where(in_scope(viewer, *PURPOSES))
    return set(db.session.scalars(of)) - set(db.session.scalars(known))


def find_proposal(viewer: Viewer, ref: uuid.UUID) -> Proposal:
    """A proposal of the viewer's trust.

    Raises:
        NotFound: there is none, it is another trust's, or it is about men none of whose records
            is open to the viewer.
    """
    query = select(Proposal).where(
        Proposal.ref == ref, Proposal.organisation_id == trust_of(viewer)
    )
    found = db.session.scalars(query).one_or_none()
    if found is None or _closed(viewer, [found.id]):
        raise NotFound
    return found


def parts_of(viewer: Viewer, proposal: Proposal) -> list[tuple[ProposalPart, Case]]:
    """What is proposed for each man whose record is open to the viewer, by name."""
    query = (
        select(ProposalPart, Case)
        .join(Case, Case.id == ProposalPart.case_id)
        .where(ProposalPart.proposal_id == proposal.id, in_scope(viewer, *PURPOSES))
        .distinct()
        .order_by(ProposalPart.id)
    )
    found = [(part, case) for part, case in db.session.execute(query)]
    return sorted(found, key=lambda pair: (pair[1].person.sort_name, pair[0].id))


def all_parts(proposal: Proposal) -> int:
    """For how many men something is proposed, whoever may see them."""
    query = select(func.count(ProposalPart.id)).where(ProposalPart.proposal_id == proposal.id)
    return db.session.scalar(query) or 0


def open_cases(viewer: Viewer, case_ids: Collection[int]) -> dict[int, Case]:
    """Those of these cases whose records are open to the viewer."""
    query = select(Case).where(Case.id.in_(case_ids), in_scope(viewer, *PURPOSES))
    return {case.id: case for case in db.session.scalars(query)}
