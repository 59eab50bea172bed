"""What is recorded about a man: consent, contact, needs, warnings, who he is."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import consent_service, death, identity, linking
from mhtr.cases.identity_queries import judged
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.demo.world import Hand, World
from mhtr.people import consent as agreements
from mhtr.people import flags
from mhtr.people import service as people
from mhtr.people.matching import Verdict
from mhtr.people.merge_parts import differing
from mhtr.people.models import (
    ConsentDecision,
    ConsentItem,
    Flag,
    FlagKind,
    GpStatus,
    IdentityQuestion,
    Merge,
    Person,
)
from mhtr.people.queries import live_id


def consent(
    hand: Hand, *items: ConsentItem, decision: ConsentDecision = ConsentDecision.GIVEN
) -> None:
    """What he said about each item, face to face, now."""
    for item in items:
        consent_service.record_consent(
            case_id=hand.case_id,
            item=item,
            decision=decision,
            how="face_to_face",
            at=clock.now(),
            by=hand.assessor,
            scope="That he was seen, and that he is on time." if "sharing" in item else "",
        )


def told(hand: Hand) -> None:
    """He hears what goes to probation by the court's order; he is not asked."""
    agreements.record_told(person_id=hand.person_id, how="face_to_face", by=hand.assessor)


def died(hand: Hand, on: date | None) -> None:
    """Record the day on which he died; None takes it back."""
    people.update_person(
        person_id=hand.person_id,
        changes={"died_on": on},
        settings=hand.world.accepts,
        by=hand.assessor,
        reason="" if on else "The call was about another man of that name.",
    )
    death.follow(hand.person_id, by=hand.assessor)


def details(world: World, hand: Hand) -> None:
    """What the assessor learns: address, GP, ways of reaching him, needs."""
    chance = world.chance
    homeless = chance.random() < 0.12
    gp = chance.choice((GpStatus.REGISTERED, GpStatus.REGISTERED, GpStatus.WILLING, GpStatus.NO))
    registered = gp is GpStatus.REGISTERED
    people.update_person(
        person_id=hand.person_id,
        changes={
            "no_fixed_abode": homeless,
            "address": "" if homeless else f"{chance.randrange(1, 199)} Example Road, London",
            "gp_status": gp.value,
            "gp_name": "Example Street Surgery" if registered else "",
            "gp_practice_code": "",
        },
        settings=world.accepts,
        by=hand.assessor,
    )


def warn(
    hand: Hand, kind: FlagKind, fact: str, reason: str, *, review_in: int, other_name: str = ""
) -> Flag:
    """Put a warning on his record."""
    return flags.raise_flag(
        person_id=hand.person_id,
        kind=kind,
        fact=fact,
        reason=reason,
        owner_staff_id=hand.assessor,
        review_on=clock.today() + timedelta(days=review_in),
        by=hand.assessor,
        other_name=other_name,
        case_id=hand.case_id,
        case_ref=hand.case.ref,
    )


def review_warning(hand: Hand, flag: Flag, on: date) -> None:
    """Still needed."""
    flags.review_flag(
        flag_ref=flag.ref,
        person_id=hand.person_id,
        review_on=on,
        reason="Nothing has changed.",
        by=hand.assessor,
    )


def end_warning(hand: Hand, flag: Flag) -> None:
    """No longer needed."""
    flags.end_flag(
        flag_ref=flag.ref,
        person_id=hand.person_id,
        reason="The two were seen together without trouble, by agreement.",
        by=hand.assessor,
    )


def questions_about(hand: Hand) -> Sequence[IdentityQuestion]:
    """The questions whether he is one of the men on record, the newest first."""
    person_id = hand.person_id
    return db.session.scalars(
        select(IdentityQuestion)
        .where(
            or_(IdentityQuestion.person_id == person_id, IdentityQuestion.other_id == person_id),
            IdentityQuestion.answered_at.is_(None),
        )
        .order_by(IdentityQuestion.id.desc())
    ).all()


def question_about(hand: Hand) -> IdentityQuestion:
    """The newest such question."""
    found = questions_about(hand)
    if not found:
        raise ValueError("nobody asked whether he is on record already")
    return found[0]


def compare(hand: Hand) -> None:
    """Answer whatever was asked about him: one man where a number says so, otherwise two.

    Of a record of another trust nobody decides alone: that question waits.
    """
    lead = viewer_of(db.session.get_one(Staff, hand.lead))
    for question in questions_about(hand):
        both = judged(lead, (question.person_id, question.other_id))
        if not all(standing.own for standing in both.values()):
            continue
        if question.verdict == Verdict.SAME_IDENTIFIER:
            kept_id = min(question.person_id, question.other_id)
            identity.answer_same(
                question_id=question.id,
                kept_id=kept_id,
                right={},
                chosen=_as_kept(question, kept_id),
                reason="The same number; the name was written by ear.",
                by=hand.lead,
            )
        else:
            identity.answer_different(
                question_id=question.id,
                reason="They were in the building on the same day.",
                by=hand.lead,
            )


def _as_kept(question: IdentityQuestion, kept_id: int) -> dict[str, int]:
    """Where the two differ, the record that is kept is right."""
    ends = (live_id(question.person_id), live_id(question.other_id))
    one, two = (db.session.get_one(Person, end) for end in ends)
    return {part.key: kept_id for part in differing(one, two)}


def same(hand: Hand, other: Hand) -> Merge:
    """He and the other are one man; the other's record is kept."""
    question = question_about(hand)
    return identity.answer_same(
        question_id=question.id,
        kept_id=other.person_id,
        right={},
        chosen=_as_kept(question, other.person_id),
        reason="Same telephone number, and he says that he was seen in the other station too.",
        by=hand.lead,
    )


def different(hand: Hand) -> None:
    """He and the other are two men."""
    identity.answer_different(
        question_id=question_about(hand).id,
        reason="Their passports have other photographs.",
        by=hand.lead,
    )


def undo(merge: Merge, hand: Hand) -> None:
    """They were two men after all."""
    identity.undo_merge(
        merge_id=merge.id, reason="They came on the same day: brothers.", by=hand.lead
    )


def say_one_man(hand: Hand) -> None:
    """His trust's lead says that he is a man whom another trust has; it waits for that trust."""
    linking.propose(
        question_id=question_about(hand).id,
        name_of=None,
        reason="He told us that he was assessed there in the spring.",
        by=hand.lead,
    )


def confirm_one_man(hand: Hand, other: Hand) -> None:
    """The other trust's lead says so too."""
    linking.confirm(
        question_id=question_about(hand).id,
        name_of=None,
        settings=hand.world.accepts,
        by=other.lead,
    )
