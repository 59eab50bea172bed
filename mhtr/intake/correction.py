"""What a referral says of a man, at first or put right, where his record says something else.

The referral is the referrer's own statement and is amended at once. The record is the service's:
it is changed only by somebody there who has compared the two.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.intake import policy, queries
from mhtr.intake.models import Referral, ReferralAmendment
from mhtr.intake.steps import FIELDS_OF, FormStep
from mhtr.people import listeners
from mhtr.people import queries as people_queries
from mhtr.people import service as people
from mhtr.people.asking import PUT_RIGHT, look_again
from mhtr.people.learning import FROM
from mhtr.people.matching import PersonSketch
from mhtr.people.models import Person
from mhtr.people.names import PersonName, is_placeholder
from mhtr.people.sections import FIELDS as LABELS
from mhtr.people.sections import Value
from mhtr.people.values import alias_text, phone_text, values_of, words_of
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState


class Found(StrEnum):
    """What comparing the two came to."""

    RECORD_RIGHT = "record_right"
    RECORD_CHANGED = "record_changed"


@dataclass(frozen=True)
class Difference:
    """One thing the referral says otherwise than the record. `field` is the referral's name."""

    field: str
    label: str
    referral: str
    record: str


IN_RECORD = {"nhs_number": "nhs"}
"""Answers of a referral that a record knows under another name."""
COMPARED = (
    "given_name",
    "family_name",
    "born",
    "nhs_number",
    "crn",
    "phone",
    "safe_to_text",
    "language",
    "interpreter",
)
NAMES = ("given_name", "family_name")
_UNSAID = ("", "unknown")


def differences(case: Case, referral: Referral) -> list[Difference]:
    """What the referral says of him that his record does not say."""
    said = {name: str(text) for name, text in referral.answers.items()}
    person = db.session.get_one(Person, case.person_id)
    held: dict[str, Value] = {}
    for section in FROM:
        held |= values_of(person, section)
    found = []
    for field in COMPARED:
        name, here = IN_RECORD.get(field, field), said.get(field, "")
        there = str(held[name] or "")
        if field in NAMES and is_placeholder(PersonName(here, "")):
            continue
        if here not in _UNSAID and here.casefold() != there.casefold():
            value = date.fromisoformat(here) if name == "born" else here
            found.append(
                _difference(field, name, words_of(name, value), words_of(name, held[name]))
            )
    return found + _other_name(said, person) + _number_taken_out(said, referral, person)


def _difference(field: str, name: str, here: str, there: str) -> Difference:
    label = next(labels[name] for labels in LABELS.values() if name in labels)
    return Difference(field, label, here, there)


def _other_name(said: Mapping[str, str], person: Person) -> list[Difference]:
    also = " ".join(said.get("also_known_as", "").split())
    aliases = [alias_text(a.given_name, a.family_name) for a in person.aliases]
    known = [person.name, f"{person.known_as} {person.family_name}", *aliases]
    if not also or also.casefold() in (name.casefold() for name in known):
        return []
    return [_difference("also_known_as", "aliases", also, "; ".join(aliases))]


def _number_taken_out(
    said: Mapping[str, str], referral: Referral, person: Person
) -> list[Difference]:
    """The record may have its number from this referral, which gives none any more."""
    if said.get("phone") or not person.phone:
        return []
    amended = select(ReferralAmendment).where(ReferralAmendment.referral_id == referral.id)
    if all(row.before.get("phone") != person.phone for row in db.session.scalars(amended)):
        return []
    return [_difference("phone", "phone", "Taken out again", phone_text(person.phone))]


def ask(
    case: Case, referral: Referral, *, by: int | None, about: Collection[str] | None = None
) -> None:
    """Ask the trust to compare, where the record differs in one of these answers.

    Args:
        about: the answers given or put right now; None means all of them.
    """
    must_be_writing()
    waiting = _open(referral)
    for task in waiting:
        tasks.withdraw(task, by=by, because="intake.amended")
    found = differences(case, referral)
    if found and (waiting or about is None or any(row.field in about for row in found)):
        tasks.open_task(
            TaskKind.IDENTITY_QUESTION,
            key=f"correction:{referral.id}:{referral.version}",
            title="A referral and a man's record differ: compare the two",
            owner_principal_id=queries.organisation_principal(referral.trust_id),
            due_at=queries.due_in(int(values(policy.TRIAGE_DAYS)["triage_days"])),
            by=by,
            case_id=case.id,
            endpoint="intake.correction",
            subject_ref=case.ref,
        )


def ask_who(case: Case, referral: Referral, *, by: int) -> None:
    """Ask as `ask` after who he is was put right, and whether he is on another record.

    A question that only the error had raised is withdrawn.
    """
    look_again(case.person_id, by)
    ask(case, referral, by=by, about=FIELDS_OF[FormStep.PERSON])
    for candidate in people_queries.candidates(_sketch(referral), leave_out=[case.person_id]):
        people.raise_identity_question(
            person_id=case.person_id,
            other_id=candidate.person_id,
            verdict=candidate.match.verdict.value,
            reasons=[*candidate.match.reasons, PUT_RIGHT],
            by=by,
            owner_principal_id=queries.organisation_principal(referral.trust_id),
        )


def answer(*, case_id: int, found: Found, by: int) -> None:
    """Record what comparing came to, which settles the question.

    Raises:
        NotFound: no question is open.
        Refused: said to be changed, and the record still says otherwise.
    """
    case, referral = cases.lock(case_id), queries.referral_of(case_id)
    waiting = _open(referral) if referral is not None else []
    if referral is None or not waiting:
        raise NotFound
    if found is Found.RECORD_CHANGED and differences(case, referral):
        raise Refused("The record still says otherwise. Change it first, or say that it is right.")
    for task in waiting:
        tasks.finish(task, by=by, outcome=found.value)
    audit.record("intake.correction_answered", by=by, case_id=case_id, answer=found.value)


def waits(referral: Referral) -> bool:
    """Whether somebody is still to compare."""
    return bool(_open(referral))


def _open(referral: Referral) -> list[Task]:
    return list(
        db.session.scalars(
            select(Task).where(
                Task.case_id == referral.case_id,
                Task.key.startswith(f"correction:{referral.id}:"),
                Task.state == TaskState.OPEN,
            )
        )
    )


def _sketch(referral: Referral) -> PersonSketch:
    said = {name: str(text) for name, text in referral.answers.items()}
    names = [PersonName(said.get("given_name", ""), said.get("family_name", ""))]
    given, _, family = said.get("also_known_as", "").rpartition(" ")
    if family:
        names.append(PersonName(given, family))
    held = {"nhs": said.get("nhs_number", ""), "crn": said.get("crn", "")}
    return PersonSketch(
        names=tuple(names),
        date_of_birth=date.fromisoformat(said["born"]) if said.get("born") else None,
        identifiers={kind: value for kind, value in held.items() if value},
    )


def _said_of(person_ids: Collection[int]) -> list[PersonSketch]:
    """What the referrals of these records say of who he is."""
    query = select(Referral).join(Case, Case.id == Referral.case_id)
    rows = db.session.scalars(query.where(Case.person_id.in_(person_ids)).order_by(Referral.id))
    return [_sketch(referral) for referral in rows]


listeners.also_said.append(_said_of)
