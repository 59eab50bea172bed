"""Reading what compliance reports say of men whom the viewer supervises, in a few questions."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from mhtr.compliance.decision_queries import decisions_of
from mhtr.compliance.list_facts import Warned
from mhtr.compliance.models import Attendance
from mhtr.compliance.standing.explaining import warnings_in_words
from mhtr.compliance.standing.facts import Opinion
from mhtr.core import clock
from mhtr.core.prepared import Prepared
from mhtr.orders.queries import cards_of_each
from mhtr.orders.requirement_queries import is_within, requirement_days
from mhtr.probation.people_queries import Man as Supervisee
from mhtr.probation.people_queries import supervised
from mhtr.probation.reports.content import Man, Met
from sessions.register.called_off import called_off_of

LAWYERS_DIFFER = "Lawyers may differ here; read so:"
_MET = Prepared(
    select(
        Attendance.case_id,
        Attendance.subject,
        Attendance.starts_at,
        Attendance.on,
        Attendance.required,
        Attendance.happened,
        Attendance.minutes_late,
        Attendance.described.is_not(None).label("described"),
    )
    .where(
        Attendance.case_id.in_(bindparam("cases", expanding=True)),
        Attendance.on <= bindparam("today"),
    )
    .order_by(Attendance.starts_at, Attendance.number)
)


def men_told(men: Sequence[Supervisee]) -> tuple[Man, ...]:
    """What a report says of each of these men, in their order."""
    ids = [man.case_id for man in men]
    if not ids:
        return ()
    met, cards = _met(ids), cards_of_each(ids)
    found = []
    for row in supervised(men):
        card = min(
            cards.get(row.case_id, ()), key=lambda one: one.order.treatment_ends_on, default=None
        )
        found.append(
            Man(
                name=row.name,
                crn=row.crn,
                officer=row.officer.name if row.officer else "",
                required=card.expected if card else None,
                ends_on=row.ends_on,
                left=row.reason,
                next_at=row.next_at.astimezone(clock.LONDON) if row.next_at else None,
                warnings=tuple(_warnings(one) for one in row.warned),
                met=tuple(met[row.case_id]),
            )
        )
    return tuple(found)


def _warnings(one: Warned) -> str:
    """In words, with each reading of the law on which lawyers may differ and that mattered."""
    said = warnings_in_words(len(one.until), one.confirmed)
    return " ".join([said, *([LAWYERS_DIFFER] if one.readings else []), *one.readings])


def _met(ids: Collection[int]) -> Mapping[int, list[Met]]:
    """The sessions inside a requirement that were to be, each as it counts now."""
    opinions: dict[uuid.UUID, Opinion] = {row.subject: row.opinion for row in decisions_of(ids)}
    inside = requirement_days(ids)
    latest: dict[uuid.UUID, Any] = {}
    for line in _MET.all({"cases": list(ids), "today": clock.today()}):
        latest[line.subject] = line
    found: dict[int, list[Met]] = defaultdict(list)
    for subject, line in latest.items():
        if not line.required or not is_within(line.on, inside[line.case_id]):
            continue
        decided = opinions.get(subject)
        found[line.case_id].append(
            Met(
                line.starts_at.astimezone(clock.LONDON),
                line.happened,
                line.minutes_late,
                None if decided is Opinion.TAKEN_BACK else decided,
                bool(line.described),
            )
        )
    for row in called_off_of(ids):
        if row.subject not in latest and is_within(row.on, inside[row.case_id]):
            found[row.case_id].append(Met(row.starts_at.astimezone(clock.LONDON), row.happened))
    for rows in found.values():
        rows.sort(key=lambda one: one.at)
    return found
