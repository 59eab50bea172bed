"""A unit of probation: a man given to another officer, cover, a decision that waits too long, and
a man whose officer left."""

from dataclasses import replace
from datetime import time

from mhtr.accounts import service as accounts
from mhtr.compliance.attendance import Happened
from mhtr.compliance.contact_rules import Way
from mhtr.compliance.enforcing import StepKind
from mhtr.compliance.notices import Came
from mhtr.core import policy
from mhtr.demo.acts import attending, deciding, scheduling
from mhtr.demo.simulation import Story, at
from mhtr.demo.stories import safeguarded
from mhtr.demo.stories.attended import booked, sentenced
from mhtr.demo.world import Hand, World
from mhtr.orders import cover_service
from mhtr.orders.queries import contact_of
from mhtr.orders.reassign_service import Asked, reassign
from mhtr.probation import risk_rules, risk_service, word_acts, word_service
from mhtr.probation.word_acts import Warn
from mhtr.probation.word_rules import Said, Source, Subject
from sessions.availability.kinds import CannotReason

H = Happened
COVERED = (-2, 8)
"""First and last day of the cover that holds now."""


def _covers(told: World, officer: str, cover: str, days: tuple[int, int], by: str) -> None:
    cover_service.plan_cover(
        officer_id=told.staff(officer),
        cover_id=told.staff(cover),
        first=told.day(days[0]),
        last=told.day(days[1]),
        by=told.staff(by),
    )


MEETS = Said(
    Subject.NO_CONTACT,
    Source.COURT,
    urgent=True,
    fact="Darren Pugh",
    why="A requirement of the order: no contact for as long as it lasts.",
)
HOURS = Said(
    Subject.REQUIREMENT,
    Source.COURT,
    urgent=False,
    fact="Unpaid work at the community garden",
    weekday=4,
    starts=time(9),
    ends=time(16, 30),
)
STAYS = Said(
    Subject.ADDRESS, Source.HIMSELF, urgent=False, fact="He stays with his sister some nights."
)
IN_PAIRS = Said(
    Subject.STAFF_SAFETY,
    Source.OWN,
    urgent=False,
    fact="Two people see him, near a door.",
    why="He stood between me and the door and would not move for some minutes.",
)
WORRIED = Said(
    Subject.RISK,
    Source.AGENCY,
    urgent=False,
    why="His hostel says that he has been drinking since the weekend and gave his things away.",
)


AWAY_FROM = Said(
    Subject.KEEP_AWAY,
    Source.COURT,
    urgent=False,
    fact="Any park in the north of the borough",
    why="An exclusion requirement was added when the order was amended.",
)


def told_the_service(told: World) -> Story:
    """Probation tells of whom he must not meet, of hours of unpaid work, and of a concern."""
    hand = yield from sentenced(told, 13, 20)
    yield at(told.day(-9), 10)
    apart = deciding.told_service(hand, replace(MEETS, first_day=told.day(-19)))
    yield at(told.day(-9), 10, 40)
    warning = Warn("Darren Pugh", "", hand.assessor, told.day(60))
    word_acts.warn(case_id=hand.case_id, ref=apart, said=warning, by=told.staff("admin"))
    yield from _kept_free(hand)
    yield at(told.day(-4), 12)
    mistaken = deciding.told_service(hand, replace(MEETS, fact="Darren Pugh’s mother"))
    yield at(told.day(-4), 12, 10)
    by, why = told.staff("probation"), "It is about another man."
    word_service.withdraw(case_id=hand.case_id, ref=mistaken, why=why, by=by)
    yield at(told.day(-1), 16)
    safe = deciding.told_service(hand, IN_PAIRS)
    word_service.receive(case_id=hand.case_id, ref=safe, by=hand.assessor)
    yield at(told.day(-1), 16, 30)
    deciding.told_service(hand, WORRIED)
    deciding.told_service(hand, AWAY_FROM)
    yield from _told_probation(hand)


def _told_probation(hand: Hand) -> Story:
    """His therapist tells probation of a risk: one taken back, one acknowledged, one that waits."""
    told = hand.world
    lead, by = told.staff("lead"), hand.assessor
    at_risk = risk_rules.Said(
        words="He told us on Monday that he owes money to a man who waits for him outside his "
        "flat, and that he carries a knife because of it. He does not know the man’s name. "
        "Please speak with him about where he can stay, and with the police.",
        urgent=True,
        basis=risk_rules.Basis.EXCEPTION,
        told_him=risk_rules.ToldHim.TOLD,
        why="Serious harm to him or to the other man within days; he did not agree that we tell.",
        approver_id=lead,
    )
    wrong = replace(at_risk, words="He carries a knife in the clinic.")
    tell = risk_service.tell
    yield at(told.day(-1), 17)
    slip = tell(case_id=hand.case_id, said=wrong, by=by)
    yield at(told.day(-1), 17, 5)
    right = tell(case_id=hand.case_id, said=at_risk, by=by, replaces=slip.ref)
    yield at(told.day(-1), 17, 30)
    risk_service.acknowledge(case_id=hand.case_id, ref=right.ref, by=told.staff("probation"))
    yield at(told.day(-1), 18)
    later = replace(
        at_risk,
        words="He rang: he now stays with his sister in Luton until Thursday. We have told him "
        "that we tell you.",
        urgent=False,
        why="As before: without it he would be looked for at the wrong address.",
    )
    tell(case_id=hand.case_id, said=later, by=by)
    yield from safeguarded.referred(hand)


def _kept_free(hand: Hand) -> Story:
    """Hours of unpaid work, said anew and kept free; and where nothing is to change."""
    told = hand.world
    yield at(told.day(-8), 9)
    hours = replace(HOURS, first_day=told.day(-8))
    slip = deciding.told_service(hand, replace(hours, weekday=3))
    block = deciding.told_service(hand, hours, replaces=slip)
    yield at(told.day(-8), 14)
    unpaid, by = CannotReason.UNPAID_WORK, told.staff("admin")
    word_acts.block(case_id=hand.case_id, ref=block, reason=unpaid, accepted=(), by=by)
    yield at(told.day(-6), 11)
    stays = deciding.told_service(hand, STAYS)
    scheduling.adjusted(hand)
    yield at(told.day(-5), 10)
    why = "He has kept his address. He says where he is when he is not there."
    word_service.nothing(case_id=hand.case_id, ref=stays, why=why, by=by)


def keyed_from_here(told: World) -> Story:
    """Probation marks from some day on what it has keyed into nDelius."""
    yield at(told.day(-11), 9)
    policy.set_value(
        "probation.keyed_from",
        told.day(-10).isoformat(),
        valid_from=told.day(-11),
        reason="Agreed with the probation delivery units.",
        by=told.staff("system"),
    )


def waits_too_long(told: World) -> Story:
    """Given to another officer, who has not decided on his miss in time and is away now."""
    hand = yield from sentenced(told, 5, 44)
    yield at(told.day(-40), 9)
    _covers(told, "probation", "probation4", (-39, -37), "senior")
    days = [told.day(ago) for ago in (-36, -20, -6, 6)]
    places = yield from booked(hand, told.day(-38), days, 10, 14)
    deciding.told_him(hand, places[:2], Way.LETTER, Came.HAS_IT, note="He rang to say so.")
    yield at(days[0], 12)
    attending.happened(hand, places[0], H.SEEN)
    yield at(days[1], 12)
    attending.happened(hand, places[1], H.DID_NOT_COME)
    yield at(told.day(-16), 10)
    contact = contact_of(hand.case_id)
    reassign(
        men=[Asked(hand.case_id, contact.id if contact else 0)],
        to_id=told.staff("probation4"),
        why="Declan Foley has more men than he can see.",
        by=told.staff("senior"),
    )
    yield at(told.day(-15), 10)
    deciding.did(hand, StepKind.CONFIRMED, officer="probation4")
    yield at(days[2], 12)
    attending.happened(hand, places[2], H.SEEN)
    yield at(told.day(-3), 12)
    _covers(told, "probation4", "probation", COVERED, "probation4")


def without_an_officer(told: World) -> Story:
    """His officer left probation, and nobody was named since."""
    hand = yield from sentenced(told, 6, 20, signs_in="probation5")
    days = [told.day(ago) for ago in (-13, -5, 9)]
    places = yield from booked(hand, told.day(-16), days, 11, 14)
    for place, day in zip(places[:2], days[:2], strict=True):
        yield at(day, 12)
        attending.happened(hand, place, H.SEEN)
    yield at(told.day(-2), 9)
    accounts.disable(told.staff("probation5"), by=None)


STORIES = (keyed_from_here, waits_too_long, without_an_officer, told_the_service)
