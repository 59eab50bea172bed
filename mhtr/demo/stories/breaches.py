"""A warning, another miss, and a referral to an enforcement officer with its papers."""

import uuid

from mhtr.compliance.attendance import Happened, ReasonGiven
from mhtr.compliance.contact_rules import Reached, Way
from mhtr.compliance.enforcing import StepKind
from mhtr.compliance.explanations import Paper, Shown
from mhtr.compliance.notices import Came
from mhtr.compliance.standing.facts import Opinion
from mhtr.demo.acts import attending, deciding, papers, reports
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories.attended import booked, sentenced
from mhtr.demo.world import Hand, World
from mhtr.probation.reports.release_kinds import To
from mhtr.probation.reports.schedule_rules import Every
from sessions.booking.models import SessionPlace

H = Happened
TO = "Enforcement team, north London"


def referred(told: World) -> Story:
    """Referred; its papers were issued again when a record was put right, and are to be sent."""
    hand = yield from sentenced(told, 7, 48)
    days = [told.day(ago) for ago in (-42, -35, -26, -16, 7)]
    places = yield from booked(hand, told.day(-44), days, 10, 14)
    yield at(days[0], 12)
    attending.happened(hand, places[0], H.SEEN)
    deciding.told_him(hand, places[1:4], Way.LETTER, Came.HAS_IT, note="He rang to say so.")
    yield at(days[1], 12)
    attending.happened(hand, places[1], H.DID_NOT_COME)
    attending.tried(hand, places[1], Way.TELEPHONE, Reached.NO_ANSWER)
    yield at(told.day(-27), 10)
    why = "Nothing came in the seven days, and he did not ring back."
    deciding.decided(hand, places[1], Opinion.NO_EXCUSE, why=why)
    deciding.warned(hand, places[1])
    deciding.did(hand, StepKind.CONFIRMED)
    yield at(days[2], 12)
    attending.happened(hand, places[2], H.SEEN)
    yield at(days[3], 12)
    attending.happened(hand, places[3], H.DID_NOT_COME)
    attending.tried(hand, places[3], Way.TELEPHONE, Reached.SPOKE, "He was at work")
    deciding.explained(
        hand, places[3], ReasonGiven.WORK, Shown(Paper.PROMISED),
        for_probation="I was given an extra shift. I bring the rota.",
    )  # fmt: skip
    yield at(told.day(-7), 10)
    why = "The rota did not come, and his employer names no extra shift that day."
    deciding.decided(hand, places[3], Opinion.NO_EXCUSE, why=why)
    yield at(told.day(-6), 11)
    referral = deciding.did(hand, StepKind.REFERRED, about=[places[3]])
    yield from _papers(told, hand, referral, places[3])


def _papers(told: World, hand: Hand, referral: uuid.UUID, place: SessionPlace) -> Story:
    """What went out of it was put right: one report was issued again, another not yet."""
    yield at(told.day(-5), 10)
    report = reports.released(hand, TO)
    reports.released(hand, "Court 4, for the file of the hearing", "csv")
    papers.made(hand, referral)
    papers.not_sent(hand, referral, papers.sent(hand, referral, 1, TO))
    yield at(told.day(-4), 15)
    why = "The log of calls shows that he rang when twenty-five minutes were over."
    attending.happened(hand, place, H.TOO_LATE, why=why)
    yield at(told.day(-2), 10)
    why = "The record of the last session was put right by the clinic."
    papers.made(hand, referral, why)
    reports.issued_again(hand, report, why)
    reports.by_time(hand, Every.WEEK, 0, To.UNIT, one=False)
    reports.by_time(hand, Every.COURT, 5, To.MYSELF, one=True)
    reports.by_time(hand, Every.REVIEW, 3, To.MYSELF, one=True)
    reports.not_by_time(hand, reports.by_time(hand, Every.MONTH, 1, To.MYSELF, one=True))


STORIES = (referred,)
