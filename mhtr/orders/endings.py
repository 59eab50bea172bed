"""How an order ends before its terms say, and what has to be true of it."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from mhtr.cases.wording import day_words
from mhtr.orders.terms import OrderKind, Terms

EARLY_END_FROM = date(2026, 5, 11)
"""Supervision ends early from this day: Sentencing Act 2026 ss.38-39, SI 2026/402 reg 2."""


class HowEnded(StrEnum):
    """What ended it."""

    EARLY_END = "early_end"
    REVOKED = "revoked"
    ACTIVATED = "activated"
    RESENTENCED = "resentenced"
    LEFT_THE_AREA = "left_the_area"
    DIED = "died"
    SENTENCE_TAKEN_BACK = "sentence_taken_back"
    BY_MISTAKE = "by_mistake"


ENDED_WORDS: Mapping[HowEnded, str] = {
    HowEnded.EARLY_END: "The responsible officer ended supervision early",
    HowEnded.REVOKED: "The court revoked the order",
    HowEnded.ACTIVATED: "The court activated the suspended sentence",
    HowEnded.RESENTENCED: "The court sentenced him anew",
    HowEnded.LEFT_THE_AREA: "The order was transferred to another service",
    HowEnded.DIED: "He died",
    HowEnded.SENTENCE_TAKEN_BACK: "The court’s result was taken back",
    HowEnded.BY_MISTAKE: "The order was recorded by mistake",
}
BY_HAND = tuple(how for how in HowEnded if how not in (HowEnded.DIED, HowEnded.SENTENCE_TAKEN_BACK))
"""Those a person records; the others follow from what else is recorded."""
BY_THE_COURT = frozenset({HowEnded.REVOKED, HowEnded.ACTIVATED, HowEnded.RESENTENCED})
NEVER_WAS = frozenset({HowEnded.SENTENCE_TAKEN_BACK, HowEnded.BY_MISTAKE})
"""There was no such order: nothing is counted from it."""


def objections(
    how: HowEnded, on: date, terms: Terms, today: date, *, court_reviews: bool
) -> tuple[str, ...]:
    """Why an order cannot have ended so on that day, in words; empty where it can."""
    found = []
    if on > today:
        found.append("The day on which it ended cannot be in the future.")
    if on < terms.made_on:
        found.append(f"The order was made on {day_words(terms.made_on)}, after that day.")
    last = _last_for(how, terms)
    if last is not None and on > last:
        found.append(f"The order was over by {day_words(last)} as it stands.")
    if how is HowEnded.ACTIVATED and terms.kind is not OrderKind.SUSPENDED:
        found.append("Only a suspended sentence can be activated.")
    if how is HowEnded.EARLY_END:
        found += _early_end(on, court_reviews=court_reviews)
    return tuple(found)


def _last_for(how: HowEnded, terms: Terms) -> date | None:
    """The last day on which it can end so: a term is activated in its operational period."""
    if how in NEVER_WAS:
        return None
    if how in BY_THE_COURT and terms.operational_last_day is not None:
        return terms.operational_last_day
    return terms.last_day


def _early_end(on: date, *, court_reviews: bool) -> list[str]:
    found = []
    if on < EARLY_END_FROM:
        day = day_words(EARLY_END_FROM)
        found.append(f"Supervision can end early only from {day} (Sentencing Act 2026 ss.38–39).")
    if court_reviews:
        found.append(
            "The court reviews this order, so supervision does not end early "
            "(Sentencing Act 2026 ss.38–39)."
        )
    return found
