"""His plan for later and letters: written with him, signed, given and sent, and put right."""

from mhtr.compliance.contact_rules import Way
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.demo.acts import persons
from mhtr.demo.world import Hand
from mhtr.discharge import copy_service, letter_service, plan_service, queries
from mhtr.discharge.building import build
from mhtr.discharge.letter_content import content_hash
from mhtr.discharge.letter_kinds import LetterKind
from mhtr.discharge.letter_service import Compiled, Written
from mhtr.discharge.models import CaseLetter, LetterCopy, LetterVersion
from mhtr.discharge.pdf import compile_letter
from mhtr.discharge.rules import Copy, Plan, Sent, Stance, To
from mhtr.intake import onward_queries, onward_service
from mhtr.intake.queries import staff_principal
from mhtr.people import service as people
from mhtr.people.models import ConsentDecision, ConsentItem, GpStatus

SURGERY = "Example Street Surgery"
HIS_PLAN = Plan(
    signs="I stay in bed past noon and do not answer my phone.\nI start to pick quarrels at home.",
    helps="Walking the dog before work.\nWriting down the worry and looking at it at six o'clock.",
    call="My sister Josie, at any time.\nThe clinic, on the number of my appointment letter.",
    after="I start the evening course in January.",
)
SUMMARY = {
    "came": "You did not sleep, kept away from people and had stopped going out alone.",
    "did": "We looked at what keeps worry going, and you tried out going a little further each "
    "week. You wrote down what you found.",
    "now": "You sleep most nights, and you go to the shops and to your sister by yourself. Crowds "
    "are still hard.",
    "next": "Go on with one trip a week that is a little too hard. If the signs in your plan come "
    "back, speak to your GP.",
}
START = {
    "about": "To help you to sleep, and to go out by yourself again.",
    "next": "You come once a week. Your therapist gives you each day and time, and you can ask for "
    "another one.",
}
ENDED = {
    "next": "Your treatment here has ended. Thank you for coming and for the work you did. Your "
    "discharge summary says how it went and what comes next."
}
RISK = {
    "worry": "He said today that he has thoughts of ending his life on most days. He has no plan "
    "and no means at hand.",
    "done": "He has a safety plan and agreed to keep to it. We rang your practice this morning.",
    "ask": "Please see him this week, and ask him about his sleep and his tablets.",
}
WORDS = {
    LetterKind.SUMMARY: SUMMARY,
    LetterKind.START: START,
    LetterKind.DISCHARGE: ENDED,
    LetterKind.RISK: RISK,
}


def planned(
    hand: Hand,
    stance: Stance = Stance.NOT_ASKED,
    *,
    dissent: str = "",
    helps: str = HIS_PLAN.helps,
) -> None:
    """His plan is written down with him."""
    before = queries.plan_now(hand.case_id)
    said = Plan(HIS_PLAN.signs, helps, HIS_PLAN.call, HIS_PLAN.after, stance, dissent)
    plan_service.write(
        case_id=hand.case_id,
        plan=said,
        way=None if stance is Stance.NOT_ASKED else Way.IN_PERSON,
        seen=before.number if before else 0,
        by=hand.assessor,
    )


def gp_may_know(hand: Hand, decision: ConsentDecision = ConsentDecision.GIVEN) -> None:
    """He is with a practice, and says whether it is told."""
    if hand.case.person.gp_status is not GpStatus.REGISTERED:
        people.update_person(
            person_id=hand.person_id,
            changes={"gp_status": GpStatus.REGISTERED.value, "gp_name": SURGERY},
            settings=hand.world.accepts,
            by=hand.assessor,
            reason="He registered last month.",
        )
    persons.consent(hand, ConsentItem.GP, decision=decision)


def referred_on(hand: Hand, service: str, name: str = "") -> None:
    """He is referred on at the end; his therapist follows it up."""
    onward_service.route_on(
        case_id=hand.case_id,
        service_code=service,
        service_name=name,
        owner_principal_id=staff_principal(hand.assessor),
        agreed=True,
        note="He asked for it himself.",
        by=hand.assessor,
    )


def drafted(hand: Hand, kind: LetterKind, *, plan: bool = False) -> CaseLetter:
    """His therapist begins a letter and writes it."""
    row = letter_service.begin(case_id=hand.case_id, kind=kind, by=hand.assessor)
    written(hand, row, plan=plan)
    return row


def written(hand: Hand, row: CaseLetter, *, plan: bool = False, why_again: str = "") -> None:
    """His therapist writes on it, and names where he was referred."""
    named = [str(one.ref) for one in onward_queries.of_case(hand.case_id)]
    letter_service.write(
        letter_id=row.id,
        said=Written(WORDS[row.kind], plan, named, why_again),
        version=row.version,
        by=hand.assessor,
    )


def signed(hand: Hand, row: CaseLetter, by: int | None = None) -> None:
    """Somebody signs it: his therapist, unless said otherwise."""
    who = by or hand.assessor
    db.session.flush()
    built = build(hand.case, row, by=who)
    if built.letter is None:
        raise ValueError(f"the letter lacks something: {built.against}")
    compiled = Compiled(compile_letter(built.letter), content_hash(built.letter))
    letter_service.sign(letter_id=row.id, compiled=compiled, version=row.version, by=who)


def complete(hand: Hand, row: CaseLetter) -> LetterVersion:
    """His therapist signs it, and a lead too where the therapist is not registered."""
    signed(hand, row)
    if row.drafted_at is not None:
        signed(hand, row, hand.lead)
    return queries.versions_of_letter(row)[-1]


def anew(hand: Hand, row: CaseLetter, why: str) -> LetterVersion:
    """Another version of it is written and signed."""
    letter_service.issue_anew(letter_id=row.id, version=row.version, by=hand.assessor)
    written(hand, row, plan=row.with_plan, why_again=why)
    return complete(hand, row)


def copied(
    hand: Hand, version: LetterVersion, to: To, sent: Sent, *, exception: str = ""
) -> LetterCopy:
    """A copy is given or sent today."""
    said = Copy(to, sent, exception, hand.lead if exception else None)
    return copy_service.record(version_id=version.id, said=said, on=clock.today(), by=hand.assessor)


def taken_back(hand: Hand, row: LetterCopy) -> None:
    """That it was given was recorded by mistake."""
    copy_service.take_back(copy_id=row.id, by=hand.assessor)
