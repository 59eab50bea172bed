"""Reading what compliance reports say of men whom the viewer supervises, in a few questions."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import bindparam, select

from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.compliance.attendance import in_words
from mhtr.compliance.crosswalk import codes_of
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.decision_queries import decisions_of
from mhtr.compliance.explanation_queries import Given, reasons_given
from mhtr.compliance.explanations import reason_now
from mhtr.compliance.list_facts import Warned
from mhtr.compliance.models import Attendance
from mhtr.compliance.standing.explaining import warnings_in_words
from mhtr.compliance.standing.facts import Opinion
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.orders.cards import cards_of_each
from mhtr.orders.requirement_queries import ended_on, is_within, requirement_days
from mhtr.probation.people_queries import LINES, Supervised, men_from, supervised
from mhtr.probation.people_queries import Man as Supervisee
from mhtr.probation.reports.content import Behind, Man, Met
from mhtr.probation.reports.stored import over_words
from mhtr.probation.reports.terms import Item
from mhtr.probation.reports.trusts import terms_of
from sessions.register.called_off import called_off_of

LAWYERS_DIFFER = "Lawyers may differ here. The readings in force:"
_MET = Prepared(
    select(
        Attendance.case_id,
        Attendance.subject,
        Attendance.starts_at,
        Attendance.on,
        Attendance.required,
        Attendance.happened,
        Attendance.minutes_late,
        Attendance.reason,
        Attendance.created_at,
        Attendance.described.is_not(None).label("described"),
    )
    .where(
        Attendance.case_id.in_(bindparam("cases", expanding=True)),
        Attendance.on <= bindparam("today"),
    )
    .order_by(Attendance.starts_at, Attendance.number)
)


_CASES = LINES.where(Case.id.in_(bindparam("cases", expanding=True)))
_EVERYBODY = Prepared(_CASES)
_MEN = Prepared(_CASES.where(visible(ANYBODY, Case.id, Case.restricted)))
DECIDED = frozenset({Opinion.EXCUSED, Opinion.NO_EXCUSE, Opinion.UNACCEPTABLE})
_END_OF_DAY = time(23, 59, 59)
_EVER = datetime(2000, 1, 1, tzinfo=clock.LONDON)


def men_among(viewer: Viewer, case_ids: Collection[int]) -> list[Supervisee]:
    """Those of these cases whom the viewer supervises now, by name."""
    if not case_ids:
        return []
    return men_from(_MEN.all({"cases": list(case_ids), **asked_by(viewer, Purpose.SUPERVISION)}))


def everybody(case_ids: Collection[int]) -> list[Supervisee]:
    """Those of these cases, whoever supervises them: for the program, never for a page."""
    return men_from(_EVERYBODY.all({"cases": list(case_ids)})) if case_ids else []


def men_told(men: Sequence[Supervisee]) -> tuple[Man, ...]:
    """What a report says of each of these men, in their order."""
    ids = [man.case_id for man in men]
    if not ids:
        return ()
    decisions, terms = decisions_of(ids), terms_of(ids, clock.today())
    # Read whatever is agreed today: what left under other terms is compared with it.
    (met, held), cards = _met(ids, decisions, reasons_given(ids)), cards_of_each(ids)
    none_runs = [one for one in ids if not cards.get(one)]
    ended = ended_on(none_runs) if none_runs else {}
    found = []
    for row in supervised(men):
        card = min(
            cards.get(row.case_id, ()), key=lambda one: one.order.treatment_ends_on, default=None
        )
        required, over = card.expected if card else None, ended.get(row.case_id)
        found.append(
            Man(
                name=row.name,
                crn=row.crn,
                officer=row.officer.name if row.officer else "",
                required=required,
                ends_on=row.ends_on,
                left=f"{over_words(over)}." if over else row.reason,
                next_at=row.next_at.astimezone(clock.LONDON) if row.next_at else None,
                warnings=tuple(_warnings(one) for one in row.warned),
                met=tuple(met[row.case_id]),
                ref=str(row.ref),
                behind=(*_standing(row, required), *held[row.case_id]),
                ended_on=over,
                terms=terms[row.case_id],
            )
        )
    return tuple(found)


def _at_end_of(day: date) -> datetime:
    return datetime.combine(day, _END_OF_DAY, clock.LONDON)


def _standing(row: Supervised, required: int | None) -> Iterator[Behind]:
    """What lies behind a report of the man, his order and his warnings."""
    yield Behind(Item.PERSON, "person", _EVER, f"{row.name}, CRN {row.crn or 'not known'}")
    if row.ends_on is not None:
        many = "not known" if required is None else str(required)
        says = f"Sessions required: {many}. Requirement ends on {day_words(row.ends_on)}"
        yield Behind(Item.ORDER, "order", _EVER, says)
    for one in row.warned:
        for live in one.live:
            says = f"Warning of {day_words(live.given_on)}"
            at = _at_end_of(live.given_on)
            yield Behind(Item.WARNINGS, f"warning:{live.key}", at, says, live.last_day)


def _warnings(one: Warned) -> str:
    """In words, with each reading of the law on which lawyers may differ and that mattered."""
    said = warnings_in_words(len(one.until), one.confirmed)
    return " ".join([said, *([LAWYERS_DIFFER] if one.readings else []), *one.readings])


def _met(
    ids: Collection[int],
    decisions: Sequence[AbsenceDecision],
    given: Mapping[uuid.UUID, Given],
) -> tuple[Mapping[int, list[Met]], Mapping[int, list[Behind]]]:
    """The sessions inside a requirement that were to be, each as it counts now; and the facts."""
    last: dict[uuid.UUID, AbsenceDecision] = {row.subject: row for row in decisions}
    inside = requirement_days(ids)
    rows = _MET.all({"cases": list(ids), "today": clock.today()})
    latest: dict[uuid.UUID, Any] = {line.subject: line for line in rows}
    found: dict[int, list[Met]] = defaultdict(list)
    behind: dict[int, list[Behind]] = defaultdict(list)
    for subject, line in latest.items():
        if not line.required or not is_within(line.on, inside[line.case_id]):
            continue
        row = last.get(subject)
        decided = row.opinion if row and row.opinion is not Opinion.TAKEN_BACK else None
        said = given.get(subject)
        met = Met(
            line.starts_at.astimezone(clock.LONDON),
            line.happened,
            line.minutes_late,
            decided,
            bool(line.described),
            reason_now(line.reason, said.reasons if said else ()),
            codes_of(line.happened, line.on).suggested,
        )
        found[line.case_id].append(met)
        behind[line.case_id].extend(_facts(subject, met, row))
        if met.reason_words:
            behind[line.case_id].append(_reason(subject, met, said.at if said else line.created_at))
    for off in called_off_of(ids):
        if off.subject not in latest and is_within(off.on, inside[off.case_id]):
            code = codes_of(off.happened, off.on).suggested
            met = Met(off.starts_at.astimezone(clock.LONDON), off.happened, code=code)
            found[off.case_id].append(met)
            behind[off.case_id].extend(_facts(off.subject, met, None))
    for his in found.values():
        his.sort(key=lambda one: one.at)
    return found, behind


def _facts(subject: uuid.UUID, met: Met, decision: AbsenceDecision | None) -> Iterator[Behind]:
    on = day_words(met.at.date())
    happened = in_words(met.happened, met.minutes_late)
    says = f"Session of {on} at {met.at:%H:%M}: {happened}"
    yield Behind(Item.EACH, f"session:{subject}", _at_end_of(met.at.date()), says)
    if decision is not None and met.decided in DECIDED and met.decision:
        says = f"Decision on the session of {on}: {met.decision}"
        at = decision.created_at
        yield Behind(Item.DECISIONS, f"decision:{subject}", at, says)


def _reason(subject: uuid.UUID, met: Met, at: datetime) -> Behind:
    says = f"Kind of reason for the session of {day_words(met.at.date())}: {met.reason_words}"
    return Behind(Item.REASONS, f"reason:{subject}", at, says)
