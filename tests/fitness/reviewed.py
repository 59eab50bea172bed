"""A review of a case of the matrix: held, with points that are shared and not, and signed."""

from datetime import UTC, datetime
from typing import Any

from mhtr.compliance.contact_rules import Way
from mhtr.core.database import db
from mhtr.reviews.models import (
    Review,
    ReviewChoice,
    ReviewItem,
    ReviewMeeting,
    ReviewSheet,
    ReviewSignature,
)
from mhtr.reviews.rules import DueWhy, MeetingState, Party, Signs, Topic
from mhtr.reviews.sheet import Line, Sheet, content_hash, to_json
from sessions.courses.kinds import ReviewPoint
from sessions.therapies import SessionMode

AT = datetime(2026, 11, 12, 10, tzinfo=UTC)


def reviewed(case_id: int, course_id: int, by: int) -> tuple[Review, ReviewItem, ReviewItem]:
    """Hang a row of each table on a case: the review, a point of his, and one of probation's."""
    row = Review(
        case_id=case_id,
        course_id=course_id,
        point=ReviewPoint.MIDDLE,
        due_on=AT.date(),
        due_why=DueWhy.DAYS,
    )
    db.session.add(row)
    db.session.flush()
    _held(row.id, by)
    his, probations = _items(row.id, by)
    _signed(row.id, by)
    return row, his, probations


def _held(review_id: int, by: int) -> None:
    said: dict[str, Any] = {
        "review_id": review_id,
        "starts_at": AT,
        "mode": SessionMode.IN_PERSON,
        "place": "where it is held",
        "clinician_id": by,
        "by_id": by,
    }
    planned = ReviewMeeting(
        **said, number=1, state=MeetingState.PLANNED, officer_id=by, told_way=Way.LETTER
    )
    held = ReviewMeeting(
        **said, number=2, state=MeetingState.HELD, he_came=True, officer_came=False
    )
    db.session.add_all([planned, held])
    db.session.flush()


def _items(review_id: int, by: int) -> tuple[ReviewItem, ReviewItem]:
    """A point of his said anew, which only he wants to share, and one of probation's."""
    said: dict[str, Any] = {"review_id": review_id, "topic": Topic.HIS, "by_id": by}
    before = ReviewItem(**said, side=Party.HIM, words="what he said first")
    db.session.add(before)
    db.session.flush()
    his = ReviewItem(**said, side=Party.HIM, words="what he brings", replaces_id=before.id)
    probations = ReviewItem(**said, side=Party.OFFICER, officer_words="what probation brings")
    db.session.add_all([his, probations])
    db.session.flush()
    db.session.add_all(
        [
            ReviewChoice(item_id=his.id, party=Party.HIM, shares=True, way=Way.IN_PERSON, by_id=by),
            ReviewChoice(item_id=his.id, party=Party.THERAPIST, shares=False, by_id=by),
        ]
    )
    db.session.flush()
    return his, probations


def _signed(review_id: int, by: int) -> None:
    """A sheet that was signed and has changed since."""
    sheet = Sheet(
        ReviewPoint.MIDDLE, AT.isoformat(), "In person", "", (Party.HIM,), "Who treats", "", 1, 0,
        12, (Line(Topic.NEXT, Party.OFFICER, "The same day"),),
    )  # fmt: skip
    row = ReviewSheet(
        review_id=review_id, number=1, content=to_json(sheet), content_hash=content_hash(sheet)
    )
    db.session.add(row)
    db.session.flush()
    for party in (Party.HIM, Party.OFFICER):
        db.session.add(
            ReviewSignature(
                sheet_id=row.id, party=party, signs=Signs.SIGNED, way=Way.IN_PERSON, by_id=by
            )
        )
    db.session.flush()
