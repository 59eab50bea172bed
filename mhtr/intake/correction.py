"""What a referrer put right about who a man is, where his record says something else.

The referral is the referrer's own statement and is amended at once. The record is the service's:
it is changed only by somebody there who has compared the two.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, formats
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.intake import policy, queries
from mhtr.intake.models import Referral
from mhtr.people import queries as people_queries
from mhtr.people import service as people
from mhtr.people.matching import PersonSketch
from mhtr.people.models import Person
from mhtr.people.names import PersonName
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState


class Found(StrEnum):
    """What comparing the two came to."""

    RECORD_RIGHT = "record_right"
    RECORD_CHANGED = "record_changed"


@dataclass(frozen=True)
class Difference:
    """One thing the referral says otherwise than the record."""

    label: str
    referral: str
    record: str


def differences(case: Case, referral: Referral) -> list[Difference]:
    """What the referral says of who he is that his record does not say."""
    said, person = referral.answers, db.session.get_one(Person, case.person_id)
    numbers = {row.kind.value: row.value for row in person.identifiers}
    born = str(said.get("born", ""))
    pairs = [
        ("First name", said.get("given_name", ""), person.given_name),
        ("Last name", said.get("family_name", ""), person.family_name),
        (
            "Date of birth",
            formats.day(date.fromisoformat(born)) if born else "",
            formats.day(person.born),
        ),
        ("NHS number", said.get("nhs_number", ""), numbers.get("nhs", "")),
        ("CRN", said.get("crn", ""), numbers.get("crn", "")),
    ]
    return [
        Difference(label, str(here), there)
        for label, here, there in pairs
        if here and str(here).casefold() != there.casefold()
    ]


def ask(case: Case, referral: Referral, *, by: int) -> None:
    """Ask the trust to compare, where the record differs; and whether he is on another record."""
    must_be_writing()
    owner = queries.organisation_principal(referral.trust_id)
    for task in _open(referral):
        tasks.withdraw(task, by=by, because="intake.amended")
    if differences(case, referral):
        tasks.open_task(
            TaskKind.IDENTITY_QUESTION,
            key=f"correction:{referral.id}:{referral.version}",
            title="A referrer put right who a man is: compare with his record",
            owner_principal_id=owner,
            due_at=queries.due_in(int(values(policy.TRIAGE_DAYS)["triage_days"])),
            by=by,
            case_id=case.id,
            endpoint="intake.correction",
            subject_ref=case.ref,
        )
    for candidate in people_queries.candidates(_sketch(referral), leave_out=[case.person_id]):
        people.raise_identity_question(
            person_id=case.person_id,
            other_id=candidate.person_id,
            verdict=candidate.match.verdict.value,
            reasons=[*candidate.match.reasons, "The referrer put right who he is."],
            by=by,
            owner_principal_id=owner,
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
