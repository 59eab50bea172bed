"""Which kinds of task are whose work, by role."""

from collections.abc import Iterable, Mapping

from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.tasks.models import TaskKind

K = TaskKind

PROBATION_ALONE = frozenset({K.DECIDE_LATE, K.SEND_PAPERS, K.RELEASED_REPORT, K.APPLY_TO_COURT})
"""Steps of probation that are not issued: nobody of the service learns of them."""
CLINICAL_KINDS = (
    frozenset(K)
    - {
        K.BREAK_GLASS_REVIEW,
        K.ANSWER_DATE,
        K.ANSWER_QUESTION,
        K.IDENTITY_QUESTION,
        K.NAME_READER,
        K.TAKE_OVER,
        K.RISK_TOLD,
        K.SIGN_REVIEW,
    }
    - PROBATION_ALONE
)
OFFICE_KINDS = frozenset(
    {
        K.TRIAGE,
        K.ALLOCATE,
        K.CHASE_HEARING,
        K.IDENTITY_QUESTION,
        K.TAKE_OVER,
        K.RESULT_AWAITED,
        K.PAUSED_CASE,
        K.REPORT_LATE,
        K.RECORD_ORDER,
        K.INDUCTION,
        K.NAME_CONTACT,
        K.NAMED_PRACTITIONER,
        K.RECORD_OUTCOME,
        K.CONTACT_HIM,
        K.TELL_PROBATION,
        K.REBOOK,
        K.WORD_OFFICE,
    }
)
PROBATION_KINDS = frozenset(
    {K.ANSWER_DATE, K.ANSWER_QUESTION, K.TAKE_OVER, K.RESULT_AWAITED, K.CHASE_HEARING}
)
SUPERVISING_KINDS = PROBATION_KINDS | PROBATION_ALONE | {K.RISK_TOLD, K.SIGN_REVIEW}
CLINICAL_ALONE = (
    CLINICAL_KINDS - OFFICE_KINDS - PROBATION_KINDS - {K.ONWARD_REFERRAL, K.FLAG_REVIEW}
)
"""Nobody else works on these: shown only of cases that are the viewer's as a clinician."""

NOT_EVERY_CLINICIAN = frozenset(
    {
        K.COUNTERSIGN,
        K.TRIAGE,
        K.ALLOCATE,
        K.REPORT_LATE,
        K.SIGN_OFF_NOTE,
        K.SIGN_LETTER,
        K.CHANGE_THERAPIST_LEAD,
    }
)
"""Only a clinical lead can do these; other clinicians see on a case's page that they wait."""

KINDS_OF_ROLE: Mapping[Role, frozenset[TaskKind]] = {
    **dict.fromkeys(CLINICAL_ROLES, CLINICAL_KINDS - NOT_EVERY_CLINICIAN),
    Role.CLINICAL_LEAD: CLINICAL_KINDS | {K.IDENTITY_QUESTION},
    Role.ADMINISTRATOR: OFFICE_KINDS | {K.ONWARD_REFERRAL},
    Role.LD_PRACTITIONER: frozenset({K.CHASE_HEARING, K.ANSWER_QUESTION}),
    Role.LINK_WORKER: frozenset({K.ONWARD_REFERRAL, K.FLAG_REVIEW}),
    Role.COURT_PROBATION: PROBATION_KINDS,
    Role.PROBATION: SUPERVISING_KINDS,
    Role.SENIOR_PROBATION: SUPERVISING_KINDS,
    Role.PRIVACY_OFFICER: frozenset({K.BREAK_GLASS_REVIEW, K.NAME_READER}),
}
"""A team's task is shown only to those of the team whose work it is."""
NAMELESS = frozenset({K.BREAK_GLASS_REVIEW})
"""Shown by their kind alone to those whose work they are, without the man they concern."""


def kinds_of(roles: Iterable[Role]) -> frozenset[TaskKind]:
    """Every kind of task that these roles work on."""
    return frozenset().union(*(KINDS_OF_ROLE.get(role, frozenset()) for role in roles))
