"""Where an order stands, in words for who treats him: what it means for the work with him."""

from collections.abc import Mapping
from datetime import date

from mhtr.cases.wording import day_words
from mhtr.compliance.standing.facts import Order, Outcome
from mhtr.compliance.standing.for_service import AtCourt, ForService, GivenToHim, Missed, Stands
from mhtr.compliance.standing.provisions import SOURCES, Provision

STANDS_WORDS: Mapping[Stands, str] = {
    Stands.NOT_BEGUN: "Treatment is not required yet",
    Stands.IN_FORCE: "In force",
    Stands.WARNED: "In force, with a warning about his sessions",
    Stands.SUPERVISION_OVER: "Supervision is over",
    Stands.OVER: "Over",
    Stands.COURT: "Before the court because of his sessions",
}
COLOURS: Mapping[Stands, str] = {
    Stands.NOT_BEGUN: "grey",
    Stands.IN_FORCE: "green",
    Stands.WARNED: "yellow",
    Stands.SUPERVISION_OVER: "grey",
    Stands.OVER: "grey",
    Stands.COURT: "purple",
}
MEANS: Mapping[Stands, tuple[str, ...]] = {
    Stands.NOT_BEGUN: (
        "No period of the treatment requirement has begun. What you offer him before it is "
        "voluntary, and nothing of it can count against him.",
    ),
    Stands.IN_FORCE: (
        "Go on as planned. After each session, record what happened; before the next, that he was "
        "told of it.",
    ),
    Stands.WARNED: (
        "Go on with the treatment as before.",
        "Ask him what would make it easier to come, and tell whoever books: place, time, telephone "
        "in place of the clinic.",
        "Make sure that it is on record how he was told of the next session.",
    ),
    Stands.SUPERVISION_OVER: (
        "No session is required any more and none can be failed. What you still offer him is "
        "voluntary.",
    ),
    Stands.OVER: (
        "No session is required any more and none can be failed. What you still offer him is "
        "voluntary.",
    ),
    Stands.COURT: (
        "Go on with the treatment: his sessions stay required unless the court says otherwise.",
        "Ask him how he is. What it means to him is your work; the case against him is not.",
        "If the court or probation asks you for anything, ask your clinical lead first.",
    ),
}
NOTHING_ISSUED = (
    "Nothing was issued about it. Whether there was a reasonable excuse is for probation to say."
)
_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.NOT_PURSUED: "The matter did not go on",
    Outcome.NOT_PROVED: "The court did not find it proved: the treatment goes on",
    Outcome.WITHDRAWN: "It was withdrawn: the treatment goes on",
    Outcome.CONTINUES: "The court found it proved, and the order goes on: so does the treatment. "
    "If the court changed the order, the change stands under Orders",
    Outcome.ENDS: "The court found it proved, and the order ended with it: treatment is not "
    "required any more",
}
LAID = "Probation took it to court: an information was laid"


def must_be_referred(order: Order, found: ForService) -> tuple[str, str] | None:
    """What the law asks while a warning counts, and where it says so; None where none counts."""
    if found.counts_until is None:
        return None
    words = (
        "While it counts, probation must refer a further failure without reasonable excuse to an "
        f"enforcement officer. It counts until the end of {day_words(found.counts_until)}."
    )
    return words, SOURCES[order.kind][Provision.MUST_REFER]


def missed_words(missed: Missed, on: date) -> tuple[str, ...]:
    """What was issued of a session, or that nothing was, or why it does not count."""
    if missed.warned:
        return tuple(_warned(one, on) for one in missed.warned)
    return (missed.never or NOTHING_ISSUED,)


def _warned(given: GivenToHim, on: date) -> str:
    said = f"Probation warned him because of it on {day_words(given.on)}."
    if given.withdrawn_on is not None:
        withdrawn = day_words(given.withdrawn_on)
        return f"{said} It was withdrawn on {withdrawn}: it is as if it had never been given."
    if given.last_day is None:
        return f"{said} As it is recorded it does not count."
    last = day_words(given.last_day)
    return f"{said} It {'counts' if on <= given.last_day else 'counted'} until the end of {last}."


def court_words(step: AtCourt) -> str:
    """What happened at court, in a sentence."""
    return f"{LAID if step.outcome is None else _OUTCOMES[step.outcome]}."
