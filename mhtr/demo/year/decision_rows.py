"""What is written when probation decides on an absence."""

from datetime import datetime

from mhtr.compliance.attendance import ReasonGiven
from mhtr.compliance.deciding import Decision
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.notices import Came
from mhtr.compliance.standing.facts import Opinion
from mhtr.demo.year.notice_rows import told_how
from mhtr.demo.year.person import Held, Person
from mhtr.demo.year.rows import Rows

NO_REASON = frozenset({ReasonGiven.NONE_YET, ReasonGiven.NOT_SAID})


def decide(rows: Rows, man: Person, at: datetime, held: Held, decision: Decision) -> None:
    """As `compliance.decision_service.decide`, by his named officer."""
    if man.officer is None:
        raise ValueError("nobody who signs in supervises him")
    made = rows.add(
        AbsenceDecision,
        case_id=man.case_id,
        subject=held.place["ref"],
        number=1,
        attendance_id=held.records[-1]["id"],
        opinion=decision.opinion,
        until=decision.until,
        why=decision.why or None,
        notice_why=decision.notice_why or None,
        by_id=man.officer[0],
        created_at=at,
    )
    rows.note(at, "absences.decided", by=man.officer[0], case_id=man.case_id, decision=made["id"])


def decided_how(man: Person, held: Held, at: datetime) -> Decision:
    """What his officer holds of an absence: with a reason most are accepted."""
    telling = told_how(man, at)
    proven = telling.came in (Came.TOLD, Came.HAS_IT) and telling.usable
    if held.records[-1]["reason"] not in NO_REASON or held.key % 4 == 1:
        return Decision(Opinion.EXCUSED)
    if proven:
        return Decision(Opinion.NO_EXCUSE)
    if held.key % 2:
        return Decision(Opinion.EXCUSED, why="Nothing shows that he was told of it.")
    return Decision(Opinion.NO_EXCUSE, notice_why="He told me that he had known of it.")
