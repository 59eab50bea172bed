"""What has to be asked again after a change of somebody's record, and whom to ask."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from itertools import product

from sqlalchemy import or_, select

from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people import listeners
from mhtr.people.matching import Match, Verdict, compare, names_a_fact
from mhtr.people.models import IdentityQuestion, Person, PersonChange
from mhtr.people.putting import apply
from mhtr.people.queries import (
    candidates,
    live_id,
    pair_question,
    record_ids,
    sketch_of,
    strength,
)
from mhtr.people.sections import Section, Value, asked_anew
from mhtr.people.values import values_of, words
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

QUESTION_DUE = timedelta(days=2)
TITLE = "Are two records the same person?"
WITHDRAWN = "withdrawn"
"""Instead of an answer: what raised the question was a typing error that was put right."""
NUMBER_SAVED = "The number was typed into one of the two records"
"""Among the reasons of a question that the saving of a number raised."""
PUT_RIGHT = (
    "The referrer put right who he is: so it stands in the referral, the record may say otherwise"
)
COMPARED = "A referral of the one was compared with the other"
OF_A_REFERRAL = ("The referrer put right who he is", COMPARED)
"""How a reason begins where a referral, and not the record, is what agrees."""


def ask_anew(
    person: Person, section: Section, changed: Collection[str], *, by: int | None
) -> dict[str, Value]:
    """Take back a yes to contact that he gave for the number or the place he had before.

    Returns what else changes in this section; what stands in another one is changed here, with
    its history. Called before the change is made.
    """
    must_be_writing()
    contact = values_of(person, Section.CONTACT)
    anew = asked_anew(section, {**contact, **values_of(person, section)}, changed)
    if not anew or section is Section.CONTACT:
        return anew
    apply(person, anew)
    held = words(contact)
    db.session.add(
        PersonChange(
            person_id=person.id,
            by_id=by,
            section=Section.CONTACT.value,
            reason="His address changed: ask him again.",
            before={name: held[name] for name in anew},
        )
    )
    return {}


def trust_of(by: int | None) -> int | None:
    """Who is to answer a question that somebody's change raised: his trust, where he has one."""
    staff = db.session.get(Staff, by) if by is not None else None
    if staff is None or staff.organisation.kind is not OrganisationKind.TREATING_TRUST:
        return None
    return staff.organisation.principal_id


def raise_identity_question(
    *,
    person_id: int,
    other_id: int,
    verdict: str,
    reasons: Iterable[str],
    by: int | None,
    owner_principal_id: int | None = None,
) -> IdentityQuestion | None:
    """Ask whether two records are one man; None where that was asked or answered before.

    Args:
        owner_principal_id: who is to answer it; without one the question waits in the list. One
            that waits there is his from now on.
    """
    must_be_writing()
    asked = None if person_id == other_id else pair_question(person_id, other_id)
    if person_id == other_id or asked is not None:
        if asked is not None and asked.answered_at is None:
            _give(asked, owner_principal_id, by)
        return None
    low, high = sorted((person_id, other_id))
    question = _withdrawn(low, high)
    if question is None:
        question = IdentityQuestion(
            person_id=low, other_id=high, verdict=verdict, reasons=list(reasons), raised_by=by
        )
        db.session.add(question)
    else:
        question.verdict, question.reasons, question.raised_by = verdict, list(reasons), by
        question.created_at = clock.now()
        question.answer = question.answered_at = question.answered_by = None
    db.session.flush()
    audit.record("people.identity_asked", by=by, question=question.id, people=[low, high])
    _give(question, owner_principal_id, by)
    return question


def _withdrawn(low: int, high: int) -> IdentityQuestion | None:
    """The same question, asked once and withdrawn: it is asked again."""
    return db.session.scalars(
        select(IdentityQuestion).where(
            IdentityQuestion.person_id == low, IdentityQuestion.other_id == high
        )
    ).one_or_none()


def ask_who_else_holds_it(person: Person, by: int | None) -> None:
    """After numbers of a record were saved: ask about other records that hold one of them too."""
    must_be_writing()
    for other in candidates(sketch_of(person), leave_out=[person.id]):
        if other.match.verdict is not Verdict.POSSIBLE:
            raise_identity_question(
                person_id=person.id,
                other_id=other.person_id,
                verdict=other.match.verdict.value,
                reasons=[*other.match.reasons, NUMBER_SAVED],
                by=by,
                owner_principal_id=trust_of(by),
            )


def look_again(person_id: int, by: int | None) -> None:
    """After who he is was put right: each open question about him says what is so now.

    One that nothing speaks for any more is withdrawn: a typing error had raised it.
    """
    must_be_writing()
    own = record_ids(live_id(person_id))
    waiting = select(IdentityQuestion).where(
        IdentityQuestion.answered_at.is_(None),
        or_(IdentityQuestion.person_id.in_(own), IdentityQuestion.other_id.in_(own)),
    )
    for question in db.session.scalars(waiting.order_by(IdentityQuestion.id)).all():
        by_referral = any(reason.startswith(OF_A_REFERRAL) for reason in question.reasons)
        by_number = question.verdict != Verdict.POSSIBLE.value
        if not (by_number or by_referral) or not any(map(names_a_fact, question.reasons)):
            continue  # names and dates alone, or somebody asks for a reason of his own
        one, two = (live_id(end) for end in (question.person_id, question.other_id))
        match = _agree(one, two, by_referral=by_referral)
        if match is None:
            _withdraw(question, by)
        else:
            kept = [reason for reason in question.reasons if not names_a_fact(reason)]
            question.verdict, question.reasons = match.verdict.value, [*match.reasons, *kept]


def _agree(one: int, two: int, *, by_referral: bool) -> Match | None:
    """What agrees most of two records now; of what referrals say too where one had raised it."""
    held = {
        end: [sketch_of(db.session.get_one(Person, i)) for i in record_ids(end)]
        for end in (one, two)
    }
    pairs = list(product(held[one], held[two]))
    if by_referral:
        said = {
            end: [found for asked in listeners.also_said for found in asked(record_ids(end))]
            for end in (one, two)
        }
        pairs += [*product(said[one], held[two]), *product(held[one], said[two])]
    found = [match for pair in pairs if (match := compare(*pair)).verdict is not Verdict.NONE]
    return min(found, key=strength, default=None)


def _withdraw(question: IdentityQuestion, by: int | None) -> None:
    question.answer, question.answered_at, question.answered_by = WITHDRAWN, clock.now(), by
    audit.record("people.identity_withdrawn", by=by, question=question.id)
    task = tasks.with_key(question_key(question.id))
    if task is not None:
        tasks.withdraw(task, by=by, because="people.number_corrected")
    db.session.flush()


def question_key(question_id: int) -> str:
    """Which task asks a question about identity."""
    return f"identity:{question_id}"


def _give(question: IdentityQuestion, owner_principal_id: int | None, by: int | None) -> None:
    """Open the task to answer it; where somebody has it already it stays his."""
    if owner_principal_id is not None:
        tasks.open_task(
            TaskKind.IDENTITY_QUESTION,
            key=question_key(question.id),
            title=TITLE,
            owner_principal_id=owner_principal_id,
            due_at=clock.now() + QUESTION_DUE,
            by=by,
            endpoint="people.identity_question",
            subject_ref=question.ref,
        )
    for listener in listeners.identity_asked:
        listener(question, by)
