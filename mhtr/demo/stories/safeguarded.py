"""Safeguarding referrals that a therapist makes of people around a man, and incidents."""

from dataclasses import replace

from mhtr.demo.simulation import Story, at
from mhtr.demo.world import Hand
from mhtr.safeguarding import incident_service as incidents
from mhtr.safeguarding import service as safeguarding
from mhtr.safeguarding.incident_rules import Candour, Happened, Harm, Harmed
from mhtr.safeguarding.kinds import Agreed, Kind, Knows, StepKind
from mhtr.safeguarding.rules import Said

CHILD = Said(
    kind=Kind.CHILD,
    authority="London Borough of Ealing",
    sent_how="Their secure online form, after a call to the children’s front door",
    about="Amara, 6, his daughter, who lives with her mother at an address that is known to "
    "the borough. He sees her on Saturdays.",
    concern="He said on Monday that men who look for him waited outside while she was there.",
    done="Agreed with him that she does not come to the flat. Rang her mother with him.",
    agreed=Agreed.YES,
    override_why="",
    knows=Knows.TOLD,
    not_told_why="",
)
MOTHER = replace(
    CHILD,
    kind=Kind.ADULT,
    about="His mother, 71, who has dementia and lives at his address.",
    concern="The same men shouted at her through the door twice this week.",
    done="He stays with her at night. Advice taken from the trust’s safeguarding lead.",
    agreed=Agreed.NOT_ASKED,
    override_why="She cannot follow what it is about; she may be hurt meanwhile.",
)
ACTS = (
    (StepKind.ACKNOWLEDGED, "Ms Reed of the front door, reference CF-2217."),
    (StepKind.OUTCOME, "They visit mother and child tomorrow and assess together with us."),
)


def referred(hand: Hand) -> Story:
    """Two of them: of a child, with an outcome; of his mother, put right, which waits."""
    told, by, case_id = hand.world, hand.assessor, hand.case_id
    yield at(told.day(-1), 18, 10)
    ref = safeguarding.make(case_id=case_id, said=CHILD, by=by).ref
    for number, (kind, words) in enumerate(ACTS):
        yield at(told.day(-1), 18, 20 + 20 * number)
        safeguarding.step(
            case_id=case_id,
            ref=ref,
            kind=kind,
            on=told.day(-1),
            words=words,
            seen=(1, number),
            by=by,
        )
    yield at(told.day(-1), 18, 45)
    second = safeguarding.make(case_id=case_id, said=MOTHER, by=by).ref
    yield at(told.day(-1), 18, 50)
    right = replace(MOTHER, about="His mother, 72, who has dementia and lives with him.")
    safeguarding.correct(
        case_id=case_id, ref=second, said=right, why="Her age was wrong", seen=1, by=by
    )
    yield from _happened(hand)


def _happened(hand: Hand) -> Story:
    """One incident that a lead closed, and a later one that waits."""
    told, by, case_id = hand.world, hand.assessor, hand.case_id
    fell = Happened(
        on=told.day(-1),
        at="about 14:00",
        place="The stairs to the second floor",
        what="He slipped on a wet step on his way out. A colleague saw it and helped him up.",
        harmed=Harmed.HE,
        harm=Harm.LOW,
        harm_words="A bruised elbow; he went home by himself.",
        done="Looked at by the nurse next door. The stairs were closed and dried.",
        reported="The trust’s incident system, number 20417",
        candour=Candour.NOT_OWED,
        candour_words="",
    )
    letter = replace(
        fell,
        at="in the morning",
        place="The office",
        what="A letter to him was put into the envelope of another man, and found before it went.",
        harmed=Harmed.NOBODY,
        harm=Harm.NONE,
        harm_words="",
        done="Both letters were printed anew and read by a second person.",
        reported="Nobody yet",
    )
    yield at(told.day(-1), 19)
    ref = incidents.write(case_id=case_id, said=fell, by=by).ref
    yield at(told.day(-1), 19, 20)
    words = "The cleaners put out signs and dry the stairs before eight. Told to all teams."
    incidents.review(case_id=case_id, ref=ref, words=words, seen="1:0", by=told.staff("lead"))
    yield at(told.day(-1), 19, 30)
    incidents.write(case_id=case_id, said=letter, by=by)
