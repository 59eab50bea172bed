"""Filters of the worklists, and the forms of a task's page."""

from mhtr.cases.facts import CaseState
from mhtr.cases.standing_words import outside_state, state_text
from mhtr.core import clock
from mhtr.core.codes import lists
from mhtr.web.fields import HiddenField, Required, SelectField, TextAreaField
from mhtr.web.forms import FilterForm, Form

OWNERS = (("me", "Me"), ("team", "My team"))
DUE = (("overdue", "Overdue"), ("today", "By the end of today"), ("week", "Within seven days"))
AHEAD = (("today", "Today"), ("week", "Next seven days"), ("month", "Next 30 days"))
WAITING = (CaseState.REFERRED, CaseState.SCREENED)
BEFORE_RESULT = tuple(CaseState)[: tuple(CaseState).index(CaseState.SENTENCED_WITH_MHTR)]


class ListForm(FilterForm):
    """What a list may be narrowed to. Fields a list does not use are taken out of it."""

    about = SelectField("About", prompt="Anything", optional=False)
    owner = SelectField("Whose", choices=OWNERS, prompt="Everybody's", optional=False)
    due = SelectField("Due", choices=DUE, prompt="Any time", optional=False)
    court = SelectField("Court", prompt="Every court", optional=False)
    state = SelectField("Case", prompt="Any state", optional=False)

    def narrow(self, names: tuple[str, ...], *, hearings: bool, whose: str, clinical: bool) -> None:
        """Keep the fields this list uses, with the answers it offers.

        Outside the clinical record no state is offered that tells a recommendation before release.
        """
        states = WAITING if "unallocated_state" in names else BEFORE_RESULT
        if not clinical:
            states = tuple(state for state in states if outside_state(state) is state)
        kept = {name.removeprefix("unallocated_") for name in names}
        self.court.set_choices(lists.load("courts").choices(clock.today()))
        self.state.set_choices([(state.value, state_text(state)) for state in states])
        self.owner.prompt = whose
        if hearings:
            self.due.label.text = "When"
            self.due.prompt = "Next ten working days"
            self.due.set_choices(AHEAD)
            self.owner.set_choices((("me", "My cases"),))
        for name in [field.name for field in self]:
            if name not in kept:
                del self[name]


class OutcomeForm(Form):
    """What a clinician did about a sign of risk, and what happens next."""

    outcome = TextAreaField(
        "What you did and found",
        [Required("Say what you did")],
        hint="Who you spoke to, when, and what he said.",
        rows=4,
    )
    plan = TextAreaField(
        "The plan now",
        [Required("Say what the plan is")],
        hint="What happens next, who does it, and by when.",
        rows=4,
    )
    shown = HiddenField()
    """Which answer the page showed."""


class HandOverForm(Form):
    """Giving a task to another clinician."""

    to = SelectField("Hand over to", [Required("Select a clinician")])


class PlainForm(Form):
    """A button."""
