"""Emergency access and what a privacy officer finds; a record restricted and open again."""

from mhtr.accounts.models import Staff
from mhtr.cases import access_service, break_glass_service
from mhtr.cases.break_glass_service import Finding
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.demo.simulation import Story
from mhtr.demo.stories import steps
from mhtr.demo.world import Hand, World

FOUND = {
    Finding.JUSTIFIED: "The department confirms the time and that he was there.",
    Finding.NOT_JUSTIFIED: "He was not in the department that day. His trust has been told.",
    Finding.FOLLOW_UP: "The department cannot say. Asked who was on duty; answer by Friday.",
}


def _emergency(world: World, ago: int, staff: str, finding: Finding | None = None) -> Story:
    man = world.men.next()
    hand = yield from steps.referred(world, world.day(-ago - 4), man=man, hearing_on=world.day(10))
    yield from steps.taken_on(hand, world.day(-ago - 2))
    yield from steps.under_way(hand, world.day(-ago - 1), world.day(-ago))
    yield world.moment(world.day(-ago), 14)
    (made,) = break_glass_service.open_access(
        break_glass_service.Wanted(nhs_number=man.nhs_number),
        reason="He is in our emergency department now and cannot say what he takes.",
        by=world.staff(staff),
    )
    if finding is not None:
        yield world.moment(world.day(1 - ago))
        break_glass_service.review(
            made.id, finding=finding, note=FOUND[finding], by=world.staff("privacy")
        )


def emergency_to_review(world: World) -> Story:
    """A clinician of another trust opened a record in an emergency; nobody has reviewed it."""
    yield from _emergency(world, 1, "lead-cnwl")


def emergency_reviewed(world: World) -> Story:
    """The same, reviewed and found justified."""
    yield from _emergency(world, 9, "lead-slam", Finding.JUSTIFIED)


def emergency_not_justified(world: World) -> Story:
    """The same, found not justified; the trust is told."""
    yield from _emergency(world, 8, "lead-oxleas", Finding.NOT_JUSTIFIED)


def emergency_followed_up(world: World) -> Story:
    """The same; somebody is asked what happened."""
    yield from _emergency(world, 7, "lead-swlstg", Finding.FOLLOW_UP)


def restricted(world: World) -> Story:
    """Only named staff see this man: a colleague is his brother, who is shut out besides."""
    hand = yield from steps.begun(world, 10, 9)
    yield from steps.under_way(hand, world.day(-8), world.day(-7))
    _restrict(hand)


def _restrict(hand: Hand) -> None:
    world = hand.world
    leads = [world.staff(key) for key in world.cast.at("west", Role.CLINICAL_LEAD)]
    access_service.restrict(
        hand.case_id,
        staff_ids=[hand.assessor, leads[0]],
        reason="A member of staff is related to him.",
        version=hand.case.version,
        by=leads[0],
    )
    brother = db.session.get_one(Staff, world.staff("assessor2"))
    access_service.exclude(
        hand.case_id, username=brother.username, reason="He is his brother.", by=leads[0]
    )


def close_to_assessor(hand: Hand) -> None:
    """Only his assessor goes on seeing him."""
    access_service.restrict(
        hand.case_id,
        staff_ids=[hand.assessor],
        reason="He is well known.",
        version=hand.case.version,
        by=hand.lead,
    )


def restricted_no_more(world: World) -> Story:
    """Restricted while a local paper wrote about him; open to the team again."""
    hand = yield from steps.begun(world, 13, 10, "assessor2")
    yield from steps.under_way(hand, world.day(-11), world.day(-9))
    _restrict(hand)
    yield world.moment(world.day(-2))
    access_service.lift(
        hand.case_id,
        reason="Nobody writes about him any more.",
        version=hand.case.version,
        by=hand.lead,
    )


STORIES = (
    emergency_to_review,
    emergency_reviewed,
    emergency_not_justified,
    emergency_followed_up,
    restricted,
    restricted_no_more,
)
