"""What takes a signature: rules of measures, and readings of the law on which lawyers differ."""

import uuid
from datetime import timedelta

from mhtr.compliance import reading_service
from mhtr.compliance.reading_rules import Proposed
from mhtr.demo.simulation import Story, at
from mhtr.demo.world import World
from mhtr.wall import agreement_service as agreements
from mhtr.wall.agreement_rules import Proposed as Agreed
from outcome_measures.signing import service as signing


def bands_signed(world: World) -> Story:
    """The lead has read the printed form of AUDIT-C and signs its bands."""
    yield at(world.day(-30), 10)
    signing.sign(
        instrument="auditc",
        rule="bands",
        source_read="AUDIT-C for print, Office for Health Improvement and Disparities, page 1",
        by=world.staff("lead"),
    )


def signature_withdrawn(world: World) -> Story:
    """A colleague signs, finds that the source has been replaced, and takes it back."""
    lead = world.staff("lead2")
    yield at(world.day(-25), 11)
    signing.sign(
        instrument="pcl5",
        rule="reliable_change",
        source_read="PCL-5 leaflet in the library of the service, 2016",
        by=lead,
    )
    yield at(world.day(-3), 12)
    signing.withdraw(instrument="pcl5", rule="reliable_change", by=lead)


def reading_turned_down(world: World) -> Story:
    """Another reading of the law is proposed and turned down."""
    manager, senior = world.staff("manager"), world.staff("senior")
    yield at(world.day(-40), 9)
    day = world.day(-40)
    down = reading_service.propose(
        said=Proposed(
            "unanswered",
            "counts",
            day + timedelta(days=10),
            "nDelius has entries of this kind from before the question was asked.",
            "Nobody yet; to be asked of the legal team.",
        ),
        by=manager,
    ).ref
    yield at(world.day(-38), 14)
    reading_service.turn_down(
        ref=down, why="The Act asks for the opinion. No advice says otherwise.", by=senior
    )


def reading_signed(world: World) -> Story:
    """A reading of the law changed by two people, and another change that waits."""
    manager, senior = world.staff("manager"), world.staff("senior")
    yield at(world.day(-30), 10)
    window = reading_service.propose(
        said=Proposed(
            "suspended_window",
            "day_before",
            world.day(-21),
            "One way of counting for both kinds of order, and the one that never counts a day "
            "too many.",
            "Regional legal team, advice note of the same month on Schedule 16 paragraph 6.",
        ),
        by=manager,
    ).ref
    yield at(world.day(-28), 11)
    reading_service.sign(ref=window, by=senior)
    yield at(world.day(-2), 15)
    reading_service.propose(
        said=Proposed(
            "tested_when",
            "failure",
            world.day(14),
            "A failure before a warning should not count as one after it.",
            "Counsel for the region, conference of last week; written advice to follow.",
        ),
        by=manager,
    )


PROTOCOL = "Information sharing protocol with London probation, 2 March, "


def agreement_signed(world: World) -> Story:
    """The trust agrees with probation what its reports leave out and add; one change waits."""
    trust, senior = world.cast.organisations["west"], world.staff("senior")
    lead, privacy = world.staff("lead"), world.staff("privacy")
    codes = ("attendance_codes", True, "Officers copy each session into their own system.")
    left = ("next_session", False, "Reports are passed on; when he comes next is on My people.")
    later = ("progress", False, "How far treatment is, is said at three-way reviews only.")
    yield at(world.day(-45), 10)
    added = _agrees(world, codes, -40, "annex B, line 3", by=senior)
    yield at(world.day(-43), 15)
    agreements.sign(trust_id=trust, ref=added, by=privacy)
    yield at(world.day(-15), 11)
    taken_out = _agrees(world, left, -10, "annex B, line 8", by=lead)
    yield at(world.day(-13), 16)
    agreements.sign(trust_id=trust, ref=taken_out, by=senior)
    yield at(world.day(-1), 10)
    _agrees(world, later, 20, "annex B, as amended this month", by=senior)


def agreement_turned_down(world: World) -> Story:
    """Probation asks for the kind of reason in reports, and the trust says no."""
    asked = ("reason_kind", True, "A report for the court should say why he did not come.")
    yield at(world.day(-20), 9)
    ref = _agrees(world, asked, -10, "annex B, line 5", by=world.staff("senior"))
    yield at(world.day(-18), 11)
    agreements.turn_down(
        trust_id=world.cast.organisations["west"],
        ref=ref,
        why="The officer reads it on the page of each absence; a report is passed on.",
        by=world.staff("privacy"),
    )


def _agrees(
    world: World, what: tuple[str, bool, str], days: int, line: str, *, by: int
) -> uuid.UUID:
    item, held, why = what
    said = Agreed(item, held, world.day(days), why, PROTOCOL + line)
    return agreements.propose(trust_id=world.cast.organisations["west"], said=said, by=by).ref


STORIES = (
    bands_signed,
    signature_withdrawn,
    reading_turned_down,
    reading_signed,
    agreement_signed,
    agreement_turned_down,
)
