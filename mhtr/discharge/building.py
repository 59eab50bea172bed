"""A letter as it would be signed now: what was written, and what the record says."""

from dataclasses import dataclass, replace
from datetime import date

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.discharge import queries
from mhtr.discharge.letter_content import Letter, content_hash, fact_rows
from mhtr.discharge.letter_kinds import shape_of
from mhtr.discharge.models import CaseLetter, LetterVersion
from mhtr.discharge.rules import PLAN_HEADINGS, Signer, Signs, signs_as
from mhtr.discharge.treatment_facts import course_of, facts_of, has_ended, therapist_of
from mhtr.intake import onward_queries
from mhtr.messages.links import reference
from mhtr.people.identifiers import format_nhs_number
from mhtr.people.kinds import IdentifierKind
from mhtr.suitability.result_owner import trust_of
from sessions.courses.models import Course

NO_COURSE = "He has no course of treatment here, so there is nothing to write of."
NOT_ENDED = (
    "His treatment has not ended. It is signed once its planned sessions are held, or it is ended."
)
NO_PLAN = "It is to hold his plan for later, and there is none yet. Write it with him first."
NO_AGAIN = "Say why it is issued anew."
NO_DRAFT = "Nothing of it is being written. Issue it anew first."


@dataclass(frozen=True)
class Built:
    """A letter as somebody would sign it now.

    Args:
        letter: None while something is lacking, or it is not for `by` to sign.
        against: everything that stands against signing it.
        signs: what the signature of `by` would do.
        first: the name of its author, whose signature waits for a lead's.
        looks: the letter as it stands so far, for whoever may not sign it.
    """

    letter: Letter | None
    against: tuple[str, ...]
    signs: Signs | None
    first: str
    looks: Letter | None


def build(case: Case, row: CaseLetter, *, by: int) -> Built:
    """A letter as it would be signed now by somebody."""
    course, sent = course_of(case.id), queries.versions_of_letter(row)
    if course is None:
        return Built(None, (NO_COURSE,), None, "", None)
    first = first_signer(case, row, course, sent)
    treats = therapist_of(course)
    signs, why = signs_as(
        signer_of(by),
        therapist=treats.id if treats else None,
        name=treats.name if treats else "",
        first=first.id if first else None,
    )
    author = first or (db.session.get_one(Staff, by) if signs else treats)
    looks = _letter(case, row, course, len(sent) + 1, author, row.first_on if first else None)
    against = [*lacks(case, row, course, again=bool(sent)), *([why] if why else [])]
    made = _countersigned(looks, by) if signs is Signs.SECOND else looks
    name = first.name if first else ""
    return Built(None if against else made, tuple(against), signs, name, looks)


def lacks(case: Case, row: CaseLetter, course: Course, *, again: bool) -> list[str]:
    """What a draft lacks before anybody can sign it."""
    shape = shape_of(row.kind)
    missing = [] if row.drafted_at is not None else [NO_DRAFT]
    if shape.ended and not has_ended(course):
        missing.append(NOT_ENDED)
    missing += [
        f"“{part.heading}” is empty."
        for part in shape.parts
        if not str(row.parts.get(part.key, "")).strip()
    ]
    if row.with_plan and queries.plan_now(case.id) is None:
        missing.append(NO_PLAN)
    if again and not (row.why_again or "").strip():
        missing.append(NO_AGAIN)
    return missing


def signer_of(staff_id: int) -> Signer:
    """Somebody as one who signs."""
    staff = db.session.get_one(Staff, staff_id)
    lead = Role.CLINICAL_LEAD in {one.role for one in staff.roles}
    return Signer(staff.id, staff.registration is not None, lead)


def first_signer(
    case: Case, row: CaseLetter, course: Course, sent: list[LetterVersion]
) -> Staff | None:
    """Its author who signed exactly what it says now; None where nobody did.

    Whatever changed since, also a fact on record, takes that signature away.
    """
    if row.first_by is None or row.first_on is None:
        return None
    author = db.session.get_one(Staff, row.first_by)
    made = _letter(case, row, course, len(sent) + 1, author, row.first_on)
    return author if content_hash(made) == row.first_hash else None


def waits_for_lead(case: Case, row: CaseLetter) -> bool:
    """Whether its author signed it as it stands, and a lead is still to sign it."""
    course = course_of(case.id)
    if course is None or row.drafted_at is None:
        return False
    return first_signer(case, row, course, queries.versions_of_letter(row)) is not None


def _letter(
    case: Case, row: CaseLetter, course: Course, number: int, author: Staff | None, on: date | None
) -> Letter:
    shape, person = shape_of(row.kind), case.person
    parts = ((part.heading, str(row.parts.get(part.key, "")).strip()) for part in shape.parts)
    held = (one.value for one in person.identifiers if one.kind is IdentifierKind.NHS)
    nhs_number = next(held, "")
    return Letter(
        kind=row.kind,
        reference=f"{reference(case.ref)}/{row.ref.hex[:4].upper()}",
        number=number,
        service=trust_of(case).name,
        written_on=on or clock.today(),
        person_name=person.name,
        person_born_on=person.born,
        nhs_number=format_nhs_number(nhs_number) if nhs_number else "",
        facts=fact_rows(row.kind, facts_of(case, course)),
        parts=tuple(parts),
        plan=_plan(case.id) if row.with_plan else (),
        services=_services(case.id, row),
        author=author.name if author else "",
        author_title=author.job_title if author else "",
        registration=_registered_as(author) if author else "",
        why_again=(row.why_again or "").strip() if number > 1 else "",
    )


def _plan(case_id: int) -> tuple[tuple[str, str], ...]:
    row = queries.plan_now(case_id)
    if row is None:
        return ()
    words = tuple((name, str(row.words.get(name, "")).strip()) for name in PLAN_HEADINGS)
    return (*words, ("dissent", row.dissent or ""))


def _services(case_id: int, row: CaseLetter) -> tuple[str, ...]:
    """Those of his onward referrals that he agreed to have named."""
    wanted = set(row.named or ())
    found = [one for one in onward_queries.of_case(case_id) if str(one.ref) in wanted]
    return tuple(onward_queries.service_label(one) for one in reversed(found))


def _registered_as(staff: Staff) -> str:
    found = staff.registration
    return f"{found.register} {found.number}" if found is not None else ""


def _countersigned(letter: Letter, by: int) -> Letter:
    lead = db.session.get_one(Staff, by)
    title = ", ".join(part for part in (lead.job_title, _registered_as(lead)) if part)
    return replace(letter, countersigner=lead.name, countersigned_as=title)
