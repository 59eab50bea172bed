"""Which kinds of task are whose, what a row calls its action, and whose case page is shown."""

from collections.abc import Iterable, Mapping

from mhtr.core.access import CLINICAL_ROLES, Purpose, Role
from mhtr.tasks.models import TaskKind

K = TaskKind

CLINICAL_KINDS = frozenset(K) - {
    K.BREAK_GLASS_REVIEW,
    K.ANSWER_DATE,
    K.IDENTITY_QUESTION,
    K.NAME_READER,
    K.TAKE_OVER,
}
OFFICE_KINDS = frozenset(
    {
        K.TRIAGE,
        K.ALLOCATE,
        K.CHASE_HEARING,
        K.IDENTITY_QUESTION,
        K.TAKE_OVER,
        K.RESULT_AWAITED,
        K.PAUSED_CASE,
    }
)
PROBATION_KINDS = frozenset({K.ANSWER_DATE, K.TAKE_OVER, K.RESULT_AWAITED, K.CHASE_HEARING})
CLINICAL_ALONE = (
    CLINICAL_KINDS - OFFICE_KINDS - PROBATION_KINDS - {K.ONWARD_REFERRAL, K.FLAG_REVIEW}
)
"""Nobody else works on these: shown only of cases that are the viewer's as a clinician."""

NOT_EVERY_CLINICIAN = frozenset({K.COUNTERSIGN, K.TRIAGE, K.ALLOCATE})
"""Only a clinical lead can do these; other clinicians see on a case's page that they wait."""

KINDS_OF_ROLE: Mapping[Role, frozenset[TaskKind]] = {
    **dict.fromkeys(CLINICAL_ROLES, CLINICAL_KINDS - NOT_EVERY_CLINICIAN),
    Role.CLINICAL_LEAD: CLINICAL_KINDS | {K.IDENTITY_QUESTION},
    Role.ADMINISTRATOR: OFFICE_KINDS | {K.ONWARD_REFERRAL},
    Role.LD_PRACTITIONER: frozenset({K.CHASE_HEARING}),
    Role.LINK_WORKER: frozenset({K.ONWARD_REFERRAL, K.FLAG_REVIEW}),
    Role.COURT_PROBATION: PROBATION_KINDS,
    Role.PROBATION: PROBATION_KINDS,
    Role.SENIOR_PROBATION: PROBATION_KINDS,
    Role.PRIVACY_OFFICER: frozenset({K.BREAK_GLASS_REVIEW, K.NAME_READER}),
}
"""A team's task is shown only to those of the team whose work it is."""

ACTION_WORDS: Mapping[TaskKind, str] = {
    K.RISK_REVIEW: "Look now",
    K.TRIAGE: "Triage",
    K.ALLOCATE: "Allocate",
    K.ASSESS: "Assess",
    K.REPORT_DUE: "Open report",
    K.COUNTERSIGN: "Read and sign",
    K.REVISE: "Revise",
    K.RELEASE: "Release",
    K.RESULT_AWAITED: "Record result",
    K.CHASE_HEARING: "Record it",
    K.ANSWER_DATE: "Answer",
    K.IDENTITY_QUESTION: "Compare",
    K.NAME_READER: "Decide",
    K.TAKE_OVER: "Answer",
    K.ONWARD_REFERRAL: "Follow up",
    K.BREAK_GLASS_REVIEW: "Review",
    K.FLAG_REVIEW: "Review",
    K.CONSENT_WITHDRAWN: "Read",
    K.PAUSED_CASE: "Look again",
    K.PAST_ANSWER: "Look",
}
BY_TODAY = frozenset({K.RESULT_AWAITED, K.FLAG_REVIEW, K.PAUSED_CASE})
"""Opened long before anything can be done: shown from the day on which they are due."""
NAMELESS = frozenset({K.BREAK_GLASS_REVIEW})
"""Shown by their kind alone to those whose work they are, without the man they concern."""
DONE_BY_HAND = frozenset({K.CONSENT_WITHDRAWN})
"""Nothing else in the program shows that these were done, so a person says so."""

PURPOSE_ORDER = (
    Purpose.CLINICAL,
    Purpose.ADMINISTRATION,
    Purpose.REFERRAL,
    Purpose.LINK_WORK,
    Purpose.PRE_SENTENCE,
    Purpose.PROBATION_REFERRAL,
    Purpose.SUPERVISION,
)
"""Which case page is shown to somebody who may see a case for several purposes."""


def kinds_of(roles: Iterable[Role]) -> frozenset[TaskKind]:
    """Every kind of task that these roles work on."""
    return frozenset().union(*(KINDS_OF_ROLE.get(role, frozenset()) for role in roles))


def kinds_on_record(roles: Iterable[Role]) -> frozenset[TaskKind]:
    """Every kind of task that these roles read of on a case's page, whosever work it is."""
    mine = frozenset(roles)
    return kinds_of(mine) | (CLINICAL_KINDS if mine & CLINICAL_ROLES else frozenset())


def page_purpose(held: Iterable[Purpose]) -> Purpose | None:
    """The purpose whose case page is shown."""
    mine = set(held)
    return next((purpose for purpose in PURPOSE_ORDER if purpose in mine), None)
