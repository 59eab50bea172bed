"""Who may propose another therapist, who may answer, and when everybody has agreed.

Nobody answers in two roles, but for a therapist who is the only registered clinical lead of the
trust: he answers in both, and the record says so.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sessions.therapists.kinds import PARTY_WORDS, Absence, Answer, Party

FURTHEST = timedelta(days=180)
"""How far ahead a change can be proposed for."""
PROPOSERS = "Only his therapist, a clinical lead or an administrator of the trust proposes it."
NOT_HELD = "His first session was not held yet: change the therapist on the course itself."
NOBODY = "Nobody is named as his therapist. Name one on the course itself."
OPEN = "A change of his therapist is proposed already."
SAME = "This is his therapist already. Select another."
PAST = "The change can be from today on."
TOO_FAR = "The change can be half a year ahead at most."
OVER = "This proposal is not open any more. Look at what became of it."
ANSWERED = "This answer is recorded already."
NOT_THERAPIST = "Only his therapist answers as such."
NOT_LEAD = "Only a clinical lead of the trust whose registration was checked in time answers."
SECOND_LEAD = (
    "You answer as his therapist. Another clinical lead of the trust answers as such; you would "
    "answer in both roles only where there is no other."
)
NO_CLINICIAN = "Only a clinician of the trust records what he said."
THERE = "His therapist is neither gone nor on long leave: he or she answers."
WHO_NOTES = "Only a clinical lead or an administrator of the trust records that."
WITHDRAWERS = "Only who proposed it, or a clinical lead of the trust, withdraws it."
EARLY = "He was asked before the change was proposed. Enter the day on which he was asked about it."
LATE = "The day on which he was asked lies in the future."


@dataclass(frozen=True)
class Who:
    """Somebody who wants to do something about a proposal."""

    staff_id: int
    of_trust: bool
    clinician: bool = False
    lead: bool = False
    registered: bool = False
    """His registration as a psychologist was checked in time."""
    administrator: bool = False


@dataclass(frozen=True)
class Given:
    """One answer to a proposal."""

    party: Party
    answer: Answer
    by_id: int


def waits_for(given: Iterable[Given]) -> tuple[Party, ...]:
    """Whose answers are wanted still, in the order in which they are named."""
    answered = {one.party for one in given}
    return tuple(party for party in Party if party not in answered)


def everybody_agreed(given: Collection[Given]) -> bool:
    """Whether the therapist (unless he is not there), a lead and he himself agreed."""
    agreed = {one.party for one in given if one.answer is Answer.AGREES}
    not_there = {one.party for one in given if one.answer is Answer.NOT_THERE}
    return agreed | (not_there & {Party.THERAPIST}) == set(Party)


def waits_words(parties: Collection[Party]) -> str:
    """Whose answers are wanted: `his therapist, a clinical lead and him`."""
    words = [PARTY_WORDS[one] for one in Party if one in parties]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def may_propose(who: Who, therapist_id: int | None) -> bool:
    """Whether this is somebody who proposes another therapist."""
    own = who.clinician and who.staff_id == therapist_id
    return who.of_trust and (own or who.lead or who.administrator)


def cannot_propose(
    who: Who,
    *,
    therapist_id: int | None,
    to_id: int,
    held: bool,
    is_open: bool,
    starts_on: date,
    today: date,
) -> tuple[str, ...]:
    """Every reason why this cannot be proposed; empty where it can.

    Args:
        held: a session of the course took place, so far as is recorded.
        is_open: another proposal of the course is.
    """
    found = []
    if not may_propose(who, therapist_id):
        found.append(PROPOSERS)
    if therapist_id is None:
        found.append(NOBODY)
    elif not held:
        found.append(NOT_HELD)
    if is_open:
        found.append(OPEN)
    if to_id == therapist_id:
        found.append(SAME)
    if starts_on < today:
        found.append(PAST)
    if starts_on > today + FURTHEST:
        found.append(TOO_FAR)
    return tuple(found)


def cannot_answer(
    party: Party,
    who: Who,
    *,
    therapist_id: int,
    given: Collection[Given],
    other_leads: bool,
) -> tuple[str, ...]:
    """Every reason why somebody cannot give or record this answer; empty where he can.

    Args:
        therapist_id: whom the proposal is about to replace.
        other_leads: another registered lead of the trust may see the case.
    """
    if any(one.party is party for one in given):
        return (ANSWERED,)
    if party is Party.THERAPIST:
        return () if who.staff_id == therapist_id and who.clinician else (NOT_THERAPIST,)
    if party is Party.HIM:
        return () if who.of_trust and who.clinician else (NO_CLINICIAN,)
    if not (who.of_trust and who.lead and who.registered):
        return (NOT_LEAD,)
    return (SECOND_LEAD,) if who.staff_id == therapist_id and other_leads else ()


def in_both_roles(party: Party, who_id: int, therapist_id: int) -> bool:
    """Whether a therapist answers as the lead, which the record then says."""
    return party is Party.LEAD and who_id == therapist_id


def cannot_note_absence(
    who: Who, absence: Absence | None, given: Collection[Given]
) -> tuple[str, ...]:
    """Why nobody may record that the therapist is not there; empty where somebody may."""
    if any(one.party is Party.THERAPIST for one in given):
        return (ANSWERED,)
    if absence is None:
        return (THERE,)
    return () if who.of_trust and (who.lead or who.administrator) else (WHO_NOTES,)


def cannot_withdraw(who: Who, proposed_by: int) -> tuple[str, ...]:
    """Why somebody may not withdraw a proposal; empty where he may."""
    own = who.staff_id == proposed_by
    return () if own or (who.of_trust and who.lead) else (WITHDRAWERS,)


def wrong_day(asked_on: date, proposed_on: date, today: date) -> str:
    """What is wrong with the day on which he was asked; empty where nothing is."""
    if asked_on < proposed_on:
        return EARLY
    return LATE if asked_on > today else ""


def absence_of(
    *, left: bool, shut_out: bool, leave: Iterable[tuple[date, date]], today: date, long_days: int
) -> Absence | None:
    """Why a therapist cannot be asked today; None where he or she can.

    Leave that follows on from leave, at most a weekend later, counts as one stretch.

    Args:
        left: cannot sign in any more, works elsewhere, or is no clinician now.
        shut_out: may not see the record of the man.
        leave: first and last day of each leave.
        long_days: how long a leave is that is long.
    """
    if left:
        return Absence.LEFT
    if shut_out:
        return Absence.SHUT_OUT
    stretches: list[tuple[date, date]] = []
    for first, last in sorted(leave):
        if stretches and first <= stretches[-1][1] + timedelta(days=3):
            stretches[-1] = stretches[-1][0], max(last, stretches[-1][1])
        else:
            stretches.append((first, last))
    for first, last in stretches:
        if first <= today <= last and (last - first).days + 1 >= long_days:
            return Absence.LONG_LEAVE
    return None
