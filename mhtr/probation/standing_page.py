"""What the page of where an order stands shows, and what a decision rests on."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import MISSED, REASON_WORDS, in_words
from mhtr.compliance.contact_rules import REACHED_WORDS, WAY_WORDS
from mhtr.compliance.deciding import MADE_WORDS, is_to_decide
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.decision_queries import DECIDED, decisions_of, is_reopened
from mhtr.compliance.enforcement_models import BreachWarning, EnforcementStep
from mhtr.compliance.enforcing import DONE_WORDS, GIVEN_WORDS, LACKS
from mhtr.compliance.explanation_models import AbsenceExplanation
from mhtr.compliance.explanation_queries import counting, explanations_of, latest_number
from mhtr.compliance.explanations import reason_now
from mhtr.compliance.models import Attendance
from mhtr.compliance.notice_queries import HowTold, how_told, notices_of
from mhtr.compliance.order_facts import OrderFacts
from mhtr.compliance.queries import attempts_of, attendance_of
from mhtr.compliance.reading_queries import in_force
from mhtr.compliance.standing.explaining import Step, steps, warnings_in_words
from mhtr.compliance.standing.facts import Notice
from mhtr.compliance.standing.fold import State, standing
from mhtr.compliance.standing.mattering import mattered
from mhtr.compliance.standing.words import COLOURS, STATE_MEANS, STATE_WORDS
from mhtr.core import clock, formats
from mhtr.core.database import db
from mhtr.orders.terms import KIND_WORDS, OrderKind


@dataclass(frozen=True)
class OrderStands:
    """Where one order stands, as its page says it."""

    ref: uuid.UUID
    order_id: int
    title: str
    live: tuple[str, ...]
    """Each warning that counts, and until when."""
    state: State
    words: str
    means: str
    colour: str
    warnings: str
    steps: tuple[Step, ...]
    readings: tuple[str, ...]
    """Each point on which lawyers may differ and that mattered: its reading, and since when."""


def order_stands(one: OrderFacts, today: date) -> OrderStands:
    """Where an order stands today, with every step to it."""
    held = in_force(today)
    used = held.readings
    found = standing(one.order, one.facts, today, used)
    return OrderStands(
        ref=one.held.order.ref,
        order_id=one.held.order.id,
        live=tuple(
            f"Of {formats.day(live.given_on)}, until the end of {formats.day(live.last_day)}"
            for live in found.live
        ),
        title=order_title(one.order.kind, one.order.made_on),
        state=found.state,
        words=STATE_WORDS[found.state],
        means=STATE_MEANS[found.state],
        colour=COLOURS[found.state],
        warnings=warnings_in_words(len(found.live), found.confirmed),
        steps=steps(one.order, one.facts, today, used),
        readings=tuple(map(held.words, mattered(one.order, one.facts, today, used))),
    )


def order_title(kind: OrderKind, made_on: date) -> str:
    """An order in words."""
    return f"{KIND_WORDS[kind]} of {formats.day(made_on)}"


@dataclass(frozen=True)
class WarningShown:
    """One warning as the page lists it."""

    ref: uuid.UUID
    order_id: int
    on: date
    given: str
    about: str
    lacks: tuple[str, ...]
    withdrawn: str


def warning_shown(row: BreachWarning) -> WarningShown:
    """A warning in words."""
    failures = f"{len(row.about)} session{'' if len(row.about) == 1 else 's'} not accepted"
    parts = [failures] if row.about else []
    withdrawn = ""
    if row.withdrawn_on is not None:
        withdrawn = (
            f"Withdrawn on {formats.day(row.withdrawn_on)}. {row.withdrawn_why or ''}".strip()
        )
    return WarningShown(
        ref=row.ref,
        order_id=row.order_id,
        on=row.on,
        given=GIVEN_WORDS[row.given],
        about=", ".join([*parts, *([row.requirement] if row.requirement else [])]),
        lacks=tuple(words for one, words in LACKS.items() if one.value not in row.says),
        withdrawn=withdrawn,
    )


@dataclass(frozen=True)
class StepShown:
    """One thing that was done, as the page lists it."""

    ref: uuid.UUID
    order_id: int
    on: date
    words: str
    by: str
    taken_back: bool


def step_shown(row: EnforcementStep, by: str) -> StepShown:
    """A step in words."""
    return StepShown(
        row.ref, row.order_id, row.on, DONE_WORDS[row.kind], by, row.taken_back_at is not None
    )


@dataclass(frozen=True)
class Absence:
    """One session on which probation decides, or decided."""

    ref: uuid.UUID
    at: datetime
    happened: str
    reason: str
    described: str
    told: HowTold
    decided: AbsenceDecision | None
    reopened: bool
    """He said more of it since it was decided against him."""

    @property
    def words(self) -> str:
        """What is decided, in words."""
        if self.decided is None:
            return "Not decided"
        said = MADE_WORDS[self.decided.opinion]
        until = self.decided.until
        return f"{said} by {formats.day(until)}" if until else said

    @property
    def on(self) -> date:
        """The London day of it."""
        return self.at.astimezone(clock.LONDON).date()

    @property
    def label(self) -> str:
        """The session in a line."""
        return f"{formats.moment(self.at)}: {self.happened[0].lower()}{self.happened[1:]}"

    @property
    def waits(self) -> bool:
        """Whether probation is to decide, for the first time or anew."""
        return self.decided is None or self.reopened or self.decided.opinion not in DECIDED

    @property
    def proven(self) -> bool:
        """Whether it is proven that he was told of it in a form he can use."""
        return self.told.notice is Notice.PROVEN


def absences_of(case_id: int) -> list[Absence]:
    """The sessions on which probation decides or decided, the latest first."""
    rows = [row for row in attendance_of(case_id) if row.required]
    last = {row.subject: row for row in decisions_of([case_id])}
    told = how_told(notices_of(case_id), {row.subject: row.starts_at for row in rows})
    said: dict[uuid.UUID, list[AbsenceExplanation]] = defaultdict(list)
    for one in explanations_of(case_id):
        said[one.subject].append(one)
    return [
        absence(row, told[row.subject], last.get(row.subject), said[row.subject])
        for row in reversed(rows)
        if row.subject in last
        or is_to_decide(row.happened, required=True, described=bool(row.described))
    ]


def absence(
    row: Attendance,
    told: HowTold,
    decided: AbsenceDecision | None,
    said: Sequence[AbsenceExplanation],
) -> Absence:
    """One session as it is shown to whoever decides."""
    reason = reason_now(row.reason, [one.reason for one in counting(said)])
    return Absence(
        ref=row.subject,
        at=row.starts_at,
        happened=in_words(row.happened, row.minutes_late),
        reason=REASON_WORDS[reason] if row.happened in MISSED else "",
        described=row.described or "",
        told=told,
        decided=decided,
        reopened=decided is not None and is_reopened(decided, latest_number(said)),
    )


def tried(subject: uuid.UUID) -> list[str]:
    """Each attempt to reach him about a session, without what was said."""
    return [
        f"{WAY_WORDS[one.way]}, {formats.short_moment(one.at)}: "
        f"{REACHED_WORDS[one.reached].lower()}"
        for one in attempts_of(subject)
    ]


@dataclass(frozen=True)
class Made:
    """One decision, as its history shows it."""

    at: datetime
    words: str
    why: str
    notice_why: str
    by: str


def history(rows: Sequence[AbsenceDecision]) -> list[Made]:
    """Every decision on a session, the newest first."""
    return [
        Made(
            row.created_at,
            MADE_WORDS[row.opinion]
            + (f" by {formats.day(row.until)}" if row.until is not None else ""),
            row.why or "",
            row.notice_why or "",
            _by(row),
        )
        for row in reversed(rows)
    ]


def _by(row: AbsenceDecision) -> str:
    by = db.session.get_one(Staff, row.by_id).name
    return by if row.for_id is None else f"{by}, for {db.session.get_one(Staff, row.for_id).name}"
