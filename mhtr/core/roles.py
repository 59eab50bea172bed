"""Roles of staff, the purposes they act for, and the disclosure wall between them."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff does. One person may hold several on the same side of the wall."""

    LD_PRACTITIONER = "ld_practitioner"
    ASSESSOR = "assessor"
    CLINICAL_LEAD = "clinical_lead"
    DUTY_CLINICIAN = "duty_clinician"
    ADMINISTRATOR = "administrator"
    LINK_WORKER = "link_worker"
    COURT_PROBATION = "court_probation"
    PROBATION = "probation"
    SENIOR_PROBATION = "senior_probation"
    SERVICE_MANAGER = "service_manager"
    COMMISSIONER = "commissioner"
    PRIVACY_OFFICER = "privacy_officer"
    SYSTEM_ADMINISTRATOR = "system_administrator"


ROLE_LABELS = {
    Role.LD_PRACTITIONER: "Liaison and Diversion practitioner",
    Role.ASSESSOR: "Assessor and therapist",
    Role.CLINICAL_LEAD: "Clinical lead",
    Role.DUTY_CLINICIAN: "Duty clinician",
    Role.ADMINISTRATOR: "Service administrator",
    Role.LINK_WORKER: "Community link worker",
    Role.COURT_PROBATION: "Court probation officer",
    Role.PROBATION: "Probation practitioner",
    Role.SENIOR_PROBATION: "Senior probation officer",
    Role.SERVICE_MANAGER: "Service manager",
    Role.COMMISSIONER: "Commissioner",
    Role.PRIVACY_OFFICER: "Privacy officer",
    Role.SYSTEM_ADMINISTRATOR: "System administrator",
}


class Purpose(StrEnum):
    """Why somebody may see a case; decides which pages of it are his."""

    REFERRAL = "referral"
    """L&D: what was referred and what became of it."""
    PROBATION_REFERRAL = "probation_referral"
    """Probation staff who referred: what they sent and what became of it, nothing clinical."""
    CLINICAL = "clinical"
    """Assessment and treatment, the whole clinical record."""
    ADMINISTRATION = "administration"
    """Booking, letters, contact details; no clinical text."""
    LINK_WORK = "link_work"
    """Practical support: safe contact and the minimum about risk."""
    PRE_SENTENCE = "pre_sentence"
    """The PSR author and her court team: request and released report."""
    SUPERVISION = "supervision"
    """The responsible officer: attendance and compliance."""


_PROBATION = frozenset({Purpose.SUPERVISION, Purpose.PRE_SENTENCE, Purpose.PROBATION_REFERRAL})
ROLE_PURPOSES: dict[Role, frozenset[Purpose]] = {
    Role.LD_PRACTITIONER: frozenset({Purpose.REFERRAL}),
    Role.ASSESSOR: frozenset({Purpose.CLINICAL}),
    Role.CLINICAL_LEAD: frozenset({Purpose.CLINICAL}),
    Role.DUTY_CLINICIAN: frozenset({Purpose.CLINICAL}),
    Role.ADMINISTRATOR: frozenset({Purpose.ADMINISTRATION}),
    Role.LINK_WORKER: frozenset({Purpose.LINK_WORK}),
    Role.COURT_PROBATION: frozenset({Purpose.PRE_SENTENCE, Purpose.PROBATION_REFERRAL}),
    Role.PROBATION: _PROBATION,
    Role.SENIOR_PROBATION: _PROBATION,
}

CLINICAL_ROLES = frozenset({Role.ASSESSOR, Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN})
SUPERVISES = (Role.PROBATION, Role.SENIOR_PROBATION)
"""Who supervises a man under an order: decides of absences, warns, and records what was done."""
PROBATION_ROLES = frozenset({Role.COURT_PROBATION, Role.PROBATION, Role.SENIOR_PROBATION})


def across_the_wall(roles: Iterable[Role]) -> bool:
    """Whether a set of roles would put one person on both sides of the disclosure wall."""
    held = set(roles)
    inside = {
        Role.ASSESSOR,
        Role.CLINICAL_LEAD,
        Role.DUTY_CLINICIAN,
        Role.ADMINISTRATOR,
        Role.LD_PRACTITIONER,
        Role.LINK_WORKER,
    }
    return bool(held & PROBATION_ROLES) and bool(held & inside)


def purposes_of(roles: Iterable[Role]) -> frozenset[Purpose]:
    """Every purpose these roles may act for."""
    return frozenset().union(*(ROLE_PURPOSES.get(role, frozenset()) for role in roles))
