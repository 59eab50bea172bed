"""How an order came to stand where it does: each step in plain words, with its provision."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from mhtr.cases.wording import day_words
from mhtr.compliance.attendance import TOOK_PLACE, in_words
from mhtr.compliance.standing import facts as f
from mhtr.compliance.standing.known import Known
from mhtr.compliance.standing.provisions import SOURCES, Provision
from mhtr.compliance.standing.readings import Readings
from mhtr.compliance.standing.warnings import Warnings

_SAID = {
    f.Opinion.EXCUSED: "Accepted: there was a reasonable excuse.",
    f.Opinion.NO_EXCUSE: "Not accepted: there was no reasonable excuse.",
    f.Opinion.UNACCEPTABLE: "Called unacceptable; whether there was an excuse was not said.",
    f.Opinion.MORE_WANTED: "More evidence is wanted.",
    f.Opinion.TAKEN_BACK: "The decision was taken back.",
}
_ENDED = {
    f.EndedBy.REVOKED: "The court revoked the order.",
    f.EndedBy.EARLY: "The order ended early, on the day that the officer specified.",
    f.EndedBy.ACTIVATED: "The court put the suspended sentence in force.",
    f.EndedBy.RESENTENCED: "The court sentenced him anew in its place.",
    f.EndedBy.MOVED_AWAY: "The order was transferred to another service.",
    f.EndedBy.DIED: "He died.",
}
_OUTCOMES = {
    f.Outcome.NOT_PURSUED: "The enforcement officer did not go to court.",
    f.Outcome.NOT_PROVED: "The breach was not proved.",
    f.Outcome.WITHDRAWN: "The breach was withdrawn.",
    f.Outcome.CONTINUES: "The breach was proved, and the order goes on.",
    f.Outcome.ENDS: "The breach was proved, and the order ended with it.",
}
TO_DECIDE = "Probation decides whether there was a reasonable excuse."
WARN_OR_REFER = "No warning counted then: the officer warns him or refers the matter."
NOT_CONFIRMED = "Nobody has confirmed the warnings with probation's own record."


@dataclass(frozen=True)
class Step:
    """One step: when, what in words, and the provision it rests on; empty where none."""

    on: date
    words: str
    source: str


def steps(
    order: f.Order, facts: Iterable[f.Fact], on: date, readings: Readings | None = None
) -> tuple[Step, ...]:
    """Every step up to a day, the first one first. Sessions he came to are left out."""
    known = Known(order, facts, on, readings or Readings())
    told = _Telling(known)
    return tuple(
        Step(fact.on, words, SOURCES[order.kind][provision])
        for fact in known.facts
        for words, provision in told.of(fact)
    )


def warnings_in_words(live: int, confirmed: f.WarningsConfirmed | None) -> str:
    """What is known of warnings. It never says that there is none where nobody confirmed it."""
    counted = {0: "No live warning", 1: "1 live warning"}.get(live, f"{live} live warnings")
    if confirmed is not None:
        return f"{counted}, as last confirmed by {confirmed.by} on {day_words(confirmed.on)}."
    return f"{counted} recorded here. {NOT_CONFIRMED}" if live else NOT_CONFIRMED


class _Telling:
    def __init__(self, known: Known) -> None:
        self._known, self._warnings = known, Warnings(known)

    def of(self, fact: f.Fact) -> Iterator[tuple[str, Provision]]:
        match fact:
            case f.TermsHeld():
                yield from self._terms(fact)
            case f.Session():
                yield from self._session(fact)
            case f.Decided():
                yield from self._decided(fact)
            case f.Warned():
                yield self._warned(fact), Provision.WARNING_SAYS
            case f.InformationLaid():
                yield from self._laid(fact)
            case f.Ended():
                early = fact.by is f.EndedBy.EARLY
                yield _ENDED[fact.by], Provision.EARLY_END if early else Provision.IN_FORCE
            case _:
                yield from _plain(fact)

    def _terms(self, fact: f.TermsHeld) -> Iterator[tuple[str, Provision]]:
        periods = " and ".join(f"{day_words(a)} to {day_words(b)}" for a, b in fact.periods)
        end = f" The order ends on {day_words(fact.last_day)}." if fact.last_day else ""
        yield f"Treatment is required from {periods}.{end}", Provision.REQUIREMENT

    def _session(self, session: f.Session) -> Iterator[tuple[str, Provision]]:
        if session is not self._known.sessions[session.key] or session.happened is None:
            return
        if session.happened in TOOK_PLACE and not session.described:
            return
        words = in_words(session.happened)
        if why := self._known.why_not(session):
            yield f"{words}. {why}", Provision.POLICY
        elif session.happened in TOOK_PLACE:
            yield f"{words}. What he did is described for probation.", Provision.REQUIREMENT
        else:
            yield f"{words}. {TO_DECIDE}", Provision.REQUIREMENT

    def _decided(self, decided: f.Decided) -> Iterator[tuple[str, Provision]]:
        session = self._known.sessions.get(decided.session)
        of = f"The session of {day_words(session.on)}: " if session else ""
        said = _SAID[decided.opinion]
        if decided.until is not None:
            said = f"{said} It may come until {day_words(decided.until)}."
        yield of + said, Provision.WARN_OR_REFER
        if session is None or not self._known.fails(decided) or self._known.why_not(session):
            return
        if bound := self._warnings.bound_by(decided, session):
            given = day_words(self._warnings.given_on(bound))
            yield (
                f"The warning of {given} counted, so the officer must refer the matter.",
                Provision.MUST_REFER,
            )
        else:
            yield WARN_OR_REFER, Provision.WARN_OR_REFER

    def _warned(self, warned: f.Warned) -> str:
        for_what = f" ({warned.requirement})" if warned.requirement else ""
        if fault := self._warnings.fault(warned):
            return f"Warning recorded{for_what}. {fault} It does not count."
        last = day_words(self._warnings.last_day(warned))
        return f"Warning recorded{for_what}. It counts until the end of {last}."

    def _laid(self, laid: f.InformationLaid) -> Iterator[tuple[str, Provision]]:
        if self._known.over(laid.on):
            yield "An information was laid after the order was over.", Provision.IN_FORCE
        else:
            yield "An information of the breach was laid before the court.", Provision.IN_FORCE


def _plain(fact: f.Fact) -> Iterator[tuple[str, Provision]]:
    match fact:
        case f.NoAction():
            yield "Probation recorded that nothing follows.", Provision.WARN_OR_REFER
        case f.WarningWithdrawn():
            yield "A warning was withdrawn.", Provision.WARNING_SAYS
        case f.Referred():
            yield "The matter was referred to an enforcement officer.", Provision.ENFORCEMENT
        case f.Concluded():
            yield _OUTCOMES[fact.outcome], Provision.COURT
        case f.Unwilling():
            yield (
                "He said that he is not willing any more. Nothing follows by itself.",
                (Provision.POLICY),
            )
        case f.WarningsConfirmed():
            yield f"Warnings confirmed by {fact.by}.", Provision.POLICY
