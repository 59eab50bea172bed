"""Where an order stands, in words for probation."""

from collections.abc import Mapping

from mhtr.compliance.standing.fold import State

STATE_WORDS: Mapping[State, str] = {
    State.NOT_BEGUN: "Treatment is not required yet",
    State.IN_FORCE: "In force",
    State.WARNED: "In force, with a live warning",
    State.TO_DECIDE: "Waits for your decision",
    State.TO_ACT: "Not accepted: warn or refer",
    State.MUST_REFER: "Must be referred",
    State.REFERRED: "Referred to an enforcement officer",
    State.SUPERVISION_OVER: "Supervision is over",
    State.OVER: "Over",
    State.PROCEEDINGS: "Before the court",
}
STATE_MEANS: Mapping[State, str] = {
    State.NOT_BEGUN: "No period of the treatment requirement has begun.",
    State.IN_FORCE: "Nothing waits for you in what is recorded here.",
    State.WARNED: "A further failure without reasonable excuse must be referred while it counts.",
    State.TO_DECIDE: "Whether there was a reasonable excuse is for you to say, one at a time.",
    State.TO_ACT: "You hold that there was no reasonable excuse: you warn him, or refer the matter "
    "to an enforcement officer. The program does neither.",
    State.MUST_REFER: "A warning counted when you formed your opinion, so the law asks for a "
    "referral to an enforcement officer. This is information: the program refers nobody.",
    State.REFERRED: "The matter is with an enforcement officer.",
    State.SUPERVISION_OVER: "Only the operational period of the suspended sentence still runs.",
    State.OVER: "Nothing of it can be failed any more.",
    State.PROCEEDINGS: "An information was laid and the court has not decided.",
}
COLOURS: Mapping[State, str] = {
    State.NOT_BEGUN: "grey",
    State.IN_FORCE: "green",
    State.WARNED: "yellow",
    State.TO_DECIDE: "orange",
    State.TO_ACT: "orange",
    State.MUST_REFER: "red",
    State.REFERRED: "purple",
    State.SUPERVISION_OVER: "grey",
    State.OVER: "grey",
    State.PROCEEDINGS: "purple",
}
