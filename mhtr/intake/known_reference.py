"""A referral under a reference that is known: the first one again, or another that is refused.

What a refused one says of his safety is not lost: a clinician on duty is asked to look.
"""

import hashlib
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from mhtr.accounts.models import Organisation
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing, remembered
from mhtr.intake import urgency
from mhtr.intake.csv_rows import GoodRow, RefusedCell
from mhtr.intake.models import Referral, ReferralAmendment
from mhtr.intake.referral import FIELDS, ReferralSubmission
from mhtr.intake.referral_answers import to_answers
from mhtr.intake.said_of_safety import Danger, danger_of
from mhtr.intake.signs import SAID_IN

CHANGED = (
    "This reference was taken before, for a referral that says something else. Nothing was changed."
)
HOW = (
    "To change that referral, open it under “My referrals” and amend it. "
    "For another man, use another reference."
)
TITLE = "Ask the sender whether he is safe now: a second referral under his reference was refused"
_URGENCY = ("told_whom", "told_at", *sorted(SAID_IN))
_WHO = ("given_name", "family_name", "born", "age", "nhs_number", "crn")


class ReferenceTaken(Refused):
    """The sender's reference stands for a referral with other content."""

    def __init__(self, case: Case, referral: Referral, submission: ReferralSubmission) -> None:
        words = danger_of(to_answers(submission))
        self.danger = (words,) if words else ()
        super().__init__(CHANGED, *self.danger, HOW)
        self.reference, self.submission = case.ref, submission
        self.case_id, self.referral_id = case.id, referral.id


def earlier(organisation_id: int, submission: ReferralSubmission) -> Case | None:
    """The case of the same referral, sent before under this reference; None where it is new.

    Raises:
        ReferenceTaken: the reference stands for a referral that says something else.
    """
    must_be_writing()
    # One referral at a time for an organisation: the same one sent twice meets the first here.
    remembered(organisation_id, _Locked, lambda: _lock(organisation_id))
    found = _held(organisation_id, [submission.external_reference])
    if not found:
        return None
    (referral,) = found.values()
    case = db.session.get_one(Case, referral.case_id)
    if differs(referral, submission):
        raise ReferenceTaken(case, referral, submission)
    return case


class _Locked:
    """What an organisation's lock is remembered under: it is held until commit."""


def _lock(organisation_id: int) -> None:
    db.session.scalars(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update()
    ).one()


def _held(organisation_id: int, references: Iterable[str]) -> dict[str, Referral]:
    wanted = [reference for reference in references if reference]
    if not wanted:
        return {}
    rows = db.session.scalars(
        select(Referral).where(
            Referral.organisation_id == organisation_id, Referral.external_reference.in_(wanted)
        )
    )
    return {str(row.external_reference): row for row in rows}


def differs(referral: Referral, submission: ReferralSubmission) -> bool:
    """Whether it says something else than the referral says now, and than it said when sent."""
    said = to_answers(submission)
    now = {name: str(text) for name, text in referral.answers.items() if text}
    return said not in (now, _as_sent(referral, now))


def _as_sent(referral: Referral, now: Mapping[str, str]) -> dict[str, str]:
    if referral.version == 1:
        return dict(now)
    changes = select(ReferralAmendment.before).where(ReferralAmendment.referral_id == referral.id)
    said = dict(now)
    for before in db.session.scalars(changes.order_by(ReferralAmendment.id.desc())):
        said |= {name: str(text) for name, text in before.items() if name in FIELDS}
    return {name: text for name, text in said.items() if text}


def changed_rows(
    organisation_id: int, rows: Iterable[GoodRow]
) -> list[tuple[GoodRow, ReferenceTaken]]:
    """The rows of a file whose reference stands for a referral that says something else."""
    by_reference = {row.submission.external_reference: row for row in rows}
    found = []
    for reference, referral in _held(organisation_id, by_reference).items():
        row = by_reference[reference]
        if differs(referral, row.submission):
            case = db.session.get_one(Case, referral.case_id)
            found.append((row, ReferenceTaken(case, referral, row.submission)))
    return sorted(found, key=lambda one: one[0].line)


def dangers(taken: Iterable[tuple[GoodRow, ReferenceTaken]]) -> list[Danger]:
    """What is to be done at once about the men of changed rows."""
    return [Danger(row.line, words) for row, refused in taken for words in refused.danger]


def refused_cell(row: GoodRow, taken: ReferenceTaken) -> RefusedCell:
    """The line of a refused row, with the reason."""
    return RefusedCell(row.line, "external_reference", " ".join(taken.reasons))


def look_into(taken: ReferenceTaken, *, by: int | None) -> None:
    """Ask the clinician on duty to look where the refused one may be about somebody's safety.

    Sent once more it opens nothing; nor does one that says of the same man's safety what is held.
    """
    must_be_writing()
    case = cases.lock(taken.case_id)
    referral = db.session.get_one(Referral, taken.referral_id)
    said = to_answers(taken.submission)
    about = {name: said.get(name, "") for name in (*_URGENCY, *_WHO)}
    held = {name: str(referral.answers.get(name, "")) for name in about}
    if not taken.danger or about == held:
        return
    mark = hashlib.sha256("\x1f".join(about.values()).encode()).hexdigest()[:16]
    urgency.open_sign(case, key=f"risk:refused:{referral.id}:{mark}", title=TITLE, by=by)
