"""Men in treatment whose scores raise each kind of flag, and sessions that are still open."""

from collections.abc import Generator, Sequence
from datetime import date, datetime, timedelta

from mhtr.demo.acts import assessing, coursing, court, ordering, scheduling, treating
from mhtr.demo.pathways import OFFERED
from mhtr.demo.simulation import Story, at, working_day
from mhtr.demo.stories import steps
from mhtr.demo.world import Hand, World
from mhtr.suitability.outcome_service import Result
from outcome_measures.flag_kinds import FlagKind

Pair = tuple[int, int]
"""Totals of PHQ-9 and GAD-7."""
KEYS = ("cbt", "sequence", "trauma", "skills", "skills")
"""Pathways in turn."""
Treated = Generator[datetime, None, Hand]


def _sentenced(world: World, weeks: int) -> Treated:
    """Sentenced with the requirement shortly before the first of so many weekly sessions."""
    ago = 5 * weeks + 8
    hand = yield from steps.heard(world, ago)
    yield world.moment(world.day(-ago), 16)
    court.sentenced(hand, Result.CO_MHTR, proposed=True)
    yield at(world.day(-ago + 1), 11)
    key = KEYS[weeks % len(KEYS)]
    ordering.ordered(hand, sessions=len(OFFERED[key][2]))
    ordering.supervised(hand)
    scheduling.can_come(hand, weeks)
    coursing.made(hand, key)
    return hand


def _days(world: World, sessions: int, last: int) -> list[date]:
    """Days of weekly sessions, the last of them so many working days ago."""
    ends = world.day(-last)
    days = [ends - timedelta(weeks=sessions - 1 - number) for number in range(sessions)]
    return [working_day(day) for day in days]  # nobody comes on a bank holiday


def _treated(
    world: World, totals: Sequence[Pair], *, items: Sequence[int] = (), last: int = 2
) -> Treated:
    """Seen once a week with these totals, and these answers to PHQ-9's question 9."""
    hand = yield from _sentenced(world, len(totals))
    for number, (day, (phq, gad)) in enumerate(
        zip(_days(world, len(totals), last), totals, strict=True)
    ):
        yield at(day, 11)
        item_nine = items[number] if items else 0
        contact = treating.session(
            hand, number + 1, {"phq9": phq, "gad7": gad}, item_nine=item_nine
        )
        newest = number + 1 == len(totals)
        if item_nine and not newest:
            yield at(day, 12)
            assessing.close_risk(hand)
        if not (item_nine and newest):
            yield at(day, 12, 30)
            treating.close(hand, contact)
    return hand


def risk_rose(world: World) -> Story:
    """Question 9 at 1, then at 2: its review waits, and the flag beside it."""
    yield from _treated(world, ((15, 11), (14, 11), (15, 12)), items=(0, 1, 2), last=1)


def score_up(world: World) -> Story:
    """PHQ-9 up by a reliable number of points; nobody has responded yet."""
    yield from _treated(world, ((14, 11), (15, 12), (17, 11), (20, 13)))


def one_up_one_down(world: World) -> Story:
    """PHQ-9 reliably down, GAD-7 reliably up."""
    yield from _treated(world, ((18, 8), (15, 10), (12, 13)), last=3)


def no_change(world: World) -> Story:
    """Six sessions, and no score has changed reliably."""
    totals = ((16, 12), (17, 12), (15, 11), (16, 12), (15, 11), (14, 11))
    yield from _treated(world, totals, last=4)


def near_the_end(world: World) -> Story:
    """Better, and still above a cut-off with two sessions to go."""
    totals = ((22, 16), (21, 16), (20, 15), (19, 14), (18, 13), (17, 13), (16, 12), (15, 11),
              (15, 10), (14, 10))  # fmt: skip
    yield from _treated(world, totals, last=5)


def not_measured(world: World) -> Story:
    """Asked at the first session, and not since."""
    hand = yield from _sentenced(world, 3)
    scheduling.barred(hand)
    first, *others = _days(world, 3, 3)
    yield at(first, 14)
    treating.close(hand, treating.session(hand, 1, {"phq9": 13, "gad7": 9}))
    for number, day in enumerate(others, 2):
        yield at(day, 14)
        treating.close(hand, treating.session(hand, number, {}))


def crossed(world: World) -> Story:
    """Below both cut-offs, reliably: good news. The lead has said so."""
    totals = ((17, 13), (15, 11), (12, 10), (9, 8), (8, 7), (6, 5))
    hand = yield from _treated(world, totals, last=5)
    yield world.moment(world.day(-3))
    words = "Good progress on both. Plan the last sessions around keeping it, with his own list."
    treating.respond(hand, FlagKind.CROSSED, words, in_supervision=True, by=hand.lead)


def taken_up(world: World) -> Story:
    """GAD-7 was up; taken up in supervision, and down again since."""
    hand = yield from _treated(world, ((12, 8), (12, 13)), last=9)
    yield world.moment(world.day(-8))
    words = (
        "Eviction notice in the week before. Two sessions on problem solving first; link worker "
        "asked to help with the council. Look again at the next score."
    )
    treating.respond(hand, FlagKind.WORSE, words, in_supervision=True, by=hand.lead)
    yield at(world.day(-4), 11)
    treating.close(hand, treating.session(hand, 3, {"phq9": 11, "gad7": 9}))


def to_record_today(world: World) -> Story:
    """Here this morning; neither form is filled in yet."""
    hand = yield from _sentenced(world, 1)
    yield at(world.today, 9)
    treating.session(hand, 1, {}, asked=("phq9", "gad7"))


def to_record_late(world: World) -> Story:
    """Here two days ago: PHQ-9 is on record, GAD-7 is still on paper."""
    hand = yield from _sentenced(world, 2)
    first, second = _days(world, 2, 2)
    yield at(first, 15)
    treating.close(hand, treating.session(hand, 1, {"phq9": 15, "gad7": 12}))
    yield at(second, 15)
    treating.session(hand, 2, {"phq9": 14}, asked=("gad7",))


STORIES = (
    risk_rose,
    score_up,
    one_up_one_down,
    no_change,
    near_the_end,
    not_measured,
    crossed,
    taken_up,
    to_record_today,
    to_record_late,
)
