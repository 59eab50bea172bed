"""Which instruments may be used: installed, switched on by the service, nothing left to sign."""

from collections.abc import Mapping
from datetime import date

from mhtr.core import policy
from outcome_measures.definitions import Instrument
from outcome_measures.policy import EACH_SESSION, NEVER, WHEN
from outcome_measures.signing.rules import waiting_for
from outcome_measures.signing.service import all_in_force


def offered(on: date | None = None) -> Mapping[str, Instrument]:
    """The instruments that may be asked on a day (today unless given), by id, rules as signed.

    One that the service never asks is not among them, nor one whose words or risk questions
    nobody has verified.
    """
    when = policy.in_force(*WHEN.values(), on=on)
    return {
        name: instrument
        for name, instrument in all_in_force().items()
        if when[WHEN[name].key] != NEVER and not waiting_for(instrument)
    }


def asked_each_time() -> tuple[str, ...]:
    """The ids of those asked at every treatment session: what a new contact begins with."""
    when = policy.in_force(*WHEN.values())
    return tuple(name for name in offered() if when[WHEN[name].key] == EACH_SESSION)
