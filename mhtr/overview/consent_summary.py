"""What he has agreed to, in a few words an item."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentEvent, ConsentItem

ITEM_WORDS = {
    ConsentItem.ASSESSMENT: "Assessment and report",
    ConsentItem.TREATMENT: "Treatment",
    ConsentItem.GP: "Telling his GP",
    ConsentItem.LINK_WORKER: "Link worker",
    ConsentItem.SHARING_MORE: "Telling probation more",
}
DECISION_WORDS = {
    ConsentDecision.GIVEN: "agreed",
    ConsentDecision.REFUSED: "refused",
    ConsentDecision.WITHDRAWN: "withdrawn",
}
COLOURS = {
    ConsentDecision.GIVEN: "green",
    ConsentDecision.REFUSED: "orange",
    ConsentDecision.WITHDRAWN: "red",
}


@dataclass(frozen=True)
class Agreed:
    """One item: what he said last, or that he was not asked."""

    item: str
    words: str
    colour: str
    at: datetime | None


def summary(events: Iterable[ConsentEvent]) -> list[Agreed]:
    """Every item, asked or not."""
    held = consent.latest(events)
    found = []
    for item, words in ITEM_WORDS.items():
        event = held.get(item)
        if event is None:
            found.append(Agreed(words, "not asked", "grey", None))
        else:
            decision = event.decision
            found.append(Agreed(words, DECISION_WORDS[decision], COLOURS[decision], event.at))
    return found
