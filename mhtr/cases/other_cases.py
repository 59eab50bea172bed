"""A man's other open cases, as whoever works on one of them is told of them.

He may have two at once: two prosecutions, or one referred twice. Whoever has one of them would
otherwise assess him as if he were not known, and read a first answer where there was an earlier
one. Nothing of this is for probation or the courts.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE, UNDER_ORDER
from mhtr.cases.who_has import trusts_of
from mhtr.core import clock, formats
from mhtr.core.access import Purpose, Viewer
from mhtr.core.codes.lists import load
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.tasks.models import Task, TaskKind, TaskState

WORKED_ON = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
OPEN = BEFORE_SENTENCE | UNDER_ORDER
# Made once: the banner of every page about a man asks it.
_OTHERS = Prepared(
    select(
        Case.id,
        Case.ref,
        Case.court_code,
        Case.hearing_on,
        Case.opened_at,
        Staff.name,
        visible(ANYBODY, Case.id, Case.restricted).label("opens"),
    )
    .outerjoin(Staff, Staff.id == Case.assessor_id)
    .where(
        Case.person_id == bindparam("person"),
        Case.id != bindparam("this"),
        Case.state.in_(sorted(OPEN)),
    )
    .order_by(Case.id)
)
_REVIEWS = Prepared(
    select(Case.id, Staff.name)
    .join(Task, Task.case_id == Case.id)
    .outerjoin(Staff, Staff.id == Task.owner_staff_id)
    .where(
        Case.id.in_(bindparam("cases", expanding=True)),
        Task.kind == TaskKind.RISK_REVIEW,
        Task.state == TaskState.OPEN,
    )
    .order_by(Task.id)
)


@dataclass(frozen=True)
class OtherCase:
    """Another open case of a man. `ref`, `name` and `whose` only for who may open it."""

    ref: uuid.UUID | None
    name: str
    whose: str
    """Who assesses him there; empty where nobody does yet."""
    reviews: int
    """How many risk reviews are open on it; none are counted for who is no clinician."""
    reviewers: tuple[str, ...]


def name_of(court_code: str, hearing_on: date | None, opened_at: datetime) -> str:
    """What a case is called beside another of the same man: its court and hearing."""
    entry = load("courts").get(court_code) if court_code else None
    court = entry.label if entry else court_code
    if hearing_on is not None:
        return f"{court or 'hearing'}, {formats.day(hearing_on)}"
    opened = formats.day(opened_at.astimezone(clock.LONDON).date())
    return f"{court}, referred {opened}" if court else f"referred {opened}"


def other_cases(viewer: Viewer, case: Case, *, clinical: bool) -> tuple[OtherCase, ...]:
    """His other open cases: those the viewer may open, and that his trust has another one.

    Args:
        clinical: the page is a clinician's, who reads also what risk reviews are open on them.
    """
    rows = _OTHERS.all({"person": case.person_id, "this": case.id, **asked_by(viewer, *WORKED_ON)})
    known = [row for row in rows if row.opens or viewer.organisation_id in trusts_of(row.id)]
    reviews = _reviews([row.id for row in known]) if clinical and known else {}
    return tuple(_other(row, reviews.get(row.id, [])) for row in known)


def _other(row: Any, reviewers: list[str]) -> OtherCase:
    if not row.opens:
        return OtherCase(None, "", "", len(reviewers), ())
    name = name_of(row.court_code, row.hearing_on, row.opened_at)
    return OtherCase(row.ref, name, row.name or "", len(reviewers), tuple(dict.fromkeys(reviewers)))


def _reviews(case_ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for case_id, name in _REVIEWS.all({"cases": case_ids}):
        found.setdefault(case_id, []).append(name or "the team")
    return found
