"""What in a man's scores a clinician should look at. Functions of values and dates.

Seven flags, each a rule anybody can check against the scores. None of them is a computed level of
risk, and none compares him with an expected course of treatment. A flag says that a score changed;
what that means is for the clinician and his supervisor. Its key names the day since which its rule
has held without a break, so that the same flag has the same key however often it is worked out,
and one that comes back later is another flag.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags.rules import Held, Identity, holding, key_of
from outcome_measures.flags.state import CaseMeasures, Flag, until


def flags(state: CaseMeasures) -> tuple[Flag, ...]:
    """The flags that hold, in the order of their kinds. The order of recording never matters."""
    found = holding(state)
    return _now(found, _since(state, found), state.today) if found else ()


def _since(state: CaseMeasures, found: Iterable[Identity]) -> dict[Identity, date]:
    """The first day of the unbroken time in which each of these has held, looking back."""
    since: dict[Identity, date] = {}
    left = set(found)
    for on in reversed(_days(state)):
        left &= _held_on(state, on).keys()
        if not left:
            break
        since.update(dict.fromkeys(left, on))
    return since


def _held_on(state: CaseMeasures, on: date) -> dict[Identity, Held]:
    return holding(until(state, on))


def _now(
    found: Mapping[Identity, Held], since: Mapping[Identity, date], today: date
) -> tuple[Flag, ...]:
    return tuple(
        _flag(identity, held, since.get(identity, today))
        for identity, held in sorted(found.items(), key=_place)
    )


def _flag(identity: Identity, held: Held, since: date) -> Flag:
    kind, instrument, _ = identity
    key = f"{key_of(identity)}:{since.isoformat()}"
    return Flag(
        kind, instrument or None, key, held.rule, held.reason, since,
        held.occasion_ref, held.contact_ref,
    )  # fmt: skip


def _days(state: CaseMeasures) -> list[date]:
    days = {point.on for point in state.points}
    days |= {contact.held_on for contact in state.contacts}
    return sorted(days | {answer.on for answer in state.risk_answers})


def _place(entry: tuple[Identity, object]) -> tuple[int, str, str]:
    (kind, instrument, more), _ = entry
    return (list(FlagKind).index(kind), instrument, more)
