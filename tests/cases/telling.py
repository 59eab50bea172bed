"""Facts of a case, told one after the other."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from mhtr.cases.facts import (
    CaseState,
    Fact,
    FactKind,
    ReportProgress,
)
from mhtr.cases.standing import Account, read

K, S, P = FactKind, CaseState, ReportProgress
TODAY = date(2026, 11, 21)
START = datetime(2026, 10, 10, 9, tzinfo=UTC)
ASSESSOR, LEAD, CLERK = 11, 22, 33
WITHDRAWN_ON = date(2026, 10, 14)
Told = FactKind | tuple[Any, ...]
"""A kind; or the kind, its details and, unless the clerk told it, who did."""
FINISHED = (K.ASSESSMENT_FINISHED, {"recommendation": "suitable", "author_id": ASSESSOR}, CLERK)
WRITTEN: tuple[Told, ...] = (K.REFERRED, K.ASSESSMENT_STARTED, FINISHED)
ASKED: tuple[Told, ...] = (*WRITTEN, (K.COUNTERSIGN_REQUESTED, {}, ASSESSOR))
SIGNED: tuple[Told, ...] = (*ASKED, (K.COUNTERSIGNED, {"content_hash": "abc"}, LEAD))


def told(*facts: Told) -> Account:
    """The account of facts a day apart, the first on 11 October."""
    made = []
    for number, one in enumerate(facts, start=1):
        kind, detail, by_id = (*(one if isinstance(one, tuple) else (one, {})), CLERK)[:3]
        at = START + timedelta(days=number)
        made.append(Fact(number, kind, at, at, "staff", by_id, detail))
    return read(made, TODAY)
