"""Proposals of the viewer's own trust, and the parts of men whose records are open to him."""

import uuid
from collections.abc import Collection

from sqlalchemy import bindparam, func, select

from mhtr.accounts.own_trust import trust_of
from mhtr.cases.models import Case
from mhtr.cases.queries import ONLY_NAMED
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from sessions.planning.models import Proposal, ProposalPart

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
SHOWN = 30

_MINE = visible(ANYBODY, Case.id, Case.restricted)
_ABOUT = Prepared(
    select(ProposalPart.proposal_id)
    .where(ProposalPart.proposal_id.in_(bindparam("proposals", expanding=True)))
    .distinct()
)
_OPEN = Prepared(
    select(ProposalPart.proposal_id)
    .join(Case, Case.id == ProposalPart.case_id)
    .where(ProposalPart.proposal_id.in_(bindparam("proposals", expanding=True)), _MINE)
    .distinct()
)
_PARTS = (
    select(ProposalPart, Case)
    .join(Case, Case.id == ProposalPart.case_id)
    .where(ProposalPart.proposal_id == bindparam("proposal"), _MINE)
    .order_by(ProposalPart.id)
    .options(ONLY_NAMED)
)
_CASES = (
    select(Case).where(Case.id.in_(bindparam("cases", expanding=True)), _MINE).options(ONLY_NAMED)
)


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
    given = {**asked_by(viewer, *PURPOSES), "proposals": proposal_ids}
    return set(_ABOUT.values(given)) - set(_OPEN.values(given)) if proposal_ids else set()


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
    given = {**asked_by(viewer, *PURPOSES), "proposal": proposal.id}
    found = [(part, case) for part, case in db.session.execute(_PARTS, given)]
    return sorted(found, key=lambda pair: (pair[1].person.sort_name, pair[0].id))


def all_parts(proposal: Proposal) -> int:
    """For how many men something is proposed, whoever may see them."""
    query = select(func.count(ProposalPart.id)).where(ProposalPart.proposal_id == proposal.id)
    return db.session.scalar(query) or 0


def open_cases(viewer: Viewer, case_ids: Collection[int]) -> dict[int, Case]:
    """Those of these cases whose records are open to the viewer."""
    given = {**asked_by(viewer, *PURPOSES), "cases": case_ids}
    return {case.id: case for case in db.session.scalars(_CASES, given)} if case_ids else {}
