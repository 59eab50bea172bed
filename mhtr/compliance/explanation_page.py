"""What the pages of a missed session show of what he says, for either side of the wall."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import REASON_WORDS
from mhtr.compliance.contact_rules import WAY_WORDS
from mhtr.compliance.explanation_models import AbsenceExplanation
from mhtr.compliance.explanation_queries import shown_of
from mhtr.compliance.explanations import (
    BEARS_WORDS,
    GIVEN_BY_WORDS,
    NOT_SHOWN,
    PAPER_WORDS,
    SEEN_WORDS,
    Paper,
    Shown,
    Side,
    covers,
)
from mhtr.core import formats
from mhtr.core.database import db

RECORDED_BY = {Side.SERVICE: "the service", Side.PROBATION: "probation"}


@dataclass(frozen=True)
class Said:
    """One thing he said, as a page shows it."""

    ref: uuid.UUID
    at: datetime
    how: str
    reason: str
    for_probation: str
    for_clinicians: str
    """Empty for whoever may not read it."""
    paper: tuple[str, ...]
    by: str
    own: bool
    """Recorded by the side that reads it here."""
    taken_back: bool


def said_lines(
    rows: Sequence[AbsenceExplanation], on: date, *, side: Side, clinician: bool = False
) -> list[Said]:
    """What he said of one session, the newest first.

    Args:
        on: the day of the session.
        side: whose page it is. Probation is not shown what the service took back.
        clinician: whether the reader may read the detail.
    """
    return [
        Said(
            ref=row.ref,
            at=row.at,
            how=f"{GIVEN_BY_WORDS[row.given_by]}, {_lower(WAY_WORDS[row.way])}",
            reason=REASON_WORDS[row.reason],
            for_probation=row.for_probation or "",
            for_clinicians=(row.for_clinicians or "") if clinician else "",
            paper=tuple(_paper_lines(shown_of(row), on)),
            by=f"{db.session.get_one(Staff, row.by_id).name}, {RECORDED_BY[row.side]}",
            own=row.side is side,
            taken_back=row.taken_back_at is not None,
        )
        for row in reversed(rows)
        if row.taken_back_at is None or row.side is side
    ]


def _paper_lines(shown: Shown, on: date) -> list[str]:
    if shown.paper is Paper.NONE:
        return []
    if shown.paper in NOT_SHOWN or shown.seen_by is None or shown.bears_out is None:
        return [PAPER_WORDS[shown.paper]]
    named = "Something that he showed" if shown.paper is Paper.OTHER else PAPER_WORDS[shown.paper]
    lines = [f"{named}. {BEARS_WORDS[shown.bears_out]}"]
    covered = covers(shown, on)
    if covered is not None:
        lines.append(f"It covers {_days(shown)}: {'' if covered else 'not '}the day of the session")
    lines.append(SEEN_WORDS[shown.seen_by])
    return lines


def _days(shown: Shown) -> str:
    first, last = shown.first_day or shown.last_day, shown.last_day or shown.first_day
    if first == last:
        return formats.day(first)
    return f"{formats.day(first)} to {formats.day(last)}"


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]
