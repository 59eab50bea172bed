"""Where an order stands on a day: one pure function of dated facts.

It says what the law asks of the responsible officer, as information. It decides nothing: whether
a failure had a reasonable excuse is always a decision that is among the facts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from mhtr.compliance.attendance import MISSED
from mhtr.compliance.standing import facts as f
from mhtr.compliance.standing.known import Known
from mhtr.compliance.standing.readings import ProceedingsFrom, Readings
from mhtr.compliance.standing.warnings import Warnings


class State(StrEnum):
    """Where an order stands: the first of these that is true, from the end of the list."""

    NOT_BEGUN = "not_begun"
    IN_FORCE = "in_force"
    WARNED = "warned"
    TO_DECIDE = "to_decide"
    TO_ACT = "to_act"
    """Not accepted, and the law leaves the officer to warn or to refer."""
    MUST_REFER = "must_refer"
    REFERRED = "referred"
    SUPERVISION_OVER = "supervision_over"
    OVER = "over"
    PROCEEDINGS = "proceedings"


@dataclass(frozen=True)
class Waiting:
    """A failure that waits for probation's decision; `until`: evidence may come until then."""

    session: f.Key
    on: date
    until: date | None


@dataclass(frozen=True)
class Live:
    """A warning that counts, and the last day on which it does."""

    key: f.Key
    given_on: date
    last_day: date
    requirement: str


@dataclass(frozen=True)
class Standing:
    """Where an order stands on a day. `confirmed` None: nobody has confirmed the warnings."""

    on: date
    state: State
    waiting: tuple[Waiting, ...]
    live: tuple[Live, ...]
    must_refer: tuple[f.Key, ...]
    to_act: tuple[f.Key, ...]
    confirmed: f.WarningsConfirmed | None


def standing(
    order: f.Order, facts: Iterable[f.Fact], on: date, readings: Readings | None = None
) -> Standing:
    """Where the order stands at the end of a day, by the facts of that day and before it.

    Args:
        facts: in any order; one that is given twice counts once.
        readings: None for those in force by default.
    """
    known = Known(order, facts, on, readings or Readings())
    warnings = Warnings(known)
    failures = [one for one in known.sessions.values() if known.why_not(one) is None]
    over = known.over(on)
    must, act = ([], []) if over else _duties(known, warnings, failures)
    confirmed = list(known.of(f.WarningsConfirmed))
    found = Standing(
        on=on,
        state=State.IN_FORCE,
        waiting=tuple(_waiting(known, failures)),
        live=() if over else tuple(_live(known, warnings)),
        must_refer=tuple(must),
        to_act=tuple(act),
        confirmed=confirmed[-1] if confirmed else None,
    )
    return replace(found, state=_state(known, found))


def _duties(
    known: Known, warnings: Warnings, failures: Iterable[f.Session]
) -> tuple[list[f.Key], list[f.Key]]:
    """Failures that must be referred and are not, and those on which to warn or to refer."""
    must: list[f.Key] = []
    act: list[f.Key] = []
    referred = {key for one in known.referred for key in one.about}
    acted = {key for one in known.of(f.Warned) if not warnings.fault(one) for key in one.about}
    acted |= {one.session for one in known.of(f.NoAction)}
    for session in failures:
        if session.key in referred:
            continue
        if warnings.duty(session) is not None:
            must.append(session.key)
        elif known.is_failure(session.key) and session.key not in acted:
            act.append(session.key)
    return must, act


_UNDECIDED = (f.Opinion.MORE_WANTED, f.Opinion.TAKEN_BACK, f.Opinion.UNACCEPTABLE)


def _waiting(known: Known, failures: Iterable[f.Session]) -> Iterator[Waiting]:
    for session in failures:
        decided = known.current(session.key)
        if decided is None:
            if session.happened in MISSED:  # what was described is probation's to take up, or not
                yield Waiting(session.key, session.on, None)
        elif decided.opinion in _UNDECIDED and not known.fails(decided):
            yield Waiting(session.key, session.on, decided.until)


def _live(known: Known, warnings: Warnings) -> Iterator[Live]:
    """Warnings that count at the end of the day."""
    for one in warnings.live_on(known.on):
        yield Live(one.key, warnings.given_on(one), warnings.last_day(one), one.requirement)


def _state(known: Known, found: Standing) -> State:
    over = known.over(known.on)
    referral = known.referral_open() and not over
    by_referral = known.readings.proceedings_from is ProceedingsFrom.REFERRAL
    if known.laid_open() or (referral and by_referral):
        return State.PROCEEDINGS
    if over:
        return State.SUPERVISION_OVER if known.still_suspended() else State.OVER
    if referral:
        return State.REFERRED
    for true, state in (
        (found.must_refer, State.MUST_REFER),
        (found.to_act, State.TO_ACT),
        (found.waiting, State.TO_DECIDE),
        (found.live, State.WARNED),
    ):
        if true:
            return state
    return State.IN_FORCE if known.begun() else State.NOT_BEGUN
