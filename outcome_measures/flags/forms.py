"""Responding to a flag, and what the list of flags may be narrowed to."""

from mhtr.web.fields import RadioField, Required, SelectField, TextAreaField
from mhtr.web.forms import FilterForm, Form
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags.reading import FlagState
from outcome_measures.flags.words import KIND_WORDS

STATES = (
    (FlagState.RESPONDED.value, "Responded to"),
    (FlagState.ENDED.value, "Ended without a response"),
)
KINDS = tuple((kind.value, words) for kind, words in KIND_WORDS.items())


class ResponseForm(Form):
    """What was decided about a flag."""

    response = TextAreaField(
        "What was decided",
        [Required("Say what was decided")],
        hint="What you make of it, what changes in his treatment, who does it and by when.",
        rows=4,
    )
    in_supervision = RadioField(
        "Taken up in supervision?",
        [Required("Say whether it was taken up in supervision")],
        choices=(("yes", "Yes"), ("no", "No")),
    )


class SupervisionForm(FilterForm):
    """Narrows the supervision list."""

    state = SelectField("Show", choices=STATES, prompt="Waiting for a response", optional=False)
    kind = SelectField("Flag", choices=KINDS, prompt="Every kind", optional=False)
    assessor = SelectField("Assessor", prompt="Everybody", optional=False)

    @property
    def asked_kind(self) -> FlagKind | None:
        """The kind asked for."""
        return FlagKind(self.kind.data) if self.kind.data else None

    @property
    def asked_state(self) -> FlagState:
        """The state asked for; waiting ones unless another is."""
        return FlagState(self.state.data) if self.state.data else FlagState.WAITING
