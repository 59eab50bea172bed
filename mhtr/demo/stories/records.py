"""What happens around a record: drafts, consent, warnings, identity, a death."""

from datetime import timedelta

from mhtr.core import clock
from mhtr.demo.acts import persons, referring, triaging
from mhtr.demo.simulation import Story
from mhtr.demo.stories import access, clockwork, steps
from mhtr.demo.stories.steps import Begun
from mhtr.demo.world import FACE_COURT, World
from mhtr.intake import amending, drafts, queries
from mhtr.intake.rules import DeclineReason
from mhtr.intake.steps import FIELDS_OF, FormStep
from mhtr.people.models import ConsentDecision, ConsentItem, FlagKind

ELSEWHERE = "C01SW"
"""A court of another trust than `FACE_COURT`."""


def _draft(world: World, ago: timedelta, upto: int) -> Story:
    yield world.simulation.now - ago
    given = referring.answers(world, world.men.next(), clock.today(), hearing_on=world.day(10))
    reached = list(FormStep)[:upto]
    staff_id = world.staff("ld")
    draft = drafts.begin(reached[0], _part(given, reached[0]), by=staff_id)
    for step in reached[1:]:
        drafts.save_step(draft.ref, step, _part(given, step), version=0, by=staff_id)


def _part(given: dict[str, str], step: FormStep) -> dict[str, str]:
    return {name: given[name] for name in FIELDS_OF[step] if name in given}


def draft_begun(world: World) -> Story:
    """Begun an hour ago; only his name is there."""
    return _draft(world, timedelta(minutes=65), 2)


def draft_nearly_done(world: World) -> Story:
    """Left before the last page yesterday."""
    return _draft(world, timedelta(hours=26), 4)


def draft_forgotten(world: World) -> Story:
    """Written three weeks ago and never sent."""
    return _draft(world, timedelta(days=21), 5)


def amended(world: World) -> Story:
    """The referrer put something right after sending."""
    hand = yield from steps.referred(world, world.day(-6), hearing_on=world.day(13))
    yield world.moment(world.day(-5))
    given = {"vulnerabilities": "trauma;anxiety;veteran", "need": "high", "risk": "medium"}
    lists = queries.code_lists(fictional=True)
    read = amending.read_step(FormStep.NEEDS, given, lists, held={})
    if not isinstance(read, dict):
        raise ValueError(read)
    amending.amend(
        case_id=hand.case_id,
        step=FormStep.NEEDS,
        answers=read,
        version=1,
        reason="He told me later that he served in the army.",
        by=world.staff("ld"),
    )
    yield from steps.taken_on(hand, world.day(-4))


def warnings(world: World) -> Story:
    """A warning whose review is overdue, one reviewed, one ended."""
    hand = yield from steps.begun(world, 30, 12)
    yield world.moment(world.day(-26))
    persons.warn(
        hand,
        FlagKind.RISK,
        "Ask how he is and about help at each meeting",
        "Took an overdose two years ago.",
        review_in=(world.today - clock.today()).days,
    )
    safety = persons.warn(
        hand,
        FlagKind.STAFF_SAFETY,
        "See him with a second member of staff",
        "Threw a chair in a waiting room.",
        review_in=20,
    )
    apart = persons.warn(
        hand,
        FlagKind.MUST_NOT_MEET,
        "",
        "They were charged together.",
        review_in=25,
        other_name="Fictional Co-defendant",
    )
    yield from steps.asked(hand, world.day(-25))
    yield from steps.assessed(hand, world.day(-22))
    yield from steps.signed(hand, world.day(-21), world.day(-20))
    yield from steps.sent(hand, world.day(-18))
    yield world.moment(world.day(-14))
    persons.review_warning(hand, safety, world.day(30))
    yield world.moment(world.day(-10))
    persons.end_warning(hand, apart)


def safeguarding(world: World) -> Story:
    """A child may be at risk; who needs only the fact sees only the fact."""
    hand = yield from steps.begun(world, 8, 11)
    yield from steps.under_way(hand, world.day(-7), world.day(-6))
    persons.warn(
        hand,
        FlagKind.SAFEGUARDING,
        "Children in the household: tell safeguarding of any change",
        "Social worker is involved; see the letter of last month.",
        review_in=40,
    )


def named_in_a_warning(world: World) -> Story:
    """A man comes whom a warning names whom another must not meet: is it he?"""
    man = world.men.next()
    hand = yield from steps.begun(world, 5, 12)
    yield world.moment(world.day(-3))
    persons.warn(
        hand,
        FlagKind.MUST_NOT_MEET,
        "",
        "They were charged together.",
        review_in=30,
        other_name=man.name,
    )
    yield from steps.referred(world, world.day(-1), man=man, hearing_on=world.day(12))


def _twice(
    world: World, ago: int, *, court: str = FACE_COURT, texts: tuple[str, str] = ("yes", "yes")
) -> Begun:
    """The same man as another, without numbers: the hand of the later referral.

    Args:
        texts: whether a text to him is safe, as he says the first time and the second.
    """
    man = world.men.next()
    first = yield from steps.referred(
        world,
        world.day(-ago),
        man=man,
        hearing_on=world.day(9),
        crn="",
        safe_to_text=texts[0],
    )
    yield from steps.taken_on(first, world.day(1 - ago))
    yield from steps.under_way(first, world.day(2 - ago), world.day(3 - ago))
    second = yield from steps.referred(
        world,
        world.day(3 - ago),
        man=man,
        by="ld2",
        hearing_on=world.day(9),
        nhs_number="",
        crn="",
        court=court,
        safe_to_text=texts[1],
    )
    world.pairs[second.case_id] = first
    return second


def perhaps_the_same(world: World) -> Story:
    """A question of identity that nobody has answered."""
    yield from _twice(world, 5)


def elsewhere_too(world: World) -> Story:
    """Another trust has him, it seems: one side has said so, and waits for the other.

    There he says that a text is not safe: the first trust asks him again.
    """
    second = yield from _twice(world, 4, court=ELSEWHERE, texts=("yes", "no"))
    yield world.moment(world.day(-1))
    persons.say_one_man(second)


def one_man_in_two_trusts(world: World) -> Story:
    """One person of each trust has said so: the two records are of one man."""
    second = yield from _twice(world, 13, court=ELSEWHERE)
    yield from steps.taken_on(second, world.day(-9))
    yield world.moment(world.day(-8))
    persons.say_one_man(second)
    yield world.moment(world.day(-7))
    persons.confirm_one_man(second, world.pairs[second.case_id])


def merged(world: World) -> Story:
    """The same man, found out and merged."""
    second = yield from _twice(world, 12)
    yield world.moment(world.day(-7))
    persons.same(second, world.pairs[second.case_id])
    triaging.decline(second, DeclineReason.ALREADY_KNOWN)


def no_on_one_of_two(world: World) -> Story:
    """Two prosecutions of one man: he takes his consent back on the later one only.

    Whoever works on the other asks him whether his agreement stands there.
    """
    second = yield from _twice(world, 11)
    yield world.moment(world.day(-7))
    persons.same(second, world.pairs[second.case_id])
    yield from steps.taken_on(second, world.day(-6))
    yield from steps.under_way(second, world.day(-5), world.day(-4))
    yield world.moment(world.day(-1))
    persons.consent(second, ConsentItem.ASSESSMENT, decision=ConsentDecision.WITHDRAWN)


def merged_by_mistake(world: World) -> Story:
    """Merged, then found to be brothers: two records again."""
    second = yield from _twice(world, 16)
    yield world.moment(world.day(-11))
    merge = persons.same(second, world.pairs[second.case_id])
    yield world.moment(world.day(-6))
    persons.undo(merge, second)
    yield from steps.taken_on(second, world.day(-4))


def namesakes(world: World) -> Story:
    """Asked, and answered: two men."""
    second = yield from _twice(world, 10)
    yield world.moment(world.day(-5))
    persons.different(second)
    yield from steps.taken_on(second, world.day(-3))


def nobody_named_may_answer(world: World) -> Story:
    """A question waits about a record that was restricted to its assessor, who does not judge."""
    second = yield from _twice(world, 6)
    yield world.moment(world.day(-2))
    access.close_to_assessor(world.pairs[second.case_id])


def died(world: World) -> Story:
    """His sister rang: he has died. The case is closed and nothing more is sent."""
    hand = yield from steps.begun(world, 11, 8, "assessor2")
    yield from steps.under_way(hand, world.day(-9), world.day(-6))
    yield world.moment(world.day(-2))
    persons.died(hand, world.day(-3))


def died_by_mistake(world: World) -> Story:
    """The call was about somebody else: his case goes on where it was."""
    hand = yield from steps.begun(world, 8, 10, "assessor2")
    yield from steps.under_way(hand, world.day(-6), world.day(-5))
    yield world.moment(world.day(-3))
    persons.died(hand, world.day(-4))
    yield world.moment(world.day(-2))
    persons.died(hand, None)


STORIES = (
    *clockwork.STORIES,
    draft_begun,
    draft_nearly_done,
    draft_forgotten,
    amended,
    warnings,
    safeguarding,
    named_in_a_warning,
    perhaps_the_same,
    merged,
    no_on_one_of_two,
    merged_by_mistake,
    namesakes,
    nobody_named_may_answer,
    *access.STORIES,
    elsewhere_too,
    one_man_in_two_trusts,
    died,
    died_by_mistake,
)
