"""What is written when a man is told of his sessions."""

from collections.abc import Sequence
from datetime import datetime

from mhtr.compliance.contact_rules import Way
from mhtr.compliance.models import SessionNotice
from mhtr.compliance.notice_service import Telling
from mhtr.compliance.notices import Came
from mhtr.demo.year.person import Held, Person
from mhtr.demo.year.rows import Rows

Begins = tuple[Held, datetime]
"""A session and when it begins as he is told: it may be moved later."""


def tell(
    rows: Rows, man: Person, at: datetime, sessions: Sequence[Begins], telling: Telling
) -> None:
    """As `compliance.notice_service.record_told`."""
    made = [
        rows.add(
            SessionNotice,
            case_id=man.case_id,
            subject=held.place["ref"],
            starts_at=begins,
            told_at=telling.at,
            way=telling.way,
            came=telling.came,
            usable=telling.usable,
            note=telling.note or None,
            by_id=man.by,
            created_at=at,
        )
        for held, begins in sessions
    ]
    for row in made:
        rows.note(at, "attendance.he_was_told", by=man.by, case_id=man.case_id, notice=row["id"])


def told_how(man: Person, at: datetime) -> Telling:
    """How one man is told: most himself, and of some nothing shows that it reached them."""
    if man.case_id % 13 == 4:
        return Telling(at, Way.TEXT, Came.SENT, usable=True)
    if man.case_id % 19 == 7:
        note = "The letter came back: he has moved."
        return Telling(at, Way.LETTER, Came.CAME_BACK, usable=True, note=note)
    if man.case_id % 23 == 11:
        note = "No interpreter could be had."
        return Telling(at, Way.TELEPHONE, Came.TOLD, usable=False, note=note)
    way = Way.IN_PERSON if man.case_id % 2 else Way.TELEPHONE
    return Telling(at, way, Came.TOLD, usable=True)
