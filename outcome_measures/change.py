"""What became of a man's scores, by the rules of NHS Talking Therapies for PHQ-9 and GAD-7.

Rules: the NHS Talking Therapies manual, with NHS England's public code and public code of a
provider agreeing. Cut-offs and reliable change are those of the instruments. A service for people
under a court order makes no return to Talking Therapies: say "calculated by the NHS Talking
Therapies rules".

Decision for each class. All are three-valued: yes, no, not classifiable.

- Completed course: yes if the episode has ended and there were two or more attended treatment
  contacts; no as soon as either is known not to hold; not classifiable while it could be either.
- Case at start: yes if either first score reaches its cut-off. Where a last score is lacking
  `at_caseness` says it from first scores alone, so that he stays in the denominator of recovery.
- Recovery: yes if he was a case at start and both last scores are below their cut-offs. A man who
  never was a case has not recovered, so it is "no" for him; but he is no part of the denominator
  of recovery, which is finished courses less those not at caseness (count on ``case_at_start``).
- Reliable improvement: yes if at least one measure improved reliably and neither got reliably
  worse. Its denominator is every finished course, cases at start or not.
- Reliable deterioration: the mirror of it, with the same denominator.
- No reliable change: everything else, also one measure reliably better and the other reliably
  worse.
- Reliable recovery: recovery and reliable improvement; its denominator is that of recovery.

A measure without two complete scores gives no classification: all but the first are then "not
classifiable", exactly then, and otherwise one and only one of the three reliable classes is yes.
None of them depends on whether the course is completed; until the episode has ended they are
interim.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from outcome_measures.definitions import Instrument
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9

CONTACTS_OF_A_COURSE = 2
"""Attended treatment contacts of a completed course; follow-up is not counted."""


class Tri(StrEnum):
    """Yes, no, or not classifiable."""

    YES = "Y"
    NO = "N"
    NA = "NA"

    @property
    def words(self) -> str:
        """As a clinician reads it."""
        return _TRI_WORDS[self]


_TRI_WORDS = {Tri.YES: "yes", Tri.NO: "no", Tri.NA: "not classifiable"}


class Change(StrEnum):
    """What a difference between two totals amounts to."""

    IMPROVED = "improved"
    DETERIORATED = "deteriorated"
    NONE = "none"


class NoRule(ValueError):
    """The instrument has no reliable change or cut-off that is published and verified."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The first and the last total of one measure, in points; from different occasions."""

    first: int
    last: int

    @property
    def drop(self) -> int:
        """Points from first to last; negative where the score rose."""
        return self.first - self.last


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of one episode and why. ``interim`` until the episode is known to be over."""

    completed_course: Tri
    case_at_start: Tri
    recovery: Tri
    reliable_improvement: Tri
    reliable_deterioration: Tri
    no_reliable_change: Tri
    reliable_recovery: Tri
    interim: bool
    reasons: tuple[str, ...]


def reliable(instrument: Instrument, totals: Totals) -> Change:
    """Whether the difference is more than measurement error, and which way.

    Raises ``NoRule`` where the instrument has no verified number of points for it.
    """
    rule = instrument.reliable_change
    if rule is None or not rule.source.verified:
        raise NoRule(f"{instrument.name} has no verified reliable change.")
    gain = totals.drop if instrument.lower_is_better else -totals.drop
    if gain >= rule.points:
        return Change.IMPROVED
    if gain <= -rule.points:
        return Change.DETERIORATED
    return Change.NONE


def is_case(instrument: Instrument, total: int) -> bool:
    """Whether a total reaches the cut-off. Raises ``NoRule`` without a verified one."""
    rule = instrument.caseness
    if rule is None or not rule.source.verified:
        raise NoRule(f"{instrument.name} has no verified cut-off.")
    return total >= rule.at_least


def completed_course(treatment_contacts: int | None, episode_ended: bool | None) -> Tri:
    """Whether the course is completed: ended, and at least two attended treatment contacts."""
    if episode_ended is False:
        return Tri.NO
    if treatment_contacts is not None and treatment_contacts < CONTACTS_OF_A_COURSE:
        return Tri.NO
    if episode_ended is None or treatment_contacts is None:
        return Tri.NA
    return Tri.YES


def at_caseness(phq_first: int | None, gad_first: int | None) -> Tri:
    """Whether he was a case by first scores alone, for the denominator of recovery.

    One score at its cut-off is enough; "no" needs both. With both scores it is ``case_at_start``.
    """
    known = [
        is_case(instrument, total)
        for instrument, total in ((PHQ9, phq_first), (GAD7, gad_first))
        if total is not None
    ]
    if any(known):
        return Tri.YES
    return Tri.NO if len(known) == 2 else Tri.NA


def classes(
    phq: Totals | None,
    gad: Totals | None,
    *,
    treatment_contacts: int | None,
    episode_ended: bool | None,
) -> Classes:
    """Classify one episode by the rules at the head of this module.

    Args:
        phq, gad: one pair for each measure, None where a measure has none.
        treatment_contacts: attended, without follow-up; None if not known.
        episode_ended: None if not known, which leaves the classes interim.
    """
    completed = completed_course(treatment_contacts, episode_ended)
    interim = episode_ended is not True
    reasons = _course_reasons(completed, treatment_contacts, episode_ended)
    if phq is None or gad is None:
        missing = [i.name for i, totals in ((PHQ9, phq), (GAD7, gad)) if totals is None]
        reasons.append(f"Not classifiable: no two complete scores of {' and '.join(missing)}.")
        unknown = (Tri.NA,) * 6
        return Classes(completed, *unknown, interim, tuple(reasons))
    start = at_caseness(phq.first, gad.first) is Tri.YES
    recovered = start and not is_case(PHQ9, phq.last) and not is_case(GAD7, gad.last)
    changes = {reliable(PHQ9, phq), reliable(GAD7, gad)}
    improved = changes - {Change.NONE} == {Change.IMPROVED}
    worse = changes - {Change.NONE} == {Change.DETERIORATED}
    reasons += [_case_reason(phq, gad, start, recovered), _change_reason(PHQ9, phq)]
    reasons += [_change_reason(GAD7, gad), _together(changes, improved, worse)]
    return Classes(
        completed_course=completed,
        case_at_start=_tri(start),
        recovery=_tri(recovered),
        reliable_improvement=_tri(improved),
        reliable_deterioration=_tri(worse),
        no_reliable_change=_tri(not improved and not worse),
        reliable_recovery=_tri(recovered and improved),
        interim=interim,
        reasons=tuple(reasons),
    )


def improved_on(count_of: int, changes: Sequence[Change | None]) -> Tri:
    """Whether at least so many of these measures improved reliably, as MHTR evaluations report.

    ``improved_on(1, ...)`` is "improved on at least one" and ``improved_on(2, three)`` "improved on
    at least two of three". Another measure that got worse does not count against it, unlike in
    `classes`: say which of the two is reported.

    Args:
        changes: one for each measure; None where a measure has no pair. It is "not classifiable"
            only while the measures without a pair could decide it.
    """
    improved = sum(change is Change.IMPROVED for change in changes)
    if improved >= count_of:
        return Tri.YES
    unknown = sum(change is None for change in changes)
    return Tri.NA if improved + unknown >= count_of else Tri.NO


def _tri(holds: bool) -> Tri:
    return Tri.YES if holds else Tri.NO


def _course_reasons(completed: Tri, contacts: int | None, ended: bool | None) -> list[str]:
    reasons = [_course_reason(completed, contacts, ended)]
    if ended is not True:
        reasons.append("The episode is not known to have ended, so the classes are interim.")
    return reasons


def _course_reason(completed: Tri, contacts: int | None, ended: bool | None) -> str:
    if completed is Tri.YES:
        return f"Completed course: ended, with {contacts} attended treatment contacts."
    if ended is False:
        return "Not a completed course: the episode has not ended."
    if completed is Tri.NO:
        return f"Not a completed course: fewer than {CONTACTS_OF_A_COURSE} treatment contacts."
    lacking = [
        name
        for name, value in (("its treatment contacts", contacts), ("whether it ended", ended))
        if value is None
    ]
    return f"Not known to be a completed course: {' and '.join(lacking)} not known."


def _case_reason(phq: Totals, gad: Totals, start: bool, recovered: bool) -> str:
    scores = f"first PHQ-9 {phq.first} and GAD-7 {gad.first}, last {phq.last} and {gad.last}"
    if not start:
        return f"Not a case at the start, so no recovery: {scores}."
    if recovered:
        return f"A case at the start and below both cut-offs at the last scores: {scores}."
    return f"A case at the start and still at a cut-off at the last scores: {scores}."


def _change_reason(instrument: Instrument, totals: Totals) -> str:
    change = reliable(instrument, totals)
    verb = {
        Change.IMPROVED: "a reliable improvement",
        Change.DETERIORATED: "a reliable deterioration",
        Change.NONE: "no reliable change",
    }[change]
    rule = instrument.reliable_change
    needed = f"{rule.points} points are needed" if rule else "no rule"
    return f"{instrument.name} went from {totals.first} to {totals.last}: {verb} ({needed})."


def _together(changes: set[Change], improved: bool, worse: bool) -> str:
    if improved:
        return "At least one measure improved reliably and neither got reliably worse."
    if worse:
        return "At least one measure got reliably worse and neither improved reliably."
    if len(changes) > 1:
        return "One measure improved reliably and the other got reliably worse: no reliable change."
    return "Neither measure changed reliably."
