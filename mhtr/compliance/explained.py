"""Who hears that a man said something of a missed session: that he did, and not what.

What the service records reaches his officer as what happened at the session does: by a notice, by
mail to the duty mailbox of the unit, or by a task to tell them another way. What probation records
reaches the clinician who recorded the miss.
"""

import uuid

from mhtr.cases.models import Case
from mhtr.compliance import misses
from mhtr.compliance.explanation_models import AbsenceExplanation
from mhtr.compliance.explanation_queries import counting, explanations_on
from mhtr.compliance.explanations import Side
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import latest
from mhtr.compliance.service import is_clinician
from mhtr.compliance.telling import TASK_PAGE
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage
from mhtr.core.transaction import must_be_writing
from mhtr.messages.kinds import MessageKind, NotWanted, register
from mhtr.messages.mail import Mail
from mhtr.orders import telling
from mhtr.orders.unit_mail import unit_mail
from mhtr.tasks import service as tasks

KIND = "absence.explained"
TO_PROBATION = "A man of yours said something of a missed session, or showed a paper."
TO_SERVICE = "Probation recorded what he says of a missed session."
TITLE = "Tell probation that he said something of a missed session"
READ_THERE = "probation.standing"
READ_HERE = "compliance.explanation"
_SAID = "There is something new about a session of a requirement that your unit supervises."


def tell(case: Case, row: Attendance, made: AbsenceExplanation) -> None:
    """Let the other side know that he said something of a session."""
    must_be_writing()
    if made.side is Side.PROBATION:
        _tell_clinician(case, row, made)
    else:
        _tell_probation(case, row, made)


def notice_key(made: AbsenceExplanation) -> str:
    """Which notice in the program, or mail, tells of it."""
    return f"explained:{made.id}"


def _tell_clinician(case: Case, row: Attendance, made: AbsenceExplanation) -> None:
    treats = row.by_id if is_clinician(row.by_id) else None
    tasks.tell(
        misses.therapist(case, treats).principal_id,
        key=notice_key(made),
        text=TO_SERVICE,
        case_id=case.id,
        endpoint=READ_HERE,
        subject_ref=row.subject,
    )


def _tell_probation(case: Case, row: Attendance, made: AbsenceExplanation) -> None:
    key, by = notice_key(made), made.by_id
    if telling.tell_officers(case, key=key, text=TO_PROBATION, endpoint=READ_THERE):
        return
    payload = {"subject": row.subject.hex, "number": made.number}
    if telling.write_to_unit(case, key=key, template=KIND, payload=payload, by=by) is None:
        _by_hand(case, row, made)


def _by_hand(case: Case, row: Attendance, made: AbsenceExplanation) -> None:
    telling.ask_to_tell(
        case,
        misses.therapist(case, made.by_id if is_clinician(made.by_id) else None),
        key=f"tell_probation:{notice_key(made)}",
        title=TITLE,
        due_at=misses.same_day(clock.now()),
        endpoint=TASK_PAGE,
        subject_ref=row.subject,
        by=made.by_id,
    )


def _made(row: OutboxMessage) -> AbsenceExplanation | None:
    rows = counting(explanations_on(uuid.UUID(row.payload["subject"])))
    return next((one for one in rows if one.number == row.payload["number"]), None)


def _composed(row: OutboxMessage) -> Mail:
    """The mail; none where it was taken back before it left."""
    if row.case_id is None or _made(row) is None:
        raise NotWanted
    case = db.session.get_one(Case, row.case_id)
    return unit_mail(row, case, title="About a session", said=_SAID, endpoint=READ_THERE)


def _failed(row: OutboxMessage) -> None:
    made, record = _made(row), latest(uuid.UUID(row.payload["subject"]))
    if row.case_id is None or made is None or record is None:
        return
    _by_hand(db.session.get_one(Case, row.case_id), record, made)


register(MessageKind(KIND, _composed, _failed))
