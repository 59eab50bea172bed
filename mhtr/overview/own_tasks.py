"""The blocks of Today that hold tasks of the viewer's own or of his teams."""

from dataclasses import dataclass

from mhtr.core.access import CLINICAL_ROLES, PROBATION_ROLES, SUPERVISES, Role
from mhtr.tasks.models import TaskKind

K = TaskKind
ADMIN = Role.ADMINISTRATOR
LEAD = Role.CLINICAL_LEAD


@dataclass(frozen=True)
class Mine:
    """A block of tasks of his own or his teams."""

    key: str
    heading: str
    kinds: frozenset[TaskKind]
    roles: frozenset[Role]
    worklist: str = "tasks"


MINE = (
    Mine("welfare", "Welfare calls", frozenset({K.WELFARE_CALL}), CLINICAL_ROLES),
    Mine(
        "reach",
        "Missed a session: reach him",
        frozenset({K.CONTACT_HIM}),
        CLINICAL_ROLES | {ADMIN},
    ),
    Mine(
        "outcomes",
        "Sessions without a record of what happened",
        frozenset({K.RECORD_OUTCOME}),
        CLINICAL_ROLES | {ADMIN},
    ),
    Mine(
        "tell_probation",
        "Probation to be told another way",
        frozenset({K.TELL_PROBATION}),
        CLINICAL_ROLES | {ADMIN},
    ),
    Mine(
        "from_probation",
        "From probation",
        frozenset({K.WORD_CLINICAL, K.WORD_OFFICE}),
        CLINICAL_ROLES | {ADMIN},
    ),
    Mine(
        "rebook",
        "Sessions booked outside the requirement",
        frozenset({K.REBOOK}),
        CLINICAL_ROLES | {ADMIN},
    ),
    Mine("finish_notes", "Session notes to finish", frozenset({K.FINISH_NOTE}), CLINICAL_ROLES),
    Mine("sign_notes", "Notes to sign off", frozenset({K.SIGN_OFF_NOTE}), frozenset({LEAD})),
    Mine("returned", "Returned to me", frozenset({K.REVISE}), CLINICAL_ROLES),
    Mine(
        "countersign",
        "Waiting for a countersignature",
        frozenset({K.COUNTERSIGN}),
        frozenset({LEAD}),
        "countersign",
    ),
    Mine(
        "late",
        "Reports that cannot be ready in time",
        frozenset({K.REPORT_LATE}),
        frozenset({LEAD, ADMIN}),
    ),
    Mine("reports", "Reports due", frozenset({K.REPORT_DUE}), CLINICAL_ROLES, "reports"),
    Mine("release", "Ready to release", frozenset({K.RELEASE}), CLINICAL_ROLES),
    Mine("addenda", "Addenda asked for", frozenset({K.ADDENDUM_ASKED}), CLINICAL_ROLES),
    Mine(
        "safeguarding",
        "Safeguarding referrals to follow up",
        frozenset({K.SAFEGUARDING}),
        CLINICAL_ROLES,
    ),
    Mine("assess", "Assessments to do", frozenset({K.ASSESS}), CLINICAL_ROLES),
    Mine(
        "risk_told",
        "Risks that the service tells you",
        frozenset({K.RISK_TOLD}),
        frozenset(SUPERVISES),
    ),
    Mine(
        "decide_late",
        "Absences that wait too long for a decision",
        frozenset({K.DECIDE_LATE}),
        frozenset(SUPERVISES),
    ),
    Mine(
        "send_papers",
        "Papers of referrals to send",
        frozenset({K.SEND_PAPERS}),
        frozenset(SUPERVISES),
    ),
    Mine(
        "released_reports",
        "Compliance reports that left, to see to",
        frozenset({K.RELEASED_REPORT}),
        frozenset(SUPERVISES),
    ),
    Mine("dates", "Dates to answer", frozenset({K.ANSWER_DATE}), PROBATION_ROLES),
    Mine(
        "take_over",
        "Another team asks for a report",
        frozenset({K.TAKE_OVER}),
        PROBATION_ROLES | {ADMIN},
    ),
    Mine(
        "results",
        "Court results to record",
        frozenset({K.RESULT_AWAITED}),
        PROBATION_ROLES | CLINICAL_ROLES | {ADMIN},
        "results",
    ),
    Mine(
        "orders",
        "Sentenced: the order and the probation contact",
        frozenset({K.RECORD_ORDER, K.NAME_CONTACT}),
        CLINICAL_ROLES | {ADMIN},
    ),
    Mine(
        "named_practitioner",
        "The order names somebody who no longer directs",
        frozenset({K.NAMED_PRACTITIONER}),
        CLINICAL_ROLES | {ADMIN},
    ),
    Mine(
        "therapists",
        "Another therapist is proposed",
        frozenset(
            {K.CHANGE_THERAPIST, K.CHANGE_THERAPIST_LEAD, K.CHANGE_THERAPIST_HIM}
        ),
        CLINICAL_ROLES,
    ),
    Mine("courses", "Courses to make", frozenset({K.MAKE_COURSE}), CLINICAL_ROLES),
    Mine(
        "further_treatment",
        "Planned sessions finished: is more required?",
        frozenset({K.FURTHER_TREATMENT}),
        CLINICAL_ROLES,
    ),
    Mine(
        "treatment_reports",
        "Reports on treatment to write or sign",
        frozenset({K.TREATMENT_REPORT}),
        CLINICAL_ROLES,
    ),
    Mine(
        "apply_to_court",
        "Reports on treatment: an application to the court",
        frozenset({K.APPLY_TO_COURT}),
        frozenset(SUPERVISES),
    ),
    Mine("reviews", "Three-way reviews", frozenset({K.REVIEW}), CLINICAL_ROLES),
    Mine(
        "sign_reviews",
        "Reviews to read and sign",
        frozenset({K.SIGN_REVIEW}),
        frozenset(SUPERVISES),
    ),
    Mine("induction", "Inductions", frozenset({K.INDUCTION}), CLINICAL_ROLES | {ADMIN}),
    Mine(
        "identity",
        "Is this one man or two?",
        frozenset({K.IDENTITY_QUESTION}), frozenset({LEAD, ADMIN}),
    ),
    Mine(
        "named", "Who may see a restricted record?",
        frozenset({K.NAME_READER}), frozenset({Role.PRIVACY_OFFICER}),
    ),
    Mine(
        "flags", "Warnings to review", frozenset({K.FLAG_REVIEW, K.FLAG_MAN}), CLINICAL_ROLES,
    ),
    Mine("past", "Past answers to look at", frozenset({K.PAST_ANSWER}), CLINICAL_ROLES),
    Mine("consent", "He declined or withdrew", frozenset({K.CONSENT_WITHDRAWN}), CLINICAL_ROLES),
    Mine("contact", "How may he be reached?", frozenset({K.ASK_CONTACT}), CLINICAL_ROLES),
    Mine("confirm", "Does his agreement stand?", frozenset({K.CONFIRM_CONSENT}), CLINICAL_ROLES),
    Mine(
        "paused",
        "Paused or closed: does it go on?",
        frozenset({K.PAUSED_CASE}),
        CLINICAL_ROLES | {ADMIN},
    ),
    Mine(
        "follow_onward", "Onward referrals to follow up",
        frozenset({K.ONWARD_REFERRAL}), CLINICAL_ROLES | {ADMIN},
    ),
    Mine(
        "questions",
        "The service asks about a referral",
        frozenset({K.ANSWER_QUESTION}),
        PROBATION_ROLES | {Role.LD_PRACTITIONER},
    ),
    Mine(
        "follow_up",
        "To find out",
        frozenset({K.CHASE_HEARING}),
        PROBATION_ROLES | {ADMIN, Role.LD_PRACTITIONER},
    ),
)  # fmt: skip
