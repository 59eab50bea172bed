"""Three-way reviews: found due, arranged, held, and signed by each on its own."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.compliance.contact_rules import Way
from mhtr.core import audit, clock
from mhtr.core.clock import LONDON, SetClock
from mhtr.core.database import db
from mhtr.demo.simulation import at, working_day
from mhtr.demo.world import Hand
from mhtr.orders.queries import contact_of
from mhtr.reviews import building, due_service, point_service, queries, service, signing
from mhtr.reviews.models import Review, ReviewItem, ReviewMeeting, ReviewSignature
from mhtr.reviews.point_service import Said
from mhtr.reviews.rules import MeetingState, Party, Signs, Topic, WhyNot
from mhtr.reviews.service import Arranged, Happened
from mhtr.reviews.sheet import content_hash
from sessions.courses.kinds import ReviewPoint
from sessions.courses.models import Course
from sessions.therapies import SessionMode

OFFICE = "Probation office, 4 Fictional Road"
BOTH = (Party.HIM, Party.OFFICER)
ALL_SIGN = (Party.THERAPIST, Party.HIM, Party.OFFICER)


def found_due(hand: Hand, point: ReviewPoint) -> Review:
    """As the hourly job finds it."""
    due_service.follow(cases.lock(hand.case_id), by=None)
    return next(one for one in queries.reviews_of(hand.case_id) if one.point is point)


def arranged(
    hand: Hand, row: Review, starts_at: datetime, mode: SessionMode = SessionMode.IN_PERSON
) -> None:
    """His therapist arranges it and has told him."""
    place = OFFICE if mode is SessionMode.IN_PERSON else ""
    said = Arranged(starts_at, mode, place, hand.assessor, Way.TELEPHONE)
    service.arrange(review_id=row.id, said=said, seen=_seen(row), by=hand.assessor)


def happened(
    hand: Hand,
    row: Review,
    starts_at: datetime,
    came: Sequence[Party] = BOTH,
    why_not: WhyNot | None = None,
) -> None:
    """His therapist records that it was held, with whom, or why it was not."""
    said = Happened(starts_at, Party.HIM in came, Party.OFFICER in came, why_not)
    service.happened(review_id=row.id, said=said, seen=_seen(row), by=hand.assessor)


def brought(
    hand: Hand,
    row: Review,
    topic: Topic,
    words: str,
    side: Party = Party.HIM,
    *,
    his: bool | None = True,
    mine: bool = True,
    instead: ReviewItem | None = None,
) -> ReviewItem:
    """A point of his or of his therapist's, and whether probation may read it."""
    shares = {Party.THERAPIST: mine} | ({} if his is None else {Party.HIM: his})
    return point_service.bring(
        review_id=row.id,
        side=side,
        said=Said(topic, words, shares, None if his is None else Way.IN_PERSON),
        by=hand.assessor,
        instead=instead.ref if instead is not None else None,
    )


def probation_brings(
    hand: Hand, row: Review, topic: Topic, words: str, officer: str = "probation"
) -> None:
    """A point of his officer's."""
    by = hand.world.staff(officer)
    point_service.bring_for_probation(review_id=row.id, topic=topic, words=words, by=by)


def signed(hand: Hand, row: Review, *parties: Party, signs: Signs = Signs.SIGNED) -> None:
    """These say it of the sheet as it stands."""
    officer = hand.world.staff("probation")
    for party in parties:
        by = officer if party is Party.OFFICER else hand.assessor
        _sign(row, party, signs, by)


def _sign(row: Review, party: Party, signs: Signs, by: int) -> None:
    sheet = building.sheet_now(row)
    if sheet is None:
        raise ValueError("it was held before")
    signing.sign(
        review_id=row.id,
        party=party,
        signs=signs,
        way=Way.IN_PERSON if party is Party.HIM else None,
        content=content_hash(sheet),
        by=by,
    )


def _seen(row: Review) -> int:
    meeting = queries.last_meeting(row.id)
    return meeting.number if meeting is not None else 0


def held_when_due(now: datetime) -> None:
    """Of everybody treated in the year, the reviews that were due were held within the week.

    Written as the services would, without what was told of them and read long ago.
    """
    today = now.astimezone(LONDON).date()
    found = db.session.scalars(
        select(Course).join(Case, Case.id == Course.case_id).where(Case.state.in_(UNDER_ORDER))
    ).all()
    for one in due_service.known(found):
        if one.due.on < working_day(today, -5) and one.course.therapist_id is not None:
            days = (working_day(one.due.on, -4), working_day(one.due.on, 2))
            _held(one, one.course.therapist_id, at(days[0], 9), at(days[1], 12))
    db.session.flush()
    due_service.look(now)


def _held(one: due_service.Known, by: int, told_at: datetime, held_at: datetime) -> None:
    query = select(Review).where(Review.course_id == one.course.id, Review.point == one.point)
    row = db.session.scalars(query).one_or_none()
    if row is not None and queries.last_meeting(row.id) is not None:
        return  # a story tells of it
    known = row is not None
    with clock.using(SetClock(told_at)):
        row = row or Review(case_id=one.course.case_id, course_id=one.course.id, point=one.point)
        row.due_on, row.due_why = one.due.on, one.due.why
        db.session.add(row)
        db.session.flush()
        audit.record("reviews.due", by=None, case_id=row.case_id, review=row.id)
        _meeting(row, 1, MeetingState.PLANNED, held_at, by)
        audit.record("reviews.arranged", by=by, case_id=row.case_id, review=row.id)
    with clock.using(SetClock(held_at)):
        _meeting(row, 2, MeetingState.HELD, held_at, by)
        audit.record("reviews.happened", by=by, case_id=row.case_id, review=row.id)
        sheet = building.sheet_now(row)
        contact = contact_of(row.case_id)
        if sheet is not None:
            signing.keep_sheet(row, sheet)
            officer = contact.staff_id if contact is not None else None
            _all_sign(row, by, officer)
    if known:  # it was asked for while the story was told
        due_service.follow(cases.lock(row.case_id), by=None)


def _all_sign(row: Review, by: int, officer: int | None) -> None:
    sheet = queries.sheets_of(row.id)[-1].row
    whose = {Party.THERAPIST: by, Party.HIM: by, Party.OFFICER: officer or by}
    for party, staff_id in whose.items():
        himself = party is Party.THERAPIST or staff_id == officer
        db.session.add(
            ReviewSignature(
                sheet_id=sheet.id,
                party=party,
                signs=Signs.SIGNED,
                way=None if himself else Way.TELEPHONE,
                by_id=staff_id,
            )
        )
        audit.record(
            "reviews.signed", by=staff_id, case_id=row.case_id, review=row.id, party=party.value
        )


def _meeting(row: Review, number: int, state: MeetingState, starts_at: datetime, by: int) -> None:
    held = state is MeetingState.HELD or None
    db.session.add(
        ReviewMeeting(
            review_id=row.id,
            number=number,
            state=state,
            starts_at=starts_at,
            mode=SessionMode.TELEPHONE,
            clinician_id=by,
            told_way=None if held else Way.TELEPHONE,
            he_came=held,
            officer_came=held,
            by_id=by,
        )
    )
    db.session.flush()
