"""Sessions that took place, that were missed, and that somebody cancelled; notes beside them.

They are told with a chance of their own: what the other stories draw stays as it is.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace
from datetime import date, datetime
from random import Random

from mhtr.compliance.attendance import Happened, ReasonGiven
from mhtr.compliance.contact_rules import Reached, Way
from mhtr.compliance.enforcing import StepKind
from mhtr.compliance.explanations import BearsOut, GivenBy, Paper, SeenBy, Shown
from mhtr.compliance.notices import Came
from mhtr.compliance.standing.facts import Opinion
from mhtr.demo.acts import attending, changing, course, court, deciding, ordering
from mhtr.demo.men import Men
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories import steps
from mhtr.demo.world import Hand, World
from mhtr.probation.keying_rules import Kind
from mhtr.suitability.outcome_service import Result
from sessions.booking.models import SessionPlace
from sessions.therapies import Side
from sessions.therapists.kinds import Booked, Party, Why

SEED = 11
"""Gives numbers of a range that no other men of the demonstration have."""
H = Happened
ASKED = "Asked, none said. Sleeps better."
FIRST = {
    "agenda": "What brings him, and what he wants from this",
    "work": "Five areas of one bad day",
    "formulation": "Stays in, feels worse, stays in",
    "plan": "One walk a day, written down",
}


def sentenced(
    told: World, place: int, ago: int, officer: str = "", *, signs_in: str = "probation"
) -> Generator[datetime, None, Hand]:
    """Sentenced so many days ago. `officer`: one who does not sign in here; else `signs_in`."""
    world = replace(told, chance=Random(SEED + place))  # noqa: S311  (fiction needs no secrecy)
    men = Men(SEED, told.today)
    man = [men.next() for _ in range(place)][-1]
    hand = yield from steps.referred(
        world, world.day(-ago - 22), man=man, hearing_on=world.day(-ago)
    )
    hand.assessor, hand.lead = world.staff("assessor"), world.staff("lead")
    days = (world.day(-ago - 20), world.day(-ago - 15), world.day(-ago - 12), world.day(-ago - 9))
    yield from steps.through_to_release(hand, days)
    yield at(world.day(-ago), 16)
    court.sentenced(hand, Result.CO_MHTR, proposed=True)
    yield at(world.day(1 - ago), 15)
    ordering.ordered(hand)
    if officer:
        ordering.supervised_by_name(hand, officer)
    else:
        ordering.supervised(hand, signs_in)
    return hand


def booked(
    hand: Hand, on: date, days: Sequence[date], hour: int, last: int
) -> Generator[datetime, None, list[SessionPlace]]:
    """Booked on a day, each at the same hour but the last one, which is still to come."""
    yield at(on, 15)
    moments = [*(at(day, hour) for day in days[:-1]), at(days[-1], last)]
    return attending.booked(hand, moments)


def _first_note(hand: Hand, place: SessionPlace, day: date) -> Story:
    """The first session's note: finished, returned by the lead, mended, signed."""
    world = hand.world
    yield at(day, 11)
    attending.happened(hand, place, H.SEEN)
    attending.noted(hand, place, FIRST | {"risk": ASKED})
    yield at(world.day(-25), 9)
    attending.returned(hand, place, "Say who was told about the week without medication.")
    yield at(world.day(-25), 13)
    told = f"{ASKED} His GP was told of the week without medication."
    attending.noted(hand, place, FIRST | {"risk": told})
    yield at(world.day(-24), 9)
    attending.signed(hand, place)


def _excused(hand: Hand, place: SessionPlace) -> Story:
    """His officer wants evidence, and accepts the absence once it was seen."""
    world = hand.world
    yield at(world.day(-16), 11)
    letter, until = "The discharge letter.", world.day(-9)
    deciding.decided(hand, place, Opinion.MORE_WANTED, until=until, why=letter)
    yield at(world.day(-15), 16)
    seen = Shown(Paper.MEDICAL, SeenBy.CLINICIAN, BearsOut.YES, world.day(-17), world.day(-16))
    deciding.explained(hand, place, ReasonGiven.ILLNESS, seen)
    yield at(world.day(-14), 11)
    why = "His therapist has seen the discharge letter."
    deciding.decided(hand, place, Opinion.EXCUSED, why=why)


def mostly_came(told: World) -> Story:
    """He came, came late, missed one with a reason that came later; one was cancelled on him."""
    hand = yield from sentenced(told, 1, 34)
    days = [told.day(ago) for ago in (-27, -22, -17, -12, -7, 0, 5)]
    places = yield from booked(hand, told.day(-31), days, 10, 14)
    yield from _first_note(hand, places[0], days[0])
    yield at(days[1], 11)
    attending.happened(
        hand, places[1], H.SEEN_LATE, late=12, described="Rang in from a bus and was hard to hear."
    )
    said = {"work": "Thought record", "risk": ASKED, "plan": "Two more records"}
    attending.noted(hand, places[1], said)
    yield at(days[2], 11)
    attending.happened(hand, places[2], H.DID_NOT_COME)
    attending.tried(hand, places[2], Way.TELEPHONE, Reached.NO_ANSWER)
    attending.tried(hand, places[2], Way.TEXT, Reached.SENT, "Please ring the clinic")
    yield at(told.day(-16), 10)
    attending.tried(hand, places[2], Way.TELEPHONE, Reached.SPOKE, "He had been at the hospital")
    deciding.explained(
        hand, places[2], ReasonGiven.ILLNESS, Shown(Paper.PROMISED),
        for_probation="I was in hospital that night. I get a letter.",
        for_clinicians="A night in the emergency department with chest pain. Panic, they said.",
    )  # fmt: skip
    yield from _excused(hand, places[2])
    attending.added(hand, places[1], "He says that he tried the second record and found it hard.")
    deciding.told_him(hand, places[4:], Way.LETTER, Came.HAS_IT, note="He rang to say so.")
    yield at(told.day(-13), 15)
    attending.cancelled(hand, places[3], Side.SERVICE, "His therapist is at a training day.")
    yield at(days[4], 11)
    attending.happened(hand, places[4], H.SEEN, concern="Quieter than before. Ask about sleep.")
    attending.noted(hand, places[4], {"work": "Looked at the last four weeks"}, finish=False)
    yield at(told.day(-3), 9)
    why = "He can come after work from next month on, and his therapist has no evenings."
    changing.proposed(hand, "assessor3", Why.TIMES, why, by=hand.lead)
    changing.answered(hand, Party.LEAD, by=hand.lead)
    yield at(told.day(-2), 16)
    changing.answered(hand, Party.THERAPIST, by=hand.assessor, words="After a session for goodbye.")


def _warned(hand: Hand, place: SessionPlace) -> Story:
    """A decision and a warning by mistake, then again; then somebody says more of it for him."""
    world = hand.world
    yield at(world.day(-6), 10)
    why = "He said to me that he sends nothing."
    deciding.decided(hand, place, Opinion.NO_EXCUSE, why=why)
    deciding.keyed(hand, place)
    deciding.keyed(hand, place, Kind.DECISION, "UACP")
    mistaken = deciding.warned(hand, place)
    yield at(world.day(-5), 10)
    why = "Another man's record was before me."
    deciding.decided(hand, place, Opinion.TAKEN_BACK, why=why)
    deciding.withdrew(hand, mistaken, "It rested on the record of another man.")
    yield at(world.day(-4), 10)
    why = "He told me himself that he got up too late and will send nothing."
    deciding.decided(hand, place, Opinion.NO_EXCUSE, why=why)
    deciding.warned(hand, place)
    deciding.did(hand, StepKind.CONFIRMED)
    yield at(world.day(-3), 11)
    slip = deciding.explained(hand, place, ReasonGiven.WORK, for_probation="A late shift.")
    deciding.took_back(hand, slip)
    yield at(world.day(-2), 15)
    deciding.explained(
        hand, place, ReasonGiven.CARING, given_by=GivenBy.FOR_HIM, by="probation",
        shown=Shown(Paper.OTHER, SeenBy.PROBATION, BearsOut.IN_PART),
        for_probation="His sister says that her child was ill and he waited for the ambulance.",
    )  # fmt: skip


def missed_while_worse(told: World) -> Story:
    """His scores rose, then he missed a session: a welfare call waits."""
    hand = yield from sentenced(told, 2, 26)
    days = [told.day(ago) for ago in (-19, -14, -9, -1, 4)]
    places = yield from booked(hand, told.day(-23), days, 11, 13)
    for number, totals in enumerate(((9, 8), (17, 14))):
        yield at(days[number], 12)
        attending.happened(hand, places[number], H.SEEN)
        course.session(hand, number + 1, totals)
    yield at(days[1], 15)
    why = "He asked at the end of the session whether he could see a man."
    changing.proposed(hand, "assessor2", Why.HE_ASKED, why, by=hand.assessor)
    yield at(told.day(-13), 11)
    changing.answered(
        hand, Party.HIM, by=hand.assessor, agrees=False, words="“Leave it. I am used to her now.”"
    )
    yield at(days[2], 12)
    attending.happened(hand, places[2], H.TOO_LATE)
    attending.tried(hand, places[2], Way.TELEPHONE, Reached.SPOKE)
    attending.found_well(
        hand, places[2], "Tired and low, safe tonight; his sister is with him. Seen next week."
    )
    yield from _warned(hand, places[2])
    yield at(days[3], 12)
    attending.happened(hand, places[3], H.DID_NOT_COME)
    attending.tried(hand, places[3], Way.TELEPHONE, Reached.NO_ANSWER)
    deciding.explained(
        hand, places[3], ReasonGiven.WORK, given_by=GivenBy.FOR_HIM, by="admin",
        shown=Shown(Paper.WORK, SeenBy.PASSED_ON, BearsOut.YES),
        for_probation="His foreman sent the rota: he was put on a late shift.",
    )  # fmt: skip


def hard_to_reach(told: World) -> Story:
    """Cancelled by all three sides; one session nobody recorded; he is looked for.

    His officer has no account, so his unit is written to; the last mail was refused.
    """
    hand = yield from sentenced(told, 3, 38, "Gwen Oduya")
    days = [told.day(ago) for ago in (-31, -26, -21, -16, -11, -6, -2, 3)]
    places = yield from booked(hand, told.day(-35), days, 14, 14)
    yield at(days[0], 15)
    attending.happened(hand, places[0], H.SEEN)
    said = {"work": "Getting started", "risk": ASKED, "plan": "A sleep diary"}
    attending.noted(hand, places[0], said)
    yield at(told.day(-28), 10)
    attending.cancelled(hand, places[1], Side.HIM, "He starts a job with early shifts.")
    yield at(told.day(-28), 10, 1)
    attending.posted(hand)
    yield at(told.day(-23), 10)
    attending.cancelled(hand, places[2], Side.PROBATION, "Another appointment with his officer.")
    changing.proposed(hand, "assessor2", Why.OTHER, "Nearer to his work.", by=hand.lead)
    yield at(told.day(-22), 10)
    changing.withdrawn(hand, "He can come by telephone after all.", by=hand.lead)
    yield at(days[3], 15)
    attending.happened(
        hand, places[3], H.NOT_SEEN_BY_US, described="He rang on time; the line was down."
    )
    yield at(days[4], 15)
    attending.happened(hand, places[4], H.WE_CANCELLED)
    yield at(told.day(-4), 18)
    attending.looked_for_outcomes()
    yield at(days[6], 15)
    attending.happened(hand, places[6], H.DID_NOT_COME)
    attending.tried(hand, places[6], Way.TELEPHONE, Reached.MESSAGE_LEFT)
    yield at(days[6], 15, 1)
    attending.posted(hand, "The mail server refused it.")
    yield at(told.day(-1), 10)
    why = "He works afternoons now. Luke Petherbridge has mornings free, she has not."
    changing.proposed(hand, "assessor2", Why.TIMES, why, by=hand.world.staff("admin"))
    changing.answered(hand, Party.HIM, by=hand.assessor, words="“Whoever has mornings.”")


def elsewhere_that_day(told: World) -> Story:
    """A court needed him at the very time of his session."""
    hand = yield from sentenced(told, 4, 14)
    days = [told.day(ago) for ago in (-8, -3, 2)]
    places = yield from booked(hand, told.day(-11), days, 13, 13)
    yield at(days[0], 14)
    attending.happened(hand, places[0], H.OTHERS_CANCELLED)
    yield at(told.day(-7), 9)
    deciding.keyed(hand, places[0])
    yield at(days[1], 14)
    attending.happened(hand, places[1], H.SEEN)
    attending.noted(hand, places[1], FIRST | {"risk": ASKED})
    yield at(days[1], 15)
    why = "Trauma is the larger part of it. Dr Obiora has worked with it for long."
    stays = Booked.LIST
    changing.proposed(hand, "lead2", Why.ANOTHER_THERAPY, why, by=hand.assessor, booked=stays)
    changing.answered(hand, Party.THERAPIST, by=hand.assessor)
    yield at(told.day(-2), 9)
    slip = deciding.keyed(hand, places[1])
    deciding.took_back_keyed(hand, slip, "It was keyed in for another man.")
    yield at(told.day(-2), 11)
    changing.answered(
        hand, Party.HIM, by=hand.assessor, words="“Fine, if I need not tell it all again.”"
    )
    yield at(told.day(-1), 9)
    changing.answered(hand, Party.LEAD, by=hand.lead)
    attending.returned(hand, places[1], "Say how long the court kept him, and how he was after it.")


def second_course(told: World) -> Story:
    """A brief course was too short for what came up, and weekly sessions go on from it.

    Attendance counts the new course from one, measures count on; one session has none yet.
    """
    hand = yield from sentenced(told, 14, 48)
    hand.assessor = told.staff("assessor3")
    first = [told.day(ago) for ago in (-39, -34, -29)]
    yield at(told.day(-44), 15)
    places = attending.booked(hand, [at(day, 11) for day in first], brief=True)
    for number, totals in enumerate(((17, 13), (16, 12), (15, 13))):
        yield at(first[number], 12)
        attending.happened(hand, places[number], H.SEEN)
        course.session(hand, number + 1, totals)
    second = [told.day(ago) for ago in (-23, -18, -13, -8, -3, 11)]
    yield at(told.day(-26), 15)
    why = "Nightmares came up in the third session: four sessions are too few for that."
    places = attending.booked_anew(hand, why, [at(day, 11) for day in second])
    for number, totals in enumerate(((15, 12), (13, 10), (11, 9), (9, 7))):
        yield at(second[number], 12)
        attending.happened(hand, places[number], H.SEEN)
        course.session(hand, number + 4, totals)
    yield at(second[4], 12)
    attending.happened(hand, places[4], H.SEEN)


STORIES = (mostly_came, missed_while_worse, hard_to_reach, elsewhere_that_day, second_course)
