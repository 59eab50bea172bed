"""What has to be asked again after a change of somebody's record, and whom to ask."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people.models import IdentityQuestion, Person, PersonChange
from mhtr.people.putting import apply
from mhtr.people.queries import pair_question
from mhtr.people.sections import Section, Value, asked_anew
from mhtr.people.values import values_of, words
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

QUESTION_DUE = timedelta(days=2)


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
    question = IdentityQuestion(
        person_id=low, other_id=high, verdict=verdict, reasons=list(reasons), raised_by=by
    )
    db.session.add(question)
    db.session.flush()
    audit.record("people.identity_asked", by=by, question=question.id, people=[low, high])
    _give(question, owner_principal_id, by)
    return question


def _give(question: IdentityQuestion, owner_principal_id: int | None, by: int | None) -> None:
    """Open the task to answer it; where somebody has it already it stays his."""
    if owner_principal_id is not None:
        tasks.open_task(
            TaskKind.IDENTITY_QUESTION,
            key=f"identity:{question.id}",
            title="Are two records the same person?",
            owner_principal_id=owner_principal_id,
            due_at=clock.now() + QUESTION_DUE,
            by=by,
            endpoint="people.identity_question",
            subject_ref=question.ref,
        )
