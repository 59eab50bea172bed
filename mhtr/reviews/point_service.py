"""The points that are brought to a review, and who reads each. With `service` and `signing`, the
only writer of reviews. A point is never changed: another takes its place.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.cases.queries import stands
from mhtr.compliance.contact_rules import Way
from mhtr.core import audit
from mhtr.core.access import SUPERVISES, Purpose
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused, Stale
from mhtr.reviews import due_service, queries
from mhtr.reviews.models import Review, ReviewChoice, ReviewItem
from mhtr.reviews.rules import NO_WORDS, Party, Topic
from mhtr.reviews.service import locked

PROBATION_ONLY = "Only probation writes its own points."
NOT_YOURS = "This is a point of somebody else."
GONE = "This point was changed or taken away meanwhile. Nothing of yours is saved: read it again."
HOW_HE_SAID = "Say how he said it"


@dataclass(frozen=True)
class Said:
    """A point, and what he and his therapist want of it where they chose. `way`: how he said it."""

    topic: Topic
    words: str
    shares: Mapping[Party, bool]
    way: Way | None = None


def bring(
    *, review_id: int, side: Party, said: Said, by: int, instead: uuid.UUID | None = None
) -> ReviewItem:
    """Bring a point of his or of his therapist's, or say it in other words.

    Other words ask anew whether probation may read them: what was chosen is of the old ones.

    Args:
        instead: the point whose place it takes.

    Raises:
        CannotBe: it says nothing, or how he said it is missing. Refused: it is probation's.
        Stale: that point was changed meanwhile.
    """
    row, case = locked(review_id)
    if side is Party.OFFICER:
        raise Refused(PROBATION_ONLY)
    if not said.words.strip():
        raise CannotBe(("words", NO_WORDS))
    if Party.HIM in said.shares and said.way is None:
        raise CannotBe(("way", HOW_HE_SAID))
    before = _replaced(row, instead)
    if before is not None and before.row.side is Party.OFFICER:
        raise Refused(NOT_YOURS)
    made = _item(row, before, by, topic=said.topic, side=side, words=said.words.strip())
    for party, shares in said.shares.items():
        _choose(made, party, shares, said.way if party is Party.HIM else None, by)
    audit.record("reviews.point_kept", by=by, case_id=case.id, review=row.id)
    due_service.follow(case, by=by)
    return made


def take_away(*, review_id: int, ref: uuid.UUID, by: int) -> None:
    """Take a point of his or his therapist's away; it stays in the history.

    Raises:
        Refused: it is probation's. Stale: it was changed meanwhile.
    """
    row, case = locked(review_id)
    before = _replaced(row, ref)
    if before is None or before.row.side is Party.OFFICER:
        raise Refused(NOT_YOURS)
    _item(row, before, by, topic=before.row.topic, side=before.row.side)
    audit.record("reviews.point_taken_away", by=by, case_id=case.id, review=row.id)
    due_service.follow(case, by=by)


def bring_for_probation(
    *, review_id: int, topic: Topic, words: str, by: int, instead: uuid.UUID | None = None
) -> None:
    """Bring a point of probation's, say it in other words, or (without words) take it away.

    Raises:
        CannotBe: a new point says nothing. NotFound: `by` does not supervise him now.
        Refused: `by` is not of probation, or it is not probation's point.
        Stale: it was changed meanwhile.
    """
    row, case = locked(review_id)
    must_supervise(case, by)
    before = _replaced(row, instead)
    if before is not None and before.row.side is not Party.OFFICER:
        raise Refused(NOT_YOURS)
    if before is None and not words.strip():
        raise CannotBe(("words", NO_WORDS))
    officer_words = words.strip() or None
    _item(row, before, by, topic=topic, side=Party.OFFICER, officer_words=officer_words)
    audit.record("reviews.probation_point", by=by, case_id=case.id, review=row.id)
    due_service.follow(case, by=by)


def must_supervise(case: Case, by: int) -> None:
    """Raises `Refused` for who is not of probation, `NotFound` for who does not have him now."""
    who = db.session.get_one(Staff, by)
    if not {*SUPERVISES} & {one.role for one in who.roles}:
        raise Refused(PROBATION_ONLY)
    if not stands(viewer_of(who), case.id, Purpose.SUPERVISION):
        raise NotFound


def _replaced(row: Review, ref: uuid.UUID | None) -> queries.Item | None:
    if ref is None:
        return None
    try:
        return queries.item_of(row.id, ref)
    except NotFound:
        raise Stale(None) from None


def _item(
    row: Review,
    before: queries.Item | None,
    by: int,
    *,
    topic: Topic,
    side: Party,
    words: str | None = None,
    officer_words: str | None = None,
) -> ReviewItem:
    made = ReviewItem(
        review_id=row.id,
        topic=topic,
        side=side,
        words=words,
        officer_words=officer_words,
        replaces_id=before.row.id if before is not None else None,
        by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _choose(item: ReviewItem, party: Party, shares: bool, way: Way | None, by: int) -> None:
    db.session.add(ReviewChoice(item_id=item.id, party=party, shares=shares, way=way, by_id=by))
    db.session.flush()
