"""What is on record of a man's reviews, through a case that the viewer may see."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import once_a_page
from mhtr.reviews.models import (
    Review,
    ReviewChoice,
    ReviewItem,
    ReviewMeeting,
    ReviewSheet,
    ReviewSignature,
)
from mhtr.reviews.rules import (
    POINT_WORDS,
    MeetingState,
    Party,
    Signs,
    Topic,
    WhyNot,
    goes_to_probation,
)

_REVIEWS = (
    select(Review)
    .where(Review.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(Review.case_id, Review.course_id.desc(), Review.due_on, Review.id)
)
_MEETINGS = (
    select(ReviewMeeting)
    .where(ReviewMeeting.review_id.in_(bindparam("reviews", expanding=True)))
    .order_by(ReviewMeeting.review_id, ReviewMeeting.number)
)
_SHORT = Prepared(
    select(
        Review.id,
        Review.case_id,
        Review.course_id,
        Review.point,
        Review.due_on,
        ReviewMeeting.state,
        ReviewMeeting.starts_at,
        ReviewMeeting.why_not,
    )
    .outerjoin(ReviewMeeting, ReviewMeeting.review_id == Review.id)
    .where(Review.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(Review.case_id, Review.course_id, Review.due_on, Review.id, ReviewMeeting.number)
)
"""Of each review every meeting that was arranged; the last one counts."""
_ITEMS = (
    select(ReviewItem, Staff.name)
    .join(Staff, Staff.id == ReviewItem.by_id)
    .where(ReviewItem.review_id == bindparam("review"))
    .order_by(ReviewItem.id)
)
_CHOICES = (
    select(ReviewChoice, Staff.name)
    .join(Staff, Staff.id == ReviewChoice.by_id)
    .join(ReviewItem, ReviewItem.id == ReviewChoice.item_id)
    .where(ReviewItem.review_id == bindparam("review"))
    .order_by(ReviewChoice.id)
)
_SHEETS = (
    select(ReviewSheet)
    .where(ReviewSheet.review_id == bindparam("review"))
    .order_by(ReviewSheet.number)
)
_SIGNATURES = (
    select(ReviewSignature, Staff.name)
    .join(Staff, Staff.id == ReviewSignature.by_id)
    .join(ReviewSheet, ReviewSheet.id == ReviewSignature.sheet_id)
    .where(ReviewSheet.review_id == bindparam("review"))
    .order_by(ReviewSignature.id)
)


@dataclass(frozen=True)
class Choice:
    """What one of the two chose of a point, and who recorded it."""

    row: ReviewChoice
    by: str


def said_in(row: ReviewItem) -> str:
    """What a point says, whoever's it is; empty where it was taken away."""
    return (row.officer_words if row.side is Party.OFFICER else row.words) or ""


@dataclass(frozen=True)
class Item:
    """A point as it stands, with what was chosen of it; `earlier` are the words before."""

    row: ReviewItem
    by: str
    choices: Mapping[Party, Choice]
    earlier: tuple[tuple[ReviewItem, str], ...] = ()

    @property
    def words(self) -> str:
        """What it says, whoever's it is."""
        return said_in(self.row)

    @property
    def is_shared(self) -> bool:
        """Whether probation reads it."""
        if self.row.side is Party.OFFICER:
            return True
        return goes_to_probation({party: one.row.shares for party, one in self.choices.items()})


@dataclass(frozen=True)
class Signature:
    """What one of the three said of a sheet, and who recorded it."""

    row: ReviewSignature
    by: str


@dataclass(frozen=True)
class OnSheet:
    """One sheet with what was said of it last, by each."""

    row: ReviewSheet
    said: Mapping[Party, Signature]

    @property
    def signs(self) -> Mapping[Party, Signs]:
        """The same, as the rules read it."""
        return {party: one.row.signs for party, one in self.said.items()}


def reviews_of(case_id: int) -> Sequence[Review]:
    """The reviews of a case, those of the newest course first."""
    given = {"cases": [case_id]}
    return once_a_page(("reviews", case_id), lambda: db.session.scalars(_REVIEWS, given).all())


def find_review(case_id: int, ref: uuid.UUID) -> Review:
    """A review of this case.

    Raises:
        NotFound: it has no such review.
    """
    found = next((one for one in reviews_of(case_id) if one.ref == ref), None)
    if found is None:
        raise NotFound
    return found


def meetings_of(review_id: int) -> Sequence[ReviewMeeting]:
    """Everything recorded of when a review is held, the first one first."""
    given = {"reviews": [review_id]}
    key = ("meetings of a review", review_id)
    return once_a_page(key, lambda: db.session.scalars(_MEETINGS, given).all())


def last_meeting(review_id: int) -> ReviewMeeting | None:
    """What counts of it; None where nothing was arranged yet."""
    found = meetings_of(review_id)
    return found[-1] if found else None


def items_of(review_id: int) -> list[Item]:
    """The points of a review as they stand, in the order in which they were first brought."""
    return once_a_page(("points of a review", review_id), lambda: _items_of(review_id))


def _items_of(review_id: int) -> list[Item]:
    chosen: dict[int, dict[Party, Choice]] = {}
    for choice, name in db.session.execute(_CHOICES, {"review": review_id}):
        chosen.setdefault(choice.item_id, {})[choice.party] = Choice(choice, name)
    found: dict[int, Item] = {}
    for row, name in db.session.execute(_ITEMS, {"review": review_id}):
        before = found.pop(row.replaces_id, None) if row.replaces_id else None
        earlier = (*before.earlier, (before.row, before.by)) if before else ()
        found[row.id] = Item(row, name, chosen.get(row.id, {}), earlier)
    ordered = sorted(found.values(), key=lambda one: [r.id for r, _ in one.earlier] or [one.row.id])
    return [one for one in ordered if one.words]


def item_of(review_id: int, ref: uuid.UUID) -> Item:
    """A point of a review as it stands.

    Raises:
        NotFound: there is no such point, or another took its place.
    """
    found = next((one for one in items_of(review_id) if one.row.ref == ref), None)
    if found is None:
        raise NotFound
    return found


def sheets_of(review_id: int) -> list[OnSheet]:
    """Every sheet that somebody was asked to sign, the first one first."""
    return once_a_page(("sheets of a review", review_id), lambda: _sheets_of(review_id))


def _sheets_of(review_id: int) -> list[OnSheet]:
    said: dict[int, dict[Party, Signature]] = {}
    for row, name in db.session.execute(_SIGNATURES, {"review": review_id}):
        said.setdefault(row.sheet_id, {})[row.party] = Signature(row, name)
    rows = db.session.scalars(_SHEETS, {"review": review_id})
    return [OnSheet(row, said.get(row.id, {})) for row in rows]


@dataclass(frozen=True)
class Short:
    """A review in a list."""

    point: str
    due_on: date
    state: MeetingState | None
    at: datetime | None

    @property
    def to_come_on(self) -> date | None:
        """The day for which it is arranged, else on which it is due; None where it was held."""
        if self.state is MeetingState.HELD:
            return None
        arranged = self.state is MeetingState.PLANNED and self.at is not None
        return self.at.astimezone(clock.LONDON).date() if arranged and self.at else self.due_on

    @property
    def is_late(self) -> bool:
        """Whether it was due before today, and nothing is arranged."""
        return self.state in (None, MeetingState.NOT_HELD) and self.due_on < clock.today()


def next_of_each(case_ids: Collection[int]) -> dict[int, Short]:
    """Of each case the review that is to be held next, or the one that was held last.

    One that is held no more is left out.
    """
    last = {row.id: row for row in _SHORT.all({"cases": list(case_ids)})} if case_ids else {}
    newest = {row.case_id: row.course_id for row in last.values()}
    found: dict[int, Short] = {}
    for row in last.values():
        if newest[row.case_id] != row.course_id:
            continue
        one = _short(row)
        waits = row.case_id in found and found[row.case_id].state is not MeetingState.HELD
        if one is not None and not waits:
            found[row.case_id] = one
    return found


def _short(row: Any) -> Short | None:
    if row.why_not is WhyNot.NO_LONGER:
        return None
    words = POINT_WORDS[row.point].removeprefix("Review ")
    return Short(words, row.due_on, row.state, row.starts_at)


def own_items(items: Sequence[Item], *sides: Party) -> list[Item]:
    """Those of one side or several."""
    return [one for one in items if one.row.side in sides]


def by_topic(items: Sequence[Item], topic: Topic) -> list[Item]:
    """Those that belong to one item of the agenda."""
    return [one for one in items if one.row.topic is topic]
