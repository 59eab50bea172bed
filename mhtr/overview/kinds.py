"""What a row calls its action, and whose case page is shown."""

from collections.abc import Iterable, Mapping

from mhtr.core.access import CLINICAL_ROLES, Purpose, Role
from mhtr.tasks.kinds import CLINICAL_KINDS, kinds_of
from mhtr.tasks.models import TaskKind

K = TaskKind

ACTION_WORDS: Mapping[TaskKind, str] = {
    K.RISK_REVIEW: "Look now",
    K.TRIAGE: "Triage",
    K.ALLOCATE: "Allocate",
    K.ASSESS: "Assess",
    K.REPORT_DUE: "Open report",
    K.REPORT_LATE: "See to it",
    K.COUNTERSIGN: "Read and sign",
    K.REVISE: "Revise",
    K.RELEASE: "Release",
    K.ADDENDUM_ASKED: "Add or answer",
    K.RESULT_AWAITED: "Record result",
    K.CHASE_HEARING: "Record it",
    K.ANSWER_DATE: "Answer",
    K.ANSWER_QUESTION: "Answer",
    K.IDENTITY_QUESTION: "Compare",
    K.NAME_READER: "Decide",
    K.TAKE_OVER: "Answer",
    K.ONWARD_REFERRAL: "Follow up",
    K.BREAK_GLASS_REVIEW: "Review",
    K.FLAG_REVIEW: "Review",
    K.FLAG_MAN: "Answer",
    K.CONSENT_WITHDRAWN: "Read",
    K.CONFIRM_CONSENT: "Ask him",
    K.ASK_CONTACT: "Ask him",
    K.PAUSED_CASE: "Look again",
    K.RECORD_ORDER: "Record order",
    K.INDUCTION: "See to it",
    K.MAKE_COURSE: "Make course",
    K.CHANGE_THERAPIST: "Answer",
    K.CHANGE_THERAPIST_LEAD: "Answer",
    K.CHANGE_THERAPIST_HIM: "Ask him",
    K.NAME_CONTACT: "Name contact",
    K.NAMED_PRACTITIONER: "See to it",
    K.PAST_ANSWER: "Look",
    K.RECORD_OUTCOME: "Record it",
    K.CONTACT_HIM: "Reach him",
    K.WELFARE_CALL: "Call him",
    K.REBOOK: "Look at them",
    K.SIGN_OFF_NOTE: "Read and sign",
    K.FINISH_NOTE: "Write it",
    K.TELL_PROBATION: "Tell them",
    K.DECIDE_LATE: "Decide",
    K.RISK_TOLD: "Acknowledge",
    K.SEND_PAPERS: "Make or send",
    K.RELEASED_REPORT: "See to it",
    K.FURTHER_TREATMENT: "Answer",
    K.TREATMENT_REPORT: "Write or sign",
    K.APPLY_TO_COURT: "Read it",
    K.REVIEW: "Arrange or sign",
    K.SIGN_REVIEW: "Read and sign",
    K.LETTER: "Write or send",
    K.SIGN_LETTER: "Read and sign",
    K.WORD_CLINICAL: "See to it",
    K.SAFEGUARDING: "See to it",
    K.WORD_OFFICE: "See to it",
}
BY_TODAY = frozenset({K.RESULT_AWAITED, K.FLAG_REVIEW, K.PAUSED_CASE})
"""Opened long before anything can be done: shown from the day on which they are due."""
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


def kinds_on_record(roles: Iterable[Role]) -> frozenset[TaskKind]:
    """Every kind of task that these roles read of on a case's page, whosever work it is."""
    mine = frozenset(roles)
    return kinds_of(mine) | (CLINICAL_KINDS if mine & CLINICAL_ROLES else frozenset())


def page_purpose(held: Iterable[Purpose]) -> Purpose | None:
    """The purpose whose case page is shown."""
    mine = set(held)
    return next((purpose for purpose in PURPOSE_ORDER if purpose in mine), None)
