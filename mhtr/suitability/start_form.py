"""The form that starts an assessment, with a box where a colleague has the case."""

from mhtr.cases.models import Case
from mhtr.suitability.assessment_queries import staff_name
from mhtr.web.fields import CheckboxesField
from mhtr.web.forms import Form

UNSAID = "Tick that you take the case over, or leave it to {name}"


class StartForm(Form):
    """Asks before the work on a colleague's case begins."""

    takes = CheckboxesField("Take it over", optional=False)
    """A tick names the colleague it was put for: after a change to a third one it is asked anew."""

    def offer(self, case: Case, staff_id: int) -> None:
        """Put the box, where the case is a colleague's."""
        self.takes.set_choices([])
        if case.assessor_id not in (None, staff_id):
            name = staff_name(case.assessor_id)
            self.takes.label.text = f"{name} has this case: take it over?"
            words = f"Yes. The case and its report become mine, and {name} is told"
            self.takes.set_choices([(str(case.assessor_id), words)])

    def ask(self, case: Case, staff_id: int) -> None:
        """Show the box not ticked, and say what is missing."""
        self.offer(case, staff_id)
        self.takes.data, self.takes.raw_data = [], None
        if case.assessor_id is not None:
            self.takes.errors = [UNSAID.format(name=staff_name(case.assessor_id))]

    @property
    def taking_from(self) -> int | None:
        """The colleague whose box was ticked."""
        sent = [value for value in self.takes.data or [] if value.isdecimal()]
        return int(sent[0]) if sent else None
