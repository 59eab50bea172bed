"""The head of every page about a man: who he is, what to mind, where his case stands."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from mhtr.cases import rules
from mhtr.cases.models import Case
from mhtr.cases.queries import purposes_held
from mhtr.cases.service import facts_of
from mhtr.cases.standing_words import outside_state, state_colour, state_text
from mhtr.core import clock, formats
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.people.identifiers import format_nhs_number
from mhtr.people.models import Flag, FlagKind, IdentifierKind, Permission, Person
from mhtr.web.navigation import NavItem, case_items

PROBATION_SIDE = frozenset({Purpose.PRE_SENTENCE, Purpose.SUPERVISION, Purpose.PROBATION_REFERRAL})

FLAG_WORDS = {
    FlagKind.RISK: "Risk",
    FlagKind.STAFF_SAFETY: "Staff safety",
    FlagKind.MUST_NOT_MEET: "Must not meet",
    FlagKind.SAFEGUARDING: "Safeguarding",
}


@dataclass(frozen=True)
class Alert:
    """A live warning: what kind, and the fact everybody concerned may know."""

    kind: str
    fact: str
    review_on: date
    overdue: bool


@dataclass(frozen=True)
class Record:
    """What the banner shows. The viewer's purpose decides which number he sees."""

    case: Case
    person: Person
    purposes: frozenset[Purpose]
    name: str
    born: str
    age: int | None
    number_label: str
    number: str
    alerts: tuple[Alert, ...]
    language: str
    interpreter: bool
    safe_contact: str
    state: str
    state_colour: str
    reasons: tuple[str, ...]
    nav: tuple[NavItem, ...]


def record(viewer: Viewer, case: Case) -> Record:
    """The banner of a case for this viewer (who must have found the case in his scope)."""
    person = case.person
    held = purposes_held(viewer, case)
    probation = bool(held) and held <= PROBATION_SIDE
    label, number = _number(person, probation=probation)
    standing = rules.fold(facts_of(case.id), clock.today())
    clinical = Purpose.CLINICAL in held
    state = standing.state if clinical else outside_state(standing.state)
    return Record(
        case=case,
        person=person,
        purposes=held,
        name=person.name,
        born=formats.day(person.born),
        age=formats.age_on(person.born, clock.today()),
        number_label=label,
        number=number,
        alerts=() if probation else _alerts(person.id),
        language="" if person.language in ("", "en") else person.language,
        interpreter=person.interpreter is Permission.YES,
        safe_contact="" if probation else _safe_contact(person),
        state=state_text(state),
        state_colour=state_colour(state),
        reasons=standing.reasons if clinical else (),
        nav=tuple(case_items(viewer, case.ref, held)),
    )


def _number(person: Person, *, probation: bool) -> tuple[str, str]:
    """CRN, never the NHS number, on court and probation pages."""
    held = {identifier.kind: identifier.value for identifier in person.identifiers}
    if probation:
        return "CRN", held.get(IdentifierKind.CRN, "not known")
    nhs = held.get(IdentifierKind.NHS)
    return "NHS number", format_nhs_number(nhs) if nhs else "not known"


def _alerts(person_id: int) -> tuple[Alert, ...]:
    rows = db.session.scalars(
        select(Flag).where(Flag.person_id == person_id, Flag.ended_at.is_(None)).order_by(Flag.id)
    )
    today = clock.today()
    return tuple(
        Alert(FLAG_WORDS[row.kind], row.fact, row.review_on, row.review_on < today) for row in rows
    )


def _safe_contact(person: Person) -> str:
    ways = [
        word
        for word, permission in (
            ("text", person.safe_to_text),
            ("voicemail", person.safe_to_voicemail),
            ("letter", person.safe_to_write),
        )
        if permission is Permission.YES
    ]
    return f"Safe by {', '.join(ways)}" if ways else "No way of reaching him is confirmed safe"
