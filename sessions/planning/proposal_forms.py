"""Forms of proposals: what is asked, and which parts are booked or taken back."""

from collections.abc import Mapping
from typing import Any

from mhtr.web.fields import (
    CheckboxesField,
    DatePartsField,
    IntegerField,
    Required,
    SelectField,
)
from mhtr.web.forms import Form, OneOfSeveral
from sessions.planning.kinds import ProposalKind

KIND_WORDS: Mapping[ProposalKind, str] = {
    ProposalKind.AWAY: "A therapist is away",
    ProposalKind.WAITING: "Plan everyone who is waiting",
    ProposalKind.ROOM: "A room or place cannot be used",
    ProposalKind.JOINS: "A therapist joins",
}
SECONDS = 60
_ASKED: Mapping[ProposalKind, frozenset[str]] = {
    ProposalKind.AWAY: frozenset({"clinician", "first", "last"}),
    ProposalKind.WAITING: frozenset(),
    ProposalKind.ROOM: frozenset({"room", "first", "last"}),
    ProposalKind.JOINS: frozenset({"clinician"}),
}


class ProposalForm(Form):
    """What the planner is asked; only the fields that belong to its kind."""

    clinician = SelectField(
        "Which therapist?", [Required("Select a therapist")], prompt="Select a therapist"
    )
    room = SelectField(
        "Which room or place?", [Required("Select a room or place")], prompt="Select a room"
    )
    first = DatePartsField("First day", [Required("Enter the first day")])
    last = DatePartsField("Last day", [Required("Enter the last day")])
    seconds = IntegerField(
        "Time limit in seconds",
        [Required("Enter a time limit")],
        width=3,
        hint="From 5 to 300. A longer time can find a better plan.",
    )

    def __init__(self, kind: ProposalKind, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("clinician", "room", "first", "last"):
            if name not in _ASKED[kind]:
                del self[name]


class StopForm(Form):
    """Cancels what is being worked out."""


class ApplyForm(OneOfSeveral):
    """Which men's sessions are booked as proposed."""

    parts = CheckboxesField("Whose sessions?", [Required("Tick at least one man")])


class UndoForm(OneOfSeveral):
    """Whose are taken back."""

    applied = CheckboxesField("Whose sessions are taken back?", [Required("Tick at least one man")])
