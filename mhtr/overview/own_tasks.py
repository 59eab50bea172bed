"""The blocks of Today that hold tasks of the viewer's own or of his teams."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mhtr.core.access import CLINICAL_ROLES, PROBATION_ROLES, SUPERVISES, Role
from mhtr.tasks.models import TaskKind

K = TaskKind
ADMIN = Role.ADMINISTRATOR
LEAD = Role.CLINICAL_LEAD
REPORT_WORK = frozenset({K.REPORT_DUE, K.REVISE, K.RELEASE})
"""What waits for the author of a report while he is away."""


@dataclass(frozen=True)
class Mine:
    """A block of tasks of his own or his teams: what belongs together, whatever its kinds."""

    key: str
    heading: str
    kinds: frozenset[TaskKind]
    roles: frozenset[Role]
    worklist: str = "tasks"
    """The list with all of them; of all tasks it is narrowed to these."""


OFFICE = CLINICAL_ROLES | {ADMIN}
MINE = (
    Mine(
        "countersign",
        "Waiting for a countersignature",
        frozenset({K.COUNTERSIGN}),
        frozenset({LEAD}),
        "countersign",
    ),
    Mine(
        "safeguarding",
        "Safeguarding referrals to follow up",
        frozenset({K.SAFEGUARDING}),
        CLINICAL_ROLES,
    ),
    Mine(
        "talk",
        "Speak with him",
        frozenset(
            {K.WELFARE_CALL, K.CONTACT_HIM, K.CONSENT_WITHDRAWN, K.CONFIRM_CONSENT, K.ASK_CONTACT}
        ),
        OFFICE,
    ),
    Mine(
        "write_up",
        "Sessions to write up",
        frozenset({K.RECORD_OUTCOME, K.FINISH_NOTE, K.SIGN_OFF_NOTE}),
        OFFICE,
    ),
    Mine(
        "with_probation",
        "To and from probation",
        frozenset({K.TELL_PROBATION, K.WORD_CLINICAL, K.WORD_OFFICE}),
        OFFICE,
    ),
    Mine(
        "late",
        "Reports that cannot be ready in time",
        frozenset({K.REPORT_LATE}),
        frozenset({LEAD, ADMIN}),
    ),
    Mine(
        "reports",
        "Assessments and reports",
        frozenset({K.REVISE, K.REPORT_DUE, K.RELEASE, K.ADDENDUM_ASKED, K.ASSESS}),
        CLINICAL_ROLES,
    ),
    Mine(
        "treatment",
        "Orders and treatment",
        frozenset(
            {
                K.RECORD_ORDER, K.NAME_CONTACT, K.NAMED_PRACTITIONER, K.INDUCTION, K.MAKE_COURSE,
                K.CHANGE_THERAPIST, K.CHANGE_THERAPIST_LEAD, K.CHANGE_THERAPIST_HIM, K.REBOOK,
                K.REVIEW, K.FURTHER_TREATMENT, K.TREATMENT_REPORT, K.LETTER, K.SIGN_LETTER,
                K.PAUSED_CASE,
            }
        ),
        OFFICE,
    ),
    Mine(
        "record",
        "His record",
        frozenset(
            {K.IDENTITY_QUESTION, K.FLAG_REVIEW, K.FLAG_MAN, K.PAST_ANSWER, K.ONWARD_REFERRAL}
        ),
        OFFICE,
    ),
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
        "apply_to_court",
        "Reports on treatment: an application to the court",
        frozenset({K.APPLY_TO_COURT}),
        frozenset(SUPERVISES),
    ),
    Mine(
        "sign_reviews",
        "Reviews to read and sign",
        frozenset({K.SIGN_REVIEW}),
        frozenset(SUPERVISES),
    ),
    Mine(
        "named", "Who may see a restricted record?",
        frozenset({K.NAME_READER}), frozenset({Role.PRIVACY_OFFICER}),
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


def about(key: str) -> frozenset[TaskKind]:
    """What belongs together under the key of a block; of no block, every kind."""
    return next((spec.kinds for spec in MINE if spec.key == key), frozenset(K))


def needed(
    specs: Iterable[Mine], away: Sequence[int], shown: int, lines: Sequence[Any]
) -> list[Any]:
    """Of the first tasks of each kind, by due time, those that a block shows and one more.

    Args:
        away: whose reports stand in a block of their own, all of them.
    """
    block_of = {kind: spec.key for spec in specs for kind in spec.kinds}
    kept, held = [], Counter[str]()
    for line in lines:
        block = block_of.get(line.kind)
        if block is None or (line.kind in REPORT_WORK and line.owner_principal_id in away):
            kept.append(line)
        elif held[block] <= shown:
            kept.append(line)
            held[block] += 1
    return kept
