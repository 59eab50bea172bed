"""The sheet of a review as it stands now, made from what is on record."""

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import MISSED, TOOK_PLACE
from mhtr.compliance.queries import attendance_of
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import once_a_page
from mhtr.reviews.models import Review, ReviewMeeting
from mhtr.reviews.queries import OnSheet, items_of, last_meeting, sheets_of
from mhtr.reviews.rules import MeetingState, Party
from mhtr.reviews.sheet import Line, Sheet, content_hash
from sessions.courses.queries import sessions_of
from sessions.therapies import MODE_WORDS


def sheet_now(review: Review) -> Sheet | None:
    """What all three sign; None until the review was held."""
    return once_a_page(("sheet of a review", review.id), lambda: _sheet_now(review))


def _sheet_now(review: Review) -> Sheet | None:
    meeting = last_meeting(review.id)
    if meeting is None or meeting.state is not MeetingState.HELD:
        return None
    on = meeting.starts_at.astimezone(clock.LONDON).date()
    recorded = [one for one in attendance_of(review.case_id) if one.required and one.on <= on]
    lines = [
        Line(one.row.topic, one.row.side, one.words) for one in items_of(review.id) if one.is_shared
    ]
    return Sheet(
        point=review.point,
        at=meeting.starts_at.isoformat(),
        mode=MODE_WORDS[meeting.mode],
        place=meeting.place or "",
        there=_there(meeting),
        therapist=_name(meeting.clinician_id),
        officer=_name(meeting.officer_id),
        held=sum(one.happened in TOOK_PLACE for one in recorded),
        missed=sum(one.happened in MISSED for one in recorded),
        planned=sum(one.required for one in sessions_of(review.course_id)),
        lines=tuple(lines),
    )


def current(review: Review, sheet: Sheet) -> OnSheet | None:
    """The sheet on record that says what it says now, with who signed it; None: nobody did."""
    found = sheets_of(review.id)
    return found[-1] if found and found[-1].row.content_hash == content_hash(sheet) else None


def _there(meeting: ReviewMeeting) -> tuple[Party, ...]:
    came = {Party.HIM: meeting.he_came, Party.THERAPIST: True, Party.OFFICER: meeting.officer_came}
    return tuple(party for party in Party if came[party])


def _name(staff_id: int | None) -> str:
    if staff_id is None:
        return ""
    return db.session.scalars(select(Staff.name).where(Staff.id == staff_id)).one()
