"""Records that were linked across two trusts, and that one trust has by now, become one."""

from collections.abc import Mapping
from types import MappingProxyType

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import identity, link_news
from mhtr.cases.answering import after_merge
from mhtr.cases.identity_queries import may_judge
from mhtr.cases.link_queries import in_one_trust, open_proposal
from mhtr.cases.linking import standing
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.people.models import IdentifierKind, Merge


def merge_linked(
    *,
    link_id: int,
    kept_id: int,
    right: Mapping[IdentifierKind, str],
    reason: str,
    by: int,
    chosen: Mapping[str, int] = MappingProxyType({}),
) -> Merge:
    """Make the two records one: two people have confirmed that they are one man's.

    Raises:
        Refused: another trust has one of them; somebody says that they are two men; as
            `identity.join`.
    """
    link = standing(link_id)
    ends = link.one_id, link.two_id
    if not in_one_trust(*ends):
        raise Refused("Each trust goes on with its own record, as long as both have one.")
    if open_proposal(link_id=link.id) is not None:
        raise Refused("Somebody says that they are two men after all. Answer that first.")
    absorbed_id = identity.the_other(ends, kept_id)
    if not may_judge(viewer_of(db.session.get_one(Staff, by)), kept_id, absorbed_id):
        raise Refused("One of the two records is closed to you.")
    row = identity.join(kept_id, absorbed_id, right=right, chosen=chosen, reason=reason, by=by)
    row.moved = {**row.moved, "settled": after_merge(kept_id, by=by)}
    link_news.merged(row.id, kept_id, by=by)
    return row
