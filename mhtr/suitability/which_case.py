"""Which of a man's cases a request is about, and when whoever asks has to say so.

A man can be prosecuted twice at once, at two courts or by two teams: a CRN names the man, never
the prosecution. Nothing that is on record for another hearing is taken, moved or overwritten on
the strength of the CRN alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Prosecution(StrEnum):
    """What whoever asks says of a report that has been asked for already."""

    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True)
class OnRecord:
    """One case of his before sentence. `court_code` is empty, `hearing_on` None while unknown."""

    case_id: int
    court_code: str
    hearing_on: date | None
    hers: bool
    """Her team has asked for its report."""
    others: bool
    """Another team has."""
    to_come: bool = False
    """The hearing on record is still to come: a request for another does not say that it moved."""


def choose(cases: Sequence[OnRecord], court_code: str, on: date | None) -> OnRecord | None:
    """The case a request for this hearing is about; None: none of them, so one of its own.

    Args:
        cases: those of exactly this man, newest first.
    """
    ranked = sorted(cases, key=lambda case: _rank(case, court_code, on))
    if not ranked:
        return None
    first = ranked[0]
    if _rank(first, court_code, on) == _ANY and (len(ranked) > 1 or first.to_come):
        return None  # nobody has asked about it, and it waits for another court: not hers to move
    return first


_ANY = 7


def _rank(case: OnRecord, court_code: str, on: date | None) -> int:
    here, exact = case.court_code == court_code, _same_hearing(case, court_code, on)
    ranks = (
        exact and not case.others,
        here and case.hers,
        exact,
        here and not case.others,
        not case.court_code and not case.hers and not case.others,
        case.hers,
        case.others,
    )
    return next((rank for rank, fits in enumerate(ranks) if fits), _ANY)


def hers_like(
    cases: Sequence[OnRecord], chosen: OnRecord, court_code: str, on: date | None
) -> tuple[OnRecord, ...]:
    """The cases of her own team between which her words do not tell; empty where they do."""
    rank = _rank(chosen, court_code, on)
    if not chosen.hers or _same_hearing(chosen, court_code, on):
        return ()
    alike = tuple(case for case in cases if case.hers and _rank(case, court_code, on) == rank)
    return alike if len(alike) > 1 else ()


def may_be_another(case: OnRecord, court_code: str, on: date | None) -> bool:
    """Whether a request for this hearing may be about another prosecution than this case.

    It is asked only where a team has asked for a report: nobody else's case is told of.
    """
    if case.others:
        return not _same_hearing(case, court_code, on)
    if not case.hers:
        return False
    # One with a day and one without may be about two hearings: her words do not tell.
    return case.hearing_on != on or case.court_code not in ("", court_code)


def _same_hearing(case: OnRecord, court_code: str, on: date | None) -> bool:
    return on is not None and (case.court_code, case.hearing_on) == (court_code, on)
