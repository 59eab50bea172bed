"""Stretches of a case that stories are put together from."""

from collections.abc import Generator
from datetime import date, datetime

from mhtr.demo.acts import assessing, persons, referring, requesting, signing, triaging
from mhtr.demo.men import Man
from mhtr.demo.simulation import at
from mhtr.demo.world import Hand, World
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.report_content import HisAnswer

Stretch = Generator[datetime, None, None]
Begun = Generator[datetime, None, Hand]


def referred(
    world: World, day: date, *, man: Man | None = None, by: str = "ld", **given: str | date | None
) -> Begun:
    """Referred by the form on a day."""
    yield world.moment(day)
    typed = referring.answers(world, man or world.men.next(), day, **given)  # type: ignore[arg-type]  # as answers takes them
    return Hand(world, referring.refer(world, typed, by=by))


def taken_on(hand: Hand, day: date) -> Stretch:
    """Accepted and allocated on a day."""
    yield hand.world.moment(day)
    triaging.accept(hand)


def begun(world: World, ago: int, hearing_in: int, assessor: str = "assessor") -> Begun:
    """Referred, and taken on by an assessor on the day after.

    Args:
        ago, hearing_in: working days before and after today.
        assessor: without one, whoever is behind the one-click sign-in.
    """
    hand = yield from referred(world, world.day(-ago), hearing_on=world.day(hearing_in))
    hand.assessor, hand.officer = world.staff(assessor), world.staff("court")
    yield from taken_on(hand, world.day(1 - ago))
    return hand


def asked(
    hand: Hand, day: date, *, due: date | None = None, psr: PsrType = PsrType.STANDARD
) -> Stretch:
    """Probation asks for a report on a day."""
    yield hand.world.moment(day)
    requesting.ask(hand, asked_for_on=due, psr=psr)


def under_way(hand: Hand, day: date, seen_on: date) -> Stretch:
    """Asked for, and begun: what else happens around the case happens meanwhile."""
    yield from asked(hand, day)
    yield from seen(hand, seen_on)


def seen(hand: Hand, day: date, *, item_nine: int | None = 0, treatment: bool = True) -> Stretch:
    """Seen by the assessor on a day; both measures taken."""
    yield at(day, 10)
    assessing.start(hand)
    persons.told(hand)
    assessing.agree(hand, treatment=treatment)
    persons.details(hand.world, hand)
    yield at(day, 10, 25)
    assessing.measure(hand, "phq9", item_nine=item_nine)
    assessing.measure(hand, "gad7")


def assessed(
    hand: Hand, day: date, *, recommendation: str = "suitable", item_nine: int | None = 0
) -> Stretch:
    """Seen, written up and finished on a day."""
    treatment = recommendation != "declined"
    yield from seen(hand, day, item_nine=item_nine, treatment=treatment)
    yield at(day, 11, 30)
    assessing.write(hand, recommendation=recommendation)
    yield at(day, 15)
    assessing.finish(hand)


def signed(hand: Hand, day: date, next_day: date) -> Stretch:
    """Put before a clinical lead, who signs on the next day."""
    yield at(day, 15, 20)
    signing.put_before_lead(hand)
    yield hand.world.moment(next_day)
    signing.sign(hand)


def sent(
    hand: Hand, day: date, *, answer: HisAnswer = HisAnswer.AGREES, words: str = ""
) -> Stretch:
    """Heard by him and released on a day."""
    yield at(day, 10, 15)
    signing.heard(hand, answer, words)
    yield at(day, 14, 40)
    signing.release(hand)


def through_to_release(
    hand: Hand, days: tuple[date, date, date, date], *, recommendation: str = "suitable"
) -> Stretch:
    """Taken on, asked for and assessed, signed, released: the four days."""
    yield from taken_on(hand, days[0])
    yield from asked(hand, days[0])
    yield from assessed(hand, days[1], recommendation=recommendation)
    yield from signed(hand, days[1], days[2])
    yield from sent(hand, days[3])


def heard(world: World, ago: int) -> Begun:
    """Released well before a hearing that was so many working days ago."""
    hand = yield from referred(world, world.day(-ago - 22), hearing_on=world.day(-ago))
    hand.assessor, hand.officer = world.staff("assessor"), world.staff("court")
    yield from through_to_release(
        hand,
        (
            world.day(-ago - 20),
            world.day(-ago - 14),
            world.day(-ago - 12),
            world.day(-ago - 9),
        ),
    )
    return hand
