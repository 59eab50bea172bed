"""A link between two records ends in the merge that makes them one, and stands again after it."""

from sqlalchemy import select

from mhtr.cases.models import PersonLink
from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people.models import Merge
from mhtr.people.queries import record_ids


def end_into(merge: Merge, *, by: int) -> None:
    """End every link between two records that are one by now; who had confirmed it stays."""
    must_be_writing()
    db.session.flush()
    ids = record_ids(merge.kept_id)
    both = select(PersonLink).where(
        PersonLink.undone_at.is_(None),
        PersonLink.merge_id.is_(None),
        PersonLink.one_id.in_(ids),
        PersonLink.two_id.in_(ids),
    )
    for link in db.session.scalars(both.order_by(PersonLink.id)).all():
        link.merge_id = merge.id
        audit.record("people.link_merged", by=by, link=link.id, merge=merge.id)


def stand_again(merge: Merge, *, by: int) -> bool:
    """The merge was undone: links that had ended in it stand again. Returns whether any do."""
    must_be_writing()
    ended = select(PersonLink).where(PersonLink.merge_id == merge.id).order_by(PersonLink.id)
    links = db.session.scalars(ended).all()
    for link in links:
        link.merge_id = None
        audit.record("people.link_stands_again", by=by, link=link.id, merge=merge.id)
    db.session.flush()
    return bool(links)


def ended_in(merge_id: int) -> bool:
    """Whether a link ended in this merge."""
    ended = select(PersonLink.id).where(PersonLink.merge_id == merge_id)
    return db.session.scalars(ended).first() is not None
