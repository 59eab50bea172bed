"""What the service changes because of what probation told: with its words, by the services that
own each part of the record, in one transaction with the answer to probation.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from mhtr.accounts.models import Staff
from mhtr.cases import death, flag_men
from mhtr.cases import flag_owners as owners
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES
from mhtr.core.database import db
from mhtr.people import flags
from mhtr.people.models import FlagKind
from mhtr.people.rules import Accepts
from mhtr.people.sections import Section
from mhtr.probation.word_models import ProbationWord
from mhtr.probation.word_rules import StepKind, Subject
from mhtr.probation.word_service import begin_change, done
from sessions.availability import man_service
from sessions.availability.kinds import CannotReason
from sessions.availability.man_service import TimeSaid

FLAGS: Mapping[Subject, FlagKind] = {
    Subject.RISK: FlagKind.RISK,
    Subject.STAFF_SAFETY: FlagKind.STAFF_SAFETY,
    Subject.NO_CONTACT: FlagKind.MUST_NOT_MEET,
}
"""What becomes a warning on his record."""
MADE: Mapping[str, str] = {
    "warning": "A warning was put on his record",
    "place": "A place was barred to him",
    "address": "His address was changed",
    "time": "A time at which he cannot come was recorded",
}
FROM_PROBATION = "Told by probation"


@dataclass(frozen=True)
class Warn:
    """A warning as it is put on his record. `reason`: of whoever may write one."""

    fact: str
    reason: str
    owner_staff_id: int
    review_on: date


def warn(*, case_id: int, ref: uuid.UUID, said: Warn, by: int) -> None:
    """Put a warning on his record. Probation's reason goes with it where `by` may not read it.

    Raises:
        Refused: as `people.flags.raise_flag`; or the owner may not see him.
        NotFound, Stale: as `word_service.begin_change`.
    """
    case, word = begin_change(case_id=case_id, ref=ref, by=by)
    kind = FLAGS[word.row.subject]
    owners.require(case.person_id, said.owner_staff_id)
    meeting = kind is FlagKind.MUST_NOT_MEET
    raised = flags.raise_flag(
        person_id=case.person_id,
        kind=kind,
        fact="" if meeting else said.fact,
        reason=said.reason if _is_clinician(by) else (word.row.why or FROM_PROBATION),
        owner_staff_id=said.owner_staff_id,
        review_on=said.review_on,
        other_name=said.fact if meeting else "",
        case_id=case.id,
        case_ref=case.ref,
        by=by,
    )
    flag_men.look_for(raised, by=by)
    done(case, word, StepKind.CHANGED, what="warning", by=by)


def bar(
    *, case_id: int, ref: uuid.UUID, site_id: int, accepted: Collection[uuid.UUID], by: int
) -> None:
    """Bar a place to him. Probation's reason goes with it, also where `by` may not read it.

    Raises:
        Refused, WouldBreak: as `man_service.bar_place`.
        NotFound, Stale: as `word_service.begin_change`.
    """
    case, word = begin_change(case_id=case_id, ref=ref, by=by)
    man_service.bar_place(
        case_id=case.id,
        site_id=site_id,
        reason=word.row.why or "",
        by=by,
        accepted=accepted,
        passed_on=True,
    )
    done(case, word, StepKind.CHANGED, what="place", by=by)


def block(
    *,
    case_id: int,
    ref: uuid.UUID,
    reason: CannotReason,
    accepted: Collection[uuid.UUID],
    by: int,
) -> None:
    """Record the times that another requirement takes as times at which he cannot come.

    Raises:
        Refused, WouldBreak: as `man_service.add_time`.
        NotFound, Stale: as `word_service.begin_change`.
    """
    case, word = begin_change(case_id=case_id, ref=ref, by=by)
    man_service.add_time(
        case_id=case.id, said=time_said(word.row, reason), by=by, accepted=accepted
    )
    done(case, word, StepKind.CHANGED, what="time", by=by)


def time_said(row: ProbationWord, reason: CannotReason) -> TimeSaid:
    """The times that another requirement takes, as scheduling knows them."""
    if row.starts is None or row.ends is None:
        raise ValueError("only another requirement takes times")
    first = max(row.first_day or clock.today(), clock.today())
    return TimeSaid(row.weekday, first, row.last_day, row.starts, row.ends, reason)


def move_house(
    *,
    case_id: int,
    ref: uuid.UUID,
    address: str,
    postcode: str,
    seen: str,
    settings: Accepts,
    by: int,
) -> None:
    """Change his address.

    Args:
        seen: the mark of the address that the page showed.

    Raises:
        Refused: the address cannot be, or `by` may not see the case.
        NotFound, Stale: as `word_service.begin_change`; or his address was changed meanwhile.
    """
    case, word = begin_change(case_id=case_id, ref=ref, by=by)
    death.change_section(
        person_id=case.person_id,
        section=Section.ADDRESS,
        values={"no_fixed_abode": False, "address": address, "postcode": postcode},
        seen=seen,
        settings=settings,
        reason=FROM_PROBATION,
        by=by,
    )
    done(case, word, StepKind.CHANGED, what="address", by=by)


def _is_clinician(by: int) -> bool:
    return bool(CLINICAL_ROLES & {row.role for row in db.session.get_one(Staff, by).roles})
