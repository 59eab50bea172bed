"""Probation hears that a review is arranged, called off, or waits to be signed.

An officer who signs in, and whoever covers for him, gets a notice; a unit of which nobody signs in
a mail without a name; where neither can be, somebody is asked to tell them another way.
"""

from mhtr.cases.models import Case
from mhtr.core.transaction import must_be_writing
from mhtr.orders import telling, unit_news
from mhtr.orders.news_kinds import News
from mhtr.reviews.models import ReviewMeeting
from mhtr.reviews.rules import MeetingState, WhyNot

READ_THERE = "reviews.told"
ARRANGED = "A review with a man of yours is arranged, or its time was changed."
HELD = "A review with a man of yours was held. Its sheet is there to read and sign."
NOT_HELD = "A review with a man of yours did not take place."
NO_LONGER = "No review with a man of yours is held any more."


def tell(case: Case, meeting: ReviewMeeting, *, by: int | None) -> None:
    """Let probation know what was recorded of a review, once for each."""
    must_be_writing()
    telling.tell_officers(
        case, key=f"review:{meeting.id}", text=text_of(meeting), endpoint=READ_THERE
    )
    unit_news.tell_unit(case, News.REVIEW, by=by, about=str(meeting.id))


def text_of(meeting: ReviewMeeting) -> str:
    """What a notice says of it."""
    if meeting.state is MeetingState.PLANNED:
        return ARRANGED
    if meeting.state is MeetingState.HELD:
        return HELD
    return NO_LONGER if meeting.why_not is WhyNot.NO_LONGER else NOT_HELD
