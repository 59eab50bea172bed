"""A case's state as a short label with a colour, for lists and banners."""

from mhtr.cases.facts import CaseState
from mhtr.cases.wording import STATE_WORDS

NOT_YET_RELEASED = frozenset(
    {
        CaseState.SUITABLE,
        CaseState.SUITABLE_NOT_READY,
        CaseState.UNSUITABLE,
        CaseState.DECLINED,
        CaseState.COUNTERSIGNED,
    }
)
"""States that would tell what a report says before it is released."""

WITH_LEAD = "With the clinical lead"
"""What probation reads of the report it asked for between being assessed and released."""

COLOURS = {
    CaseState.REFERRED: "blue",
    CaseState.SCREENED: "blue",
    CaseState.ASSESSING: "aqua-green",
    CaseState.SUITABLE: "green",
    CaseState.SUITABLE_NOT_READY: "yellow",
    CaseState.UNSUITABLE: "orange",
    CaseState.DECLINED: "grey",
    CaseState.COUNTERSIGNED: "green",
    CaseState.RELEASED: "green",
    CaseState.AWAITING_RESULT: "yellow",
    CaseState.SENTENCED_WITH_MHTR: "purple",
}


def state_text(state: CaseState) -> str:
    """The state in words, beginning with a capital letter."""
    words = STATE_WORDS[state]
    return words[:1].upper() + words[1:]


def outside_state(state: CaseState) -> CaseState:
    """The state as those who see no clinical record may know it: no recommendation in it."""
    return CaseState.ASSESSING if state in NOT_YET_RELEASED else state


def states_behind(state: CaseState, *, clinical: bool) -> frozenset[CaseState]:
    """The states a filter for `state` stands for; empty where the viewer may not ask for it.

    Asked for outside the clinical record, a state that tells a recommendation finds nothing, and
    the one that stands for all of them finds them all.
    """
    if clinical:
        return frozenset({state})
    return frozenset(each for each in CaseState if outside_state(each) is state)


def state_colour(state: CaseState) -> str:
    """The tag colour of a state; words always stand beside it."""
    return COLOURS.get(state, "grey")
