"""Whose record a referral belongs to: one that is here, or a new one with the questions it raises.

A record is joined only where the trust that receives the referral has it, and the referrer knows a
number that is on it and nothing contradicts. Of another trust's record, his "it is the same man" is
what that trust and the privacy officers hear (`link_news.claimed`), and a question for both.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from mhtr.cases.link_queries import held_by
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.intake import queries
from mhtr.intake.identity import SameMan, Step, identity_step, said
from mhtr.intake.referral import ReferralSubmission
from mhtr.intake.referral_values import Answer, HowAgreed
from mhtr.people import queries as people_queries
from mhtr.people import service as people
from mhtr.people.asking import COMPARED
from mhtr.people.contact_rules import is_fictional_phone
from mhtr.people.identifiers import NhsNumberRange
from mhtr.people.learning import hold_contact
from mhtr.people.matching import PersonSketch
from mhtr.people.models import IdentifierKind, Person
from mhtr.people.queries import Candidate
from mhtr.people.rules import Accepts

Answers = Mapping[uuid.UUID, SameMan]
"""By the reference of a person already on record: whether he is the same man."""

_KNOWN_HOW: dict[HowAgreed | None, str] = {
    HowAgreed.TELEPHONE: "telephone",
    HowAgreed.WRITING: "writing",
}
"""How a safe way of reaching him became known, by how he was asked to agree."""
DIED = "A record that may be his says that he has died: is the death wrong, or the match?"


@dataclass(frozen=True)
class Found:
    """The record of a referral, and whether it was here before."""

    person: Person
    was_here: bool
    claimed: tuple[int, ...] = ()
    """Records that only another trust has, of which the referrer says that they are his."""


def sketch(submission: ReferralSubmission) -> PersonSketch:
    """What duplicate detection compares."""
    return PersonSketch(
        names=submission.names,
        date_of_birth=submission.born,
        identifiers=submission.identifiers,
    )


def known_how(agreed_how: HowAgreed | None) -> str:
    """How a way of reaching him is known to be safe, by how he was asked to agree."""
    return _KNOWN_HOW.get(agreed_how, "in_person")


def find_or_make(
    submission: ReferralSubmission, answers: Answers, *, trust_id: int, by: int | None
) -> Found:
    """The record he is on, or a new one.

    Args:
        answers: what the referrer said of possible earlier records.
        trust_id: the trust that receives the referral; it answers the questions that are left.
    """
    must_be_writing()
    found = people_queries.candidates(sketch(submission))
    dead = people_queries.who_died(candidate.person_id for candidate in found)
    held = held_by(trust_id, [c.person_id for c in found if answers.get(c.person_ref)])
    steps = {c: _step(c, answers.get(c.person_ref), held, dead) for c in found}
    known = next((c.person_id for c, step in steps.items() if step is Step.USE_RECORD), None)
    was_here = known is not None
    person = db.session.get_one(Person, held[known]) if known else _make(submission, by)
    # Two records of which both are said to be his are a question too: are they one man?
    asked = [
        c for c, step in steps.items() if step is not Step.NOTHING and c.person_id != person.id
    ]
    for candidate in asked:
        people.raise_identity_question(
            person_id=person.id,
            other_id=candidate.person_id,
            verdict=candidate.match.verdict.value,
            reasons=[
                *([COMPARED] if was_here else []),
                *([DIED] if candidate.person_id in dead else []),
                *candidate.match.reasons,
                said(answers.get(candidate.person_ref)),
            ],
            by=by,
            owner_principal_id=queries.organisation_principal(trust_id),
        )
    if any(candidate.person_id in dead for candidate in asked):
        hold_contact(person_id=person.id, reason=DIED, by=by)
    claimed = tuple(c.person_id for c, step in steps.items() if step is Step.ASK_BOTH)
    return Found(person, was_here, claimed)


def _step(
    candidate: Candidate, answer: SameMan | None, held: Mapping[int, int], dead: set[int]
) -> Step:
    return identity_step(
        candidate.match.verdict,
        answer,
        held=candidate.person_id in held,
        died=candidate.person_id in dead,
    )


def _make(submission: ReferralSubmission, by: int | None) -> Person:
    reached = bool(submission.phone) or submission.safe_to_text is not Answer.UNKNOWN
    return people.create_person(
        given_name=submission.given_name,
        family_name=submission.family_name,
        born=submission.born,
        identifiers={IdentifierKind(k): v for k, v in submission.identifiers.items()},
        aliases=[submission.also_known_as] if submission.also_known_as else [],
        settings=_as_read(submission),
        by=by,
        phone=submission.phone,
        safe_to_text=submission.safe_to_text.value,
        language=submission.language,
        interpreter=submission.interpreter.value,
        contact_known_how=known_how(submission.agreed_how) if reached else "",
    )


def _as_read(submission: ReferralSubmission) -> Accepts:
    """What `read_referral` accepted is accepted here: it knew the installation's settings."""
    return Accepts(
        nhs_numbers=NhsNumberRange.ANY,
        fictional=bool(submission.phone) and is_fictional_phone(submission.phone),
    )
